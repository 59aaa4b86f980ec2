"""Observations: exact numbers, the laboratory's limits, words, signatures."""

from decimal import Decimal
from typing import Any

import pytest

from posology.record import Given, Quality
from tests.fixtures.fhir.build import (
    DOCTOR,
    LOINC,
    OWN,
    SNOMED,
    administration,
    bundle,
    coded,
    component,
    load,
    noted,
    observation,
    own,
    quantity,
    read,
    the,
)


def bilirubin(value: object, unit: str = "mg/dL", **more: Any) -> dict[str, Any]:
    return observation("1975-2", valueQuantity=quantity(value, unit), **more)


def test_a_value_keeps_its_digits() -> None:
    assert str(the("bilirubin", bilirubin("0.70")).value) == "0.70"


def test_a_value_converts_down_and_its_limit_up() -> None:
    reading = the("bilirubin", bilirubin(20, "umol/L", referenceRange=[{"high": quantity(20, "umol/L")}]))
    assert reading.value is not None
    assert reading.high is not None
    assert reading.value < reading.high < Decimal("1.1694")
    assert reading.reported == "20 umol/L"


def test_a_limit_in_another_known_unit_is_converted() -> None:
    reading = the("bilirubin", bilirubin(1, referenceRange=[{"high": quantity("17.104", "umol/L")}]))
    assert reading.high == 1


@pytest.mark.parametrize("unit", ["mg/dl", "10*3/µL", "g", ""])
def test_an_unknown_unit_is_wrong_unit_and_never_guessed(unit: str) -> None:
    record = read(bilirubin(1, unit, referenceRange=[{"low": quantity(0, unit), "high": quantity(2, unit)}]))
    (reading,) = record.readings
    (note,) = record.notes
    assert (reading.value, reading.quality) == (None, Quality.WRONG_UNIT)
    assert "mg/dL" in note.text


def test_a_missing_unit_is_wrong_unit() -> None:
    assert the("bilirubin", observation("1975-2", valueQuantity={"value": 1})).quality is Quality.WRONG_UNIT


def test_a_unit_of_another_system_is_wrong_unit() -> None:
    given = {"value": 1, "system": "urn:local", "code": "mg/dL"}
    assert the("bilirubin", observation("1975-2", valueQuantity=given)).quality is Quality.WRONG_UNIT


def test_a_unit_by_its_printed_name_counts_only_where_it_is_a_ucum_code() -> None:
    assert the("bilirubin", observation("1975-2", valueQuantity={"value": 1, "unit": "mg/dL"})).value == 1


def test_a_missing_limit_is_none_and_never_a_default() -> None:
    assert the("bilirubin", bilirubin(1)).high is None


@pytest.mark.parametrize(
    "ranges, code",
    [
        ([{"high": {"value": 1}}], "limit_unusable"),
        ([{"high": quantity(99999, "mg/dL")}], "limit_unusable"),
        ([{"low": quantity(2, "mg/dL"), "high": quantity(1, "mg/dL")}], "limit_unclear"),
        ([{"high": quantity(1, "mg/dL")}, {"high": quantity(2, "mg/dL")}], "limit_unclear"),
    ],
)
def test_a_limit_that_cannot_be_used_is_left_out_and_said(ranges: list[Any], code: str) -> None:
    record = read(bilirubin(1, referenceRange=ranges))
    assert (record.readings[0].high, record.readings[0].value) == (None, 1)
    assert noted(record) == {code}


def test_the_normal_range_is_taken_among_others() -> None:
    ranges = [
        {"high": quantity(9, "mg/dL"), "type": coded("urn:x", "treatment")},
        {"high": quantity(3, "mg/dL"), "appliesTo": [coded(SNOMED, "1")]},
        {"high": quantity(1, "mg/dL"), "type": coded("urn:x", "normal")},
        {"text": "see leaflet", "type": coded("urn:x", "recommended")},
    ]
    assert the("bilirubin", bilirubin(2, referenceRange=ranges)).high == 1


