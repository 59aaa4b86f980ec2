"""Facts of the course at the decision point, from the folded course. No readings but counts and response."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from posology.course import COUNTS, UNSTATED, Interruption, Slot
from posology.facts.fact import MISSING, NOT_APPLICABLE, NOT_ASKED, Fact
from posology.facts.pick import Moment, seen
from posology.record import Given

REMISSION = ("cr", "cri")


def _number(value: int) -> Fact:
    return Fact(Decimal(value))


def _cycle(moment: Moment, point: Slot) -> Fact:
    return _number(point.cycle)


def _dose_number(moment: Moment, point: Slot) -> Fact:
    return _number(point.number)


def _within_cycle(moment: Moment, point: Slot) -> Fact:
    return Fact(point.number > 1)


def _cycles_counted(moment: Moment, point: Slot) -> Fact:
    return _number(len([cycle for cycle in moment.course.cycles if cycle.counted]))


def _first_dose_ever(moment: Moment, point: Slot) -> Fact:
    """Only a course in which nothing was given, and nothing may have been, is a first dose."""
    doubtful = any(dose.given is Given.UNKNOWN for dose in moment.course.doses)
    return NOT_ASKED if doubtful and not moment.course.given else Fact(not moment.course.given)


def unrecorded(moment: Moment) -> Slot | None:
    """The planned dose whose date has passed with nothing, or nothing certain, recorded: it may have been given."""
    point = moment.course.point
    if point is None:
        return None
    passed = point.state == "planned" and point.first_planned_on < moment.course.today and bool(moment.course.given)
    return point if passed or point.state == Given.UNKNOWN else None


def _gap(slot: Slot) -> str:
    return (
        f"was the dose planned on {slot.first_planned_on} given? record it as given, as not done with the reason, "
        "or as deferred"
    )


def _days_since_last_dose(moment: Moment, point: Slot) -> Fact:
    gap = unrecorded(moment)
    if gap:
        return Fact(why="missing", ask=_gap(gap))
    if moment.course.last_dose_at is None:
        return NOT_APPLICABLE
    last = moment.course.last_dose_at.astimezone(moment.zone).date()
    return Fact(Decimal((moment.course.today - last).days), None, moment.course.last_dose_at)


def _days_into_cycle(moment: Moment, point: Slot) -> Fact:
    """The day of the running cycle, Day 1 being 1."""
    running = moment.course.running
    if running is None or running.day1 is None:
        return NOT_APPLICABLE
    return _number((moment.course.today - running.day1).days + 1)


def _unrecorded_doses(moment: Moment, point: Slot) -> Fact:
    gaps = [
        slot for cycle in moment.course.cycles for slot in cycle.slots if cycle.number < point.cycle and not slot.settled
    ]
    return _number(len(gaps))


def relevant(moment: Moment, point: Slot) -> Interruption | None:
    """The longest interruption that bears on this dose: of the running cycle, or for Day 1 of the last and of this start."""
    if point.number > 1:
        bearing = [h for h in moment.course.interruptions if h.slot.cycle == point.cycle and h.slot.number > 1]
    else:
        bearing = [
            hold
            for hold in moment.course.interruptions
            if hold.slot is point or (hold.slot.cycle == point.cycle - 1 and hold.slot.number > 1)
        ]
    return max(bearing, key=lambda hold: (hold.kind == UNSTATED, hold.days), default=None)


def _days_interrupted(moment: Moment, point: Slot) -> Fact:
    hold = relevant(moment, point)
    if hold is None:
        return _number(0)
    if hold.kind == UNSTATED:
        return Fact(why="not_asked", ask=f"record why the dose planned on {hold.start} was withheld")
    return _number(hold.days)


def _days_interrupted_at_least(moment: Moment, point: Slot) -> Fact:
    hold = relevant(moment, point)
    if hold is None:
        return _number(0)
    return NOT_ASKED if hold.kind == UNSTATED else _number(hold.days_at_least)


def _interruption_for_counts(moment: Moment, point: Slot) -> Fact:
    hold = relevant(moment, point)
    return Fact(hold is not None and hold.kind == COUNTS)


def _after_withheld_dose(moment: Moment, point: Slot) -> Fact:
    hold = relevant(moment, point)
    return Fact(hold is not None and hold.slot is not point and point.number > 1)


def _toxicity_recovered(moment: Moment, point: Slot) -> Fact:
    hold = relevant(moment, point)
    if hold is None:
        return NOT_APPLICABLE
    return NOT_ASKED if moment.course.recovered is None else Fact(moment.course.recovered)


def _level(moment: Moment, point: Slot) -> Fact:
    level = moment.course.level
    if level.strange:
        ask = f"this regimen has no level {level.strange}: correct the recorded decision, or say which dose is meant"
        return Fact(why="conflicting", ask=ask)
    return Fact(level.name)


def _level_raised(moment: Moment, point: Slot) -> Fact:
    return Fact(moment.course.level.raised)


def _route(moment: Moment, point: Slot) -> Fact:
    """The ordered route of the dose at hand; where nothing is ordered, the product's own."""
    return Fact(str(moment.edition.product["route"]), origin="product")


def _days_low(moment: Moment, point: Slot) -> Fact:
    """Days since the first low count of the present fall of either count, after the first dose; 0 where neither is low."""
    regimen = moment.edition.regimen
    limits = {"anc": regimen.anc_low_below, "platelets": regimen.platelets_low_below}
    if moment.course.first_dose_at is None:
        return _number(0)
    falls = [_fall(moment, name, limit) for name, limit in limits.items() if limit is not None]
    if None in falls:
        return MISSING
    starts = [start for start in falls if isinstance(start, date)]
    return _number((moment.course.today - min(starts)).days if starts else 0)


def _fall(moment: Moment, name: str, limit: Decimal) -> date | bool | None:
    """The day the present fall began; False where the latest count is not low, None where no count is there."""
    start: date | bool | None = None
    for reading in seen(moment, name, moment.at, moment.course.first_dose_at):
        if not isinstance(reading.value, Decimal):
            continue
        low = reading.value < limit
        if low and not isinstance(start, date):
            start = reading.at.astimezone(moment.zone).date()
        elif not low:
            start = False
    return start


COURSE: Mapping[str, Callable[[Moment, Slot], Fact]] = {
    "cycle": _cycle,
    "dose_number": _dose_number,
    "within_cycle": _within_cycle,
    "cycles_counted": _cycles_counted,
    "first_dose_ever": _first_dose_ever,
    "days_since_last_dose": _days_since_last_dose,
    "days_since_last_dose_ever": _days_since_last_dose,
    "days_into_cycle": _days_into_cycle,
    "unrecorded_doses": _unrecorded_doses,
    "days_interrupted": _days_interrupted,
    "days_interrupted_at_least": _days_interrupted_at_least,
    "interruption_for_counts": _interruption_for_counts,
    "after_withheld_dose": _after_withheld_dose,
    "toxicity_recovered": _toxicity_recovered,
    "days_low": _days_low,
    "level": _level,
    "level_raised": _level_raised,
    "route": _route,
}
