"""From where on a number is a sign: a limit for each unit it may be reported in, or a percentage above a baseline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from functools import cache
from typing import Any

from posology.knowledge.dictionary import Observable
from posology.units import convert


@dataclass(frozen=True, slots=True)
class Sign:
    """`at_least` states a limit for each unit; `above_percent` counts from the baseline instead.

    `unless`: the signed fact that explains the latest sample, which then is no sign.
    """

    at_least: tuple[tuple[str, Decimal], ...] = ()
    above_percent: Decimal | None = None
    unless: str | None = None

    def limits(self, observable: Observable) -> Mapping[str, Decimal]:
        """Each limit in the unit that the values are kept in, by the unit it is stated for."""
        return _limits(observable.name, str(observable.unit), self.at_least)

    def strictest(self, observable: Observable) -> Decimal:
        """The limit for a unit that none is stated for: the one that is reached first."""
        return min(self.limits(observable).values())

    def reached(self, value: Decimal, reported: str, observable: Observable) -> bool:
        """Does a value reach its limit, in the unit it was reported in (the last word of `reported`)?"""
        unit = reported.rpartition(" ")[2]
        return value >= self.limits(observable).get(unit, self.strictest(observable))

    def over(self, value: Decimal, baseline: Decimal) -> bool:
        """Is it above the baseline by more than so many percent? Exact, without a division."""
        return self.above_percent is not None and value * 100 > baseline * (100 + self.above_percent)


@cache
def _limits(observable: str, to: str, stated: tuple[tuple[str, Decimal], ...]) -> Mapping[str, Decimal]:
    """Rounded as the values are, so that a value at its limit stays there."""
    return {unit: convert(limit, unit, to, observable, rounding=ROUND_FLOOR) for unit, limit in stated}


def sign(row: Mapping[str, Any]) -> Sign:
    """A row of policy.toml as a sign."""
    limits = tuple((unit, Decimal(limit)) for unit, limit in row.get("at_least", {}).items())
    percent = Decimal(row["above_percent"]) if "above_percent" in row else None
    return Sign(limits, percent, row.get("unless"))
