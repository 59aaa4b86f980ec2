"""A dose that may have happened reaches the answer, whether or not it can be placed; a death and a route do too."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fixtures.fhir.build import ATC, DRUG, OWN, SNOMED, administration, bundle, coded, load, noted, quantity, read
from tests.fixtures.fhir.green import DAY_1, DAY_8, FIRST, GREEN, decided, facts, sent

LATER = datetime(2030, 1, 1, tzinfo=UTC)


def given(**more: Any) -> dict[str, Any]:
    return administration(name="extra", **{"effectiveDateTime": "2026-03-01", **more})


@pytest.mark.parametrize("story", [DAY_8, DAY_1, FIRST])
def test_without_anything_set_aside_the_dose_may_be_given(story: str) -> None:
    assert decided(sent(story=story), story) == GREEN


@pytest.mark.parametrize("when", ["2026", "2026-03", "soon", None, "2026-03-05T24:61:00Z", 5, {}])
@pytest.mark.parametrize("story", [DAY_8, FIRST])
def test_a_dose_without_a_usable_day_is_asked_about(when: Any, story: str) -> None:
    found = sent(given(effectiveDateTime=when), story=story)
    assert facts(found, story)["doses_set_aside"].value == 1
    assert decided(found, story)[0] == "wait"


def test_a_dose_that_lies_wholly_after_the_moment_is_not_asked_about() -> None:
    assert decided(sent(given(effectiveDateTime="2026-04"))) == GREEN


def test_a_dose_dated_after_receipt_has_a_wrong_date_and_is_asked_about() -> None:
    found = sent(given(effectiveDateTime="2026-12-01"))
    assert decided(found) == GREEN
    assert decided(found, received=datetime(2026, 3, 10, tzinfo=UTC))[0] == "wait"


def test_a_period_that_ends_at_no_readable_time_is_asked_about() -> None:
    period = {"start": "2026-03-05T10:00:00-05:00", "end": "soon"}
    assert facts(sent(given(effectiveDateTime=None, effectivePeriod=period)))["doses_set_aside"].value == 1


@pytest.mark.parametrize(
    "status, counted", [("unknown", 1), ("on-hold", 1), ("not-done", 1), ("entered-in-error", 0), (None, 1)]
)
def test_a_vague_dose_counts_unless_it_certainly_did_not_happen(status: Any, counted: int) -> None:
    found = sent({**given(effectiveDateTime="2026-03"), "status": status})
    assert facts(found)["doses_set_aside"].value == counted


def test_a_vague_dose_not_done_for_a_reason_did_not_happen() -> None:
    reason = [coded(OWN, "convenience")]
    assert decided(sent(given(status="not-done", effectiveDateTime="2026-03", statusReason=reason))) == GREEN


UNTOLD = {
    "a text": {"text": "Besponsa"},
    "nothing": {},
    "an empty list": {"coding": []},
    "a coding without a code": {"coding": [{"system": ATC}]},
    "a code without a system": {"coding": [{"code": "1942954"}]},
    "a local code": coded("urn:hospital", "7"),
    "a code of ours that there is not": coded(OWN, "inotuzumap"),
    "a code system in which the drug's code is not known": coded(SNOMED, "1"),
    "the code of a finding": coded(SNOMED, "60001007"),
    "a malformed concept": [],
}


@pytest.mark.parametrize("concept", UNTOLD.values(), ids=UNTOLD)
@pytest.mark.parametrize("story", [DAY_8, FIRST])
def test_an_administration_that_no_code_tells_from_the_drug_is_asked_about(concept: Any, story: str) -> None:
    found = sent(given(medicationCodeableConcept=concept), story=story)
    assert decided(found, story)[0] == "wait"
    assert {"uncoded_dose", "dose_set_aside"} & noted(load(found))


def test_an_administration_of_a_medication_that_is_not_there_is_asked_about() -> None:
    missing = given(medicationCodeableConcept=None, medicationReference={"reference": "Medication/m"})
    assert decided(sent(missing))[0] == "wait"


def test_an_administration_of_a_medication_without_a_code_is_asked_about() -> None:
    nameless = {"resourceType": "Medication", "id": "m", "code": {"text": "inotuzumab"}}
    referred = given(medicationCodeableConcept=None, medicationReference={"reference": "Medication/m"})
    assert len(read(referred, nameless).unplaced) == 1


@pytest.mark.parametrize("concept", [coded(ATC, "L01BC01"), coded(ATC, "H02AB02")])
def test_an_administration_of_another_coded_drug_is_not_asked_about(concept: Any) -> None:
    assert decided(sent(given(medicationCodeableConcept=concept))) == GREEN


def test_the_code_that_the_drug_had_before_2022_is_the_drug() -> None:
    assert len(read(administration(medicationCodeableConcept=coded(ATC, "L01XC26"))).doses) == 1


@pytest.mark.parametrize("broken", [{"dosage": 5}, {"modifierExtension": []}, {"statusReason": 5, "status": "not-done"}])
def test_a_dose_that_cannot_be_read_is_asked_about(broken: Any) -> None:
    assert facts(sent(given(**broken)))["doses_set_aside"].value == 1


def test_another_drug_that_cannot_be_read_is_not_asked_about() -> None:
    broken = given(medicationCodeableConcept=coded(ATC, "H02AB02"), performer=5)
    assert "unreadable" in noted(read(broken)) and not read(broken).unplaced


def statement(**more: Any) -> dict[str, Any]:
    plain = {"resourceType": "MedicationStatement", "id": "s", "status": "active", "medicationCodeableConcept": DRUG}
    return {**plain, **more}


@pytest.mark.parametrize("status, counted", [("active", 1), (None, 1), ("not-taken", 0), ("intended", 0)])
def test_an_undated_statement_of_the_drug_is_asked_about(status: Any, counted: int) -> None:
    assert facts(sent(statement(status=status)))["doses_set_aside"].value == counted


def test_an_unknown_dose_whose_place_another_dose_took_is_asked_about() -> None:
    unknown = administration("unknown", "u", effectiveDateTime="2026-03-01")
    found = sent(unknown)
    assert decided(found)[0] not in GREEN


@pytest.mark.parametrize(
    "death",
    [
        {"deceasedBoolean": True},
        {"deceasedDateTime": "2026-03-08"},
        {"deceasedDateTime": "2027-01-01"},
        {"deceasedDateTime": "soon"},
        {"_deceasedDateTime": {}},
        {"deceasedBoolean": False, "deceasedDateTime": "2026"},
    ],
)
def test_no_dose_is_given_where_a_death_is_recorded(death: dict[str, Any]) -> None:
    assert decided(sent(**death))[0] == "discontinue"


def test_a_death_that_is_neither_yes_nor_no_is_asked_about() -> None:
    assert decided(sent(deceasedBoolean="yes")) == ("ask", "discontinue")
    assert decided(sent(deceasedBoolean=False)) == GREEN


def ordered(name: str = "o", *routes: Any, **more: Any) -> dict[str, Any]:
    dosages = [{"route": coded(SNOMED, one)} if isinstance(one, str) else one for one in routes]
    plain = {"resourceType": "MedicationRequest", "id": name, "status": "active", "intent": "order"}
    return {**plain, "medicationCodeableConcept": DRUG, "dosageInstruction": dosages, **more}


IV, IT = "47625008", "72607000"
BOTH = {"coding": [*coded(SNOMED, IV)["coding"], *coded(SNOMED, IT)["coding"]]}


def test_an_order_by_intravenous_infusion_lets_the_dose_through() -> None:
    assert decided(sent(ordered("o", IV))) == GREEN


HIDDEN = {
    "before an intravenous order": [ordered("a", IT), ordered("b", IV)],
    "after an intravenous order": [ordered("a", IV), ordered("b", IT)],
    "before an order without a route": [ordered("a", IT), ordered("b")],
    "as the second instruction": [ordered("a", IV, IT)],
    "as the second coding": [
        ordered("a", {"route": {"coding": [*coded(SNOMED, IV)["coding"], *coded(SNOMED, IT)["coding"]]}})
    ],
    "as a draft": [ordered("a", IV), ordered("b", IT, status="draft")],
    "on hold": [ordered("a", IT, status="on-hold")],
    "with a status that there is not": [ordered("a", IT, status="live")],
    "as a push in words": [ordered("a", {"text": "slow IV push"})],
    "as a route in words": [ordered("a", {"route": {"text": "intrathecal"}})],
}


@pytest.mark.parametrize("orders", HIDDEN.values(), ids=HIDDEN)
def test_no_order_hides_another_route(orders: list[dict[str, Any]]) -> None:
    assert decided(sent(*orders))[0] == "not_eligible"


@pytest.mark.parametrize("status", ["completed", "cancelled", "stopped", "entered-in-error"])
def test_an_order_that_is_over_says_nothing_about_the_route(status: str) -> None:
    assert decided(sent(ordered("a", IT, status=status))) == GREEN


def test_the_deadliest_route_is_shown() -> None:
    both = [ordered("a", "26643006"), ordered("b", IT), ordered("c", "26643006")]
    assert facts(sent(*both))["route"].value == "intrathecal"


@pytest.mark.parametrize("order", [ordered("a"), ordered("a", {}), {**ordered("a"), "dosageInstruction": 5}])
def test_a_live_order_without_a_readable_route_leaves_it_unknown(order: dict[str, Any]) -> None:
    assert decided(sent(order)) == ("ask", "not_eligible")


def test_a_dose_of_the_running_cycle_by_another_route_stops_the_next() -> None:
    by = {"dose": quantity("1.44", "mg"), "route": coded(SNOMED, IT)}
    found = sent()
    for entry in found["entry"]:
        if entry["resource"]["resourceType"] == "MedicationAdministration" and "dosage" in entry["resource"]:
            entry["resource"]["dosage"]["route"] = by["route"]
    assert decided(found)[0] == "not_eligible"


def test_an_order_not_to_give_is_no_order() -> None:
    record = load(bundle(ordered("a", IT, doNotPerform=True, subject={"reference": "Patient/p1"})))
    assert record.orders == () and "do_not_perform" in noted(record)


@pytest.mark.parametrize(("code", "asked"), [("antihistamine", False), ("premedication-reviewed", True), ("pregnant", True)])
def test_a_code_of_ours_names_a_medication_only_where_it_stands_for_one(code: str, asked: bool) -> None:
    found = sent(given(medicationCodeableConcept=coded(OWN, code)))
    assert (decided(found) != GREEN) is asked and ("uncoded_dose" in noted(load(found))) is asked
