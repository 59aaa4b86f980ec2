"""Facts of the record itself: what was set aside, a recorded death, ages, by which route the drug is ordered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from posology.facts.fact import MISSING, Fact
from posology.facts.pick import Moment
from posology.measures import age_years
from posology.record import Patient, Record

OVER = ("completed", "cancelled", "stopped", "entered-in-error")
"""What is no longer to be carried out. Any other status, a misspelt one included, leaves an order alive."""


def age(patient: Patient, on: date) -> Fact:
    """Age in years on a day; a birth after that day is a slip."""
    if patient.birth is None:
        return MISSING
    return Fact(why="implausible") if patient.birth > on else Fact(age_years(patient.birth, on))


def _doses_set_aside(record: Record, moment: Moment) -> Fact:
    """How many entries may be doses and stand nowhere in the course; one that has a day is `unrecorded` instead."""
    vague = [one.id for one in record.unplaced if one.since is None or one.since <= moment.at]
    return Fact(Decimal(len(vague)), reported=", ".join(vague))


def _deceased(record: Record, moment: Moment) -> Fact:
    return MISSING if record.patient.deceased is None else Fact(record.patient.deceased)


def _entries_unreadable(record: Record, moment: Moment) -> Fact:
    return Fact(Decimal(len(record.unreadable)), reported=", ".join(record.unreadable))


def _age_at_first_dose(record: Record, moment: Moment) -> Fact:
    """Counted to the earliest dose that was, or may have been, given; to today where there is none."""
    doses = (*moment.course.administered, *moment.course.doubtful)
    days = [dose.start.astimezone(moment.zone).date() for dose in doses]
    return age(record.patient, min(days, default=moment.course.today))


RECORD: Mapping[str, Callable[[Record, Moment], Fact]] = {
    "doses_set_aside": _doses_set_aside,
    "entries_unreadable": _entries_unreadable,
    "deceased": _deceased,
    "age_at_first_dose": _age_at_first_dose,
}


def route(own: Fact, record: Record, moment: Moment) -> Fact:
    """The worst route of all live orders and of the doses since Day 1 of the running cycle; without either, the product's.

    A live order that names no route leaves it unknown, unless another names a worse one.
    """
    words = moment.edition.facts["route"].words
    alive = [(order.id, order.route) for order in record.orders if order.status not in OVER]
    named = [(origin, by) for origin, by in (*alive, *_recent(moment)) if by and by != own.value]
    if named:
        origin, by = max(named, key=lambda one: words.index(one[1]))
        return Fact(by, origin=origin)
    unsaid = [origin for origin, by in alive if by is None]
    if unsaid:
        return Fact(why="missing", origin=unsaid[0])
    return Fact(own.value, origin=alive[-1][0]) if alive else own


def _recent(moment: Moment) -> Iterator[tuple[str, str | None]]:
    """The routes of the doses since Day 1 of the running cycle; of all doses where none has begun."""
    running = moment.course.running
    since = running.day1 if running else None
    for dose in (*moment.course.administered, *moment.course.doubtful):
        if since is None or dose.start.astimezone(moment.zone).date() >= since:
            yield dose.id, dose.route
