"""A FHIR Quantity as an exact number in the unit an observable is kept in, with the laboratory's limits beside it."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import lru_cache
from numbers import Real
from typing import TYPE_CHECKING, Any, NamedTuple

from posology.fhir.intake import OWN, Intake, Json, Occasion
from posology.fhir.refusal import BadBundle, shown
from posology.measures import whole_years
from posology.record import Quality
from posology.units import UnknownUnit, convert
from posology.units.numbers import LONGEST

if TYPE_CHECKING:
    from posology.knowledge import Observable

UCUM = "http://unitsofmeasure.org"
WORST = {"<": "high", "<=": "high", ">": "low", ">=": "low"}
"""The bound is the worst the value can be where this is the dangerous side: `< 0.2` of something dangerous when high."""


class Measured(NamedTuple):
    """A number in canonical units or the reason why there is none, and the words to say so."""

    value: Decimal | None
    quality: Quality = Quality.OK
    reported: str = ""


def number(given: Any) -> Decimal | None:
    """The number exactly as written; None if it is no number or too wide for a measurement. NaN refuses the bundle."""
    if given.__class__ is not Decimal:
        # A caller's own JSON reader may have left binary numbers: their shortest form is what the text said.
        counts = isinstance(given, Real) and given is not True and given is not False
        given = Decimal(repr(given)) if counts else None
    if given is None:
        return None
    if not given.is_finite():
        raise BadBundle("NaN or Infinity is not a number", "a value", "leave it out and give dataAbsentReason")
    fits = -LONGEST < given.adjusted() < LONGEST and len(str(given)) < LONGEST
    return given if fits else None


def unit_of(quantity: Json) -> str:
    """The UCUM code: `code` where the system is UCUM or not said, else `unit`; empty where neither can be used."""
    code = quantity.get("code")
    if code is None:
        code = quantity.get("unit")
    elif quantity.get("system", UCUM) != UCUM:
        return ""
    return code if type(code) is str else ""


def measured(intake: Intake, quantity: Json, observable: Observable, seen: Occasion) -> Measured:
    """The value of a result in the observable's unit, rounded down where the conversion does not terminate."""
    given, unit = number(quantity.get("value")), unit_of(quantity)
    if given is None:
        intake.note("no_value", f"{observable.name} has no usable number; enter the result", seen.ref)
        return Measured(None, Quality.MISSING)
    comparator = quantity.get("comparator")
    reported = f"{comparator} {given} {unit}" if comparator else f"{given} {unit}"
    try:
        value = converted(given, unit, observable.unit or "1", observable.name, ROUND_FLOOR)
    except UnknownUnit as error:
        intake.note("wrong_unit", str(error), seen.ref)
        return Measured(None, Quality.WRONG_UNIT, f"{given} {shown(unit)}")
    if comparator is not None:
        if comparator not in WORST:
            intake.note("no_value", f"{observable.name} has a comparator that is not known; enter the result", seen.ref)
            return Measured(None, Quality.MISSING)
        intake.note("bound", f"{observable.name} is a bound, not a value: {shown(reported)}", seen.ref)
    found = plausible(intake, value, observable, seen, reported)
    bounded = comparator is not None and WORST[comparator] != observable.danger
    return found._replace(quality=Quality.BOUNDED) if bounded and found.quality is Quality.OK else found


def converted(value: Decimal, unit: str, to: str, substance: str, rounding: str) -> Decimal:
    """As `units.convert`; a value already in that unit keeps its digits. Raises `UnknownUnit`."""
    if unit == to or _alike(unit, to, substance):
        return value
    return _exchanged(str(value), unit, to, substance, rounding)


@lru_cache(maxsize=10 * 100)
def _exchanged(written: str, unit: str, to: str, substance: str, rounding: str) -> Decimal:
    """Limits of normal come back with every result: keyed by the digits, because hashing a Decimal is slow."""
    return convert(Decimal(written), unit, to, substance, rounding=rounding)


@lru_cache(maxsize=10 * 100)
def _alike(unit: str, to: str, substance: str) -> bool:
    """Two names of one unit (10*3/uL and 10*9/L)? Raises `UnknownUnit`."""
    return all(convert(Decimal(one), unit, to, substance) == one for one in (0, 1))


def plausible(intake: Intake, value: Decimal, observable: Observable, seen: Occasion, reported: str = "") -> Measured:
    """The number, or `implausible` where it lies outside the hard limits (from adult age the narrower ones)."""
    limits = observable.plausible
    if limits is not None and not limits[0] <= value <= limits[1]:
        text = f"{observable.name} {value} {observable.unit} is implausible; measure again"
        intake.note("implausible", text, seen.ref)
        return Measured(None, Quality.IMPLAUSIBLE, reported)
    limits = observable.adult
    if limits is not None and not limits[0] <= value <= limits[1] and adult(intake, seen.at):
        text = f"{observable.name} {value} {observable.unit} is implausible for an adult; measure again"
        intake.note("implausible", text, seen.ref)
        return Measured(None, Quality.IMPLAUSIBLE, reported)
    return Measured(value, Quality.OK, reported)


def adult(intake: Intake, at: datetime) -> bool:
    """Is the patient known to be of adult age on that local day?"""
    rows = intake.codes.get((OWN, "adult"), ())
    on = at.astimezone(intake.zone).date()
    if intake.birth is None or on < intake.birth:
        return False
    return any(whole_years(intake.birth, on) >= int(row.value) for row in rows)


def limits(intake: Intake, ranges: list[Json], observable: Observable, ref: str) -> tuple[Decimal | None, Decimal | None]:
    """The laboratory's lower and upper limit in the observable's unit; None where not stated or not usable."""
    plain = [one for one in ranges if _normal(one)]
    if len(plain) > 1 and any(one != plain[0] for one in plain):
        intake.note("limit_unclear", f"{observable.name} has several reference ranges; keep the one that applies", ref)
        return None, None
    if not plain:
        return None, None
    low = _limit(intake, plain[0].get("low"), observable, ref, ROUND_FLOOR)
    high = _limit(intake, plain[0].get("high"), observable, ref, ROUND_CEILING)
    bounds = observable.upper_limit or observable.plausible
    if bounds is not None and high is not None and not bounds[0] <= high <= bounds[1]:
        intake.note(
            "limit_unusable", f"limit of normal left out: {high} is implausible for {observable.name}; correct it", ref
        )
        return low, None
    if low is not None and high is not None and low > high:
        intake.note("limit_unclear", f"{observable.name} has a lower limit above its upper limit; correct them", ref)
        return None, None
    return low, high


def _normal(one: Json) -> bool:
    """Is this range the ordinary one, meant for this patient without a further condition?"""
    if "appliesTo" in one or "age" in one:
        return False
    kind = one.get("type")
    return kind is None or any(coding.get("code") == "normal" for coding in kind.get("coding") or ())


def _limit(intake: Intake, quantity: Json | None, observable: Observable, ref: str, rounding: str) -> Decimal | None:
    if quantity is None:
        return None
    given = number(quantity.get("value"))
    try:
        if given is None:
            raise ValueError(f"the limit of {observable.name} has no number; add it")
        value = converted(given, unit_of(quantity), observable.unit or "1", observable.name, rounding)
    except ValueError as error:
        intake.note("limit_unusable", f"limit of normal left out: {error}", ref)
        return None
    return value
