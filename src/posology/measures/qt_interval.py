"""QT interval corrected for heart rate by four published formulas. Sets no limit; reads no tracing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from posology.measures.settle import refuse_outside, settle

QT_MS = (Decimal(200), Decimal(800))
HEART_RATE = (Decimal(20), Decimal(300))


class Correction(StrEnum):
    """How QT was corrected; a QTc whose correction is not known decides nothing."""

    BAZETT = "bazett"
    FRIDERICIA = "fridericia"
    FRAMINGHAM = "framingham"
    HODGES = "hodges"


def _rr_s(heart_rate: Decimal) -> Decimal:
    return 60 / heart_rate


def _bazett(qt: Decimal, heart_rate: Decimal) -> Decimal:
    return qt / _rr_s(heart_rate).sqrt()


def _fridericia(qt: Decimal, heart_rate: Decimal) -> Decimal:
    return qt / _rr_s(heart_rate) ** (Decimal(1) / 3)


def _framingham(qt: Decimal, heart_rate: Decimal) -> Decimal:
    return qt + 154 * (1 - _rr_s(heart_rate))


def _hodges(qt: Decimal, heart_rate: Decimal) -> Decimal:
    return qt + Decimal("1.75") * (heart_rate - 60)


_CORRECTIONS: Mapping[Correction, Callable[[Decimal, Decimal], Decimal]] = MappingProxyType(
    {
        Correction.BAZETT: _bazett,
        Correction.FRIDERICIA: _fridericia,
        Correction.FRAMINGHAM: _framingham,
        Correction.HODGES: _hodges,
    }
)


def _named(formula: str) -> Correction:
    try:
        return Correction(formula)
    except ValueError:
        raise ValueError(f"QTc formula {formula[:40]!a} unknown: use one of {', '.join(Correction)}") from None


def qtc(qt: Decimal, heart_rate: Decimal, formula: str) -> Decimal:
    """Corrected QT in ms, half-up to one decimal, from QT (ms) and heart rate (/min).

    `formula` is one of `Correction`. Raises `Implausible` outside 200-800 ms and 20-300 /min, and ValueError for an
    unknown formula.
    """
    seconds = "seconds entered as milliseconds" if qt.is_finite() and qt < 1 else ""
    refuse_outside("QT", qt, QT_MS, "ms", seconds)
    refuse_outside("heart rate", heart_rate, HEART_RATE, "/min", "")
    correct = _CORRECTIONS[_named(formula)]
    return settle(lambda: correct(qt, heart_rate), places=1)
