"""Every item, set and scale of label/criteria/ on both sides of each limit, pinned by hand; every slip is noticed."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from posology.api import answer_question
from posology.criteria import Graded, Standing
from posology.criteria.question import of_panel
from posology.knowledge import load_edition
from posology.knowledge.criteria import panels
from posology.knowledge.panel import CriteriaSet, Panel, Way
from posology.language import Condition, compiled, facts_in, holds
from tests.house.mutation import mutants
from tests.unit.pins import Pin, pins

CASES = Path(__file__).parents[1] / "cases"
US = load_edition("us")
PINS: dict[str, list[Pin]] = defaultdict(list)
for _pin in pins(CASES / "criteria.toml"):
    PINS[_pin.row].append(_pin)


def conditions() -> Iterator[tuple[str, Condition, Panel]]:
    """Every condition by its name, and each limit in another unit after an @."""
    for panel in panels().values():
        for item in panel.conditions():
            yield f"{panel.id}.{item.id}", item.when, panel
            yield from ((f"{panel.id}.{item.id}@{unit.unit}", unit.when, panel) for unit in item.units)


CONDITIONS = {name: (when, panel) for name, when, panel in conditions()}


@pytest.mark.parametrize("name", CONDITIONS)
def test_an_item_says_of_every_pinned_patient_what_the_pin_says(name: str) -> None:
    when, _ = CONDITIONS[name]
    assert PINS[name], "pin it in tests/cases/criteria.toml"
    for pin in PINS[name]:
        assert set(pin.facts) <= set(facts_in(when))
        assert compiled(when)(pin.facts) is holds(when, pin.facts) is pin.expected, pin.text


def test_every_pin_has_its_item() -> None:
    assert set(PINS) == set(CONDITIONS)


ABOVE_BOTH = "the limit of a child is above that of an adult: at 18 years whoever reaches it has reached the other"
SAME_MEANING = {
    (f"tumour_lysis.{name}", slip): ABOVE_BOTH
    for name in ("phosphate_changed", "phosphate_changed@mmol/L", "phosphate_high", "phosphate_high@mmol/L")
    for slip in ("age_years < becomes <=", "age_years < 18 becomes 19")
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_no_slip_in_an_item_goes_unnoticed(name: str) -> None:
    when, panel = CONDITIONS[name]
    unnoticed = []
    for slip, other in mutants(when, dict(panel.dictionary)):
        test = compiled(other)
        if all(test(pin.facts) is pin.expected for pin in PINS[name]):
            unnoticed.append(slip)
    assert [slip for slip in unnoticed if (name, slip) not in SAME_MEANING] == []


# --- sets and scales -------------------------------------------------------------------------------------------------
PICTURES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (CASES / "criteria_sets.toml").read_text("utf-8"), parse_float=Decimal
)
STATES = ("met", "could_be_met", "not_met", "not_applicable")
Facts = dict[str, Any]


def pictures(name: str) -> Iterator[tuple[Facts, str]]:
    """Each picture of a set and its changes, with the state it must have."""
    for picture in PICTURES[name]:
        yield known(picture["facts"]), picture["state"]
        for state in STATES:
            yield from ((known({**picture["facts"], **change}), state) for change in picture.get(f"{state}_if", ()))


def known(facts: Facts) -> Facts:
    kept = {name: value for name, value in facts.items() if value != "unknown"}
    return {name: Decimal(value) if type(value) is int else value for name, value in kept.items()}


SETS = {name: one for panel in panels().values() for name, one in panel.sets.items()}
SCALES = {name: one for panel in panels().values() for name, one in panel.scales.items()}


def test_every_set_and_scale_has_its_pictures() -> None:
    assert set(PICTURES) == set(SETS) | set(SCALES)


@pytest.mark.parametrize(
    ("name", "facts", "state"), [(name, *picture) for name in SETS for picture in pictures(name)], ids=str
)
def test_a_set_stands_where_the_picture_says(name: str, facts: Facts, state: str) -> None:
    found = answer_question(name, facts, edition="us")
    assert isinstance(found, Standing) and found.state == state


def slips(one: CriteriaSet) -> Iterator[tuple[str, CriteriaSet]]:
    """Each way in which a set could be written wrongly by one step."""
    if one.window:
        for side in ("first", "last"):
            limit = getattr(one.window, side)
            for step in (-1, 1) if limit is not None and limit != 0 else ():
                yield f"{side} {limit} by {step}", replace(one, window=replace(one.window, **{side: limit + step}))
        if one.window.only_if:
            yield "no transplant is asked for", replace(one, window=replace(one.window, only_if=None, days=one.window.days))
    if one.on:
        yield f"without {one.on}", replace(one, on=None)
    for at, way in enumerate(one.ways):
        for slip, other in _way_slips(way):
            yield f"way {at + 1}: {slip}", replace(one, ways=(*one.ways[:at], other, *one.ways[at + 1 :]))
    if len(one.ways) > 1:
        yield from ((f"without way {at + 1}", replace(one, ways=one.ways[:at] + one.ways[at + 1 :]))
                    for at in range(len(one.ways)))  # fmt: skip


def _way_slips(way: Way) -> Iterator[tuple[str, Way]]:
    for step in (-1, 1) if way.of else ():
        yield f"at least {way.at_least + step}", replace(way, at_least=way.at_least + step)
    yield from ((f"{name} forgotten", replace(way, of=tuple(n for n in way.of if n != name))) for name in way.of)
    yield from ((f"{name} forgotten", replace(way, all=tuple(n for n in way.all if n != name))) for name in way.all)


@pytest.mark.parametrize("name", SETS)
def test_no_slip_in_a_set_goes_unnoticed(name: str) -> None:
    panel = next(panel for panel in panels().values() if name in panel.sets)
    unnoticed = []
    for slip, other in slips(SETS[name]):
        spoilt = replace(panel, sets={**panel.sets, name: other})
        found = [of_panel(name, facts, US, spoilt).state for facts, _ in pictures(name)]  # type: ignore[union-attr]
        if found == [state for _, state in pictures(name)]:
            unnoticed.append(slip)
    assert unnoticed == []


def classes(name: str) -> Iterator[tuple[Facts, str, str]]:
    for picture in PICTURES[name]:
        yield known(picture["facts"]), picture["at_least"], picture["could_be"]
        for turn in picture.get("turns", ()):
            yield known({**picture["facts"], **turn["change"]}), turn["at_least"], turn["could_be"]


@pytest.mark.parametrize(
    ("name", "facts", "at_least", "could_be"), [(name, *row) for name in SCALES for row in classes(name)], ids=str
)
def test_a_scale_gives_the_class_that_the_picture_says(name: str, facts: Facts, at_least: str, could_be: str) -> None:
    found = answer_question(name, facts, edition="us")
    assert isinstance(found, Graded)
    assert (found.at_least or "none", found.could_be or "none") == (at_least, could_be)


@pytest.mark.parametrize("name", SCALES)
def test_no_slip_in_a_scale_goes_unnoticed(name: str) -> None:
    panel = next(panel for panel in panels().values() if name in panel.scales)
    one = panel.scales[name]
    others = {f"at least {n}": replace(one, at_least=n) for n in (one.at_least - 1, one.at_least + 1) if n > 0}
    if one.at_least == 1:
        others = {}
    others |= {"no outright class": replace(one, outright=None)} if one.outright else {}
    others |= {"never lifted": replace(one, lifted_if=None)} if one.lifted_if else {}
    others |= {
        f"{star} without star": replace(one, starred=tuple(s for s in one.starred if s != star)) for star in one.starred
    }
    others["the other rule"] = replace(one, rule="most_severe" if one.rule == "two_or_more" else "two_or_more")
    if name == "cairo_bishop_creatinine":
        del others["the other rule"]  # one criterion alone: both rules say the same
    unnoticed = [slip for slip, other in others.items() if _classes_by(other, panel, name) == list(classes(name))]
    assert unnoticed == []


def _classes_by(scale: Any, panel: Panel, name: str) -> list[tuple[Facts, str, str]]:
    spoilt = replace(panel, scales={**panel.scales, name: scale})
    found = []
    for facts, *_ in classes(name):
        graded = of_panel(name, facts, US, spoilt)
        assert isinstance(graded, Graded)
        found.append((facts, graded.at_least or "none", graded.could_be or "none"))
    return found
