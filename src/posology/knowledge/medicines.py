"""Lists about medicines given beside the drug: the QT list, what else matters, and limits of the QTc by who says them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from posology.knowledge.dictionary import code_rows, facts
from posology.knowledge.edition import sources
from posology.knowledge.faults import KnowledgeError, entry, only
from posology.knowledge.files import toml
from posology.knowledge.rules import SEEN, Cites, unstated
from posology.language import Condition, Test, compiled, facts_in, faults, read

FOLDER = "criteria/medicines"
MEDICINE = "medicine"
NEEDS_DATE = "not_listed"


@dataclass(frozen=True, slots=True)
class QtDrug:
    """A medicine's category in the QT list. `not_listed` without a dated copy of the list is `unknown` (R27)."""

    name: str
    category: str
    says: str
    note: str
    confidence: str
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class QtList:
    """The list as we hold it. `copy_of` is the date of a copy in hand, None where there is none."""

    name: str
    recalled_on: date
    copy_of: date | None
    reading: str
    cites: Cites
    drugs: Mapping[str, QtDrug]


@dataclass(frozen=True, slots=True)
class When:
    """A condition on facts, as written and as it is asked."""

    text: str
    condition: Condition = field(compare=False, hash=False)
    test: Test = field(compare=False, hash=False)

    @property
    def facts(self) -> tuple[str, ...]:
        return facts_in(self.condition)


@dataclass(frozen=True, slots=True)
class Interaction:
    """What matters when `least` medicines of each list are taken together, or were `ever` taken.

    Without lists it is asked of a person (`ask`).
    """

    id: str
    concern: str
    each: tuple[tuple[str, ...], ...]
    least: int
    ever: bool
    when: When | None
    ask: str
    reading: str
    cites: Cites
    seen: str


@dataclass(frozen=True, slots=True)
class QtLimit:
    """A limit of the QTc and who says it. Without `when` there is no number here to meet."""

    id: str
    says: str
    states: str
    decides: bool
    when: When | None
    cites: Cites
    seen: str


@cache
def qt_list() -> QtList:
    """label/criteria/medicines/qt_drugs.toml. Raises KnowledgeError."""
    where = f"{FOLDER}/qt_drugs.toml"
    document = toml(where)
    about, words = document["list"], document["words"]
    only(about, {"name", "recalled_on", "copy_of", "reading"}, where)
    _coded(document["drug"], where)
    drugs = {
        name: qt_drug(name, table, words, about.get("copy_of"), f"{where} [{name}]")
        for name, table in document["drug"].items()
    }
    cites = Cites(**document["cites"])
    return QtList(about["name"], about["recalled_on"], about.get("copy_of"), about["reading"], cites, drugs)


def qt_drug(name: str, table: dict[str, Any], words: Mapping[str, str], copy_of: date | None, where: str) -> QtDrug:
    """One entry. That a medicine is not listed can be said only beside a dated copy of the list."""
    only(table, {"category", "confidence", "note", "as_of"}, where)
    category = str(entry(table, "category", where))
    if category not in words or table.get("confidence") not in ("C", "R"):
        raise KnowledgeError(where, [f"category is one of {', '.join(words)}, confidence C or R"])
    if category == NEEDS_DATE and copy_of is None:
        category = "unknown"
    return QtDrug(name, category, words[category], table.get("note", ""), table["confidence"], table.get("as_of"))


@cache
def interactions() -> tuple[Interaction, ...]:
    """label/criteria/medicines: interactions.toml and conditioning.toml. Raises KnowledgeError."""
    return tuple(one for name in ("conditioning", "interactions") for one in _interactions(f"{FOLDER}/{name}.toml"))


def _interactions(where: str) -> Iterator[Interaction]:
    document = toml(where)
    _coded([name for row in document["row"] for names in row["each"] for name in names], where)
    for row in (*document["row"], *document.get("ask", ())):
        yield _interaction(row, f"{where} {row.get('id', '?')}")


def _interaction(row: dict[str, Any], where: str) -> Interaction:
    only(row, {"id", "each", "least", "ever", "when", "concern", "ask", "reading", "settles", "cites", "seen"}, where)
    _cited(row, where)
    return Interaction(
        id=row["id"],
        concern=row["concern"],
        each=tuple(tuple(names) for names in row.get("each", ())),
        least=row.get("least", 1),
        ever=row.get("ever", False),
        when=_when(row["when"], row["concern"], where) if "when" in row else None,
        ask=row.get("ask", ""),
        reading=row.get("reading", ""),
        cites=Cites(**row["cites"]),
        seen=row["seen"],
    )


@cache
def qt_limits() -> tuple[QtLimit, ...]:
    """label/criteria/medicines/qt_limits.toml. Raises KnowledgeError."""
    where = f"{FOLDER}/qt_limits.toml"
    return tuple(_qt_limit(row, f"{where} {row.get('id', '?')}") for row in toml(where)["row"])


def _qt_limit(row: dict[str, Any], where: str) -> QtLimit:
    only(row, {"id", "says", "states", "decides", "when", "cites", "seen"}, where)
    _cited(row, where)
    when = _when(row["when"], row["states"], where) if "when" in row else None
    return QtLimit(row["id"], row["says"], row["states"], row["decides"], when, Cites(**row["cites"]), row["seen"])


def _when(text: str, states: str, where: str) -> When:
    condition = read(text)
    problems = [*faults(condition, facts()), *unstated(condition, states, facts())]
    if problems:
        raise KnowledgeError(where, problems)
    return When(text, condition, compiled(condition))


def _cited(row: dict[str, Any], where: str) -> None:
    if row.get("cites", {}).get("source") not in sources() or row.get("seen") not in SEEN:
        raise KnowledgeError(where, ["cites a source of sources.toml and says how it was seen"])


def _coded(names: Iterable[str], where: str) -> None:
    """A name that no code list has would never be found in a record."""
    known = {row.value for row in code_rows() if row.observable == MEDICINE}
    strangers = sorted(set(names) - known)
    if strangers:
        raise KnowledgeError(where, [f"no code list has a medicine called {', '.join(strangers)}"])
