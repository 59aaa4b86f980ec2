"""The earliest safe date of the dose at hand, and the one reason that binds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from posology.course import Course, Slot
from posology.decide import LETS_THROUGH, Decision
from posology.knowledge import RANK, Edition


@dataclass(frozen=True, slots=True)
class Earliest:
    """A date and why not sooner. The date is None where no date alone makes the dose safe."""

    date: date | None
    because: str


def free_from(course: Course, edition: Edition) -> date | None:
    """The first day that keeps the minimum after every dose given, or that may have been; None before the first."""
    last = course.last_possible_on
    return last + timedelta(days=edition.regimen.min_days) if last else None


def last_day(slot: Slot, edition: Edition) -> date | None:
    """The last day of its cycle on which this dose may be given; Day 1 has none."""
    start = slot.first_planned_on - timedelta(days=slot.day - 1)
    return start + timedelta(days=edition.regimen.last_day_for_a_dose - 1) if slot.number > 1 else None


def calendar(course: Course, edition: Edition) -> Earliest:
    """As far as the calendar goes: today, the window, the end of the cycle, the minimum between doses."""
    point, regimen = course.point, edition.regimen
    if point is None:
        return Earliest(None, "nobody has said whether treatment has begun")
    reasons = [(course.today, "nothing in the calendar stands against today")]
    free, last = free_from(course, edition), course.last_possible_on
    if free:
        doubt = " that may have been given" if last != course.last_dose_on else ""
        reasons.append((free, f"{regimen.min_days} days after the dose of {last}{doubt}"))
    if point.number > 1:
        opens = point.first_planned_on - timedelta(days=regimen.window_days)
        reasons.append((opens, f"window of Day {point.day} opens (±{regimen.window_days} days)"))
    elif point.cycle > 1:
        before = course.cycles[point.cycle - 2]
        assert before.day1
        end = before.day1 + timedelta(days=regimen.length(before.number))
        reasons.append((end, f"nominal end of cycle {before.number}"))
    found = Earliest(*max(reasons, key=lambda reason: reason[0]))
    closes = last_day(point, edition)
    if closes and found.date and found.date > closes:
        return Earliest(None, f"no day is left in this cycle: {found.because}, and none after {closes}")
    return found


def earliest(course: Course, decision: Decision, edition: Edition) -> Earliest:
    """The calendar's date, or none where the verdict rests on something that no date mends."""
    found = calendar(course, edition)
    if decision.verdict in LETS_THROUGH or found.date is None:
        return found
    if decision.verdict == "ask":
        return Earliest(found.date, f"{found.because}; not before what is missing is known")
    rows = [
        finding.row.id.replace("_", " ")
        for answer in decision.answers.values()
        for finding in answer.findings
        if finding.state == "holds" and finding.row.then == decision.verdict
    ]
    if decision.verdict == "wait" and found.date > course.today:
        return found
    if RANK[decision.verdict] <= RANK["wait"]:
        return Earliest(found.date, f"{found.because}; first settle: {', '.join(rows)}")
    return Earliest(None, f"no date while this stands: {', '.join(rows)}")
