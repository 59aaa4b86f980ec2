"""Body surface, QTc, change and age: published figures, boundaries, and refusals that say what went wrong."""

import json
import math
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posology.measures import (
    Correction,
    Formula,
    Implausible,
    SexNeeded,
    absolute_from_percent,
    age_years,
    body_surface,
    bsa,
    bsa_spread,
    change_per_day,
    corrected_calcium,
    percent_change,
    qtc,
    whole_years,
)
from posology.measures.settle import settle
from posology.units import rounded

CASES = json.loads((Path(__file__).parents[1] / "cases/cases-public.json").read_text(encoding="utf-8"), parse_float=Decimal)
BY_ID = {case["id"]: case for case in CASES}
BSA_CASES = [case for case in CASES if case["area"] == "bsa"]
PROPERTY = settings(derandomize=True, max_examples=200, deadline=None)
SEX = {"F": "female", "M": "male", None: None}
D = Decimal
heights = st.decimals(min_value=45, max_value=230, places=1)
weights = st.decimals(min_value=2, max_value=400, places=1)


def surface(case: dict[str, Any]) -> Decimal:
    asked = case["given"]
    return bsa(D(asked["height_cm"]), D(asked["weight_kg"]), asked["formula"], SEX[asked.get("sex")])


def test_the_public_cases_of_body_surface_are_all_here() -> None:
    assert len(BSA_CASES) == 6
    assert sum("bsa_m2" in case["expect"] for case in BSA_CASES) == 5


@pytest.mark.parametrize("case", [c for c in BSA_CASES if "bsa_m2" in c["expect"]], ids=lambda c: c["id"])
def test_a_public_case_of_body_surface_is_met_to_the_last_digit(case: dict[str, Any]) -> None:
    found = surface(case)
    assert found == case["expect"]["bsa_m2"]
    assert rounded(found, 2) == case["expect"].get("bsa_2dp", rounded(found, 2))


def test_metres_entered_as_centimetres_are_refused_with_that_guess() -> None:
    with pytest.raises(Implausible, match=r"height 1\.7 cm implausible \(metres entered as centimetres\?\)"):
        surface(BY_ID["BSA-units-trap"])


@pytest.mark.parametrize("name", ["BSA-schlich-F", "BSA-schlich-M"])
def test_swapping_the_sexes_of_schlich_is_caught_by_a_public_case(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = body_surface._SCHLICH
    swapped = {"female": right["male"], "male": right["female"]}
    monkeypatch.setattr(body_surface, "_SCHLICH", swapped)
    assert surface(BY_ID[name]) != BY_ID[name]["expect"]["bsa_m2"]


@pytest.mark.parametrize("sex", [None, "F", "unknown", ""])
def test_schlich_without_a_sex_is_refused_and_left_out_of_the_spread(sex: str | None) -> None:
    with pytest.raises(SexNeeded):
        bsa(D(170), D(70), "schlich", sex)
    assert set(bsa_spread(D(170), D(70), sex).by_formula) == set(Formula) - {Formula.SCHLICH}


def test_the_spread_names_every_formula_and_its_extremes() -> None:
    spread = bsa_spread(D(170), D(70), "female")
    assert set(spread.by_formula) == set(Formula)
    assert spread.least == spread.by_formula[Formula.SCHLICH] == D("1.7654")
    assert spread.most == spread.by_formula[Formula.BOYD] == D("1.8347")


def test_an_unknown_formula_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="use one of mosteller, dubois, haycock, gehan_george, boyd, schlich"):
        bsa(D(170), D(70), "Mosteler")


@pytest.mark.parametrize(("height", "weight"), [("45", "2"), ("230", "400")])
def test_the_limits_of_height_and_weight_are_themselves_accepted(height: str, weight: str) -> None:
    assert bsa(D(height), D(weight), "mosteller") > 0


@pytest.mark.parametrize(
    ("height", "weight"),
    [("44.9", "70"), ("230.1", "70"), ("170", "1.9"), ("170", "400.1"), ("NaN", "70"), ("170", "Infinity"),
     ("0", "70"), ("-170", "70"), ("170", "sNaN"), ("170", "70000")],
)  # fmt: skip
def test_a_height_or_weight_that_nobody_has_is_refused_in_one_line(height: str, weight: str) -> None:
    with pytest.raises(Implausible) as refused:
        bsa(D(height), D(weight), "mosteller")
    assert "\n" not in str(refused.value)


