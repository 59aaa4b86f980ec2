"""Bundles for the worked cases: a course in a few lines, changed where it differs, decided through the public function."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from posology.answer import Report
from posology.api import decide, load_bundle, load_edition
from posology.course import fold
from posology.facts import Gathered, gather
from posology.stories import resources as fhir
from posology.stories.charting import resources
from posology.stories.script import script
from posology.stories.tales import product
from posology.stories.writing import bundle_of

ZONE = "America/New_York"
OWN = "urn:posology:codes"
Resource = dict[str, Any]
Bundle = dict[str, Any]


def course(start: str, at: str, **told: Any) -> Bundle:
    """The bundle of a course that begins on `start` and is seen on day `at`; `visit` and `course` as in a tale."""
    table = {
        "start": date.fromisoformat(start),
        "zone": ZONE,
        "at": at,
        "patient": {"sex": "male", "age_years": 45, "height_cm": 178, "weight_kg": 72, **told.pop("patient", {})},
        **told,
    }
    return bundle_of(resources(script("case", table), 0, product("us")))


def observed(code: str, value: Any, at: str, *, signed: bool = True, id: str | None = None) -> Resource:
    """A further observation in our own codes."""
    return fhir.said(id or f"case-{code}-{at[:10]}", "Patient/case", code, value, stamp(at), signed=signed)


def stamp(at: str) -> str:
    """A local moment as FHIR writes it."""
    return datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(ZONE)).isoformat()


def with_(bundle: Bundle, *more: Resource) -> Bundle:
    """The bundle with further resources."""
    return {**bundle, "entry": [*bundle["entry"], *({"resource": one} for one in more)]}


def without(bundle: Bundle, unwanted: Callable[[Resource], bool]) -> Bundle:
    """The bundle less some of its resources."""
    return {**bundle, "entry": [each for each in bundle["entry"] if not unwanted(each["resource"])]}


def changed(bundle: Bundle, id: str, **fields: Any) -> Bundle:
    """The bundle with some fields of one resource replaced. Raises KeyError where there is no such resource."""
    if not any(each["resource"]["id"] == id for each in bundle["entry"]):
        raise KeyError(id)
    entries = [
        {"resource": {**each["resource"], **fields}} if each["resource"]["id"] == id else each for each in bundle["entry"]
    ]
    return {**bundle, "entry": entries}


def decided(bundle: Bundle, at: str) -> Report:
    """The whole answer at a local moment."""
    return decide(bundle, at=moment(at), edition="us", zone=ZONE)


def moment(at: str) -> datetime:
    return datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(ZONE))


def facts_of(bundle: Bundle, at: str) -> Gathered:
    """Every fact at the decision point, those included that no finding shows."""
    record, edition, zone = load_bundle(bundle, zone=ZONE), load_edition("us"), ZoneInfo(ZONE)
    return gather(record, fold(record, edition.regimen, moment(at), zone), edition, moment(at), zone)


def reply(report: Report, question: str) -> Any:
    """The answer to one question of a report."""
    return next(each for each in report.answers if each.question == question)


def asked_for(report: Report) -> dict[str, tuple[str, str]]:
    """Every fact the report lacks: why, and what it asks for."""
    return {lack.fact: (lack.why, lack.ask) for each in report.answers for lack in each.missing}


def rows(report: Report, state: str = "holds") -> set[str]:
    """The rows of all questions that hold (or are open)."""
    return {finding.row for each in report.answers for finding in each.findings if finding.state == state}


def amounts(report: Report, cycle: int) -> list[Decimal | None]:
    """mg/m² of the doses still planned in one cycle."""
    return [visit.mg_per_m2 for visit in report.visits if visit.cycle == cycle]
