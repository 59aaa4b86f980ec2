"""mg, rounding, vials, bag or syringe: every public case, and the properties a pharmacist relies on."""

import json
import math
from decimal import ROUND_DOWN, Decimal, localcontext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posology.dose import (
    Direction,
    Fill,
    Method,
    Product,
    RoundingPolicy,
    RoundingRefused,
    amounts,
    bag,
    cycle_total,
    delivered_mg,
    delivered_ml,
    duration_min,
    exact_mg,
    judge_target,
    reduced_mg_per_m2,
    round_dose,
    underdose_percent,
    vials,
    volume_ml,
    wasted_mg,
)
from posology.units import rounded

CASES = json.loads((Path(__file__).parents[1] / "cases/cases-public.json").read_text(encoding="utf-8"), parse_float=Decimal)
BY_ID = {case["id"]: case for case in CASES}
ONE_DOSE = [case for case in CASES if case["area"] == "dose" and "volume_ml_of_0_25" in case["expect"]]
PROPERTY = settings(derandomize=True, max_examples=300, deadline=None)
D = Decimal

PRODUCT = Product(
    vial_withdrawable_mg=D("0.9"),
    concentration_mg_per_ml=D("0.25"),
    bag_volume_ml=D(50),
    bag_min_mg_per_ml=D("0.01"),
    bag_max_mg_per_ml=D("0.1"),
    syringe_min_mg_per_ml=D("0.025"),
    syringe_max_mg_per_ml=D("0.1"),
)
NO_SYRINGE = Product(D("0.9"), D("0.25"), D(50), D("0.01"), D("0.1"))
HUNDREDTH = RoundingPolicy("to 0.01 mg", D("0.01"), Direction.HALF_UP, D(5), D("0.01"))
TENTH = RoundingPolicy("to 0.1 mg", D("0.1"), Direction.HALF_UP, D(5), D("0.01"))
WHOLE = RoundingPolicy("to 1 mg", D(1), Direction.HALF_UP, D(10), D("0.01"))
TENTH_DOWN = RoundingPolicy("to 0.1 mg, down", D("0.1"), Direction.DOWN, D(5), D("0.01"))
POLICIES = [HUNDREDTH, TENTH, WHOLE, TENTH_DOWN]
EXACT = Fill(Method.EXACT)
OVERFILLED = Fill(Method.OVERFILLED, D(5))
sizes = st.sampled_from([D("0.8"), D("0.5"), D("0.6"), D("0.375")])
adult_surfaces = st.decimals(min_value=D("0.8"), max_value=D("3.5"), places=4)
surfaces = st.decimals(min_value=D("0.4"), max_value=D("3.5"), places=4)


def test_the_public_cases_of_one_dose_are_all_here() -> None:
    assert len(ONE_DOSE) == 7


@pytest.mark.parametrize("case", ONE_DOSE, ids=lambda case: case["id"])
def test_a_public_case_of_one_dose_is_met_exactly(case: dict[str, Any]) -> None:
    expect = case["expect"]
    mg = exact_mg(D(case["given"]["dose_mg_per_m2"]), D(case["given"]["bsa_m2"]))
    ordered = round_dose(mg, HUNDREDTH).mg
    needed = vials(ordered, PRODUCT.vial_withdrawable_mg)
    mixed = bag(mg, PRODUCT, EXACT)
    assert mg == expect["dose_mg"]
    assert ordered == expect["dose_mg_2dp"]
    assert volume_ml(mg, PRODUCT.concentration_mg_per_ml) == expect["volume_ml_of_0_25"]
    assert needed == expect["vials_0_9mg"]
    assert wasted_mg(mg, needed, PRODUCT.vial_withdrawable_mg) == expect["wasted_mg"]
    assert mixed.bag_mg_per_ml == expect["bag50_conc_mg_ml"]
    assert (mixed.path == "bag") is expect["bag50_conc_ok"]


def test_one_milligram_a_vial_would_open_one_vial_too_few() -> None:
    case = BY_ID["DOSE-C1D8-vial-trap"]
    assert vials(case["expect"]["dose_mg"], D(1)) == case["expect"]["vials_if_1mg_assumed_WRONG"]
    assert vials(case["expect"]["dose_mg"], PRODUCT.vial_withdrawable_mg) == 2


