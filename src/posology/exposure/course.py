"""Infusions → concentration in the central compartment, cycle by cycle. The solver is SciPy's, imported when used."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from posology.exposure.model import Person, SolverMissing

RELATIVE = 1 / (100 * 100 * 100 * 100)
"""How closely the solver follows each state, relative to it."""


@dataclass(frozen=True, slots=True)
class Infusion:
    """One infusion: hours from the first dose, how long it runs (h), how much (mg)."""

    start_h: float
    hours: float
    mg: float


@dataclass(frozen=True, slots=True)
class CycleExposure:
    """One cycle: area under the curve in ng·h/mL and the highest concentration in ng/mL."""

    cycle: int
    auc: float
    cmax: float


def exposed(person: Person, given: Sequence[Infusion], starts_h: Sequence[float]) -> list[CycleExposure]:
    """Exposure of each cycle; `starts_h` are the first hours of the cycles and, last, the end of the last one.

    Every change of the infusion rate begins a new piece, so that the solver never steps over one.
    Raises SolverMissing where SciPy is not installed.
    """
    edges = sorted({*starts_h, *(one.start_h for one in given), *(one.start_h + one.hours for one in given)})
    nothing = [float(0)] * len(("central", "outer", "area"))
    state, found = nothing, {edges[0]: nothing}
    for begin, end in pairwise(edge for edge in edges if edge <= starts_h[-1]):
        state = _piece(person, state, begin, end, _rate(given, begin))
        found[end] = state
    return [
        CycleExposure(number, found[end][2] - found[begin][2], _highest(person, given, found, begin, end))
        for number, (begin, end) in enumerate(pairwise(starts_h), start=1)
    ]


def _rate(given: Sequence[Infusion], at: float) -> float:
    """mg per hour that run in from `at` on."""
    return sum(one.mg / one.hours for one in given if one.start_h <= at < one.start_h + one.hours)


def _highest(person: Person, given: Sequence[Infusion], found: dict[float, list[float]], begin: float, end: float) -> float:
    """The concentration rises only while an infusion runs, so that the highest stands at the end of one, or at the start."""
    ends = [begin, *(one.start_h + one.hours for one in given)]
    return max(_ng_per_ml(found[at][0] / person.v1) for at in ends if begin <= at <= end and at in found)


def _ng_per_ml(mg_per_l: float) -> float:
    return mg_per_l * 10 * 100


def _piece(person: Person, state: list[float], begin: float, end: float, rate: float) -> list[float]:
    """Both compartments (mg) and the area (ng·h/mL) after one piece with a constant rate."""
    k12, k21 = person.q / person.v1, person.q / person.v2

    def change(at: float, amounts: Sequence[float]) -> list[float]:
        central, outer, _ = amounts
        clearance = person.cl1 + person.cl2 * math.exp(-person.kdes * at)
        flow = k12 * central - k21 * outer
        return [rate - clearance / person.v1 * central - flow, flow, _ng_per_ml(central / person.v1)]

    solved = _solver()(change, (begin, end), state, method="LSODA", rtol=RELATIVE, atol=RELATIVE)
    return [float(row[-1]) for row in solved.y]


def _solver() -> Any:
    try:
        from scipy.integrate import solve_ivp
    except ImportError:
        raise SolverMissing(
            "this view needs SciPy: run it as `python3 run.py posology exposure`, which fetches it"
        ) from None
    return solve_ivp
