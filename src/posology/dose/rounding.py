"""A calculated dose to an orderable one: once, at the end, by a named policy. Chooses no policy."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from posology.dose.amount import above_zero, percent_of_difference
from posology.units import decimal, exactly


class Direction(StrEnum):
    """Which way a dose between two steps goes."""

    HALF_UP = "half_up"
    DOWN = "down"


class RoundingRefused(ValueError):
    """Not even the finest step stays within the policy's limit: the pharmacist decides."""


@dataclass(frozen=True, slots=True)
class RoundingPolicy:
    """How a site rounds: to a multiple of `step_mg`, no further than `limit_percent` from the calculated dose.

    Where the step would go further, `finest_step_mg` is used instead. Numbers that make no policy raise ValueError.
    """

    name: str
    step_mg: Decimal
    direction: Direction
    limit_percent: Decimal
    finest_step_mg: Decimal

    def __post_init__(self) -> None:
        Direction(self.direction)
        if above_zero("rounding step", self.step_mg) < above_zero("finest step", self.finest_step_mg):
            raise ValueError(f"policy {self.name}: the finest step {self.finest_step_mg} mg is coarser than the step")
        if exactly(self.limit_percent) < 0:
            raise ValueError(f"policy {self.name}: a limit of {self.limit_percent} % is below zero")


@dataclass(frozen=True, slots=True)
class Rounded:
    """The orderable dose, the policy that made it, and by how many percent it differs (two decimals, signed).

    `step_mg` is the step that was used; `fell_back` says that the policy's own step would have gone too far.
    """

    mg: Decimal
    policy: str
    percent: Decimal
    step_mg: Decimal
    fell_back: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """What a policy says of an amount somebody proposes (a whole vial, say)."""

    mg: Decimal
    percent: Decimal
    within_limit: bool
    allowed: bool
    because: str


def _multiple(exact: Fraction, step: Decimal, rounding: str) -> Fraction:
    size = exactly(step)
    half = Fraction(1, 2) if rounding == ROUND_HALF_UP else Fraction(0)
    return math.floor(exact / size + half) * size


def _within(mg: Fraction, exact: Fraction, policy: RoundingPolicy) -> bool:
    return mg > 0 and abs(mg - exact) * 100 <= exactly(policy.limit_percent) * exact


def round_dose(exact_mg: Decimal, policy: RoundingPolicy, *, never_up: bool = False) -> Rounded:
    """The calculated dose (mg) rounded once by `policy`; `never_up` makes every rounding go down.

    A step beyond the policy's limit is refused and the finest step taken. The limit is inclusive and judged on exact
    numbers. Raises `RoundingRefused` when the finest step goes too far as well, ValueError for a dose not above zero.
    """
    exact = above_zero("calculated dose", exact_mg)
    down = never_up or policy.direction == Direction.DOWN
    for step in (policy.step_mg, policy.finest_step_mg):
        mg = _multiple(exact, step, ROUND_DOWN if down else ROUND_HALF_UP)
        if _within(mg, exact, policy):
            percent = percent_of_difference(mg, exact)
            return Rounded(decimal(mg), policy.name, percent, step, step != policy.step_mg)
    raise RoundingRefused(
        f"{exact_mg} mg cannot be rounded to {policy.finest_step_mg} mg within {policy.limit_percent} %"
        f" ({policy.name}): ask the pharmacist"
    )


def judge_target(exact_mg: Decimal, target_mg: Decimal, policy: RoundingPolicy, *, never_up: bool = False) -> Target:
    """May `target_mg` be ordered for a calculated `exact_mg`? Only within the limit, and not above it if `never_up`."""
    exact, target = above_zero("calculated dose", exact_mg), above_zero("proposed dose", target_mg)
    within = _within(target, exact, policy)
    up = never_up and target > exact
    because = "rounding up is barred for this patient" if up else "" if within else f"beyond {policy.limit_percent} %"
    return Target(target_mg, percent_of_difference(target, exact), within, within and not up, because)
