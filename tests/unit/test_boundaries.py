"""Each row on both sides of each of its thresholds, by patients pinned by hand. A changed number in a rule fails here."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from posology.knowledge import Edition, Row, load_edition
from posology.language import Compare, Value, holds, leaves
from tests.unit.pins import OWN, Pin, document, pins, pins_of

US, EU = load_edition("us"), load_edition("eu")


def rows(edition: Edition) -> dict[str, Row]:
    found = (row for tables in (edition.tables, edition.criteria) for table in tables.values() for row in table.rows)
    return {f"{row.question}.{row.id}": row for row in found}


ROWS, OTHERS = rows(US), rows(EU)
PINS = list(pins())
ONLY_US = {
    "eligibility.infant": "the European label is for adults",
    "first_dose_readiness.hypersensitivity": "a contraindication there: eligibility.hypersensitivity",
    "first_dose_readiness.liver_disease": "a contraindication there: eligibility.serious_liver_disease",
    "cycle_start_counts.interrupted_over_28_days": "no such sentence there: level_next_cycle.consider_stopping asks",
    "weight.child_height": "the European label is for adults",
}


@pytest.mark.parametrize("pin", PINS, ids=lambda pin: f"{pin.row}: {pin.text}")
def test_a_pinned_patient_gets_what_the_pin_says(pin: Pin) -> None:
    row = ROWS[pin.row]
    assert set(pin.facts) <= set(row.facts), "the pin names a fact that this row does not look at"
    assert row.test(pin.facts) is holds(row.when, pin.facts) is pin.expected


def test_every_row_is_pinned_and_every_pin_has_its_row() -> None:
    assert {pin.row for pin in PINS} == set(ROWS), "draft the missing ones: python -m tests.house.draft"


def test_every_row_of_the_other_edition_is_pinned_as_well_and_gets_what_its_pins_say() -> None:
    found = list(pins_of(EU))
    assert {pin.row for pin in found} == set(OTHERS)
    for pin in found:
        row = OTHERS[pin.row]
        assert row.test(pin.facts) is holds(row.when, pin.facts) is pin.expected, pin


def test_what_one_edition_alone_asks_is_listed_with_its_reason() -> None:
    assert set(ROWS) - set(OTHERS) == set(ONLY_US)
    assert {pin.row for pin in pins(OWN["eu"])} == set(OTHERS) - set(ROWS)


def test_every_threshold_of_the_other_edition_is_pinned_on_both_sides() -> None:
    found = list(pins_of(EU))
    for name, row in OTHERS.items():
        for leaf in {leaf for leaf in leaves(row.when) if isinstance(leaf, Compare)}:
            assert {True, False} <= {satisfied(leaf, pin.facts) for pin in found if pin.row == name}, (name, leaf)


@pytest.mark.parametrize(("edition", "path"), [(US, OWN["us"]), (EU, OWN["eu"])], ids=["us", "eu"])
def test_what_follows_from_a_row_is_pinned_with_it(edition: Edition, path: Path) -> None:
    for question, each in document(path).items():
        for name, patients in each.items():
            row = rows(edition)[f"{question}.{name}"]
            assert patients[0]["then"] == row.then, row.id
            assert patients[0].get("sets", {}) == row.sets, row.id
            assert not any("then" in patient for patient in patients[1:]), row.id


def test_each_fact_of_a_pin_is_of_its_kind_and_each_word_exists() -> None:
    kinds = {"number": Decimal, "word": str, "yes_no": bool}
    for pin in (*PINS, *pins(OWN["eu"])):
        for name, value in pin.facts.items():
            fact = US.facts[name]
            assert value is None or isinstance(value, kinds[fact.kind]), (pin.row, name)
            assert fact.kind != "word" or value is None or value in fact.words, (pin.row, name)


def compared() -> Iterator[tuple[str, Row, Compare]]:
    for name, row in ROWS.items():
        for leaf in dict.fromkeys(leaves(row.when)):
            if isinstance(leaf, Compare):
                yield name, row, leaf


def satisfied(leaf: Compare, facts: dict[str, Value | None]) -> bool | None:
    return holds(leaf, facts)


@pytest.mark.parametrize(("name", "leaf"), [(name, leaf) for name, _, leaf in compared()], ids=str)
def test_every_threshold_is_pinned_on_both_sides(name: str, leaf: Compare) -> None:
    sides = {satisfied(leaf, pin.facts) for pin in PINS if pin.row == name}
    assert {True, False} <= sides
