"""Weight and height of one day that no body has together: both are measured again. Looks at nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from posology.fhir.intake import Intake
from posology.measures import belong_together
from posology.record import Quality, Reading

WEIGHT, HEIGHT = "weight", "height"


def settle_sizes(intake: Intake) -> None:
    """Of the weights and heights nearest to each other on one local day, those that cannot belong together are unusable."""
    by_day: dict[tuple[date, str], list[Reading]] = {}
    for reading in intake.readings:
        if reading.observable in (WEIGHT, HEIGHT):
            day = reading.at.astimezone(intake.zone).date()
            by_day.setdefault((day, reading.observable), []).append(reading)
    bad = {id(one) for pair in _pairs(by_day) if not _fit(*pair) for one in pair}
    for place, reading in enumerate(intake.readings if bad else ()):
        if id(reading) in bad and reading.quality is not Quality.IMPLAUSIBLE:
            text = f"{reading.observable} does not belong to the other size of that day: measure weight and height again"
            intake.note("implausible", text, reading.id)
            intake.readings[place] = replace(reading, value=None, quality=Quality.IMPLAUSIBLE)


def _pairs(by_day: dict[tuple[date, str], list[Reading]]) -> Iterator[tuple[Reading, Reading]]:
    """Each weight with the nearest height of its day, and each height with the nearest weight."""
    for (day, name), weights in by_day.items():
        heights = by_day.get((day, HEIGHT)) if name == WEIGHT else None
        if heights:
            yield from ((one, _nearest(one, heights)) for one in weights)
            yield from ((_nearest(one, weights), one) for one in heights)


def _nearest(one: Reading, others: list[Reading]) -> Reading:
    return min(others, key=lambda other: abs(other.at - one.at))


def _fit(weight: Reading, height: Reading) -> bool:
    """Can one body have both? What is implausible by itself spoils the other; what is not known says nothing."""
    if Quality.IMPLAUSIBLE in (weight.quality, height.quality):
        return False
    if not isinstance(weight.value, Decimal) or not isinstance(height.value, Decimal):
        return True
    return belong_together(height.value, weight.value)
