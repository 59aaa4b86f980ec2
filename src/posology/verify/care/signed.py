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
    clocks = _until(made, found, drawn)
    late = overdue(made.hood.times, clocks, drawn.case.at) if made.hood.times and clocks and clocks != made.clocks else ()
    stops = (*made.stops, *(f"DISCARD: {text}" for text in late), *_typed_otherwise(hood, found))
    return replace(made, clocks=clocks, stops=tuple(dict.fromkeys(stops)),
                   otherwise=tuple(_filled_otherwise(made, found, drawn)), failed=tuple(_failed(found)))  # fmt: skip


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


def _until(made: PrepSheet, found: Checks, drawn: Drawn) -> Clocks | None:
    """The clocks, none of them beyond the use-by that was signed."""
    until, clocks, rules = moment(found.saw(FINISHED).get("use-by", "")), made.clocks, drawn.case.edition.preparation
    if clocks is None or rules is None or until is None or clocks.latest_end is None or clocks.latest_end <= until:
        return clocks
    start = until - timedelta(minutes=made.minutes)
    cold = clocks.out_of_fridge_by and min(clocks.out_of_fridge_by, start - timedelta(minutes=rules.warming_minutes))
    return replace(clocks, latest_end=until, latest_start=start, out_of_fridge_by=cold)


def _typed_otherwise(hood: Hood, found: Checks) -> Iterator[str]:
    """Lots and times that are typed here and were signed otherwise."""
    opened, made = found.saw(BEFORE), found.saw(FINISHED)
    if opened and hood.lots and sorted(one.lot for one in hood.lots) != lots(opened["lot"]):
        yield f"other lots than those checked before compounding: {opened['lot']}"
    if made and hood.times is not None and not _as_typed(hood.times, made):
        yield "the finished product was signed with other times than these"


def _filled_otherwise(made: PrepSheet, found: Checks, drawn: Drawn) -> Iterator[str]:
    """Volumes and rates that were signed and are others here: then nobody knows how much of what ran in."""
    for stand in found.stands:
        differ = at_the_hood(stand.step, found.saw(stand.step.id), drawn, made)
        yield from (f"{stand.step.title.lower()} was signed otherwise: {text}" for text in differ)


def _as_typed(times: Times, saw: dict[str, str]) -> bool:
    """Are the times that are typed those that were signed?"""
    signed = moment(saw["reconstituted"]), moment(saw["diluted"])
    return (times.reconstituted, times.diluted or signed[1]) == signed and times.held in (None, saw["held"])


def _failed(found: Checks) -> Iterator[str]:
    """The checks that failed and were not passed since; one that does not say when is never passed since."""
    for one in found.stands:
        if one.state == FAILED and one.check is not None:
            undated = "" if one.check.timed else "; it does not say when, so add its time, or mark it entered in error"
            yield f"{one.step.title.lower()} failed: pass it first{undated}"
