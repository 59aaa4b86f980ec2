"""Decision tables → SQL: what every rule says at every decision point, every answer, the verdict. Runs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from posology.columns.condition import expression
from posology.columns.names import action, can_be_stale, could_be, listed, quoted, remark, rule, stale, text, words
from posology.knowledge import RANK, SCALE, FactEntry, Row, Table

LETS_THROUGH = ("give", "give_with_review")
STRICTEST_FIRST = tuple(reversed(SCALE))
Facts = Mapping[str, FactEntry]
Tables = Mapping[str, Table]


def steps(tables: Tables, facts: Facts) -> list[tuple[str, str]]:
    """Named queries, each reading the one before; the first reads `facts` with a `stale_` column where a fact can age."""
    rows = [row for table in tables.values() for row in table.rows]
    return [
        ("aged", _aged(rows, facts)),
        ("tested", f"SELECT *,\n  {listed(_tested(row, tables[row.question], facts) for row in rows)}\nFROM aged"),
        ("answered", f"SELECT *,\n  {listed(_answered(tables))}\nFROM tested"),
        ("worst", f"SELECT *,\n  {_worst(tables)} AS could_be\nFROM answered"),
        ("decided", f"SELECT *,\n  {_verdict(tables)} AS verdict\nFROM worst"),
    ]


def outcome(tables: Tables) -> list[str]:
    """The columns that `decided` adds to the facts."""
    rows = [rule(row) for table in tables.values() for row in table.rows]
    return [*rows, *(column(name) for name in tables for column in (action, could_be)), "verdict", "could_be"]


def _aged(rows: Iterable[Row], facts: Facts) -> str:
    """Beside each fact that can age, the value with the stale one put in."""
    looked = dict.fromkeys(name for row in rows for name in row.facts if can_be_stale(facts[name]))
    columns = [f"COALESCE({stale(name)}, {quoted(name)}) AS {_old(name)}" for name in looked]
    return f"SELECT {listed(['*', *columns])}\nFROM facts"


def _old(fact: str) -> str:
    return quoted(f"old_{fact}")


def _tested(row: Row, table: Table, facts: Facts) -> str:
    """TRUE, FALSE or NULL. A stale value may prove a danger; it never disproves one, and never chooses a dose."""
    fresh = expression(row.when)
    ageing = [name for name in row.facts if can_be_stale(facts[name])]
    cites = f"{row.cites.source}, {row.cites.section}" + (f": {row.cites.row}" if row.cites.row else "")
    note = remark(f"{row.question} / {row.id} [{row.seen}] {cites}")
    if table.policy == "exactly one" or not ageing:
        return f"{note}\n  {fresh} AS {rule(row)}"
    old = expression(row.when, lambda name: _old(name) if name in ageing else quoted(name))
    return f"{note}\n  COALESCE({fresh},\n    NULLIF({old}, FALSE)) AS {rule(row)}"


def _answered(tables: Tables) -> Iterable[str]:
    for table in tables.values():
        settled = _only_one(table) if table.policy == "exactly one" else _strictest(table)
        yield f"{remark(table.asks)}\n  {settled} AS {action(table.id)}"
        otherwise = "give" if table.policy == "exactly one" else table.otherwise
        yield f"{_first(table, 'IS NOT FALSE', text(otherwise))} AS {could_be(table.id)}"


def _strictest(table: Table) -> str:
    unknown = " OR ".join(f"{rule(row)} IS NULL" for row in table.rows)
    return _first(table, "IS TRUE", f"CASE WHEN {unknown} THEN 'ask' ELSE {text(table.otherwise)} END")


def _first(table: Table, state: str, otherwise: str) -> str:
    """The strictest `then` among the rows in this state."""
    cases = []
    for then in STRICTEST_FIRST:
        found = [f"{rule(row)} {state}" for row in table.rows if row.then == then]
        if found:
            cases.append(f"WHEN {' OR '.join(found)} THEN {text(then)}")
    return f"CASE {' '.join(cases)} ELSE {otherwise} END" if cases else otherwise


def _only_one(table: Table) -> str:
    """The `then` of the one row that holds while all others do not; anything less is undetermined."""
    cases = []
    for row in table.rows:
        others = "".join(f" AND {rule(other)} IS FALSE" for other in table.rows if other is not row)
        cases.append(f"WHEN {rule(row)} IS TRUE{others} THEN {text(row.then)}")
    return f"CASE {' '.join(cases)} ELSE 'undetermined' END"


def _worst(tables: Tables) -> str:
    """How bad it could be: the strictest of all questions."""
    columns = ", ".join(could_be(name) for name in tables)
    cases = [f"WHEN {text(then)} IN ({columns}) THEN {text(then)}" for then in STRICTEST_FIRST]
    return f"CASE {' '.join(cases)} END"


def _verdict(tables: Tables) -> str:
    """The strictest action; `ask` where it would let the dose through and something unknown could be stricter."""
    columns = ", ".join(action(name) for name in tables)
    cases = []
    for then in STRICTEST_FIRST:
        found = f"{text(then)} IN ({columns})"
        if then in LETS_THROUGH:
            within = words(other for other in SCALE if RANK[other] <= RANK[then])
            clear = f"could_be IN {within} AND NOT 'undetermined' IN ({columns})"
            cases.append(f"WHEN {found} THEN CASE WHEN {clear} THEN {text(then)} ELSE 'ask' END")
        else:
            cases.append(f"WHEN {found} THEN {text(then)}")
    return f"CASE {' '.join(cases)} ELSE 'ask' END"
