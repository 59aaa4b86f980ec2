"""Values by day alone, limits no laboratory prints, sizes no body has, dates no patient has: never a green light."""

from decimal import Decimal
from typing import Any

import pytest

from posology.measures import belong_together
from posology.record import Quality
from tests.fixtures.fhir.build import PATIENT, administration, bundle, load, noted, observation, own, quantity, read
from tests.fixtures.fhir.green import DAY_8, FIRST, GREEN, decided, each, facts, reported, sent

DAY = "2026-03-09"


def result(code: str, value: object, unit: str, when: str | None = DAY, **more: Any) -> dict[str, Any]:
    found = observation(code, valueQuantity=quantity(value, unit), effectiveDateTime=when, **more)
    return {**found, "id": f"extra-{code}-{when}"}


ULN = [{"high": quantity("1.2", "mg/dL")}]


@pytest.mark.parametrize("when", [DAY, "2026-03", "2026"])
def test_a_worse_result_by_day_alone_is_not_hidden_by_a_timed_one(when: str) -> None:
    found = sent(result("1975-2", 9, "mg/dL", when, referenceRange=ULN))
    assert facts(found)["bilirubin"].why == "conflicting"
    assert decided(found)[0] == "ask"
    assert "day_alone" in noted(load(found))


def test_a_milder_result_by_day_alone_changes_nothing() -> None:
    assert decided(sent(result("1975-2", "0.1", "mg/dL", referenceRange=ULN))) == GREEN
    raised = sent(result("1975-2", "0.1", "mg/dL", referenceRange=ULN))
    for one in each(raised, "Observation", "1975-2"):
        if len(one["effectiveDateTime"]) > 10 and one["effectiveDateTime"].startswith(DAY):
            one["valueQuantity"]["value"] = 9
    assert decided(raised)[0] == "interrupt"


def test_low_is_the_worse_side_of_a_count() -> None:
    assert facts(sent(result("777-3", 9, "10*9/L")))["platelets"].why == "conflicting"
    assert facts(sent(result("777-3", 900, "10*9/L")))["platelets"].value is not None


def test_a_result_of_that_day_without_a_usable_value_is_not_hidden_either() -> None:
    assert facts(sent(result("1975-2", 1, "bananas")))["bilirubin"].value is None


def test_a_result_of_another_day_changes_nothing() -> None:
    assert decided(sent(result("1975-2", 9, "mg/dL", "2026-03-08", referenceRange=ULN))) == GREEN


def test_a_suspicion_by_day_alone_is_not_hidden_by_the_look_of_that_day() -> None:
    part = {"code": own("vod")["code"], "valueCodeableConcept": {"coding": [{"code": "suspected"}]}}
    found = sent({**own("pre-dose-review", component=[part], effectiveDateTime=DAY), "id": "extra"})
    assert decided(found)[0] not in GREEN and decided(found)[1] == "discontinue"


def test_values_that_agree_are_one_whatever_their_time() -> None:
    record = read(result("777-3", 90, "10*9/L"), result("777-3", 90, "10*9/L", f"{DAY}T08:00:00Z"))
    assert len(record.of("platelets")) == 2


LIMITS = [
    ("1975-2", "mg/dL", "2", "2.01"),
    ("1975-2", "mg/dL", "0.5", "0.49"),
    ("1968-7", "mg/dL", "1", "12"),
    ("1742-6", "U/L", "100", "101"),
    ("1920-8", "U/L", "15", "4000"),
    ("6768-6", "U/L", "700", "701"),
    ("2160-0", "mg/dL", "2", "20"),
]


@pytest.mark.parametrize("code, unit, usual, odd", LIMITS)
def test_an_upper_limit_that_no_laboratory_prints_is_left_out(code: str, unit: str, usual: str, odd: str) -> None:
    for high, kept in ((usual, True), (odd, False)):
        record = read(result(code, 1, unit, referenceRange=[{"high": quantity(high, unit)}]))
        assert (record.readings[0].high is not None) is kept
        assert ("limit_unusable" in noted(record)) is not kept


@pytest.mark.parametrize("code, value, high", [("1975-2", 9, 12), ("1920-8", 3900, 4000), ("1742-6", 3900, 4000)])
def test_a_limit_with_a_digit_too_many_hides_no_danger(code: str, value: int, high: int) -> None:
    found = sent()
    for one in each(found, "Observation", code):
        one["valueQuantity"]["value"] = value
        one["referenceRange"][0]["high"]["value"] = high
    assert decided(found)[0] not in GREEN


