"""Decision tables: one TOML file a question, one row a rule. Refuses what is uncited, misspelt or unexplained."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from posology.knowledge.dictionary import FactEntry, facts
from posology.knowledge.faults import KnowledgeError, entry, only
from posology.knowledge.files import Root, names, toml
from posology.language import Compare, Condition, Reason, Test, compiled, facts_in, faults, leaves, read, reasoned

SCALE = ("give", "give_with_review", "wait", "omit", "interrupt", "discontinue", "not_eligible")
RANK = {action: rank for rank, action in enumerate(SCALE)}
SEEN = {"verbatim": "C", "secondary": "C", "recalled": "R", "ours": "D"}
ROW_KEYS = {"id", "cites", "seen", "confidence", "states", "reading", "settles", "when", "then", "sets"}
SPELT = {
    "10*9/L": "×10⁹/L",
    "a": "year",
    "d": "day",
    "h": "h",
    "kg": "kg",
    "ms": "ms",
    "%": "%",
    "mg/dL": "mg/dL",
    "umol/L": "µmol/L",
    "mmol/L": "mmol/L",
    "mm[Hg]": "mmHg",
    "mL/min/{1.73_m2}": "mL/min",
}


@dataclass(frozen=True, slots=True)
class Cites:
    """Where a statement stands: a source of sources.toml, its section, and the row in it."""

    source: str
    section: str
    row: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: what the source says, how we read it, when it holds and what follows."""

    id: str
    question: str
    cites: Cites
    seen: str
    confidence: str
    states: str
    reading: str
    settles: tuple[str, ...]
    text: str
    when: Condition
    then: str
    sets: Mapping[str, str | Decimal] = field(hash=False)
    test: Test = field(compare=False, hash=False)
    facts: tuple[str, ...] = ()
    reasons: Reason = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reasons", reasoned(self.when))


@dataclass(frozen=True, slots=True)
class Table:
    """One question and the rows that answer it.

    `facts` is every fact that it looks at, `tests` the test of each row.
    """

    id: str
    asks: str
    policy: Literal["strictest", "exactly one"]
    otherwise: str
    rows: tuple[Row, ...]
    facts: frozenset[str] = field(init=False, compare=False, repr=False)
    tests: tuple[Test, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", frozenset(name for row in self.rows for name in row.facts))
        object.__setattr__(self, "tests", tuple(row.test for row in self.rows))


def tables(folder: str, sources: Mapping[str, object], root: Root | None = None) -> dict[str, Table]:
    """Every table of one folder below label/, in file order."""
    found: dict[str, Table] = {}
    alike: dict[Condition, Test] = {}
    for name in names(folder, root=root):
        document = toml(f"{folder}/{name}", root)
        where = f"{folder}/{name}"
        only(document, {"id", "asks", "policy", "otherwise", "row", "continues"}, where)
        question = str(document.get("continues") or entry(document, "id", where))
        rows = tuple(_row(row, question, where, sources, alike) for row in document["row"])
        if "continues" in document:
            found[question] = _joined(found[question], rows)
        else:
            found[question] = _table(document, rows, where)
    for table in found.values():
        _ids_are_unique(table, folder)
    return found


def _joined(table: Table, rows: tuple[Row, ...]) -> Table:
    return Table(table.id, table.asks, table.policy, table.otherwise, table.rows + rows)


def _ids_are_unique(table: Table, folder: str) -> None:
    ids = [row.id for row in table.rows]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise KnowledgeError(f"{folder}/{table.id}.toml", [f"two rows are called {', '.join(twice)}"])


def _table(document: dict[str, Any], rows: tuple[Row, ...], where: str) -> Table:
    policy = document.get("policy")
    if policy not in ("strictest", "exactly one"):
        raise KnowledgeError(where, ["policy is 'strictest' or 'exactly one'"])
    otherwise = document.get("otherwise", "undetermined")
    if policy == "strictest" and otherwise not in RANK:
        raise KnowledgeError(where, [f"otherwise is one of {', '.join(SCALE)}"])
    return Table(document["id"], str(entry(document, "asks", where)), policy, otherwise, rows)


def _row(row: dict[str, Any], question: str, where: str, sources: Mapping[str, object], alike: dict[Condition, Test]) -> Row:
    where = f"{where} row {row.get('id', '?')}"
    only(row, ROW_KEYS, where)
    for key in ("id", "cites", "seen", "states", "when", "then"):
        entry(row, key, where)
    condition = read(row["when"])
    problems = [*faults(condition, facts()), *unstated(condition, row["states"], facts())]
    if row["cites"].get("source") not in sources:
        problems.append(f"cites {row['cites'].get('source')!r}, which sources.toml does not list")
    if row["seen"] not in SEEN:
        problems.append(f"seen is one of {', '.join(SEEN)}")
    if row["then"] not in (*SCALE, "undetermined"):
        problems.append(f"then is one of {', '.join(SCALE)}")
    if problems:
        raise KnowledgeError(where, problems)
    return Row(
        id=row["id"],
        question=question,
        cites=Cites(**row["cites"]),
        seen=row["seen"],
        confidence=row.get("confidence", SEEN[row["seen"]]),
        states=row["states"],
        reading=row.get("reading", ""),
        settles=tuple(row.get("settles", ())),
        text=" ".join(row["when"].split()),
        when=condition,
        then=row["then"],
        sets={key: Decimal(value) if isinstance(value, int) else value for key, value in row.get("sets", {}).items()},
        test=compiled(condition, alike),
        facts=facts_in(condition),
    )


def unstated(condition: Condition, states: str, dictionary: Mapping[str, FactEntry]) -> Iterator[str]:
    """Every number of a condition stands in its statement, with its unit."""
    numbers = list(NUMBER.finditer(states))
    for leaf in leaves(condition):
        if not isinstance(leaf, Compare) or (leaf.limit.of and leaf.limit.number == 1):
            continue
        number = f"{leaf.limit.number:f}"
        fact = dictionary.get(leaf.fact)
        unit = _times(leaf.limit.of) if leaf.limit.of else SPELT.get(fact.unit or "") if fact else None
        places = [place for place in numbers if place[0] == number]
        if not places:
            yield f"the number {number} ({leaf.fact}) does not occur in `states`"
        elif unit and not any(_with_unit(states, place, unit) for place in places):
            yield f"the number {number} ({leaf.fact}) stands in `states` without its unit ({unit})"


NUMBER = re.compile(r"(?<![\d.])-?\d+(?:\.\d+)*")
"""A number of a sentence, never a part of another."""
MORE = re.compile(" ?(?:or more )?")
DAY = re.compile(r"\b[Dd]ays? (?:\d+ and (?:[Dd]ay )?)?\Z")


def _times(fact: str) -> str:
    """How a statement spells a multiple of this fact."""
    return "× baseline" if fact.endswith("_baseline") else "× ULN"


def _with_unit(states: str, place: re.Match[str], unit: str) -> bool:
    more = MORE.match(states, place.end())
    after = more is not None and states.startswith(unit, more.end())
    return after or (unit == "day" and DAY.search(states[: place.start()]) is not None)
