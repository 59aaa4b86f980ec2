"""Questions on stated facts, asked one by one through the public function. Knows no case and expects nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from posology.answer import Found, Reply
from posology.api import answer_question, load_edition
from posology.language import Value

SCALE = ("give", "give_with_review", "wait", "omit", "interrupt", "discontinue", "not_eligible")
RANK = {word: rank for rank, word in enumerate(SCALE)}
LETS_THROUGH = SCALE[:2]
HERE = Path(__file__).parent


@cache
def well(base: str) -> Mapping[str, Value]:
    """The reviewed facts of a decision point at which everything is well."""
    sets = tomllib.loads((HERE / "well.toml").read_text("utf-8"), parse_float=Decimal)
    return {name: exact(value) for name, value in {**sets["always"], **sets[base]}.items()}


def exact(value: Any) -> Any:
    """Whole numbers as Decimal; yes/no and words stay."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


@dataclass(frozen=True)
class Asked:
    """Every question of the edition answered on one set of facts."""

    facts: Mapping[str, Value]
    replies: Mapping[str, Reply]
    edition: str = "us"

    @property
    def verdict(self) -> str:
        """By the words of design.md, written a second time: the strictest action, `ask` where more is possible."""
        actions = [reply.action for reply in self.replies.values()]
        strictest = max((a for a in actions if a in RANK), key=RANK.__getitem__, default="ask")
        if strictest not in LETS_THROUGH:
            return strictest
        return "ask" if "undetermined" in actions or RANK[self.could_be] > RANK[strictest] else strictest

    @property
    def could_be(self) -> str:
        return max((reply.could_be for reply in self.replies.values()), key=RANK.__getitem__)

    def found(self, row: str) -> Found | None:
        """The row, where it holds or is open."""
        every = (finding for reply in self.replies.values() for finding in reply.findings)
        return next((finding for finding in every if finding.row == row), None)

    def holds(self, *rows: str) -> bool:
        return all((found := self.found(row)) is not None and found.state == "holds" for row in rows)

    def open(self, row: str) -> bool:
        found = self.found(row)
        return found is not None and found.state == "open"

    def asks(self, question: str, fact: str) -> str:
        """The request for a fact that this question lacks; empty where it lacks none of that name."""
        return next((lack.ask for lack in self.replies[question].missing if lack.fact == fact), "")

    def evidence(self, fact: str) -> Value | None:
        """The value of a fact as some finding shows it."""
        every = (part for reply in self.replies.values() for finding in reply.findings for part in finding.because)
        return next((part.value for part in every if part.fact == fact), None)


def ask(base: str, /, edition: str = "us", **stated: Any) -> Asked:
    """All questions, on the well facts with these in their place; None is unknown."""
    facts = {name: exact(value) for name, value in {**well(base), **stated}.items() if value is not None}
    known, questions = load_edition(edition).facts, load_edition(edition).tables
    assert facts.keys() <= known.keys(), f"no such fact: {sorted(facts.keys() - known.keys())}"
    return Asked(facts, {name: answer_question(name, facts, edition=edition) for name in questions}, edition)


def row_says(question: str, row: str, edition: str = "us") -> str:
    """What a row of the edition states, with its reading: the words that a reader is shown."""
    label = load_edition(edition)
    table = label.tables.get(question) or label.criteria[question]
    found = next(each for each in table.rows if each.id == row)
    return f"{found.states} {found.reading}"
