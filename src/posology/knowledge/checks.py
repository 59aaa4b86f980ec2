"""The four verifications of an order: what each looks at and which values it signs. Checks nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from posology.knowledge.edition import sources
from posology.knowledge.faults import KnowledgeError, only
from posology.knowledge.files import toml
from posology.knowledge.rules import SEEN, Cites

KINDS = ("figure", "word", "confirm", "lots", "held", "day", "moment", "use_by")


@dataclass(frozen=True, slots=True)
class Looked:
    """One thing that a verification looks at and signs. `element`: what it is held against."""

    id: str
    says: str
    kind: str
    element: str
    unit: str


@dataclass(frozen=True, slots=True)
class Verification:
    """One of the four, in their order."""

    id: str
    title: str
    when: str
    items: tuple[Looked, ...]
    cites: Cites
    seen: str
    confidence: str


@cache
def verifications() -> tuple[Verification, ...]:
    """label/checks.toml. Raises KnowledgeError for what is uncited or misspelt."""
    return tuple(_step(row) for row in toml("checks.toml")["step"])


def _step(row: dict[str, Any]) -> Verification:
    where = f"checks.toml {row.get('id', '?')}"
    only(row, {"id", "title", "when", "item", "cites", "seen", "confidence"}, where)
    if row.get("seen") not in SEEN or row["cites"].get("source") not in sources():
        raise KnowledgeError(where, ["cites a source of sources.toml and says how it was seen"])
    confidence = row.get("confidence", SEEN[row["seen"]])
    items = tuple(_item(one, where) for one in row["item"])
    return Verification(row["id"], row["title"], row["when"], items, Cites(**row["cites"]), row["seen"], confidence)


def _item(row: dict[str, Any], where: str) -> Looked:
    only(row, {"id", "says", "kind", "element", "unit"}, f"{where} {row.get('id', '?')}")
    if row["kind"] not in KINDS or ("element" in row) != (row["kind"] in ("figure", "word")):
        raise KnowledgeError(
            where, [f"{row['id']}: kind is one of {', '.join(KINDS)}; a figure or a word names its element"]
        )
    return Looked(row["id"], row["says"], row["kind"], row.get("element", ""), row.get("unit", ""))
