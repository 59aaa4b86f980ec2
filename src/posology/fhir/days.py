"""Values known by day, month or year alone, beside timed values of that time: the worse of the two is never hidden."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING

from posology.fhir.intake import Intake
from posology.record import Quality, Reading

if TYPE_CHECKING:
    from posology.knowledge import Observable

IN_TIME = attrgetter("at")


def settle_days(intake: Intake) -> None:
    """Let a value that stands at the start of its day stand also beside each later value of that day which it could belie.

    There the two differ, and values that differ at one moment are conflicting. What is certainly milder stays where it is.
    """
    names = {reading.observable for reading in intake.readings if reading.at in intake.vague}
    by_name: dict[str, list[Reading]] = {}
    for reading in intake.readings if names else ():
        if reading.observable in names:
            by_name.setdefault(reading.observable, []).append(reading)
    for name, readings in by_name.items():
        intake.readings.extend(_beside(sorted(readings, key=IN_TIME), intake, intake.observables[name]))


def _beside(readings: list[Reading], intake: Intake, observable: Observable) -> Iterator[Reading]:
    for one in readings:
        last = intake.vague.get(one.at)
        if last is None:
            continue
        until = bisect_right(readings, last, key=IN_TIME)
        later = readings[bisect_right(readings, one.at, key=IN_TIME) : until]
        moments = dict.fromkeys(other.at for other in later if other.id != one.id and belies(one, other, observable))
        if moments:
            text = f"{observable.name} has no time of day and may be later than another value of that day; add the time"
            intake.note("day_alone", text, one.id)
        yield from (replace(one, at=at) for at in moments)


def belies(one: Reading, other: Reading, observable: Observable) -> bool:
    """Could the first, if it is the later, make the second too mild?"""
    if one.value == other.value and one.quality is other.quality:
        return False
    if one.value is None or other.value is None or one.quality is not Quality.OK:
        return True
    if observable.adverse is not None:
        return observable.is_adverse(one.value) and _rank(one, observable) >= _rank(other, observable)
    if observable.danger is None or not isinstance(one.value, Decimal) or not isinstance(other.value, Decimal):
        return True
    return one.value > other.value if observable.danger == "high" else one.value < other.value


def _rank(reading: Reading, observable: Observable) -> Decimal:
    if isinstance(reading.value, Decimal):
        return reading.value
    return Decimal(observable.words.index(str(reading.value)) if observable.words else observable.is_adverse(reading.value))
