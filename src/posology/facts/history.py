"""Facts of the course at the decision point, from the folded course. No readings but counts and response."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from posology.course import Slot
from posology.facts import held
from posology.facts.doubts import doubts, gap, unexpected_doses, unrecorded, unrecorded_doses
from posology.facts.fact import MISSING, NOT_APPLICABLE, NOT_ASKED, Fact
from posology.facts.pick import Moment, seen

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
    """Unknown while a cycle may have begun with a dose of unknown status."""
    if any(cycle.doubted for cycle in moment.course.cycles):
        return Fact(why="missing", ask=doubts(moment))
    return _number(len([cycle for cycle in moment.course.cycles if cycle.counted]))


def _first_dose_ever(moment: Moment, point: Slot) -> Fact:
    """Only a course in which nothing was given, and nothing may have been, is a first dose."""
    course = moment.course
    return NOT_ASKED if course.doubtful and not course.administered else Fact(not course.administered)


def _days_since_last_dose(moment: Moment, point: Slot) -> Fact:
    """From the day the last dose ended; unknown while a later one may have been given."""
    course = moment.course
    if unrecorded(moment):
        return Fact(why="missing", ask=gap(point))
    if course.last_possible_on != course.last_dose_on:
        return Fact(why="missing", ask=doubts(moment))
    if course.last_dose_on is None:
        return NOT_APPLICABLE
    return Fact(Decimal((course.today - course.last_dose_on).days), None, course.last_dose_at)


def _days_overdue(moment: Moment, point: Slot) -> Fact:
    """Days since the planned day of the dose at hand; a first dose has none."""
    late = (moment.course.today - point.due_on).days
    return _number(max(late, 0) if moment.course.administered else 0)


def _first_possible_day(moment: Moment, point: Slot) -> Fact:
    """Day of the cycle on which the minimum since the last dose, given or possibly given, is over."""
    course = moment.course
    day1 = course.cycles[point.cycle - 1].day1
    if point.number == 1 or day1 is None or course.last_possible_on is None:
        return NOT_APPLICABLE
    free = course.last_possible_on + timedelta(days=moment.edition.regimen.min_days)
    return _number((max(free, course.today) - day1).days + 1)


def _last_dose_partial(moment: Moment, point: Slot) -> Fact:
    return Fact(bool(moment.course.administered) and moment.course.administered[-1].partial)


def _transplant_since_last_dose(moment: Moment, point: Slot) -> Fact:
    """On the day of the last dose, or after it. The record answers: a transplant is an event that is charted."""
    last = moment.course.administered[-1:]
    if not last:
        return Fact(False)
    day = last[0].start.astimezone(moment.zone).date()
    done = [r for r in seen(moment, "transplant", moment.at) if r.value is True]
    since = [r for r in done if r.at.astimezone(moment.zone).date() >= day]
    return Fact(True, when=since[-1].at, origin=since[-1].id) if since else Fact(False)


def _days_into_cycle(moment: Moment, point: Slot) -> Fact:
    """The day of the running cycle, Day 1 being 1."""
    running = moment.course.running
    if running is None or running.day1 is None:
        return NOT_APPLICABLE
    return _number((moment.course.today - running.day1).days + 1)


def _level(moment: Moment, point: Slot) -> Fact:
    level = moment.course.level
    if level.strange:
        ask = f"this regimen has no level {level.strange}: correct the recorded decision, or say which dose is meant"
        return Fact(why="conflicting", ask=ask)
    return Fact(level.name)


def _level_for_dose(moment: Moment, point: Slot) -> Fact:
    """A decision signed while an interruption runs is not in force yet, and lowers this dose all the same."""
    level, regimen = _level(moment, point), moment.edition.regimen
    said = [r for r in seen(moment, "dose_level", moment.at) if r.value in regimen.levels]
    if not isinstance(level.value, str) or not said:
        return level
    return Fact(regimen.lower(level.value, str(said[-1].value)))


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
    "days_overdue": _days_overdue,
    "first_possible_day": _first_possible_day,
    "last_dose_partial": _last_dose_partial,
    "transplant_since_last_dose": _transplant_since_last_dose,
    "unrecorded_doses": unrecorded_doses,
    "unexpected_doses": unexpected_doses,
    "days_interrupted": held.days_interrupted,
    "days_interrupted_at_least": held.days_interrupted_at_least,
    "interruption_for_counts": held.interruption_for_counts,
    "interruption_running": held.interruption_running,
    "after_withheld_dose": held.after_withheld_dose,
    "toxicity_recovered": held.toxicity_recovered,
    "days_late": held.days_late,
    "days_low": _days_low,
    "level": _level,
    "level_raised": _level_raised,
    "level_for_dose": _level_for_dose,
    "route": _route,
}
