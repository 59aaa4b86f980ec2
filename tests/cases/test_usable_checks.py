"""A result that cannot be used is no check, a signed cause explains no unknown bilirubin, a look says what it looked at."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from posology.stories import resources as fhir
from tests.cases.asking import ask
from tests.cases.charts import Bundle, changed, course, decided, facts_of, observed, reply, rows, with_, without

FIRST = "2025-03-31T12:00"
NOON = "2025-04-07T12:00"
UNUSABLE: dict[str, dict[str, Any]] = {
    "a unit nobody knows": {"valueQuantity": {"value": Decimal(4), "code": "mg%", "system": "http://unitsofmeasure.org"}},
    "an impossible value": {"valueQuantity": fhir.quantity(Decimal(90000), "mmol/L")},
    "no value": {"valueQuantity": {}},
}


def first_dose(key: str, **fields: Any) -> Bundle:
    return changed(course("2025-03-31", "C1D1"), f"case-c1d1-{key}", **fields)


def day_8(visit: dict[str, Any] | None = None) -> Bundle:
    return course("2025-03-31", "C1D8", visit={"C1D8": visit or {}})


@pytest.mark.parametrize("how", UNUSABLE)
@pytest.mark.parametrize("key", ["potassium", "magnesium", "calcium"])
def test_an_electrolyte_that_cannot_be_used_is_no_check_before_the_first_dose(key: str, how: str) -> None:
    bundle = first_dose(key, **UNUSABLE[how])
    assert facts_of(bundle, FIRST)["electrolytes_age_days"].value is None
    assert decided(bundle, FIRST).verdict == "ask"


@pytest.mark.parametrize("how", UNUSABLE)
def test_an_ecg_that_cannot_be_used_is_no_check_before_the_first_dose(how: str) -> None:
    bundle = first_dose("qtcf-reported", **UNUSABLE[how])
    assert facts_of(bundle, FIRST)["ecg_age_days"].value is None
    assert decided(bundle, FIRST).verdict == "ask"


@pytest.mark.parametrize(("key", "age"), [("anc", "anc_age_h"), ("platelets", "platelets_age_h"), ("alt", "alt_age_h"),
                                          ("bilirubin", "bilirubin_age_h")])  # fmt: skip
def test_a_result_that_cannot_be_used_has_no_age_and_does_not_vanish_behind_an_older_one(key: str, age: str) -> None:
    assert facts_of(day_8(), NOON)[age].value == 5
    spoilt = changed(day_8(), f"case-c1d8-{key}", **UNUSABLE["a unit nobody knows"])
    assert (facts_of(spoilt, NOON)[age].value, facts_of(spoilt, NOON)[age].why) == (None, "wrong_unit")


def test_a_height_that_cannot_be_used_is_not_measured() -> None:
    spoilt = first_dose("height", **UNUSABLE["no value"])
    assert facts_of(spoilt, FIRST)["height_age_days"].value is None


def test_a_transplant_that_was_refuted_is_none() -> None:
    bundle = with_(day_8(), observed("transplant", False, "2025-04-01T08:00"))
    assert facts_of(bundle, NOON)["days_since_transplant"].value is None
    done = with_(day_8(), observed("transplant", True, "2025-04-01T08:00"))
    assert facts_of(done, NOON)["days_since_transplant"].value == 6


@pytest.mark.parametrize("fact", ["anc", "platelets"])
def test_a_count_that_cannot_be_used_lets_no_first_dose_through_though_an_older_one_was_fine(fact: str) -> None:
    again = changed(course("2025-03-31", "C1D1"), f"case-c1d1-{fact}", **UNUSABLE["no value"])
    older = observed(fact, fhir.quantity(Decimal(120), "10*9/L"), "2025-03-30T10:00")
    assert decided(with_(again, older), FIRST).verdict == "wait"


# --- a signed cause and a bilirubin nobody knows --------------------------------------------------------------------
EXEMPT = {"bilirubin_exempt": True, "bilirubin_direct": "0.2", "bilirubin_direct_uln": "0.3"}
REVIEWED = {"infusion_reaction_grade": 2, "premedication_reviewed": True}


@pytest.mark.parametrize("unknown", ["bilirubin", "bilirubin_uln"])
def test_a_signed_cause_of_an_unknown_bilirubin_asks_even_where_another_row_gives_with_review(unknown: str) -> None:
    numbers = {name: value if value is True else Decimal(str(value)) for name, value in {**EXEMPT, **REVIEWED}.items()}
    asked = ask("day_8", **numbers, **{unknown: None})
    assert asked.open("liver_chemistry") and asked.verdict == "ask" and asked.could_be == "interrupt"


def test_two_bilirubins_of_one_sample_and_a_signed_cause_ask() -> None:
    bundle = day_8({"values": {"bilirubin": Decimal("2.4")}, "say": {"bilirubin-cause": "gilbert"}})
    assert decided(bundle, NOON).verdict == "give_with_review"
    other = {**next(e["resource"] for e in bundle["entry"] if e["resource"]["id"] == "case-c1d8-bilirubin"), "id": "again"}
    report = decided(with_(bundle, {**other, "valueQuantity": fhir.quantity(Decimal("5"), "mg/dL")}), NOON)
    assert (reply(report, "liver").action, reply(report, "liver").could_be) == ("ask", "interrupt")
    assert report.verdict == "ask"


def test_an_unknown_weight_change_asks_even_where_another_row_gives_with_review() -> None:
    numbers = {name: value if value is True else Decimal(value) for name, value in REVIEWED.items()}
    asked = ask("day_8", **numbers, weight_baseline=None)
    assert asked.verdict == "ask" and asked.could_be == "interrupt"


def test_liver_tests_raised_after_a_long_hold_for_counts_end_no_treatment() -> None:
    raised = {
        "ast": Decimal(120),
        "days_interrupted": 30,
        "days_interrupted_at_least": 30,
        "cytopenia_attribution": "disease",
    }
    assert ask("day_1", **raised, interruption_for_counts=True).replies["liver"].action == "interrupt"
    assert ask("day_1", **raised, interruption_for_counts=False).replies["liver"].action == "discontinue"


# --- what a look says -----------------------------------------------------------------------------------------------
def absent(fact: str, **review: Any) -> Any:
    return facts_of(day_8({"review": review} if review else {}), NOON)[fact].value


def test_a_look_that_rules_out_vod_finds_no_ascites_and_no_regenerative_hyperplasia() -> None:
    for fact in ("ascites", "nodular_regenerative_hyperplasia"):
        assert absent(fact) is False and absent(fact, vod="suspected") is None


def test_encephalopathy_and_coagulopathy_are_absent_only_by_a_toxicity_grade_below_3() -> None:
    for fact in ("encephalopathy", "coagulopathy"):
        assert absent(fact) is False and absent(fact, **{"toxicity-grade": 2}) is False
        assert absent(fact, **{"toxicity-grade": 3}) is None
        assert absent(fact, vod="suspected") is False


def test_without_a_signed_look_no_sign_is_absent() -> None:
    facts = facts_of(day_8({"unsigned": ["pre-dose-review"]}), NOON)
    signs = ("ascites", "encephalopathy", "coagulopathy", "nodular_regenerative_hyperplasia", "hepatomegaly")
    assert [facts[name].value for name in signs] == [None] * len(signs)


def test_before_the_first_dose_the_baseline_review_is_that_look() -> None:
    facts = facts_of(course("2025-03-31", "C1D1"), FIRST)
    assert facts["encephalopathy"].value is facts["ascites"].value is False
    worse = facts_of(course("2025-03-31", "C1D1", visit={"screening": {"review": {"toxicity-grade": 3}}}), FIRST)
    assert worse["encephalopathy"].value is None


@pytest.mark.parametrize("sign", ["hepatomegaly", "painful-hepatomegaly", "ultrasound-suggests-vod"])
def test_a_sign_that_was_looked_at_and_ruled_out_is_never_plainly_given(sign: str) -> None:
    report = decided(with_(day_8(), observed(sign, True, "2025-04-07T07:00")), NOON)
    assert report.verdict == "give_with_review" and "sign_reviewed" in rows(report)


@pytest.mark.parametrize("status", ["suspected", None])
def test_while_vod_is_suspected_or_unknown_it_could_end_treatment(status: str | None) -> None:
    asked = ask("day_8", vod_status=status)
    assert asked.replies["vod"].could_be == "discontinue"
    assert asked.verdict == ("interrupt" if status else "ask")


def test_a_look_of_another_day_is_not_needed_to_find_these_tests_honest() -> None:
    assert decided(without(day_8(), lambda one: one["id"] == "case-c1d8-pre-dose-review"), NOON).verdict == "ask"
