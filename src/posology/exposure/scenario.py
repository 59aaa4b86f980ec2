"""A course as the label lays it out, or changed: doses late, left out or reduced → infusions. No decision reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from posology.exposure.course import Infusion
from posology.knowledge import Edition
from posology.plan import amount
from posology.units.clock import HOURS_PER_DAY, MINUTES_PER_HOUR

Place = tuple[int, int]
"""Cycle and dose."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """How many cycles, in remission after the first or not, at which level; days of delay and left-out doses by place.

    A delayed dose moves the later ones of its cycle only as far as the minimum between doses asks; a delayed Day 1
    moves everything after it.
    """

    cycles: int
    remission: bool = False
    level: str = "full"
    late: Mapping[Place, int] = field(default_factory=dict)
    omitted: frozenset[Place] = frozenset()


def infusions(scenario: Scenario, bsa_m2: float, edition: Edition) -> tuple[list[Infusion], list[float]]:
    """The infusions of the scenario, and the first hour of each cycle with the end of the last."""
    hours = float(edition.product["bag"]["infusion_minutes"]) / MINUTES_PER_HOUR
    regimen, start = edition.regimen, 0
    given: list[Infusion] = []
    starts: list[float] = []
    for cycle in range(1, scenario.cycles + 1):
        start += scenario.late.get((cycle, 1), 0)
        starts.append(float(start * HOURS_PER_DAY))
        for dose, on in _days(scenario, cycle, edition):
            mg = _mg_per_m2(scenario, cycle, dose, edition) * bsa_m2
            given.append(Infusion(float((start + on) * HOURS_PER_DAY), hours, mg))
        start += regimen.length(cycle)
    return given, [*starts, float(start * HOURS_PER_DAY)]


def _days(scenario: Scenario, cycle: int, edition: Edition) -> list[tuple[int, int]]:
    """Each dose that is given, with its day counted from 0 at Day 1 of its cycle."""
    days: list[tuple[int, int]] = []
    most = edition.regimen.doses[scenario.level]
    for dose, day in enumerate(edition.regimen.days[:most], start=1):
        if (cycle, dose) in scenario.omitted:
            continue
        late = scenario.late.get((cycle, dose), 0) if dose > 1 else 0
        after = days[-1][1] + edition.regimen.min_days if days else 0
        days.append((dose, max(day - 1 + late, after)))
    return days


def _mg_per_m2(scenario: Scenario, cycle: int, dose: int, edition: Edition) -> float:
    response = ("cr" if scenario.remission else "none", False)
    found = amount(cycle, dose, response, edition, scenario.level)
    return float(found if found is not None else Decimal(0))