@pytest.mark.parametrize("value", ["-0.1", "61", "1E-400", "1E+400", "1." + "0" * 60])
def test_a_number_outside_the_hard_limits_or_too_wide_has_no_value(value: str) -> None:
    reading = the("bilirubin", bilirubin(value))
    assert reading.value is None
    assert reading.quality in (Quality.IMPLAUSIBLE, Quality.MISSING)


def test_seven_kilograms_are_implausible_for_an_adult_only() -> None:
    weight = observation("29463-7", valueQuantity=quantity(7, "kg"))
    assert the("weight", weight).quality is Quality.IMPLAUSIBLE
    child = {"resourceType": "Patient", "id": "p1", "birthDate": "2025-06-15"}
    assert load(bundle(weight, patient=child)).of("weight")[0].value == 7


@pytest.mark.parametrize(
    "code, unit, comparator, quality",
    [
        ("777-3", "10*9/L", "<", Quality.BOUNDED),
        ("777-3", "10*9/L", ">", Quality.OK),
        ("1742-6", "U/L", "<", Quality.OK),
        ("1742-6", "U/L", ">", Quality.BOUNDED),
        ("1742-6", "U/L", ">=", Quality.BOUNDED),
    ],
)
def test_a_bound_is_a_value_only_where_it_is_the_worst_the_value_can_be(
    code: str, unit: str, comparator: str, quality: Quality
) -> None:
    record = read(observation(code, valueQuantity={**quantity(80, unit), "comparator": comparator}))
    assert (record.readings[0].value, record.readings[0].quality) == (80, quality)
    assert noted(record) == {"bound"}


def test_mrd_below_a_bound_above_the_threshold_stays_open() -> None:
    given = {**quantity("0.001", "1"), "comparator": "<"}
    assert the("mrd_negative", own("mrd", valueQuantity=given)).quality is Quality.MISSING


def test_an_absent_result_is_missing_and_stands_before_an_older_one() -> None:
    absent = observation("1975-2", dataAbsentReason=coded("urn:x", "error"))
    assert the("bilirubin", absent).quality is Quality.MISSING


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled", "registered"])
def test_a_void_result_is_set_aside(status: str) -> None:
    record = read(bilirubin(1, status=status))
    assert record.readings == ()
    assert noted(record) == {status.replace("-", "_")}


def test_a_preliminary_result_is_read_and_said() -> None:
    record = read(bilirubin(1, status="preliminary"))
    assert record.readings[0].value == 1
    assert noted(record) == {"preliminary"}


@pytest.mark.parametrize("status", ["unknown", None, "finished"])
def test_a_result_whose_status_is_not_final_has_no_value(status: str | None) -> None:
    assert the("bilirubin", bilirubin(1, status=status)).quality is Quality.MISSING


def test_a_result_about_somebody_else_than_the_subject_is_set_aside() -> None:
    record = read(bilirubin(1, focus=[{"reference": "Patient/donor"}]))
    assert (record.readings, noted(record)) == ((), {"modified"})


def test_a_code_is_matched_and_a_text_never() -> None:
    record = read({**bilirubin(1), "code": {"text": "Bilirubin"}})
    assert (record.readings, noted(record)) == ((), {"not_read"})


def test_codes_that_name_different_tests_leave_no_value() -> None:
    both = {"coding": [{"system": LOINC, "code": "1975-2"}, {"system": LOINC, "code": "1968-7"}]}
    record = read({**bilirubin(1), "code": both})
    assert {reading.value for reading in record.readings} == {None}
    assert "codes_disagree" in noted(record)


def test_two_codings_of_one_test_are_one_reading() -> None:
    both = {"coding": [{"system": OWN, "code": "bilirubin"}, {"system": LOINC, "code": "1975-2"}]}
    assert the("bilirubin", {**bilirubin(1), "code": both}).value == 1


def test_a_misspelt_own_code_is_said() -> None:
    assert noted(read(own("transplant-intend", "proceeding"))) == {"unknown_code"}


