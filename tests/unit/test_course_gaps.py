"""Long gaps, transplants, midnight, booking delays, and interruptions: what a pharmacist would stop at."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.unit.histories import (
    DEFERRED,
    OMITTED,
    action,
    answer,
    course,
    dose,
    doses,
    fact,
    on,
    place,
    rows,
    said,
)

CYCLE_1 = doses(1, 8, 15)


# --- long gaps and transplants -------------------------------------------------------------------------------------
def test_a_day_1_more_than_28_days_late_needs_a_signed_decision() -> None:
    put_off = [*CYCLE_1, dose(22, DEFERRED, reason="convenience")]
    assert fact("days_overdue", put_off, 50).value == 28
    assert "long_gap" not in rows(answer(put_off, 50), "course_limits", "open")
    late = answer(put_off, 51)
    assert "long_gap" in rows(late, "course_limits", "open") and action(late, "course_limits") in ("ask", "discontinue")
    go_on = said("continuation", 51, "continue")
    assert "long_gap" not in rows(answer(put_off, 51, go_on), "course_limits", "open")
    assert "long_gap" in rows(answer(put_off, 51, said("continuation", 51, "stop")), "course_limits")


def test_a_transplant_since_the_last_dose_interrupts_until_a_decision_is_signed_after_it() -> None:
    transplant = said("transplant", 30)
    report = answer(CYCLE_1, 40, transplant)
    assert "transplanted" in rows(report, "course_limits") and report.could_be in ("discontinue", "not_eligible")
    before = answer(CYCLE_1, 40, transplant, said("continuation", 25, "continue"))
    assert "transplanted" in rows(before, "course_limits")
    after = answer(CYCLE_1, 40, transplant, said("continuation", 39, "continue"))
    assert not {"transplanted", "transplanted_and_stopped"} & rows(after, "course_limits")
    stopped = answer(CYCLE_1, 40, transplant, said("continuation", 39, "stop"))
    assert "transplanted_and_stopped" in rows(stopped, "course_limits")


def test_a_transplant_before_the_first_dose_is_history() -> None:
    assert fact("transplant_since_last_dose", CYCLE_1, 22, said("transplant", -200)).value is False
    assert fact("transplant_since_last_dose", CYCLE_1, 22, said("transplant", 15, hour=7)).value is True


# --- midnight ------------------------------------------------------------------------------------------------------
def test_days_since_an_infusion_past_midnight_are_counted_from_the_day_it_ended() -> None:
    night = [*doses(1), dose(8, hour=23, hours=2)]
    assert fact("days_since_last_dose", night, 15).value == 6
    assert answer(night, 13).decision_point.earliest_on == on(15)
    point = course(night, 13).point
    assert point is not None and point.planned_on == on(15)
    long = [*doses(1), dose(9, hour=23, hours=2)]
    assert fact("days_since_last_dose", long, 15).value == 5
    assert answer(long, 13).decision_point.earliest_on == on(16)
    again = course(long, 13).point
    assert again is not None and again.planned_on == on(16)


def test_an_infusion_that_ends_before_midnight_counts_from_that_day() -> None:
    evening = [*doses(1), dose(9, hour=22, hours=1)]
    assert fact("days_since_last_dose", evening, 15).value == 6
    assert answer(evening, 13).decision_point.earliest_on == on(15)


def test_an_infusion_past_midnight_makes_the_sixth_day_of_its_start_too_early() -> None:
    assert fact("unexpected_doses", [*doses(1), dose(8, hour=23, hours=2), *doses(14)], 22).value == 1
    assert fact("unexpected_doses", [*doses(1), dose(8, hour=23, hours=2), *doses(15)], 22).value == 0


# --- booking delays hidden behind a day of toxicity ------------------------------------------------------------------
def test_a_late_dose_is_not_hidden_behind_one_day_of_toxicity() -> None:
    held = [*doses(1), dose(8, DEFERRED)]
    recovered = said("toxicity_recovered", 9)
    assert fact("days_interrupted", held, 12, recovered).value == 1
    assert fact("days_late", held, 11, recovered).value == 2
    assert "late_without_toxicity" not in rows(answer(held, 11, recovered), "window", "open")
    assert "late_without_toxicity" in rows(answer(held, 12, recovered), "window", "open")
    accepted = said("late_dose_accepted", 12)
    assert action(answer(held, 12, recovered, accepted), "window") == "give"
    assert "late_without_toxicity" in rows(answer(held, 12, recovered, said("late_dose_accepted", 12, False)), "window")


def test_a_dose_shifted_by_toxicity_is_not_late_on_its_shifted_day() -> None:
    shifted = [*doses(1), dose(8, DEFERRED), *doses(14)]
    recovered = said("toxicity_recovered", 14)
    assert fact("days_late", shifted, 20, recovered).value == 0
    assert fact("days_late", shifted, 21, recovered).value == 1


def test_a_dose_shifted_by_convenience_stays_bound_to_its_day() -> None:
    late = [*doses(1), dose(8, DEFERRED, reason="convenience"), *doses(10)]
    assert fact("days_late", late, 17).value == 2
    assert fact("days_late", late, 18).value == 3


def test_while_the_toxicity_runs_no_dose_is_late() -> None:
    assert fact("days_late", [*doses(1), dose(8, DEFERRED)], 13).value == 0


def test_a_dose_withheld_for_no_stated_reason_may_be_late() -> None:
    assert fact("days_late", [*doses(1), dose(8, DEFERRED, reason="unstated")], 13).value is None


# --- interruptions -------------------------------------------------------------------------------------------------
def test_a_dose_given_on_the_day_it_was_first_withheld_ends_the_interruption_there() -> None:
    same_day = [*doses(1), dose(8, DEFERRED, hour=9), dose(8, hour=15), *doses(15)]
    assert [hold.days for hold in course(same_day, 22).interruptions] == [0]


def test_a_toxicity_that_comes_back_before_the_dose_goes_on_interrupting() -> None:
    held = [*doses(1), dose(8, DEFERRED)]
    back = (said("toxicity_recovered", 9), said("toxicity_recovered", 10, False))
    assert fact("days_interrupted", held, 16, *back).value == 8
    assert fact("toxicity_recovered", held, 16, *back).value is False
    assert fact("days_interrupted", held, 16, *back, said("toxicity_recovered", 12)).value == 4


def test_a_dose_withheld_again_after_recovery_goes_on_interrupting() -> None:
    held = [*doses(1), dose(8, DEFERRED), dose(11, DEFERRED)]
    assert fact("days_interrupted", held, 13, said("toxicity_recovered", 10)).value == 5
    assert fact("interruption_running", held, 13, said("toxicity_recovered", 10)).value is True


def test_two_answers_of_one_instant_that_disagree_show_no_recovery() -> None:
    held = [*doses(1), dose(8, DEFERRED)]
    both = (said("toxicity_recovered", 10), said("toxicity_recovered", 10, False))
    assert fact("toxicity_recovered", held, 11, *both).value is False
    assert fact("days_interrupted", held, 11, *reversed(both)).value == 3


def test_an_interruption_that_runs_today_makes_the_dose_wait_from_its_first_day() -> None:
    held = [*doses(1), dose(8, DEFERRED)]
    assert "still_interrupted" in rows(answer(held, 8), "interruption_now")
    recovered = said("toxicity_recovered", 8, hour=11)
    assert action(answer(held, 8, recovered), "interruption_now") == "give"


def test_a_second_interruption_is_seen_behind_a_longer_first_one() -> None:
    twice = [*doses(1), dose(8, OMITTED), dose(15, DEFERRED)]
    first = said("toxicity_recovered", 15, hour=7)
    assert fact("days_interrupted", twice, 18, first).value == 7
    assert fact("interruption_running", twice, 18, first).value is True
    assert action(answer(twice, 18, first), "interruption_now") in ("wait", "omit", "ask")


def test_an_omitted_dose_whose_toxicity_still_runs_holds_the_next_one() -> None:
    omitted = [*doses(1), dose(8, OMITTED)]
    assert place(course(omitted, 15)) == (1, 3)
    assert action(answer(omitted, 15), "interruption_now") == "wait"
    assert action(answer(omitted, 15, said("toxicity_recovered", 15)), "interruption_now") != "wait"


def test_two_interruptions_under_14_days_each_reduce_nothing_and_their_sum_is_shown() -> None:
    twice = [*doses(1), dose(8, DEFERRED), *doses(14), dose(20, DEFERRED), dose(21, OMITTED)]
    ends = (said("toxicity_recovered", 14), said("toxicity_recovered", 29))
    report = answer(twice, 30, *ends)
    assert fact("days_interrupted", twice, 30, *ends).value == 9
    assert "reduce_25" not in rows(report, "level_next_cycle") | rows(report, "level_next_cycle", "open")
    assert any(note.code == "interruptions_apart" and "15" in note.text for note in report.warnings)


def test_day_1_of_a_cycle_waits_while_a_toxicity_of_the_last_cycle_runs() -> None:
    held = [*doses(1, 8), dose(15, OMITTED)]
    assert action(answer(held, 22), "interruption_now") == "wait"
    assert action(answer(held, 22, said("toxicity_recovered", 20)), "interruption_now") == "give"
    low = [*CYCLE_1, dose(22, DEFERRED, reason="counts")]
    assert action(answer(low, 24), "interruption_now") == "give"


def test_an_omitted_day_1_is_put_off_and_the_next_dose_is_day_1() -> None:
    put_off = [*CYCLE_1, dose(22, OMITTED)]
    assert place(course(put_off, 24)) == (2, 1)
    begun = course([*put_off, *doses(29)], 30)
    assert place(begun) == (2, 2) and begun.cycles[1].day1 == on(29)


def test_a_dose_given_after_seven_days_of_interruption_is_the_next_one_and_the_first_is_not_made_up() -> None:
    held = [*doses(1), dose(8, DEFERRED), *doses(15)]
    found = course(held, 22, said("toxicity_recovered", 15, hour=8))
    assert [slot.state for slot in found.cycles[0].slots] == ["given", "omitted", "given"]
    early = course(held, 21, said("toxicity_recovered", 12))
    assert place(early) == (1, 3)


# --- two doses a cycle ---------------------------------------------------------------------------------------------
LONG = [dose(8, OMITTED), dose(15, OMITTED)]
REDUCED = said("dose_level", 22, "reduced_25", hour=7)


def two_dose_cycle(*days: int) -> list:
    """Two interruptions of 14 days or more; cycle 3 begins on day 50 at two doses by the ladder alone."""
    return [*doses(1), *LONG, *doses(22), dose(29, OMITTED), dose(36, OMITTED), *doses(50, *days)]


ENDS = (said("toxicity_recovered", 22, hour=8), said("toxicity_recovered", 50, hour=8))


def test_two_doses_demanded_by_the_ladder_alone_end_the_cycle_after_the_chosen_day() -> None:
    chosen = said("second_dose_day", 50, Decimal(8), hour=8)
    found = course(two_dose_cycle(57), 64, *ENDS, chosen)
    assert found.level.name == "two_doses"
    assert place(found) == (4, 1)


def test_a_third_dose_in_a_cycle_of_two_is_unexpected() -> None:
    chosen = said("second_dose_day", 50, Decimal(8), hour=8)
    assert fact("unexpected_doses", two_dose_cycle(57, 64), 70, *ENDS, chosen).value == 1


def test_a_reduction_decided_within_a_cycle_is_in_force_before_the_next_and_the_ladder_goes_on_from_it() -> None:
    lowered = said("dose_level", 23, "reduced_25")
    given = [*doses(1, 8, 15, 22)]
    settled = [*given, *doses(29, 36)]
    assert fact("level", settled, 50, lowered).value == "reduced_25"
    held = [*given, dose(29, OMITTED), dose(36, OMITTED)]
    recovered = said("toxicity_recovered", 49)
    assert fact("level", held, 50, lowered, recovered).value == "reduced_25"
    assert fact("level", [*held, *doses(50)], 57, lowered, recovered).value == "two_doses"
    carried_out = said("dose_level", 49, "reduced_25")
    assert fact("level", held, 50, carried_out, recovered).value == "full"
    assert fact("level", [*held, *doses(50)], 57, carried_out, recovered).value == "reduced_25"


def test_the_chosen_day_15_is_the_second_dose_and_day_8_is_none() -> None:
    chosen = said("second_dose_day", 50, Decimal(15), hour=8)
    point = course(two_dose_cycle(), 57, *ENDS, chosen).point
    assert point is not None and (point.day, point.planned_on) == (15, on(64))


def test_without_a_chosen_day_two_doses_wait_and_ask_which() -> None:
    report = answer(two_dose_cycle(), 57, *ENDS)
    assert "days_not_picked" in rows(report, "level_next_cycle", "open") and report.dose is None
    (reply,) = [reply for reply in report.answers if reply.question == "level_next_cycle"]
    assert "second_dose_day" in {lack.fact for lack in reply.missing}


def test_a_later_choice_of_day_leaves_an_earlier_cycle_as_it_was() -> None:
    first, second = said("second_dose_day", 50, Decimal(8), hour=8), said("second_dose_day", 78, Decimal(15), hour=8)
    found = course([*two_dose_cycle(57), *doses(78)], 85, *ENDS, first, second)
    assert place(found) == (4, 3) and found.unexpected == ()


# --- the plan ------------------------------------------------------------------------------------------------------
def test_the_plan_never_lies_in_the_past() -> None:
    late = [*CYCLE_1, dose(22, DEFERRED, reason="convenience")]
    visits = answer(late, 45).visits
    assert [visit.planned_on for visit in visits[:4]] == [on(45), on(52), on(59), on(73)]


def test_a_shifted_dose_is_planned_six_days_after_the_last_one_given() -> None:
    visits = answer(doses(1, 8, 15, 18), 19).visits
    assert visits[0].planned_on == on(24)


def test_a_dose_that_would_fall_after_day_21_is_not_planned() -> None:
    report = answer([*doses(1), dose(8, DEFERRED, reason="convenience"), *doses(17)], 18)
    assert (1, 3) not in {(visit.cycle, visit.dose) for visit in report.visits}
    assert report.omitted == ("cycle 1, dose 3 (Day 15)",)
    assert report.decision_point.earliest_on is None and report.earliest.date is None
    assert action(report, "window") == "omit"


def test_after_a_verdict_to_end_treatment_nothing_is_planned() -> None:
    report = answer(CYCLE_1, 22, said("vod_review", 20, "confirmed"))
    assert report.verdict == "discontinue" and report.visits == ()


@pytest.mark.parametrize("day", [21, 22, 40])
def test_the_next_cycle_is_planned_from_its_nominal_start_or_today(day: int) -> None:
    assert answer(CYCLE_1, day).visits[0].planned_on == max(on(22), on(1) + timedelta(days=day - 1))


def test_a_stopped_infusion_needs_a_signed_review_of_premedication_before_the_next() -> None:
    from dataclasses import replace

    partial = [replace(dose(1), partial=True)]
    assert "partial_dose" in rows(answer(partial, 8), "record", "open") | rows(answer(partial, 8), "record")
    assert not rows(answer(partial, 8, said("premedication_reviewed", 7)), "record")
    assert not rows(answer(doses(1), 8), "record")


def test_a_cap_on_cycles_holds_within_the_cycle_beyond_it_too() -> None:
    starts = [1, *(22 + 28 * n for n in range(6))]
    seven = doses(*(day + late for day in starts for late in (0, 7, 14)))[:19]
    assert place(course(seven, starts[6] + 7)) == (7, 2)
    assert "six_cycles" in rows(answer(seven, starts[6] + 7), "course_limits")
