"""Exact decimals: from fractions, to text, rounded once. Knows no unit, and never meets a float."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from fractions import Fraction

PLACES = 9
"""Decimals kept where a quotient does not terminate."""

LONGEST = 50
"""A number wider than this is an attack or an accident, not a measurement; expanding it could fill the memory."""


class UnusableNumber(ValueError):
    """The number is NaN, infinite, or too wide to be a measurement."""


def _half_up(x: Fraction) -> int:
    nearest = math.floor(abs(x) + Fraction(1, 2))
    return nearest if x >= 0 else -nearest


def _half_down(x: Fraction) -> int:
    nearest = math.ceil(abs(x) - Fraction(1, 2))
    return nearest if x >= 0 else -nearest


def _away(x: Fraction) -> int:
    return math.ceil(x) if x >= 0 else math.floor(x)


_ROUNDED: dict[str, Callable[[Fraction], int]] = {
    ROUND_HALF_EVEN: round,
    ROUND_HALF_UP: _half_up,
    ROUND_HALF_DOWN: _half_down,
    ROUND_FLOOR: math.floor,
    ROUND_CEILING: math.ceil,
    ROUND_DOWN: math.trunc,
    ROUND_UP: _away,
}


def _shift(whole: int, places: int) -> Decimal:
    """`whole` divided by 10 ** `places`, exactly, whatever the ambient decimal context."""
    return Decimal((int(whole < 0), tuple(map(int, str(abs(whole)))), -places))


def _terminating_places(denominator: int) -> int | None:
    twos = fives = 0
    while denominator % 2 == 0:
        denominator //= 2
        twos += 1
    while denominator % 5 == 0:
        denominator //= 5
        fives += 1
    return max(twos, fives) if denominator == 1 else None


def check_usable(value: Decimal) -> None:
    """Raise `UnusableNumber` for NaN, Infinity and numbers too wide to be a measurement."""
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or not -LONGEST <= exponent <= LONGEST or len(digits) > LONGEST:
        raise UnusableNumber(f"{str(value)[:40]} is not a usable number; give plain digits")


def exactly(value: Decimal) -> Fraction:
    """The value as a fraction. Raises `UnusableNumber` as `check_usable` does."""
    check_usable(value)
    return Fraction(value)


def terminates(exact: Fraction) -> bool:
    """Can the fraction be written as a decimal without rounding?"""
    return _terminating_places(exact.denominator) is not None


def rounded(exact: Fraction | Decimal, places: int, rounding: str = ROUND_HALF_UP) -> Decimal:
    """To `places` decimals, in one step. `rounding` is one of the `decimal.ROUND_*` names (default: half-up)."""
    fraction = exactly(exact) if isinstance(exact, Decimal) else exact
    return _shift(_ROUNDED[rounding](fraction * 10**places), places)


def decimal(exact: Fraction, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    """All digits where the fraction terminates; otherwise rounded once, to nine decimals, as `rounding` says."""
    places = _terminating_places(exact.denominator)
    if places is None:
        return rounded(exact, PLACES, rounding)
    return _shift(exact.numerator * (10**places // exact.denominator), places)


def normalise(d: Decimal) -> str:
    """Plain text: no exponent, no trailing zeros after the point, no negative zero (`1.50` → `1.5`, `1E+2` → `100`)."""
    check_usable(d)
    text = format(d, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "0") else text