def test_an_unknown_word_is_missing_and_the_words_are_named() -> None:
    record = read(own("transplant-intent", "maybe"))
    assert record.readings[0].quality is Quality.MISSING
    assert "not_proceeding" in record.notes[0].text


@pytest.mark.parametrize(
    "code, word, observable, value",
    [
        ("response", "CRi", "response", "cri"),
        ("transplant-intent", "not-proceeding", "transplant_intent", "not_proceeding"),
        ("disease-status", "first-line", "disease_status", "first_line"),
        ("dose-level", "reduced-25", "dose_level", "reduced_25"),
        ("mrd", "negative", "mrd_negative", True),
        ("mrd", "positive", "mrd_negative", False),
        ("cd22", "positive", "cd22_positive", True),
        ("ph", "negative", "ph_positive", False),
        ("continuation", "stop", "continuation", "stop"),
        ("cns-status", "active", "cns_status", "active"),
    ],
)
def test_a_coded_word_of_the_contract_is_read(code: str, word: str, observable: str, value: object) -> None:
    assert the(observable, own(code, word)).value == value


@pytest.mark.parametrize("word", ["yes", "no", "none"])
def test_a_yes_under_mrd_does_not_say_what_was_negative(word: str) -> None:
    assert the("mrd_negative", own("mrd", word)).quality is Quality.MISSING


@pytest.mark.parametrize(
    "value, unit, negative",
    [("0.00009", "1", True), ("0.0001", "1", False), ("0.009", "%", True), ("0.01", "%", False)],
)
def test_mrd_is_negative_below_the_threshold_of_the_label_files(value: str, unit: str, negative: bool) -> None:
    assert the("mrd_negative", own("mrd", valueQuantity=quantity(value, unit))).value is negative


def test_mrd_below_a_detection_limit_at_the_threshold_is_negative() -> None:
    given = {**quantity("0.0001", "1"), "comparator": "<"}
    assert the("mrd_negative", own("mrd", valueQuantity=given)).value is True


def test_a_share_of_cd22_is_a_number() -> None:
    assert the("cd22_percent", own("cd22", valueQuantity=quantity(95, "%"))).value == 95


def test_a_standard_answer_code_is_yes_or_no() -> None:
    negative = observation("2106-3", valueCodeableConcept=coded(SNOMED, "260385009"))
    assert the("pregnant", negative).value is False


def test_a_finding_said_to_be_absent_is_not_present() -> None:
    record = read(observation("389026000", SNOMED, valueCodeableConcept=coded(SNOMED, "2667000")))
    assert [reading.value for reading in record.of("ascites")] == [False]


@pytest.mark.parametrize(
    "performer, signed", [(DOCTOR, True), ([{"reference": "Patient/p1"}], False), ([{}], False), (None, False)]
)
def test_a_judgement_is_signed_by_somebody_else_than_the_patient(performer: object, signed: bool) -> None:
    assert (
        the("severe_liver_toxicity", own("severe-liver-toxicity", valueBoolean=False, performer=performer)).signed is signed
    )


def test_a_judgement_names_the_sample_it_rests_on() -> None:
    cause = own("bilirubin-cause", "gilbert", derivedFrom=[{"reference": "urn:uuid:b"}])
    sent = bundle(bilirubin(3), cause)
    sent["entry"][1]["fullUrl"] = "urn:uuid:b"
    record = load(sent)
    assert record.of("bilirubin_cause")[0].sample == record.of("bilirubin")[0].id


def test_a_result_names_its_specimen() -> None:
    assert the("bilirubin", bilirubin(1, specimen={"reference": "Specimen/s1"})).sample == "Specimen/s1"


