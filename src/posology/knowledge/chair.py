"""The hood and the chair: syringes, premedication, vital signs, reactions. Shared by the editions; computes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from posology.knowledge.edition import Edition, sources
from posology.knowledge.faults import KnowledgeError, only
from posology.knowledge.files import toml
from posology.knowledge.preparation import Step
from posology.knowledge.rules import SEEN, Cites

GROUNDS = {"cites", "seen", "confidence", "reading"}


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a figure of the hood or the chair comes from, how it was seen, and how it is read."""

    cites: Cites
    seen: str
    confidence: str
    reading: str


@dataclass(frozen=True, slots=True)
class Syringe:
    """A syringe by its size and the distance of its marks, both in mL."""

    size_ml: Decimal
    graduation_ml: Decimal


@dataclass(frozen=True, slots=True)
class Before:
    """A class of premedication: given no earlier and no later than so many minutes before the start."""

    medicine: str
    earliest_minutes: int
    latest_minutes: int
    ground: Ground


@dataclass(frozen=True, slots=True)
class Vitals:
    """Which signs, every how many minutes during the infusion and after it."""

    says: str
    during_minutes: int
    after_minutes: int
    ground: Ground


@dataclass(frozen=True, slots=True)
class Reaction:
    """What is done at a reaction of these grades. `resume`: the prescriber may let the infusion go on.

    `steps` hold a line each, or the (question, row) whose words they are.
    """

    id: str
    grades: tuple[int, ...]
    resume: bool
    steps: tuple[Step | tuple[str, str], ...]

    def read(self, edition: Edition) -> tuple[Step, ...]:
        """The steps in the words of one edition."""
        return tuple(step if isinstance(step, Step) else _of_rule(*step, edition) for step in self.steps)


@dataclass(frozen=True, slots=True)
class Chair:
    """label/chair.toml."""

    fill_at_most_percent: Decimal
    drawing: Ground
    places: Mapping[str, int]
    syringes: tuple[Syringe, ...]
    lines: Mapping[str, tuple[str, ...]]
    premedication: tuple[Before, ...]
    vitals: Vitals
    ready: Step
    reactions: tuple[Reaction, ...]

    def at_grade(self, grade: int) -> Reaction | None:
        """What is done at a reaction of this grade; None where there is no such grade."""
        return next((one for one in self.reactions if grade in one.grades), None)


@cache
def chair() -> Chair:
    """Everything the hood and the chair are told. Raises KnowledgeError for what is uncited or misspelt."""
    document = toml("chair.toml")
    drawing, vitals = document["drawing"], document["vitals"]
    only(drawing, {"fill_at_most_percent", *GROUNDS}, "chair.toml drawing")
    only(vitals, {"says", "during_minutes", "after_minutes", *GROUNDS}, "chair.toml vitals")
    return Chair(
        fill_at_most_percent=Decimal(drawing["fill_at_most_percent"]),
        drawing=_ground(drawing, "drawing"),
        places=_places(document["counted"]),
        syringes=tuple(sorted((_syringe(row) for row in document["syringe"]), key=lambda one: one.size_ml)),
        lines={name: tuple(ids) for name, ids in document["lines"].items()},
        premedication=tuple(_before(row) for row in document["premedication"]),
        vitals=Vitals(vitals["says"], vitals["during_minutes"], vitals["after_minutes"], _ground(vitals, "vitals")),
        ready=_step({"id": "ready", **document["ready"]}),
        reactions=tuple(_reaction(row) for row in document["reaction"]),
    )


def _places(row: dict[str, Any]) -> Mapping[str, int]:
    """To how many decimals mL, mg and mg/mL are counted."""
    names = ("ml", "mg", "mg_per_ml")
    only(row, {*(f"{name}_places" for name in names), *GROUNDS}, "chair.toml counted")
    _ground(row, "counted")
    return {name: row[f"{name}_places"] for name in names}


def _syringe(row: dict[str, Any]) -> Syringe:
    only(row, {"size_ml", "graduation_ml", *GROUNDS}, "chair.toml syringe")
    _ground(row, "syringe")
    return Syringe(Decimal(row["size_ml"]), Decimal(row["graduation_ml"]))


def _before(row: dict[str, Any]) -> Before:
    where = f"chair.toml premedication {row.get('medicine', '?')}"
    only(row, {"medicine", "earliest_minutes", "latest_minutes", *GROUNDS}, where)
    if not row["earliest_minutes"] > row["latest_minutes"] >= 0:
        raise KnowledgeError(where, ["the earliest moment is before the latest, and both are before the start"])
    return Before(row["medicine"], row["earliest_minutes"], row["latest_minutes"], _ground(row, where))


def _reaction(row: dict[str, Any]) -> Reaction:
    only(row, {"id", "grades", "resume", "step"}, f"chair.toml reaction {row.get('id', '?')}")
    steps = (tuple(one["rule"].split(".")) if "rule" in one else _step(one) for one in row["step"])
    return Reaction(row["id"], tuple(row["grades"]), row["resume"], tuple(steps))


def _step(row: dict[str, Any]) -> Step:
    ground = _ground(row, f"step {row.get('id', '?')}")
    only(row, {"id", "says", *GROUNDS}, f"chair.toml step {row.get('id', '?')}")
    return Step(row["id"], row["says"], ground.cites, ground.seen, ground.confidence)


def _ground(row: dict[str, Any], where: str) -> Ground:
    if row.get("seen") not in SEEN or row.get("cites", {}).get("source") not in sources():
        raise KnowledgeError(f"chair.toml {where}", ["cites a source of sources.toml and says how it was seen"])
    return Ground(Cites(**row["cites"]), row["seen"], row.get("confidence", SEEN[row["seen"]]), row.get("reading", ""))


def _of_rule(question: str, row: str, edition: Edition) -> Step:
    """The words of one row of the edition. Raises KnowledgeError where it has none."""
    for one in edition.tables[question].rows if question in edition.tables else ():
        if one.id == row:
            return Step(row, one.states, one.cites, one.seen, one.confidence)
    raise KnowledgeError("chair.toml reaction", [f"edition {edition.id} has no row {question}.{row}"])
