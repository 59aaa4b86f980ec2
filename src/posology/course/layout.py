"""Administrations → cycles of planned doses: each event once, in time order, and none of them lost. No rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from posology.course.slots import PLANNED, Cycle, Days, Interrupted, Slot
from posology.knowledge import Regimen
from posology.record import Dose, Given


@dataclass(slots=True)
class Layout:
    """Lays dose events over the plan, one after the other.

    `fewer` bounds the doses of cycles at a lower level; `choices` are the days picked for them, with the day of picking.
    Beside the cycles it keeps every administration: `doubtful` may have been given; `unexpected` was given though no
    planned dose was due; `twice` shares the instant of another.
    """

    regimen: Regimen
    zone: ZoneInfo
    extended: bool
    interrupted: Interrupted
    fewer: Mapping[int, int]
    choices: Sequence[tuple[date, int]]
    cycles: list[Cycle] = field(default_factory=list)
    administered: list[Dose] = field(default_factory=list)
    doubtful: list[Dose] = field(default_factory=list)
    unexpected: list[Dose] = field(default_factory=list)
    twice: list[Dose] = field(default_factory=list)

    @property
    def days(self) -> Days:
        return Days(self.zone)

    def place(self, dose: Dose) -> None:
        """Give one event its place."""
        on = self.days.began(dose)
        self.choose(on)
        if dose.given is Given.GIVEN:
            self._give(dose, on)
        elif dose.given is Given.UNKNOWN:
            self._doubt(dose, on)
        else:
            self._withhold(dose, on)

    def _give(self, dose: Dose, on: date) -> None:
        if any(other.start == dose.start for other in self.administered):
            self.twice.append(dose)
            self.cycles[-1].extra.append(dose)
        else:
            slot = self._doubted_on(on) or self._free(on)
            if self._early(slot, on):
                self.unexpected.append(dose)
            self._take(slot, dose, on)
        self.administered.append(dose)

    def _doubt(self, dose: Dose, on: date) -> None:
        known = {self.days.began(other) for other in (*self.administered, *self.doubtful)}
        slot = None if on in known else self._free(on)
        if slot is not None:
            self._take(slot, dose, on)
        self.doubtful.append(dose)

    def _take(self, slot: Slot | None, dose: Dose, on: date) -> None:
        if slot is None:
            self.cycles[-1].extra.append(dose)
            return
        self._shift(slot, on, self.days.ended(dose))
        slot.state, slot.dose = dose.given, dose

    def _withhold(self, dose: Dose, on: date) -> None:
        """A dose withheld on a day on which one was given contradicts it; a doubt of that day it settles."""
        if on in {self.days.began(other) for other in self.administered}:
            self.doubtful.append(dose)
            return
        slot = self._doubted_on(on) or self._due(on)
        self.doubtful = [other for other in self.doubtful if self.days.began(other) != on]
        if slot.number == 1:
            self.cycles[slot.cycle - 1].day1 = None
        omitted = dose.given is Given.OMITTED and slot.number > 1
        slot.state = Given.OMITTED if omitted else Given.DEFERRED
        slot.holds.append(dose)

    def _doubted_on(self, on: date) -> Slot | None:
        """The planned dose that a dose of unknown status of this very day holds."""
        doubted = [slot for slot in self.every() if slot.state == Given.UNKNOWN and slot.dose]
        return next((slot for slot in doubted if slot.dose and self.days.began(slot.dose) == on), None)

    def _free(self, on: date) -> Slot | None:
        """The planned dose that an administration of this day is; None where the cycle leaves none."""
        cycle = self._cycle(on)
        left = [slot for slot in self._unsettled(cycle) if not self._passed_over(slot, on)]
        if left:
            return self._nearest(left, on)
        if cycle.day1 and on < self.nominal_end(cycle.number) - timedelta(days=self.regimen.window_days):
            return None
        self.open(self.next_day1())
        return self.cycles[-1].slots[0]

    def _due(self, on: date) -> Slot:
        """The planned dose that a record of this day says was withheld."""
        left = self._unsettled(self._cycle(on))
        if left:
            return self._nearest(left, on)
        self.open(self.next_day1())
        return self.cycles[-1].slots[0]

    def _cycle(self, on: date) -> Cycle:
        """The cycle that is running on this day; past its last day for a dose, the next."""
        if not self.cycles:
            self.open(on)
        cycle = self.cycles[-1]
        if cycle.day1 and (on - cycle.day1).days >= self.regimen.last_day_for_a_dose:
            self.open(self.next_day1())
        return self.cycles[-1]

    def _unsettled(self, cycle: Cycle) -> list[Slot]:
        if cycle.day1 is None:
            return cycle.slots[:1]
        return [slot for slot in cycle.slots if not slot.settled and not slot.taken]

    def _passed_over(self, slot: Slot, on: date) -> bool:
        """A dose withheld so long that it is omitted is not made up: what is given is the next one."""
        if slot.number == 1 or slot.state != Given.DEFERRED:
            return False
        after = self.regimen.omit_after_days
        if after is None or self.interrupted(slot, on) < after:
            return False
        slot.state = Given.OMITTED
        return True

    def _nearest(self, unsettled: list[Slot], on: date) -> Slot:
        """The first unsettled slot, unless nothing was recorded for it and the day already belongs to the next."""
        for slot, later in pairwise(unsettled):
            if slot.state == PLANNED and on >= later.planned_on - timedelta(days=self.regimen.window_days):
                continue
            return slot
        return unsettled[-1]

    def _early(self, slot: Slot | None, on: date) -> bool:
        """Surplus, under the minimum after the last dose, before the window of its day, or before the last cycle's end.

        Where an earlier dose of the cycle is of unknown status, this may be that one: only the minimum convicts it.
        """
        last = self.days.last(self.administered)
        if last and (on - last).days < self.regimen.min_days:
            return True
        if any(other.state == Given.UNKNOWN for other in self.cycles[-1].whole):
            return False
        if slot is None:
            return True
        if slot.number == 1:
            return slot.cycle > 1 and on < self.nominal_end(slot.cycle - 1)
        return on < slot.first_planned_on - timedelta(days=self.regimen.window_days)

    def _shift(self, slot: Slot, on: date, ended: date) -> None:
        """A dose given late moves the later ones so that the minimum between doses is kept."""
        cycle = self.cycles[slot.cycle - 1]
        later_slots = [other for other in cycle.whole if other.number > slot.number]
        if slot.number == 1:
            cycle.day1 = on
            for other in later_slots:
                other.planned_on = other.first_planned_on = other.due_on = on + timedelta(days=other.day - 1)
        slot.planned_on, earliest = on, ended
        for later in later_slots:
            earliest += timedelta(days=self.regimen.min_days)
            if not later.settled and not later.taken:
                later.planned_on = later.due_on = max(later.planned_on, earliest)
            earliest = later.planned_on

    def open(self, day1: date) -> None:
        """Begin the plan of the next cycle; its Day 1 is fixed by its first dose."""
        number, days = len(self.cycles) + 1, self.regimen.days
        slots = [
            Slot(number, index, day, on, on, on)
            for index, day in enumerate(days, start=1)
            for on in [day1 + timedelta(days=day - 1)]
        ]
        self.cycles.append(Cycle(number, None, slots, self.fewer.get(number, len(days))))

    def choose(self, on: date) -> None:
        """The day last picked by this day is the one a cycle at fewer doses keeps."""
        picked = [day for chosen_on, day in self.choices if chosen_on <= on]
        if self.cycles and picked:
            self.cycles[-1].kept = picked[-1]

    def next_day1(self) -> date:
        """The planned Day 1 after the last cycle: its end, a recorded extension included, and the minimum between doses."""
        cycle = self.cycles[-1]
        assert cycle.day1
        end = cycle.day1 + timedelta(days=self.regimen.planned_length(cycle.number, self.extended))
        last = self.days.last((*self.administered, *self.doubtful)) or cycle.day1
        return max(end, last + timedelta(days=self.regimen.min_days))

    def nominal_end(self, cycle: int) -> date:
        """The day after the nominal last day of a cycle."""
        day1 = self.cycles[cycle - 1].day1
        assert day1
        return day1 + timedelta(days=self.regimen.length(cycle))

    def every(self) -> Iterator[Slot]:
        for cycle in self.cycles:
            yield from cycle.slots
