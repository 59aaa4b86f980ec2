"""Age on a date, in completed years and months. Reads no clock: both dates are given."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from posology.units import rounded

MONTHS = 12


def whole_months(birth: date, on: date) -> int:
    """Completed months. A day that a month does not have is reached on the first of the next one.

    Raises ValueError if `on` is before `birth`.
    """
    if on < birth:
        raise ValueError(f"born on {birth}, after {on}: check both dates")
    months = (on.year - birth.year) * MONTHS + on.month - birth.month
    return months if on.day >= birth.day else months - 1


def whole_years(birth: date, on: date) -> int:
    """Age in completed years; born on 29 February, a birthday of a common year is 1 March. Raises as `whole_months`."""
    return whole_months(birth, on) // MONTHS


def age_years(birth: date, on: date) -> Decimal:
    """Age in years: completed years, and below one year the completed months as a share, rounded down.

    Eleven months are 0.91, so an infant never reads as one year old. Raises as `whole_months`.
    """
    months = whole_months(birth, on)
    if months >= MONTHS:
        return Decimal(months // MONTHS)
    return rounded(Fraction(months, MONTHS), 2, ROUND_FLOOR)
