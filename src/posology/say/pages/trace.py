"""What the source documents ask for, row by row: state, where it lives, and the test that shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from textwrap import wrap
from typing import Any

from posology.knowledge import UnknownName
from posology.knowledge.files import toml
from posology.say.words import WIDTH

Row = dict[str, Any]
STATES = ("done", "partly", "later")


def requirements(name: str | None = None) -> list[Row]:
    """Every row, or those of one id, one letter or one state. Raises UnknownName where there is none."""
    rows = [_row(id, row) for id, row in toml("requirements.toml").items()]
    if name is None:
        return rows
    chosen = [row for row in rows if name.lower() == row["state"] or row["id"].lower().startswith(name.lower())]
    if not chosen:
        raise UnknownName(f"no row is called {name!r}; name an id such as Q06, its letter, or {', '.join(STATES)}")
    return chosen


def _row(id: str, row: Row) -> Row:
    return {
        "id": id,
        "says": row["says"],
        "from": [f"seed-{number}" for number in row["from"]],
        "state": row["state"],
        "waits_for": waits_for(row),
        "lacks": row.get("lacks"),
        "lives": list(row.get("lives", [])),
        "shown": list(row.get("shown", [])),
    }


def waits_for(row: Row) -> str | None:
    """Which later work finishes a row, in words; None where it is done."""
    return f"issue {row['issue']}" if "issue" in row else row.get("until")


def told(rows: list[Row]) -> str:
    """The rows with where each lives and is shown, and how many stand how."""
    return "\n".join(line for row in rows for line in _told(row)) + f"\n\n{counted(rows)}"


def counted(rows: list[Row]) -> str:
    """How many rows stand how."""
    states = Counter(row["state"] for row in rows)
    return f"{len(rows)} rows: " + ", ".join(f"{states[state]} {state}" for state in STATES)


def _told(row: Row) -> Iterator[str]:
    wait = f" ({row['waits_for']})" if row["waits_for"] else ""
    yield f"{row['id']}  {row['state'] + wait}: {row['says']} [{', '.join(row['from'])}]"
    for name in ("lacks", "lives", "shown"):
        said = row[name] if isinstance(row[name], str) else ", ".join(row[name] or ())
        if said:
            yield from wrap(
                f"{name}: {said}", WIDTH, initial_indent="     ", subsequent_indent="       ", break_on_hyphens=False
            )
