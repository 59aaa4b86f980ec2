"""What two people sign: every reading and policy row, and where each contested point is decided."""

from __future__ import annotations

import re
from collections.abc import Iterator

from posology.knowledge import Edition, Row
from posology.knowledge.files import toml
from posology.say.pages import library
from posology.say.pages.markdown import code, page, plain, table
from posology.say.pages.unverified import published, unverified

POINT = re.compile(r"(EC|R|K)(\d+)(\w*)")
SIGNED = ["First signature, date", "Second signature, date"]


def readings(edition: Edition) -> str:
    """The one page for sign-off."""
    every = library.readings(edition)
    rules = [row for row in every if not row["id"].startswith("policy.")]
    policy = [row for row in every if row["id"].startswith("policy.")]
    return page(
        f"Readings for sign-off ({edition.id.upper()})",
        "Where a source is ambiguous we read it; where it is silent we decide. Both are listed here for two people to sign,"
        " label in hand. A name and a date in each column; nothing printed counts as a signature.",
        "## How we read the sources",
        table(["Row", "Our reading", "Settles", *SIGNED], [_reading(row) for row in rules]),
        "## What we decided ourselves",
        "Where no source speaks. [Policy](policy.md) has the figures.",
        table(["Row", "Reason", "Settles", *SIGNED], [_reading(row) for row in policy]),
        "## Our own rules",
        "Rows whose statement is ours, not a label's.",
        table(["Row", "States", "Cites", *SIGNED], [_stated(row) for row in _rows(edition) if row.seen == "ours"]),
        "## Label wording not verified",
        f"{len(unverified(edition)) + len(published(edition))} statements are recalled or come at second hand; they stand on"
        " [a page of their own](unverified.md) to be signed.",
        "## Where each contested point is decided",
        "EC: edge cases; R: rulings; K: points on which sources differ. A place in `code` is a parameter or a module.",
        table(["Point", "Where", "State"], points(edition)),
    )


def _rows(edition: Edition) -> list[Row]:
    return [*edition.rows(), *(row for one in edition.criteria.values() for row in one.rows)]


def _reading(row: dict[str, object]) -> list[str]:
    settles = row["settles"]
    assert isinstance(settles, list)
    return [code(str(row["id"])), str(row["reading"]), ", ".join(settles), "", ""]


def _stated(row: Row) -> list[str]:
    link = f"[{plain(row.question)}: {plain(row.id)}](rules/{row.question}.md#{row.id})"
    return [link, row.states, f"{row.cites.source} {row.cites.section}", "", ""]


def _recalled(edition: Edition) -> Iterator[list[str]]:
    yield from (_stated(row) for row in _rows(edition) if row.seen == "recalled")
    for name, given in edition.parts():
        if given.get("seen") == "recalled":
            where = f"{given['cites']['source']} {given['cites']['section']}"
            yield [code(name), str(given.get("says") or given.get("reading", "")), where, "", ""]
    for place, said in library.statements():
        if said.seen == "recalled":
            yield [code(place), said.states, f"{said.cites.source} {said.cites.section}", "", ""]


def points(edition: Edition) -> list[list[str]]:
    """Every edge case, ruling and claim, in order, with the rows that settle it or the place that does so later."""
    settled: dict[str, list[str]] = {}
    for place, names in _settled(edition):
        for name in names:
            settled.setdefault(name, []).append(place)
    rows = [[name, "; ".join(dict.fromkeys(places)), "decided"] for name, places in settled.items()]
    rows += list(later())
    return sorted(rows, key=lambda row: _order(row[0]))


def _settled(edition: Edition) -> Iterator[tuple[str, list[str]]]:
    yield from ((code(place), list(said.settles)) for place, said in library.statements())
    for row in _rows(edition):
        yield f"[{row.question}.{row.id}](rules/{row.question}.md#{row.id})", list(row.settles)
    for name, given in edition.parts():
        yield code(name), list(given.get("settles", []))
    for decided in library.policy(edition):
        yield f"[policy.{decided['id']}](policy.md)", decided["settles"]
    for name in edition.documents["claims"]:
        yield f"[conflicts](conflicts.md#{name})", [name]


def later() -> Iterator[list[str]]:
    """Points that no row settles, from label/later.toml: what code decides, and what waits for later work and why."""
    rest = toml("later.toml")
    for name, row in rest["decided_in_code"].items():
        yield [name, f"{code(row['where'])}, shown by {code(row['test'].rpartition('::')[2])}", f"decided: {row['how']}"]
    for name, row in rest["waits"].items():
        yield [name, f"later: {row['until']}", f"not decided: {row['why']}"]


def _order(name: str) -> tuple[str, int, str]:
    found = POINT.fullmatch(name)
    if found is None:
        return "", 0, name
    kind, number, part = found.groups()
    return kind, int(number), part


def policy(edition: Edition) -> str:
    """The page of policy rows."""
    rows = [
        [code(row["id"]), _says(row["says"]), row["reason"], "no" if row["hard"] else "yes", ", ".join(row["settles"])]
        for row in library.policy(edition)
    ]
    return page(
        "Policy: what we decided",
        f"Where the sources are silent. Author: {edition.policy.author}. A site may override a row that is not hard, with"
        " its own author and reason: see [override a policy row](../how-to/override-a-policy-row.md).",
        table(["Row", "Says", "Reason", "A site may override", "Settles"], rows),
    )


def _says(says: dict[str, str]) -> str:
    return "; ".join(f"{plain(key)} {value}" for key, value in says.items()) or "decides by rule"


def sources() -> str:
    """The page of documents."""
    rows = [
        [code(row["id"]), row["title"], row["edition"], row["date"], str(row["rank"]), row["good_for"]]
        for row in library.documents()
    ]
    return page(
        "Sources",
        "Every document an answer may cite. A lower rank prevails. [Where they differ](conflicts.md);"
        " [what the first four ask for](trace.md); [which sections of the label are coded](coverage.md);"
        " [what is not verified](unverified.md).",
        table(["Id", "Title", "Edition", "Date", "Rank", "Good for"], rows),
    )
