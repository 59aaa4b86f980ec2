"""When a line of advice applies: each number on both sides, as its source has it, and no slip in one unseen."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from posology.api import load_edition
from posology.knowledge import Line
from posology.language import Compare, compiled, leaves
from tests.house.mutation import mutants

US = load_edition("us")
LINES = {line.id: line for part in US.advice for line in part.lines}
GOING: dict[str, Any] = {"transplant_intent": "proceeding"}
DONE: dict[str, Any] = {**GOING, "mrd_negative": True, "response": "cr"}
LEFT: dict[str, Any] = {**GOING, "mrd_negative": False, "response": "cr"}
PINS: dict[str, list[tuple[dict[str, Any], bool]]] = {
    # above 10 000 blasts/mm³, for the first dose of all
    "blasts_too_high": [({"cycle": cycle, "dose_number": dose, "peripheral_blasts": blasts}, wanted)
                        for cycle, dose, blasts, wanted in (
                            (1, 1, 10, False), (1, 1, 11, True), (0, 1, 11, False), (2, 1, 11, False), (1, 0, 11, False),
                            (1, 2, 11, False))],
    # ruling R21b: a reaction of grade 2 or more
    "after_a_reaction": [({"infusion_reaction_grade": grade, "premedication_reviewed": False}, grade >= 2)
                         for grade in (1, 2, 3)],
    "urate_and_fluids": [({"cycle": cycle}, cycle == 1) for cycle in (0, 1, 2)],
    # label: two cycles are recommended before a transplant, a third may be considered, none further
    "two_cycles": [({**GOING, "cycles_counted": cycles}, cycles <= 2) for cycles in (1, 2, 3)],
    "third_cycle": [({**LEFT, "cycles_counted": cycles}, cycles == 2) for cycles in (1, 2, 3)],
    "goal_reached": [({**DONE, "cycles_counted": cycles}, cycles >= 2) for cycles in (1, 2, 3)],
    "no_fourth": [({**GOING, "cycles_counted": cycles}, cycles >= 3) for cycles in (2, 3, 4)],
    # boxed warning: at or above the upper limit
    "bilirubin_before_transplant": [({**GOING, "bilirubin": bilirubin, "bilirubin_uln": "1.2"}, wanted)
                                    for bilirubin, wanted in (("1.19", False), ("1.2", True), ("1.21", True))],
}  # fmt: skip


def exact(facts: dict[str, Any]) -> dict[str, Any]:
    words = ("transplant_intent", "response")
    return {k: v if isinstance(v, bool) or k in words else Decimal(v) for k, v in facts.items()}


def test_every_line_with_a_number_is_pinned() -> None:
    assert {name for name, line in LINES.items() if line.when and numbers(line)} == set(PINS)


def numbers(line: Line) -> list[Compare]:
    return [leaf for leaf in leaves(line.when) if isinstance(leaf, Compare)] if line.when else []


@pytest.mark.parametrize("name", PINS)
def test_a_line_applies_on_one_side_of_its_number_alone(name: str) -> None:
    applies = LINES[name].applies
    assert applies is not None
    assert [applies(exact(facts)) for facts, _ in PINS[name]] == [wanted for _, wanted in PINS[name]]


@pytest.mark.parametrize("name", PINS)
def test_no_slip_in_a_number_of_the_advice_goes_unnoticed(name: str) -> None:
    when = LINES[name].when
    assert when is not None
    slips = [
        (slip, other) for slip, other in mutants(when, dict(US.facts)) if " becomes " in slip and slip.split()[0] in US.facts
    ]
    alive = [slip for slip, other in slips if all(compiled(other)(exact(facts)) is wanted for facts, wanted in PINS[name])]
    assert slips and alive == []
