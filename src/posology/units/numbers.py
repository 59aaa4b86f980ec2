"""Exact decimals: from fractions, to text, rounded once. Knows no unit, and never meets a float."""

from __future__ import annotations

from collections.abc import Callable
from decimal import (
    MAX_EMAX,
    MAX_PREC,
    MIN_EMIN,
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    Inexact,
)
from fractions import Fraction

PLACES = 9
"""Decimals kept where a quotient does not terminate."""

LONGEST = 50
"""A number wider than this is an attack or an accident, not a measurement; expanding it could fill the memory."""


class UnusableNumber(ValueError):
    """The number is NaN, infinite, or too wide to be a measurement."""


Ratio = tuple[int, int]
"""Numerator and denominator; the denominator is above zero."""


def _half_up(above: int, below: int) -> int:
    nearest = (2 * abs(above) + below) // (2 * below)
    return nearest if above >= 0 else -nearest


def _half_down(above: int, below: int) -> int:
    nearest = -((below - 2 * abs(above)) // (2 * below))
    return nearest if above >= 0 else -nearest


def _half_even(above: int, below: int) -> int:
    return round(Fraction(above, below))


def _floor(above: int, below: int) -> int:
    return above // below


def _ceiling(above: int, below: int) -> int:
    return -(-above // below)


def _down(above: int, below: int) -> int:
    return above // below if above >= 0 else -(-above // below)


def _up(above: int, below: int) -> int:
    return -(-above // below) if above >= 0 else above // below


_ROUNDED: dict[str, Callable[[int, int], int]] = {
    ROUND_HALF_EVEN: _half_even,
    ROUND_HALF_UP: _half_up,
    ROUND_HALF_DOWN: _half_down,
    ROUND_FLOOR: _floor,
    ROUND_CEILING: _ceiling,
    ROUND_DOWN: _down,
    ROUND_UP: _up,
}
_EVERY_DIGIT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[Inexact])


def _shift(whole: int, places: int) -> Decimal:
    """`whole` divided by 10 ** `places`, exactly, whatever the ambient decimal context."""
    return Decimal(whole).scaleb(-places, _EVERY_DIGIT)


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
    written = str(value)
    if len(written) <= LONGEST and "E" not in written and value.is_finite():
        return  # plainly written and short: almost every number, and five times as fast as taking it apart
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or not -LONGEST <= exponent <= LONGEST or len(digits) > LONGEST:
        raise UnusableNumber(f"{str(value)[:40]} is not a usable number; give plain digits")


def exactly(value: Decimal) -> Fraction:
    """The value as a fraction. Raises `UnusableNumber` as `check_usable` does."""
    check_usable(value)
    return Fraction(*value.as_integer_ratio())


def terminates(exact: Fraction) -> bool:
    """Can the fraction be written as a decimal without rounding?"""
    return _terminating_places(exact.denominator) is not None


def rounded(exact: Fraction | Decimal, places: int, rounding: str = ROUND_HALF_UP) -> Decimal:
    """To `places` decimals, in one step. `rounding` is one of the `decimal.ROUND_*` names (default: half-up)."""
    if isinstance(exact, Decimal):
        check_usable(exact)
    above, below = exact.as_integer_ratio()
    return _shift(_ROUNDED[rounding](above * 10**places, below), places)


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