def review(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return own("pre-dose-review", component=list(parts), **more)


def grade(value: int) -> dict[str, Any]:
    return component("toxicity-grade", valueInteger=value)


@pytest.mark.parametrize("version", [component("ctcae-version", valueString="5"), component("infection", "no")])
def test_grade_one_in_another_ctcae_version_is_unknown_and_asked(version: dict[str, Any]) -> None:
    record = read(review(grade(1), version))
    assert record.of("toxicity_review")[0].quality is Quality.MISSING
    assert "ctcae_version" in noted(record)


@pytest.mark.parametrize("value", [0, 2, 5])
def test_an_adverse_or_absent_grade_counts_in_any_version(value: int) -> None:
    assert the("toxicity_review", review(grade(value), component("ctcae-version", valueInteger=5))).value == value


@pytest.mark.parametrize("version", [{"valueString": "v3"}, {"valueInteger": 3}, {"valueCodeableConcept": coded(OWN, "3")}])
def test_grade_one_in_version_three_counts(version: dict[str, Any]) -> None:
    assert the("toxicity_review", review(grade(1), component("ctcae-version", **version))).value == 1


def test_an_unsigned_review_is_read_unsigned() -> None:
    assert the("vod_review", review(component("vod", "ruled-out"), performer=None)).signed is False


def test_one_broken_component_leaves_the_others() -> None:
    record = read(review({"code": 7}, component("vod", "suspected")))
    assert record.of("vod_review")[0].value == "suspected"
    assert "unreadable" in noted(record)


def test_a_baseline_review_settles_the_look_of_its_day() -> None:
    parts = [
        component("vod-history", "none"),
        component("pregnancy", "no"),
        component("hypersensitivity", valueBoolean=True),
    ]
    record = read(own("baseline-review", component=parts))
    found = {reading.observable: reading.value for reading in record.readings}
    expected = {"vod_history": False, "vod_review": "ruled_out", "pregnant": False, "hypersensitivity": True}
    assert found == {"baseline_review": True, **expected}


def test_a_history_of_vod_rules_nothing_out() -> None:
    record = read(own("baseline-review", component=[component("vod-history", valueBoolean=True)]))
    assert record.of("vod_review") == ()


def test_a_panel_of_laboratory_components_is_read_by_their_codes() -> None:
    part = {"code": coded(LOINC, "777-3"), "valueQuantity": quantity(50, "10*9/L")}
    assert the("platelets", observation("58410-2", component=[part])).value == 50


def test_a_signed_deferral_is_a_dose_put_off() -> None:
    (dose,) = read(own("dose-deferred", "toxicity")).doses
    assert (dose.given, dose.reason) == (Given.DEFERRED, "toxicity")


def test_an_unsigned_deferral_is_no_deferral() -> None:
    record = read(own("dose-deferred", "toxicity", performer=None))
    assert (record.doses, noted(record)) == ((), {"unsigned"})


def blasts(*more: dict[str, Any]) -> Any:
    share = observation("26446-5", valueQuantity=quantity(25, "%"))
    return read(share, *more).of("peripheral_blasts")


def test_blasts_are_counted_from_their_share_of_the_same_sample() -> None:
    (count,) = blasts(observation("6690-2", valueQuantity=quantity(20, "10*9/L")))
    assert count.value == 5


def test_blasts_are_not_counted_from_leucocytes_of_another_moment() -> None:
    later = observation("6690-2", valueQuantity=quantity(20, "10*9/L"), effectiveDateTime="2026-03-02T09:00:00-05:00")
    assert blasts(later) == ()


def test_blasts_are_not_computed_beside_a_count() -> None:
    count = observation("30376-8", valueQuantity=quantity(7, "10*9/L"))
    assert [one.value for one in blasts(count, observation("6690-2", valueQuantity=quantity(20, "10*9/L")))] == [7]


def test_the_order_of_the_bundle_does_not_matter() -> None:
    resources = [
        bilirubin(1),
        own("response", "CR"),
        administration(),
        observation("777-3", valueQuantity=quantity(9, "10*9/L")),
    ]
    one, other = read(*resources), read(*reversed(resources))
    assert (one.readings, one.doses) == (other.readings, other.doses)
