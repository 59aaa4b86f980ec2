"""What is refused as a whole, always in one line and never with a traceback."""

import json

import pytest

from posology.fhir import BadBundle
from tests.fixtures.fhir.build import (
    PATIENT,
    SUBJECT,
    bundle,
    load,
    noted,
    observation,
    quantity,
    read,
)

WEIGHT = observation("29463-7", valueQuantity=quantity(70, "kg"))

REFUSED = {
    "broken JSON": (b'{"resourceType": "Bundle",', "not valid JSON"),
    "no JSON": (b"", "not valid JSON"),
    "a repeated key": (b'{"resourceType": "Bundle", "type": "a", "type": "b"}', "type stands twice"),
    "NaN": (b'{"a": NaN}', "NaN"),
    "Infinity": (b'{"a": -Infinity}', "Infinity"),
    "a byte-order mark": (b"\xef\xbb\xbf{}", "byte-order mark"),
    "Latin-1": ('{"a": "ü"}'.encode("latin-1"), "UTF-8"),
    "deep nesting": (b"[" * 200_000, "nested too deeply"),
    "a huge whole number": (b'{"a": ' + b"9" * 5000 + b"}", "too many digits"),
    "a bare Patient": (json.dumps(PATIENT).encode(), "this is a Patient"),
    "a list": (b"[]", "no FHIR Bundle"),
    "a number": (b"7", "no FHIR Bundle"),
    "no resourceType": (b"{}", "resourceType"),
    "an empty bundle": (b'{"resourceType": "Bundle", "entry": []}', "empty"),
    "no patient": (json.dumps({"resourceType": "Bundle", "entry": [{"resource": WEIGHT}]}).encode(), "no Patient"),
}


@pytest.mark.parametrize("source, says", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_one_patients_record_is_refused_in_one_line(source: bytes, says: str) -> None:
    with pytest.raises(BadBundle, match=says) as refusal:
        load(source)
    assert "\n" not in str(refusal.value)


def test_a_bundle_over_the_size_limit_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(BadBundle, match="more than 10 bytes"):
        load(b"not even JSON", max_bytes=10)


def test_a_nan_in_a_parsed_object_is_refused_too() -> None:
    with pytest.raises(BadBundle, match="NaN"):
        read(observation("29463-7", valueQuantity=quantity(json.loads("NaN"), "kg")))


def test_a_second_patient_is_refused() -> None:
    with pytest.raises(BadBundle, match="two patients"):
        read({**PATIENT, "id": "p2"})


@pytest.mark.parametrize(
    "subject", [{"reference": "Patient/p2"}, {"identifier": {"value": "7"}}, {"reference": "Group/p1"}, "Patient/p1"]
)
def test_a_second_subject_is_refused(subject: object) -> None:
    with pytest.raises(BadBundle, match="subject"):
        read({**WEIGHT, "subject": subject})


def test_a_second_subject_is_refused_in_resources_that_are_not_read() -> None:
    with pytest.raises(BadBundle, match="second subject"):
        read({"resourceType": "Encounter", "id": "e", "subject": {"reference": "Patient/p2"}})


def test_a_patient_of_the_same_id_on_another_server_is_a_second_subject() -> None:
    sent = bundle({**WEIGHT, "subject": {"reference": "https://b.example/fhir/Patient/p1"}})
    sent["entry"][0]["fullUrl"] = "https://a.example/fhir/Patient/p1"
    with pytest.raises(BadBundle, match="second subject"):
        load(sent)


@pytest.mark.parametrize("reference", ["Patient/p1", "urn:uuid:0", "Patient/p1/_history/2"])
def test_the_subject_may_be_named_by_id_by_version_or_by_full_url(reference: str) -> None:
    sent = bundle({**WEIGHT, "subject": {"reference": reference}})
    sent["entry"][0]["fullUrl"] = "urn:uuid:0"
    assert len(load(sent).of("weight")) == 1


def test_a_subject_known_by_the_patients_own_identifier_is_the_patient() -> None:
    key = {"system": "urn:hospital", "value": "7"}
    sent = bundle({**WEIGHT, "subject": {"identifier": key}}, patient={**PATIENT, "identifier": [key]})
    assert len(load(sent).of("weight")) == 1


def test_a_resource_without_a_subject_is_read_and_said() -> None:
    record = read({key: value for key, value in WEIGHT.items() if key != "subject"})
    assert "no_subject" in noted(record)
    assert len(record.of("weight")) == 1


def test_the_same_id_with_different_content_is_refused() -> None:
    with pytest.raises(BadBundle, match="different content"):
        read(WEIGHT, {**WEIGHT, "valueQuantity": quantity(71, "kg")})


def test_identical_duplicates_collapse() -> None:
    assert len(read(WEIGHT, WEIGHT).of("weight")) == 1


def test_one_page_of_several_is_said() -> None:
    assert "one_page" in noted(load({**bundle(WEIGHT), "link": [{"relation": "next", "url": "x"}]}))


def test_a_refusal_names_no_more_than_an_id() -> None:
    named = {**PATIENT, "id": "p2", "name": [{"family": "Secret"}]}
    with pytest.raises(BadBundle) as refusal:
        read(named)
    assert "Secret" not in str(refusal.value)


def test_an_identifier_that_would_break_the_line_is_escaped() -> None:
    with pytest.raises(BadBundle) as refusal:
        read({**WEIGHT, "id": "a\nb"}, {**WEIGHT, "id": "a\nb", "status": "amended"})
    assert "\n" not in str(refusal.value)


def test_a_patient_without_full_birth_date_is_said() -> None:
    record = load(bundle(patient={**PATIENT, "birthDate": "1980", "gender": "other"}))
    assert (record.patient.birth, record.patient.sex) == (None, None)
    assert "no_birth_date" in noted(record)


def test_the_patient_goes_by_the_logical_id() -> None:
    assert read(WEIGHT).patient.id == "p1"
    assert SUBJECT["reference"] == "Patient/p1"
