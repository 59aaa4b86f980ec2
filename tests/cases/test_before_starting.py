"""Pregnancy, earlier treatment, other drugs and what is screened: what holds, what asks, what warns, what is only due."""

from __future__ import annotations

from typing import Any

import pytest

from posology.answer import Report
from tests.cases.charts import Bundle, asked_for, course, decided, observed, reply, rows, with_

FIRST, NOON = "2025-03-31T12:00", "2025-04-07T12:00"
WOMAN = {"patient": {"sex": "female", "age_years": 30, "height_cm": 168, "weight_kg": 62}}
UNTESTED = {"visit": {"screening": {"without": ["pregnant", "pregnancy"]}}}


def first(*more: Any, **told: Any) -> Report:
    return decided(with_(course("2025-03-31", "C1D1", **told), *more), FIRST)


def day_8(*more: Any, **told: Any) -> Report:
    return decided(with_(course("2025-03-31", "C1D8", **told), *more), NOON)


def said(code: str, value: Any = True, at: str = "2025-03-30T09:00", *, signed: bool = True) -> Any:
    return observed(code, value, at, signed=signed)


# --- pregnancy ------------------------------------------------------------------------------------------------------
def test_a_pregnancy_that_becomes_known_after_the_first_dose_interrupts() -> None:
    assert day_8(**WOMAN).verdict == "give"
    report = day_8(said("pregnant", at="2025-04-05T09:00"), **WOMAN)
    assert report.verdict == "interrupt" and "known_pregnancy" in rows(report)


def test_a_positive_test_holds_whatever_sex_and_history_say() -> None:
    assert day_8(said("pregnant", at="2025-04-05T09:00")).verdict == "interrupt"
    could_not = said("could-be-pregnant", False, "2025-04-05T09:00")
    assert day_8(could_not, said("pregnant", at="2025-04-05T09:00"), **WOMAN).verdict == "interrupt"


def test_a_negative_test_after_a_positive_one_releases_the_dose() -> None:
    tests = said("pregnant", at="2025-04-04T09:00"), said("pregnant", False, "2025-04-06T09:00")
    assert day_8(*tests, **WOMAN).verdict == "give"


def test_an_old_negative_test_is_enough_within_a_cycle_and_not_before_the_first_dose() -> None:
    old = said("pregnant", False, "2025-03-20T09:00")
    assert day_8(old, **WOMAN, **UNTESTED).verdict == "give"
    assert first(old, **WOMAN, **UNTESTED).verdict == "ask"


def test_who_could_be_pregnant_and_was_never_tested_is_asked_at_any_dose() -> None:
    report = day_8(**WOMAN, **UNTESTED)
    assert report.verdict == "ask" and "pregnant_last_known" in asked_for(report)


def test_a_man_who_could_be_pregnant_is_tested_before_the_first_dose() -> None:
    assert first(**UNTESTED).verdict == "give"
    assert first(said("could-be-pregnant"), **UNTESTED).verdict == "ask"


@pytest.mark.parametrize(("told", "states"), [(WOMAN, ["due"]), ({}, [])])
def test_a_pregnancy_test_is_due_before_each_cycle_for_those_who_could_be_pregnant(told: Any, states: list[str]) -> None:
    bundle = course("2025-03-17", "C2D1", course={"responses": ["CR"]}, **told)
    report = decided(bundle, "2025-04-07T12:00")
    assert [item.state for item in report.due if item.id == "pregnancy_test_again"] == states
    assert report.verdict == "give"


def test_breastfeeding_is_never_plainly_given_and_silence_about_it_asks_nothing() -> None:
    assert first(said("breastfeeding"), **WOMAN).verdict == "give_with_review"
    assert first(**WOMAN).verdict == "give"


# --- history --------------------------------------------------------------------------------------------------------
def test_an_earlier_gemtuzumab_asks_until_the_risk_is_accepted_and_is_then_reviewed() -> None:
    report = first(said("earlier-calicheamicin", at="2024-03-30T09:00"))
    assert report.verdict == "ask" and "vod_risk_accepted" in asked_for(report)
    accepted = said("vod-risk-accepted")
    assert first(said("earlier-calicheamicin", at="2024-03-30T09:00"), accepted).verdict == "give_with_review"
    refused = said("vod-risk-accepted", False)
    assert first(said("earlier-calicheamicin", at="2024-03-30T09:00"), refused).verdict == "interrupt"


def test_a_tyrosine_kinase_inhibitor_given_along_asks_at_every_dose_until_it_is_accepted() -> None:
    for report in (first(said("tki")), day_8(said("tki", at="2025-04-05T09:00"))):
        assert report.verdict == "ask" and "tki_accepted" in asked_for(report)
    assert first(said("tki"), said("tki-accepted")).verdict == "give_with_review"
    assert day_8(said("tki"), said("tki", False, "2025-04-05T09:00")).verdict == "give"


def test_a_tki_in_the_medication_list_counts_while_it_is_active() -> None:
    def statement(status: str) -> Any:
        return {
            "resourceType": "MedicationStatement",
            "id": "tki",
            "status": status,
            "subject": {"reference": "Patient/case"},
            "medicationCodeableConcept": {"coding": [{"system": "http://www.whocc.no/atc", "code": "L01EA05"}]},
            "effectiveDateTime": "2025-03-01",
        }

    assert "tki_accepted" in asked_for(first(statement("active")))
    assert "tki_accepted" not in asked_for(first(statement("stopped")))


