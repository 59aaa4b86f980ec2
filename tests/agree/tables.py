"""Random decision tables over random conditions: gaps, overlaps and open rows that no real table would have."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random
from typing import Any, Literal

from posology.knowledge import SCALE, Cites, Edition, FactEntry, Pick, Row, Table, load_edition
from posology.language import compiled, facts_in
from tests.agree import conditions

Facts = dict[str, Any]
Policy = Literal["strictest", "exactly one"]
AGEING = ("anc", "alt", "exempt", "status")


@cache
def edition(seed: int, many: int) -> Edition:
    """The edition with its tables and facts replaced by random ones."""
    choose = Random(seed)
    tables = [_table(choose, f"question_{n}") for n in range(many)]
    facts = {name: _fact(name, kind) for name, kind in conditions.KINDS.items()}
    return replace(load_edition("us"), tables={table.id: table for table in tables}, facts=facts)


def _fact(name: str, kind: str) -> FactEntry:
    pick = Pick("latest_before", (name,), fresh_for="blood_count" if name in AGEING else None)
    return FactEntry(name, name, kind, pick, "1" if kind == "number" else None)


def _table(choose: Random, name: str) -> Table:
    policies: tuple[Policy, ...] = ("strictest", "strictest", "exactly one")
    policy = choose.choice(policies)
    rows = tuple(_row(choose, name, f"row_{n}") for n in range(choose.randint(1, 4)))
    return Table(name, f"Which of the rows of {name}?", policy, choose.choice(SCALE[:3]), rows)


def _row(choose: Random, question: str, name: str) -> Row:
    when = conditions.condition(choose, depth=2)
    return Row(
        id=name,
        question=question,
        cites=Cites("policy", "random"),
        seen="ours",
        confidence="D",
        states="",
        reading="",
        settles=(),
        text="",
        when=when,
        then=choose.choice(SCALE),
        sets={},
        test=compiled(when),
        facts=facts_in(when),
    )


@cache
def seeded(seed: int, many: int, size: int) -> list[tuple[Facts, Facts]]:
    """Facts around the thresholds of those tables; half of what is unknown and can age is stale."""
    choose, asked = Random(seed), [row.when for row in edition(seed, many).rows()]
    found = []
    for _ in range(size):
        known = conditions.facts(choose.sample(asked, min(3, len(asked))), choose)
        old = {name: known.pop(name) for name in AGEING if name in known and choose.random() < 0.3}
        found.append((known, old))
    return found
