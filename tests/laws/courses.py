"""Random courses of given, unknown, omitted and deferred doses on any day, and what the calendar says of them, naively."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

from posology.record import Dose, Given, Patient, Reading, Record

ZONES = tuple(ZoneInfo(name) for name in ("America/New_York", "Europe/Berlin", "Pacific/Auckland", "Asia/Kolkata", "UTC"))
STARTS = (
    date(2024, 2, 20),  # a leap day within
    date(2025, 3, 3),  # clocks go forward within
    date(2025, 10, 20),  # and back
    date(2025, 12, 15),  # the year ends within
    date(2026, 3, 2),
)
STEPS = (0, 1, 2, 3, 5, 6, 6, 7, 7, 7, 7, 7, 8, 9, 13, 14, 21, 28, 60)
REASONS = ("toxicity", "toxicity", "counts", "convenience", "unstated")
SAID = (
    *("toxicity_recovered", "toxicity_recovered", "recovery_date_confirmed"),
    *("unexpected_dose_explained", "late_dose_accepted"),
)


@dataclass(frozen=True, eq=False)
class History:
    """One record, the moment it is looked at, and the clinic's zone."""

    record: Record
    at: datetime
    zone: ZoneInfo

    def day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    @property
    def today(self) -> date:
        return self.day(self.at)

    def seen(self, *given: Given) -> list[Dose]:
        return [dose for dose in self.record.doses if dose.start <= self.at and dose.given in given]

    def last_end(self, *given: Given) -> date | None:
        return max((self.day(dose.end) for dose in self.seen(*given)), default=None)

    def shortest_gap(self) -> int | None:
        """The fewest days from the end of one dose given to the beginning of the next."""
        given = self.seen(Given.GIVEN)
        pairs = pairwise(given)
        return min(((self.day(b.start) - self.day(a.end)).days for a, b in pairs), default=None)


def history(seed: int) -> History:
    """Up to twenty events, an hour or so each, some past midnight, some on one day, one of them now and then twice."""
    luck = Random(seed)
    zone, day = luck.choice(ZONES), luck.choice(STARTS)
    calm = luck.random() < 0.3
    doses: list[Dose] = []
    for n in range(luck.randint(0, 20)):
        given = Given.GIVEN if luck.random() < (0.9 if calm else 0.6) else luck.choice(list(Given))
        hour = 10 if luck.random() < 0.8 else 23
        start = datetime(day.year, day.month, day.day, hour, 30, tzinfo=zone).astimezone(UTC)
        reason = luck.choice(REASONS) if given in (Given.OMITTED, Given.DEFERRED) else None
        end = start + timedelta(hours=luck.choice((1, 1, 1, 2)))
        doses.append(Dose(f"d{n}", start, end, given, partial=luck.random() < 0.05, reason=reason))
        day += timedelta(days=7 if calm and luck.random() < 0.9 else luck.choice(STEPS))
    last = doses[-1].end if doses else datetime(2026, 3, 2, 12, tzinfo=UTC)
    at = last + timedelta(days=luck.choice((0, 1, 3, 5, 6, 7, 7, 8, 14, 22, 29, 90)), hours=luck.choice((0, 2)))
    readings = tuple(sorted(_readings(luck, doses, at), key=lambda reading: reading.at))
    ordered = tuple(sorted(doses, key=lambda dose: dose.start))
    return History(Record(Patient(f"seed {seed}"), readings, ordered), at.astimezone(zone), zone)


def _readings(luck: Random, doses: list[Dose], at: datetime) -> list[Reading]:
    first = doses[0].start if doses else at
    found = [Reading("baseline", "baseline_review", first - timedelta(days=3), True, signed=True)]
    for n in range(luck.randint(0, 6)):
        near = luck.choice(doses).start if doses else at
        when = near + timedelta(days=luck.choice((0, 1, 4, 7, 14)), hours=luck.choice((-1, 1)))
        found.append(Reading(f"r{n}", luck.choice(SAID), when, luck.random() < 0.6, signed=True))
    if luck.random() < 0.2:
        level = luck.choice(("full", "reduced_25", "two_doses", "stopped"))
        found.append(Reading("level", "dose_level", first + timedelta(days=luck.randint(0, 60)), level, signed=True))
    if luck.random() < 0.1:
        vod = luck.choice(("suspected", "confirmed"))
        found.append(Reading("vod", "vod_review", first + timedelta(days=luck.randint(-5, 60)), vod, signed=True))
    return found