def test_the_dose_of_a_heavy_patient_is_not_capped() -> None:
    case = BY_ID["BSA-no-cap"]
    assert exact_mg(D("0.8"), case["expect"]["bsa_m2"]) == case["expect"]["dose_0_8_mg"]


def test_vials_are_counted_on_the_rounded_dose() -> None:
    case = BY_ID["DOSE-vials-from-rounded"]
    found = amounts(case["given"]["dose_mg_per_m2"], case["given"]["bsa_m2"], PRODUCT, HUNDREDTH, fill=EXACT)
    assert found.exact_mg == case["expect"]["dose_mg"]
    assert found.rounded.mg == case["expect"]["rounded_mg"]
    assert found.vials == case["expect"]["vials_0_9mg"] != vials(found.exact_mg, PRODUCT.vial_withdrawable_mg)


def test_the_estimate_behind_a_withheld_dose_is_the_same_arithmetic() -> None:
    case = BY_ID["DOSE-not-releasable"]
    mg = exact_mg(case["given"]["dose_mg_per_m2"], case["given"]["bsa_m2"])
    assert mg == case["expect"]["not_releasable_estimate_mg"]


def test_the_first_cycle_adds_up() -> None:
    case = BY_ID["CYCLE-1-total"]
    total = cycle_total(case["given"]["doses_mg_per_m2"], case["given"]["bsa_m2"], D("0.9"), HUNDREDTH)
    assert total.mg_per_m2 == case["expect"]["total_mg_per_m2"]
    assert total.mg == case["expect"]["total_mg"]
    assert list(total.vials_by_day) == case["expect"]["vials_by_day"]
    assert total.vials == case["expect"]["vials_total"]


def test_the_wrong_total_of_the_first_cycle_is_an_underdose_of_a_sixth() -> None:
    case = BY_ID["CONFLICT-cycle1-total"]
    short = underdose_percent(D("1.5"), case["expect"]["correct_total_mg_per_m2"])
    assert short == D("16.67")
    assert rounded(short, 1) == case["expect"]["underdose_percent"]


def test_a_quarter_less_in_two_doses_is_the_public_case() -> None:
    case = BY_ID["INT-two-doses-1.8"]
    sizes = [reduced_mg_per_m2(dose, D(25)) for dose in case["given"]["base"][:2]]
    assert sizes == case["expect"]["next_cycle"]
    assert cycle_total(sizes, D("1.84"), D("0.9"), HUNDREDTH).mg_per_m2 == case["expect"]["total"]


# --- rounding ---------------------------------------------------------------------------------------------------------


def test_a_whole_vial_two_percent_lower_is_within_the_limit() -> None:
    case = BY_ID["ROUND-hopa-down"]
    policy = RoundingPolicy("whole vials", D("0.9"), Direction.DOWN, D(case["given"]["limit_percent"]), D("0.01"))
    judged = judge_target(case["given"]["calculated_mg"], case["given"]["target_mg"], policy)
    assert judged.percent == case["expect"]["change_percent"]
    assert judged.within_limit is case["expect"]["within_limit"]
    assert judged.allowed
    assert vials(round_dose(case["given"]["calculated_mg"], policy).mg, D("0.9")) == case["expect"]["vials"]


def test_rounding_up_is_barred_for_a_liver_at_risk_though_within_the_limit() -> None:
    case = BY_ID["ROUND-up-liver-risk"]
    policy = RoundingPolicy("whole vials", D("0.9"), Direction.HALF_UP, D(case["given"]["limit_percent"]), D("0.01"))
    exact, target = case["given"]["calculated_mg"], case["given"]["target_mg"]
    judged = judge_target(exact, target, policy, never_up=True)
    assert judged.percent == case["expect"]["change_percent"]
    assert judged.within_limit is case["expect"]["within_limit"]
    assert judged.allowed is case["expect"]["allow"]
    assert judge_target(exact, target, policy).allowed
    assert round_dose(exact, policy).mg == D("1.8")
    assert round_dose(exact, policy, never_up=True).mg == D("1.7")


def test_a_target_beyond_the_limit_says_so() -> None:
    judged = judge_target(D(1), D("0.89"), WHOLE)
    assert not judged.within_limit
    assert not judged.allowed
    assert judged.because == "beyond 10 %"


