"""Panels of published criteria on records: units, windows, signs, trends, risk factors."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from decimal import Decimal
from typing import Any

import pytest

from posology.api import load_edition, lysis
from posology.criteria.replay import film
from posology.knowledge.criteria import panels
from posology.record import Reading, Record
from tests.unit.charted import CHILD, FIRST, ZONE, at, figure, item, named, picture, read, record, seen, state


# --- units ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("reported", "value", "from_2", "above_2"),
    [
        ("34 umol/L", "1.987839102", "holds", "fails"),
        ("33.9 umol/L", "1.981992516", "fails", "fails"),
        ("34.2 umol/L", "1.999532273", "holds", "fails"),
        ("34.3 umol/L", "2.005378858", "holds", "holds"),
        ("0.034 mmol/L", "1.987839102", "holds", "fails"),
        ("2 mg/dL", "2", "holds", "fails"),
        ("1.99 mg/dL", "1.99", "fails", "fails"),
        ("2.01 mg/dL", "2.01", "holds", "holds"),
        ("20.1 mg/L", "2.01", "holds", "holds"),
    ],
)
def test_a_limit_is_compared_in_the_unit_of_the_report(reported: str, value: str, from_2: str, above_2: str) -> None:
    found = seen(record(read("bilirubin", 10, value, reported=reported)), 10)
    assert (item(found, "bilirubin_from_2"), item(found, "bilirubin_above_2")) == (from_2, above_2)


def test_a_child_limit_and_its_upper_limit_are_compared_in_the_unit_of_the_report() -> None:
    high = read("uric_acid", -60, "6.052454606", reported="360 umol/L", high=Decimal("6.052454607"))
    over = replace(high, value=Decimal("6.069266980"), reported="361 umol/L")
    for reading, wanted in ((high, "fails"), (over, "holds")):
        found = lysis(record(reading, birth=CHILD), at=at(-60, 9), edition="us", zone=str(ZONE))
        assert item(found, "uric_acid_high") == wanted


# --- windows --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "seattle", "classical", "late"),
    [
        (0, "met", "met", "not_applicable"),
        (20, "met", "met", "not_applicable"),
        (21, "not_applicable", "met", "not_applicable"),
        (22, "not_applicable", "not_applicable", "met"),
    ],
)
def test_outside_its_days_a_set_is_not_applicable_and_the_picture_still_keeps_the_stop_possible(
    day: int, seattle: str, classical: str, late: str
) -> None:
    found = seen(record(*picture(day)), day)
    wanted = (seattle, classical, late)
    assert tuple(state(found, name) for name in ("modified_seattle", "ebmt_2016_classical", "ebmt_2016_late")) == wanted
    assert found.could_be == "discontinue"


def test_days_are_counted_on_the_calendar_of_the_clinic() -> None:
    late_evening = seen(record(*picture(20)), 20, hour=23)
    assert state(late_evening, "modified_seattle") == "met"
    assert state(seen(record(*picture(20)), 21, hour=0), "modified_seattle") == "not_applicable"


def test_a_transplant_recorded_as_not_done_has_no_day_to_count_from() -> None:
    denied = record(read("transplant", 3, False), *picture(10), transplant=False)
    found = seen(denied, 10)
    assert state(found, "baltimore") == "not_applicable"
    assert state(found, "ebmt_2023_clinical") == "met" and named(found.sets, "ebmt_2023_clinical").pattern


def test_nobody_having_said_whether_there_was_a_transplant_leaves_the_set_open() -> None:
    found = named(seen(record(*picture(10), transplant=False), 10).sets, "baltimore")
    assert found.state == "could_be_met" and found.short == 0
    assert {lack.fact for lack in found.missing} >= {"transplanted", "days_since_transplant"}


# --- signs ----------------------------------------------------------------------------------------------------------
def test_one_sign_after_the_drug_keeps_a_stop_possible_and_before_any_drug_none_does() -> None:
    sign = read("painful_hepatomegaly", 10, True)
    after = seen(record(sign, read("bilirubin", 10, "0.8")), 10)
    assert after.could_be == "discontinue" and "met" not in {one.state for one in after.sets}
    looked = read("baseline_review", 9, True)
    before = seen(record(sign, looked, transplant=False, dosed=False), 10)
    assert before.could_be is None


def test_a_weight_gain_of_3_percent_is_a_sign_only_inside_the_window_of_modified_seattle() -> None:
    def gained(day: int) -> Record:
        return record(read("weight", -1, 60), read("weight", day, "61.8"))

    assert seen(gained(20), 20).could_be == "discontinue"
    assert seen(gained(21), 21).could_be is None


def test_a_quiet_finding_grows_old_and_an_alarming_one_does_not() -> None:
    for value, later in ((False, "open"), (True, "holds")):
        old = record(read("painful_hepatomegaly", 10, value), read("bilirubin", 10, "2.5"))
        assert item(seen(old, 13, hour=8), "painful_liver") == ("holds" if value else "fails")
        assert item(seen(old, 13, hour=9), "painful_liver") == later


# --- trends ---------------------------------------------------------------------------------------------------------
def fact(given: Record, day: int, name: str) -> Any:
    """The bare value of a fact or a trend at 9 in the morning."""
    moment = at(day, 9).astimezone(UTC)
    return film(given, panels()["vod"], load_edition("us"), ZONE, moment).scene(moment).known[name]


@pytest.mark.parametrize(
    ("values", "day", "wanted"),
    [
        ({9: "0.8", 10: "0.9", 11: "1.0", 12: "1.1"}, 12, True),
        ({10: "0.9", 11: "1.0", 12: "1.1"}, 12, None),
        ({9: "0.8", 10: "0.9", 11: "0.9", 12: "1.1"}, 12, False),
        ({9: "0.8", 10: "0.9", 12: "1.1"}, 12, None),
        ({9: "0.8", 10: "0.9", 11: "1.0", 12: "1.1"}, 15, True),
        ({9: "0.8", 10: "0.9", 11: "1.0", 12: "0.7"}, 13, False),
        ({9: "0.8", 10: "0.9", 11: "1.0", 12: "1.1", 13: "1.1"}, 13, False),
        ({}, 12, None),
    ],
)
def test_rising_means_higher_than_before_on_each_of_three_days(
    values: dict[int, str], day: int, wanted: bool | None
) -> None:
    given = record(*(read("bilirubin", on, value) for on, value in values.items()))
    assert fact(given, day, "bilirubin_rising_3_days") is wanted


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({-1: "0.8", 10: "0.9", 11: "0.9", 12: "0.9"}, True),
        ({-1: "0.9", 10: "0.9", 11: "1.2", 12: "1.2"}, False),
        ({-1: "0.8", 11: "0.9", 12: "0.9"}, None),
        ({10: "0.9", 11: "0.9", 12: "0.9"}, None),
    ],
)
def test_above_baseline_means_on_each_of_three_days_and_needs_a_baseline(
    values: dict[int, str], wanted: bool | None
) -> None:
    given = record(*(read("bilirubin", on, value) for on, value in values.items()))
    assert fact(given, 12, "bilirubin_above_baseline_3_days") is wanted


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({9: "60", 10: "60.2", 11: "60.4", 12: "60.6"}, True),
        ({10: "60", 11: "60.2", 12: "60.4"}, None),
        ({9: "60", 10: "60", 11: "60.2", 12: "60.4"}, False),
    ],
)
def test_weight_too_rises_only_when_it_is_higher_on_each_of_three_days(values: dict[int, str], wanted: bool | None) -> None:
    given = record(*(read("weight", on, value) for on, value in values.items()))
    assert fact(given, 12, "weight_rising_3_days") is wanted


@pytest.mark.parametrize("name", ["ebmt_2023_probable", "ebmt_2023_clinical", "ebmt_2023_proven"])
@pytest.mark.parametrize(("day", "onset"), [(21, "classical"), (22, "late")])
def test_the_onset_is_classical_up_to_day_21_and_late_from_day_22(name: str, day: int, onset: str) -> None:
    assert named(seen(record(*picture(day)), day).sets, name).onset == onset


@pytest.mark.parametrize(("day", "hour", "slope"), [(9, 9, "0.5"), (9, 8, None), (8, 9, None)])
def test_the_slope_begins_three_days_back_and_not_an_hour_earlier(day: int, hour: int, slope: str | None) -> None:
    given = record(read("bilirubin", day, "1.0", hour), read("bilirubin", 12, "2.5", 9))
    assert figure(seen(given, 12), "bilirubin_slope") == (Decimal(slope) if slope else None)


@pytest.mark.parametrize(
    ("earlier", "hour", "now", "wanted"),
    [("1.3", 8, "2.6", "severe"), ("1.3", 7, "2.6", None), ("1.3", 8, "2.59", None), ("1.2", 9, "2.4", "severe")],
)
def test_doubling_counts_within_48_hours_and_from_exactly_twice(
    earlier: str, hour: int, now: str, wanted: str | None
) -> None:
    given = record(read("bilirubin", 10, earlier, hour), read("bilirubin", 12, now))
    scale = named(seen(given, 12).severity, "ebmt_2016_severity")
    assert named(scale.criteria, "kinetics").at_least == wanted


def test_weight_is_compared_with_the_lower_of_the_two_baselines() -> None:
    """64 kg before the drug, 60 before transplant, 63.1 now: no gain against the one, over 5 % against the other."""
    drug = Reading("w0", "weight", FIRST.astimezone(UTC) - timedelta(hours=2), Decimal(64))
    found = seen(record(drug, read("weight", -2, 60), read("weight", 10, "63.1")), 10)
    assert item(found, "weight_gain_5") == "holds" and figure(found, "weight_change_percent") > 5
    alone = seen(record(drug, read("weight", 10, "63.1"), transplant=False), 10)
    assert item(alone, "weight_gain_5") == "fails"


def test_a_gain_of_yesterday_still_proves_and_a_quiet_weight_of_yesterday_does_not() -> None:
    baseline = read("weight", -1, 60)
    assert item(seen(record(baseline, read("weight", 10, 64)), 11), "weight_gain_5") == "holds"
    assert item(seen(record(baseline, read("weight", 10, 61)), 11), "weight_gain_5") == "open"


def test_the_slope_is_per_day_over_the_last_three_days() -> None:
    given = record(read("bilirubin", 8, "9"), read("bilirubin", 10, "1.0", 9), read("bilirubin", 12, "2.5", 9))
    assert figure(seen(given, 12), "bilirubin_slope") == Decimal("0.75")
    assert figure(seen(record(read("bilirubin", 12, "2.5")), 12), "bilirubin_slope") is None


def test_the_first_symptom_is_the_recorded_one_else_the_start_of_the_present_run_of_signs() -> None:
    run = [read("bilirubin", day, "3.0") for day in (2, 8, 9, 10)] + [read("bilirubin", 5, "0.9")]
    assert figure(seen(record(*run), 10), "days_since_first_vod_symptom") == 2
    recorded = record(*run, read("first_vod_symptom", 6, True))
    assert figure(seen(recorded, 10), "days_since_first_vod_symptom") == 4


def test_refractory_days_are_those_of_the_unbroken_run_its_first_day_counted() -> None:
    days = [read("platelet_refractory", day, value) for day, value in ((3, True), (5, False), (7, True), (9, True))]
    assert figure(seen(record(*days), 9), "platelet_refractory_days") == 3
    assert figure(seen(record(*days), 5), "platelet_refractory_days") == 0


def test_signs_without_a_raised_bilirubin_are_told_as_a_pattern_of_their_own() -> None:
    quiet = record(read("bilirubin", 10, "1.1"), read("painful_hepatomegaly", 10, True))
    assert named(seen(quiet, 10).signals, "anicteric").state == "holds"
    molar = record(read("bilirubin", 10, "1.987839102", reported="34 umol/L"), read("painful_hepatomegaly", 10, True))
    assert named(seen(molar, 10).signals, "anicteric").state == "fails"


@pytest.mark.parametrize(("day", "wanted"), [(-8, "holds"), (-7, "fails")])
def test_56_days_after_the_last_dose_is_within_the_window_and_57_is_not(day: int, wanted: str) -> None:
    given = record(read("bilirubin", day, "1"), read("baseline_review", -70, True))
    found = seen(given, day)
    assert (at(day).date() - FIRST.date()).days == (56 if wanted == "holds" else 57)
    assert named(found.signals, "within_56_days").state in (wanted, "open" if wanted == "fails" else wanted)


# --- risk factors ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("value", "wanted"), [("1.2", "holds"), ("1.1", "fails")])
def test_the_last_bilirubin_before_transplant_counts_from_its_own_upper_limit(value: str, wanted: str) -> None:
    given = record(read("bilirubin", -9, "4"), read("bilirubin", -1, value, high=Decimal("1.2")), read("bilirubin", 3, "9"))
    assert named(seen(given, 3).risk_factors, "bilirubin_before_transplant").state == wanted


def test_the_present_disease_is_no_risk_factor_of_itself_and_an_earlier_one_is() -> None:
    after = record(read("vod_history", 5, True))
    assert named(seen(after, 10).risk_factors, "liver_disease").state == "open"
    before = Reading("v", "vod_history", FIRST.astimezone(UTC) - timedelta(days=400), True, signed=True)
    assert named(seen(record(before), 10).risk_factors, "liver_disease").state == "holds"


def test_a_transplant_before_the_first_dose_is_an_earlier_one_and_silence_is_unknown() -> None:
    earlier = Reading("t", "transplant", FIRST.astimezone(UTC) - timedelta(days=300), True)
    assert named(seen(record(earlier), 10).risk_factors, "earlier_transplant").state == "holds"
    assert named(seen(record(), 10).risk_factors, "earlier_transplant").state == "open"
