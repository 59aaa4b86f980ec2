"""Python and DuckDB on the same input: one line for each difference. Python is looked up anew, so a mutant can stand in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from posology.course import fold
from posology.decide import decision, table
from posology.facts import gather, values
from posology.knowledge import Edition, load_edition
from posology.language import Condition, compile, evaluate
from posology.record import Record
from tests.agree import conditions, database, patients, records, tables

SEED = 20261122
CONDITIONS, ROWS, TABLES, PATIENTS, RECORDS = 60, 250, 24, 300, 150
Check = Callable[[], Iterator[str]]


def differences(asked: Sequence[Condition], given: Sequence[Any], sql: Iterable[Sequence[bool | None]]) -> Iterator[str]:
    """Conditions on facts, three ways: evaluated, compiled, and by the database."""
    tests = [compile.compiled(condition) for condition in asked]
    for facts, answers in zip(given, sql, strict=True):
        for condition, test, answer in zip(asked, tests, answers, strict=True):
            plain, fast = evaluate.holds(condition, facts), test(facts)
            if not plain is fast is answer:
                yield f"{condition} on {facts}: evaluated {plain}, compiled {fast}, SQL {answer}"


def seeded_conditions(many: int = CONDITIONS, size: int = ROWS) -> Iterator[str]:
    """Random conditions on random facts."""
    asked, given = conditions.seeded(SEED, many, size)
    yield from differences(asked, given, database.of_seeded_conditions(SEED, many, size))


def seeded_rules(size: int = PATIENTS, name: str = "us") -> Iterator[str]:
    """Every rule, answer and verdict of an edition on random patients."""
    edition, given = load_edition(name), patients.seeded(SEED, size, name)
    for one, row in zip(given, database.of_seeded_facts(SEED, size, name), strict=True):
        yield from decided(edition, *one, row)


def seeded_tables(size: int = PATIENTS) -> Iterator[str]:
    """Random tables on random facts: what the tables of the edition are too well made to show."""
    edition = tables.edition(SEED, TABLES)
    answers = database.of_seeded_tables(SEED, TABLES, size)
    for given, row in zip(tables.seeded(SEED, TABLES, size), answers, strict=True):
        yield from decided(edition, *given, row)


def prepare() -> None:
    """Ask the database all that the checks compare with, before anything is changed."""
    database.of_seeded_conditions(SEED, CONDITIONS, ROWS)
    database.of_seeded_facts(SEED, PATIENTS)
    database.of_seeded_tables(SEED, TABLES, PATIENTS)
    database.of_seeded_records(SEED, RECORDS)


def decided(edition: Edition, facts: Any, stale: Any, row: dict[str, Any]) -> Iterator[str]:
    """Every rule and every answer of one patient, and the verdict."""
    worst = {**facts, **stale} if stale else None
    for name, one in edition.tables.items():
        for rule, state in zip(one.rows, table.states(one, facts, worst), strict=True):
            if state is not row[f"rule_{name}_{rule.id}"]:
                yield f"rule {name}/{rule.id}: {state}, SQL {row[f'rule_{name}_{rule.id}']}"
        try:
            answer = table.answered(one, facts, stale)
            found = (answer.action, answer.could_be)
        except table.TableError:
            found = ("undetermined", row[f"could_be_{name}"])
        if found != (row[f"action_{name}"], row[f"could_be_{name}"]):
            yield f"answer {name}: {found}, SQL {row[f'action_{name}']}, {row[f'could_be_{name}']}"
    verdict = decision.verdict(edition.tables, facts, stale)
    if verdict != (row["verdict"], row["could_be"]):
        yield f"verdict {verdict}, SQL {row['verdict']}, {row['could_be']}"


def seeded_records(size: int = RECORDS) -> Iterator[str]:
    """Every fact of random records."""
    yield from _records(records.seeded(SEED, size), database.of_seeded_records(SEED, size))


def _records(dated: Iterable[records.Dated], sql: Iterable[dict[str, Any]]) -> Iterator[str]:
    edition = load_edition("us")
    for (record, at, zone), row in zip(dated, sql, strict=True):
        yield from known(edition, record, at, zone, row)


def known(edition: Edition, record: Record, at: Any, zone: ZoneInfo, row: dict[str, Any]) -> Iterator[str]:
    """Every fact of one record: its value, its stale value, and why it is absent."""
    found = gather(record, fold(record, edition.regimen, at, zone), edition, at, zone)
    for name, fact in found.items():
        sql = (row[name], row[f"why_{name}"], row.get(f"stale_{name}"))
        if sql != (fact.value, fact.why, fact.stale):
            yield f"{name} of {record.patient.id}: {fact.value}, {fact.why}, {fact.stale}; SQL {sql}"
    stale = {name: fact.stale for name, fact in found.items() if fact.stale is not None}
    yield from (f"{record.patient.id}: {line}" for line in decided(edition, values(found), stale, row))
