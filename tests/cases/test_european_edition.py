"""What the European edition decides otherwise than the other one, worked out by hand from its sections."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from posology import stories
from posology.answer import Report
from posology.answer.dosing import product
from posology.api import decide, load_edition
from posology.dose import Fill, bag, vials
from tests.cases.asking import Asked, ask


def asked(base: str, **stated: Any) -> Asked:
    return ask(base, "eu", **stated)


@pytest.mark.parametrize("base", ["first_dose", "day_8", "day_1"])
def test_where_all_is_well_every_question_says_give(base: str) -> None:
    found = asked(base)
    assert {name: (reply.action, reply.could_be) for name, reply in found.replies.items()} == dict.fromkeys(
        found.replies, ("give", "give")
    )


# --- who it is for -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("age", "verdict"), [(17, "not_eligible"), (18, "give"), (1, "not_eligible")])
def test_nobody_under_18_is_given_a_dose(age: int, verdict: str) -> None:
    assert asked("first_dose", age_years=age, age_at_first_dose=age).verdict == verdict


@pytest.mark.parametrize(("percent", "verdict"), [(Decimal("0.1"), "give"), (Decimal(0), "not_eligible"), (None, "ask")])
def test_cd22_is_positive_above_zero_percent_and_a_missing_result_is_asked_for(
    percent: Decimal | None, verdict: str
) -> None:
    assert asked("first_dose", cd22_percent=percent, cd22_positive=None).verdict == verdict


@pytest.mark.parametrize(
    ("ph", "failures", "verdict"),
    [(True, 0, "not_eligible"), (True, 1, "give"), (True, None, "ask"), (None, None, "ask"), (None, 1, "give"),
     (False, None, "give"), (None, 0, "ask")],
)  # fmt: skip
def test_with_the_chromosome_a_kinase_inhibitor_must_have_failed_and_unknown_is_no_answer(
    ph: bool | None, failures: int | None, verdict: str
) -> None:
    found = asked("first_dose", ph_positive=ph, tki_failures=failures)
    assert found.verdict == verdict
    assert verdict != "ask" or found.could_be == "not_eligible"


CONTRAINDICATED = [
    "hypersensitivity", "prior_vod", "serious_liver_disease", "cirrhosis", "active_hepatitis",
    "nodular_regenerative_hyperplasia",
]  # fmt: skip


@pytest.mark.parametrize("fact", CONTRAINDICATED)
def test_a_contraindication_ends_it_before_the_first_dose_and_its_absence_must_be_known(fact: str) -> None:
    found = asked("first_dose", **{fact: True})
    assert found.replies["eligibility"].action == found.verdict == "not_eligible"
    assert asked("first_dose", **{fact: None}).verdict == "ask"
    assert ask("first_dose", **{fact: True}).verdict != "not_eligible", "the other edition lists no contraindication"


def test_ongoing_vod_is_a_contraindication_before_the_first_dose_and_a_stop_after_it() -> None:
    assert asked("first_dose", vod_status="confirmed").verdict == "not_eligible"
    later = asked("day_8", vod_status="confirmed")
    assert (later.verdict, later.replies["eligibility"].action) == ("discontinue", "give")


# --- EC47: coming of age within a course ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("stop", "verdict", "could_be"),
    [(None, "ask", "discontinue"), (True, "discontinue", "discontinue"), (False, "give_with_review", "give_with_review")],
)
def test_whoever_turns_18_within_a_course_goes_on_by_a_signed_decision_only(
    stop: bool | None, verdict: str, could_be: str
) -> None:
    found = asked("day_8", age_years=18, age_at_first_dose=17, stop_decided=stop)
    assert (found.verdict, found.could_be) == (verdict, could_be)
    assert stop is not None or found.asks("eligibility", "stop_decided")


def born(years: int, before: date) -> Report:
    """The responder of Day 8, born so many years before a day."""
    tale, bundle = stories.tale("responder_day_8"), stories.bundle("responder_day_8")
    patient = next(entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == "Patient")
    patient["birthDate"] = before.replace(year=before.year - years).isoformat()
    return decide(bundle, at=tale.at, edition="eu", zone=tale.zone)


def test_the_age_at_the_first_dose_is_counted_to_its_day_from_the_record() -> None:
    at = stories.tale("responder_day_8").at.date()
    day_1 = at - timedelta(days=7)
    assert born(18, at + timedelta(days=1)).verdict == "not_eligible"
    for birthday in (at, day_1 + timedelta(days=1)):
        found = born(18, birthday)
        assert (found.verdict, found.could_be, found.dose) == ("ask", "discontinue", None), birthday
    assert born(18, day_1).verdict == born(45, day_1).verdict == "give"


# --- counts that stay low: the sentence of the other label is not in this one ----------------------------------------
LATE = {"cytopenia_attribution": "drug", "interruption_for_counts": True, "level": "reduced_25", "second_dose_day": 8}


@pytest.mark.parametrize(
    ("days", "stop", "ours", "theirs"),
    [
        (28, None, "give_with_review", "give_with_review"),
        (29, None, "ask", "discontinue"),
        (29, False, "give_with_review", "discontinue"),
        (29, True, "discontinue", "discontinue"),
    ],
)
def test_over_28_days_of_interruption_for_counts_going_on_is_a_signed_decision_here(
    days: int, stop: bool | None, ours: str, theirs: str
) -> None:
    stated = {**LATE, "days_interrupted": days, "days_interrupted_at_least": days, "stop_decided": stop}
    assert asked("day_1", **stated).verdict == ours
    assert ask("day_1", **stated).verdict == theirs
    assert asked("day_1", **stated).could_be == ("give_with_review" if stop is False or days == 28 else "discontinue")


@pytest.mark.parametrize(("days", "action"), [(28, "give"), (29, "interrupt")])
def test_counts_low_for_over_28_days_hold_the_next_cycle_here_too(days: int, action: str) -> None:
    found = asked("day_1", days_low=days, cytopenia_attribution="drug")
    assert found.replies["cycle_start_counts"].action == action


# --- vaccines, vial, syringe -----------------------------------------------------------------------------------------
def test_a_live_vaccine_of_late_delays_the_first_dose_and_is_reviewed_at_a_later_one() -> None:
    assert asked("first_dose", live_vaccine_reported=True).verdict == "wait"
    assert asked("day_8", live_vaccine_reported=True).verdict == "give_with_review"
    assert ask("first_dose", live_vaccine_reported=True).verdict == "give_with_review"


@pytest.mark.parametrize(("mg", "count"), [("0.9", 1), ("0.91", 2), ("1", 2), ("1.8", 2), ("1.81", 3)])
def test_vials_are_counted_on_what_can_be_withdrawn_though_the_carton_prints_more(mg: str, count: int) -> None:
    label = load_edition("eu")
    assert Decimal(label.product["vial"]["printed_mg"]) == 1
    assert vials(Decimal(mg), product(label).vial_withdrawable_mg) == count


@pytest.mark.parametrize(("mg", "path"), [("0.5", "bag"), ("0.49", None)])
def test_below_the_window_of_the_bag_there_is_no_way_and_the_pharmacist_is_told(mg: str, path: str | None) -> None:
    """An adult of 1.30 m² at three quarters of 0.5 mg/m² comes to 0.4875 mg."""
    here, there = (bag(Decimal(mg), product(load_edition(name)), Fill()) for name in ("eu", "us"))
    assert here.path == path and there.path == (path or "syringe")
    assert path or "pharmacist" in (here.alert or "")


PARTED = ("child", "europe_ph_without_inhibitor")
"""Stories of patients whom the European edition does not treat."""


def test_every_edition_leaves_the_same_stories_with_no_dose_but_those_of_patients_it_does_not_treat() -> None:
    for name in stories.names():
        tale = stories.tale(name)
        here, there = (decide(stories.bundle(name), at=tale.at, edition=edition, zone=tale.zone) for edition in ("eu", "us"))
        assert (here.dose is None) == (there.dose is None or name in PARTED), name
        if here.dose and there.dose:
            assert here.dose.amounts == there.dose.amounts