def test_a_half_step_goes_up_once_and_never_twice() -> None:
    """1.4449 mg is 1.44 at two decimals and 1.4 at one; through 1.445 and 1.45 it would become 1.5."""
    assert round_dose(D("1.445"), HUNDREDTH).mg == D("1.45")
    assert round_dose(D("1.4449"), TENTH).mg == D("1.4")


def test_a_step_that_goes_too_far_falls_back_to_the_finest_step_and_says_so() -> None:
    found = round_dose(D("1.496"), WHOLE)
    assert (found.mg, found.step_mg, found.fell_back) == (D("1.5"), D("0.01"), True)
    assert found.percent == D("0.27")


@pytest.mark.parametrize(("exact", "mg"), [("0.8", "1"), ("0.79999", "0.8"), ("0.799", "0.8")])
def test_the_limit_is_inclusive_and_judged_before_the_percent_is_rounded(exact: str, mg: str) -> None:
    """From 0.8 to 1 is exactly 25 %; from 0.79999 it is 25.0003 %, which would print as 25.00."""
    policy = RoundingPolicy("to 1 mg", D(1), Direction.HALF_UP, D(25), D("0.01"))
    assert round_dose(D(exact), policy).mg == D(mg)


def test_an_infant_dose_that_may_only_go_down_is_refused_rather_than_cut_beyond_the_limit() -> None:
    """0.1579 mg may not become 0.15 (-5.01 %): a finer step is the site's to choose, not ours."""
    with pytest.raises(RoundingRefused):
        round_dose(D("0.1579125"), TENTH, never_up=True)
    finer = RoundingPolicy("finer", D("0.01"), Direction.HALF_UP, D(5), D("0.0025"))
    assert round_dose(D("0.1579125"), finer, never_up=True).mg == D("0.1575")


def test_a_dose_that_no_step_can_carry_is_refused() -> None:
    with pytest.raises(RoundingRefused, match="ask the pharmacist"):
        round_dose(D("0.004"), HUNDREDTH)


@pytest.mark.parametrize("bad", ["0", "-1", "NaN", "Infinity"])
def test_a_dose_that_is_no_amount_is_refused(bad: str) -> None:
    for attempt in (
        lambda: exact_mg(D(bad), D(1)),
        lambda: exact_mg(D(1), D(bad)),
        lambda: round_dose(D(bad), HUNDREDTH),
        lambda: vials(D(bad), D("0.9")),
        lambda: bag(D(bad), PRODUCT, EXACT),
    ):
        with pytest.raises(ValueError):
            attempt()


def test_a_policy_that_contradicts_itself_is_refused() -> None:
    for step, direction, limit, finest in (
        ("0.01", "half_up", "5", "0.1"),
        ("0.1", "half_up", "-1", "0.01"),
        ("0", "half_up", "5", "0.01"),
        ("0.1", "up", "5", "0.01"),
    ):
        with pytest.raises(ValueError):
            RoundingPolicy("x", D(step), direction, D(limit), D(finest))  # type: ignore[arg-type]


def test_a_direction_read_from_a_file_as_a_word_still_means_down() -> None:
    policy = RoundingPolicy("x", D("0.1"), "down", D(10), D("0.01"))  # type: ignore[arg-type]
    assert round_dose(D("1.49"), policy).mg == D("1.4")


@PROPERTY
@given(sizes, surfaces, st.sampled_from(POLICIES), st.booleans())
def test_a_rounded_dose_stays_within_its_limit_and_never_rises_where_barred(
    size: Decimal, surface: Decimal, policy: RoundingPolicy, never_up: bool
) -> None:
    exact = exact_mg(size, surface)
    try:
        found = round_dose(exact, policy, never_up=never_up)
    except RoundingRefused:
        nearest = exact.quantize(policy.finest_step_mg, ROUND_DOWN)
        assert (exact - nearest) * 100 > policy.limit_percent * exact
        return
    assert abs(found.mg - exact) * 100 <= policy.limit_percent * exact
    assert found.mg % found.step_mg == 0
    if never_up or policy.direction is Direction.DOWN:
        assert found.mg <= exact


@PROPERTY
@given(sizes, surfaces)
def test_a_larger_patient_never_gets_a_smaller_rounded_dose(size: Decimal, surface: Decimal) -> None:
    larger = exact_mg(size, surface + D("0.01"))
    assert round_dose(exact_mg(size, surface), HUNDREDTH).mg <= round_dose(larger, HUNDREDTH).mg


