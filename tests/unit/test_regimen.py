"""The course as the label lays it out: each figure as the facts sheet has it (§3 dosing, §5 modification, §6 delays)."""

from __future__ import annotations

from decimal import Decimal

from posology.api import load_edition

US = load_edition("us")
TAKEN = US.regimen


def test_three_doses_on_days_1_8_and_15_each_within_two_days_and_six_days_apart() -> None:
    assert TAKEN.days == (1, 8, 15) and US.documents["regimen"]["doses_per_cycle"] == 3
    assert (TAKEN.window_days, TAKEN.min_days) == (2, 6)


def test_the_first_cycle_is_21_days_or_up_to_28_and_later_ones_28_with_no_dose_after_day_21() -> None:
    assert (TAKEN.first_length, TAKEN.first_length_max, TAKEN.later_length) == (21, 28, 28)
    assert TAKEN.last_day_for_a_dose == 21


def test_counts_are_low_below_1_and_below_50() -> None:
    assert (TAKEN.anc_low_below, TAKEN.platelets_low_below) == (1, 50)


def test_seven_days_omit_a_dose_and_fourteen_take_the_next_step_of_the_ladder() -> None:
    assert (TAKEN.omit_after_days, TAKEN.step_after_days) == (7, 14)
    assert TAKEN.levels == ("full", "reduced_25", "two_doses", "stopped")


def test_the_ladder_cuts_a_quarter_then_a_dose_and_never_gives_back() -> None:
    quarter = 1 - Decimal("0.25")
    assert TAKEN.factors == {"full": 1, "reduced_25": quarter, "two_doses": quarter, "stopped": 0}
    assert TAKEN.doses == {"full": 3, "reduced_25": 3, "two_doses": 2, "stopped": 0}


def test_six_cycles_three_without_remission_two_before_a_transplant() -> None:
    assert (TAKEN.max_cycles, TAKEN.cycles_without_remission, TAKEN.cycles_before_transplant) == (6, 3, 2)
