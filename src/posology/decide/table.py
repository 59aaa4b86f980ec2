"""One table and the facts → its answer, with reasons. The two hit policies, and nothing that hides an unknown."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from posology.decide.finding import Answer, Finding
from posology.knowledge import RANK, Row, Table
from posology.language import Facts, Value, why

States = list[bool | None]


class TableError(ValueError):
    """With everything known, no row or more than one applies: the table is wrong for these facts."""


def states(table: Table, facts: Facts, worst: Facts | None) -> States:
    """Does each row hold? `worst` has stale values put in: they may prove a row, never disprove it."""
    found = [row.test(facts) for row in table.rows]
    return _proved(table, found, worst) if worst is not None and None in found else found


def _proved(table: Table, found: States, worst: Facts) -> States:
    if table.policy == "exactly one":
        return found
    return [
        True if state is None and row.test(worst) is True else state for row, state in zip(table.rows, found, strict=True)
    ]


def answered(table: Table, facts: Facts, stale: Mapping[str, Value]) -> Answer:
    """The answer to one question. Raises TableError for an exactly-one table with a gap or an overlap."""
    found = [row.test(facts) for row in table.rows]
    if True not in found and None not in found and table.policy == "strictest":
        return _quiet(table.id, table.otherwise)
    worst = {**facts, **stale} if stale and None in found else None
    if worst is not None:
        found = _proved(table, found, worst)
    findings = tuple(
        _finding(row, state, facts, worst) for row, state in zip(table.rows, found, strict=True) if state is not False
    )
    if table.policy == "exactly one":
        return _one(table, found, findings, facts)
    return _strictest(table, findings)


@cache
def _quiet(question: str, otherwise: str) -> Answer:
    """The answer of a table none of whose rows holds or is open."""
    return Answer(question, otherwise, otherwise, (), (), {})


def carried(table: Table, facts: Facts) -> Mapping[str, str | Decimal]:
    """What the one row of an exactly-one table carries, without the reasons; empty while it is undetermined."""
    found = states(table, facts, None)
    settled = None not in found and found.count(True) == 1
    return table.rows[found.index(True)].sets if settled else {}


def _finding(row: Row, state: bool | None, facts: Facts, worst: Facts | None) -> Finding:
    reason = why(row.when, facts)
    if state is None:
        return Finding(row, "open", (), reason.missing)
    if reason.holds is None and worst is not None:
        reason = why(row.when, worst)
    return Finding(row, "holds", reason.because, ())


def _strictest(table: Table, findings: tuple[Finding, ...]) -> Answer:
    holding = [finding.row for finding in findings if finding.state == "holds"]
    strictest = max((row.then for row in holding), key=RANK.__getitem__, default=None)
    open_rows = len(holding) < len(findings)
    action = strictest or ("ask" if open_rows else table.otherwise)
    could_be = max((finding.row.then for finding in findings), key=RANK.__getitem__, default=table.otherwise)
    sets = {key: value for row in holding for key, value in row.sets.items()}
    return Answer(table.id, action, could_be, findings, _unknown(findings), sets)


def _one(table: Table, found: States, findings: tuple[Finding, ...], facts: Facts) -> Answer:
    holding = [finding.row for finding in findings if finding.state == "holds"]
    if None not in found and len(holding) != 1:
        names = ", ".join(row.id for row in holding) or "no row"
        known = ", ".join(f"{name} {facts[name]}" for name in _named(table) if facts.get(name) is not None)
        raise TableError(f"{table.id}: {names} applies with {known}; exactly one row must: check these facts")
    could = [finding.row.then for finding in findings if finding.row.then in RANK]
    could_be = max(could, key=RANK.__getitem__, default="give")
    if None not in found:
        return Answer(table.id, holding[0].then, could_be, findings, (), holding[0].sets)
    return Answer(table.id, "undetermined", could_be, findings, _unknown(findings), {})


def _named(table: Table) -> list[str]:
    return list(dict.fromkeys(name for row in table.rows for name in row.facts))


def _unknown(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for finding in findings for name in finding.missing))
