"""Diagnoses, allergies and procedures: positive, refuted, in doubt, undated."""

from datetime import UTC, datetime
from typing import Any

import pytest

from posology.record import Quality
from tests.fixtures.fhir.build import DRUG, OWN, SNOMED, SUBJECT, coded, condition, noted, read, the

ICD = "http://hl7.org/fhir/sid/icd-10-cm"
VOD = "65617004"
DATED = {"onsetDateTime": "2026-01-10", "recordedDate": "2026-01-12"}
RECORDER = {"recorder": {"reference": "Practitioner/d1"}}


def test_a_relapse_code_says_the_diagnosis_and_the_relapse() -> None:
    record = read(condition("C91.02", ICD, recordedDate="2026-01-12"))
    assert {one.observable: one.value for one in record.readings} == {"b_all": True, "disease_status": "relapsed"}


def test_an_undated_diagnosis_counts_from_birth() -> None:
    record = read(condition("277571004"))
    assert record.readings[0].at == datetime(1980, 6, 15, 4, tzinfo=UTC)
    assert noted(record) == {"undated"}


def test_confirmed_vod_counts_without_a_signature() -> None:
    record = read(condition(VOD, verified=None, **DATED))
    found = {one.observable: (one.value, one.signed) for one in record.readings}
    assert found == {"vod_review": ("confirmed", True), "vod_history": (True, True)}


@pytest.mark.parametrize("verified", ["unconfirmed", "provisional", "differential"])
def test_vod_in_doubt_is_suspected_and_its_history_unknown(verified: str) -> None:
    record = read(condition(VOD, verified=verified, **DATED))
    assert record.of("vod_review")[0].value == "suspected"
    assert record.of("vod_history")[0].quality is Quality.MISSING


@pytest.mark.parametrize("people, signed", [(RECORDER, True), ({}, False)])
def test_refuted_vod_is_ruled_out_on_the_day_of_its_record_and_needs_a_signature(people: Any, signed: bool) -> None:
    record = read(condition(VOD, verified="refuted", **DATED, **people))
    (review,) = record.of("vod_review")
    assert (review.value, review.signed, review.at.day) == ("ruled_out", signed, 12)
    assert record.of("vod_history")[0].value is False


def test_a_refuted_diagnosis_is_a_no() -> None:
    assert the("b_all", condition("277571004", verified="refuted", **DATED)).value is False


def test_a_refuted_relapse_says_nothing_about_the_state_it_is_in() -> None:
    assert the("disease_status", condition("C91.02", ICD, verified="refuted", **DATED)).quality is Quality.MISSING


def test_a_diagnosis_entered_in_error_is_set_aside() -> None:
    record = read(condition(VOD, verified="entered-in-error", **DATED))
    assert (record.readings, noted(record)) == ((), {"entered_in_error"})


def test_gilbert_on_the_problem_list_is_no_judgement() -> None:
    record = read(condition("27503000", **DATED))
    assert (record.readings, noted(record)) == ((), {"gilbert"})


def test_a_resolved_pregnancy_ends_on_its_day() -> None:
    over = {"clinicalStatus": coded("urn:x", "resolved"), "abatementDateTime": "2026-02-01"}
    record = read(condition("77386006", **DATED, **over))
    assert [one.value for one in record.of("pregnant")] == [True, False]


def test_a_leukaemia_in_remission_is_still_the_diagnosis() -> None:
    over = {"clinicalStatus": coded("urn:x", "remission"), "abatementDateTime": "2026-02-01"}
    assert the("b_all", condition("277571004", **DATED, **over)).value is True


def allergy(code: Any, verified: str = "confirmed") -> dict[str, Any]:
    found = {"resourceType": "AllergyIntolerance", "id": "a", "code": code, "patient": SUBJECT}
    return {**found, "recordedDate": "2026-01-12", "verificationStatus": coded("urn:x", verified)}


@pytest.mark.parametrize("verified, value", [("confirmed", True), ("unconfirmed", True), ("refuted", False)])
def test_an_allergy_to_the_drug_counts_until_it_is_refuted(verified: str, value: bool) -> None:
    assert the("hypersensitivity", allergy(DRUG, verified)).value is value


def test_a_list_without_allergies_is_no_review_of_this_drug() -> None:
    record = read(allergy(coded(SNOMED, "716186003")))
    assert (record.readings, noted(record)) == ((), {"no_known_allergy"})


def procedure(code: str, status: str = "completed", system: str = SNOMED) -> dict[str, Any]:
    found = {"resourceType": "Procedure", "id": "t", "status": status, "code": coded(system, code), "subject": SUBJECT}
    return {**found, "performedDateTime": "2026-01-12"}


def test_a_completed_transplant_is_read_and_a_planned_one_is_not() -> None:
    assert the("transplant", procedure("234336002")).value is True
    assert the("transplant", procedure("transplant", system=OWN)).value is True
    assert noted(read(procedure("234336002", "preparation"))) == {"not_completed"}


def test_a_platelet_transfusion_ends_independence_of_transfusion() -> None:
    assert the("platelets_transfusion_independent", procedure("12719002")).value is False
