"""Typed trends: several readings, or several facts, as one fact. Each kind exists once; its figures live in label/."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from posology.facts import Fact, Gathered, Moment, latest, seen, settled
from posology.knowledge.panel import Trend
from posology.language.evaluate import settle
from posology.measures import change_per_day, corrected_calcium, percent_change
from posology.record import Quality, Reading

MISSING = Fact(why="missing")


def usable(moment: Moment, observable: str) -> list[Reading]:
    """Readings whose value counts, up to the moment."""
    return [r for r in seen(moment, observable, moment.at) if r.quality is Quality.OK and r.value is not None]


def _day(moment: Moment, reading: Reading) -> date:
    return reading.at.astimezone(moment.zone).date()


def daily(moment: Moment, observable: str) -> dict[date, Decimal]:
    """The highest value of each local day."""
    found: dict[date, Decimal] = {}
    for reading in usable(moment, observable):
        if isinstance(reading.value, Decimal):
            day = _day(moment, reading)
            found[day] = max(reading.value, found.get(day, reading.value))
    return found


def _over_days(days: Mapping[date, bool | None], trend: Trend, moment: Moment) -> Fact:
    """Does it hold on each of the last days? A run that ended with the last reading still holds; quiet needs today."""
    many = int(trend.figures["days"])
    if not days:
        return MISSING
    for last in (max(days), moment.course.today):
        run = [days.get(last - timedelta(days=back)) for back in range(many)]
        state = settle(run, by=False)
        if state is True:
            return Fact(True)
    return Fact(False) if state is False else MISSING


def _rising(trend: Trend, moment: Moment, facts: Gathered) -> Fact:
    """On each day the value is above the last one of any earlier day."""
    values = daily(moment, trend.of[0])
    rises: dict[date, bool | None] = {}
    for day, value in values.items():
        earlier = [other for other in values if other < day]
        rises[day] = value > values[max(earlier)] if earlier else None
    return _over_days(rises, trend, moment)


def _above_baseline(trend: Trend, moment: Moment, facts: Gathered) -> Fact:
    baseline = _lowest_baseline(trend, moment, facts).value
    if not isinstance(baseline, Decimal):
        return MISSING
    return _over_days({day: value > baseline for day, value in daily(moment, trend.of[0]).items()}, trend, moment)


def _doubled(trend: Trend, moment: Moment, facts: Gathered) -> Fact:
    """The latest value against the lowest of the hours before it. A quiet pair counts while its end is as young."""
    readings = [r for r in usable(moment, trend.of[0]) if isinstance(r.value, Decimal)]
    if not readings:
        return MISSING
    last, span = readings[-1], timedelta(hours=int(trend.figures["within_h"]))
    before = [r.value for r in readings if r.at < last.at and last.at - r.at <= span and isinstance(r.value, Decimal)]
    if not before or not isinstance(last.value, Decimal):
        return MISSING
    state = last.value >= trend.figures["times"] * min(before)
    if not state and moment.at - last.at > span:
        return MISSING
    return Fact(state, when=last.at, origin=last.id, reported=last.reported)


def transplant_days(moment: Moment) -> list[date]:
    """The local days on which a transplant was performed."""
    return sorted({_day(moment, r) for r in usable(moment, "transplant") if r.value is True})


def _at_transplant(trend: Trend, moment: Moment) -> Sequence[Reading]:
    """The readings of the latest moment up to the day of the last transplant."""
    days = transplant_days(moment)
    return latest([r for r in usable(moment, trend.of[0]) if days and _day(moment, r) <= days[-1]])


def _baselines(trend: Trend, moment: Moment, facts: Gathered) -> list[Fact]:
    """Before the first dose, and up to the day of transplant: those that are known."""
    observable = moment.edition.observables[trend.of[0]]
    found = [facts.get(f"{trend.of[0]}_baseline", MISSING), settled(_at_transplant(trend, moment), observable)]
    return [fact for fact in found if isinstance(fact.value, Decimal)]


def _lowest_baseline(trend: Trend, moment: Moment, facts: Gathered) -> Fact:
    found = _baselines(trend, moment, facts)
    return min(found, key=lambda fact: (fact.value, fact.origin), default=facts.get(trend.fact.name, MISSING))


def _greatest_change(trend: Trend, moment: Moment, facts: Gathered) -> Fact:
    """Against each known baseline; the greatest counts. Of an older value it may prove and not reassure."""
    now = facts[trend.of[0]]
    value = now.stale if now.value is None else now.value
    baselines = [one.value for one in _baselines(trend, moment, facts)]
    changes = [percent_change(value, one) for one in baselines if isinstance(value, Decimal) and isinstance(one, Decimal)]
    if not changes:
        return Fact(why=now.why or "missing")
    if now.value is None:
        return Fact(why=now.why, stale=max(changes), when=now.when, origin=now.origin)
    return Fact(max(changes), when=now.when, origin=now.origin)


def _days_in_state(trend: Trend, moment: Moment, facts: Gathered) -> Fact:
    """Days of the unbroken run of yes that reaches the latest reading, its first day counted."""
    now = facts[trend.of[0]]
    if now.value is False:
        return Fact(Decimal(0), when=now.when)
    readings = usable(moment, trend.of[0])
    run: list[date] = []
    for reading in reversed(readings):
        if reading.value is not True:
            break
        run.append(_day(moment, reading))
    if not run:
        return Fact(why=now.why or "missing")
    days = Decimal((moment.course.today - min(run)).days + 1)
    return Fact(days) if now.value is True else Fact(why=now.why, stale=days)


def _days_since_first_sign(trend: Trend, moment: Moment, facts: Gathered) -> Fact:
    """Since the first recorded symptom after the first dose; the replay fills in the first sign where none is recorded."""
    first = moment.course.first_dose_at
    readings = [r for r in usable(moment, trend.of[0]) if r.value is True and (first is None or r.at >= first)]
    if not readings:
        return Fact(why="not_asked")
    return Fact(Decimal((moment.course.today - _day(moment, readings[0])).days), when=readings[0].at, origin=readings[0].id)


def _before_transplant(trend: Trend, moment: Moment, facts: Gathered) -> Fact:
    group = _at_transplant(trend, moment)
    return settled(group, moment.edition.observables[trend.of[0]]) if group else MISSING


def _limit_before_transplant(trend: Trend, moment: Moment, facts: Gathered) -> Fact:
    limits = {reading.high for reading in _at_transplant(trend, moment)}
    return Fact(limits.pop()) if len(limits) == 1 and None not in limits else MISSING


def _transplants(trend: Trend, moment: Moment, facts: Gathered) -> Fact:
    days = transplant_days(moment)
    return Fact(Decimal(len(days))) if days or usable(moment, trend.of[0]) else MISSING


def _transplants_before_treatment(trend: Trend, moment: Moment, facts: Gathered) -> Fact:
    first = moment.course.first_dose_at
    began = first.astimezone(moment.zone).date() if first else None
    earlier = [day for day in transplant_days(moment) if began is None or day < began]
    denied = any(reading.value is False for reading in usable(moment, trend.of[0]))
    return Fact(Decimal(len(earlier))) if earlier or denied else MISSING


def _before_first_dose(trend: Trend, moment: Moment, facts: Gathered) -> Fact:
    """Was it there before the first dose? What was found later is not of before."""
    first = moment.course.first_dose_at
    found = [r for r in usable(moment, trend.of[0]) if first is None or r.at <= first]
    there = [r for r in found if r.value is True]
    return (
        Fact(bool(there), when=(there or found)[-1].at, origin=(there or found)[-1].id) if found else Fact(why="not_asked")
    )


def _slope(trend: Trend, moment: Moment, facts: Gathered) -> Fact:
    """Per day, from the first to the last value of the last days."""
    since = moment.at - timedelta(days=int(trend.figures["days"]))
    found = [r for r in usable(moment, trend.of[0]) if r.at >= since and isinstance(r.value, Decimal)]
    if len(found) < 2 or found[-1].at == found[0].at:
        return MISSING
    old, new = found[0], found[-1]
    seconds = (new.at - old.at) // timedelta(seconds=1)
    assert isinstance(old.value, Decimal) and isinstance(new.value, Decimal)
    return Fact(change_per_day(new.value, old.value, seconds), when=new.at, origin=new.id) if seconds else MISSING


def _days_from_cycle_start(trend: Trend, moment: Moment, facts: Gathered) -> Fact:
    """Since the last Day 1, or (negative) until the next planned one where that is nearer."""
    course = moment.course
    began = course.running.day1 if course.running else None
    since = (course.today - began).days if began else None
    point = course.point
    ahead = (course.today - point.planned_on).days if point and point.number == 1 else None
    if ahead is not None and ahead <= 0 and (since is None or -ahead < since):
        return Fact(Decimal(ahead))
    return Fact(Decimal(since)) if since is not None else MISSING


def _days_since_recorded_dose(trend: Trend, moment: Moment, facts: Gathered) -> Fact:
    """As the course knows it; where a dose may be missing from the record, the days may prove and not reassure."""
    known, last = facts[trend.fact.name], moment.course.last_dose_on
    if known.value is not None or last is None:
        return known
    return replace(known, stale=Decimal((moment.course.today - last).days))


def _from_replay(trend: Trend, moment: Moment, facts: Gathered) -> Fact:
    return MISSING


def _corrected(trend: Trend, facts: Gathered) -> Fact:
    calcium, albumin = (facts[name].value for name in trend.of)
    if not isinstance(calcium, Decimal) or not isinstance(albumin, Decimal):
        return MISSING
    return Fact(corrected_calcium(calcium, albumin), when=facts[trend.of[0]].when)


def _difference(trend: Trend, facts: Gathered) -> Fact:
    now, before = (facts[name].value for name in trend.of)
    if not isinstance(now, Decimal) or not isinstance(before, Decimal):
        return MISSING
    return Fact(now - before, when=facts[trend.of[0]].when)


FROM_READINGS: Mapping[str, Callable[[Trend, Moment, Gathered], Fact]] = {
    "rising": _rising,
    "above_baseline": _above_baseline,
    "doubled": _doubled,
    "lowest_baseline": _lowest_baseline,
    "greatest_change": _greatest_change,
    "days_in_state": _days_in_state,
    "days_since_first_sign": _days_since_first_sign,
    "before_transplant": _before_transplant,
    "limit_before_transplant": _limit_before_transplant,
    "transplants": _transplants,
    "transplants_before_treatment": _transplants_before_treatment,
    "before_first_dose": _before_first_dose,
    "slope": _slope,
    "days_from_cycle_start": _days_from_cycle_start,
    "days_since_recorded_dose": _days_since_recorded_dose,
    "risk_factors": _from_replay,
}
FROM_FACTS: Mapping[str, Callable[[Trend, Gathered], Fact]] = {"corrected_calcium": _corrected, "difference": _difference}
