"""The dose level in force never rises, whatever is signed after a reduction."""

from __future__ import annotations

from datetime import date

from posology.course.level import Bearing, Said, in_force
from posology.knowledge import load_edition

REGIMEN = load_edition("us").regimen


def test_full_signed_after_a_reduction_in_the_same_cycle_is_a_raise() -> None:
    signed = [Said(date(2026, 3, 10), "reduced_25"), Said(date(2026, 3, 17), "full")]
    assert in_force([], Bearing([], signed, []), REGIMEN, None).raised


def test_a_reduction_signed_after_full_is_no_raise() -> None:
    signed = [Said(date(2026, 3, 2), "full"), Said(date(2026, 3, 10), "reduced_25")]
    assert not in_force([], Bearing([], signed, []), REGIMEN, None).raised
