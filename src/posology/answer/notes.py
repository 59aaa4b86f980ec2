"""The notes of an answer: what was set aside or ignored, what counts although it is odd, what could not be reckoned."""

from __future__ import annotations

from datetime import UTC, datetime

from posology.course import Course
from posology.decide import LETS_THROUGH, Decision
from posology.facts import Gathered
from posology.knowledge import Edition
from posology.record import Note, Record


def uncalculated(decision: Decision, facts: Gathered, edition: Edition) -> tuple[Note, ...]:
    """Where nothing stands against the dose, and yet there is none: what its arithmetic lacks."""
    if decision.verdict not in LETS_THROUGH:
        return ()
    lacking = [name for name in ("level", "weight", "height") if facts[name].value is None]
    asks = [facts[name].ask or edition.facts[name].ask for name in lacking]
    said = "; ".join(asks) or "no amount meets both the rounding policy and the product: ask the pharmacist"
    return (Note("no_amount", f"the dose cannot be calculated: {said}"),)


def _monitored(fact: str, edition: Edition) -> bool:
    """Does this edition ask for the fact before a dose?"""
    return any(fact in item.needs for item in edition.monitoring)


def warnings(
    record: Record, course: Course, facts: Gathered, decision: Decision, edition: Edition, at: datetime
) -> tuple[Note, ...]:
    """What the reader must be told beside the findings: of the record, the course, and wording not verified."""
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
