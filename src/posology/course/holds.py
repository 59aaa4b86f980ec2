"""Interruptions of a course: from the planned date of the first withheld dose to documented recovery. No rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from posology.course.slots import Days, Slot
from posology.record import Dose, Given

TOXICITY, COUNTS, UNSTATED = "toxicity", "counts", "unstated"
INTERRUPTING = (TOXICITY, COUNTS, UNSTATED)


@dataclass(frozen=True, slots=True)
class Interruption:
    """`days` runs to the first result that shows recovery (or to today); `days_at_least` to the earliest recovery possible.

    A hold whose reason nobody stated may be either kind: its `kind` is `unstated`. `end` is the day of recovery, or of
    a dose given without one; None while it runs. `recovered` is None where nobody said.
    """

    start: date
    end: date | None
    days: int
    days_at_least: int
    kind: str
    slot: Slot
    recovered: bool | None


@dataclass(frozen=True, slots=True)
class Said:
    """One signed answer with its moment and its local day."""

    at: datetime
    on: date
    yes: bool


@dataclass(frozen=True, slots=True)
class Words:
    """What was signed of interruptions: has it recovered, and was recovery no earlier than the result that shows it."""

    recovered: Sequence[Said]
    no_earlier: Sequence[Said]


def interruptions(slots: Sequence[Slot], given: Sequence[Dose], words: Words, days: Days, today: date) -> list[Interruption]:
    """Every interruption, each once: holds that fall before the recovery of an earlier one belong to it."""
    found: list[Interruption] = []
    for slot in slots:
        if _interrupting(slot) and not _covered(slot, found):
            found.append(_interruption(slot, given, words, days, today))
    return found


def interrupted_days(slot: Slot, on: date, words: Words, days: Days) -> int:
    """For how long a dose had been withheld for toxicity or counts by a day on which one was given."""
    kinds = {hold.reason for hold in slot.holds}
    if kinds.isdisjoint((TOXICITY, COUNTS)):
        return 0
    until = [answer for answer in words.recovered if answer.on <= on]
    return _interruption(slot, (), Words(until, words.no_earlier), days, on).days


def _interrupting(slot: Slot) -> list[Dose]:
    return [hold for hold in slot.holds if (hold.reason or UNSTATED) in INTERRUPTING]


def _covered(slot: Slot, found: Sequence[Interruption]) -> bool:
    """Does an earlier interruption still run on the day this dose was planned?"""
    return any(other.end is None or slot.due_on < other.end for other in found)


def _kind(holds: Sequence[Dose]) -> str:
    kinds = [hold.reason or UNSTATED for hold in holds]
    if UNSTATED in kinds:
        return UNSTATED
    return TOXICITY if TOXICITY in kinds else COUNTS


def _interruption(slot: Slot, given: Sequence[Dose], words: Words, days: Days, today: date) -> Interruption:
    holds, start = _interrupting(slot), slot.due_on
    first = min(hold.start for hold in holds)
    resumed = min((dose.start for dose in given if dose.start > first), default=None)
    said = [answer for answer in words.recovered if answer.at >= first or answer.on >= start]
    said = [answer for answer in said if resumed is None or answer.at < resumed]
    seen = sorted([*said, *_ill(holds, start, days)], key=lambda answer: (answer.at, not answer.yes))
    shown = _shown(seen)
    end = shown or min((days.began(dose) for dose in given if dose.start == resumed), default=None)
    until = end or today
    ill = [answer.on for answer in said if not answer.yes and answer.on <= until]
    longest = max((until - start).days, 0)
    at_least = min(longest, max((max([start, *ill]) + timedelta(days=1) - start).days, 0)) if end else longest
    actual = at_least if shown and _earlier(words.no_earlier, shown, given) else longest
    return Interruption(
        start, end, actual, at_least, _kind(holds), slot, True if shown else False if _denied(said) else None
    )


def _ill(holds: Sequence[Dose], start: date, days: Days) -> Iterator[Said]:
    """A dose put off, or left out on its day, says that there was no recovery then; written up later it says nothing."""
    for hold in holds:
        if hold.given is Given.DEFERRED or days.began(hold) <= start:
            yield Said(hold.start, days.began(hold), False)


def _shown(seen: Sequence[Said]) -> date | None:
    """The first answer that shows recovery and that no later one takes back; at one instant, no recovery rules."""
    last_ill = max((answer.at for answer in seen if not answer.yes), default=None)
    return next((answer.on for answer in seen if answer.yes and (last_ill is None or answer.at > last_ill)), None)


def _denied(said: Sequence[Said]) -> bool:
    return any(not answer.yes for answer in said)


def _earlier(no_earlier: Sequence[Said], shown: date, given: Sequence[Dose]) -> bool:
    """Was it signed, before the next dose, that recovery came before the result that shows it?"""
    signed = [answer for answer in no_earlier if answer.on >= shown]
    resumed = min((dose.start for dose in given if signed and dose.start > signed[0].at), default=None)
    before = [answer for answer in signed if resumed is None or answer.at < resumed]
    return bool(before) and not before[-1].yes
