"""Each rule with each single slip: number, operator, word, NOT, AND, OR. The pinned patients must notice every one."""

from __future__ import annotations

from collections import defaultdict

import pytest

from posology.knowledge import Row, load_edition
from posology.language import compiled
from tests.house.mutation import mutants
from tests.unit.pins import Pin, pins_of

US, EU = load_edition("us"), load_edition("eu")
ROWS = {f"{row.question}.{row.id}": row for table in (US.tables, US.criteria) for t in table.values() for row in t.rows}
OTHERS = {f"{row.question}.{row.id}": row for row in EU.rows()}
PINS: dict[str, list[Pin]] = defaultdict(list)
for pin in pins_of(US):
    PINS[pin.row].append(pin)
ITS_PINS: dict[str, list[Pin]] = defaultdict(list)
for pin in pins_of(EU):
    ITS_PINS[pin.row].append(pin)

SAME_MEANING = {
    ("window.before_cycle_end", "cycle = becomes >="): "from cycle 3 on the longer cycle of the same row says so already",
    ("regimen.later_doses_of_a_cycle", "cycle >= 2 becomes 1"): "cycle 1 is let through by the first half already",
    ("level_next_cycle.days_not_picked", "level adds 'two_doses'"): "the first half of the row already says so",
    ("level_next_cycle.stopped", "level adds 'stopped'"): "the first half of the row already says so",
}


def survivors(row: Row, patients: list[Pin]) -> list[str]:
    """The slips in this row that none of these patients would notice."""
    found = []
    for slip, condition in mutants(row.when, dict(US.facts)):
        test = compiled(condition)
        if all(test(patient.facts) is patient.expected for patient in patients):
            found.append(slip)
    return found


@pytest.mark.parametrize("name", ROWS)
def test_no_slip_in_a_rule_goes_unnoticed(name: str) -> None:
    unnoticed = [slip for slip in survivors(ROWS[name], PINS[name]) if (name, slip) not in SAME_MEANING]
    assert unnoticed == [], "pin a patient that tells them apart: python -m tests.house.draft " + name


ALIKE = {
    name for name, row in OTHERS.items() if name in ROWS and row.when == ROWS[name].when and PINS[name] == ITS_PINS[name]
}


@pytest.mark.parametrize("name", sorted(set(OTHERS) - ALIKE))
def test_no_slip_in_a_rule_of_the_other_edition_goes_unnoticed(name: str) -> None:
    """Where both editions have a row with one condition and the same patients, the test above has tried its slips."""
    unnoticed = [slip for slip in survivors(OTHERS[name], ITS_PINS[name]) if (name, slip) not in SAME_MEANING]
    assert unnoticed == [], "pin a patient that tells them apart: python -m tests.house.draft --eu " + name


def test_the_rows_that_both_editions_share_are_most_of_them_and_never_all() -> None:
    assert len(OTHERS) / 2 < len(ALIKE) < len(OTHERS)


def test_every_slip_excused_as_meaning_the_same_still_exists() -> None:
    slips = {(name, slip) for name in ROWS for slip in survivors(ROWS[name], PINS[name])}
    assert set(SAME_MEANING) <= slips


def test_without_its_patients_a_rule_would_let_slips_through() -> None:
    assert sum(len(survivors(row, [])) for row in ROWS.values()) > 1000
    row = ROWS["liver.liver_chemistry"]
    assert any("alt > becomes >=" in slip for slip in survivors(row, PINS["liver.liver_chemistry"][:1]))
