"""A published population model as data, and its parameters for one person. Floats: this is simulation, not arithmetic."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from posology.knowledge import Cites
from posology.knowledge.files import toml
from posology.units.clock import HOURS_PER_DAY

Covariates = Mapping[str, float]


class SolverMissing(RuntimeError):
    """The numerical library that only this view needs is not installed."""


@dataclass(frozen=True, slots=True)
class Model:
    """One model of exposure.toml; `covariates` are those of its reference patient, `asks` those it has no default for."""

    id: str
    title: str
    population: str
    reading: str
    cites: Cites
    seen: str
    confidence: str
    covariates: Covariates
    asks: tuple[str, ...]
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """The parameters of one person. Clearances in L/h, volumes in L, `kdes` per hour; CL(t) = cl1 + cl2 × exp(-kdes × t)."""

    cl1: float
    cl2: float
    kdes: float
    v1: float
    q: float
    v2: float

    def half_life_days(self) -> float:
        """Terminal half-life once the falling part of the clearance is gone."""
        k10, k12, k21 = self.cl1 / self.v1, self.q / self.v1, self.q / self.v2
        total = k10 + k12 + k21
        beta = (total - math.sqrt(total * total - 2 * 2 * k10 * k21)) / 2
        return math.log(2) / beta / HOURS_PER_DAY


def models() -> dict[str, Model]:
    """Every model there is."""
    return {name: _model(name, row) for name, row in toml("exposure.toml").items()}


def model(name: str) -> Model:
    """One model. Raises KeyError for a name there is not."""
    return models()[name]


def _model(name: str, row: Mapping[str, Any]) -> Model:
    return Model(
        id=name,
        title=row["title"],
        population=row["population"],
        reading=row["reading"],
        cites=Cites(**row["cites"]),
        seen=row["seen"],
        confidence=row["confidence"],
        covariates={key: float(value) for key, value in row["covariates"].items()},
        asks=tuple(row.get("asks", ())),
        parameters=row["parameters"],
    )


def person(chosen: Model, given: Covariates) -> Person:
    """The parameters of the model for these covariates; one not given stands at the reference.

    Raises ValueError for a covariate that the model does not know, has no default for, or that is not above zero.
    """
    strangers = sorted(set(given) - set(chosen.covariates))
    if strangers:
        raise ValueError(f"{chosen.id} does not use {strangers[0]}; it uses {', '.join(chosen.covariates)}")
    lacking = [name for name in chosen.asks if name not in given]
    if lacking:
        raise ValueError(f"{chosen.id} needs {' and '.join(lacking)}, which is never guessed")
    odd = [name for name, value in given.items() if not (math.isfinite(value) and value > 0)]
    if odd:
        raise ValueError(f"{odd[0]} must be above zero")
    found = {name: _parameter(row, chosen, given) for name, row in chosen.parameters.items()}
    if min(found.values()) <= 0:
        raise ValueError(f"{chosen.id} has no meaning for {', '.join(f'{k} {v:g}' for k, v in given.items())}")
    names = {"cl1": "cl1_l_per_h", "cl2": "cl2_l_per_h", "kdes": "kdes_per_h", "v1": "v1_l", "q": "q_l_per_h", "v2": "v2_l"}
    return Person(**{short: found[long] for short, long in names.items()})


def _parameter(row: Mapping[str, Any], chosen: Model, given: Covariates) -> float:
    value = float(row["value"]) * math.prod(float(factor) for factor in row.get("factors", ()))
    for effect in row.get("by", ()):
        reference = chosen.covariates[effect["covariate"]]
        now = given.get(effect["covariate"], reference)
        if "power" in effect:
            value *= (now / reference) ** float(effect["power"])
        else:
            value *= 1 + float(effect["linear"]) * (now - reference)
    return value
