"""What must be looked at and when, as typed items. Judges no patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from posology.knowledge.dictionary import FactEntry, Observable
from posology.knowledge.faults import KnowledgeError, entry, only
from posology.knowledge.rules import SEEN, Cites
from posology.language import Test, compiled, facts_in, faults, read

BEFORE = ("every dose", "first dose", "later dose", "cycle start")
AFTER = ("every dose", "first dose", "last dose", "transplant", "qt drug")
KEYS = {
    *(
        "id",
        "what",
        "why",
        "before",
        "after",
        "needs",
        "reads",
        "any",
        "age",
        "since_prior_cycle",
        "when",
        "panel",
        "within",
    ),
    *("every_days", "until_days", "until_months", "cites", "seen", "confidence", "reading", "settles"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at. `needs`: facts known and fresh; `reads`: observables read since the anchor (all, or `any`).

    `age`: facts in days with the policy row that bounds them. `within`: the key of policy `monitoring` with its days.
    `applies`: a condition; the item stands unless it is certainly not met.
    """

    id: str
    what: str
    why: str
    before: str
    after: str
    needs: tuple[str, ...]
    reads: tuple[str, ...]
    any: bool
    age: Mapping[str, str]
    since_prior_cycle: bool
    every_days: int
    until_days: int
    until_months: int
    within: str
    panel: str
    cites: Cites
    seen: str
    confidence: str
    basis: str
    applies: Test | None
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """The edition, and the names an item may use: sources, facts, observables, the days of policy `monitoring`."""

    edition: str
    sources: Mapping[str, Any]
    facts: Mapping[str, FactEntry]
    observables: Mapping[str, Observable]
    within: Mapping[str, Any]

    def basis(self, source: str) -> str:
        """This edition's label, our policy, or practice; another edition's label is practice here."""
        kind, jurisdiction = self.sources[source].kind, self.sources[source].jurisdiction
        if kind in ("policy", "ruling"):
            return "policy"
        return "label" if kind == "label" and jurisdiction == self.edition else "practice"


def items(document: Mapping[str, Any], spoken: Spoken) -> tuple[Item, ...]:
    """label/<edition>/monitoring.toml as items. Raises KnowledgeError for what is uncited, misspelt or endless."""
    return tuple(_item(row, spoken) for row in document["item"])


def _item(row: dict[str, Any], spoken: Spoken) -> Item:
    where = f"monitoring.toml item {row.get('id', '?')}"
    only(row, KEYS, where)
    for key in ("id", "what", "needs", "cites", "seen"):
        entry(row, key, where)
    condition = read(row["when"]) if "when" in row else None
    problems = [*_misplaced(row), *_unknown(row, spoken), *(faults(condition, spoken.facts) if condition else ())]
    if problems:
        raise KnowledgeError(where, problems)
    return Item(
        id=row["id"],
        what=row["what"],
        why=row.get("why", ""),
        before=row.get("before", ""),
        after=row.get("after", ""),
        needs=tuple(row["needs"]),
        reads=tuple(row.get("reads", ())),
        any=row.get("any", False),
        age=row.get("age", {}),
        since_prior_cycle=row.get("since_prior_cycle", False),
        every_days=row.get("every_days", 0),
        until_days=row.get("until_days", 0),
        until_months=row.get("until_months", 0),
        within=row.get("within", ""),
        panel=row.get("panel", ""),
        cites=Cites(**row["cites"]),
        seen=row["seen"],
        confidence=row.get("confidence", SEEN[row["seen"]]),
        basis=spoken.basis(row["cites"]["source"]),
        applies=compiled(condition) if condition else None,
        facts=facts_in(condition) if condition else (),
    )


def _unknown(row: Mapping[str, Any], spoken: Spoken) -> list[str]:
    """Names that nobody else knows."""
    return [
        *(f"no fact is called {name!r}" for name in (*row["needs"], *row.get("age", ())) if name not in spoken.facts),
        *(f"no observable is called {name!r}" for name in row.get("reads", ()) if name not in spoken.observables),
        *([] if row["cites"].get("source") in spoken.sources else ["cites no source of sources.toml"]),
        *([] if row.get("within", "") in ("", *spoken.within) else [f"policy monitoring has no {row['within']!r}"]),
    ]


def _misplaced(row: Mapping[str, Any]) -> list[str]:
    """A place there is, and for what repeats an end."""
    found = []
    if row.get("before", row.get("after")) not in (BEFORE if "before" in row else AFTER) or {"before", "after"} <= set(row):
        found.append(f"before = {' | '.join(BEFORE)}, or after = {' | '.join(AFTER)}")
    if ("every_days" in row) != ("until_days" in row or "until_months" in row):
        found.append("what repeats every_days also ends: until_days or until_months")
    if row["seen"] not in SEEN:
        found.append(f"seen is one of {', '.join(SEEN)}")
    return found
