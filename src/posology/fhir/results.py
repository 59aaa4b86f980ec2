"""The plain laboratory result, read in one pass: one code, one number, one range. Leaves everything else alone.

It reads nothing differently from `observations`; a test holds the two equal. It is there for speed alone.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from posology.fhir.intake import MALFORMED, Intake, Json, Plain
from posology.fhir.quantity import UCUM, converted
from posology.record import Quality, reading_of

SETTLED = frozenset({"final", "amended", "corrected"})
SHORT = 2 * 10
"""Characters that a number may have here; a longer one is looked at closely by the other reader."""

OK = Quality.OK


def read_result(intake: Intake, resource: Json, ref: str) -> bool:
    """Add the reading if the resource is a plain result; False, with nothing added, if it must be read the long way."""
    try:
        (coding,) = resource["code"]["coding"]
        asked = coding["system"], coding["code"]
        kept = intake.results
        plain = kept[asked] if asked in kept else kept.setdefault(asked, _plainly_read(intake, *asked))
        name, to, (least, most), (lowest, highest) = plain
        at, given = intake.moments.get(resource["effectiveDateTime"]), resource["valueQuantity"]
        if at is None:
            at = intake.moment(resource["effectiveDateTime"])
        if at is None or resource["status"] not in SETTLED or "component" in resource or "derivedFrom" in resource:
            return False
        if "comparator" in given or (intake.received is not None and at > intake.received):
            return False
        value, text = _plain(given)
        unit = given["code"]
        text = f"{text} {unit}"
        if unit != to:
            value = converted(value, unit, to, name, ROUND_FLOOR)
        low, high = _limits(resource["referenceRange"], to, name) if "referenceRange" in resource else (None, None)
        if not least <= value <= most or (high is not None and not lowest <= high <= highest):
            return False
        sample = intake.resolved(resource["specimen"]["reference"]) if "specimen" in resource else None
    except MALFORMED:
        return False
    intake.readings.append(reading_of(ref, name, at, value, low, high, OK, False, text, sample))
    return True


def _plainly_read(intake: Intake, system: str, code: str) -> Plain:
    """Name, unit and limits of what a code observes. Raises KeyError or ValueError where more must be looked at."""
    (row,) = intake.codes[system, code]
    observable = intake.observables[row.observable]
    if observable.plausible is None or observable.unit is None or row.value or observable.signed or observable.adult:
        raise ValueError("not a plain result")
    return observable.name, observable.unit, observable.plausible, observable.upper_limit or observable.plausible


def _plain(quantity: Json) -> tuple[Decimal, str]:
    """The number, and as it was written. Raises ValueError for whatever needs a closer look."""
    value = quantity["value"]
    if value.__class__ is not Decimal:
        if value.__class__ is not int:
            raise ValueError("no exact number")
        value = Decimal(value)
    text = str(value)
    if len(text) > SHORT or "E" in text or quantity["system"] != UCUM:
        raise ValueError("not a plain number")
    return value, text


def _limits(ranges: list[Json], to: str, name: str) -> tuple[Decimal | None, Decimal | None]:
    """Both limits of the one plain range. Raises ValueError for several ranges, or one with conditions."""
    (one,) = ranges
    low, high = one.get("low"), one.get("high")
    if len(one) > (low is not None) + (high is not None):
        raise ValueError("not a plain range")
    lower = None if low is None else _limit(low, to, name, ROUND_FLOOR)
    upper = None if high is None else _limit(high, to, name, ROUND_CEILING)
    if lower is not None and upper is not None and lower > upper:
        raise ValueError("not a plain range")
    return lower, upper


def _limit(quantity: Json, to: str, name: str, rounding: str) -> Decimal:
    value, _ = _plain(quantity)
    unit = quantity["code"]
    return value if unit == to else converted(value, unit, to, name, rounding)
