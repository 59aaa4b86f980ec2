"""Milligrams from mg/m² and body surface area, exactly. Rounds nothing and releases nothing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from posology.units import decimal, exactly, rounded


def above_zero(name: str, value: Decimal) -> Fraction:
    """The value as a fraction. Raises ValueError with one line unless it is above zero."""
    exact = exactly(value)
    if exact.numerator <= 0:
        raise ValueError(f"{name} of {value}: must be above zero")
    return exact


def exact_mg(mg_per_m2: Decimal, bsa_m2: Decimal) -> Decimal:
    """The calculated dose in mg, every digit. Raises ValueError unless both are above zero."""
    return decimal(above_zero("dose per m2", mg_per_m2) * above_zero("body surface area", bsa_m2))


def reduced_mg_per_m2(mg_per_m2: Decimal, reduction_percent: Decimal) -> Decimal:
    """A dose size (mg/m²) less `reduction_percent` of it, every digit. Raises ValueError outside 0-100 %."""
    share = exactly(reduction_percent)
    if not 0 <= share < 100:
        raise ValueError(f"a reduction of {reduction_percent} %: give 0 or more, and less than 100")
    return decimal(above_zero("dose per m2", mg_per_m2) * (100 - share) / 100)


def percent_of_difference(found: Fraction, expected: Fraction) -> Decimal:
    """By how many percent `found` differs from `expected`, signed, half-up to two decimals: for print only."""
    return rounded((found - expected) / expected * 100, 2)


def underdose_percent(given: Decimal, due: Decimal) -> Decimal:
    """By how many percent `given` falls short of `due` (same unit), half-up to two decimals; negative if it exceeds."""
    return rounded((above_zero("dose due", due) - exactly(given)) / exactly(due) * 100, 2)
