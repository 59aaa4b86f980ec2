"""What the record of a course leaves in doubt: doses without a record, of unknown status, surplus or too early."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from posology.course import Slot
from posology.facts.fact import Fact
from posology.facts.pick import Moment, seen
from posology.record import Dose


def unrecorded(moment: Moment) -> Slot | None:
    """The planned dose at hand whose date has passed with nothing recorded: it may have been given."""
    point, course = moment.course.point, moment.course
    if point is None or point.state != "planned":
        return None
    return point if point.due_on < course.today and course.administered else None


def gap(slot: Slot) -> str:
    return f"was the dose planned on {slot.due_on} given? record it as given, as not done with the reason, or as deferred"


def doubts(moment: Moment) -> str:
    """The request that settles the doses of unknown status."""
    days = _days(moment.course.doubtful, moment)
    return f"was the dose of {days} given? correct its record: given, or not done with the reason"


def unrecorded_doses(moment: Moment, point: Slot) -> Fact:
    """Planned doses of earlier cycles without a record; unknown while one of unknown status stands anywhere."""
    earlier = [slot for cycle in moment.course.cycles if cycle.number < point.cycle for slot in cycle.slots]
    gaps = [slot for slot in earlier if not slot.settled and not slot.taken]
    if moment.course.doubtful and not gaps:
        return Fact(why="missing", ask=doubts(moment))
    return Fact(Decimal(len(gaps)))


def unexpected_doses(moment: Moment, point: Slot) -> Fact:
    """Doses given though none was due, surplus or too early; `conflicting` where two records share one instant.

    A signed explanation covers the doses before it, none after.
    """
    signed = [r.at for r in seen(moment, "unexpected_dose_explained", moment.at) if r.value is True]
    last = max(signed, default=None)
    unexpected, twice = (
        [dose for dose in doses if last is None or dose.start > last]
        for doses in (moment.course.unexpected, moment.course.twice)
    )
    if twice and not unexpected:
        ask = f"two records of one dose on {_days(twice, moment)}: mark one as entered in error, or sign the explanation"
        return Fact(why="conflicting", when=twice[0].start, origin=twice[0].id, ask=ask)
    return Fact(Decimal(len(unexpected)), reported=_days(unexpected, moment))


def _days(doses: Iterable[Dose], moment: Moment) -> str:
    return ", ".join(dict.fromkeys(str(dose.start.astimezone(moment.zone).date()) for dose in doses))
