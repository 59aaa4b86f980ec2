"""A record → the course at one moment: cycles, the decision point, holds, the dose level. A fold; no rules, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

from posology.course import holds
from posology.course.holds import Interruption, Words, interrupted_days, interruptions
from posology.course.layout import Layout
from posology.course.level import Bearing, Level, Said, at_starts, in_force
from posology.course.slots import Cycle, Days, Slot
from posology.knowledge import Regimen
from posology.record import Dose, Reading, Record


@dataclass(frozen=True, slots=True)
class Course:
    """The course as it stands at `at`.

    `point` is the decision point: the earliest planned dose neither given nor documented as omitted (None while
    nobody has said whether treatment has begun). `level` is the dose level in force before this dose. Every dose
    given is in `administered`: some are `unexpected` too (surplus, or too early), some stand `twice` at one instant.
    `doubtful` may have been given. Days are local; `last_dose_on` is the day the last dose ended, and
    `last_possible_on` counts the doubtful ones.
    """

    today: date
    cycles: tuple[Cycle, ...]
    point: Slot | None
    administered: tuple[Dose, ...]
    doubtful: tuple[Dose, ...]
    unexpected: tuple[Dose, ...]
    twice: tuple[Dose, ...]
    interruptions: tuple[Interruption, ...]
    level: Level
    extended: bool
    first_dose_at: datetime | None
    last_dose_at: datetime | None
    last_dose_on: date | None
    last_possible_on: date | None
    cycle_day1_at: datetime | None
    prior_day1_at: datetime | None

    @property
    def running(self) -> Cycle | None:
        """The last cycle that has begun."""
        begun = [cycle for cycle in self.cycles if cycle.counted]
        return begun[-1] if begun else None

    @property
    def given(self) -> tuple[Slot, ...]:
        """Every planned dose given, in order."""
        return tuple(slot for cycle in self.cycles for slot in cycle.given)


@dataclass(frozen=True, slots=True)
class Signed:
    """What the fold reads beside the doses, with its local day."""

    words: Words
    decisions: Sequence[Said]
    causes: Sequence[Said]
    choices: Sequence[tuple[date, int]]
    extended: bool


def fold(record: Record, regimen: Regimen, at: datetime, zone: ZoneInfo) -> Course:
    """The course of one record at one moment. Events after `at` are not seen."""
    today, at = at.astimezone(zone).date(), at.astimezone(UTC)
    readings = [reading for reading in record.readings if reading.at <= at and reading.signed]
    doses = tuple(sorted((dose for dose in record.doses if dose.start <= at), key=lambda dose: dose.start))
    signed = _signed(readings, regimen, zone)
    anchored = bool(doses) or any(reading.observable == "baseline_review" for reading in readings)
    fewer: dict[int, int] = {}
    while True:
        layout = _laid(doses, regimen, zone, signed, fewer, today if anchored else None)
        held = interruptions(list(layout.every()), layout.administered, signed.words, layout.days, today)
        bearing = Bearing(held, signed.decisions, signed.causes)
        found = _fewer(layout.cycles, bearing, regimen)
        if found.keys() <= fewer.keys():
            break
        fewer |= found
    point = _point(layout) if anchored else None
    return Course(
        today=today,
        cycles=tuple(layout.cycles),
        point=point,
        administered=tuple(layout.administered),
        doubtful=tuple(layout.doubtful),
        unexpected=tuple(layout.unexpected),
        twice=tuple(layout.twice),
        interruptions=tuple(held),
        level=in_force(layout.cycles, bearing, regimen, point),
        extended=signed.extended,
        last_dose_on=layout.days.last(layout.administered),
        last_possible_on=layout.days.last((*layout.administered, *layout.doubtful)),
        **_anchors(layout, point),
    )


def _signed(readings: Sequence[Reading], regimen: Regimen, zone: ZoneInfo) -> Signed:
    """The signed readings that the fold looks at. Where the place of a day is read, it is one of the regimen's."""
    by: dict[str, list[tuple[Reading, date]]] = {}
    for reading in readings:
        if reading.observable in LOOKED_AT:
            by.setdefault(reading.observable, []).append((reading, reading.at.astimezone(zone).date()))
    chosen = [(on, int(r.value)) for r, on in by.get("second_dose_day", ()) if isinstance(r.value, Decimal)]
    return Signed(
        Words(_answers(by, "toxicity_recovered"), _answers(by, "recovery_date_confirmed")),
        _said(by, "dose_level"),
        _said(by, "cytopenia_attribution"),
        [(on, day) for on, day in chosen if day in regimen.days[1:]],
        "cycle_extension" in by,
    )


LOOKED_AT = {
    "toxicity_recovered",
    "recovery_date_confirmed",
    "dose_level",
    "cytopenia_attribution",
    "second_dose_day",
    "cycle_extension",
}

By = Mapping[str, Sequence[tuple[Reading, date]]]


def _said(by: By, observable: str) -> list[Said]:
    return [Said(on, reading.value) for reading, on in by.get(observable, ()) if isinstance(reading.value, str)]


def _answers(by: By, observable: str) -> list[holds.Said]:
    return [holds.Said(reading.at, on, reading.value is True) for reading, on in by.get(observable, ())]


def _laid(
    doses: Sequence[Dose], regimen: Regimen, zone: ZoneInfo, signed: Signed, fewer: Mapping[int, int], today: date | None
) -> Layout:
    """Every dose event in its place, and the plan of the cycle in which the next dose lies."""
    interrupted = partial(interrupted_days, words=signed.words, days=Days(zone))
    layout = Layout(regimen, zone, signed.extended, interrupted, fewer, signed.choices)
    for dose in doses:
        layout.place(dose)
    if today is not None:
        layout.choose(today)
        if not layout.cycles:
            layout.open(today)
        elif all(slot.settled for slot in layout.cycles[-1].slots):
            layout.open(layout.next_day1())
            layout.choose(today)
    return layout


def _fewer(cycles: Sequence[Cycle], bearing: Bearing, regimen: Regimen) -> dict[int, int]:
    """The cycles that start at a level of fewer doses, and how many."""
    starts = [(cycle.number, regimen.doses[level.name]) for cycle, level in at_starts(cycles, bearing, regimen)]
    return {number: most for number, most in starts if 0 < most < len(regimen.days)}


def _point(layout: Layout) -> Slot:
    """The earliest planned dose of the last cycle neither given nor omitted."""
    return next(slot for slot in layout.cycles[-1].slots if not slot.settled)


def _anchors(layout: Layout, point: Slot | None) -> dict[str, datetime | None]:
    """The instants that pickers count from. Where nothing is known to have been given, what may have been counts."""
    given = layout.administered or layout.doubtful
    begun = [cycle for cycle in layout.cycles if cycle.counted and (point is None or cycle.number < point.cycle)]
    same = [cycle for cycle in layout.cycles if cycle.counted and point is not None and cycle.number == point.cycle]
    return {
        "first_dose_at": min((dose.start for dose in given), default=None),
        "last_dose_at": max((dose.end for dose in given), default=None),
        "cycle_day1_at": _first(same[-1]) if same else None,
        "prior_day1_at": _first(begun[-1]) if begun else None,
    }


def _first(cycle: Cycle) -> datetime | None:
    given = [slot.dose for slot in cycle.given if slot.dose] + cycle.extra
    return min((dose.start for dose in given), default=None)