@pytest.mark.parametrize(
    "height, weight, fits",
    [
        (170, 70, True),
        (65, 170, False),
        (67, 70, False),
        (100, 10, True),
        (100, "9.9", False),
        (150, "146.3", True),  # 65 kg/m2
        (100, 80, True),
        (100, "80.1", False),
        (66, 62, False),  # a height in inches
    ],
)
def test_a_body_has_its_weight_and_height_within_wide_bounds(height: int, weight: Any, fits: bool) -> None:
    assert belong_together(Decimal(height), Decimal(weight)) is fits


def sizes(weight: int, height: int, when: str = "2026-03-09T08:00:00-04:00") -> list[dict[str, Any]]:
    return [result("29463-7", weight, "kg", when), result("8302-2", height, "cm", when)]


def test_a_very_heavy_patient_is_not_taken_for_a_slip() -> None:
    assert {one.value for one in read(*sizes(160, 157)).readings} == {160, 157}


CHILD = {**PATIENT, "birthDate": "2019-06-15"}


@pytest.mark.parametrize("patient", [PATIENT, CHILD])
def test_sizes_that_were_exchanged_are_both_implausible(patient: dict[str, Any]) -> None:
    record = load(bundle(*sizes(170, 65), patient=patient))
    assert [one.quality for one in record.readings] == [Quality.IMPLAUSIBLE] * 2


def test_sizes_that_belong_together_stay() -> None:
    assert {one.value for one in read(*sizes(65, 170)).readings} == {65, 170}


def test_a_corrected_pair_of_the_same_day_stands() -> None:
    record = read(*sizes(170, 65), *sizes(65, 170, "2026-03-09T08:20:00-04:00"))
    assert [one.value for one in record.of("weight")] == [None, 65]


@pytest.mark.parametrize("story", [DAY_8, FIRST])
def test_exchanged_sizes_give_no_dose(story: str) -> None:
    when = {DAY_8: "2026-03-09T08:29:00-04:00", FIRST: "2026-03-02T08:29:00-05:00"}[story]
    assert decided(sent(*sizes(170, 65, when), story=story), story)[0] not in GREEN


def test_a_weight_that_no_body_of_the_known_height_has_gives_no_dose() -> None:
    found = sent(story=FIRST)
    for one in each(found, "Observation", "29463-7"):
        one["valueQuantity"]["value"] = 300
    assert decided(found, FIRST)[0] == "wait"


FAR = [
    "0001-01-01",
    "9999-12-31",
    "0000",
    "0001",
    "9999",
    "0001-01",
    "9999-12",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
    "2026-03-09T08:00:00+99:00",
    "2026-03-09T08:00:00-00:00",
    "2026-02-30",
    "-001-01-01",
]
DATES = ("effectiveDateTime", "start", "end", "onsetDateTime", "recordedDate", "birthDate", "authoredOn")


def dated(node: Any) -> list[tuple[Any, str]]:
    """Every place of a bundle that holds a date."""
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    here = [(node, key) for key in DATES if isinstance(node, dict) and key in node]
    return here + [place for one in inner for place in dated(one)]


@pytest.mark.parametrize("far", FAR)
@pytest.mark.parametrize("story", ["cycle_2_remission", "interruption_15_days_cycle_2"])
def test_a_date_at_the_ends_of_the_calendar_never_crashes(far: str, story: str) -> None:
    count = len(dated(sent(story=story)))
    for place in range(0, count, max(count // 12, 1)):
        found = sent(story=story)
        node, key = dated(found)[place]
        node[key] = far
        reported(found, story)
    found = sent(administration(name="far", effectiveDateTime=far), story=story, birthDate=far)
    for node, key in dated(found):
        node[key] = far
    assert reported(found, story).verdict not in GREEN


@pytest.mark.parametrize("far", ["0001-01-01", "9999-12-31", "0100-12-31"])
def test_a_date_that_no_patient_has_is_no_date_and_said(far: str) -> None:
    assert "no_date" in noted(read(result("777-3", 90, "10*9/L", far)))
    assert load(bundle(patient={**PATIENT, "birthDate": far})).patient.birth is None
