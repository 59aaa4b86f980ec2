"""How long ago something was last checked. Only a reading that can be used is a check."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from posology.facts.fact import Fact
from posology.facts.pick import Moment, absent, latest, seen, settled
from posology.knowledge import Pick
from posology.units.clock import SECONDS_PER_HOUR


def checked(moment: Moment, name: str) -> Fact | None:
    """The latest reading, or why it is no check; of a yes/no only what does not say no. None where there is nothing.

    A result that cannot be used does not vanish behind an older one.
    """
    observable, readings = moment.edition.observables[name], seen(moment, name, moment.at)
    if observable.kind == "yes_no":
        readings = [reading for reading in readings if reading.value is not False]
    group = latest(readings)
    if not group:
        return None
    fact = settled(group, observable)
    return fact if fact.value is None and fact.stale is None else Fact(Decimal(0), None, group[0].at, group[0].id)


def hours_since(pick: Pick, moment: Moment) -> Fact:
    """Age of the latest reading in whole hours, a begun hour counting as one; a reading that cannot be used is no check."""
    fact = checked(moment, pick.of[0])
    if fact is None:
        return absent(moment.edition.observables[pick.of[0]])
    if fact.value is None or fact.when is None:
        return Fact(why=fact.why)
    seconds = (moment.at - fact.when) // timedelta(seconds=1)
    return Fact(Decimal(-(-seconds // SECONDS_PER_HOUR)), None, fact.when, fact.origin)


def _days(pick: Pick, moment: Moment) -> tuple[list[int], Fact]:
    """The days since each that can be used, and why one of the others cannot."""
    found = [fact for name in pick.of if (fact := checked(moment, name)) is not None]
    days = [
        (moment.course.today - fact.when.astimezone(moment.zone).date()).days
        for fact in found
        if fact.value is not None and fact.when is not None
    ]
    faults = sorted(str(fact.why) for fact in found if fact.value is None)
    return days, Fact(why=faults[0]) if faults else absent(moment.edition.observables[pick.of[0]])


def days_since(pick: Pick, moment: Moment) -> Fact:
    """Calendar days, in the clinic's zone, since the latest reading that can be used; of several, since the newest."""
    days, why = _days(pick, moment)
    return Fact(Decimal(min(days))) if days else why


def days_since_all(pick: Pick, moment: Moment) -> Fact:
    """Calendar days since the oldest of several, all of which must be there and usable."""
    days, why = _days(pick, moment)
    return Fact(Decimal(max(days))) if len(days) == len(pick.of) else why
