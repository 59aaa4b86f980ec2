"""The moments at which orders are written: every dose day of every story, for several patients each."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from posology import stories
from posology.api import load_bundle, load_edition
from posology.fhir.draft import medication_request
from posology.record import Order, Record
from posology.stories.charting import resources
from posology.stories.clinic import read_toml
from posology.stories.script import script
from posology.stories.tales import decision, product
from posology.stories.writing import bundle_of
from posology.verify import Drawn, OrderSheet, draw, live

Json = dict[str, Any]
TOLD: dict[str, Any] = tomllib.loads((Path(__file__).parent / "order_errors.toml").read_text("utf-8"), parse_float=Decimal)
VISIT, ADULT = time(8, 30), 18
HEIGHTS, WEIGHTS = (150, 190), (45, 105)


@dataclass(frozen=True)
class Moment:
    """One moment of one patient. `order` is the clean order as read back from FHIR, None where no dose may be given.

    `last` is the moment of the dose before, where one was released.
    """

    story: str
    seed: int
    edition: str
    zone: ZoneInfo
    at: datetime
    bundle: Json
    drawn: Drawn
    order: Order | None
    request: Json | None
    last: Moment | None
    final: bool

    @property
    def sheet(self) -> OrderSheet:
        assert isinstance(self.drawn.sheet, OrderSheet)
        return self.drawn.sheet

    @property
    def today(self) -> date:
        return self.at.date()


def with_(bundle: Json, *more: Json) -> Json:
    return {**bundle, "entry": [*bundle["entry"], *({"resource": one} for one in more)]}


def read(bundle: Json, zone: ZoneInfo) -> Record:
    return load_bundle(bundle, zone=zone.key)


def drawn(record: Record, at: datetime, edition: str, zone: ZoneInfo) -> Drawn:
    return draw(record, at=at, edition=load_edition(edition), zone=zone)


def moments(seeds: int, only: frozenset[str] | None = None) -> tuple[Moment, ...]:
    """Every moment of every story and of the courses of order_errors.toml, or of some, for so many patients each."""
    tables = {name: read_toml("tales", f"{name}.toml") for name in stories.names()} | TOLD["course"]
    chosen = {name: table for name, table in tables.items() if only is None or name in only}
    return tuple(one for name, table in chosen.items() for seed in range(seeds) for one in _told(name, table, seed))


def _told(name: str, table: Mapping[str, Any], seed: int) -> Iterator[Moment]:
    told = script(name, {**table, "patient": _person(name, table, seed)})
    bundle = bundle_of(resources(told, seed, product(table["edition"])))
    zone, last = ZoneInfo(table["zone"]), None
    end = decision(told)
    days = sorted({day for day in _dose_days(bundle) if day < end.date()})
    record = read(bundle, zone)
    for at in (*(datetime.combine(day, VISIT, zone) for day in days), end):
        found = _moment(name, seed, table["edition"], zone, at, bundle, record, last, at == end)
        yield found
        last = found if found.order is not None else last


def _person(name: str, table: Mapping[str, Any], seed: int) -> Json:
    """The patient of the story; for other seeds another size, unless the story is about the size."""
    person, luck = dict(table.get("patient", {})), Random(f"{name} {seed}")
    about_size = any("weight" in one.get("values", {}) for one in table.get("visit", {}).values())
    if seed and not about_size and person.get("age_years", 0) >= ADULT and "height_cm" in person:
        person |= {"height_cm": luck.randint(*HEIGHTS), "weight_kg": Decimal(luck.randint(*WEIGHTS)) + Decimal("0.4")}
    return person


def _dose_days(bundle: Json) -> Iterator[date]:
    for entry in bundle["entry"]:
        resource = entry["resource"]
        if is_dose(resource):
            yield datetime.fromisoformat(resource["effectivePeriod"]["start"]).date()


def is_dose(resource: Json) -> bool:
    """Is it a dose of the drug that was given?"""
    given = resource["resourceType"] == "MedicationAdministration" and resource["status"] == "completed"
    return given and str(resource["id"]).endswith("-dose") and "effectivePeriod" in resource


def _moment(
    name: str, seed: int, edition: str, zone: ZoneInfo, at: datetime, bundle: Json, record: Record,
    last: Moment | None, final: bool,
) -> Moment:  # fmt: skip
    found, order, request = drawn(record, at, edition, zone), None, None
    if isinstance(found.sheet, OrderSheet):
        request = medication_request(found.sheet)
        (order,) = live(read(with_(bundle, request), zone))
    return Moment(name, seed, edition, zone, at, bundle, found, order, request, last, final)
