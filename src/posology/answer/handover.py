"""What the transplant team must be told, from the record: doses, cycles, holds, results. What is unknown says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from posology.course import Course, Cycle, Interruption
from posology.facts import Gathered, moment_of, per_m2
from posology.knowledge import Edition
from posology.language import Value
from posology.record import Quality, Reading, Record
from posology.units import rounded

VALUES = (
    *("cycles_counted", "level", "response", "best_response_remission", "mrd_negative"),
    *("bilirubin", "bilirubin_uln", "bilirubin_direct", "bilirubin_direct_uln"),
    *("vod_status", "painful_hepatomegaly", "hepatomegaly", "ascites", "ultrasound_suggests_vod", "prior_vod"),
    *("serious_liver_disease", "cirrhosis", "active_hepatitis", "age_years", "days_since_transplant"),
    *("weight_baseline", "weight", "weight_change_percent", "qtcf", "qt_drug_started"),
    *("hbv_positive", "antiviral_plan", "pneumocystis_plan", "herpes_plan", "antifungal_plan"),
)
TREND = ("bilirubin", "bilirubin_direct", "alt", "ast", "alp", "ggt")
SAID = ("response", "mrd_negative", "marrow_blasts", "dose_level", "cytopenia_attribution", "vod_review", "transplant")
NOT_READ = ("lines of salvage therapy", "method of the MRD test", "planned conditioning")


@dataclass(frozen=True, slots=True)
class Given:
    """One dose as given. `mg_per_m2` by the weight and height of its cycle, two decimals; None where one is not known."""

    cycle: int
    dose: int
    on: date
    mg: Decimal | None
    mg_per_m2: Decimal | None
    partial: bool


@dataclass(frozen=True, slots=True)
class CycleGiven:
    """One cycle that counts; `truncated` where it is over and fewer doses were given than planned."""

    cycle: int
    day1: date | None
    doses: int
    planned: int
    running: bool

    @property
    def truncated(self) -> bool:
        return self.doses < self.planned and not self.running


@dataclass(frozen=True, slots=True)
class Stated:
    """One fact, or the word for why it is absent."""

    fact: str
    means: str
    value: Value | None
    unit: str | None
    when: datetime | None
    why: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """One dated reading with the laboratory's upper limit."""

    what: str
    on: date
    value: Value | None
    unit: str | None
    upper: Decimal | None


@dataclass(frozen=True, slots=True)
class Handover:
    """The sheet as content. `not_read`: what the transplant team also needs and nothing here reads."""

    doses: tuple[Given, ...]
    cycles: tuple[CycleGiven, ...]
    interruptions: tuple[Interruption, ...]
    values: tuple[Stated, ...]
    trend: tuple[Result, ...]
    said: tuple[Result, ...]
    not_read: tuple[str, ...]


def handover(record: Record, course: Course, facts: Gathered, edition: Edition, at: datetime, zone: ZoneInfo) -> Handover:
    """Everything the record has for the hand-over, as it stands at `at`."""
    return Handover(
        doses=tuple(_doses(record, course, facts, edition, at, zone)),
        cycles=tuple(
            CycleGiven(cycle.number, cycle.day1, len(cycle.given), len(cycle.slots), _runs(cycle, course))
            for cycle in course.cycles
            if cycle.counted
        ),
        interruptions=course.interruptions,
        values=tuple(_stated(name, facts, edition, zone) for name in VALUES),
        trend=tuple(_results(record, TREND, edition, at, zone)),
        said=tuple(_results(record, SAID, edition, at, zone)),
        not_read=NOT_READ,
    )


def _runs(cycle: Cycle, course: Course) -> bool:
    return course.point is not None and course.point.cycle == cycle.number


def _doses(
    record: Record, course: Course, facts: Gathered, edition: Edition, at: datetime, zone: ZoneInfo
) -> Iterator[Given]:
    moment = moment_of(record, course, edition, at, zone)
    for slot in course.given:
        assert slot.dose
        share = None if slot.dose.partial else per_m2(slot, moment, facts["sex"].value)
        yield Given(
            cycle=slot.cycle,
            dose=slot.number,
            on=slot.dose.start.astimezone(zone).date(),
            mg=slot.dose.mg,
            mg_per_m2=rounded(share, 2) if share is not None else None,
            partial=slot.dose.partial,
        )


def _stated(name: str, facts: Gathered, edition: Edition, zone: ZoneInfo) -> Stated:
    fact, entry = facts[name], edition.facts[name]
    when = fact.when.astimezone(zone) if fact.when else None
    why = None if fact.value is not None else fact.why or "missing"
    return Stated(name, entry.means, fact.value if fact.value is not None else fact.stale, entry.unit, when, why)


def _results(record: Record, names: tuple[str, ...], edition: Edition, at: datetime, zone: ZoneInfo) -> Iterator[Result]:
    """Usable readings up to now, in time order, name after name; signed ones where a signature is what counts."""
    for name in names:
        observable = edition.observables[name]
        for reading in record.of(name):
            if _counts(reading, at) and (reading.signed or not observable.signed):
                yield Result(name, reading.at.astimezone(zone).date(), reading.value, observable.unit, reading.high)


def _counts(reading: Reading, at: datetime) -> bool:
    return reading.at <= at and reading.quality is Quality.OK and reading.value is not None
