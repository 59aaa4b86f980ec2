"""The preparation as it was signed: lots, times and use-by of the checks bind it, and what failed stops it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from posology.dose.clocks import Clocks, Times
from posology.record import Record
from posology.verify.care.checks import BEFORE, FAILED, FINISHED, Checks, checks
from posology.verify.care.overdue import overdue
from posology.verify.care.preparation import Hood, Lot, PrepSheet, prepare
from posology.verify.care.seen import at_the_hood, lots, moment
from posology.verify.derive import Drawn
from posology.verify.sheet import NoOrder

SIGNED_OTHERWISE = "was signed otherwise"


def as_signed(
    drawn: Drawn, record: Record, hood: Hood | None = None, started: datetime | None = None
) -> PrepSheet | NoOrder:
    """The preparation, with the lots and times that were signed where the hood does not say them.

    Other lots or volumes than those that were signed stop it, and so does a check that failed, until it is passed.
    `started`: when the infusion began, if it has.
    """
    hood = hood or Hood()
    prep = prepare(drawn, record, hood)
    if isinstance(prep, NoOrder):
        return prep
    found = checks(drawn, prep, record)
    made = prepare(drawn, record, _hood(hood, found, started))
    assert isinstance(made, PrepSheet)
    clocks = _until(made, found)
    late = overdue(made.hood.times, clocks, drawn.case.at) if made.hood.times and clocks and clocks != made.clocks else ()
    stops = (*made.stops, *(f"DISCARD: {text}" for text in late), *_otherwise(hood, made, found, drawn))
    return replace(made, clocks=clocks, stops=tuple(dict.fromkeys(stops)), failed=tuple(_failed(found)))


def _hood(hood: Hood, found: Checks, started: datetime | None) -> Hood:
    """What was signed stands in for what nobody says here."""
    opened, made = found.saw(BEFORE), found.saw(FINISHED)
    if opened and not hood.lots:
        ends = date.fromisoformat(opened["expires"])
        hood = replace(hood, lots=tuple(Lot(one, ends) for one in lots(opened["lot"])))
    if made and hood.times is None:
        first, mixed = moment(made["reconstituted"]), moment(made["diluted"])
        assert first is not None
        hood = replace(hood, times=Times(first, diluted=mixed, held=made["held"], started=started))
    return hood


def _until(made: PrepSheet, found: Checks) -> Clocks | None:
    """The clocks, none of them beyond the use-by that was signed."""
    until, clocks = moment(found.saw(FINISHED).get("use-by", "")), made.clocks
    if clocks is None or until is None or clocks.latest_end is None or clocks.latest_end <= until:
        return clocks
    return replace(clocks, latest_end=until, latest_start=until - timedelta(minutes=made.minutes))


def _otherwise(hood: Hood, made: PrepSheet, found: Checks, drawn: Drawn) -> Iterator[str]:
    """What is prepared here and was signed otherwise."""
    opened = found.saw(BEFORE)
    if opened and hood.lots and sorted(one.lot for one in hood.lots) != lots(opened["lot"]):
        yield f"other lots than those checked before compounding: {opened['lot']}"
    made_so = found.saw(FINISHED)
    if made_so and hood.times is not None and not _as_typed(hood.times, made_so):
        yield "the finished product was signed with other times than these"
    for stand in found.stands:
        differ = at_the_hood(stand.step, found.saw(stand.step.id), drawn, made)
        yield from (f"{stand.step.title.lower()} {SIGNED_OTHERWISE}: {text}" for text in differ)


def _as_typed(times: Times, saw: dict[str, str]) -> bool:
    """Are the times that are typed those that were signed?"""
    signed = moment(saw["reconstituted"]), moment(saw["diluted"])
    return (times.reconstituted, times.diluted or signed[1]) == signed and times.held in (None, saw["held"])


def _failed(found: Checks) -> Iterator[str]:
    """The checks that failed and were not passed since."""
    yield from (f"{one.step.title.lower()} failed: pass it first" for one in found.stands if one.state == FAILED)
