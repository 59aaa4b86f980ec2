"""One table and the facts → its answer, with reasons. The two hit policies, and nothing that hides an unknown."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from posology.decide.finding import Answer, Finding
from posology.knowledge import RANK, Row, Table
from posology.language import Facts, Value
from posology.quickly import quickly

States = list[bool | None]
finding_of, answer_of = quickly(Finding), quickly(Answer)


class TableError(ValueError):
    """With everything known, no row or more than one applies: the table is wrong for these facts."""


def states(table: Table, facts: Facts, worst: Facts | None) -> States:
    """Does each row hold? `worst` has stale values put in: they may prove a row, never disprove it."""
    found = [test(facts) for test in table.tests]
    return _proved(table, found, worst) if worst is not None and None in found else found


def _proved(table: Table, found: States, worst: Facts) -> States:
    if table.policy == "exactly one":
        return found
    tests = zip(table.tests, found, strict=True)
    return [True if state is None and test(worst) is True else state for test, state in tests]


def answered(table: Table, facts: Facts, stale: Mapping[str, Value]) -> Answer:
    """The answer to one question. Raises TableError for an exactly-one table with a gap or an overlap."""
    found = [test(facts) for test in table.tests]
    if None not in found and True not in found and table.policy == "strictest":
        return _quiet(table.id, table.otherwise)
    worst = None
    if stale and None in found and not table.facts.isdisjoint(stale):
        worst = {**facts, **stale}
        found = _proved(table, found, worst)
    rows = zip(table.rows, found, strict=True)
    findings = tuple([_finding(row, state, facts, worst) for row, state in rows if state is not False])
    return _one(table, found, findings, facts) if table.policy == "exactly one" else _strictest(table, findings)


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
    reason = row.reasons(facts)
    if state is None:
        return finding_of(row, "open", (), reason.missing)
    if reason.holds is None and worst is not None:
        reason = row.reasons(worst)
    return finding_of(row, "holds", reason.because, ())


def _strictest(table: Table, findings: tuple[Finding, ...]) -> Answer:
    holding = [finding.row for finding in findings if finding.state == "holds"]
    action = max([row.then for row in holding], key=RANK.__getitem__, default="ask")
    could_be = max([finding.row.then for finding in findings], key=RANK.__getitem__)
    sets = {key: value for row in holding for key, value in row.sets.items()}
    return answer_of(table.id, action, could_be, findings, _unknown(findings), sets)


def _one(table: Table, found: States, findings: tuple[Finding, ...], facts: Facts) -> Answer:
    if None in found:
        could_be = max([f.row.then for f in findings if f.row.then in RANK], key=RANK.__getitem__, default="give")
        return answer_of(table.id, "undetermined", could_be, findings, _unknown(findings), {})
    if len(findings) != 1:
        names = ", ".join(finding.row.id for finding in findings) or "no row"
        known = ", ".join(f"{name} {facts[name]}" for name in _named(table) if facts.get(name) is not None)
        raise TableError(f"{table.id}: {names} applies with {known}; exactly one row must: check these facts")
    row = findings[0].row
    return answer_of(table.id, row.then, row.then if row.then in RANK else "give", findings, (), row.sets)


def _named(table: Table) -> list[str]:
    return list(dict.fromkeys(name for row in table.rows for name in row.facts))


def _unknown(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([name for finding in findings for name in finding.missing]))
