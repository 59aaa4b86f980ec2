"""The earliest safe date of the dose at hand, and the one reason that binds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from posology.course import Course
from posology.decide import LETS_THROUGH, Decision
from posology.knowledge import RANK, Edition


@dataclass(frozen=True, slots=True)
class Earliest:
    """A date and why not sooner. The date is None where no date alone makes the dose safe."""

    date: date | None
    because: str


def calendar(course: Course, edition: Edition) -> Earliest:
    """As far as the calendar goes: today, the window, the end of the cycle, the minimum between doses."""
    point, regimen = course.point, edition.regimen
    if point is None:
        return Earliest(None, "nobody has said whether treatment has begun")
    reasons = [(course.today, "nothing in the calendar stands against today")]
    if course.last_dose_on is not None:
        last = course.last_dose_on
        reasons.append((last + timedelta(days=regimen.min_days), f"{regimen.min_days} days after the dose of {last}"))
    if point.number > 1:
        opens = point.first_planned_on - timedelta(days=regimen.window_days)
        reasons.append((opens, f"window of Day {point.day} opens (±{regimen.window_days} days)"))
    elif course.given:
        before = course.cycles[point.cycle - 2]
        assert before.day1
        end = before.day1 + timedelta(days=regimen.length(before.number))
        reasons.append((end, f"nominal end of cycle {before.number}"))
    return Earliest(*max(reasons, key=lambda reason: reason[0]))


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
