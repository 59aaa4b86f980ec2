"""Days of a story as dates and moments of the clinic's zone. Plain calendar arithmetic."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from posology.stories.clinic import clinic
from posology.stories.script import Day, Script


def starts(story: Script) -> tuple[date, ...]:
    """The date of Day 1 of each cycle up to the cycle of the decision."""
    booked = clinic().schedule
    first = booked.extended_cycle_days if story.extended else booked.first_cycle_days
    begin, dates = story.start, []
    for cycle in range(1, story.at.cycle + 1):
        begin += timedelta(days=story.late_starts.get(cycle, 0))
        dates.append(begin)
        begin += timedelta(days=first if cycle == 1 else booked.later_cycle_days)
    return tuple(dates)


def on(begun: tuple[date, ...], day: Day) -> date:
    """The date of a day of a cycle."""
    return begun[day.cycle - 1] + timedelta(days=day.day - 1)


@cache
def moment(day: date, clock: str, zone: str) -> datetime:
    """That day at a clock of `ranges.toml`, in the clinic's zone."""
    return datetime.combine(day, clinic().clocks[clock], ZoneInfo(zone))


@cache
def stamp(day: date, clock: str, zone: str) -> str:
    """The same as FHIR writes it, with its offset."""
    return moment(day, clock, zone).isoformat()


def years_before(day: date, years: int, extra_days: int) -> date:
    """A birth date that makes somebody `years` old, and `extra_days` more, on that day."""
    anniversary = date(day.year - years, day.month, 1) + timedelta(days=day.day - 1)
    return anniversary - timedelta(days=extra_days)
