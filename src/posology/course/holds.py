"""Interruptions of a course: from the planned date of the first withheld dose to documented recovery. No rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from posology.course.slots import Slot

TOXICITY, COUNTS, UNSTATED = "toxicity", "counts", "unstated"
INTERRUPTING = (TOXICITY, COUNTS, UNSTATED)


@dataclass(frozen=True, slots=True)
class Interruption:
    """`days` runs to the first result that shows recovery (or to today); `days_at_least` to the earliest recovery possible.

    A hold whose reason nobody stated may be either kind: its `kind` is `unstated`.
    """

    start: date
    end: date | None
    days: int
    days_at_least: int
    kind: str
    slot: Slot


@dataclass(frozen=True, slots=True)
class Recovery:
    """One dated, signed answer to: has it recovered?"""

    on: date
    recovered: bool


def interruptions(slots: Sequence[Slot], answers: Sequence[Recovery], today: date) -> list[Interruption]:
    """Every interruption, each once: holds that fall before the recovery of an earlier one belong to it."""
    found: list[Interruption] = []
    for slot in slots:
        kinds = [hold.reason or UNSTATED for hold in slot.holds]
        kinds = [kind for kind in kinds if kind in INTERRUPTING]
        if not kinds or _covered(slot, found):
            continue
        found.append(_interruption(slot, _kind(kinds), answers, slots, today))
    return found


def _covered(slot: Slot, found: Sequence[Interruption]) -> bool:
    """Does an earlier interruption still run on the day this dose was planned?"""
    return any(other.end is None or slot.first_planned_on < other.end for other in found)


def _kind(kinds: Sequence[str]) -> str:
    if UNSTATED in kinds:
        return UNSTATED
    return TOXICITY if TOXICITY in kinds else COUNTS


def _interruption(slot: Slot, kind: str, answers: Sequence[Recovery], slots: Sequence[Slot], today: date) -> Interruption:
    start = slot.first_planned_on
    shown = next((answer.on for answer in answers if answer.recovered and answer.on >= start), None)
    end = shown or _next_dose(slots, start)
    until = end or today
    still = [answer.on for answer in answers if not answer.recovered and start <= answer.on <= until]
    earliest = (max(still) if still else start) + timedelta(days=1)
    longest = max((until - start).days, 0)
    return Interruption(start, end, longest, min(longest, (earliest - start).days) if end else longest, kind, slot)


def _next_dose(slots: Sequence[Slot], start: date) -> date | None:
    """A dose given later ends an interruption that nobody closed."""
    given = [slot.planned_on for slot in slots if slot.state == "given" and slot.planned_on > start]
    return min(given, default=None)
