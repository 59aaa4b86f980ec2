"""The course ahead: every dose still to come, its window, and what it becomes in remission or not. No verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from posology.course import Course, Slot
from posology.decide import Decision, carried
from posology.facts import Fact, Gathered
from posology.knowledge import Edition
from posology.language import Value


@dataclass(frozen=True, slots=True)
class Visit:
    """One planned dose. `from_on` and `to_on` are its window; mg/m² where settled, else by response."""

    cycle: int
    dose: int
    day: int
    planned_on: date
    from_on: date
    to_on: date | None
    state: str
    mg_per_m2: Decimal | None
    in_remission: Decimal | None
    without_remission: Decimal | None
    level: str


def dropped(course: Course, decision: Decision) -> list[Slot]:
    """The doses of the running cycle that an interruption or the last day for a dose drops."""
    omitting = [
        finding.row.id
        for question in ("interruption_now", "window")
        for finding in decision.answers[question].findings
        if finding.state == "holds" and finding.row.then == "omit"
    ]
    if course.point is None or not omitting:
        return []
    rest = [slot for slot in course.cycles[course.point.cycle - 1].slots if not slot.settled]
    return rest if "omit_remaining_doses" in omitting else rest[:1]


def schedule(course: Course, facts: Gathered, edition: Edition, level: str, without: list[Slot]) -> tuple[Visit, ...]:
    """The rest of the running cycle, without the doses that are dropped, and the whole next one."""
    if course.point is None:
        return ()
    cycle = course.cycles[course.point.cycle - 1]
    rest = [slot for slot in cycle.slots if not slot.settled and slot not in without]
    visits = [_visit(slot.cycle, slot, on, facts, edition, level) for slot, on in _moved(rest, course.today, edition)]
    if course.point.cycle >= edition.regimen.max_cycles:
        return tuple(visits)
    return tuple(visits + _next_cycle(course, visits, facts, edition, level))


def _moved(rest: list[Slot], today: date, edition: Edition) -> list[tuple[Slot, date]]:
    """Each dose on its day, none before today, none sooner after the last than the minimum."""
    moved: list[tuple[Slot, date]] = []
    for slot in rest:
        after = moved[-1][1] + timedelta(days=edition.regimen.min_days) if moved else today
        moved.append((slot, max(slot.planned_on, after)))
    return moved


def _visit(cycle: int, slot: Slot, on: date, facts: Gathered, edition: Edition, level: str) -> Visit:
    from_on, to_on = window(slot, on, edition)
    now, had = (facts["response"].value, facts["response_lost"].value), facts["best_response_remission"].value
    return Visit(
        cycle=cycle,
        dose=slot.number,
        day=slot.day,
        planned_on=on,
        from_on=from_on,
        to_on=to_on,
        state="too late for this cycle" if to_on and on > to_on else str(slot.state),
        mg_per_m2=amount(cycle, slot.number, now, edition, level),
        in_remission=amount(cycle, slot.number, ("cr", False), edition, level),
        without_remission=amount(cycle, slot.number, ("none", had is True), edition, level),
        level=level,
    )


def window(slot: Slot, on: date, edition: Edition) -> tuple[date, date | None]:
    """The days a dose may move to for convenience. Day 1 has no stated tolerance."""
    if slot.number == 1:
        return on, None
    regimen = edition.regimen
    cycle_start = slot.first_planned_on - timedelta(days=slot.day - 1)
    last = cycle_start + timedelta(days=regimen.last_day_for_a_dose - 1)
    return max(on - timedelta(days=regimen.window_days), cycle_start + timedelta(days=regimen.min_days)), min(
        max(on, slot.first_planned_on + timedelta(days=regimen.window_days)), last
    )


def amount(
    cycle: int, dose: int, response: tuple[Value | None, Value | None], edition: Edition, level: str
) -> Decimal | None:
    """mg/m² of one dose by the regimen table and the level, for a response that is, or is not, a loss; None: not said."""
    known: Mapping[str, Value | None] = {
        "cycle": Decimal(cycle),
        "dose_number": Decimal(dose),
        "response": response[0],
        "response_lost": response[1],
    }
    found = carried(edition.tables["regimen"], known).get("mg_per_m2")
    return found * edition.regimen.factors[level] if isinstance(found, Decimal) else None


def _next_cycle(course: Course, visits: list[Visit], facts: Gathered, edition: Edition, level: str) -> list[Visit]:
    regimen, point = edition.regimen, course.point
    assert point
    running = course.cycles[point.cycle - 1]
    day1 = running.day1 or running.slots[0].planned_on
    last = max([visit.planned_on for visit in visits], default=day1)
    start = max(day1 + timedelta(days=regimen.length(point.cycle)), last + timedelta(days=regimen.min_days))
    number = point.cycle + 1
    slots = [
        Slot(number, index, day, start + timedelta(days=day - 1), start + timedelta(days=day - 1))
        for index, day in enumerate(regimen.days, start=1)
    ]
    unknown = {**facts, "response": Fact(why="not_asked")}
    return [_visit(number, slot, slot.planned_on, unknown, edition, level) for slot in slots]
