"""The source court: points on which sources differ, who says what, what rules, why, and the harm of the wrong value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from posology.knowledge.dictionary import facts
from posology.knowledge.faults import KnowledgeError, entry, only
from posology.knowledge.files import Root, names, place, toml
from posology.knowledge.rules import SEEN
from posology.knowledge.sentences import Sentence
from posology.language import Condition, Test, compiled, faults, read

FOLDER = "claims"
HASH = re.compile("[0-9a-f]{64}")
KEYS = {"point", "text", "says", "rules", "figure", "reason", "harm", "seen", "confidence", "touches", "with_dose"}
VOICE_KEYS = {"source", "who", "says", "figure", "where", "seen", "sha256", "words"}


@dataclass(frozen=True, slots=True)
class Voice:
    """What one source says on a point, in our words. `who`: the document, where `source` is only our witness of it."""

    source: str
    says: str
    figure: str
    where: str
    seen: str
    who: str = ""
    sentence: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Contested:
    """One point on which sources differ. `text` is the line that an answer prints.

    An answer prints it where `when` is certainly true of its facts; without `when`, where a row that settles the point
    holds; and with `with_dose` beside every dose.
    """

    id: str
    point: str
    text: str
    voices: tuple[Voice, ...]
    rules: tuple[str, ...]
    figure: str
    reason: str
    harm: str
    seen: str
    confidence: str
    touches: str
    with_dose: bool
    when: Condition | None
    test: Test | None = field(compare=False, hash=False)


def documents(root: Root | None = None) -> dict[str, dict[str, Any]]:
    """The points as written, by id. A regimen kept at `root` has its own and no other's."""
    if root and place(FOLDER, root).parent != root:
        return {}
    found: dict[str, dict[str, Any]] = {}
    for name in names(FOLDER, root=root):
        rows = toml(f"{FOLDER}/{name}", root)
        twice = sorted(set(rows) & set(found))
        if twice:
            raise KnowledgeError(f"{FOLDER}/{name}", [f"{', '.join(twice)} stands in two files"])
        found |= rows
    return dict(sorted(found.items()))


def contested(sources: Mapping[str, object], root: Root | None = None) -> dict[str, Contested]:
    """Every point, checked. Raises KnowledgeError for a source that is not listed, a misspelt key or fact, a bad hash."""
    return {name: _contested(name, row, sources) for name, row in documents(root).items()}


def _contested(name: str, row: dict[str, Any], sources: Mapping[str, object]) -> Contested:
    where = f"{FOLDER} [{name}]"
    only(row, KEYS, where)
    for key in KEYS - {"touches", "with_dose"}:
        entry(row, key, where)
    voices = tuple(_voice(one, where) for one in row["says"])
    condition = read(row["touches"]) if "touches" in row else None
    problems = list(_faults(voices, row, condition, sources))
    if problems:
        raise KnowledgeError(where, problems)
    return Contested(
        id=name,
        **{key: row[key] for key in ("point", "text", "figure", "reason", "harm", "seen", "confidence")},
        voices=voices,
        rules=tuple(row["rules"]),
        touches=" ".join(row.get("touches", "").split()),
        with_dose=row.get("with_dose", False),
        when=condition,
        test=compiled(condition) if condition else None,
    )


def _faults(
    voices: tuple[Voice, ...], row: dict[str, Any], condition: Condition | None, sources: Mapping[str, object]
) -> Iterator[str]:
    yield from faults(condition, facts()) if condition else ()
    for source in (*(voice.source for voice in voices), *row["rules"]):
        if source not in sources:
            yield f"names {source!r}, which sources.toml does not list"
    if not voices or not row["rules"]:
        yield "says and rules each name at least one source"
    if not {row["seen"], *(voice.seen for voice in voices)} <= set(SEEN):
        yield f"seen is one of {', '.join(SEEN)}"


def _voice(row: dict[str, Any], where: str) -> Voice:
    only(row, VOICE_KEYS, where)
    for key in ("source", "says", "figure", "where"):
        entry(row, key, where)
    if ("sha256" in row) != ("words" in row):
        raise KnowledgeError(where, ["a hash goes with the number of words it covers"])
    sentence = Sentence(row["sha256"], row["words"]) if "sha256" in row else None
    if sentence and not (HASH.fullmatch(sentence.sha256) and sentence.words > 1):
        raise KnowledgeError(where, ["sha256 is 64 hex digits over at least two words"])
    return Voice(
        source=row["source"],
        says=row["says"],
        figure=row["figure"],
        where=row["where"],
        seen=row.get("seen", "verbatim" if sentence else "secondary"),
        who=row.get("who", ""),
        sentence=sentence,
    )
