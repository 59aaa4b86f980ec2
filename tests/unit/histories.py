"""Courses of a few doses by day of the course, for the tests of the course and the plan. Judges nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from posology.answer import Report, decide
from posology.course import Course, fold
from posology.facts import Fact, gather
from posology.knowledge import load_edition
from posology.record import Dose, Given, Patient, Reading, Record

ZONE = ZoneInfo("America/New_York")
START = date(2026, 3, 2)
US = load_edition("us")
GIVEN, OMITTED, DEFERRED, UNKNOWN = Given.GIVEN, Given.OMITTED, Given.DEFERRED, Given.UNKNOWN


def on(day: int) -> date:
    """Day 1 is the first day of the course."""
    return START + timedelta(days=day - 1)


def moment(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(on(day), time(hour, minute), ZONE)


def dose(day: int, given: Given = GIVEN, *, hour: int = 10, hours: int = 1, reason: str | None = None, id: str = "") -> Dose:
    """One administration of one hour, or one that did not take place."""
    start = moment(day, hour)
    why = reason or ("toxicity" if given in (OMITTED, DEFERRED) else None)
    end = start.astimezone(UTC) + timedelta(hours=hours)
    return Dose(id or f"{given}-{day}-{hour}", start.astimezone(UTC), end, given, reason=why)


def doses(*days: int) -> list[Dose]:
    """Doses given on these days."""
    return [dose(day) for day in days]


def said(observable: str, day: int, value: Decimal | str | bool = True, hour: int = 9) -> Reading:
    """A signed statement."""
    return Reading(f"{observable}-{day}-{hour}", observable, moment(day, hour).astimezone(UTC), value, signed=True)


def record(given: list[Dose], *readings: Reading) -> Record:
    ordered = tuple(sorted(readings, key=lambda reading: reading.at))
    return Record(Patient("p"), ordered, tuple(sorted(given, key=lambda one: one.start)))


def course(given: list[Dose], day: int, *readings: Reading, hour: int = 12) -> Course:
    return fold(record(given, *readings), US.regimen, moment(day, hour), ZONE)


def fact(name: str, given: list[Dose], day: int, *readings: Reading, hour: int = 12) -> Fact:
    whole = record(given, *readings)
    return gather(whole, course(given, day, *readings, hour=hour), US, moment(day, hour), ZONE)[name]


def answer(given: list[Dose], day: int, *readings: Reading, hour: int = 12) -> Report:
    return decide(record(given, *readings), at=moment(day, hour), edition=US, zone=ZONE)


def rows(report: Report, question: str, state: str = "holds") -> set[str]:
    """The rows of one question that hold (or are open)."""
    (reply,) = [reply for reply in report.answers if reply.question == question]
    return {finding.row for finding in reply.findings if finding.state == state}


def action(report: Report, question: str) -> str:
    (reply,) = [reply for reply in report.answers if reply.question == question]
    return reply.action


def place(found: Course) -> tuple[int, int] | None:
    """Cycle and dose of the decision point."""
    return (found.point.cycle, found.point.number) if found.point else None
