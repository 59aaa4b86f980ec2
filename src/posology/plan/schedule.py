"""The course ahead: every dose still to come, its window, and what it becomes in remission or not. No verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from posology.course import Course, Slot
from posology.decide import Decision, carried
from posology.facts import Fact, Gathered
from posology.knowledge import Edition
from posology.language import Value
from posology.plan.earliest import free_from, last_day

ENDS = ("discontinue", "not_eligible")


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


def dropped(course: Course, decision: Decision, edition: Edition) -> list[Slot]:
    """The doses of the running cycle that an interruption drops, or for which no day is left."""
    if course.point is None:
        return []
    ruled = _ruled(course, course.point, decision)
    late = [slot for slot, on in _moved(course, _rest(course, course.point, ruled), edition) if _too_late(slot, on, edition)]
    return [slot for slot in _rest(course, course.point, []) if slot in ruled or slot in late]


def _ruled(course: Course, point: Slot, decision: Decision) -> list[Slot]:
    omitting = [
        finding.row.id
        for question in ("interruption_now", "window")
        if question in decision.answers
        for finding in decision.answers[question].findings
        if finding.state == "holds" and finding.row.then == "omit"
    ]
    rest = _rest(course, point, []) if omitting else []
    return rest if "omit_remaining_doses" in omitting else rest[:1]


def _rest(course: Course, point: Slot, without: Sequence[Slot]) -> list[Slot]:
    slots = course.cycles[point.cycle - 1].slots
    return [slot for slot in slots if slot.number >= point.number and not slot.settled and slot not in without]


def _too_late(slot: Slot, on: date, edition: Edition) -> bool:
    """Past the last day of its cycle; where Day 1 itself still moves, the later doses have moved with it."""
    closes = last_day(slot, edition)
    return closes is not None and on > closes


def schedule(
    course: Course, facts: Gathered, edition: Edition, level: str, decision: Decision, without: Sequence[Slot]
) -> tuple[Visit, ...]:
    """The rest of the running cycle, without the doses that are dropped, and the whole next one. None once it ends."""
    point = course.point
    if point is None or decision.verdict in ENDS:
        return ()
    rest = _moved(course, _rest(course, point, without), edition)
    visits = [_visit(slot.cycle, slot, on, facts, edition, level) for slot, on in rest]
    if not _another(point, facts, edition):
        return tuple(visits)
    ladder = decision.answers.get("level_next_cycle")
    due = ladder.sets.get("level") if ladder else None
    later = edition.regimen.lower(level, due) if isinstance(due, str) else level
    return tuple(visits + _next_cycle(course, visits, facts, edition, later))


def _another(point: Slot, facts: Gathered, edition: Edition) -> bool:
    """May a cycle follow this one, as far as the limits on their number go?"""
    regimen, third = edition.regimen, facts["third_cycle_before_transplant"].value is True
    most = [regimen.max_cycles]
    if regimen.cycles_before_transplant is not None and facts["transplant_intent"].value == "proceeding":
        most.append(regimen.cycles_before_transplant + (1 if third else 0))
    return point.cycle < min(most)


def _moved(course: Course, rest: Sequence[Slot], edition: Edition) -> list[tuple[Slot, date]]:
    """Each dose on its day, none before today, none sooner after the last than the minimum; Day 1 moves the others."""
    moved: list[tuple[Slot, date]] = []
    soonest = max(course.today, free_from(course, edition) or course.today)
    for slot in rest:
        on = max(slot.planned_on, soonest)
        if moved and moved[0][0].number == 1:
            nominal = moved[0][1] + timedelta(days=slot.day - 1)
            slot, on = replace(slot, first_planned_on=nominal), max(nominal, soonest)
        moved.append((slot, on))
        soonest = on + timedelta(days=edition.regimen.min_days)
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
        state=str(slot.state),
        mg_per_m2=amount(cycle, slot.number, now, edition, level),
        in_remission=amount(cycle, slot.number, ("cr", False), edition, level),
        without_remission=amount(cycle, slot.number, ("none", had is True), edition, level),
        level=level,
    )


def window(slot: Slot, on: date, edition: Edition) -> tuple[date, date | None]:
    """The days a dose may move to for convenience. Day 1 has no stated tolerance."""
    closes = last_day(slot, edition)
    if closes is None:
        return on, None
    regimen = edition.regimen
    cycle_start = slot.first_planned_on - timedelta(days=slot.day - 1)
    opens = max(on - timedelta(days=regimen.window_days), cycle_start + timedelta(days=regimen.min_days))
    return opens, min(max(on, slot.first_planned_on + timedelta(days=regimen.window_days)), closes)


Responded = tuple[Value | None, Value | None]
"""A response, and whether it is the loss of one."""


def amount(cycle: int, dose: int, response: Responded, edition: Edition, level: str) -> Decimal | None:
    """mg/m² of one dose by the regimen table and the level, for a response that is, or is not, a loss; None: not said."""
    asked, known = (cycle, dose, response), edition.once(_full_amounts)
    if asked not in known:
        known[asked] = _full_amount(*asked, edition)
    found = known[asked]
    return None if found is None else found * edition.regimen.factors[level]


def _full_amounts(edition: Edition) -> dict[tuple[int, int, Responded], Decimal | None]:
    """The amounts asked so far, by cycle, dose and response: a course has few, and every visit asks three of them."""
    return {}


def _full_amount(cycle: int, dose: int, response: Responded, edition: Edition) -> Decimal | None:
    known: Mapping[str, Value | None] = {
        "cycle": Decimal(cycle),
        "dose_number": Decimal(dose),
        "response": response[0],
        "response_lost": response[1],
    }
    found = carried(edition.tables["regimen"], known).get("mg_per_m2")
    return found if isinstance(found, Decimal) else None


def _next_cycle(course: Course, visits: list[Visit], facts: Gathered, edition: Edition, level: str) -> list[Visit]:
    point = course.point
    assert point
    start = _next_start(course, point, visits, edition)
    number = point.cycle + 1
    slots = [
        Slot(number, index, day, on, on, on)
        for index, day in enumerate(edition.regimen.days, start=1)
        for on in [start + timedelta(days=day - 1)]
        if index == 1 or _kept(day, level, facts, edition)
    ]
    unknown = {**facts, "response": Fact(why="not_asked")}
    return [_visit(number, slot, slot.planned_on, unknown, edition, level) for slot in slots]


def _next_start(course: Course, point: Slot, visits: list[Visit], edition: Edition) -> date:
    """Not before today, the planned end of the running cycle, or the minimum after its last dose."""
    regimen = edition.regimen
    begins = visits[0].planned_on if point.number == 1 and visits else course.cycles[point.cycle - 1].day1
    end = (begins or course.today) + timedelta(days=regimen.planned_length(point.cycle, course.extended))
    last = [visit.planned_on + timedelta(days=regimen.min_days) for visit in visits]
    return max([course.today, end, free_from(course, edition) or end, *last])


def _kept(day: int, level: str, facts: Gathered, edition: Edition) -> bool:
    """At fewer doses a cycle only the day that was picked; none is chosen silently."""
    return edition.regimen.doses[level] >= len(edition.regimen.days) or facts["second_dose_day"].value == day
