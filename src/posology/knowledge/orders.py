"""What an order must say, the classes of error looked for, and the reasons that may let a finding stand. Checks nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from posology.knowledge.faults import KnowledgeError, entry, only
from posology.knowledge.files import toml
from posology.knowledge.rules import SEEN, Cites

SEVERITIES = ("stop", "confirm", "note")
KINDS = ("number", "whole", "word", "text", "day", "moment", "list", "lines", "yes_no")
ELEMENT = {"id", "means", "kind", "unit", "places", "error", "differs", "missing", "do", "stated", "cites"}
CLASS = {"what", "cites", "seen", "detects", "not_detectable"}


@dataclass(frozen=True, slots=True)
class Element:
    """One element of an order. `kind`, `unit` say how it is read and written; `error` the class of a wrong one.

    `differs` and `missing` are severities; without `missing` the element may be left out. `places`: the decimals that
    two numbers are compared to, all of them where none are given. `stated`: read where somebody states it, never written.
    """

    id: str
    means: str
    kind: str
    unit: str
    places: int | None
    error: str
    differs: str
    missing: str
    do: str
    stated: bool
    cites: Cites


@dataclass(frozen=True, slots=True)
class ErrorClass:
    """One class of error. `detects`: the findings that show it; `not_detectable`: what the record cannot show, and why."""

    id: str
    what: str
    cites: Cites
    seen: str
    detects: tuple[str, ...]
    not_detectable: str


@dataclass(frozen=True, slots=True)
class Concern:
    """What a question of the decision, or one row of it, stands for when an order was written in spite of its answer.

    `name` makes the finding's id with the class; `hard`: no override.
    """

    error: str
    name: str
    hard: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """One coded reason for which a finding may stand. `open`: it is still to be done, and is counted as such."""

    id: str
    says: str
    open: bool


@dataclass(frozen=True, slots=True)
class Orders:
    """label/orders.toml and label/overrides.toml.

    `allows`: rows shown before every dose, the first, the start of a later cycle. `words`: what the words of an order may
    name, by kind; `unit_words`: the UCUM unit of each unit as people write it.
    """

    classes: Mapping[str, ErrorClass]
    elements: Mapping[str, Element]
    concerns: Mapping[str, Mapping[str, Concern]]
    hard: frozenset[str]
    severity: Mapping[str, str]
    reasons: Mapping[str, Reason]
    shorthand: tuple[str, ...]
    look_alikes: Mapping[str, tuple[str, ...]]
    limits: Mapping[str, Any]
    lines: Mapping[str, tuple[str, ...]]
    allows: Mapping[str, Mapping[str, tuple[str, ...]]]
    words: Mapping[str, tuple[str, ...]]
    unit_words: Mapping[str, str]

    def concern(self, question: str, row: str) -> Concern:
        """The class of error behind one row of a question: its own where it has one, else the question's."""
        known = self.concerns[question]
        return known.get(row) or known[""]


@cache
def orders() -> Orders:
    """Everything the check of an order is told. Raises KnowledgeError for what is uncited or misspelt."""
    document, reasons = toml("orders.toml"), toml("overrides.toml")
    classes = {id: _class(id, row) for id, row in document["class"].items()}
    elements = {one.id: one for one in (_element(row, classes) for row in document["element"])}
    return Orders(
        classes=classes,
        elements=elements,
        concerns={question: _concerns(question, row, classes) for question, row in document["question"].items()},
        hard=frozenset(document["hard"]["findings"]),
        severity=document["severity"],
        reasons={row["id"]: Reason(row["id"], row["says"], row.get("open", False)) for row in reasons["reason"]},
        shorthand=tuple(document["shorthand"]["never"]),
        look_alikes={name: tuple(words) for name, words in document["look_alikes"].items()},
        limits=document["limits"],
        lines={name: tuple(ids) for name, ids in document["lines"].items()},
        allows={when: {name: tuple(ids) for name, ids in rows.items()} for when, rows in document["allows"].items()},
        words={name: tuple(words) for name, words in document["words"].items()},
        unit_words={word: unit for unit, words in document["unit_words"].items() for word in words},
    )


def _class(id: str, row: dict[str, Any]) -> ErrorClass:
    where = f"orders.toml class {id}"
    only(row, CLASS, where)
    if row.get("seen") not in SEEN or ("detects" not in row and "not_detectable" not in row):
        raise KnowledgeError(where, ["says how it was seen, and what detects it or why nothing can"])
    detects = tuple(row.get("detects", ()))
    return ErrorClass(id, row["what"], Cites(**row["cites"]), row["seen"], detects, row.get("not_detectable", ""))


def _element(row: dict[str, Any], classes: Mapping[str, ErrorClass]) -> Element:
    where = f"orders.toml element {row.get('id', '?')}"
    only(row, ELEMENT, where)
    for key in ("id", "means", "kind", "error", "differs", "do"):
        entry(row, key, where)
    if row["kind"] not in KINDS or row["error"] not in classes:
        raise KnowledgeError(where, [f"kind is one of {', '.join(KINDS)}; error is a class"])
    if not {row["differs"], row.get("missing", "note")} <= set(SEVERITIES):
        raise KnowledgeError(where, [f"differs and missing are of {', '.join(SEVERITIES)}"])
    return Element(
        id=row["id"],
        means=row["means"],
        kind=row["kind"],
        unit=row.get("unit", ""),
        places=row.get("places"),
        error=row["error"],
        differs=row["differs"],
        missing=row.get("missing", ""),
        do=row["do"],
        stated=row.get("stated", False),
        cites=Cites(**row["cites"]) if "cites" in row else classes[row["error"]].cites,
    )


def _concerns(question: str, row: dict[str, Any], classes: Mapping[str, ErrorClass]) -> Mapping[str, Concern]:
    """The question's own class under "", and those of single rows by their names."""
    where = f"orders.toml question {question}"
    only(row, {"error", "as", "hard", "row"}, where)
    hard = row.get("hard", False)
    found = {"": Concern(row["error"], row.get("as", question), hard)}
    found |= {name: Concern(error, name, hard) for name, error in row.get("row", {}).items()}
    strangers = sorted({one.error for one in found.values()} - set(classes))
    if strangers:
        raise KnowledgeError(where, [f"there is no class {', '.join(strangers)}"])
    return found
