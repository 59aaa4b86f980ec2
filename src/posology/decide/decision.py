"""All tables and the facts → the verdict. The most that any answer demands; `ask` where an unknown could demand more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from posology.decide.finding import Decision
from posology.decide.table import answered, states
from posology.knowledge import RANK, Table
from posology.language import Facts, Value

LETS_THROUGH = ("give", "give_with_review")


def decide_facts(tables: Mapping[str, Table], facts: Facts, stale: Mapping[str, Value] | None = None) -> Decision:
    """Answer every question. `stale` holds the values too old to reassure, by fact."""
    old = stale or {}
    answers = {name: answered(table, facts, old) for name, table in tables.items()}
    given = answers.values()
    return Decision(*_come_to({a.action for a in given}, {a.could_be for a in given}), answers)


def verdict(tables: Mapping[str, Table], facts: Facts, stale: Mapping[str, Value] | None = None) -> tuple[str, str]:
    """The verdict and how bad it could be, without the reasons: for counterfactuals and measurements."""
    worst = {**facts, **stale} if stale else None
    return combined(outcome(table, facts, worst) for table in tables.values())


def outcome(table: Table, facts: Facts, worst: Facts | None = None) -> tuple[str, str]:
    """One table's action and what it could be, without the reasons."""
    found = states(table, facts, worst)
    possible = [row.then for row, state in zip(table.rows, found, strict=True) if state is not False]
    holding = [row.then for row, state in zip(table.rows, found, strict=True) if state]
    could = max((then for then in possible if then in RANK), key=RANK.__getitem__, default=None)
    if table.policy == "exactly one":
        settled = len(holding) == 1 and None not in found
        return (holding[0] if settled else "undetermined"), could or "give"
    action = max(holding, key=RANK.__getitem__) if holding else "ask" if possible else table.otherwise
    return action, could or table.otherwise


def combined(pairs: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """What the actions, each with what it could be, come to."""
    actions, possible = zip(*pairs, strict=True)
    return _come_to({*actions}, {*possible})


def _come_to(actions: set[str], possible: set[str]) -> tuple[str, str]:
    strictest = max([action for action in actions if action in RANK], key=RANK.__getitem__, default="ask")
    could_be = max(possible, key=RANK.__getitem__)
    if strictest in LETS_THROUGH and ("undetermined" in actions or RANK[could_be] > RANK[strictest]):
        return "ask", could_be
    return strictest, could_be
