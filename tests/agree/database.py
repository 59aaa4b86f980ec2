"""What DuckDB says of conditions, of rules on given facts, and of records. Worked out once for each seed and size."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from posology.columns import decide_sql, expression
from posology.columns.names import TYPES, can_be_stale
from posology.knowledge import Edition, load_edition
from posology.language import Condition
from posology.runners.duckdb import connected, insert, rows, run
from tests.agree import conditions, patients, records, tables

Facts = dict[str, Any]


def as_text(value: object) -> str | None:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def of_conditions(asked: Sequence[Condition], given: Sequence[Facts]) -> list[tuple[bool | None, ...]]:
    """For each row of facts, TRUE, FALSE or NULL for each condition."""
    shape = {name: TYPES[kind] for name, kind in conditions.KINDS.items()}
    with connected() as connection:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in shape.items())
        connection.execute(f"CREATE TABLE facts (row_number BIGINT, {columns})")
        lines = ((str(n), *(as_text(row.get(name)) for name in shape)) for n, row in enumerate(given))
        insert(connection, "facts", {"row_number": "BIGINT", **shape}, lines)
        chosen = ", ".join(expression(condition) for condition in asked)
        return connection.execute(f"SELECT {chosen} FROM facts ORDER BY row_number").fetchall()


def of_facts(edition: Edition, given: Sequence[tuple[Facts, Facts]]) -> list[dict[str, Any]]:
    """For each pair of facts and stale values, every rule, answer and verdict."""
    shape = {"point": "BIGINT"} | {name: TYPES[fact.kind] for name, fact in edition.facts.items()}
    old = [name for name, fact in edition.facts.items() if can_be_stale(fact)]
    shape |= {f"stale_{name}": TYPES[edition.facts[name].kind] for name in old}
    with connected() as connection:
        connection.execute(f"CREATE TABLE facts ({', '.join(f'{name} {kind}' for name, kind in shape.items())})")
        lines = (
            (str(n), *(as_text(facts.get(name)) for name in edition.facts), *(as_text(stale.get(name)) for name in old))
            for n, (facts, stale) in enumerate(given)
        )
        insert(connection, "facts", shape, lines)
        return rows(connection, decide_sql(edition) + "\nORDER BY point")


@cache
def of_seeded_conditions(seed: int, many: int, size: int) -> list[tuple[bool | None, ...]]:
    return of_conditions(*conditions.seeded(seed, many, size))


@cache
def of_seeded_facts(seed: int, size: int, name: str = "us") -> list[dict[str, Any]]:
    return of_facts(load_edition(name), patients.seeded(seed, size, name))


@cache
def of_seeded_records(seed: int, size: int) -> list[dict[str, Any]]:
    return run(load_edition("us"), records.seeded(seed, size))


@cache
def of_seeded_tables(seed: int, many: int, size: int) -> list[dict[str, Any]]:
    return of_facts(tables.edition(seed, many), tables.seeded(seed, many, size))
