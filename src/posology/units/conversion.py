"""A value from one UCUM unit to another, exactly. What is not in the table is refused; nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from posology.units.numbers import check_usable, decimal, exactly, normalise, terminates
from posology.units.table import CANONICAL, CHARGE, MMOL_PER_MG_DL, SHARES, UNITS, Kind, Unit


class UnknownUnit(ValueError):
    """The unit is not known, or cannot be converted for this analyte. The message is one line naming what can."""

    def __init__(self, unit: str, to: str, substance: str | None) -> None:
        self.unit, self.to, self.substance = unit, to, substance
        said = f"unit {unit[:40]!a}" if unit else "no unit"
        accepted = accepted_units(to, substance)
        advice = f"use one of {', '.join(accepted)}" if accepted else f"nothing converts to {to[:40]!a}"
        super().__init__(f"{said} for {substance or 'this value'} is not accepted: {advice} (UCUM, case matters)")


def _shared(unit: Unit, substance: str | None) -> Unit:
    """The unit, moved to the kind that this analyte lets several kinds meet in."""
    name = substance or ""
    if unit.kind is Kind.MASS_CONCENTRATION and name in MMOL_PER_MG_DL:
        return Unit(Kind.AMOUNT_CONCENTRATION, unit.factor * MMOL_PER_MG_DL[name])
    if unit.kind is Kind.CHARGE_CONCENTRATION and name in CHARGE:
        return Unit(Kind.AMOUNT_CONCENTRATION, unit.factor / CHARGE[name])
    if unit.kind is Kind.PERCENT and (substance is None or name in SHARES):
        return Unit(Kind.NUMBER, unit.factor / 100)
    if unit.kind is Kind.INR and name == "inr":
        return Unit(Kind.NUMBER, unit.factor)
    return unit


@lru_cache(maxsize=1024)
def _line(unit: str, to: str, substance: str | None) -> tuple[Fraction, Fraction]:
    """Slope and intercept of the conversion."""
    if unit not in UNITS or to not in UNITS:
        raise UnknownUnit(unit, to, substance)
    here, there = _shared(UNITS[unit], substance), _shared(UNITS[to], substance)
    if here.kind is not there.kind:
        raise UnknownUnit(unit, to, substance)
    return here.factor / there.factor, (here.offset - there.offset) / there.factor


def _converted(value: Decimal, unit: str, to: str, substance: str | None) -> Fraction:
    slope, intercept = _line(unit, to, substance)
    return exactly(value) * slope + intercept


def convert(value: Decimal, unit: str, to: str, substance: str | None = None, *, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    """`value`, given in `unit`, in the unit `to`; both are UCUM codes.

    Exact where the result terminates, otherwise rounded once to nine decimals. Round a value with ROUND_FLOOR and its
    laboratory limit with ROUND_CEILING: then exactly n × ULN never reads as above it. `substance` is the analyte's
    name; without it mass and amount do not convert. Raises `UnknownUnit`, `UnusableNumber`.
    """
    if unit == to and unit in UNITS:
        check_usable(value)
        return value
    return decimal(_converted(value, unit, to, substance), rounding)


def converts_exactly(value: Decimal, unit: str, to: str, substance: str | None = None) -> bool:
    """Does the conversion need no rounding? Raises as `convert` does."""
    return terminates(_converted(value, unit, to, substance))


def accepted_units(to: str, substance: str | None = None) -> tuple[str, ...]:
    """Every code that converts to `to` for this analyte, that unit itself first; empty if `to` is unknown."""
    if to not in UNITS:
        return ()
    kind = _shared(UNITS[to], substance).kind
    found = [code for code, unit in UNITS.items() if _shared(unit, substance).kind is kind]
    return tuple(sorted(found, key=lambda code: code != to))


@dataclass(frozen=True, slots=True)
class Accepted:
    """What may be sent for one analyte: the unit it is kept in, and every unit that converts to it."""

    canonical: str
    units: tuple[str, ...]


def canonical_units() -> Mapping[str, Accepted]:
    """The published table: each analyte, the unit it is kept in, and the units accepted for it."""
    return MappingProxyType({name: Accepted(unit, accepted_units(unit, name)) for name, unit in CANONICAL.items()})


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and its UCUM unit; they never part."""

    value: Decimal
    unit: str

    def to(self, unit: str, substance: str | None = None, *, rounding: str = ROUND_HALF_EVEN) -> Quantity:
        """The same quantity in another unit; see `convert`."""
        return Quantity(convert(self.value, self.unit, unit, substance, rounding=rounding), unit)

    def __str__(self) -> str:
        return normalise(self.value) if self.unit == "1" else f"{normalise(self.value)} {self.unit}"