def independent(height: float, weight: float, formula: Formula, sex: str) -> float:
    """The six equations again, in floating point and in logarithms, to check the first writing of them."""
    h, w, grams = math.log(height), math.log(weight), weight * 1000
    by_formula: dict[Formula, float] = {
        Formula.MOSTELLER: math.exp((h + w - math.log(3600)) / 2),
        Formula.DUBOIS: math.exp(math.log(0.007184) + 0.425 * w + 0.725 * h),
        Formula.HAYCOCK: math.exp(math.log(0.024265) + 0.5378 * w + 0.3964 * h),
        Formula.GEHAN_GEORGE: math.exp(math.log(0.0235) + 0.51456 * w + 0.42246 * h),
        Formula.BOYD: 0.0003207 * height**0.3 * grams ** (0.7285 - 0.0188 * math.log10(grams)),
        Formula.SCHLICH: math.exp(math.log(0.000975482) + 0.46 * w + 1.08 * h)
        if sex == "female"
        else math.exp(math.log(0.000579479) + 0.38 * w + 1.24 * h),
    }
    return by_formula[formula]


@PROPERTY
@given(heights, weights, st.sampled_from(list(Formula)), st.sampled_from(["female", "male"]))
def test_each_formula_agrees_with_a_second_writing_of_it(
    height: Decimal, weight: Decimal, formula: Formula, sex: str
) -> None:
    second = independent(float(height), float(weight), formula, sex)
    assert abs(float(bsa(height, weight, formula, sex)) - second) <= 0.0000501


@PROPERTY
@given(heights, weights, st.sampled_from([Formula.MOSTELLER, Formula.DUBOIS, Formula.HAYCOCK, Formula.GEHAN_GEORGE]))
def test_a_heavier_patient_never_has_a_smaller_surface(height: Decimal, weight: Decimal, formula: Formula) -> None:
    lighter = max(weight - 1, D(2))
    assert bsa(height, lighter, formula) <= bsa(height, weight, formula)


@pytest.mark.parametrize("formula", list(Correction))
def test_the_public_case_of_qtc_is_met_by_every_formula(formula: Correction) -> None:
    case = BY_ID["QT-100"]
    found = qtc(D(case["given"]["qt_ms"]), D(case["given"]["hr_bpm"]), formula)
    assert found == case["expect"][formula.value]


@pytest.mark.parametrize("name", ["QT-delta60", "QT-delta61", "QT-470-boundary"])
def test_the_change_of_qtc_in_a_public_case_is_the_difference_to_the_millisecond(name: str) -> None:
    """QTc at 60 beats is QT itself, by every formula: so the figures of the case can be reached through `qtc`."""
    case = BY_ID[name]
    now, before = (D(case["given"][key]) for key in ("current_qtcf", "baseline_qtcf"))
    assert qtc(now, D(60), "fridericia") - qtc(before, D(60), "fridericia") == case["expect"]["delta"]


def test_a_true_tie_of_qtc_rounds_up_and_is_not_tipped_by_the_last_digit() -> None:
    assert qtc(D("376.04"), D("117.1875"), "fridericia") == D("470.1")
    assert settle(lambda: D("470.05") - D("1E-33"), places=1) == D("470.1")
    assert settle(lambda: D("470.05") - D("1E-20"), places=1) == D("470.0")


@pytest.mark.parametrize(("qt", "rate"), [("0.36", "100"), ("199", "100"), ("801", "60"), ("360", "19"), ("360", "0")])
def test_a_qt_or_rate_that_nobody_has_is_refused(qt: str, rate: str) -> None:
    with pytest.raises(Implausible):
        qtc(D(qt), D(rate), "fridericia")


def test_a_qtc_without_a_known_formula_is_refused() -> None:
    with pytest.raises(ValueError, match="use one of bazett, fridericia, framingham, hodges"):
        qtc(D(360), D(100), "")


def test_the_public_case_of_reweighing_gains_five_and_seven_tenths_percent() -> None:
    case = BY_ID["REWEIGH-gain-is-vod-sign"]
    change = percent_change(case["given"]["weight_now_kg"], case["given"]["weight_at_calc_kg"])
    assert rounded(change, 2) == case["expect"]["change_percent"]


