"""Advice around the doses: one line a statement, its source, the condition under which it applies. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from posology.knowledge.faults import KnowledgeError, entry, only
from posology.knowledge.monitoring import Spoken
from posology.knowledge.rules import SEEN, Cites, unstated
from posology.language import Condition, Test, compiled, facts_in, faults, read

KEYS = {"id", "section", "says", "when", "cites", "seen", "confidence", "reading", "settles"}


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of advice. `basis`: label, practice or policy. Without `applies` it always stands."""

    id: str
    section: str
    says: str
    reading: str
    cites: Cites
    seen: str
    confidence: str
    basis: str
    text: str
    when: Condition | None
    facts: tuple[str, ...]
    applies: Test | None = field(compare=False, hash=False, default=None)


@dataclass(frozen=True, slots=True)
class Section:
    """Lines on one matter, under a title."""

    id: str
    title: str
    lines: tuple[Line, ...]


def advice(document: Mapping[str, Any], spoken: Spoken) -> tuple[Section, ...]:
    """label/<edition>/advice.toml, section by section. Raises KnowledgeError for what is uncited, misspelt or unstated."""
    lines = [_line(row, spoken) for row in document["line"]]
    known = {row["id"] for row in document["section"]}
    lost = [line.id for line in lines if line.section not in known]
    if lost:
        raise KnowledgeError("advice.toml", [f"in no section: {', '.join(lost)}"])
    return tuple(
        Section(row["id"], row["title"], tuple(line for line in lines if line.section == row["id"]))
        for row in document["section"]
    )


def _line(row: dict[str, Any], spoken: Spoken) -> Line:
    where = f"advice.toml line {row.get('id', '?')}"
    only(row, KEYS, where)
    for key in ("id", "section", "says", "cites", "seen"):
        entry(row, key, where)
    condition = read(row["when"]) if "when" in row else None
    problems = [*faults(condition, spoken.facts), *unstated(condition, row["says"], spoken.facts)] if condition else []
    if row["cites"].get("source") not in spoken.sources or row["seen"] not in SEEN:
        problems.append("cites a source of sources.toml and says how it was seen")
    if problems:
        raise KnowledgeError(where, problems)
    return Line(
        id=row["id"],
        section=row["section"],
        says=row["says"],
        reading=row.get("reading", ""),
        cites=Cites(**row["cites"]),
        seen=row["seen"],
        confidence=row.get("confidence", SEEN[row["seen"]]),
        basis=spoken.basis(row["cites"]["source"]),
        text=" ".join(row.get("when", "").split()),
        when=condition,
        facts=facts_in(condition) if condition else (),
        applies=compiled(condition) if condition else None,
    )
