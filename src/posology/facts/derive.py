"""Facts computed from facts: plain arithmetic by name. An unknown part leaves the whole unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from posology.language import Value
from posology.measures import Implausible, SexNeeded, belong_together, bsa, corrected_calcium, percent_change, qtc

Known = Mapping[str, Value | None]


def derive(how: str, of: tuple[str, ...], known: Known, formula: str) -> Value | None:
    """One derived fact, or None where a part is unknown or implausible."""
    values = [known.get(name) for name in of]
    if how == "qtcf":
        return _qtcf(values)
    if how == "positive":
        return _positive(values)
    if any(not isinstance(value, Decimal) for value in values):
        return None
    if how == "bsa":
        sex = known.get("sex")
        return _bsa(values, formula, str(sex) if sex else None)
    try:
        return ARITHMETIC[how](*values)
    except ValueError:
        return None


def _positive(values: list[Value | None]) -> Value | None:
    """As documented, or by a share above zero; None where neither is known, or where the two disagree."""
    documented, share = values
    measured = share > 0 if isinstance(share, Decimal) else None
    if documented is None or measured is None:
        return measured if documented is None else documented
    return documented if documented is measured else None


def _qtcf(values: list[Value | None]) -> Value | None:
    """As reported, else by Fridericia from QT (ms) and heart rate (/min)."""
    reported, qt, rate = values
    if isinstance(reported, Decimal):
        return reported
    if not isinstance(qt, Decimal) or not isinstance(rate, Decimal):
        return None
    try:
        return qtc(qt, rate, "fridericia")
    except Implausible:
        return None


def _bsa(values: list[Value | None], formula: str, sex: str | None) -> Value | None:
    height, weight = values
    assert isinstance(height, Decimal) and isinstance(weight, Decimal)
    if not belong_together(height, weight):
        return None
    try:
        return bsa(height, weight, formula, sex)
    except (Implausible, SexNeeded):
        return None


def _loss(now: Decimal, before: Decimal) -> Decimal:
    return -percent_change(now, before)


def _difference(now: Decimal, before: Decimal) -> Decimal:
    return now - before


def _is_zero(value: Decimal) -> bool:
    return value == 0


ARITHMETIC: Mapping[str, Callable[..., Value]] = {
    "percent_change": percent_change,
    "percent_loss": _loss,
    "difference": _difference,
    "is_zero": _is_zero,
    "corrected_calcium": corrected_calcium,
}
