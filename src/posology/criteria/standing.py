"""What a panel of published criteria says of one patient: frozen, typed, no words of a screen. No evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from posology.facts import Evidence, Missing
from posology.knowledge.panel import Stated
from posology.record import Note

State = Literal["met", "could_be_met", "not_met", "not_applicable"]
Held = Literal["holds", "open", "fails"]


@dataclass(frozen=True, slots=True)
class ItemState:
    """One item: does it hold, on which data, and what would settle it."""

    id: str
    title: str
    state: Held
    said: Stated
    because: tuple[Evidence, ...]
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """One published set.

    `holds`: how many of its items hold; `short`: how many more would have to (None where too few can). `decides`: the
    open items each of which alone would complete it. `pattern`: the set was written for after a transplant and none is
    on record. `onset`: classical or late. `met_on`: the first local day on which it was met. `could_be`: how bad one
    sign keeps the answer, None without a sign. `outside`: where the set does not apply, the data that put this day or this
    patient outside what it was written for.
    """

    id: str
    title: str
    state: State
    pattern: bool
    onset: str | None
    holds: int
    short: int | None
    items: tuple[ItemState, ...]
    missing: tuple[Missing, ...]
    decides: tuple[str, ...]
    met_on: date | None
    could_be: str | None
    said: Stated
    outside: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """One criterion of a scale: the class it reaches for sure and the worst it could reach; None is no class at all."""

    id: str
    title: str
    at_least: str | None
    could_be: str | None
    starred: bool
    said: Stated
    because: tuple[Evidence, ...]
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Graded:
    """A scale: `at_least` is sure, `could_be` is the worst the unknown allows; they agree where it is settled.

    `applies` is None where it is not known whether the scale was made for this patient. `starred_met`: criteria that
    reach the class at which they count double.
    """

    id: str
    title: str
    applies: bool | None
    at_least: str | None
    could_be: str | None
    lifted: bool | None
    outright: bool | None
    criteria: tuple[Placed, ...]
    starred_met: tuple[str, ...]
    said: Stated

    @property
    def settled(self) -> bool:
        """Is the class known, or the scale not for this patient?"""
        return self.applies is False or self.at_least == self.could_be


@dataclass(frozen=True, slots=True)
class Day:
    """Each set on one local day that has data, and the sets whose state is another than on the day before."""

    on: date
    states: Mapping[str, State]
    turned: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A number or a yes/no to look at: no criterion by itself."""

    fact: str
    means: str
    value: Decimal | str | bool | None
    unit: str | None
    when: datetime | None
    why: str | None


@dataclass(frozen=True, slots=True)
class View:
    """A whole panel at one moment. It decides nothing: the rules of the edition do."""

    id: str
    title: str
    edition: str
    knowledge: str
    at: datetime
    zone: str
    patient: str
    state: State
    could_be: str | None
    sets: tuple[Standing, ...]
    severity: tuple[Graded, ...]
    timeline: tuple[Day, ...]
    signals: tuple[ItemState, ...]
    figures: tuple[Shown, ...]
    risk_factors: tuple[ItemState, ...]
    alerts: tuple[ItemState, ...]
    advice: tuple[str, ...]
    next: tuple[Missing, ...]
    warnings: tuple[Note, ...]
