"""Planned doses and cycles: each dose given, omitted, deferred, of unknown status or still planned. No rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from posology.record import Dose, Given

PLANNED = "planned"


@dataclass(slots=True)
class Slot:
    """One planned dose of one cycle, by its day in the table (`first_planned_on`).

    `due_on` moves when an earlier dose is late, so that the minimum between doses is kept; `planned_on` is the same
    until the dose is given, then the day it was.
    """

    cycle: int
    number: int
    day: int
    planned_on: date
    first_planned_on: date
    due_on: date
    state: str = PLANNED
    dose: Dose | None = None
    holds: list[Dose] = field(default_factory=list)

    @property
    def settled(self) -> bool:
        """Given or documented as omitted."""
        return self.state in (Given.GIVEN, Given.OMITTED)

    @property
    def taken(self) -> bool:
        """Given, or it may have been."""
        return self.state in (Given.GIVEN, Given.UNKNOWN)


@dataclass(slots=True)
class Cycle:
    """One cycle: the day of its first dose given, or that may have been given, and its planned doses.

    `most` bounds the doses of a cycle at a lower level, which keeps Day 1 and the day `kept`. `extra` holds doses
    given although no planned one was left for them.
    """

    number: int
    day1: date | None
    whole: list[Slot]
    most: int
    kept: int | None = None
    extra: list[Dose] = field(default_factory=list)

    @property
    def slots(self) -> list[Slot]:
        """The planned doses: all of the table, or as many as the level leaves."""
        if self.most >= len(self.whole):
            return self.whole
        room = len([slot for slot in self.whole if slot.taken]) < self.most
        return [
            slot for slot in self.whole if slot.number == 1 or slot.settled or slot.taken or (room and self._keeps(slot))
        ]

    def _keeps(self, slot: Slot) -> bool:
        return self.kept is None or slot.day == self.kept

    @property
    def given(self) -> list[Slot]:
        return [slot for slot in self.whole if slot.state == Given.GIVEN]

    @property
    def counted(self) -> bool:
        """A cycle counts once any part of one dose was given."""
        return bool(self.given or self.extra)

    @property
    def doubted(self) -> bool:
        """It may have begun: a dose of it is of unknown status, and none is known to have been given."""
        return not self.counted and any(slot.taken for slot in self.whole)


@dataclass(frozen=True, slots=True)
class Days:
    """Which local days an administration belongs to.

    Its day of the cycle is the day it began. Days since a dose are counted from the day it ended: of an infusion past
    midnight that is the later one, so the minimum between doses is never short.
    """

    zone: ZoneInfo

    def began(self, dose: Dose) -> date:
        return dose.start.astimezone(self.zone).date()

    def ended(self, dose: Dose) -> date:
        return max(dose.start, dose.end).astimezone(self.zone).date()

    def last(self, doses: Iterable[Dose]) -> date | None:
        """The day the latest of these ended."""
        return max((self.ended(dose) for dose in doses), default=None)


Interrupted = Callable[[Slot, date], int]
"""For how many days a dose had been withheld for toxicity or counts by that day."""
