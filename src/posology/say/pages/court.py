"""The source court in words: each contested point with who says what, the ruling, why, and the harm of the wrong value."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Any

from posology.knowledge import Contested, Edition, UnknownName, Voice, editions, load_edition, sources
from posology.knowledge.claims import contested
from posology.language import read
from posology.say.pages.search import spelt
from posology.say.phrase import listed
from posology.say.words import SEEN, WIDTH

Row = dict[str, Any]


def conflicts(word: str | None = None) -> list[Row]:
    """Every contested point, or those of one id or word. Raises UnknownName with the line to print where there is none."""
    places = settled()
    rows = [_row(point, places.get(point.id, [])) for point in contested(sources()).values()]
    if word is None:
        return rows
    exact = [row for row in rows if row["id"].lower() == word.lower()]
    chosen = exact or [row for row in rows if spelt(word) in spelt(_text(row))]
    if not chosen:
        raise UnknownName(f"no contested point is called or speaks of {word!r}; posology sources conflicts lists them")
    return chosen


def settled() -> dict[str, list[str]]:
    """Point → the rule rows of every edition that settle it, as `us: liver.liver_chemistry`."""
    found: dict[str, list[str]] = {}
    for name in editions():
        for row in _rows(load_edition(name)):
            for point in row.settles:
                found.setdefault(point, []).append(f"{name}: {row.question}.{row.id}")
    return found


def _rows(edition: Edition) -> list[Any]:
    return [*edition.rows(), *(row for table in edition.criteria.values() for row in table.rows)]


def _row(point: Contested, rows: list[str]) -> Row:
    return {
        "id": point.id,
        "point": point.point,
        "text": point.text,
        "says": [_voice(voice) for voice in point.voices],
        "ruling": {"rules": list(point.rules), "figure": point.figure, "reason": point.reason},
        "harm": point.harm,
        "seen": point.seen,
        "confidence": point.confidence,
        "touches": point.touches or None,
        "with_dose": point.with_dose,
        "settled_by": rows,
    }


def _voice(voice: Voice) -> Row:
    sentence = voice.sentence
    return {
        "source": voice.source,
        "who": voice.who or None,
        "says": voice.says,
        "figure": voice.figure,
        "where": voice.where,
        "seen": voice.seen,
        "sentence": {"sha256": sentence.sha256, "words": sentence.words} if sentence else None,
    }


def _text(row: Row) -> str:
    said = [f"{voice['source']} {voice['who'] or ''} {voice['says']} {voice['figure']}" for voice in row["says"]]
    return " ".join([row["point"], row["text"], *said, row["ruling"]["figure"], row["ruling"]["reason"], row["harm"]])


def told(rows: list[Row]) -> str:
    """Few points in full; many as a list with their rulings."""
    if len(rows) <= 10:
        return "\n\n".join("\n".join(_told(row)) for row in rows)
    lines = [f"{row['id']}  {row['point']}: {row['ruling']['figure']}" for row in rows]
    return "\n".join([*lines, "", f"{len(rows)} points. Who says what, why and the harm: posology sources conflicts K01"])


def _told(row: Row) -> Iterator[str]:
    yield f"{row['id']}  {row['point']}"
    yield from _paragraph(row["text"])
    yield "  Who says what"
    width = max(len(voice["source"]) for voice in row["says"])
    for voice in row["says"]:
        whom = f"{voice['who']}: " if voice["who"] else ""
        seen = f"{voice['where']}; {voice['seen']}{'; sentence hashed' if voice['sentence'] else ''}"
        line = f"{voice['source']:{width}}  {voice['figure']}: {whom}{voice['says']} ({seen})"
        yield from wrap(line, WIDTH, initial_indent="    ", subsequent_indent=" " * (width + 2 * 2 + 2))
    yield from _paragraph(f"Ruling: {row['ruling']['figure']}, by {', '.join(row['ruling']['rules'])} [{SEEN[row['seen']]}]")
    yield from _paragraph(f"Why: {row['ruling']['reason']}")
    yield from _paragraph(f"Harm of the wrong value: {row['harm']}")
    yield from _paragraph(f"A decision says so: {when(row)}")


def _paragraph(text: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")


def when(row: Row) -> str:
    """When an answer prints the point, in one line."""
    said = [f"where {row['touches']}"] if row["touches"] else [f"where {place} holds" for place in row["settled_by"]]
    said += ["beside every dose"] if row["with_dose"] else []
    return "; ".join(said) or "never: no question asked today meets it"


def in_words(row: Row, edition: Edition) -> list[str]:
    """The condition of a point as a nested list in words."""
    return list(listed(read(row["touches"]), edition.facts)) if row["touches"] else []
