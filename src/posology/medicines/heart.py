"""The ECG by four formulas, limits of the QTc by who says them, electrolytes, and medicines that touch the QT. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from posology.facts import Fact, Gathered
from posology.grading import Graded, grade
from posology.knowledge import Observable
from posology.knowledge.grades import VERSIONS, ctcae
from posology.knowledge.medicines import QtLimit, qt_limits
from posology.language import why
from posology.measures import Correction, Implausible, qtc
from posology.record import Reading, Record

DECIDES = Correction.FRIDERICIA
ELECTROLYTES = ("potassium", "magnesium", "calcium", "albumin", "calcium_corrected")
STATES = {True: "met", False: "not met", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Corrected:
    """The QTc by one formula, and whether decisions rest on it."""

    formula: str
    ms: Decimal
    decides: bool


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: `met`, `not met`, `unknown` (with what is missing), or `no number` of that source to meet here."""

    limit: QtLimit
    state: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heart:
    """One ECG and what matters beside it. `unnamed`: a QTc whose formula nobody named; it decides nothing."""

    facts: Gathered
    corrected: tuple[Corrected, ...]
    unnamed: Reading | None
    limits: tuple[Limit, ...]
    grades: tuple[Graded, ...]
    electrolytes: tuple[tuple[str, Fact], ...]


def heart(record: Record, facts: Gathered, observables: Mapping[str, Observable], at: datetime) -> Heart:
    """The QT of this record at one moment."""
    known = ctcae()
    return Heart(
        facts=facts,
        corrected=tuple(_corrected(facts)),
        unnamed=_unnamed(record, at),
        limits=tuple(_limit(limit, facts) for limit in qt_limits()),
        grades=tuple(grade(known.terms["qtc"], version, facts, known, observables) for version in VERSIONS),
        electrolytes=tuple((name, facts[name]) for name in ELECTROLYTES),
    )


def _corrected(facts: Gathered) -> Iterator[Corrected]:
    """Every formula from QT and heart rate of one ECG; nothing where one of them is unknown."""
    qt, rate = facts["qt"].value, facts["heart_rate"].value
    if not isinstance(qt, Decimal) or not isinstance(rate, Decimal):
        return
    for formula in Correction:
        try:
            yield Corrected(formula.value, qtc(qt, rate, formula), formula is DECIDES)
        except Implausible:
            return


def _unnamed(record: Record, at: datetime) -> Reading | None:
    found = [reading for reading in record.of("qtc_unspecified") if reading.at <= at]
    return found[-1] if found else None


def _limit(limit: QtLimit, facts: Gathered) -> Limit:
    if limit.when is None:
        return Limit(limit, "no number")
    reason = why(limit.when.condition, {name: facts[name].value for name in limit.when.facts})
    return Limit(limit, STATES[reason.holds], reason.missing)
