"""The QT panel: four formulas, one that decides, and each limit with who says it."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from posology.course import fold
from posology.facts import gather, stated
from posology.knowledge import load_edition, observables
from posology.knowledge.medicines import qt_limits
from posology.language import compiled
from posology.medicines import Heart, heart
from posology.record import Record
from tests.cases.asking import ask
from tests.fixtures.fhir.build import MORNING, observation, quantity, read
from tests.house.mutation import mutants

US = load_edition("us")
ZONE = ZoneInfo("America/New_York")
AT = datetime.fromisoformat(MORNING) + timedelta(hours=1)
LIMITS = {limit.id: limit for limit in qt_limits()}


def look(*resources: dict[str, Any]) -> Heart:
    record = read(*resources)
    return heart(record, gather(record, fold(record, US.regimen, AT, ZONE), US, AT, ZONE), observables(), AT)


def ecg(qt: str, rate: str) -> tuple[dict[str, Any], ...]:
    return (
        observation("8634-8", valueQuantity=quantity(qt, "ms")),
        observation("8867-4", valueQuantity=quantity(rate, "/min")),
    )


def test_four_formulas_are_shown_and_fridericia_s_decides() -> None:
    found = look(*ecg("360", "100"))
    assert {one.formula: str(one.ms) for one in found.corrected} == {
        "bazett": "464.8",
        "fridericia": "426.8",
        "framingham": "421.6",
        "hodges": "430.0",
    }
    assert [one.formula for one in found.corrected if one.decides] == ["fridericia"]
    assert found.facts["qtcf"].value == Decimal("426.8")


def test_bazett_above_a_limit_meets_none_while_fridericia_stays_below() -> None:
    found = look(*ecg("365", "100"))
    assert next(one.ms for one in found.corrected if one.formula == "bazett") > 470
    states = {one.limit.id: one.state for one in found.limits}
    assert states == {"label": "no number", "arsenic": "no number", "general_row": "not met", "ctcae_v5": "not met",
                      "upper_normal": "not met", "alarm": "not met"}  # fmt: skip


def test_without_the_heart_rate_of_the_ecg_nothing_is_corrected() -> None:
    assert look(ecg("360", "100")[0]).corrected == ()


def test_a_qtc_without_its_formula_is_told_and_decides_nothing() -> None:
    found = look(observation("8636-3", valueQuantity=quantity("520", "ms")))
    assert found.unnamed is not None and found.unnamed.value == 520
    assert found.facts["qtcf"].value is None
    assert {one.state for one in found.limits if one.limit.when} == {"unknown"}


def test_electrolytes_are_shown_with_the_corrected_calcium() -> None:
    found = dict(look(observation("2823-3", valueQuantity=quantity("3.1", "mmol/L"))).electrolytes)
    assert list(found) == ["potassium", "magnesium", "calcium", "albumin", "calcium_corrected"]
    assert found["potassium"].value == Decimal("3.1") and found["magnesium"].value is None


# --- limits by who says them ----------------------------------------------------------------------------------------
PINS: list[tuple[str, dict[str, Any], bool | None]] = [
    ("general_row", {"qtcf": "470", "qtcf_change": "0"}, False),
    ("general_row", {"qtcf": "470.1", "qtcf_change": "0"}, True),
    ("general_row", {"qtcf": "471", "qtcf_change": "0"}, True),
    ("general_row", {"qtcf": "400", "qtcf_change": "59.9"}, False),
    ("general_row", {"qtcf": "400", "qtcf_change": "60"}, True),
    ("general_row", {"qtcf": "400"}, None),
    ("general_row", {"qtcf": "480"}, True),
    ("ctcae_v5", {"qtcf": "480", "qtcf_change": "0"}, False),
    ("ctcae_v5", {"qtcf": "480.1", "qtcf_change": "0"}, True),
    ("ctcae_v5", {"qtcf": "481", "qtcf_change": "0"}, True),
    ("ctcae_v5", {"qtcf": "400", "qtcf_change": "60"}, False),
    ("ctcae_v5", {"qtcf": "400", "qtcf_change": "60.1"}, True),
    ("upper_normal", {"qtcf": "450", "sex": "male"}, False),
    ("upper_normal", {"qtcf": "450.1", "sex": "male"}, True),
    ("upper_normal", {"qtcf": "455", "sex": "female"}, False),
    ("upper_normal", {"qtcf": "460", "sex": "female"}, False),
    ("upper_normal", {"qtcf": "460.1", "sex": "female"}, True),
    ("upper_normal", {"qtcf": "455"}, None),
    ("upper_normal", {"qtcf": "461"}, True),
    ("upper_normal", {"qtcf": "449"}, False),
    ("alarm", {"qtcf": "499.9", "qtcf_change": "0"}, False),
    ("alarm", {"qtcf": "499", "qtcf_change": "0"}, False),
    ("alarm", {"qtcf": "500", "qtcf_change": "0"}, True),
    ("alarm", {"qtcf": "400", "qtcf_change": "59.9"}, False),
    ("alarm", {"qtcf": "400", "qtcf_change": "60"}, True),
]


def known(facts: dict[str, Any]) -> dict[str, Any]:
    values = {name: value if name == "sex" else Decimal(value) for name, value in facts.items()}
    return {name: fact.value for name, fact in stated(values, US).items()}


@pytest.mark.parametrize(("limit", "facts", "wanted"), PINS, ids=lambda part: str(part))
def test_a_limit_is_met_on_one_side_only(limit: str, facts: dict[str, Any], wanted: bool | None) -> None:
    when = LIMITS[limit].when
    assert when is not None and when.test(known(facts)) is wanted


@pytest.mark.parametrize("limit", [name for name, one in LIMITS.items() if one.when])
def test_no_slip_in_a_limit_goes_unnoticed(limit: str) -> None:
    when = LIMITS[limit].when
    assert when is not None
    pins = [(known(facts), wanted) for name, facts, wanted in PINS if name == limit]
    missed = [
        slip
        for slip, condition in mutants(when.condition, dict(US.facts))
        if all(compiled(condition)(facts) is wanted for facts, wanted in pins)
    ]
    assert missed == []


def test_the_label_and_arsenic_have_no_number_to_meet_and_only_the_general_row_decides() -> None:
    assert LIMITS["label"].when is None and LIMITS["arsenic"].when is None
    assert [name for name, one in LIMITS.items() if one.decides] == ["general_row"]


@pytest.mark.parametrize("facts", [facts for limit, facts, _ in PINS if limit == "general_row"], ids=str)
def test_the_limit_that_decides_is_the_one_of_the_rule(facts: dict[str, Any]) -> None:
    when = LIMITS["general_row"].when
    asked = ask("day_8", **{"qtcf": None, "qtcf_baseline": None, **{n: Decimal(v) for n, v in facts.items()}})
    assert when is not None and (when.test(known(facts)) is True) is asked.holds("qtc_grade_2")


def test_a_record_without_an_ecg_is_unknown_everywhere() -> None:
    found = look()
    assert isinstance(read(), Record) and found.corrected == () and found.unnamed is None
    assert {grade.state for grade in found.grades} == {"unknown", "no_figure"}
