"""A bundle of exactly so many Observations: our whole answer against validation by fhir.resources, which decides nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from _interleaved import Pair, in_turn

from posology import answer, stories
from posology.answer import Report
from posology.fhir import load_bundle
from posology.knowledge import codes, load_edition, observables
from posology.record import Record

Json = dict[str, Any]


class Patient:
    """One story at its moment, its bundle padded with older results to `observations`, as bytes and parsed."""

    def __init__(self, story: str, observations: int) -> None:
        self.tale = stories.tale(story)
        self.zone, self.edition = ZoneInfo(self.tale.zone), load_edition(self.tale.edition)
        self.text = json.dumps(padded(stories.bundle(story), observations), default=float).encode()
        self.exact: Json = json.loads(self.text, parse_float=Decimal)
        self.floats: Json = json.loads(self.text)

    def record(self, source: bytes | Json) -> Record:
        return load_bundle(source, observables=observables(), codes=codes(), zone=self.zone)

    def answer(self, source: bytes | Json) -> Report:
        return answer.decide(self.record(source), at=self.tale.at, edition=self.edition, zone=self.zone)


def padded(bundle: Json, observations: int) -> Json:
    """The bundle with copies of its laboratory results, each set a day further back, until there are so many."""
    entries = bundle["entry"]
    seen = [entry for entry in entries if entry["resource"]["resourceType"] == "Observation"]
    labs = [entry for entry in seen if "referenceRange" in entry["resource"]]
    older = _older(labs)
    added = [next(older) for _ in range(observations - len(seen))]
    return {**bundle, "entry": [*entries, *added]}


def _older(entries: list[Json]) -> Iterator[Json]:
    days = 0
    while True:
        days += 1
        yield from (_back(entry, days) for entry in entries)


def _back(entry: Json, days: int) -> Json:
    resource = entry["resource"]
    when = datetime.fromisoformat(resource["effectiveDateTime"]) - timedelta(days=days)
    name = f"{resource['id']}-{days}-back"
    old = {**resource, "id": name, "effectiveDateTime": when.isoformat()}
    return {"resource": old}


def measured(story: str, observations: int, samples: int, calls: int) -> dict[str, Pair]:
    """Bytes → answer, object → answer, object → record, each against validating the same."""
    from fhir.resources.R4B.bundle import Bundle  # here, because importing it takes seconds

    patient = Patient(story, observations)
    assert patient.answer(patient.text).verdict == patient.tale.expect.verdict
    assert len([e for e in patient.floats["entry"] if e["resource"]["resourceType"] == "Observation"]) == observations

    def of_object() -> object:
        return Bundle.model_validate(patient.floats)

    def of_bytes() -> object:
        return Bundle.model_validate_json(patient.text)

    return {
        "bundle_from_bytes": in_turn(lambda: patient.answer(patient.text), of_bytes, samples, calls),
        "bundle_from_object": in_turn(lambda: patient.answer(patient.exact), of_object, samples, calls),
        "record_from_object": in_turn(lambda: patient.record(patient.exact), of_object, samples, calls),
    }
