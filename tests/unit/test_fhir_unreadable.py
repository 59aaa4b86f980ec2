"""An entry that may hold a danger and cannot be read is asked about; nothing that is garbled turns green."""

import copy
from typing import Any

import pytest

from posology.fhir import BadBundle
from tests.fixtures.fhir.build import (
    DRUG,
    LOINC,
    SNOMED,
    administration,
    coded,
    component,
    condition,
    load,
    observation,
    own,
    quantity,
    read,
)
from tests.fixtures.fhir.green import GREEN, decided, facts, sent

T = "2026-03-09T08:15:00-04:00"


def danger(resource: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**resource, "id": "danger", **more}


def reviewed(*parts: dict[str, Any]) -> dict[str, Any]:
    return own("pre-dose-review", component=list(parts))


BILIRUBIN = observation("1975-2", valueQuantity=quantity(9, "mg/dL"), referenceRange=[{"high": quantity("1.2", "mg/dL")}])
GRADE_2 = component("toxicity-grade", valueInteger=2)
DANGERS = {
    "suspected disease": danger(reviewed(component("vod", "suspected")), effectiveDateTime=T),
    "an unsigned toxicity": danger(reviewed(GRADE_2), effectiveDateTime=T, performer=[]),
    "severe liver toxicity": danger(own("severe-liver-toxicity", valueBoolean=True), effectiveDateTime=T),
    "a decision to stop": danger(own("dose-level", "stopped"), effectiveDateTime=T),
    "a raised bilirubin": danger(BILIRUBIN, effectiveDateTime=T),
    "a diagnosis": danger(condition("65617004", onsetDateTime="2026-03-08", recordedDate="2026-03-08")),
    "a dose": danger(administration(effectiveDateTime="2026-03-05")),
}
JUNK: list[Any] = [None, "", 5, [], {}, "soon", "9999-12-31"]


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(one for key, value in inner for one in places(value, (*path, key)))]


def garbled(resource: dict[str, Any], path: tuple[Any, ...], junk: Any) -> dict[str, Any]:
    found = copy.deepcopy(resource)
    node: Any = found
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = copy.deepcopy(junk)
    return found


def names_something_else(path: tuple[Any, ...], junk: Any) -> bool:
    """Another code of the same system, or another system of our own codes: that is another thing, not a garbled one."""
    return path[-1] in ("code", "system") and isinstance(junk, str) and bool(junk)


@pytest.mark.parametrize("name", DANGERS)
def test_no_danger_turns_green_when_it_is_garbled(name: str) -> None:
    resource = DANGERS[name]
    assert decided(sent(resource)) != GREEN
    kept = ("id", "resourceType", "subject", "referenceRange", "dosage", "performer")
    for path in [one for one in places(resource) if one and one[0] not in kept]:
        for junk in JUNK:
            if names_something_else(path, junk):
                continue
            try:
                after = decided(sent(garbled(resource, path, junk)))
            except BadBundle:
                continue
            assert after != GREEN, (name, path, junk)


UNREADABLE = {
    "without a date": {**BILIRUBIN, "effectiveDateTime": None},
    "with an impossible date": {**BILIRUBIN, "effectiveDateTime": "2026-13-01"},
    "without a code": {**BILIRUBIN, "code": {}},
    "with a code under no system": {**BILIRUBIN, "code": {"coding": [{"code": "1975-2"}]}},
    "with a code under the system's other name": {**BILIRUBIN, "code": coded("urn:oid:2.16.840.1.113883.6.1", "1975-2")},
    "with a misspelt code of ours": own("transplant-intend", "proceeding"),
    "with a modifier extension": {**BILIRUBIN, "modifierExtension": [{}]},
    "a review of nothing": own("pre-dose-review"),
    "a review with a component that there is not": reviewed(component("vodd", "confirmed")),
    "a judgement with a word that there is not": own("severe-liver-toxicity", "perhaps"),
    "a diagnosis without a code": {**condition("65617004", recordedDate="2026-01-01"), "code": {}},
}


@pytest.mark.parametrize("resource", UNREADABLE.values(), ids=UNREADABLE)
def test_an_entry_that_cannot_be_read_is_asked_about(resource: dict[str, Any]) -> None:
    found = sent(danger(resource))
    assert facts(found)["entries_unreadable"].value == 1
    assert decided(found)[0] == "wait"


ELSEWHERE = {
    "a text": {**BILIRUBIN, "code": {"text": "Smoking status"}},
    "a code that is not read here": {**BILIRUBIN, "code": coded(LOINC, "72166-2"), "effectiveDateTime": None},
    "a local code": {**BILIRUBIN, "code": coded("urn:hospital", "161"), "effectiveDateTime": None},
    "a result about somebody else": {**BILIRUBIN, "focus": [{"reference": "Patient/donor"}]},
    "an entry in error": {**BILIRUBIN, "status": "entered-in-error", "effectiveDateTime": None},
    "a diagnosis that is not read here": condition("38341003", recordedDate="soon"),
}


@pytest.mark.parametrize("resource", ELSEWHERE.values(), ids=ELSEWHERE)
def test_an_entry_about_something_else_is_left_alone(resource: dict[str, Any]) -> None:
    assert decided(sent(danger(resource))) == GREEN


def test_an_entry_without_a_resource_is_asked_about() -> None:
    found = sent()
    found["entry"].append({"fullUrl": "urn:uuid:1"})
    assert decided(found)[0] == "wait"


@pytest.mark.parametrize(
    "dates, day",
    [
        ({"onsetDateTime": "2026-03-05", "recordedDate": "2026-03-02"}, "2026-03-02"),
        ({"onsetDateTime": "2026-03-05", "recordedDate": "2026"}, "2026-03-05"),
        ({"onsetDateTime": "2026-03", "recordedDate": "2026-03-05"}, "2026-03-05"),
        ({"onsetDateTime": "2025", "recordedDate": "2026-03-05"}, "2025-01-01"),
        ({"onsetDateTime": "soon", "recordedDate": "2026-03-05"}, "2026-03-05"),
        ({"onsetDateTime": "soon"}, "1980-06-15"),
    ],
)
def test_a_diagnosis_counts_from_the_earlier_of_its_usable_dates(dates: dict[str, str], day: str) -> None:
    readings = read(condition("65617004", **dates)).of("vod_review")
    assert {one.at.date().isoformat() for one in readings} == {day}


@pytest.mark.parametrize("status", [[], {}, 5, None])
@pytest.mark.parametrize("kind", ["MedicationStatement", "MedicationRequest", "MedicationAdministration"])
def test_a_status_of_any_shape_is_read_without_a_crash(kind: str, status: Any) -> None:
    found = {"resourceType": kind, "id": "m", "status": status, "medicationCodeableConcept": DRUG}
    record = read({**found, "subject": {"reference": "Patient/p1"}})
    assert record.doses or record.orders or record.unplaced


def test_a_code_that_is_read_here_counts_under_any_of_its_systems() -> None:
    assert not read(observation("389026000", SNOMED, valueBoolean=True)).unreadable
    assert load(sent()).unreadable == ()
