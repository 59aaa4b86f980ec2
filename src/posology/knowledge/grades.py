"""CTCAE as frozen objects: what each version's grades ask of which fact. Refuses what is uncited or numerically unstated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

from posology.knowledge.dictionary import facts
from posology.knowledge.edition import sources
from posology.knowledge.faults import KnowledgeError, entry, only
from posology.knowledge.files import names, toml
from posology.knowledge.rules import SEEN, Cites, unstated
from posology.language import Condition, Test, compiled, facts_in, faults, read

VERSIONS = ("v3", "v5", "v6")
FOLDER = "criteria/ctcae"
ROW_KEYS = {"term", "if", "cites", "seen", "confidence", "states", "reading", "from", "judged"}


@dataclass(frozen=True, slots=True)
class Reached:
    """From when on at least this grade is reached."""

    grade: int
    text: str
    when: Condition = field(compare=False, hash=False)
    test: Test = field(compare=False, hash=False)


@dataclass(frozen=True, slots=True)
class GradeRow:
    """The grades of one term in one version, mildest first; of a term with arms, those of one arm (`if`).

    `judged` grades need a person's word and no number: unknown, they are asked for and leave the others as they are.
    """

    term: str
    version: str
    cites: Cites
    seen: str
    confidence: str
    states: str
    reading: str
    arm: Reached | None
    grades: tuple[Reached, ...]
    judged: tuple[Reached, ...]
    facts: tuple[str, ...]
    """Every fact the row looks at, that of its first grade first."""


@dataclass(frozen=True, slots=True)
class Term:
    """Something a laboratory measures and CTCAE grades: the fact `value`, and the group that says what a grade means."""

    id: str
    means: str
    value: str
    group: str


@dataclass(frozen=True, slots=True)
class ClinicalTerm:
    """Something only a person can grade: what each grade means, what to ask, and the fact that holds a signed grade."""

    id: str
    version: str
    ask: str
    grades: Mapping[int, str]
    recorded: str | None
    cites: Cites
    seen: str


@dataclass(frozen=True, slots=True)
class Ctcae:
    """All versions. `rows` by (version, term): one row, or one an arm; a term without a row has no figure in our sources."""

    terms: Mapping[str, Term]
    groups: Mapping[str, str]
    rows: Mapping[tuple[str, str], tuple[GradeRow, ...]]
    clinical: Mapping[str, ClinicalTerm]

    @property
    def facts(self) -> frozenset[str]:
        """Every fact that a grade looks at."""
        looked = {name for rows in self.rows.values() for row in rows for name in row.facts}
        recorded = {term.recorded for term in self.clinical.values() if term.recorded}
        return frozenset(looked | recorded | {term.value for term in self.terms.values()})


@cache
def ctcae() -> Ctcae:
    """label/criteria/ctcae. Raises KnowledgeError."""
    document = toml(f"{FOLDER}/terms.toml")
    terms = {name: Term(name, **table) for name, table in document["term"].items()}
    found: dict[tuple[str, str], tuple[GradeRow, ...]] = {}
    for row in _rows():
        found[row.version, row.term] = (*found.get((row.version, row.term), ()), row)
    strangers = {term for _, term in found} - terms.keys() | {t.group for t in terms.values()} - document["group"].keys()
    if strangers:
        raise KnowledgeError(f"{FOLDER}/terms.toml", [f"names no {', '.join(sorted(strangers))}"])
    return Ctcae(MappingProxyType(terms), document["group"], MappingProxyType(found), MappingProxyType(_clinical()))


def _rows() -> Iterator[GradeRow]:
    for version in VERSIONS:
        for name in names(f"{FOLDER}/{version}"):
            where = f"{FOLDER}/{version}/{name}"
            document = toml(where)
            only(document, {"version", "row"}, where)
            if document["version"] != version:
                raise KnowledgeError(where, [f"version is {version!r} in this folder"])
            for row in document["row"]:
                yield _row(row, version, f"{where} row {row.get('term', '?')}")


def _row(row: dict[str, Any], version: str, where: str) -> GradeRow:
    only(row, ROW_KEYS, where)
    for key in ("term", "cites", "seen", "states", "from"):
        entry(row, key, where)
    grades, judged = (
        tuple(_reached(int(grade), text, row["states"], where) for grade, text in sorted(row.get(key, {}).items()))
        for key in ("from", "judged")
    )
    if row["cites"].get("source") not in sources() or row["seen"] not in SEEN:
        raise KnowledgeError(where, ["cites a source of sources.toml and says how it was seen"])
    arm = _reached(0, row["if"], row["states"], where) if "if" in row else None
    parts = (*grades, *judged, *((arm,) if arm else ()))
    return GradeRow(
        term=row["term"],
        version=version,
        cites=Cites(**row["cites"]),
        seen=row["seen"],
        confidence=row.get("confidence", SEEN[row["seen"]]),
        states=row["states"],
        reading=row.get("reading", ""),
        arm=arm,
        grades=grades,
        judged=judged,
        facts=tuple(dict.fromkeys(name for part in parts for name in facts_in(part.when))),
    )


def _reached(grade: int, text: str, states: str, where: str) -> Reached:
    condition = read(text)
    problems = [*faults(condition, facts()), *unstated(condition, states, facts())]
    if problems:
        raise KnowledgeError(f"{where} grade {grade}", problems)
    return Reached(grade, text, condition, compiled(condition))


def _clinical() -> dict[str, ClinicalTerm]:
    document = toml(f"{FOLDER}/clinical.toml")
    cites, version, seen = Cites(**document["cites"]), document["version"], document["seen"]
    found = {}
    for name, table in document["term"].items():
        grades = {int(key): text for key, text in table.items() if key.isdigit()}
        found[name] = ClinicalTerm(name, version, table["ask"], grades, table.get("recorded"), cites, seen)
    return found
