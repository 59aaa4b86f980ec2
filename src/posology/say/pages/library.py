"""The knowledge itself as lists: documents, conflicts, rules, facts, policy, readings for sign-off, recalled wording."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from posology.knowledge import Edition, Row, UnknownName, criteria, sources
from posology.knowledge.files import toml
from posology.knowledge.panel import Stated
from posology.say.pages import published

Rows = list[dict[str, Any]]


def documents() -> Rows:
    """Every document an answer may cite."""
    return [
        {
            "id": item.id,
            "title": item.title,
            "kind": item.kind,
            "jurisdiction": item.jurisdiction,
            "edition": item.edition,
            "date": item.date,
            "rank": item.rank,
            "good_for": item.good_for,
        }
        for item in sources().values()
    ]


def shown(what: str, name: str | None, edition: Edition) -> Rows:
    """What `posology label` prints. Raises UnknownName with the line to print."""
    if what == "readings":
        return readings(edition)
    if name is None:
        return [{"id": table.id, "asks": table.asks, "rows": len(table.rows)} for table in edition.tables.values()]
    if name == "facts":
        return [fact(edition, item) for item in edition.facts]
    if name == "policy":
        return policy(edition)
    if name == "panels":
        return panels()
    if name in edition.facts:
        return [fact(edition, name)]
    if name in edition.tables or name in edition.criteria:
        table = edition.tables.get(name) or edition.criteria[name]
        return [rule(row) for row in table.rows]
    if found := published.named(name, edition):
        return found
    others = ", ".join(published.NAMES)
    raise UnknownName(
        f"nothing is called {name!r}; name a question, a fact, a set of criteria, facts, policy, panels, {others}"
    )


def rule(row: Row) -> dict[str, Any]:
    """One rule as a pharmacist reviews it."""
    return {
        "id": row.id,
        "question": row.question,
        "states": row.states,
        "reading": row.reading or None,
        "when": row.text,
        "then": row.then,
        "source": f"{row.cites.source} {row.cites.section}",
        "seen": row.seen,
        "confidence": row.confidence,
        "settles": list(row.settles),
    }


def fact(edition: Edition, name: str) -> dict[str, Any]:
    """One fact of the dictionary."""
    entry = edition.facts[name]
    fresh = edition.policy.freshness.get(entry.pick.fresh_for or "")
    return {
        "id": name,
        "means": entry.means,
        "kind": entry.kind,
        "unit": entry.unit,
        "words": list(entry.words),
        "picked": f"{entry.pick.how} {', '.join(entry.pick.of)}",
        "fresh_for": str(fresh.normal) if fresh else None,
        "fresh_for_if_abnormal": str(fresh.abnormal) if fresh else None,
        "ask": entry.ask,
    }


def panels() -> Rows:
    """Groups of tests by the name people order them under; what is not read here says so."""
    return [
        {
            "id": name,
            "means": row["name"],
            "explains": row["explains"],
            "tests": [test["name"] + ("" if test["observable"] else " (not read)") for test in row["tests"]],
            "leaves_out": row["leaves_out"],
            "source": f"{row['cites']['source']} {row['cites']['section']}",
            "seen": row["seen"],
        }
        for name, row in toml("panels.toml").items()
    ]


def policy(edition: Edition) -> Rows:
    """Every policy row, site overrides included."""
    return [
        {
            "id": name,
            "says": {key: _said(value) for key, value in row.items() if key not in ("reason", "settles", "hard")},
            "reason": row.get("reason"),
            "hard": bool(row.get("hard")),
            "settles": list(row.get("settles", [])),
        }
        for name, row in edition.policy.rows.items()
    ]


def _said(value: object) -> str:
    """A parameter in words; limits by unit as `2 mg/dL, 34 umol/L`."""
    return ", ".join(f"{limit} {unit}" for unit, limit in value.items()) if isinstance(value, dict) else str(value)


def readings(edition: Edition) -> Rows:
    """Every reading of ours, from rules, regimen, product and policy: what two people sign."""
    found: Rows = [
        {"id": f"{row.question}.{row.id}", "reading": row.reading, "settles": list(row.settles)}
        for row in [*edition.rows(), *(row for table in edition.criteria.values() for row in table.rows)]
        if row.reading
    ]
    found += [
        {"id": name, "reading": row["reading"], "settles": list(row.get("settles", []))}
        for name, row in edition.parts()
        if row.get("reading")
    ]
    found += [
        {"id": place, "reading": said.reading, "settles": list(said.settles)} for place, said in statements() if said.reading
    ]
    return found + [
        {"id": f"policy.{row['id']}", "reading": row["reason"], "settles": row["settles"]} for row in policy(edition)
    ]


def statements() -> Iterator[tuple[str, Stated]]:
    """Every statement of the published criteria, by its place."""
    for panel in criteria.panels().values():
        yield from ((f"{panel.id}.{name}", one.said) for name, one in panel.sets.items())
        yield from ((f"{panel.id}.{name}", one.said) for name, one in panel.scales.items())
        yield from ((f"{panel.id}.{item.id}", item.said) for item in panel.conditions() if item.title not in UNDER)
        yield from ((f"{panel.id}.{name}", trend.said) for name, trend in panel.trends.items())


UNDER = ("applies", "outright", "lifted_if")
"""Conditions that stand under the statement of their owner."""


def listed(rows: Rows) -> str:
    """Rows as lines a person reads: the name, then each key that says something."""
    return "\n".join(_lines(row) for row in rows)


def _lines(row: dict[str, Any]) -> str:
    head = row.get("id", "")
    rest = [
        f"  {key.replace('_', ' ')}: {_plain(value)}"
        for key, value in row.items()
        if key != "id" and value not in (None, [], {})
    ]
    return "\n".join([str(head), *rest])


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return "; ".join(f"{key} {part}" for key, part in value.items())
    return str(value)
