"""Each row on both sides of each of its thresholds, by patients pinned by hand. A changed number in a rule fails here."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from posology.knowledge import Row, load_edition
from posology.language import Compare, Value, holds, leaves
from tests.unit.pins import Pin, document, pins

US = load_edition("us")
ROWS = {f"{row.question}.{row.id}": row for table in (US.tables, US.criteria) for t in table.values() for row in t.rows}
PINS = list(pins())


@pytest.mark.parametrize("pin", PINS, ids=lambda pin: f"{pin.row}: {pin.text}")
def test_a_pinned_patient_gets_what_the_pin_says(pin: Pin) -> None:
    row = ROWS[pin.row]
    assert set(pin.facts) <= set(row.facts), "the pin names a fact that this row does not look at"
    assert row.test(pin.facts) is holds(row.when, pin.facts) is pin.expected


def test_every_row_is_pinned_and_every_pin_has_its_row() -> None:
    assert {pin.row for pin in PINS} == set(ROWS), "draft the missing ones: python -m tests.house.draft"


def test_what_follows_from_a_row_is_pinned_with_it() -> None:
    for question, rows in document().items():
        for name, patients in rows.items():
            row = ROWS[f"{question}.{name}"]
            assert patients[0]["then"] == row.then, row.id
            assert patients[0].get("sets", {}) == row.sets, row.id
            assert not any("then" in patient for patient in patients[1:]), row.id


def test_each_fact_of_a_pin_is_of_its_kind_and_each_word_exists() -> None:
    kinds = {"number": Decimal, "word": str, "yes_no": bool}
    for pin in PINS:
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