@PROPERTY
@given(sizes, surfaces)
def test_twice_the_surface_is_twice_the_calculated_dose(size: Decimal, surface: Decimal) -> None:
    assert exact_mg(size, 2 * surface) == 2 * exact_mg(size, surface)


def test_the_ambient_decimal_context_changes_no_dose() -> None:
    with localcontext() as context:
        context.prec = 2
        assert exact_mg(D("0.8"), D("1.8181")) == D("1.45448")


# --- vials ------------------------------------------------------------------------------------------------------------


@PROPERTY
@given(st.decimals(min_value=D("0.01"), max_value=D("6"), places=2), st.sampled_from([D("0.9"), D("1"), D("0.45")]))
def test_the_vials_hold_the_dose_and_one_fewer_would_not(mg: Decimal, withdrawable: Decimal) -> None:
    count = vials(mg, withdrawable)
    assert count * withdrawable >= mg > (count - 1) * withdrawable
    assert 0 <= wasted_mg(mg, count, withdrawable) < withdrawable


@pytest.mark.parametrize(("mg", "count"), [("0.9", 1), ("0.91", 2), ("1.8", 2), ("1.81", 3), ("2.7", 3), ("2.71", 4)])
def test_a_dose_of_whole_vials_opens_just_those(mg: str, count: int) -> None:
    assert vials(D(mg), D("0.9")) == count


def test_waste_of_vials_that_do_not_suffice_is_refused() -> None:
    with pytest.raises(ValueError, match="hold less than"):
        wasted_mg(D("0.92"), 1, D("0.9"))


# --- one dose, from end to end ----------------------------------------------------------------------------------------


def test_a_typical_first_dose_comes_out_whole() -> None:
    found = amounts(D("0.8"), D("1.84"), PRODUCT, HUNDREDTH, fill=EXACT)
    assert (found.exact_mg, found.rounded.mg, found.rounded.percent) == (D("1.472"), D("1.47"), D("-0.14"))
    assert (found.vials, found.volume_ml, found.wasted_mg) == (2, D("5.88"), D("0.33"))
    assert found.mixture.concentration_mg_per_ml == D("0.0294")


@PROPERTY
@given(sizes, adult_surfaces, st.booleans())
def test_vials_volume_and_waste_all_speak_of_the_rounded_dose(size: Decimal, surface: Decimal, up: bool) -> None:
    found = amounts(size, surface, PRODUCT, TENTH, fill=EXACT, never_up=not up)
    assert found.volume_ml * D("0.25") == found.rounded.mg
    assert found.vials == math.ceil(found.rounded.mg / D("0.9"))
    assert found.vials * D("0.9") - found.wasted_mg == found.rounded.mg


# --- infusion ---------------------------------------------------------------------------------------------------------


def test_fifty_millilitres_at_fifty_an_hour_take_sixty_minutes() -> None:
    case = BY_ID["SCHED-infusion"]
    found = duration_min(D(case["given"]["volume_ml"]), D(case["given"]["rate_ml_h"]))
    assert found == case["expect"]["duration_min"]


def test_half_an_infusion_delivers_half_the_dose() -> None:
    case = BY_ID["IRR-resume-inside"]
    volume, rate = D(case["given"]["volume_ml"]), D(case["given"]["rate_ml_h"])
    through = delivered_ml(D(30), rate, volume)
    assert through == case["expect"]["delivered_ml"]
    assert delivered_mg(case["given"]["dose_mg"], through, volume) == case["expect"]["delivered_mg"]
    assert duration_min(volume - through, rate) == 30


def test_an_infusion_never_delivers_more_than_was_hung() -> None:
    assert delivered_ml(D(90), D(50), D(50)) == 50
    with pytest.raises(ValueError):
        delivered_mg(D("0.92"), D(51), D(50))
    with pytest.raises(ValueError):
        delivered_ml(D(-1), D(50), D(50))


@PROPERTY
@given(st.decimals(min_value=1, max_value=100, places=1), st.decimals(min_value=1, max_value=200, places=1))
def test_running_for_the_whole_duration_delivers_the_whole_volume(volume: Decimal, rate: Decimal) -> None:
    assert delivered_ml(duration_min(volume, rate), rate, volume) == volume
