"""The public functions: bundle in, answer out. What the command line and a Python caller share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from posology import answer as answering
from posology.answer import Reply, Report
from posology.fhir import load_bundle as read_bundle
from posology.knowledge import Edition, Site, codes, load_edition, observables
from posology.language import Value
from posology.record import Record
from posology.verify import Drawn, NoOrder, Verified, draw
from posology.verify import order as order_of
from posology.verify import verify as verified
from posology.verify.care.preparation import Hood, PrepSheet
from posology.verify.care.signed import as_signed

if TYPE_CHECKING:
    from posology.criteria import Graded, Standing, View
    from posology.verify.care.chair import RunSheet

__all__ = [
    "Edition",
    "Site",
    "answer_question",
    "decide",
    "load_bundle",
    "load_edition",
    "lysis",
    "order",
    "plan",
    "prepare",
    "run_sheet",
    "verify",
    "vod",
]


def load_bundle(source: bytes | dict[str, Any], *, zone: str, received: datetime | None = None) -> Record:
    """A FHIR R4 bundle as one patient's record. Raises BadBundle with one line: what, where, what to do."""
    return read_bundle(source, observables=observables(), codes=codes(), zone=ZoneInfo(zone), received=received)


def decide(
    bundle: Record | bytes | dict[str, Any], *, at: datetime, edition: str, zone: str, site: Site | None = None
) -> Report:
    """May the next dose be given at `at` (an aware datetime), by this edition, in this clinic's zone?"""
    record = bundle if isinstance(bundle, Record) else load_bundle(bundle, zone=zone)
    return answering.decide(record, at=at, edition=load_edition(edition, site), zone=ZoneInfo(zone))


def plan(
    bundle: Record | bytes | dict[str, Any], *, at: datetime, edition: str, zone: str, site: Site | None = None
) -> Report:
    """The course ahead: the same answer object, whose `visits`, `due` and `earliest` are the plan."""
    return decide(bundle, at=at, edition=edition, zone=zone, site=site)


def vod(bundle: Record | bytes | dict[str, Any], *, at: datetime, edition: str, zone: str, site: Site | None = None) -> View:
    """The published sets for veno-occlusive disease beside each other, day by day. A view: it changes no verdict."""
    return _viewed("vod", bundle, at, load_edition(edition, site), zone)


def lysis(
    bundle: Record | bytes | dict[str, Any], *, at: datetime, edition: str, zone: str, site: Site | None = None
) -> View:
    """The published sets for tumour lysis, in the same shape."""
    return _viewed("tumour_lysis", bundle, at, load_edition(edition, site), zone)


def _viewed(panel: str, bundle: Record | bytes | dict[str, Any], at: datetime, edition: Edition, zone: str) -> View:
    from posology.criteria import view

    record = bundle if isinstance(bundle, Record) else load_bundle(bundle, zone=zone)
    return view(panel, record, at=at, edition=edition, zone=ZoneInfo(zone))


def order(
    bundle: Record | bytes | dict[str, Any], *, at: datetime, edition: str, zone: str, site: Site | None = None
) -> Drawn:
    """The order that the record supports at `at`, or why there is none; with the case and the answer that it rests on."""
    record = bundle if isinstance(bundle, Record) else load_bundle(bundle, zone=zone)
    return order_of(record, at=at, edition=load_edition(edition, site), zone=ZoneInfo(zone))


def verify(
    bundle: Record | bytes | dict[str, Any], *, at: datetime, edition: str, zone: str, site: Site | None = None
) -> tuple[Verified, ...]:
    """Every order still to be carried out, held against the one that the record supports without any of them."""
    record = bundle if isinstance(bundle, Record) else load_bundle(bundle, zone=zone)
    drawn = draw(record, at=at, edition=load_edition(edition, site), zone=ZoneInfo(zone))
    return verified(drawn, record)


def prepare(
    bundle: Record | bytes | dict[str, Any],
    *,
    at: datetime,
    edition: str,
    zone: str,
    site: Site | None = None,
    hood: Hood | None = None,
) -> PrepSheet | NoOrder:
    """How the order that the record supports is prepared, by what the hood says; or why there is no order."""
    record = bundle if isinstance(bundle, Record) else load_bundle(bundle, zone=zone)
    return as_signed(order(record, at=at, edition=edition, zone=zone, site=site), record, hood)


def run_sheet(
    bundle: Record | bytes | dict[str, Any],
    *,
    at: datetime,
    edition: str,
    zone: str,
    site: Site | None = None,
    hood: Hood | None = None,
    start: datetime | None = None,
) -> RunSheet | NoOrder:
    """The infusion of that order: what holds its start, the four verifications, the clock of the day; or why none."""
    from posology.verify.care.chair import run_sheet as run

    record = bundle if isinstance(bundle, Record) else load_bundle(bundle, zone=zone)
    drawn = order(record, at=at, edition=edition, zone=zone, site=site)
    prep = as_signed(drawn, record, hood, start if start is not None and start <= at else None)
    return prep if isinstance(prep, NoOrder) else run(drawn, prep, record, start)


def answer_question(
    question: str, facts: Mapping[str, Value], *, edition: str, site: Site | None = None
) -> Reply | Standing | Graded:
    """One question on stated facts (canonical names and units; absent is unknown).

    A published set answers with a Standing (met, could be met, not met, not applicable), a scale with the class it
    gives; neither says whether to give.
    """
    return answering.answer_question(question, facts, load_edition(edition, site))
