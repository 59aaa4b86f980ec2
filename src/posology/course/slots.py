"""Administrations → cycles of planned doses, each given, omitted, deferred, unknown or still planned. No rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from posology.knowledge import Regimen
from posology.record import Dose, Given


@dataclass(slots=True)
class Slot:
    """One planned dose of one cycle. `planned_on` moves when the dose is deferred; `first_planned_on` does not."""

    cycle: int
    number: int
    day: int
    planned_on: date
    first_planned_on: date
    state: str = "planned"
    dose: Dose | None = None
    holds: list[Dose] = field(default_factory=list)

    @property
    def settled(self) -> bool:
        """Given or documented as omitted."""
        return self.state in (Given.GIVEN, Given.OMITTED)


@dataclass(slots=True)
class Cycle:
    """One cycle: its Day 1 (the day of its first given dose) and its slots."""

    number: int
    day1: date | None
    slots: list[Slot]

    @property
    def given(self) -> list[Slot]:
        return [slot for slot in self.slots if slot.state == Given.GIVEN]

    @property
    def counted(self) -> bool:
        """A cycle counts once any part of one dose was given."""
        return bool(self.given)


@dataclass(slots=True)
class Layout:
    """Lays dose events over the plan, one after the other."""

    regimen: Regimen
    zone: ZoneInfo
    extended: bool
    days: dict[int, tuple[int, ...]]
    cycles: list[Cycle] = field(default_factory=list)

    def local(self, dose: Dose) -> date:
        return dose.start.astimezone(self.zone).date()

    def place(self, dose: Dose) -> None:
        """Give one event its slot."""
        on = self.local(dose)
        slot = self._slot(on)
        if dose.given is Given.GIVEN:
            self._shift(slot, on)
            slot.state, slot.dose = dose.given, dose
        elif dose.given is Given.OMITTED and slot.number > 1:
            slot.state = dose.given
            slot.holds.append(dose)
        elif dose.given is Given.UNKNOWN:
            slot.state, slot.dose = dose.given, dose
        else:
            slot.state = Given.DEFERRED
            slot.holds.append(dose)

    def _slot(self, on: date) -> Slot:
        if not self.cycles:
            self.open(on)
        cycle = self.cycles[-1]
        if cycle.day1 is None:
            return cycle.slots[0]
        if self._over(cycle, on):
            self.open(self.next_day1())
            return self.cycles[-1].slots[0]
        unsettled = [slot for slot in cycle.slots if not slot.settled]
        if not unsettled:
            self.open(self.next_day1())
            return self.cycles[-1].slots[0]
        return self._nearest(unsettled, on)

    def _over(self, cycle: Cycle, on: date) -> bool:
        assert cycle.day1
        return (on - cycle.day1).days >= self.regimen.last_day_for_a_dose

    def _nearest(self, unsettled: list[Slot], on: date) -> Slot:
        """The first unsettled slot, unless nothing was recorded for it and the day already belongs to the next."""
        for slot, later in pairwise(unsettled):
            if slot.state == "planned" and on >= later.planned_on - timedelta(days=self.regimen.window_days):
                continue
            return slot
        return unsettled[-1]

    def _shift(self, slot: Slot, on: date) -> None:
        """A dose given late moves the later ones so that the minimum between doses is kept."""
        cycle = self.cycles[slot.cycle - 1]
        later_slots = [other for other in cycle.slots if other.number > slot.number]
        if slot.number == 1:
            cycle.day1 = on
            for other in later_slots:
                other.planned_on = other.first_planned_on = on + timedelta(days=other.day - 1)
        slot.planned_on = on
        earliest = on
        for later in later_slots:
            earliest += timedelta(days=self.regimen.min_days)
            if not later.settled:
                later.planned_on = max(later.planned_on, earliest)
            earliest = later.planned_on

    def open(self, day1: date) -> None:
        """Begin the plan of the next cycle; its Day 1 is fixed by its first given dose."""
        number = len(self.cycles) + 1
        days = self.days.get(number, self.regimen.days)
        slots = [
            Slot(number, index, day, on, on)
            for index, day in enumerate(days, start=1)
            for on in [day1 + timedelta(days=day - 1)]
        ]
        self.cycles.append(Cycle(number, None, slots))

    def next_day1(self) -> date:
        """The planned Day 1 after the last cycle: its end, a recorded extension included, and the minimum between doses."""
        last = self.cycles[-1]
        assert last.day1
        extended = last.day1 + timedelta(days=self.regimen.first_length_max)
        end = extended if self.extended and last.number == 1 else self.nominal_end(last.number)
        return max(end, self.last_given() + timedelta(days=self.regimen.min_days))

    def nominal_end(self, cycle: int) -> date:
        """The day after the nominal last day of a cycle."""
        day1 = self.cycles[cycle - 1].day1
        assert day1
        return day1 + timedelta(days=self.regimen.length(cycle))

    def last_given(self) -> date:
        return max(self.local(slot.dose) for slot in self.cycles[-1].given if slot.dose)

    def every(self) -> Iterator[Slot]:
        for cycle in self.cycles:
            yield from cycle.slots
