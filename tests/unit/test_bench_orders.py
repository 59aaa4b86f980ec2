"""The benchmark of written orders, a small sample: its bars hold, its errors are errors, and it gives the same twice."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest

BENCH = Path(__file__).parents[2] / "bench"


@pytest.fixture(autouse=True)
def reachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCH))


def script(name: str) -> ModuleType:
    return importlib.import_module(name)


@cache
def told() -> tuple[Any, ...]:
    """A few moments of one patient each, with every kind that an error needs."""
    wanted = {"first_dose", "cycle_2_remission", "late_platelets", "reduced_in_force"}
    return tuple(script("_order_moments").moments(1, frozenset(wanted)))


@cache
def counted() -> tuple[Any, Any]:
    score = script("_order_score").Score()
    script("_order_score").count_errors(score, told(), 2, 1)
    script("_order_score").count_clean(score, told(), 100, 1)
    return score, script("order_errors").figures(score, {"tried": 0, "agreed": 0})


def test_every_class_is_made_wrong_in_some_order_and_meets_its_bar() -> None:
    found = counted()[1]
    assert sorted(found["classes"]) == [f"E{number:02}" for number in range(1, 25)]
    assert all(row["recall"]["of"] >= 2 for row in found["classes"].values())
    assert script("order_errors").missed(found) == []


def test_no_clean_order_is_stopped_however_it_is_written() -> None:
    assert counted()[0].false_stops == 0


def test_a_missed_bar_is_told() -> None:
    found = counted()[1]
    poor = {**found["classes"]["E05"], "recall": {**found["classes"]["E05"]["recall"], "share": 0.98}}
    assert script("order_errors").missed({**found, "classes": {**found["classes"], "E05": poor}}) == ["recall of E05"]


def test_the_same_seed_makes_the_same_orders() -> None:
    score = script("_order_score")
    (slip,) = [one for one in score.SLIPS if one.form == "any amount from half to twice"]
    first, again = ([case.order for _, case in score.injections(slip, told(), 5, 7)] for _ in range(2))
    assert first == again and first


def test_every_form_of_error_changes_the_order_the_record_or_what_stands_beside_it() -> None:
    score = script("_order_score")
    for slip in score.SLIPS:
        for at, case in score.injections(slip, told(), 1, 3):
            assert case.order != at.order or case.others or case.bundle != at.bundle, slip.form


def test_a_sample_is_found_alike_on_the_whole_way_through_fhir() -> None:
    score, luck = script("_order_score"), Random(5)
    for error in luck.sample(score.CLASSES, 12):
        slip = luck.choice([one for one in score.SLIPS if one.error == error])
        for at, case in score.injections(slip, told(), 1, 5):
            assert script("_order_request").agrees(at, case), slip.form


@pytest.mark.parametrize(
    ("found", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (50, 100, 0.4038, 0.5962), (0, 0, 0.0, 1.0)],
)
def test_the_interval_is_wilsons(found: int, of: int, low: float, high: float) -> None:
    least, most = script("_order_score").wilson(found, of)
    assert (round(least, 4), round(most, 4)) == (low, high)
