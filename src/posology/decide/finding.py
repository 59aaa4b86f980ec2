"""What a decision is made of: findings, what is missing, answers, the verdict. Frozen; no evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from posology.knowledge import Row
from posology.language import Leaf


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that holds, with the leaves that made it so, or is open, with the unknown facts that could settle it."""

    row: Row
    state: Literal["holds", "open"]
    because: tuple[Leaf, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question.

    `action` is the strictest row that holds, `ask` where none holds and one is open, else the table's `otherwise`;
    for an exactly-one table that one row's, or `undetermined`. `could_be` is the strictest row that holds or is open.
    `sets` are the values that the deciding rows carry (mg_per_m2, level).
    """

    question: str
    action: str
    could_be: str
    findings: tuple[Finding, ...]
    missing: tuple[str, ...]
    sets: Mapping[str, str | Decimal]


@dataclass(frozen=True, slots=True)
class Decision:
    """All answers and what they come to. Only `verdict == could_be == "give"` is a green light."""

    verdict: str
    could_be: str
    answers: Mapping[str, Answer]

    @property
    def green(self) -> bool:
        return self.verdict == self.could_be == "give"
