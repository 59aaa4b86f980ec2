"""The whole SQL text of one edition: from readings and decision points to facts, rules, answers and verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from posology.columns import decide, facts, pick, spans, tables
from posology.columns.names import listed, quoted, remark
from posology.knowledge import Edition

DIALECTS = ("duckdb",)
Steps = Iterable[tuple[str, str]]


def sql(edition: Edition, dialect: str = "duckdb") -> str:
    """One statement that reads `points` and `readings`. Raises ValueError for a dialect that is not written yet."""
    if dialect not in DIALECTS:
        raise ValueError(f"no SQL is written for {dialect!r}; there is: {', '.join(DIALECTS)}")
    head = [
        remark(f"Edition {edition.id}, knowledge {edition.knowledge}. Written from the same tables that Python evaluates."),
        remark("NULL is unknown. why_<fact> says why; stale_<fact> may prove a danger, it never reassures."),
        remark("Reads two tables; bsa and qtcf come with the points, because they need roots to the last digit:"),
        *(remark(line) for line in tables_text(edition).splitlines()),
    ]
    steps = [*spans.steps(edition), *pick.steps(edition), *facts.steps(edition)]
    steps += decide.steps(edition.tables, edition.facts)
    shown = [*facts.columns(edition), *decide.outcome(edition.tables)]
    return "\n".join(head) + "\n" + _statement(steps, shown, "decided") + "\nORDER BY point\n"


def facts_sql(edition: Edition) -> str:
    """The facts alone."""
    steps = [*spans.steps(edition), *pick.steps(edition), *facts.steps(edition)]
    return _statement(steps, facts.columns(edition), "facts") + "\nORDER BY point\n"


def decide_sql(edition: Edition) -> str:
    """The rules alone, on a table `facts` that is already there."""
    return _statement(decide.steps(edition.tables, edition.facts), ["point", *decide.outcome(edition.tables)], "decided")


def tables_text(edition: Edition) -> str:
    """The statements that make the two tables the SQL reads."""
    return f"{_table('points', tables.points(edition))};\n{_table('readings', tables.READINGS)};"


def _table(name: str, columns: Mapping[str, str]) -> str:
    return f"CREATE TABLE {name} ({', '.join(f'{quoted(column)} {kind}' for column, kind in columns.items())})"


def _statement(steps: Steps, shown: Iterable[str], source: str) -> str:
    named = ",\n\n".join(f"{name} AS (\n{body}\n)" for name, body in steps)
    return f"WITH {named}\n\nSELECT {listed(shown)}\nFROM {source}"
