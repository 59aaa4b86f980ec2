"""A remission that was lost is asked about and never answered with a dose, however the loss was written down."""

from __future__ import annotations

import pytest

from posology.answer import Report
from tests.cases.asking import ask
from tests.cases.charts import Bundle, asked_for, course, decided, observed, reply, rows, with_, without

DAY_1_OF_CYCLE_3 = "2025-04-21T12:00"
DAY_8_OF_CYCLE_2 = "2025-03-31T12:00"


def third_cycle(*responses: str) -> Bundle:
    told = {"transplant_intent": "not-proceeding", "responses": list(responses)}
    return course("2025-03-03", "C3D1", course=told)


def day_8(*more: dict) -> Report:
    bundle = course("2025-03-03", "C2D8", course={"responses": ["CR"]})
    return decided(with_(bundle, *more), DAY_8_OF_CYCLE_2)


def proposes_nothing(report: Report) -> bool:
    of_now = [visit.mg_per_m2 for visit in report.visits][:1]
    return report.verdict == "ask" and report.dose is report.not_releasable_estimate is None and of_now == [None]


@pytest.mark.parametrize("lost", ["none", "relapse"])
def test_no_dose_is_proposed_on_day_1_once_a_remission_is_lost(lost: str) -> None:
    report = decided(third_cycle("CR", lost), DAY_1_OF_CYCLE_3)
    assert proposes_nothing(report)
    assert report.could_be == "discontinue" and "loss_of_response" in rows(report, "open")


def test_without_a_remission_before_none_still_gives_the_first_dose_of_a_non_responder() -> None:
    report = decided(third_cycle("none", "none"), DAY_1_OF_CYCLE_3)
    assert report.dose is not None and str(report.dose.amounts.mg_per_m2) == "0.8"


def test_a_remission_regained_is_dosed_as_a_remission() -> None:
    report = decided(third_cycle("none", "CRi"), DAY_1_OF_CYCLE_3)
    assert report.dose is not None and str(report.dose.amounts.mg_per_m2) == "0.5"


def test_a_signed_decision_to_stop_after_the_loss_ends_treatment() -> None:
    stop = observed("continuation", "stop", "2025-04-21T09:00")
    report = decided(with_(third_cycle("CR", "none"), stop), DAY_1_OF_CYCLE_3)
    assert report.verdict == "discontinue" and "loss_of_response" in rows(report)


def test_a_signed_decision_to_go_on_after_the_loss_brings_no_dose_back() -> None:
    go_on = observed("continuation", "continue", "2025-04-21T09:00")
    assert proposes_nothing(decided(with_(third_cycle("CR", "none"), go_on), DAY_1_OF_CYCLE_3))


@pytest.mark.parametrize("lost", [("response", "relapse"), ("response", "none"), ("disease-course", "progressing")])
def test_a_loss_found_within_a_cycle_holds_the_next_dose_of_that_cycle(lost: tuple[str, str]) -> None:
    assert day_8().dose is not None
    assert proposes_nothing(day_8(observed(*lost, "2025-03-30T09:00")))


def test_a_remission_that_is_not_assessable_today_does_not_wash_out_the_loss() -> None:
    lost, later = (
        observed("response", "relapse", "2025-03-29T09:00"),
        observed("response", "not-assessable", "2025-03-30T09:00"),
    )
    assert proposes_nothing(day_8(lost, later))


def test_within_a_later_cycle_somebody_must_have_recorded_a_response() -> None:
    bundle = without(course("2025-03-03", "C2D8", course={"responses": ["CR"]}), lambda one: "response" in one["id"])
    report = decided(bundle, DAY_8_OF_CYCLE_2)
    assert report.verdict == "ask" and "response_lost" in asked_for(report)


def test_the_calendar_shows_no_higher_dose_for_a_remission_that_would_be_lost() -> None:
    report = decided(course("2025-03-03", "C2D1", course={"responses": ["CR"]}), "2025-03-24T12:00")
    (next_day_1,) = [visit for visit in report.visits if (visit.cycle, visit.dose) == (3, 1)]
    assert next_day_1.without_remission is None and str(next_day_1.in_remission) == "0.5"


def test_on_stated_facts_none_after_a_remission_is_a_loss_and_none_alone_is_not() -> None:
    lost = ask("day_1", response="none", best_response_remission=True, response_lost=None, cycles_without_remission=0)
    assert lost.replies["regimen"].action == "undetermined" and lost.verdict == "ask"
    never = ask("day_1", response="none", best_response_remission=None, response_lost=None, cycles_without_remission=1)
    assert never.replies["regimen"].action == "give" and never.holds("day_1_no_remission")


def test_the_row_that_proposes_no_dose_says_why() -> None:
    report = decided(third_cycle("CR", "none"), DAY_1_OF_CYCLE_3)
    found = next(finding for finding in reply(report, "regimen").findings if finding.row == "no_dose_after_loss")
    assert found.state == "holds" and {part.fact for part in found.because} >= {"response_lost"}
