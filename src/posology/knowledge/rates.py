"""Published figures of reactions and efficacy: each by source, people, cut-off and arm. Averages nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from posology.knowledge.faults import KnowledgeError, only
from posology.knowledge.files import names, rows, toml
from posology.knowledge.rules import SEEN

ARMS = ("drug", "control")
KINDS = ("reactions", "efficacy")


@dataclass(frozen=True, slots=True)
class Counted:
    """Who was counted: one set of sets.toml."""

    id: str
    source: str
    section: str
    population: str
    n: int | None
    n_control: int | None
    cut_off: str
    window: str


@dataclass(frozen=True, slots=True)
class Rate:
    """One published figure. `value` as printed, in `unit`; `count` of `of` where known; `bound` such as >= or about."""

    counted: Counted
    term: str
    arm: str
    grade: str
    timing: str
    grouping: str
    bound: str
    value: Decimal | None
    unit: str
    low: Decimal | None
    high: Decimal | None
    count: int | None
    of: int | None
    seen: str
    confidence: str
    source: str
    section: str
    note: str

    @property
    def n(self) -> int | None:
        """Its own denominator, or that of its arm of the set."""
        return self.of or (self.counted.n if self.arm == ARMS[0] else self.counted.n_control)


@dataclass(frozen=True, slots=True)
class Rated:
    """Our name for one reaction or endpoint, what else it is called, why its figures differ, and the claims on it."""

    id: str
    name: str
    also: tuple[str, ...]
    why: str
    claims: tuple[str, ...]

    def called(self, words: str) -> bool:
        """Is this what somebody means by these words?"""
        asked = " ".join(words.lower().replace("_", " ").split())
        return asked in {self.id.replace("_", " "), self.name.lower(), *(name.lower() for name in self.also)}


@cache
def terms(kind: str) -> Mapping[str, Rated]:
    """Every term of one kind, in file order."""
    found = {}
    for name, row in toml(f"{kind}/terms.toml").items():
        only(row, {"name", "also", "why", "claims"}, f"{kind}/terms.toml [{name}]")
        found[name] = Rated(name, row["name"], tuple(row.get("also", ())), row.get("why", ""), tuple(row.get("claims", ())))
    return found


@cache
def rates(kind: str) -> tuple[Rate, ...]:
    """Every figure of one kind, set after set. Raises KnowledgeError for a figure of nobody, of nothing, or unsourced."""
    sets = {name: _set(name, row) for name, row in toml(f"{kind}/sets.toml").items()}
    return tuple(sorted(_rates(kind, sets), key=lambda one: list(sets).index(one.counted.id)))


def _set(name: str, row: Mapping[str, Any]) -> Counted:
    return Counted(
        id=name,
        source=row["source"],
        section=row["section"],
        population=row["population"],
        n=row.get("n"),
        n_control=row.get("n_control"),
        cut_off=row["cut_off"],
        window=row.get("window", ""),
    )


def _rates(kind: str, sets: Mapping[str, Counted]) -> Iterator[Rate]:
    for name in names(kind, ".csv"):
        for line, row in enumerate(rows(f"{kind}/{name}"), start=2):
            yield rate(row, sets, terms(kind), toml("sources.toml"), f"{kind}/{name} line {line}")


def rate(
    row: Mapping[str, str], sets: Mapping[str, Counted], known: Mapping[str, Rated], sources: Mapping[str, Any], where: str
) -> Rate:
    """One line of a table. Raises KnowledgeError naming the line."""
    counted = sets.get(row["set"])
    source = row["source"] or (counted.source if counted else "")
    problems = list(_faults(row, counted, source, known, sources))
    if problems or counted is None:
        raise KnowledgeError(where, problems)
    return Rate(
        counted=counted,
        term=row["term"],
        arm=row["arm"],
        grade=row["grade"],
        timing=row["timing"],
        grouping=row["grouping"],
        bound=row["bound"],
        value=_number(row["value"]),
        unit=row["unit"],
        low=_number(row["low"]),
        high=_number(row["high"]),
        count=int(row["count"]) if row["count"] else None,
        of=int(row["of"]) if row["of"] else None,
        seen=row["seen"],
        confidence=SEEN[row["seen"]],
        source=source,
        section=row["section"] or counted.section,
        note=row["note"],
    )


def _faults(
    row: Mapping[str, str], counted: Counted | None, source: str, known: Mapping[str, Rated], sources: Mapping[str, Any]
) -> Iterator[str]:
    if counted is None:
        yield f"sets.toml has no {row['set']!r}"
    if row["term"] not in known:
        yield f"terms.toml has no {row['term']!r}"
    if row["arm"] not in ARMS:
        yield f"arm is one of {', '.join(ARMS)}"
    if row["seen"] not in SEEN or row["seen"] == "ours":
        yield "seen is verbatim, secondary or recalled"
    if not row["value"] and not row["count"]:
        yield "a figure has a value or a count"
    if source not in sources:
        yield f"sources.toml has no {source!r}"


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None
