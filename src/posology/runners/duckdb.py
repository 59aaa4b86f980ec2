"""DuckDB runs the SQL of an edition over many records at once, in memory. Loads, runs, hands back; decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import islice
from re import findall
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from posology.columns import NUMBER, READINGS, is_given, points, sql, tables_text
from posology.course import fold
from posology.facts import gather
from posology.knowledge import Edition, FactEntry
from posology.record import Reading, Record

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Dated = tuple[Record, datetime, ZoneInfo]
Line = tuple[str | None, ...]

CLOSED = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "enable_external_access": "false",
}
"""Nothing is downloaded, and no file is read or written."""

WIDTH, PLACES = (int(digits) for digits in findall(r"\d+", NUMBER))
BATCH = 100 * 100


@dataclass(frozen=True, slots=True)
class Point:
    """One decision point: the record, the moment, the clinic's zone."""

    number: int
    record: Record
    at: datetime
    zone: ZoneInfo


def run(edition: Edition, records: Iterable[Dated]) -> list[dict[str, Any]]:
    """One row for each (record, at, zone), in order: every column of `columns.sql`, numbers as Decimal.

    Raises ValueError where two records share a patient id, or a number is too long to be held exactly.
    """
    asked = [Point(number, *dated) for number, dated in enumerate(records)]
    if not asked:
        return []
    with connected() as connection:
        load(connection, edition, asked)
        return rows(connection, sql(edition))


def connected() -> DuckDBPyConnection:
    """An empty database in memory that can reach nothing outside."""
    import duckdb

    return duckdb.connect(":memory:", config=dict(CLOSED))


def rows(connection: DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """The result of a query, one dictionary a row."""
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def load(connection: DuckDBPyConnection, edition: Edition, asked: Sequence[Point]) -> None:
    """Make and fill `points` and `readings`."""
    connection.execute(tables_text(edition))
    shape = points(edition)
    needed = _needed(edition)
    insert(connection, "points", shape, (_point(point, needed, shape) for point in asked))
    insert(connection, "readings", READINGS, (line for point in _each_patient(asked) for line in _readings(point)))


def insert(connection: DuckDBPyConnection, table: str, shape: Mapping[str, str], lines: Iterable[Line]) -> None:
    """Add lines of text in batches, column by column; the database reads each column as its type."""
    columns = ", ".join(f"CAST(UNNEST(${n}::VARCHAR[]) AS {kind})" for n, kind in enumerate(shape.values(), 1))
    statement = f"INSERT INTO {table} SELECT {columns}"
    waiting = iter(lines)
    for batch in iter(partial(_taken, waiting), []):
        connection.execute(statement, [list(column) for column in zip(*batch, strict=True)])


def _taken(waiting: Iterator[Line]) -> list[Line]:
    return list(islice(waiting, BATCH))


def _needed(edition: Edition) -> Edition:
    """The edition with only the facts that `points` must be handed: of the course, and what those are made of."""
    wanted = [name for name, fact in edition.facts.items() if is_given(fact)]
    wanted += [name for table in edition.criteria.values() for row in table.rows for name in row.facts]
    for name in wanted:
        fact = edition.facts[name]
        wanted += [part for part in _parts(fact) if part not in wanted]
    return replace(edition, facts={name: fact for name, fact in edition.facts.items() if name in wanted})


def _parts(fact: FactEntry) -> tuple[str, ...]:
    return fact.pick.of[1:] if fact.pick.how == "derived" else ()


def _point(point: Point, needed: Edition, shape: Mapping[str, str]) -> Line:
    course = fold(point.record, needed.regimen, point.at, point.zone)
    found = gather(point.record, course, needed, point.at, point.zone)
    anchors = (course.first_dose_at, course.last_dose_at, course.prior_day1_at)
    days = (_instant(point.at), str(course.today), *map(_instant, anchors))
    start = (point.record.patient.id, str(point.number), *days, _text(course.point is not None, point))
    given = [found[name] for name in list(shape)[len(start) :: 2]]
    return (*start, *(cell for fact in given for cell in (_text(fact.value, point), fact.why)))


def _each_patient(asked: Iterable[Point]) -> Iterator[Point]:
    """Each record once. Raises ValueError where one patient id stands for two records or two zones."""
    known: dict[str, Point] = {}
    for point in asked:
        earlier = known.setdefault(point.record.patient.id, point)
        if earlier is point:
            yield point
        elif (earlier.record, earlier.zone) != (point.record, point.zone):
            raise ValueError(f"patient {point.record.patient.id}: two records under one id; give each its own id")


def _readings(point: Point) -> Iterator[Line]:
    for reading in point.record.readings:
        yield (
            point.record.patient.id,
            reading.id,
            reading.observable,
            _instant(reading.at),
            str(reading.at.astimezone(point.zone).date()),
            *_value(reading, point),
            _text(reading.low, point),
            _text(reading.high, point),
            str(reading.quality),
            _text(reading.signed, point),
            reading.sample,
            reading.reported,
        )


def _value(reading: Reading, point: Point) -> Line:
    """Number, word, flag."""
    shown = _text(reading.value, point)
    if isinstance(reading.value, bool):
        return None, None, shown
    return (shown, None, None) if isinstance(reading.value, Decimal) else (None, shown, None)


def _text(value: Decimal | str | bool | None, point: Point) -> str | None:
    if isinstance(value, Decimal):
        if value.adjusted() >= WIDTH - PLACES or not _fits(value):
            raise ValueError(f"patient {point.record.patient.id}: {value} has too many digits; round it in the record")
        return f"{value:f}"
    return value if value is None or isinstance(value, str) else str(value).lower()


def _fits(value: Decimal) -> bool:
    return value.as_tuple().exponent in range(-PLACES, PLACES) or (Fraction(value) * 10**PLACES).denominator == 1


def _instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ") if at else None
