"""What published criteria are made of: items, sets, scales, trends, and the panel that holds them. Reads no file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from posology.knowledge.dictionary import FactEntry, facts
from posology.knowledge.rules import Cites
from posology.language import Condition, Test

ALWAYS, IN_WINDOW = "always", "in_window"
"""When one item alone is a sign."""


@dataclass(frozen=True, slots=True)
class InUnit:
    """The same limit as the source states it in another unit; used where the value was reported in that unit."""

    fact: str
    unit: str
    when: Condition
    test: Test


@dataclass(frozen=True, slots=True)
class Stated:
    """What a source says, where it stands, and how its wording was seen."""

    cites: Cites
    seen: str
    confidence: str
    states: str
    reading: str
    settles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One condition of a set. `each`: the observables whose every sample in the set's span is looked at.

    `sign`: one of these alone, after the drug, keeps the panel's `could_be`: always, or only in the window of its set.
    `explained_by`: a signed judgement that takes it away again.
    """

    id: str
    title: str
    said: Stated
    text: str
    when: Condition
    test: Test
    facts: tuple[str, ...]
    units: tuple[InUnit, ...] = ()
    each: tuple[str, ...] = ()
    sign: str = ""
    explained_by: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The days for which a set was written; `only_if` is a yes/no fact without which it does not apply."""

    days: str
    first: Decimal | None
    last: Decimal | None
    only_if: str | None


@dataclass(frozen=True, slots=True)
class Way:
    """All of these items, and at least so many of those."""

    all: tuple[str, ...]
    at_least: int
    of: tuple[str, ...]

    @property
    def items(self) -> tuple[str, ...]:
        return (*self.all, *self.of)


@dataclass(frozen=True, slots=True)
class CriteriaSet:
    """One published set: met by any of its ways, on top of the set it builds `on`.

    `within_h`: only samples of the last hours count together; items with `each` otherwise count anywhere in the window.
    `late_after`: the last day of a classical onset.
    """

    id: str
    title: str
    said: Stated
    window: Window | None
    applies: Item | None
    ways: tuple[Way, ...]
    on: str | None
    within_h: int | None
    late_after: Decimal | None

    @property
    def items(self) -> tuple[str, ...]:
        """Every item of the set, once, in order."""
        return tuple(dict.fromkeys(name for way in self.ways for name in way.items))


@dataclass(frozen=True, slots=True)
class Criterion:
    """One row of a scale: the item that puts a patient into each class, mildest class first.

    `unless_alone`: counts one class lower unless another criterion reaches the same class.
    """

    id: str
    title: str
    classes: Mapping[str, Item]
    unless_alone: str | None


@dataclass(frozen=True, slots=True)
class Scale:
    """A published scale of severity, classes mildest first.

    `two_or_more`: the highest class that `at_least` criteria reach; `most_severe`: the highest that one reaches.
    `outright` is the worst class by itself; `lifted_if` lifts by one class; `at_least` of the `starred` criteria at
    the class named there are the worst class.
    """

    id: str
    title: str
    said: Stated
    classes: tuple[str, ...]
    rule: str
    at_least: int
    applies: Item | None
    criteria: tuple[Criterion, ...]
    outright: Item | None
    lifted_if: Item | None
    starred: tuple[str, ...]
    starred_at: str | None


@dataclass(frozen=True, slots=True)
class Trend:
    """A fact read from several readings: its kind, what it looks at, its figures, and how a reader asks for it."""

    fact: FactEntry
    kind: str
    of: tuple[str, ...]
    figures: Mapping[str, Decimal]
    said: Stated


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel: its sets in order, what they are made of, and the sentences a reader is given with them."""

    id: str
    title: str
    texts: Mapping[str, str]
    could_be: str | None
    written_for: str | None
    released_by: tuple[str, str] | None
    days_before: int
    fresh: Mapping[str, str]
    sets: Mapping[str, CriteriaSet]
    items: Mapping[str, Item]
    scales: Mapping[str, Scale]
    trends: Mapping[str, Trend]
    risks: Mapping[str, Item]
    signals: Mapping[str, Item]
    alerts: Mapping[str, Item]
    shown: tuple[str, ...]

    @property
    def dictionary(self) -> Mapping[str, FactEntry]:
        """The facts of label/facts.toml and the trends of this panel."""
        return {**facts(), **{name: trend.fact for name, trend in self.trends.items()}}

    def conditions(self) -> Iterator[Item]:
        """Every condition of the panel, wherever it stands."""
        yield from (*self.items.values(), *self.risks.values(), *self.signals.values(), *self.alerts.values())
        yield from (one.applies for one in self.sets.values() if one.applies)
        for scale in self.scales.values():
            yield from (one for one in (scale.applies, scale.outright, scale.lifted_if) if one)
            yield from (item for criterion in scale.criteria for item in criterion.classes.values())


def beside(name: str, fact: str) -> bool:
    """Is it this fact, or its limit, its baseline or its corrected value, kept in the same unit?"""
    return name == fact or name in (f"{fact}_uln", f"{fact}_baseline", f"{fact}_corrected")
