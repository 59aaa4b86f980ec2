"""One rounding at the end: what a formula gives, settled half-up. Internal to measures."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext

from posology.units import rounded

_WORKING = Context(prec=40, rounding=ROUND_HALF_EVEN)
_KEPT = Context(prec=28, rounding=ROUND_HALF_EVEN)


class Implausible(ValueError):
    """A measurement nobody can have; the message is one line with a guess at what went wrong."""


def settle(formula: Callable[[], Decimal], places: int) -> Decimal:
    """The formula's value, half-up to `places`.

    Roots and powers are worked at 40 digits and read at 28: the last digit never tips a true tie (470.05).
    """
    with localcontext(_WORKING):
        value = formula()
    return rounded(_KEPT.plus(value), places)


def refuse_outside(name: str, value: Decimal, limits: tuple[Decimal, Decimal], unit: str, hint: str) -> None:
    """Raise `Implausible` unless `value` lies within `limits`, both included. `hint` names the usual slip."""
    least, most = limits
    if value.is_finite() and least <= value <= most:
        return
    guess = f" ({hint}?)" if hint else ""
    raise Implausible(f"{name} {str(value)[:40]} {unit} implausible{guess}; accepted are {least} to {most} {unit}")
