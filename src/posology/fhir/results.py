"""The plain laboratory result, read in one pass: one code, one number, one range. Leaves everything else alone.

It reads nothing differently from `observations`; a test holds the two equal. It is there for speed alone.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from posology.fhir.intake import MALFORMED, Intake, Json
from posology.fhir.quantity import UCUM, converted
from posology.record import Quality, Reading

SETTLED = frozenset({"final", "amended", "corrected"})
SHORT = 2 * 10
"""Characters that a number may have here; a longer one is looked at closely by the other reader."""

OK = Quality.OK


def read_result(intake: Intake, resource: Json, ref: str) -> bool:
    """Add the reading if the resource is a plain result; False, with nothing added, if it must be read the long way."""
    try:
        (coding,) = resource["code"]["coding"]
        (row,) = intake.codes[coding["system"], coding["code"]]
        observable = intake.observables[row.observable]
        bounds, name, to = observable.plausible, observable.name, observable.unit
        if bounds is None or to is None or row.value or observable.signed or observable.adult:
            return False
        at, given = intake.moment(resource["effectiveDateTime"]), resource["valueQuantity"]
        if at is None or resource["status"] not in SETTLED or "component" in resource or "derivedFrom" in resource:
            return False
        if "comparator" in given or (intake.received is not None and at > intake.received):
            return False
        value, unit = _plain(given), given["code"]
        text = f"{value!s} {unit}"
        if unit != to:
            value = converted(value, unit, to, name, ROUND_FLOOR)
        low, high = _limits(resource["referenceRange"], to, name) if "referenceRange" in resource else (None, None)
        usual = observable.upper_limit or bounds
        if not bounds[0] <= value <= bounds[1] or (high is not None and not usual[0] <= high <= usual[1]):
            return False
        sample = intake.resolved(resource["specimen"]["reference"]) if "specimen" in resource else None
    except MALFORMED:
        return False
    intake.readings.append(Reading(ref, name, at, value, low, high, OK, False, text, sample))
    return True


def _plain(quantity: Json) -> Decimal:
    """The number as written. Raises ValueError for whatever needs a closer look."""
    value = quantity["value"]
    if value.__class__ is not Decimal:
        if value.__class__ is not int:
            raise ValueError("no exact number")
        value = Decimal(value)
    text = str(value)
    if len(text) > SHORT or "E" in text or quantity["system"] != UCUM:
        raise ValueError("not a plain number")
    return value


def _limits(ranges: list[Json], to: str, name: str) -> tuple[Decimal | None, Decimal | None]:
    """Both limits of the one plain range. Raises ValueError for several ranges, or one with conditions."""
    (one,) = ranges
    low, high = one.get("low"), one.get("high")
    if len(one) > (low is not None) + (high is not None):
        raise ValueError("not a plain range")
    lower = None if low is None else converted(_plain(low), low["code"], to, name, ROUND_FLOOR)
    upper = None if high is None else converted(_plain(high), high["code"], to, name, ROUND_CEILING)
    if lower is not None and upper is not None and lower > upper:
        raise ValueError("not a plain range")
    return lower, upper
