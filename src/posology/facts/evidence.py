"""A fact as a reader is shown it: its value and where that was read, or why it is absent and what to ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from posology.facts.fact import Fact
from posology.knowledge import FactEntry
from posology.language import Value


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact a finding rests on. `origin` is the resource it was read from."""

    fact: str
    value: Value | None
    unit: str | None
    when: datetime | None
    origin: str
    reported: str
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that could settle something, the word for why it is absent, and what to ask."""

    fact: str
    why: str
    ask: str


def evidence(entry: FactEntry, fact: Fact, value: Value | None, zone: tzinfo | None) -> Evidence:
    """The fact as it was used (`value` may be its stale one), its time in the clinic's zone."""
    when = fact.when.astimezone(zone) if fact.when and zone else fact.when
    return Evidence(entry.name, value, entry.unit, when, fact.origin, fact.reported, fact.value is None)


def missing(entry: FactEntry, fact: Fact) -> Missing:
    """Why a fact is absent and what to ask for."""
    return Missing(entry.name, fact.why or "missing", fact.ask or entry.ask)
