"""Everything whose wording is recalled, for two people to check: rules, parameters, contested points, sections, codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from textwrap import wrap
from typing import Any

from posology.knowledge import Edition, Row, UnknownName, code_rows
from posology.language import Compare, leaves
from posology.say.coverage import label_of
from posology.say.words import WIDTH
from posology.units import normalise

Rows = list[dict[str, Any]]
TEXTS = ("states", "what", "says", "text", "title", "reading", "means")
NOT_FIGURES = (*TEXTS, "id", "cites", "seen", "confidence", "settles", "number", "state", "why")
RECALLED = "recalled"


def unverified(edition: Edition) -> Rows:
    """Every recalled statement with its source, section and figures."""
    found = [_rule(row, "rule") for row in edition.rows() if row.seen == RECALLED]
    criteria = [row for table in edition.criteria.values() for row in table.rows]
    found += [_rule(row, "criterion") for row in criteria if row.seen == RECALLED]
    for name, document in edition.documents.items():
        if name != "claims":
            found += _parts(name, document, "", edition)
    return [*found, *_claims(edition)]


def chosen(kind: str | None, edition: Edition) -> Rows:
    """The list, or one kind of it; `codes` are listed only by name. Raises UnknownName with the line to print."""
    if kind == "codes":
        return codes()
    rows = unverified(edition)
    kinds = [*dict.fromkeys(row["kind"] for row in rows), "codes"]
    if kind is not None and kind not in kinds:
        raise UnknownName(f"nothing unverified is of the kind {kind!r}; there are: {', '.join(kinds)}")
    return [row for row in rows if kind in (None, row["kind"])]


def codes() -> Rows:
    """Every recalled code of the code lists."""
    return [
        _entry("code", row.code, row.display, row.observable, row.system, row.provenance, "", row.confidence)
        for row in code_rows()
        if row.confidence == "R"
    ]


def _entry(
    kind: str, id: str, says: str, figure: str, source: str, section: str, row: str, confidence: str
) -> dict[str, Any]:
    where = {"source": source, "section": section, "row": row or None}
    return {"kind": kind, "id": id, "says": says, "figure": figure or None, **where, "confidence": confidence}


def _rule(row: Row, kind: str) -> dict[str, Any]:
    figures = "; ".join(dict.fromkeys(_figure(leaf) for leaf in leaves(row.when) if isinstance(leaf, Compare)))
    return _entry(
        kind,
        f"{row.question}.{row.id}",
        row.states,
        figures,
        row.cites.source,
        row.cites.section,
        row.cites.row,
        row.confidence,
    )


def _figure(leaf: Compare) -> str:
    number = normalise(leaf.limit.number)
    return f"{leaf.fact} {leaf.operator} {number}" + (f" * {leaf.limit.of}" if leaf.limit.of else "")


def _parts(kind: str, part: Any, name: str, edition: Edition) -> Rows:
    """Every recalled part of one file, however deep."""
    if isinstance(part, list):
        return [row for one in part for row in _parts(kind, one, name, edition)]
    if not isinstance(part, Mapping):
        return []
    own = str(part.get("id") or part.get("number") or name)
    found = [_part(kind, own, part, edition)] if part.get("seen") == RECALLED else []
    return found + [row for key, value in part.items() for row in _parts(kind, value, key, edition) if key != "cites"]


def _part(kind: str, name: str, part: Mapping[str, Any], edition: Edition) -> dict[str, Any]:
    cites = part.get("cites") or {"source": part.get("source", label_of(edition).id), "section": part.get("number", "")}
    said = next((str(part[key]) for key in TEXTS if key in part), "")
    figures = "; ".join(f"{key} {_plain(value)}" for key, value in part.items() if key not in NOT_FIGURES)
    confidence = part.get("confidence", "R")
    return _entry(kind, name, said, figures, cites["source"], str(cites["section"]), cites.get("row", ""), confidence)


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return normalise(value)
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_plain(part)}" for key, part in value.items())
    return str(value)


def _claims(edition: Edition) -> Iterator[dict[str, Any]]:
    for point in edition.contested.values():
        if point.seen == RECALLED:
            yield _entry("claim", point.id, point.text, point.figure, ", ".join(point.rules), "", "ruling", point.confidence)
        for voice in point.voices:
            if voice.seen == RECALLED:
                yield _entry("claim", point.id, voice.says, voice.figure, voice.source, voice.where, voice.who, "R")


def told(rows: Rows) -> str:
    """The list in words, with a line to sign under each."""
    return "\n".join(line for row in rows for line in _told(row)) + f"\n\n{len(rows)} statements whose wording is recalled"


def _told(row: dict[str, Any]) -> Iterator[str]:
    yield f"{row['kind']} {row['id']}: look in {row['source']} {row['section']}" + (f", {row['row']}" if row["row"] else "")
    for line in filter(None, (row["says"], row["figure"] and f"figures: {row['figure']}")):
        yield from wrap(line, WIDTH, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)
    yield "    checked by, on: ______________________   and by, on: ______________________"
