"""The dose level in force never rises, whatever is signed after a reduction."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from posology.course import fold
from posology.course.level import Bearing, Said, in_force
from posology.decide import decide_facts
from posology.facts import gather, stated, values
from posology.knowledge import load_edition
from tests.laws.courses import history

US = load_edition("us")
REGIMEN = US.regimen


def test_full_signed_after_a_reduction_in_the_same_cycle_is_a_raise() -> None:
    signed = [Said(date(2026, 3, 10), "reduced_25"), Said(date(2026, 3, 17), "full")]
    assert in_force([], Bearing([], signed, []), REGIMEN, None).raised


def test_a_reduction_signed_after_full_is_no_raise() -> None:
    signed = [Said(date(2026, 3, 2), "full"), Said(date(2026, 3, 10), "reduced_25")]
    assert not in_force([], Bearing([], signed, []), REGIMEN, None).raised


def test_two_doses_signed_while_an_interruption_runs_wait_for_the_day_although_the_ladder_stands_at_full() -> None:
    """Deferred for toxicity since the planned Day 1 of 24 March; two doses signed on 24 April."""
    one = history(3547)
    at = one.record.doses[3].start + timedelta(minutes=5)
    course = fold(one.record, REGIMEN, at, one.zone)
    facts = gather(one.record, course, US, at, one.zone)
    assert (facts["level"].value, facts["level_for_dose"].value) == ("full", "two_doses")
    ladder = decide_facts(US.tables, values(facts)).answers["level_next_cycle"]
    assert "days_not_picked" in {found.row.id for found in ladder.findings}


@pytest.mark.parametrize(
    ("level", "decided", "dose"),
    [("full", None, "full"), ("full", "two_doses", "two_doses"), ("two_doses", "full", "two_doses"),
     ("reduced_25", "stopped", "stopped")],
)  # fmt: skip
def test_of_a_stated_level_and_a_stated_decision_the_lower_doses(level: str, decided: str | None, dose: str) -> None:
    known = {"level": level, **({"level_decided": decided} if decided else {})}
    assert stated(known, US)["level_for_dose"].value == dose
