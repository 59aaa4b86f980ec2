"""Facts of the interruptions that bear on the dose at hand, from the folded course."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from posology.course import COUNTS, UNSTATED, Interruption, Slot
from posology.facts.fact import NOT_APPLICABLE, NOT_ASKED, Fact
from posology.facts.pick import Moment


def bearing(moment: Moment, point: Slot) -> list[Interruption]:
    """The interruptions of the running cycle; for Day 1 those of the last cycle and of this start."""
    held = moment.course.interruptions
    if point.number > 1:
        return [hold for hold in held if hold.slot.cycle == point.cycle and hold.slot.number > 1]
    return [hold for hold in held if hold.slot is point or (hold.slot.cycle == point.cycle - 1 and hold.slot.number > 1)]


def relevant(moment: Moment, point: Slot) -> Interruption | None:
    """The longest of them; one whose reason nobody stated comes first."""
    return max(bearing(moment, point), key=lambda hold: (hold.kind == UNSTATED, hold.days), default=None)


def _ask(hold: Interruption) -> str:
    return f"record why the dose planned on {hold.start} was withheld"


def days_interrupted(moment: Moment, point: Slot) -> Fact:
    hold = relevant(moment, point)
    if hold is None:
        return Fact(Decimal(0))
    return Fact(why="not_asked", ask=_ask(hold)) if hold.kind == UNSTATED else Fact(Decimal(hold.days))


def days_interrupted_at_least(moment: Moment, point: Slot) -> Fact:
    hold = relevant(moment, point)
    if hold is None:
        return Fact(Decimal(0))
    return NOT_ASKED if hold.kind == UNSTATED else Fact(Decimal(hold.days_at_least))


def interruption_for_counts(moment: Moment, point: Slot) -> Fact:
    hold = relevant(moment, point)
    return Fact(hold is not None and hold.kind == COUNTS)


def interruption_running(moment: Moment, point: Slot) -> Fact:
    """Is a dose still withheld with no recovery on record? On Day 1 the counts have a question of their own."""
    running = [hold for hold in bearing(moment, point) if hold.end is None]
    stated = [hold for hold in running if hold.kind != UNSTATED and (point.number > 1 or hold.kind != COUNTS)]
    if stated:
        return Fact(True)
    unstated = [hold for hold in running if hold.kind == UNSTATED]
    return Fact(why="not_asked", ask=_ask(unstated[0])) if unstated else Fact(False)


def after_withheld_dose(moment: Moment, point: Slot) -> Fact:
    hold = relevant(moment, point)
    return Fact(hold is not None and hold.slot is not point and point.number > 1)


def toxicity_recovered(moment: Moment, point: Slot) -> Fact:
    """Only where every interruption that bears on this dose is known to have recovered."""
    answers = [hold.recovered for hold in bearing(moment, point)]
    if not answers:
        return NOT_APPLICABLE
    if False in answers:
        return Fact(False)
    return NOT_ASKED if None in answers else Fact(True)


def days_late(moment: Moment, point: Slot) -> Fact:
    """Days beyond the planned day of dose 2 or 3 that no interruption explains."""
    held = bearing(moment, point) if point.number > 1 else []
    if any(hold.kind == UNSTATED for hold in held):
        return Fact(why="not_asked", ask=_ask(next(hold for hold in held if hold.kind == UNSTATED)))
    due = max([point.first_planned_on, *(_due_after(hold, moment, point) for hold in held)])
    return Fact(Decimal(max((moment.course.today - due).days, 0)) if point.number > 1 else Decimal(0))


def _due_after(hold: Interruption, moment: Moment, point: Slot) -> date:
    """The day from which this dose could be given as far as one interruption goes."""
    end = hold.end or moment.course.today
    shifted = hold.slot is not point and hold.slot.dose is not None
    return end + timedelta(days=moment.edition.regimen.min_days) if shifted else end