def test_hypersensitivity_once_recorded_is_not_washed_out_by_a_later_no() -> None:
    assert first(said("hypersensitivity", at="2024-01-01T09:00")).verdict == "interrupt"


def test_vod_once_in_the_history_is_not_washed_out_by_a_later_no() -> None:
    assert first(said("vod-history", at="2024-01-01T09:00")).verdict == "discontinue"


def test_a_cd22_result_from_before_the_disease_was_first_line_is_asked_again() -> None:
    newly, old = said("disease-status", "first-line", "2024-06-01T09:00"), said("cd22", "positive", "2024-05-01T09:00")
    told = {"visit": {"screening": {"without": ["cd22"]}}}
    assert first(old, **told).verdict == "give"
    assert "cd22_positive" in asked_for(first(newly, old, **told))


def test_isolated_extramedullary_disease_is_warned_of() -> None:
    def with_blasts(percent: int) -> Report:
        told = {"visit": {"screening": {"say": {"extramedullary": "present"}}}}
        marrow = said("marrow-blasts", {"value": percent, "unit": "%", "code": "%", "system": "http://unitsofmeasure.org"},
                      "2025-03-30T18:00")  # fmt: skip
        return first(marrow, **told)

    assert with_blasts(4).verdict == "give_with_review" and "isolated_extramedullary" in rows(with_blasts(4))
    assert with_blasts(5).verdict == "give"


# --- what is practice and not label ---------------------------------------------------------------------------------
def test_hepatitis_b_found_during_treatment_needs_its_plan_too() -> None:
    found = said("hbv-positive", at="2025-04-05T09:00")
    assert day_8(found).verdict == "ask"
    assert day_8(found, said("antiviral-plan", False, "2025-04-06T09:00")).verdict == "interrupt"
    assert day_8(found, said("antiviral-plan", at="2025-04-06T09:00")).verdict == "give"


def test_a_negative_surface_antigen_does_not_wash_out_a_positive_core_antibody() -> None:
    found = said("hbv-positive", at="2025-04-04T09:00"), said("hbv-positive", False, "2025-04-05T09:00")
    assert day_8(*found).verdict == "ask"


@pytest.mark.parametrize("code", ["hcv-positive", "hiv-positive", "kidney-failure", "live-vaccine"])
def test_what_no_source_forbids_is_reviewed_and_silence_about_it_asks_nothing(code: str) -> None:
    assert first(said(code)).verdict == "give_with_review"
    assert not {"hcv_positive", "hiv_positive", "kidney_failure_reported", "live_vaccine_reported"} & set(asked_for(first()))


def test_a_live_vaccine_of_more_than_two_weeks_ago_is_no_matter() -> None:
    assert first(said("live-vaccine", at="2025-03-17T12:00")).verdict == "give_with_review"
    assert first(said("live-vaccine", at="2025-03-17T11:59")).verdict == "give"


def test_screens_and_prophylaxis_are_due_as_practice_and_hold_nothing() -> None:
    items = {item.id: item for item in first().due}
    for id in ("virus_screen", "prophylaxis_plans"):
        assert items[id].state == "due" and items[id].cites.source == "policy" and "practice, not label" in items[id].what


# --- what a look says beside its grades -----------------------------------------------------------------------------
@pytest.mark.parametrize("found", ["infection", "bleeding"])
def test_an_infection_or_bleeding_in_the_look_is_never_plainly_given(found: str) -> None:
    report = day_8(visit={"C1D8": {"review": {found: True}}})
    assert report.verdict == "give_with_review" and "infection_or_bleeding" in rows(report)


@pytest.mark.parametrize("code", ["serious-liver-disease", "active-hepatitis"])
def test_a_liver_disease_that_appears_after_the_first_dose_holds_until_it_is_judged(code: str) -> None:
    found = said(code, at="2025-04-05T09:00")
    report = day_8(found)
    assert report.verdict == "interrupt" and reply(report, "severe_liver_toxicity").could_be == "discontinue"
    judged = said("severe-liver-toxicity", False, "2025-04-07T09:00")
    assert day_8(found, judged).verdict == "give_with_review"


def test_a_liver_disease_from_before_the_first_dose_is_reviewed_before_every_dose() -> None:
    told = {"visit": {"screening": {"review": {"serious-liver-disease": True}}}}
    assert first(**told).verdict == day_8(**told).verdict == "give_with_review"


def test_a_weight_with_oedema_is_dosed_only_once_somebody_confirms_the_dry_weight() -> None:
    swollen = said("oedema", at="2025-03-31T07:00")
    assert first(swollen).verdict == "ask" and "dry_weight_confirmed" in asked_for(first(swollen))
    assert first(swollen, said("dry-weight-confirmed", at="2025-03-31T08:00")).verdict == "give_with_review"
    assert first(swollen, said("dry-weight-confirmed", at="2025-03-31T07:00")).verdict == "ask"


def test_an_undecided_transplant_after_three_cycles_waits_for_the_decision() -> None:
    def fourth(intent: str) -> Bundle:
        told = {"transplant_intent": intent, "responses": ["CR", "CR", "CR"]}
        third = {"C4D1": {"say": {"third-cycle-before-transplant": True}}}
        return course("2025-01-06", "C4D1", course=told, visit=third)

    at = "2025-03-24T12:00"
    assert decided(fourth("not-proceeding"), at).verdict == "give"
    report = decided(fourth("undecided"), at)
    assert report.verdict == "wait" and "undecided_after_three" in rows(report)
