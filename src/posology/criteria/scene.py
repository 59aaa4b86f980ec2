"""The facts that criteria are judged on, at one moment or as somebody states them. Judges nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from decimal import Decimal

from posology.facts import Evidence, Fact, Gathered, Missing, evidence, missing
from posology.knowledge import FactEntry, Policy
from posology.knowledge.panel import Panel
from posology.language import Facts


@dataclass(frozen=True, slots=True)
class Scene:
    """Facts with their evidence, their bare values, and the same with stale ones put in (these may only prove)."""

    at: datetime | None
    zone: tzinfo | None
    facts: Gathered
    known: Facts
    worst: Facts
    dictionary: Mapping[str, FactEntry]

    def evidence(self, names: Sequence[str]) -> tuple[Evidence, ...]:
        """Those of the facts that have a value, even a stale one."""
        return tuple(
            evidence(self.dictionary[name], self.facts[name], self.worst[name], self.zone)
            for name in dict.fromkeys(names)
            if self.worst[name] is not None
        )

    def lacks(self, names: Sequence[str]) -> tuple[Missing, ...]:
        """What to ask for each of the facts."""
        return tuple(missing(self.dictionary[name], self.facts[name]) for name in dict.fromkeys(names))


def scene(facts: Gathered, panel: Panel, at: datetime | None = None, zone: tzinfo | None = None) -> Scene:
    """A scene of these facts."""
    known = {name: fact.value for name, fact in facts.items()}
    worst = {name: fact.stale if fact.value is None else fact.value for name, fact in facts.items()}
    return Scene(at, zone, facts, known, worst, panel.dictionary)


@dataclass(frozen=True, slots=True)
class Chart:
    """What a set is judged on: the scene now, the scene at any earlier sample, and when each observable was sampled."""

    now: Scene
    earlier: Callable[[datetime], Scene] | None = None
    samples: Mapping[str, Sequence[datetime]] | None = None


def aged(fact: Fact, policy: Policy, key: str, at: datetime) -> Fact:
    """The fact, or `stale` where it is older than this freshness allows: it may prove and no longer reassure."""
    if fact.value is None or fact.when is None or at - fact.when <= policy.freshness[key].normal:
        return fact
    return replace(fact, value=None, why="stale", stale=fact.value)


def reported(fact: Fact) -> tuple[Decimal, str] | None:
    """The number and the unit as the laboratory wrote them; None where the text does not say."""
    parts = fact.reported.split()
    if len(parts) < 2:
        return None
    try:
        number = Decimal(parts[-2])
    except ArithmeticError:
        return None
    return (number, parts[-1]) if number.is_finite() else None
