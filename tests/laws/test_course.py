"""Laws of the course and the plan over every story and random histories, against a naive count of the raw events."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache, lru_cache

import pytest

from posology.answer import Report, decide
from posology.course import Course, fold
from posology.decide import verdict
from posology.facts import Gathered, gather, values
from posology.knowledge import load_edition
from posology.record import Given
from tests.laws.courses import History, history
from tests.laws.patients import everybody
from tests.unit import histories as told

US = load_edition("us")
FEW, MANY = range(100), range(100, 12_000)
MAYBE = (Given.GIVEN, Given.UNKNOWN)
MIN_DAYS = US.regimen.min_days


@cache
def stories() -> tuple[History, ...]:
    return tuple(History(one.record, one.at.astimezone(one.zone), one.zone) for one in everybody(range(60)))


@cache
def few() -> tuple[History, ...]:
    return (*stories(), *(history(seed) for seed in FEW))


@lru_cache(maxsize=2 * len(FEW))
def folded(one: History) -> tuple[Course, Gathered]:
    course = fold(one.record, US.regimen, one.at, one.zone)
    return course, gather(one.record, course, US, one.at, one.zone)


@lru_cache(maxsize=2 * len(FEW))
def answered(one: History) -> Report:
    return decide(one.record, at=one.at, edition=US, zone=one.zone)


def action(report: Report, question: str) -> str:
    return next(reply.action for reply in report.answers if reply.question == question)


def law_no_event_is_lost(one: History) -> None:
    """Every dose given is administered once; every dose of unknown status stands until its day says it was not given."""
    course, _ = folded(one)
    assert sorted(dose.id for dose in course.administered) == sorted(dose.id for dose in one.seen(Given.GIVEN))
    denied = {one.day(dose.start) for dose in one.seen(Given.OMITTED, Given.DEFERRED)}
    unknown = {dose.id for dose in one.seen(Given.UNKNOWN) if one.day(dose.start) not in denied}
    assert unknown <= {dose.id for dose in course.doubtful}
    placed = [slot.dose.id for cycle in course.cycles for slot in cycle.whole if slot.dose]
    assert len(placed) == len(set(placed))


def law_the_interval_is_the_naive_one(one: History) -> None:
    course, facts = folded(one)
    last, maybe, known = one.last_end(Given.GIVEN), one.last_end(*MAYBE), facts["days_since_last_dose"].value
    if known is not None:
        assert last is not None and known == (one.today - last).days
        assert course.doubtful or last == maybe or _denied(one, course)
    report = answered(one)
    if maybe is not None and (one.today - maybe).days < MIN_DAYS and not _denied(one, course):
        assert action(report, "interval") in ("wait", "ask")
        assert report.dose is None and not report.green
    if last is not None and (one.today - last).days < MIN_DAYS:
        assert report.dose is None and not report.green


def _denied(one: History, course: Course) -> bool:
    """Was a dose of unknown status settled as not given?"""
    return len(one.seen(Given.UNKNOWN)) > len([dose for dose in course.doubtful if dose.given is Given.UNKNOWN])


def law_a_short_gap_or_a_doubt_reaches_the_record_question(one: History) -> None:
    course, facts = folded(one)
    gap, explained = one.shortest_gap(), one.record.of("unexpected_dose_explained")
    if gap is not None and gap < MIN_DAYS and not explained:
        assert course.unexpected or course.twice
        assert facts["unexpected_doses"].value != 0
        assert action(answered(one), "record") in ("ask", "wait", "interrupt")
        if course.unexpected:
            assert action(answered(one), "record") == "interrupt"
    if course.doubtful:
        assert facts["unrecorded_doses"].value != 0
        assert not answered(one).green


def law_no_cycle_holds_more_than_its_doses_unseen(one: History) -> None:
    course, _ = folded(one)
    for cycle in course.cycles:
        taken = [slot for slot in cycle.whole if slot.taken]
        assert len(taken) <= len(US.regimen.days)
        assert {dose.id for dose in cycle.extra} <= {
            dose.id for dose in (*course.unexpected, *course.twice, *course.doubtful)
        } or (any(slot.state == Given.UNKNOWN for slot in cycle.whole))


def law_caps_are_never_passed(one: History) -> None:
    course, _ = folded(one)
    counted = len([cycle for cycle in course.cycles if cycle.counted])
    report = answered(one)
    if course.point is not None and counted >= US.regimen.max_cycles and course.point.cycle > US.regimen.max_cycles:
        assert report.dose is None and not report.green
    assert all(visit.cycle <= US.regimen.max_cycles for visit in report.visits if course.point.cycle < visit.cycle)


def law_the_plan_keeps_the_calendar(one: History) -> None:
    report = answered(one)
    course, _ = folded(one)
    maybe, last = course.last_possible_on, one.last_end(Given.GIVEN)
    before = max((day for day in (maybe, last) if day), default=None)
    day1 = course.cycles[course.point.cycle - 1].day1 if course.point else None
    for visit in report.visits:
        assert visit.planned_on >= one.today
        assert before is None or (visit.planned_on - before).days >= MIN_DAYS
        if visit.dose == 1:
            day1 = visit.planned_on
        elif day1 is not None:
            assert (visit.planned_on - day1).days < US.regimen.last_day_for_a_dose
        before = visit.planned_on
    soonest = report.decision_point.earliest_on
    assert soonest is None or maybe is None or (soonest - maybe).days >= MIN_DAYS


def law_the_level_never_rises(one: History) -> None:
    """From dose to dose the level that a dose would have stays or falls: what is in force, or signed lower."""
    levels = US.regimen.levels
    seen: list[int] = []
    for dose in one.record.doses:
        course = fold(one.record, US.regimen, dose.start, one.zone)
        said = [str(one.value) for one in one.record.of("dose_level") if one.signed and one.at <= dose.start]
        lower = US.regimen.lower(course.level.name, said[-1]) if said else course.level.name
        seen.append(levels.index(lower))
    if not one.record.of("recovery_date_confirmed"):  # signed later, it may shorten an interruption of before
        assert seen == sorted(seen)


def law_nothing_after_confirmed_vod(one: History) -> None:
    confirmed = [r for r in one.record.of("vod_review") if r.value == "confirmed" and r.at <= one.at and r.signed]
    if confirmed:
        report = answered(one)
        assert report.dose is None and report.visits == () and report.verdict in ("discontinue", "not_eligible")


def law_a_doubt_more_is_never_greener(one: History) -> None:
    """The verdict of a record in which one dose given becomes a dose of unknown status is never green."""
    given = one.seen(Given.GIVEN)
    if not given:
        return
    spoilt = replace(given[-1], given=Given.UNKNOWN)
    doses = tuple(spoilt if dose is given[-1] else dose for dose in one.record.doses)
    other = History(replace(one.record, doses=doses), one.at, one.zone)
    _, facts = folded(other)
    stale = {name: fact.stale for name, fact in facts.items() if fact.stale is not None}
    if not any(one.day(dose.start) == one.day(spoilt.start) for dose in one.seen(Given.OMITTED, Given.DEFERRED)):
        assert verdict(US.tables, values(facts), stale)[0] not in ("give", "give_with_review")


LAWS = [law for name, law in sorted(globals().items()) if name.startswith("law_")]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_law_holds_for_every_story_and_some_hundred_histories(law) -> None:
    for one in few():
        law(one)


@pytest.mark.long
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_law_holds_for_thousands_of_histories(law) -> None:
    for seed in MANY:
        law(history(seed))


def test_the_histories_reach_what_the_laws_speak_of() -> None:
    reached = [folded(one)[0] for one in few()]
    for what in ("doubtful", "unexpected", "twice", "interruptions"):
        assert len([course for course in reached if getattr(course, what)]) > 10, what
    assert len([course for course in reached if len(course.cycles) > US.regimen.max_cycles]) > 0
    assert any(course.last_dose_on != course.last_possible_on for course in reached)


@pytest.mark.parametrize(
    ("last", "today"),
    [
        (date(2024, 2, 26), date(2024, 3, 3)),  # over a leap day
        (date(2025, 3, 6), date(2025, 3, 12)),  # clocks forward in New York
        (date(2025, 10, 30), date(2025, 11, 5)),  # and back
        (date(2025, 12, 29), date(2026, 1, 4)),  # the year ends
    ],
)
def test_six_calendar_days_are_six_whatever_the_clock_and_the_year_do(last: date, today: date) -> None:
    shift = (last - told.START).days + 1
    for day, enough in ((today, True), (today - timedelta(days=1), False)):
        report = told.answer(told.doses(shift), (day - told.START).days + 1, hour=23)
        assert ("under_6_days" not in told.rows(report, "interval")) is enough
