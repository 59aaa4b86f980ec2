"""Numbers computed from two laboratory values or weights. Compares nothing with a limit."""

from __future__ import annotations

from decimal import ROUND_UP, Decimal

from posology.units import decimal, exactly, rounded


def percent_change(new: Decimal, old: Decimal) -> Decimal:
    """Change from `old` to `new` in percent of `old`, signed; both in one unit.

    Unrounded, or to nine decimals away from zero: a change a little over a limit never reads as at it. For print,
    `units.rounded(change, 2)`. Raises ValueError unless `old` is above zero.
    """
    before, after = exactly(old), exactly(new)
    if before.numerator <= 0:
        raise ValueError(f"no percent change from {old}: the earlier value must be above zero")
    return decimal((after / before - 1) * 100, ROUND_UP)


def change_per_day(new: Decimal, old: Decimal, seconds: int) -> Decimal:
    """Change from `old` to `new` per 24 h, signed, half-up to two decimals. Raises ValueError unless time has passed."""
    if seconds <= 0:
        raise ValueError("no change per day: the later value must be later")
    return rounded((exactly(new) - exactly(old)) * 24 * 3600 / seconds, 2)


def absolute_from_percent(percent: Decimal, total: Decimal) -> Decimal:
    """A count in the unit of `total`: blasts = leucocytes × blast percent / 100. Exact.

    Raises ValueError for a percent outside 0-100 or a negative total.
    """
    share, whole = exactly(percent), exactly(total)
    if not 0 <= share <= 100:
        raise ValueError(f"{percent} % is not a share of a whole: give 0 to 100")
    if whole < 0:
        raise ValueError(f"a total of {total} is below zero")
    return decimal(share * whole / 100)


PER_ALBUMIN = Decimal("0.8")
NORMAL_ALBUMIN = Decimal(4)
"""Payne's correction: mg/dL of calcium for each g/dL of albumin below this."""


def corrected_calcium(calcium_mg_dl: Decimal, albumin_g_dl: Decimal) -> Decimal:
    """Total calcium (mg/dL) as it would be at an albumin of 4 g/dL (Payne: 0.8 per g/dL). Exact.

    Unrounded, so that a value a little under a limit never reads as at it.
    """
    return decimal(exactly(calcium_mg_dl) + exactly(PER_ALBUMIN) * (exactly(NORMAL_ALBUMIN) - exactly(albumin_g_dl)))
