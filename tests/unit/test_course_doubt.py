"""Doses of unknown status, surplus doses and doses given too early: none of them vanishes, each is asked about."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from posology.record import Dose
from tests.unit.histories import DEFERRED, UNKNOWN, action, answer, course, dose, doses, fact, on, place, rows, said

LATER_DOSES = [
    pytest.param([*doses(1), dose(8, UNKNOWN), *doses(11)], 18, id="given three days later"),
    pytest.param([*doses(1), dose(8, UNKNOWN), *doses(15)], 22, id="given on the next planned day"),
    pytest.param([*doses(1, 8), dose(15, UNKNOWN), *doses(22)], 29, id="the cycle after has begun"),
    pytest.param([*doses(1, 8, 15), dose(22, UNKNOWN), *doses(25)], 32, id="Day 1 of a cycle"),
    pytest.param([*doses(1), dose(1, UNKNOWN, hour=16)], 8, id="on the day of a dose given"),
    pytest.param([*doses(1), dose(2, UNKNOWN)], 8, id="a day after a dose given"),
    pytest.param([*doses(1, 8, 15), dose(17, UNKNOWN)], 22, id="after the last dose of a cycle"),
]


@pytest.mark.parametrize(("given", "day"), LATER_DOSES)
def test_a_dose_of_unknown_status_is_asked_about_whatever_was_given_later(given: list[Dose], day: int) -> None:
    unrecorded, report = fact("unrecorded_doses", given, day), answer(given, day)
    assert unrecorded.value is None or unrecorded.value > 0
    assert action(report, "record") in ("ask", "wait") and not report.green and report.dose is None


def test_the_dose_of_unknown_status_is_named_in_the_request() -> None:
    assert str(on(8)) in fact("unrecorded_doses", [*doses(1), dose(8, UNKNOWN), *doses(11)], 18).ask


def test_a_later_dose_never_takes_the_place_of_one_that_may_have_been_given() -> None:
    found = course([*doses(1), dose(8, UNKNOWN), *doses(15)], 22)
    first, second, third = found.cycles[0].slots
    assert (first.state, second.state, third.state) == ("given", "unknown", "given")
    assert [one.id for one in found.doubtful] == ["unknown-8-10"]


def test_a_deferral_signed_on_the_same_day_says_that_the_unknown_dose_was_not_given() -> None:
    settled = [*doses(1), dose(8, UNKNOWN), dose(8, DEFERRED, hour=15, reason="convenience")]
    assert course(settled, 9).doubtful == ()
    assert fact("unrecorded_doses", settled, 9).value == 0
    earlier = [*doses(1), dose(8, DEFERRED, hour=9), dose(8, UNKNOWN)]
    assert course(earlier, 9).doubtful != ()


def test_a_dose_that_may_have_been_given_since_leaves_the_days_since_the_last_unknown() -> None:
    assert fact("days_since_last_dose", [*doses(1), dose(8, UNKNOWN)], 12).value is None
    assert fact("days_since_last_dose", [*doses(1), dose(8, UNKNOWN), *doses(15)], 22).value == 7


def test_the_earliest_day_counts_from_a_dose_that_may_have_been_given() -> None:
    report = answer([*doses(1, 8, 15), dose(18, UNKNOWN)], 22)
    assert report.decision_point.earliest_on == on(24)


def test_a_cycle_that_may_have_begun_leaves_the_number_of_cycles_unknown() -> None:
    assert fact("cycles_counted", [*doses(1, 8, 15), dose(22, UNKNOWN)], 29).value is None
    assert fact("cycles_counted", [*doses(1, 8, 15, 22), dose(29, UNKNOWN)], 36).value == 2


UNEXPECTED = [
    pytest.param(doses(1, 8, 15, 18), 24, id="a fourth dose of a cycle"),
    pytest.param([*doses(1), dose(1, hour=16)], 8, id="two doses on one day"),
    pytest.param(doses(1, 3), 15, id="the dose of Day 8 on day 3"),
    pytest.param(doses(1, 8, 10), 22, id="two days after the last"),
    pytest.param(doses(1, 6), 15, id="five days after the last"),
    pytest.param(doses(1, 8, 15, 20), 27, id="the next cycle before its day"),
    pytest.param([*doses(1), dose(8, given=DEFERRED), *doses(15, 21)], 28, id="the dose that seven days omit, made up"),
]


@pytest.mark.parametrize(("given", "day"), UNEXPECTED)
def test_a_surplus_or_early_dose_interrupts_until_somebody_explains_it(given: list[Dose], day: int) -> None:
    report = answer(given, day)
    assert fact("unexpected_doses", given, day).value == 1
    assert "unexpected_dose" in rows(report, "record") and action(report, "record") == "interrupt"
    assert fact("unexpected_doses", given, day, said("unexpected_dose_explained", day)).value == 0
    unsaid = said("unexpected_dose_explained", day, False)
    assert fact("unexpected_doses", given, day, unsaid).value == 1


@pytest.mark.parametrize(
    ("days", "day"),
    [((1, 7), 15), ((1, 8, 15, 22), 29), ((1, 10, 16), 22), ((1, 7, 13), 22), ((1, 8, 15, 29), 36), ((1, 8, 15), 22)],
)
def test_a_dose_in_its_window_and_six_days_after_the_last_is_expected(days: tuple[int, ...], day: int) -> None:
    assert fact("unexpected_doses", doses(*days), day).value == 0


def test_an_explanation_covers_what_came_before_it_and_nothing_after() -> None:
    explained = said("unexpected_dose_explained", 4)
    assert fact("unexpected_doses", doses(1, 3), 15, explained).value == 0
    assert fact("unexpected_doses", doses(1, 3, 6), 15, explained).value == 1


def test_days_count_from_the_latest_dose_even_where_it_is_surplus() -> None:
    assert fact("days_since_last_dose", doses(1, 8, 15, 18), 22).value == 4
    assert answer(doses(1, 8, 15, 18), 22).decision_point.earliest_on == on(24)


def test_two_records_of_one_instant_are_conflicting_until_somebody_explains_them() -> None:
    twice = [*doses(1), dose(1, id="again")]
    assert fact("unexpected_doses", twice, 8).why == "conflicting"
    assert action(answer(twice, 8), "record") == "ask"
    assert fact("unexpected_doses", twice, 8, said("unexpected_dose_explained", 2)).value == 0
    assert place(course(twice, 8)) == (1, 2)


def test_no_dose_given_is_lost_from_the_course() -> None:
    given = [*doses(1, 3, 8, 10, 15, 17, 19, 20), dose(1, hour=10, id="again")]
    assert {one.id for one in course(given, 30).administered} == {one.id for one in given}


def test_an_explained_difference_in_amount_does_not_explain_a_later_one() -> None:
    body = (said("weight", 1, Decimal(72), hour=8), said("height", 1, Decimal(178), hour=8))
    odd = [replace(dose(1), mg=Decimal("0.7")), replace(dose(8), mg=Decimal("0.4"))]
    assert fact("unexplained_doses", odd, 15, *body).value == 2
    assert fact("unexplained_doses", odd, 15, *body, said("dose_difference_explained", 2)).value == 1
    assert fact("unexplained_doses", odd, 15, *body, said("dose_difference_explained", 9)).value == 0
