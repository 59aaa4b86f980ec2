"""Decimals in, decimals out: a course as the label lays it out beside the same course changed, in exposure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from posology.exposure.course import CycleExposure, exposed
from posology.exposure.model import Model, models, person
from posology.exposure.scenario import Scenario, infusions
from posology.knowledge import Edition

BSA = "bsa_m2"
DIGITS = "{:.6g}"
"""Simulated figures are shown to six significant digits: more than they are worth."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """One cycle, by the label and as changed: ng·h/mL, ng/mL, and the change of the area in percent (None of nothing)."""

    cycle: int
    auc: Decimal
    cmax: Decimal
    changed_auc: Decimal
    changed_cmax: Decimal
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What was asked, the parameters it came to (L/h, per hour, L, days), and every cycle."""

    model: Model
    bsa_m2: Decimal
    parameters: Mapping[str, Decimal]
    changed: Scenario
    cycles: tuple[Cycle, ...]


def preview(name: str, given: Mapping[str, Decimal], changed: Scenario, edition: Edition) -> Preview:
    """Simulate both courses. Raises ValueError for an unusable covariate, SolverMissing without SciPy."""
    model, bsa = models()[name], float(given[BSA])
    if not (given[BSA].is_finite() and 0 < bsa <= 10):
        raise ValueError(f"a body surface area of {given[BSA]} m² is impossible")
    used = {key: float(value) for key, value in given.items() if key != BSA or BSA in model.covariates}
    one = person(model, used)
    label = exposed(one, *infusions(Scenario(changed.cycles, changed.remission), bsa, edition))
    other = exposed(one, *infusions(changed, bsa, edition))
    figures = {
        "cl1_l_per_h": one.cl1, "cl2_l_per_h": one.cl2, "kdes_per_h": one.kdes, "v1_l": one.v1, "q_l_per_h": one.q,
        "v2_l": one.v2, "half_life_days": one.half_life_days(),
    }  # fmt: skip
    shown = {key: _shown(value) for key, value in figures.items()}
    return Preview(model, given[BSA], shown, changed, tuple(map(_cycle, label, other)))


def _cycle(label: CycleExposure, other: CycleExposure) -> Cycle:
    percent = _shown((other.auc - label.auc) / label.auc * 100) if label.auc else None
    return Cycle(label.cycle, _shown(label.auc), _shown(label.cmax), _shown(other.auc), _shown(other.cmax), percent)


def _shown(value: float) -> Decimal:
    return Decimal(DIGITS.format(value))