def test_a_gain_of_exactly_five_percent_is_five_and_a_gram_more_is_above() -> None:
    assert percent_change(D("73.5"), D(70)) == 5
    assert percent_change(D("73.501"), D(70)) > 5
    assert percent_change(D("66.499"), D(70)) < -5


def test_a_change_too_small_for_nine_decimals_still_reads_above_its_limit() -> None:
    assert percent_change(D("3.15000000000001"), D(3)) == D("5.000000001")
    assert percent_change(D("2.84999999999999"), D(3)) == D("-5.000000001")


@PROPERTY
@given(weights, weights)
def test_a_change_reads_above_its_limit_just_when_the_exact_change_is(new: Decimal, old: Decimal) -> None:
    assert (percent_change(new, old) > 5) is (new * 100 > old * 105)


def test_a_change_from_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="must be above zero"):
        percent_change(D(1), D(0))


def test_a_change_per_day_is_scaled_by_the_time_between_and_keeps_its_sign() -> None:
    assert change_per_day(D("2.5"), D("1.0"), 48 * 3600) == D("0.75")
    assert change_per_day(D("1.0"), D("2.5"), 12 * 3600) == D("-3")
    assert change_per_day(D("1.005"), D("1"), 24 * 3600) == D("0.01")


@pytest.mark.parametrize("seconds", [0, -1])
def test_a_change_per_day_needs_time_to_have_passed(seconds: int) -> None:
    with pytest.raises(ValueError, match="must be later"):
        change_per_day(D(2), D(1), seconds)


def test_blasts_are_leucocytes_times_their_percent() -> None:
    assert absolute_from_percent(D("62.5"), D("16.00")) == 10
    assert absolute_from_percent(D(0), D(16)) == 0


@pytest.mark.parametrize(("percent", "total"), [("100.1", "10"), ("-1", "10"), ("50", "-1"), ("NaN", "1")])
def test_a_share_beyond_the_whole_is_refused(percent: str, total: str) -> None:
    with pytest.raises(ValueError):
        absolute_from_percent(D(percent), D(total))


def test_low_albumin_raises_the_corrected_calcium() -> None:
    assert corrected_calcium(D("8.0"), D("2.5")) == D("9.2")
    assert corrected_calcium(D("8.0"), D("4.0")) == D("8.0")


def test_a_corrected_calcium_just_under_a_limit_does_not_round_up_to_it() -> None:
    assert corrected_calcium(D("7.995"), D("4")) == D("7.995")
    assert corrected_calcium(D("6.955"), D("2.7")) == D("7.995")


@pytest.mark.parametrize(
    ("birth", "on", "years"),
    [
        ("2007-06-15", "2025-06-14", 17),
        ("2007-06-15", "2025-06-15", 18),
        ("2004-02-29", "2022-02-28", 17),
        ("2004-02-29", "2022-03-01", 18),
        ("2004-02-29", "2024-02-29", 20),
        ("2025-01-01", "2025-01-01", 0),
    ],
)
def test_a_year_of_age_is_complete_on_the_birthday_and_not_before(birth: str, on: str, years: int) -> None:
    assert whole_years(date.fromisoformat(birth), date.fromisoformat(on)) == years


@pytest.mark.parametrize(
    ("birth", "on", "age"),
    [("2024-01-10", "2024-12-10", "0.91"), ("2024-01-10", "2025-01-09", "0.91"), ("2024-01-10", "2025-01-10", "1"),
     ("2024-01-31", "2024-02-29", "0"), ("1980-01-01", "2025-12-31", "45")],
)  # fmt: skip
def test_an_infant_never_reads_as_one_year_old(birth: str, on: str, age: str) -> None:
    assert age_years(date.fromisoformat(birth), date.fromisoformat(on)) == D(age)


def test_a_birth_after_the_day_is_refused() -> None:
    with pytest.raises(ValueError, match="check both dates"):
        age_years(date(2025, 1, 2), date(2025, 1, 1))


@PROPERTY
@given(st.dates(date(1920, 1, 1), date(2025, 1, 1)), st.integers(0, 40_000))
def test_age_never_falls_from_one_day_to_the_next(birth: date, days: int) -> None:
    today = date.fromordinal(birth.toordinal() + days)
    assert age_years(birth, today) <= age_years(birth, date.fromordinal(today.toordinal() + 1))
