"""A record → the course at one moment: cycles, the decision point, holds, the dose level. A fold; no rules, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from posology.course.holds import Interruption, Recovery, interruptions
from posology.course.level import Level, Said, in_force
from posology.course.slots import Cycle, Layout, Slot
from posology.knowledge import Regimen
from posology.record import Dose, Given, Reading, Record, Value


@dataclass(frozen=True, slots=True)
class Course:
    """The course as it stands at `at`.

    `point` is the decision point: the earliest planned dose neither given nor documented as omitted (None while
    nobody has said whether treatment has begun). `level` is the dose level in force before this dose. `moved` names
    the anchors the pickers need, as instants.
    """

    today: date
    cycles: tuple[Cycle, ...]
    point: Slot | None
    doses: tuple[Dose, ...]
    interruptions: tuple[Interruption, ...]
    level: Level
    first_dose_at: datetime | None
    last_dose_at: datetime | None
    last_dose_on: date | None
    cycle_day1_at: datetime | None
    prior_day1_at: datetime | None
    recovered: bool | None

    @property
    def running(self) -> Cycle | None:
        """The last cycle that has begun."""
        begun = [cycle for cycle in self.cycles if cycle.counted]
        return begun[-1] if begun else None

    @property
    def given(self) -> tuple[Slot, ...]:
        """Every dose given, in order."""
        return tuple(slot for cycle in self.cycles for slot in cycle.given)


def fold(record: Record, regimen: Regimen, at: datetime, zone: ZoneInfo) -> Course:
    """The course of one record at one moment. Events after `at` are not seen."""
    today, at = at.astimezone(zone).date(), at.astimezone(UTC)
    readings = [reading for reading in record.readings if reading.at <= at]
    doses = tuple(sorted((dose for dose in record.doses if dose.start <= at), key=lambda dose: dose.start))
    day = _days_of(readings, zone)
    layout = Layout(regimen, zone, _extended(readings), {})
    anchored = bool(doses) or any(r.observable == "baseline_review" and r.signed for r in readings)
    _lay(layout, doses, readings, regimen, day, today if anchored else None)
    point = _point(layout) if anchored else None
    held = interruptions(list(layout.every()), _recoveries(readings, day), today)
    decided, causes = _said("dose_level", readings, day), _said("cytopenia_attribution", readings, day)
    level = in_force(layout.cycles, held, decided, causes, regimen, point)
    return Course(
        today=today,
        cycles=tuple(layout.cycles),
        point=point,
        doses=doses,
        interruptions=tuple(held),
        level=level,
        recovered=_recovered(held, readings, day),
        last_dose_on=max(_given_on(layout), default=None),
        **_anchors(layout, point),
    )


def _days_of(readings: Sequence[Reading], zone: ZoneInfo) -> dict[str, date]:
    """The local day of every reading the fold looks at."""
    looked = {"toxicity_recovered", "dose_level", "second_dose_day", "cytopenia_attribution"}
    return {r.id + r.observable: r.at.astimezone(zone).date() for r in readings if r.observable in looked}


def _extended(readings: Sequence[Reading]) -> bool:
    return any(reading.observable == "cycle_extension" and reading.signed for reading in readings)


def _lay(
    layout: Layout,
    doses: Sequence[Dose],
    readings: Sequence[Reading],
    regimen: Regimen,
    day: Mapping[str, date],
    today: date | None,
) -> None:
    """Place every dose event; a cycle recorded at two doses keeps Day 1 and the day that was chosen."""
    chosen = [r.value for r in readings if r.observable == "second_dose_day" and r.signed and r.value in regimen.days[1:]]
    lowered = [day[r.id + r.observable] for r in readings if r.observable == "dose_level" and r.value == "two_doses"]
    for dose in doses:
        layout.place(dose)
        _two_doses(layout, regimen, chosen, lowered)
    if today is not None:
        _reach(layout, today)
        _two_doses(layout, regimen, chosen, lowered)


def _two_doses(layout: Layout, regimen: Regimen, chosen: Sequence[Value | None], lowered: Sequence[date]) -> None:
    """Keep Day 1 and the chosen day of a cycle that starts at two doses; without a choice all stay planned."""
    cycle = layout.cycles[-1] if layout.cycles else None
    if not cycle or cycle.number == 1 or not lowered or not chosen or len(cycle.slots) < len(regimen.days):
        return
    if min(lowered) <= cycle.slots[0].planned_on:
        cycle.slots = [slot for slot in cycle.slots if slot.number == 1 or slot.day == chosen[-1]]


def _reach(layout: Layout, today: date) -> None:
    """Open the plan of the cycle in which the next dose lies."""
    if not layout.cycles:
        layout.open(today)
    elif all(slot.settled for slot in layout.cycles[-1].slots):
        layout.open(layout.next_day1())


def _point(layout: Layout) -> Slot:
    """The earliest planned dose of the last cycle neither given nor omitted."""
    return next(slot for slot in layout.cycles[-1].slots if not slot.settled)


def _recoveries(readings: Sequence[Reading], day: Mapping[str, date]) -> list[Recovery]:
    answers = [reading for reading in readings if reading.observable == "toxicity_recovered" and reading.signed]
    return [Recovery(day[reading.id + reading.observable], reading.value is True) for reading in answers]


def _recovered(held: Sequence[Interruption], readings: Sequence[Reading], day: Mapping[str, date]) -> bool | None:
    """Has the last interruption recovered? None where nobody said."""
    if not held:
        return None
    answers = [answer for answer in _recoveries(readings, day) if answer.on >= held[-1].start]
    return answers[-1].recovered if answers else None


def _said(observable: str, readings: Sequence[Reading], day: Mapping[str, date]) -> list[Said]:
    """The signed words of one observable, with their days."""
    signed = [reading for reading in readings if reading.observable == observable and reading.signed]
    return [Said(day[r.id + observable], r.value) for r in signed if isinstance(r.value, str)]


def _given_on(layout: Layout) -> list[date]:
    """The local day of every dose given."""
    return [layout.local(slot.dose) for slot in layout.every() if slot.state == Given.GIVEN and slot.dose]


def _anchors(layout: Layout, point: Slot | None) -> dict[str, datetime | None]:
    """The instants that pickers count from."""
    given = [slot for slot in layout.every() if slot.state == Given.GIVEN and slot.dose]
    begun = [cycle for cycle in layout.cycles if cycle.counted and (point is None or cycle.number < point.cycle)]
    same = [cycle for cycle in layout.cycles if cycle.counted and point is not None and cycle.number == point.cycle]
    return {
        "first_dose_at": given[0].dose.start if given and given[0].dose else None,
        "last_dose_at": max((slot.dose.end for slot in given if slot.dose), default=None),
        "cycle_day1_at": _first(same[-1]) if same else None,
        "prior_day1_at": _first(begun[-1]) if begun else None,
    }


def _first(cycle: Cycle) -> datetime | None:
    first = cycle.given[0].dose
    return first.start if first else None
