"""The public answer: everything one decision says, frozen and typed. The shapes of the contract; no words of a screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from posology.dose import Amounts
from posology.facts import Evidence, Missing
from posology.knowledge import Cites
from posology.measures import bsa_spread
from posology.plan import Due, Earliest, Visit, Window
from posology.record import Note


@dataclass(frozen=True, slots=True)
class DecisionPoint:
    """The dose the answer is about; None where nobody has said that treatment has begun."""

    cycle: int | None
    dose: int | None
    day: int | None
    planned_on: date | None
    earliest_on: date | None


@dataclass(frozen=True, slots=True)
class Found:
    """One row that holds or is open, with its source and its reasons."""

    row: str
    state: str
    then: str
    cites: Cites
    seen: str
    confidence: str
    states: str
    reading: str
    because: tuple[Evidence, ...]
    would_change: tuple[str, ...]
    settles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one question."""

    question: str
    asks: str
    action: str
    could_be: str
    findings: tuple[Found, ...]
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class DoseFigures:
    """The dose in every figure an order needs. `level` is the dose level."""

    amounts: Amounts
    level: str
    bsa_formula: str
    weight_kg: Decimal
    height_cm: Decimal
    weight_on: date | None
    sex: str | None
    cites: Cites

    @property
    def spread_m2(self) -> tuple[Decimal, Decimal]:
        """The least and the most that the published formulas make of this weight and height."""
        spread = bsa_spread(self.height_cm, self.weight_kg, self.sex)
        return spread.least, spread.most


@dataclass(frozen=True, slots=True)
class Next:
    """What follows if this dose is given, and if it is not."""

    if_given: str
    if_not: str


@dataclass(frozen=True, slots=True)
class Change:
    """One fact, the condition it would have to meet, and the verdict that would follow."""

    fact: str
    condition: str
    verdict_then: str


@dataclass(frozen=True, slots=True)
class Disputed:
    """A contested point this answer touches."""

    claim: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """The whole answer. `dose` is None unless the verdict lets a dose through; the estimate never leaves a discussion."""

    version: str
    knowledge: str
    edition: str
    zone: str
    at: datetime
    patient: str
    decision_point: DecisionPoint
    verdict: str
    could_be: str
    answers: tuple[Reply, ...]
    dose: DoseFigures | None
    not_releasable_estimate: DoseFigures | None
    earliest: Earliest
    due: tuple[Due, ...]
    next: Next
    warnings: tuple[Note, ...]
    changes: tuple[Change, ...]
    disputed: tuple[Disputed, ...]
    visits: tuple[Visit, ...]
    omitted: tuple[str, ...]
    reproductive: tuple[Window, ...]

    @property
    def green(self) -> bool:
        """Only this is a green light."""
        return self.verdict == self.could_be == "give"
