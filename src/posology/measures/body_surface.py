"""Body surface area by six published formulas. Caps nothing, idealises nothing, and prefers no formula."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from posology.measures.settle import refuse_outside, settle

HEIGHT_CM = (Decimal(45), Decimal(230))
WEIGHT_KG = (Decimal(2), Decimal(400))
KG_PER_M2 = (Decimal(10), Decimal(80))
"""Between these bounds of weight over height squared lie all bodies, from one year of age on: policy `body_size`."""


class Formula(StrEnum):
    """Which equation; the order's own one is recorded and kept."""

    MOSTELLER = "mosteller"
    DUBOIS = "dubois"
    HAYCOCK = "haycock"
    GEHAN_GEORGE = "gehan_george"
    BOYD = "boyd"
    SCHLICH = "schlich"


class SexNeeded(ValueError):
    """Schlich's equation has one form for women and one for men."""


def _power(factor: str, weight: Decimal, weight_power: str, height: Decimal, height_power: str) -> Decimal:
    """factor × weight^… × height^…, by one exponential of the logarithms: half the work of two powers."""
    return Decimal(factor) * (Decimal(weight_power) * weight.ln() + Decimal(height_power) * height.ln()).exp()


def _mosteller(height: Decimal, weight: Decimal) -> Decimal:
    return (height * weight / 3600).sqrt()


def _dubois(height: Decimal, weight: Decimal) -> Decimal:
    return _power("0.007184", weight, "0.425", height, "0.725")


def _haycock(height: Decimal, weight: Decimal) -> Decimal:
    return _power("0.024265", weight, "0.5378", height, "0.3964")


def _gehan_george(height: Decimal, weight: Decimal) -> Decimal:
    return _power("0.0235", weight, "0.51456", height, "0.42246")


def _boyd(height: Decimal, weight: Decimal) -> Decimal:
    grams = weight * 1000
    exponent = Decimal("0.7285") - Decimal("0.0188") * grams.log10()
    return Decimal("0.0003207") * height ** Decimal("0.3") * grams**exponent


def _schlich_women(height: Decimal, weight: Decimal) -> Decimal:
    return _power("0.000975482", weight, "0.46", height, "1.08")


def _schlich_men(height: Decimal, weight: Decimal) -> Decimal:
    return _power("0.000579479", weight, "0.38", height, "1.24")


Equation = Callable[[Decimal, Decimal], Decimal]

_EQUATIONS: Mapping[Formula, Equation] = MappingProxyType(
    {
        Formula.MOSTELLER: _mosteller,
        Formula.DUBOIS: _dubois,
        Formula.HAYCOCK: _haycock,
        Formula.GEHAN_GEORGE: _gehan_george,
        Formula.BOYD: _boyd,
    }
)
_SCHLICH: Mapping[str, Equation] = MappingProxyType({"female": _schlich_women, "male": _schlich_men})


def _equation(formula: Formula, sex: str | None) -> Equation:
    if formula is not Formula.SCHLICH:
        return _EQUATIONS[formula]
    by_sex = _SCHLICH.get(sex or "")
    if by_sex is None:
        raise SexNeeded("Schlich needs the sex, female or male: record it, or choose another formula")
    return by_sex


def _named(formula: str) -> Formula:
    try:
        return Formula(formula)
    except ValueError:
        raise ValueError(f"BSA formula {formula[:40]!a} unknown: use one of {', '.join(Formula)}") from None


def _check(height_cm: Decimal, weight_kg: Decimal) -> None:
    metres = "metres entered as centimetres" if height_cm.is_finite() and height_cm < 3 else ""
    refuse_outside("height", height_cm, HEIGHT_CM, "cm", metres)
    grams = "grams entered as kilograms" if weight_kg.is_finite() and weight_kg > 1000 else ""
    refuse_outside("weight", weight_kg, WEIGHT_KG, "kg", grams)


def belong_together(height_cm: Decimal, weight_kg: Decimal) -> bool:
    """Can one body have both? Not where they were exchanged, nor where one is in inches, feet or grams."""
    squared = height_cm * height_cm
    least, most = KG_PER_M2
    return least * squared <= weight_kg * 100 * 100 <= most * squared


def bsa(height_cm: Decimal, weight_kg: Decimal, formula: str, sex: str | None = None) -> Decimal:
    """Body surface area in m², half-up to four decimals, from measured height (cm) and actual weight (kg).

    `formula` is one of `Formula`; `sex` (female, male) is needed by Schlich alone. Raises `Implausible` outside
    45-230 cm and 2-400 kg, `SexNeeded`, and ValueError for an unknown formula.
    """
    _check(height_cm, weight_kg)
    equation = _equation(_named(formula), sex)
    return settle(lambda: equation(height_cm, weight_kg), places=4)


@dataclass(frozen=True, slots=True)
class Spread:
    """How far the formulas disagree for one patient, in m²."""

    by_formula: Mapping[Formula, Decimal]
    least: Decimal
    most: Decimal


def bsa_spread(height_cm: Decimal, weight_kg: Decimal, sex: str | None = None) -> Spread:
    """Every formula that can be computed (Schlich only with a sex), with the smallest and the largest result."""
    formulas = [f for f in Formula if f is not Formula.SCHLICH or sex in _SCHLICH]
    found = {formula: bsa(height_cm, weight_kg, formula, sex) for formula in formulas}
    return Spread(MappingProxyType(found), min(found.values()), max(found.values()))
