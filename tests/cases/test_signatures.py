"""A look or a signature clears only what was there when it was given: whatever comes later needs a new one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from posology.stories import resources as fhir
from tests.cases.charts import Bundle, Resource, asked_for, changed, course, decided, facts_of, observed, rows, stamp, with_

DAY_1, DAY_8 = "2025-03-31", "2025-04-07"
NOON = f"{DAY_8}T12:00"
LOOK = "case-c1d8-pre-dose-review"


def day_8(visit: dict[str, Any] | None = None, **changes: dict[str, Any]) -> Bundle:
    """Day 8, blood at 07:10, weight at 07:30, the signed look at 08:00; some resources with other fields."""
    bundle = course(DAY_1, "C1D8", visit={"C1D1": {"values": {"weight": Decimal(72)}}, "C1D8": visit or {}})
    for id, fields in changes.items():
        bundle = changed(bundle, f"case-c1d8-{id}", **fields)
    return bundle


def at(clock: str) -> dict[str, str]:
    return {"effectiveDateTime": stamp(f"{DAY_8}T{clock}")}


def measured(code: str, value: str, unit: str, clock: str, id: str) -> Resource:
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "subject": {"reference": "Patient/case"},
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "valueQuantity": fhir.quantity(Decimal(value), unit),
        **at(clock),
    }


def status(bundle: Bundle) -> tuple[Any, Any]:
    fact = facts_of(bundle, NOON)["vod_status"]
    return fact.value, fact.why


def test_a_well_patient_with_the_look_after_blood_and_weight_is_given() -> None:
    assert decided(day_8(), NOON).verdict == "give"


@pytest.mark.parametrize(("kg", "clock", "then"), [
    ("75.7", "07:30", ("ruled_out", None)),
    ("75.7", "08:30", (None, "stale")),
    ("75.6", "08:30", ("ruled_out", None)),
])  # fmt: skip
def test_a_weight_gain_after_the_look_outdates_it(kg: str, clock: str, then: tuple[Any, Any]) -> None:
    assert status(day_8({"values": {"weight": Decimal(kg)}}, weight=at(clock))) == then


def test_a_weight_gain_that_came_after_the_look_and_went_still_asks_for_a_new_one() -> None:
    gone = measured("29463-7", "76", "kg", "09:00", "gain"), measured("29463-7", "72", "kg", "11:00", "back")
    assert status(with_(day_8(), *gone)) == (None, "stale")
    assert decided(with_(day_8(), *gone), NOON).verdict == "ask"


@pytest.mark.parametrize(("value", "unit", "clock", "then"), [
    ("2", "mg/dL", "07:10", ("ruled_out", None)),
    ("2", "mg/dL", "08:30", (None, "stale")),
    ("1.99", "mg/dL", "08:30", ("ruled_out", None)),
    ("34", "umol/L", "08:30", (None, "stale")),
    ("33.9", "umol/L", "08:30", ("ruled_out", None)),
    ("34", "umol/L", "08:00", ("ruled_out", None)),
])  # fmt: skip
def test_a_bilirubin_at_its_limit_after_the_look_outdates_it(value: str, unit: str, clock: str, then: Any) -> None:
    raised = {"valueQuantity": fhir.quantity(Decimal(value), unit), "referenceRange": [], **at(clock)}
    assert status(day_8(bilirubin=raised)) == then


def test_a_bilirubin_explained_by_a_signed_cause_does_not_outdate_the_look() -> None:
    bundle = day_8({"values": {"bilirubin": Decimal("2.4")}}, bilirubin=at("09:00"), **{"bilirubin-direct": at("09:00")})
    assert status(bundle) == (None, "stale")
    assert status(with_(bundle, observed("bilirubin-cause", "gilbert", f"{DAY_8}T10:00"))) == ("ruled_out", None)


def test_before_the_first_dose_a_high_weight_of_last_week_outdates_no_look() -> None:
    bundle = with_(
        course(DAY_8, "C1D1"),
        {**measured("29463-7", "90", "kg", "08:10", "w"), "effectiveDateTime": stamp("2025-04-06T20:00")},
    )
    assert status(bundle) == ("ruled_out", None)


@pytest.mark.parametrize(("unit", "value", "sign"), [
    ("mg/dL", "2", True), ("mg/dL", "1.99", False), ("umol/L", "34", True), ("umol/L", "33.9", False),
    ("mmol/L", "0.034", True), ("mmol/L", "0.0339", False), ("mg/L", "19.9", True), ("mg/L", "19.8", False),
])  # fmt: skip
def test_the_limit_of_a_bilirubin_sign_is_the_one_of_its_reported_unit_or_the_strictest(
    unit: str, value: str, sign: bool
) -> None:
    bundle = day_8(bilirubin={"valueQuantity": fhir.quantity(Decimal(value), unit), "referenceRange": []})
    assert facts_of(bundle, NOON)["bilirubin_sign"].value is sign


def test_a_bilirubin_of_1_99_mg_per_dl_is_no_sign_and_34_umol_per_l_is_one() -> None:
    unlooked = {"without": ["pre-dose-review"]}
    low = day_8({**unlooked, "values": {"bilirubin": Decimal("1.99")}})
    assert "unreviewed_sign" not in rows(decided(low, NOON))
    high = day_8(unlooked, bilirubin={"valueQuantity": fhir.quantity(Decimal(34), "umol/L"), "referenceRange": []})
    assert "unreviewed_sign" in rows(decided(high, NOON))


# --- signatures -----------------------------------------------------------------------------------------------------
def severe(clock: str) -> Bundle:
    """An ALT above 5 × ULN at 07:10, and a signed `no severe liver toxicity`."""
    return with_(day_8({"values": {"alt": 210}}), observed("severe-liver-toxicity", False, f"{DAY_8}T{clock}"))


def test_no_severe_liver_toxicity_signed_before_the_raised_test_leaves_the_question_open() -> None:
    assert {"unjudged"} <= rows(decided(severe("06:00"), NOON))
    assert not {"unjudged"} & rows(decided(severe("07:10"), NOON))


def test_no_severe_liver_toxicity_signed_before_ascites_was_found_leaves_the_question_open() -> None:
    judged, found = observed("severe-liver-toxicity", False, f"{DAY_8}T09:00"), observed("ascites", True, f"{DAY_8}T10:00")
    assert "unjudged" in rows(decided(with_(day_8(), judged, found), NOON))


@pytest.mark.parametrize(("clock", "asks"), [("07:00", True), ("07:30", False)])
def test_a_weight_loss_is_reviewed_only_by_a_signature_after_it_was_weighed(clock: str, asks: bool) -> None:
    bundle = with_(day_8({"values": {"weight": Decimal(67)}}), observed("weight-loss-reviewed", True, f"{DAY_8}T{clock}"))
    report = decided(bundle, NOON)
    assert ("weight_loss_reviewed" in asked_for(report)) is asks
    assert report.verdict == ("ask" if asks else "give")


@pytest.mark.parametrize(("clock", "verdict"), [("07:50", "ask"), ("08:00", "give_with_review")])
def test_the_premedication_is_reviewed_only_by_a_signature_after_the_reaction_was_graded(clock: str, verdict: str) -> None:
    bundle = day_8({"review": {"infusion-reaction-grade": 2}})
    signed = with_(bundle, observed("premedication-reviewed", True, f"{DAY_8}T{clock}"))
    assert decided(signed, NOON).verdict == verdict


@pytest.mark.parametrize(("clock", "verdict"), [("07:50", "ask"), ("08:00", "give")])
def test_the_cause_of_a_laboratory_toxicity_is_signed_only_after_it_was_graded(clock: str, verdict: str) -> None:
    bundle = day_8({"review": {"toxicity-grade": 2, "toxicity-kind": "laboratory"}})
    signed = with_(bundle, observed("toxicity-attribution", "other", f"{DAY_8}T{clock}"))
    assert decided(signed, NOON).verdict == verdict


def test_the_kind_of_an_older_toxicity_does_not_excuse_a_newer_one() -> None:
    older = observed("toxicity-kind-review", "laboratory", "2025-04-06T09:00")
    signed = observed("toxicity-attribution", "other", f"{DAY_8}T09:00")
    bundle = with_(day_8({"review": {"toxicity-grade": 3}}), older, signed)
    assert "grade_2_or_more" in rows(decided(bundle, NOON))


@pytest.mark.parametrize(("clock", "sample", "exempt"), [
    ("09:00", None, True), ("07:10", None, True), ("07:00", None, None), ("07:00", "Observation/case-c1d8-bilirubin", True),
])  # fmt: skip
def test_a_bilirubin_cause_that_names_no_sample_must_be_signed_after_it(
    clock: str, sample: str | None, exempt: bool | None
) -> None:
    cause = observed("bilirubin-cause", "gilbert", f"{DAY_8}T{clock}")
    named = {"derivedFrom": [{"reference": sample}]} if sample else {}
    assert facts_of(with_(day_8(), cause | named), NOON)["bilirubin_exempt"].value is exempt


def late(clock: str) -> tuple[Any, Any]:
    """Day 8 given on Day 12, the decision at noon; the lateness accepted three days before, at this time."""
    told = {"C1D8": {"given": "deferred", "reason": "convenience"}, "C1D12": {"dose": 2}}
    bundle = course(DAY_1, "C1D12", visit=told)
    fact = facts_of(with_(bundle, observed("late-dose-accepted", True, f"2025-04-08T{clock}")), "2025-04-11T12:00")
    return fact["late_dose_accepted"].value, fact["late_dose_accepted"].why


def test_a_late_dose_is_accepted_for_three_days_and_no_longer() -> None:
    assert late("12:00") == (True, None)
    assert late("11:59") == (None, "stale")


def counts(clock: str) -> tuple[Any, Any]:
    bundle = course("2025-03-17", "C2D1", course={"responses": ["CR"]})
    fact = facts_of(with_(bundle, observed("normal-count-released", True, f"{DAY_8}T{clock}")), NOON)[
        "normal_count_released"
    ]
    return fact.value, fact.why


def test_a_count_is_released_only_by_a_signature_after_it() -> None:
    assert counts("07:10") == (True, None)
    assert counts("07:00") == (None, "stale")


def test_an_improved_disease_signed_before_the_latest_marrow_is_not_known() -> None:
    bundle = course("2025-03-17", "C2D1", course={"responses": ["none"]})
    early = with_(bundle, observed("disease-course", "improved", "2025-04-05T08:00"))
    later = with_(bundle, observed("disease-course", "improved", "2025-04-06T08:00"))
    facts = [facts_of(one, NOON)["stable_or_improved_disease"] for one in (early, later)]
    assert [fact.why for fact in facts] == ["stale", None]


# --- decisions ------------------------------------------------------------------------------------------------------
def decision(code: str, value: str, at: str, fact: str, cycle: str, now: str, **told: Any) -> Any:
    bundle = with_(course("2025-02-03", cycle, **told), observed(code, value, at))
    return facts_of(bundle, now)[fact].value


def test_a_decision_to_go_on_is_for_three_days_and_one_to_stop_stays() -> None:
    def stopped(value: str, at: str) -> Any:
        fact = facts_of(with_(day_8(), observed("continuation", value, at)), NOON)["stop_decided"]
        return fact.value if fact.value is not None else fact.stale

    assert (
        facts_of(with_(day_8(), observed("continuation", "continue", "2025-04-03T12:00")), NOON)["stop_decided"].why
        == "stale"
    )
    assert stopped("continue", "2025-04-04T12:00") is False
    assert stopped("stop", "2025-04-02T12:00") is True


@pytest.mark.parametrize(("clock", "verdict"), [("08:00", "ask"), ("09:00", "give")])
def test_a_third_cycle_before_transplant_is_signed_only_on_the_response_it_follows(clock: str, verdict: str) -> None:
    told = {"transplant_intent": "proceeding", "responses": ["CRi", "CR"], "mrd": ["positive", "positive"]}
    bundle = course("2025-02-03", "C3D1", course=told)
    signed = with_(bundle, observed("third-cycle-before-transplant", True, f"2025-03-22T{clock}"))
    assert decided(signed, "2025-03-24T12:00").verdict == verdict


# --- doses that differ ----------------------------------------------------------------------------------------------
def explained(*signed_on: str, **visit: dict[str, Any]) -> tuple[Any, str]:
    """Day 15, some dose before it given at another amount, explanations signed on these days."""
    bundle = course("2025-03-24", "C1D15", visit=visit)
    bundle = with_(bundle, *(observed("dose-difference-explained", True, f"{day}T12:00") for day in signed_on))
    return facts_of(bundle, NOON)["unexplained_doses"].value, decided(bundle, NOON).verdict


def test_an_explanation_clears_the_doses_before_it_and_none_after_it() -> None:
    low = {"mg_per_m2": Decimal("0.3")}
    assert explained(C1D1=low) == (1, "ask")
    assert explained("2025-03-26", C1D1=low) == (0, "give")
    assert explained("2025-03-26", C1D8=low) == (1, "ask")
    assert explained("2025-04-02", C1D8=low) == (0, "give")


@pytest.mark.parametrize(
    ("response", "given", "odd"), [("CR", "0.8", 1), ("CR", "0.5", 0), ("none", "0.5", 1), ("none", "0.8", 0)]
)
def test_a_day_1_dose_that_does_not_fit_the_response_of_its_day_is_asked_about(response: str, given: str, odd: int) -> None:
    told = {"C2D1": {"mg_per_m2": Decimal(given)}}
    bundle = course("2025-03-10", "C2D8", course={"responses": [response]}, visit=told)
    assert facts_of(bundle, NOON)["unexplained_doses"].value == odd
