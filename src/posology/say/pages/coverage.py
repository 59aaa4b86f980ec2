"""The register of one label: each section coded and by what, not coded and why, or out of scope and why."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Any

from posology.knowledge import Edition, Source, UnknownName
from posology.say.words import WIDTH

Row = dict[str, Any]
STATES = ("coded", "not coded", "out of scope")


def coverage(edition: Edition) -> list[Row]:
    """Every section with what codes it. Raises UnknownName with the line to print where the edition has no register."""
    if "coverage" not in edition.documents:
        raise UnknownName(f"edition {edition.id} has no register of its sections: write label/{edition.id}/coverage.toml")
    places = cited(edition)
    return [_row(section, places.get(section["number"], [])) for section in edition.documents["coverage"]["section"]]


def _row(section: Row, places: list[str]) -> Row:
    return {
        "id": section["number"],
        "title": section["title"],
        "state": section["state"],
        "by": [*places, *section.get("by", [])],
        "why": section.get("why"),
        "seen": section["seen"],
    }


def label_of(edition: Edition) -> Source:
    """The label this edition codes: the one of its country among the labels it cites."""
    return next(s for s in edition.sources.values() if s.kind == "label" and s.jurisdiction == edition.id)


def cited(edition: Edition) -> dict[str, list[str]]:
    """Section of the edition's own label → everything that cites it: rule rows, then parts of its other files."""
    found: dict[str, list[str]] = {}
    own = label_of(edition).id
    for place, cites in _citations(edition):
        if cites["source"] == own:
            found.setdefault(cites["section"], []).append(place)
    return found


def _citations(edition: Edition) -> Iterator[tuple[str, Row]]:
    for row in [*edition.rows(), *(row for table in edition.criteria.values() for row in table.rows)]:
        yield f"rule:{row.question}.{row.id}", {"source": row.cites.source, "section": row.cites.section}
    for name, document in edition.documents.items():
        yield from ((f"{name}:{part}", cites) for part, cites in _inside(document, ""))


def _inside(part: Any, name: str) -> Iterator[tuple[str, Row]]:
    """Every `cites` below a part, with the name of what it belongs to."""
    if isinstance(part, list):
        for one in part:
            yield from _inside(one, name)
    elif isinstance(part, dict):
        own = str(part.get("id", name))
        if isinstance(part.get("cites"), dict):
            yield own or "all", part["cites"]
        for key, value in part.items():
            if key != "cites":
                yield from _inside(value, str(part["id"]) if "id" in part else key)


def told(rows: list[Row]) -> str:
    """The register in words."""
    counts = ", ".join(f"{sum(row['state'] == state for row in rows)} {state}" for state in STATES)
    return "\n".join(line for row in rows for line in _told(row)) + f"\n\n{len(rows)} sections: {counts}"


def _told(row: Row) -> Iterator[str]:
    unsure = " (section number not verified)" if row["seen"] == "recalled" else ""
    yield f"{row['id']:6} {row['state']}: {row['title']}{unsure}"
    for line in (", ".join(row["by"]), row["why"]):
        if line:
            yield from wrap(line, WIDTH, initial_indent="       ", subsequent_indent="       ", break_on_hyphens=False)
