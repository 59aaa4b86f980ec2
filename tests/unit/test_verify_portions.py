"""What follows from the dose as written: vials, volume and concentration that fit it are not a second error, others are."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from posology import stories
from posology.knowledge.orders import orders
from posology.verify import Finding
from posology.verify.against.alike import same
from tests.cases.charts import course, moment
from tests.unit.ordered import Change, Resource, at, drafted, findings, held, mg, no_words, say, unsay

PORTIONS = (unsay("volume"), unsay("concentration"))
FITTING = (mg("1.4"), say("volume", "5.6"), say("concentration", "0.028"))


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (FITTING, {"E05:rounding": "note"}),
        ((mg("1.4"), say("volume", "5.5"), unsay("concentration")), {"E05:rounding": "note", "E18:volume": "stop"}),
        ((mg("1.4"), unsay("volume"), say("concentration", "0.029")), {"E05:rounding": "note", "E16:concentration": "stop"}),
        ((mg("13.6"), say("volume", "54.4"), say("vials", 16)), {"E05:tenfold": "stop"}),
        ((mg("13.6"), say("volume", "54.4"), say("vials", 14)), {"E05:tenfold": "stop", "E18:vials": "stop"}),
        ((mg("136"), say("volume", "544")), {"E05:tenfold": "stop"}),
    ],
)
def test_what_fits_the_dose_as_written_is_not_a_second_error(changes: tuple[Change, ...], found: dict[str, str]) -> None:
    assert findings("first_dose", no_words, *changes) == found


def test_the_mg_of_an_area_to_two_decimals_are_a_rounding_and_no_error_of_the_area() -> None:
    """1.918 m² gives 1.53 mg, 1.92 m² gives 1.54."""
    found = findings("cycle_2_no_remission", no_words, say("bsa", "1.92"), mg("1.54"), *PORTIONS)
    assert found == {"E05:rounding": "note"}


@pytest.mark.parametrize(
    ("written", "alt", "found"),
    [
        ("1.38", 41, {"E05:rounding-up": "confirm"}),
        ("1.34", 41, {"E05:rounding": "note"}),
        ("1.38", 40, {"E05:rounding": "note"}),
    ],
)
def test_only_where_a_liver_test_is_raised_is_rounding_up_asked_about(written: str, alt: int, found: dict[str, str]) -> None:
    """1.3575 mg calculated; 40 U/L is the upper limit of normal."""
    bundle = deepcopy(stories.bundle("first_dose"))
    (test,) = [one["resource"] for one in bundle["entry"] if one["resource"]["id"].endswith("c1d1-alt")]
    test["valueQuantity"]["value"] = Decimal(alt)
    made = drafted(bundle, at("first_dose"))
    for change in (no_words, mg(written), *PORTIONS):
        change(made)
    (one,) = held(bundle, at("first_dose"), made)
    assert {each.id: each.severity for each in one.findings} == found


@pytest.mark.parametrize(
    ("written", "due", "alike"),
    [("1.84", "1.845", True), ("1.85", "1.845", True), ("1.86", "1.845", False), ("1.839", "1.845", False)],
)
def test_an_area_rounded_once_is_the_area_rounded_twice(written: str, due: str, alike: bool) -> None:
    """1.84497 m² is 1.84 to two decimals, and 1.85 by way of 1.8450."""
    assert same(orders().elements["bsa"], Decimal(written), Decimal(due)) == alike


def told(day: str, when: str, *changes: Change, **story: Any) -> dict[str, Finding]:
    """What is found on the draft of a course after these changes."""
    bundle, seen = course("2025-03-03", day, **story), moment(when)
    made: Resource = drafted(bundle, seen)
    for change in (no_words, *changes):
        change(made)
    (found,) = held(bundle, seen, made)
    return {one.id: one for one in found.findings}


@pytest.mark.parametrize("vials", [2, 1])
def test_vials_counted_on_what_is_printed_are_said_to_be(vials: int) -> None:
    """190 cm and 110 kg: 1.93 mg, three vials of 0.9 mg; two if each gave 1 mg."""
    found = told("C1D1", "2025-03-03T09:00", say("vials", vials), patient={"height_cm": 190, "weight_kg": 110})
    assert ("counted on one mg" in found["E18:vials"].reason) == (vials == 2)


def test_an_amount_that_the_rounding_policy_would_give_is_not_called_copied() -> None:
    """1.51 mg at 72 kg; the first dose of a second cycle without remission is 1.50 mg at 71 kg."""
    plan = {"transplant_intent": "not-proceeding", "responses": ["none"], "mrd": ["positive"]}
    visit = {"C2D1": {"values": {"weight": Decimal(71)}}}
    found = told("C2D1", "2025-03-24T09:00", mg("1.51"), *PORTIONS, visit=visit, course=plan)
    assert set(found) == {"E05:rounding"}
