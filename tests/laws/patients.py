"""Patients for the laws: every story, and seeded random courses, as records with their moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from posology import fhir, stories
from posology.answer import Report, decide
from posology.course import fold
from posology.decide import verdict
from posology.facts import Gathered, gather, values
from posology.knowledge import RANK, Edition, codes, load_edition, observables
from posology.record import Quality, Reading, Record

Change = Callable[[Reading], Reading | None]
ASK = RANK["give_with_review"] + 0.5


@dataclass(frozen=True)
class Patient:
    name: str
    record: Record
    at: datetime
    zone: ZoneInfo
    edition: Edition

    def facts(self) -> Gathered:
        course = fold(self.record, self.edition.regimen, self.at, self.zone)
        return gather(self.record, course, self.edition, self.at, self.zone)

    def decide(self) -> Report:
        return decide(self.record, at=self.at, edition=self.edition, zone=self.zone)

    def bare(self) -> tuple[str, str]:
        """Verdict and could_be, without the explanation."""
        facts = self.facts()
        stale = {name: fact.stale for name, fact in facts.items() if fact.stale is not None}
        return verdict(self.edition.tables, values(facts), stale)

    def without(self, observable: str) -> Patient:
        kept = tuple(reading for reading in self.record.readings if reading.observable != observable)
        return replace(self, record=replace(self.record, readings=kept))


@cache
def told(name: str) -> Patient:
    tale = stories.tale(name)
    return _patient(name, stories.bundle(name), tale.at, tale.zone)


@cache
def chance(seed: int) -> Patient:
    bundle, at = stories.random_bundle(seed)
    return _patient(f"seed {seed}", bundle, at, "America/New_York")


def _patient(name: str, bundle: dict, at: datetime, zone: str) -> Patient:
    record = fhir.load_bundle(bundle, observables=observables(), codes=codes(), zone=ZoneInfo(zone))
    return Patient(name, record, at, ZoneInfo(zone), load_edition("us"))


def everybody(seeds: range) -> Iterator[Patient]:
    for name in stories.names():
        yield told(name)
    for seed in seeds:
        yield chance(seed)


def severity(verdict: str) -> float:
    """The scale with `ask` on it: more than giving with review, less than any stop."""
    return ASK if verdict == "ask" else RANK[verdict]


def changed(patient: Patient, observable: str, change: Change) -> Patient:
    """The patient with every reading of one observable changed."""
    kept = [change(one) if one.observable == observable else one for one in patient.record.readings]
    readings = tuple(sorted((one for one in kept if one is not None), key=lambda one: one.at))
    return replace(patient, record=replace(patient.record, readings=readings))


def spoilt(reading: Reading) -> Reading:
    return replace(reading, value=None, quality=Quality.WRONG_UNIT)
