"""Record + edition + moment → the public answer. Everything below is pure; nothing here reads a clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from posology.answer.case import Case, case
from posology.answer.changes import changes
from posology.answer.dosing import figures, level_of, released
from posology.answer.explain import Scene, reply
from posology.answer.notes import uncalculated, warnings
from posology.answer.report import DecisionPoint, Disputed, Next, Reply, Report
from posology.course import Course
from posology.decide import Decision, answered
from posology.facts import stated, values
from posology.knowledge import Edition
from posology.language import Facts, Value
from posology.plan import Looks, Visit, calendar, dropped, due, earliest, schedule, windows
from posology.record import Record
from posology.version import VERSION

if TYPE_CHECKING:
    from posology.criteria import Graded, Standing


def decide(record: Record, *, at: datetime, edition: Edition, zone: ZoneInfo) -> Report:
    """May the next dose be given at `at`? The whole answer for the decision point of this record."""
    return reported(case(record, at=at, edition=edition, zone=zone))


def reported(found: Case) -> Report:
    """The answer to a case already decided."""
    record, course, facts, decision, edition, zone = (
        found.record, found.course, found.facts, found.decision, found.edition, found.zone,
    )  # fmt: skip
    scene = found.scene
    amounts = figures(record, course, decision, facts, edition, zone)
    level = level_of(decision, facts, edition) or edition.regimen.levels[0]
    soonest = earliest(course, decision, edition)
    without = dropped(course, decision, edition)
    visits = schedule(course, facts, edition, level, decision, without)
    verdict, dose = released(decision, amounts)
    return Report(
        version=VERSION,
        knowledge=edition.knowledge,
        edition=edition.id,
        zone=str(zone),
        at=found.at,
        patient=record.patient.id,
        decision_point=_point(course, calendar(course, edition).date),
        verdict=verdict,
        could_be=decision.could_be,
        answers=tuple(reply(answer, edition.tables[name], scene) for name, answer in decision.answers.items()),
        dose=dose,
        not_releasable_estimate=None if dose else amounts,
        earliest=soonest,
        due=due(Looks(record, course, facts, edition, found.at, zone)),
        next=_next(course, visits, decision),
        warnings=warnings(record, course, facts, decision, edition, found.at)
        + (() if dose else uncalculated(decision, facts, edition)),
        changes=changes(decision, edition, found.known, found.stale),
        disputed=disputed(decision, edition, scene.known, with_dose=dose is not None),
        visits=visits,
        omitted=tuple(f"cycle {slot.cycle}, dose {slot.number} (Day {slot.day})" for slot in without),
        reproductive=windows(course, facts, edition),
    )


def answer_question(question: str, given: Mapping[str, Value], edition: Edition) -> Reply | Standing | Graded:
    """One question, published set or scale on stated facts, absent meaning unknown. Raises KeyError where there is none."""
    table = edition.tables.get(question) or edition.criteria.get(question)
    if table is None:
        from posology.criteria import answered as standing  # a decision never needs it: imported when asked for

        return standing(question, given, edition)
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
