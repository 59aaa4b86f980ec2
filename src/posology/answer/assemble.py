"""Record + edition + moment → the public answer. Everything below is pure; nothing here reads a clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from posology.answer.changes import changes
from posology.answer.dosing import figures, level_of
from posology.answer.explain import Scene, reply
from posology.answer.laboratory import laboratory
from posology.answer.report import DecisionPoint, Disputed, Next, Reply, Report
from posology.course import Course, fold
from posology.criteria import Graded, Standing
from posology.criteria import answered as answered_criteria
from posology.decide import LETS_THROUGH, Decision, answered, decide_facts
from posology.facts import Gathered, gather, stated, values
from posology.knowledge import Edition
from posology.language import Facts, Value
from posology.plan import Looks, Visit, calendar, dropped, due, earliest, schedule, windows
from posology.record import Note, Record
from posology.version import VERSION


def decide(record: Record, *, at: datetime, edition: Edition, zone: ZoneInfo) -> Report:
    """May the next dose be given at `at`? The whole answer for the decision point of this record."""
    course = fold(record, edition.regimen, at, zone)
    facts = gather(record, course, edition, at, zone)
    known = values(facts)
    stale = {name: fact.stale for name, fact in facts.items() if fact.stale is not None}
    decision = decide_facts(edition.tables, known, stale)
    scene = Scene(facts, {**known, **stale}, edition.facts, zone)
    amounts = figures(record, course, decision, facts, edition, zone)
    level = level_of(decision, facts, edition) or edition.regimen.levels[0]
    soonest = earliest(course, decision, edition)
    without = dropped(course, decision, edition)
    visits = schedule(course, facts, edition, level, decision, without)
    released = decision.verdict in LETS_THROUGH and amounts is not None
    verdict = decision.verdict if released or decision.verdict not in LETS_THROUGH else "ask"
    return Report(
        version=VERSION,
        knowledge=edition.knowledge,
        edition=edition.id,
        zone=str(zone),
        at=at,
        patient=record.patient.id,
        decision_point=_point(course, calendar(course, edition).date),
        verdict=verdict,
        could_be=decision.could_be,
        answers=tuple(reply(answer, edition.tables[name], scene) for name, answer in decision.answers.items()),
        dose=amounts if released else None,
        not_releasable_estimate=None if released else amounts,
        earliest=soonest,
        due=due(Looks(record, course, facts, edition, at, zone)),
        next=_next(course, visits, decision),
        warnings=(
            *_warnings(record, course, facts, decision, edition, at),
            *(_uncalculated(facts, edition) if verdict != decision.verdict else ()),
            *laboratory(facts, edition),
        ),
        changes=changes(decision, edition, known, stale),
        disputed=disputed(decision, edition, scene.known, with_dose=released),
        visits=visits,
        omitted=tuple(f"cycle {slot.cycle}, dose {slot.number} (Day {slot.day})" for slot in without),
        reproductive=windows(course, facts, edition),
    )


def answer_question(question: str, given: Mapping[str, Value], edition: Edition) -> Reply | Standing | Graded:
    """One question, published set or scale on stated facts, absent meaning unknown. Raises KeyError where there is none."""
    table = edition.tables.get(question) or edition.criteria.get(question)
    if table is None:
        return answered_criteria(question, given, edition)
    facts = stated(given, edition)
    known = values(facts)
    return reply(answered(table, known, {}), table, Scene(facts, known, edition.facts))


def _point(course: Course, earliest_on: date | None) -> DecisionPoint:
    point = course.point
    if point is None:
        return DecisionPoint(None, None, None, None, None)
    return DecisionPoint(point.cycle, point.number, point.day, point.planned_on, earliest_on)


def _next(course: Course, visits: tuple[Visit, ...], decision: Decision) -> Next:
    """What follows, in a line each."""
    if course.point is None:
        return Next("", "sign the review before the first dose, or record the doses given so far")
    later = [visit for visit in visits if (visit.cycle, visit.dose) != (course.point.cycle, course.point.number)]
    given = f"next: cycle {later[0].cycle}, dose {later[0].dose}, planned on {later[0].planned_on}" if later else ""
    asked = [name for answer in decision.answers.values() for name in answer.missing]
    missing = f"; settle first: {', '.join(dict.fromkeys(asked))}" if asked else ""
    doing = {
        "discontinue": "treatment ends; no further dose is planned",
        "not_eligible": "no dose of this drug",
        "omit": f"this dose is not made up; {given or 'no further dose is planned'}",
    }
    return Next(
        given if decision.verdict not in doing else "",
        doing.get(decision.verdict, f"record why (given, not done with its reason, or deferred){missing}"),
    )


def _uncalculated(facts: Gathered, edition: Edition) -> tuple[Note, ...]:
    """Nothing stands against the dose, and yet there is none: what its arithmetic lacks."""
    lacking = [name for name in ("level", "weight", "height") if facts[name].value is None]
    asks = [facts[name].ask or edition.facts[name].ask for name in lacking]
    said = "; ".join(asks) or "no amount meets both the rounding policy and the product: ask the pharmacist"
    return (Note("no_amount", f"the dose cannot be calculated: {said}"),)


def _monitored(fact: str, edition: Edition) -> bool:
    """Does this edition ask for the fact before a dose?"""
    return any(fact in item.needs for item in edition.monitoring)


def _warnings(
    record: Record, course: Course, facts: Gathered, decision: Decision, edition: Edition, at: datetime
) -> tuple[Note, ...]:
    notes, at = list(record.notes), at.astimezone(UTC)
    later = [reading for reading in record.readings if reading.at > at]
    doses = [dose for dose in record.doses if dose.start > at]
    if later or doses:
        notes.append(Note("after_at", f"{len(later) + len(doses)} events after the moment of decision were ignored"))
    if facts["alp"].value is None and course.point is not None and _monitored("alp", edition):
        notes.append(Note("alp_missing", f"alkaline phosphatase is {facts['alp'].why}: obtain it; alone it holds nothing"))
    notes += [
        Note("truncated_cycle", f"cycle {cycle.number} had {len(cycle.given)} dose(s) and counts: confirm it")
        for cycle in course.cycles
        if cycle.counted and course.point and cycle.number < course.point.cycle and len(cycle.given) < len(cycle.slots)
    ]
    notes += _interrupted_apart(course)
    recalled = sorted({
        finding.row.id
        for answer in decision.answers.values()
        for finding in answer.findings
        if finding.row.seen == "recalled" and finding.state == "holds"
    })  # fmt: skip
    if recalled:
        notes.append(Note("recalled", f"label wording not verified: {', '.join(recalled)}"))
    return tuple(notes)


def _interrupted_apart(course: Course) -> list[Note]:
    """Several interruptions of one cycle: each counts alone, the sum is shown."""
    if course.running is None:
        return []
    held = [hold for hold in course.interruptions if hold.slot.cycle == course.running.number and hold.days > 0]
    if len(held) < 2:
        return []
    each = " and ".join(str(hold.days) for hold in held)
    text = f"cycle {course.running.number} was interrupted for {each} days, {sum(hold.days for hold in held)} in all"
    return [Note("interruptions_apart", f"{text}; each interruption counts alone")]


def disputed(decision: Decision, edition: Edition, known: Facts, *, with_dose: bool) -> tuple[Disputed, ...]:
    """Contested points that this answer meets. `known` has stale values put in: what proves a danger counts here too."""
    settled = {
        name
        for answer in decision.answers.values()
        for finding in answer.findings
        for name in finding.row.settles
        if finding.state == "holds"
    }
    return tuple(
        Disputed(name, point.text)
        for name, point in edition.contested.items()
        if (point.with_dose and with_dose) or (point.test(known) is True if point.test else name in settled)
    )
