"""Random facts for the rules of an edition: at every threshold and one step beside it, missing, or stale."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from posology.columns.names import can_be_stale
from posology.knowledge import Edition, FactEntry, Row, load_edition
from posology.language import Compare, Limit, leaves
from tests.agree.conditions import beside

Facts = dict[str, Any]
WHOLE = ("cycle", "dose_number")
"""Whole numbers by nature: a dose between two doses would only show that the tables refuse it."""


@cache
def compared(edition: str) -> tuple[Compare, ...]:
    """Every comparison of every rule."""
    found = (leaf for row in load_edition(edition).rows() for leaf in leaves(row.when))
    return tuple(dict.fromkeys(leaf for leaf in found if isinstance(leaf, Compare)))


def limits(edition: str, fact: str) -> list[Limit]:
    return [leaf.limit for leaf in compared(edition) if leaf.fact == fact]


def value(fact: FactEntry, edition: Edition, choose: Random) -> Any:
    """One value, on or beside a threshold that some rule gives this fact."""
    if fact.kind == "yes_no":
        return choose.random() < 0.5
    if fact.kind == "word":
        return choose.choice(fact.words)
    if fact.name in WHOLE:
        return Decimal(choose.choice((1, 1, 2, 3)))
    numbers = [limit.number for limit in limits(edition.id, fact.name) if limit.of is None]
    return beside(choose.choice(numbers or [Decimal(1), Decimal(40)]), choose.choice)


def patient(edition: Edition, choose: Random) -> tuple[Facts, Facts]:
    """Facts and stale values. Some patients are fully known, some hardly at all."""
    found = {name: value(fact, edition, choose) for name, fact in edition.facts.items()}
    for leaf in compared(edition.id):
        other = found.get(leaf.limit.of or "")
        if other is not None and choose.random() < 0.5:
            found[leaf.fact] = beside(leaf.limit.number * other, choose.choice)
    if choose.random() < 0.2:  # a rule that few patients meet by chance is met on purpose
        aim(found, choose.choice(edition.rows()), edition, choose)
    unknown = choose.choice((0.0, 0.02, 0.1, 0.4, 0.95))
    lost = [name for name in found if choose.random() < unknown]
    old = {name for name in lost if can_be_stale(edition.facts[name]) and choose.random() < 0.5}
    stale = {name: found[name] for name in old}
    return {name: value for name, value in found.items() if name not in lost}, stale


@cache
def seeded(seed: int, size: int, name: str = "us") -> list[tuple[Facts, Facts]]:
    """`size` patients, a third of them calm: one fact at a time away from a patient who may be treated."""
    choose, edition = Random(seed), load_edition(name)
    return [patient(edition, choose) if n % 3 else calm(edition, choose) for n in range(size)]


def calm(edition: Edition, choose: Random) -> tuple[Facts, Facts]:
    """A patient for whom no rule holds as far as a search finds, then a few facts unknown, stale or at a threshold."""
    found = quiet(edition, choose.randrange(8))
    stale: Facts = {}
    if choose.random() < 0.3:
        aim(found, choose.choice([row for row in edition.rows() if row.then == "give_with_review"]), edition, choose)
    for name in choose.sample(sorted(edition.facts), choose.randint(0, 3)):
        fact, was = edition.facts[name], found.pop(name, None)
        if choose.random() < 0.4:
            found[name] = value(fact, edition, choose)
        elif can_be_stale(fact) and choose.random() < 0.5:
            stale[name] = choose.choice((was, value(fact, edition, choose)))
    return found, {name: old for name, old in stale.items() if old is not None}


def aim(facts: Facts, row: Row, edition: Edition, choose: Random) -> None:
    """Change the facts of one row until it holds, or give up."""
    for _ in range(40):
        if row.test(facts) is True:
            return
        name = choose.choice(row.facts)
        facts[name] = value(edition.facts[name], edition, choose)


@cache
def _quiet(edition: str, seed: int) -> Facts:
    choose, known = Random(seed), load_edition(edition)
    facts = {name: value(fact, known, choose) for name, fact in known.facts.items()}
    rows = [row for table in known.tables.values() if table.policy == "strictest" for row in table.rows]
    for _ in range(60):
        for row in rows:
            for _ in range(40):
                if row.test(facts) is False:
                    break
                name = choose.choice(row.facts)
                facts[name] = value(known.facts[name], known, choose)
    return facts


def quiet(edition: Edition, seed: int) -> Facts:
    return dict(_quiet(edition.id, seed))
