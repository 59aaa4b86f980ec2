"""Monitoring: unknown is never done; both sides of each day; before and after a dose, after the last, after transplant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from posology import stories
from posology.api import decide, load_bundle, load_edition
from posology.knowledge import KnowledgeError, Site, sources
from posology.knowledge.monitoring import Spoken, items
from posology.measures import months_after
from posology.plan import Due
from tests.cases.aftercare import LIVER, ended, results
from tests.cases.charts import ZONE, Bundle, changed, course, decided, moment, observed, with_, without

US = load_edition("us")
SPOKEN = Spoken("us", sources(), US.facts, US.observables, US.policy.rows["monitoring"])
LAST = "2025-06-01"


def due(bundle: Bundle, at: str) -> Mapping[tuple[str, str], Due]:
    """Items by id and, where one stands twice, whether it is about the dose at hand."""
    return {(item.id, "ahead" if "once it is given" in item.because else ""): item for item in decided(bundle, at).due}


def state(bundle: Bundle, at: str, id: str, which: str = "") -> str | None:
    item = due(bundle, at).get((id, which))
    return item.state if item else None


def after(days: int) -> str:
    return f"{date.fromisoformat(LAST) + timedelta(days=days)}T12:00"


def transplanted(bundle: Bundle, on: str) -> Bundle:
    return with_(bundle, observed("transplant", True, f"{on}T09:00"))


# --- before the dose ------------------------------------------------------------------------------------------------
def test_an_empty_panel_is_due_on_the_day_and_overdue_when_the_planned_day_has_passed() -> None:
    bare = course("2025-03-03", "C1D10", visit={"C1D8": {"given": "unrecorded", "without": ["anc", "platelets"]}})
    assert state(bare, "2025-03-09T12:00", "blood_count") == "upcoming"
    assert state(bare, "2025-03-10T12:00", "blood_count") == "due"
    assert state(bare, "2025-03-11T12:00", "blood_count") == "overdue"


@pytest.mark.parametrize(("days", "then"), [(14, "done"), (15, "due")])
def test_an_ecg_is_done_while_it_is_fresh_and_not_a_day_longer(days: int, then: str) -> None:
    bundle = course("2025-03-31", "C1D1")
    when = date(2025, 3, 31) - timedelta(days=days)
    ecgs = [each["resource"]["id"] for each in bundle["entry"] if "qt" in each["resource"]["id"]]
    assert ecgs
    for id in ecgs:
        bundle = changed(bundle, id, effectiveDateTime=f"{when}T09:00:00-04:00")
    assert state(bundle, "2025-03-31T12:00", "ecg") == then


@pytest.mark.parametrize(
    ("id", "tests"), [("ecg_again", ("qtcf",)), ("electrolytes_again", ("potassium", "magnesium", "calcium"))]
)
def test_ecg_and_electrolytes_are_due_again_at_the_start_of_a_cycle(id: str, tests: tuple[str, ...]) -> None:
    bundle = course("2025-03-03", "C2D1")
    baseline = without(bundle, lambda one: any(f"-{test}" in one["id"] and "c1d1-" not in one["id"] for test in tests))
    assert (state(bundle, "2025-03-24T12:00", id), state(baseline, "2025-03-24T12:00", id)) == ("done", "due")
    assert state(course("2025-03-03", "C1D8"), "2025-03-10T12:00", id) is None


def test_a_pregnancy_test_is_asked_of_nobody_who_certainly_cannot_be_pregnant() -> None:
    man = course("2025-03-31", "C1D1")
    woman = course("2025-03-31", "C1D1", patient={"sex": "female", "age_years": 30})
    assert state(man, "2025-03-31T12:00", "pregnancy_test") is None
    assert state(woman, "2025-03-31T12:00", "pregnancy_test") is not None
    unknown = {**man, "entry": [{"resource": {**man["entry"][0]["resource"]}}, *man["entry"][1:]]}
    del unknown["entry"][0]["resource"]["gender"]
    assert state(unknown, "2025-03-31T12:00", "pregnancy_test") in ("due", "done")


def test_an_old_mrd_result_does_not_make_the_response_of_this_cycle_done() -> None:
    bundle = course("2025-03-03", "C2D1", course={"responses": ["CR"]})
    without_new = without(bundle, lambda one: "mrd" in one["id"])
    old = with_(without_new, observed("mrd", "negative", "2025-03-02T09:00"))
    item = due(old, "2025-03-24T12:00")["response", ""]
    assert (item.state, item.missing) == ("due", ("mrd_negative",))


def test_a_signed_plan_of_prophylaxis_is_practice_and_done_once_it_is_recorded() -> None:
    bundle = course("2025-03-31", "C1D1")
    item = due(bundle, "2025-03-31T12:00")["prophylaxis_plans", ""]
    assert (item.state, item.basis) == ("due", "policy") and "not label" in item.what
    plans = [observed(f"{name}-plan", True, "2025-03-30T09:00") for name in ("pneumocystis", "herpes", "antifungal")]
    assert state(with_(bundle, *plans[:2]), "2025-03-31T12:00", "prophylaxis_plans") == "due"
    assert state(with_(bundle, *plans), "2025-03-31T12:00", "prophylaxis_plans") == "done"


# --- after a dose ---------------------------------------------------------------------------------------------------
def test_liver_tests_after_a_dose_are_open_until_all_four_are_read_after_it() -> None:
    bundle = ended(LAST)
    assert state(bundle, after(0), "liver_tests_after") == "due"
    assert state(bundle, after(3), "liver_tests_after") == "due"
    assert state(bundle, after(4), "liver_tests_after") == "overdue"
    three = results(bundle, LIVER, "2025-06-03")
    assert due(three, after(4))["liver_tests_after", ""].missing == ("alp",)
    assert state(results(three, ("alp",), "2025-06-03"), after(4), "liver_tests_after") == "done"


def test_a_liver_test_that_cannot_be_used_is_no_look() -> None:
    bundle = results(ended(LAST), (*LIVER, "alp"), "2025-06-03")
    wrong = changed(bundle, "case-alt-2025-06-03", valueQuantity={"value": 30, "unit": "parsec", "code": "pc"})
    assert due(wrong, after(4))["liver_tests_after", ""].missing == ("alt",)


def test_the_dose_at_hand_has_its_own_looks_ahead() -> None:
    ahead = due(ended(LAST), after(1))
    assert ahead["liver_tests_after", "ahead"].state == "upcoming"
    assert ahead["reaction_watch", "ahead"].by > date.fromisoformat(LAST)


def test_an_ecg_is_due_after_a_qt_drug_is_started_and_done_by_one_taken_later() -> None:
    bundle = with_(ended(LAST), observed("qt-drug", True, "2025-06-02T09:00"))
    assert state(ended(LAST), after(2), "ecg_after_qt_drug") is None
    assert state(bundle, after(8), "ecg_after_qt_drug") == "due"
    assert state(bundle, after(9), "ecg_after_qt_drug") == "overdue"
    taken = with_(bundle, observed("qtcf-reported", {"value": 430, "unit": "ms"}, "2025-06-03T09:00"))
    assert state(taken, after(9), "ecg_after_qt_drug") == "done"


# --- after the last dose --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("days", "then"), [(8, "upcoming"), (9, "due"), (10, "overdue")])
def test_weekly_liver_tests_and_weight_are_due_seven_days_after_the_last_ones(days: int, then: str) -> None:
    bundle = results(ended(LAST), (*LIVER, "weight"), "2025-06-03")
    assert state(bundle, after(days), "liver_tests_weekly") == then
    assert state(bundle, after(days), "weight_weekly") == then


@pytest.mark.parametrize("look", ["liver_tests_weekly", "weight_weekly"])
def test_weekly_looks_end_on_day_56_and_not_before(look: str) -> None:
    assert due(ended(LAST), after(56))[look, ""].until == date(2025, 7, 27)
    assert state(ended(LAST), after(57), look) is None


def test_a_week_without_one_of_the_three_liver_tests_is_no_week_seen() -> None:
    bundle = results(ended(LAST), ("alt", "ast"), "2025-06-12")
    assert state(bundle, after(12), "liver_tests_weekly") == "overdue"


def test_a_course_with_an_unrecorded_dose_says_that_the_last_dose_may_be_another() -> None:
    item = due(ended(LAST), after(30))["weight_weekly", ""]
    assert "has no certain record" in item.because


def test_before_any_dose_nothing_is_due_after_one() -> None:
    found = due(course("2025-03-31", "C1D1"), "2025-03-31T08:30")
    assert {item.phase for (_, which), item in found.items() if not which} == {"before"}


# --- after transplant -----------------------------------------------------------------------------------------------
def test_after_a_transplant_the_weeks_count_from_it_for_one_month() -> None:
    bundle = transplanted(ended(LAST), "2025-07-31")
    at = "2025-08-07T12:00"
    assert state(bundle, at, "liver_tests_after_transplant") == "due" and state(bundle, at, "liver_tests_weekly") is None
    item = due(bundle, "2025-08-31T12:00")["liver_tests_after_transplant", ""]
    assert (item.state, item.day, item.until) == ("overdue", 31, date(2025, 8, 31))
    assert state(bundle, "2025-09-01T12:00", "liver_tests_after_transplant") is None


def test_after_a_transplant_weight_is_due_every_seventh_day_for_one_month() -> None:
    bundle = results(transplanted(ended(LAST), "2025-07-31"), ("weight",), "2025-08-03")
    look = "weight_after_transplant"
    assert [state(bundle, f"2025-08-{day:02}T12:00", look) for day in (9, 10, 11)] == ["upcoming", "due", "overdue"]
    assert due(bundle, "2025-08-31T12:00")[look, ""].until == date(2025, 8, 31)
    assert state(bundle, "2025-09-01T12:00", look) is None


def test_a_transplant_before_the_last_dose_does_not_end_the_weekly_looks() -> None:
    bundle = transplanted(ended(LAST), "2024-01-10")
    assert state(bundle, after(10), "liver_tests_weekly") == "overdue"
    assert state(bundle, after(10), "liver_tests_after_transplant") is None


# --- months that protect --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2025-05-31", 8, "2026-01-31"),
        ("2025-06-30", 8, "2026-03-01"),
        ("2023-06-29", 8, "2024-02-29"),
        ("2023-06-30", 8, "2024-03-01"),
        ("2025-12-31", 2, "2026-03-01"),
        ("2025-03-31", 8, "2025-12-01"),
        ("2025-01-31", 0, "2025-01-31"),
        ("2025-12-01", 1, "2026-01-01"),
        ("2025-10-31", 1, "2025-12-01"),
        ("2025-11-30", 12, "2026-11-30"),
    ],
)
def test_a_month_end_that_does_not_exist_rolls_forward(day: str, months: int, then: str) -> None:
    assert months_after(date.fromisoformat(day), months).isoformat() == then


def test_months_after_never_come_sooner_for_a_later_day() -> None:
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(800)]
    for months in range(13):
        ends = [months_after(day, months) for day in days]
        assert ends == sorted(ends)


def test_months_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="only forward"):
        months_after(date(2025, 1, 1), -1)


def test_protection_lasts_through_its_day_and_is_over_on_the_next() -> None:
    over = {
        at: {one.id: one.over for one in decided(ended("2025-05-31"), at).reproductive}["contraception_male"]
        for at in ("2025-10-31T23:00", "2025-11-01T01:00")
    }
    assert over == {"2025-10-31T23:00": False, "2025-11-01T01:00": True}


def test_a_patient_without_a_sex_on_record_is_shown_every_window() -> None:
    record = load_bundle(ended("2025-05-31"), zone=ZONE)
    unsaid = replace(record, patient=replace(record.patient, sex=None))
    shown = decide(unsaid, at=moment("2025-06-01T12:00"), edition="us", zone=ZONE).reproductive
    assert {one.id: one.until for one in shown} == {
        "contraception_female": date(2026, 1, 31),
        "contraception_male": date(2025, 10, 31),
        "no_breastfeeding": date(2025, 7, 31),
    }


def test_before_any_dose_no_window_runs() -> None:
    assert decided(course("2025-03-31", "C1D1"), "2025-03-31T08:30").reproductive == ()


def test_a_dose_that_may_have_been_given_counts_for_protection() -> None:
    unsure = course("2025-03-03", "C1D9", visit={"C1D8": {"given": "unknown"}})
    (male,) = decided(unsure, "2025-03-11T12:00").reproductive
    assert male.until == date(2025, 8, 10)


# --- the file -------------------------------------------------------------------------------------------------------
GOOD = {"id": "x", "what": "x", "needs": [], "cites": {"source": "policy", "section": "monitoring"}, "seen": "ours"}


def refused(row: dict[str, Any]) -> str:
    with pytest.raises(KnowledgeError) as error:
        items({"item": [{**GOOD, **row}]}, SPOKEN)
    return str(error.value)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"before": "breakfast"}, "before = every dose"),
        ({"before": "every dose", "after": "every dose"}, "before = every dose"),
        ({}, "or after = every dose"),
        ({"after": "last dose", "every_days": 7}, "also ends"),
        ({"after": "last dose", "until_days": 7}, "also ends"),
        ({"before": "every dose", "needs": ["anx"]}, "no fact is called 'anx'"),
        ({"after": "every dose", "reads": ["anx"]}, "no observable is called 'anx'"),
        ({"after": "every dose", "within": "ages"}, "policy monitoring has no 'ages'"),
        ({"before": "every dose", "cites": {"source": "hearsay", "section": "1"}}, "cites no source"),
        ({"before": "every dose", "wen": "anc > 1"}, "'wen' is not a key here"),
        ({"before": "every dose", "when": "anc > 1 kg"}, ""),
    ],
)
def test_an_item_that_is_misspelt_endless_or_uncited_is_refused(row: dict[str, Any], says: str) -> None:
    if "when" in row:
        with pytest.raises(ValueError, match="kg"):
            items({"item": [{**GOOD, **row}]}, SPOKEN)
    else:
        assert says in refused(row)


def test_a_site_may_set_its_own_days_but_not_beyond_the_bound() -> None:
    own = {"monitoring": {"author": "a", "reason": "b", "after_dose_days": 1}}
    assert load_edition("us", Site(policy=own)).policy.rows["monitoring"]["after_dose_days"] == 1
    own["monitoring"]["after_dose_days"] = 8
    with pytest.raises(KnowledgeError, match="no more than 7"):
        load_edition("us", Site(policy=own))


@pytest.mark.parametrize("name", stories.names())
def test_no_item_of_any_story_is_done_while_something_it_needs_is_missing(name: str) -> None:
    tale = stories.tale(name)
    report = decide(stories.bundle(name), at=tale.at, edition="us", zone=ZONE)
    assert [item.id for item in report.due if item.state == "done" and item.missing] == []
    assert all(item.missing for item in report.due if item.phase == "before" and item.state != "done")
