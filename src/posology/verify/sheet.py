"""The order that the record supports: every element with its figures and its source. Words and shapes are `say`'s."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from posology.answer import DoseFigures, Evidence, Found, Missing
from posology.answer.advice import Advised
from posology.dose import Path
from posology.knowledge import Cites, Step
from posology.knowledge.rules import Row
from posology.plan import Due


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the patient is, for print alone: joined where a document or a FHIR order is made, never in an id or a log.

    `identifiers` are (kind, system, value), `diagnoses` (resource, words). What nobody stated prints as a blank to fill.
    """

    name: str | None = None
    identifiers: tuple[tuple[str, str, str], ...] = ()
    birth: date | None = None
    allergies: tuple[str, ...] = ()
    diagnoses: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Criterion:
    """One treatment criterion: the question, the action it came to, the rows behind it, the values that it rests on, and the
    rows that say within which limits.
    """

    question: str
    asks: str
    action: str
    findings: tuple[Found, ...]
    missing: tuple[Missing, ...] = ()
    because: tuple[Evidence, ...] = ()
    limits: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Earlier:
    """The last dose given before this one, in mg where the record says how many, and the weight before the one dosed on."""

    on: date | None = None
    mg: Decimal | None = None
    cycle: int | None = None
    dose: int | None = None
    weight_kg: Decimal | None = None
    weight_on: date | None = None


@dataclass(frozen=True, slots=True)
class NoOrder:
    """Why there is no order: the verdict, how bad it could be, and what would settle it. Carries no figure of a dose."""

    verdict: str
    could_be: str
    reasons: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class OrderSheet:
    """One dose of one patient as it should be ordered. Exists only beside `give` or `give_with_review`.

    `patient` is the logical id: names and other identifiers are joined only where a document is printed or a FHIR order is
    written. Volumes in mL, `rate_ml_per_h`, `minutes`, doses in mg and mg/m², `change_percent` against the full dose.
    `review` is what a person must look at first. `on` is the clinic's local day. What nobody stated is None and prints as
    a blank to fill; the prescriber always is.
    """

    order_id: str
    patient: str
    birth: date | None
    sex: str | None
    written_at: datetime
    zone: str
    version: str
    knowledge: str
    edition: str
    verdict: str
    could_be: str
    diagnosis: str
    regimen: str
    regimen_cites: Cites
    intent: str | None
    planned_cycles: int | None
    cycle: int
    dose: int
    day: int
    on: date
    not_before: date | None
    drug: str
    brand: str
    rxnorm: str
    atc: str
    figures: DoseFigures
    reference_mg_per_m2: Decimal
    change_percent: Decimal
    change_reason: str | None
    hypersensitivity: bool | None
    route: str
    diluent: str | None
    path: Path | None
    final_volume_ml: Decimal | None
    syringe_ml: tuple[Decimal, Decimal] | None
    concentration_mg_per_ml: Decimal | None
    rate_ml_per_h: Decimal | None
    minutes: int
    observe_minutes: int | None
    premedication: tuple[Due, ...]
    monitoring: tuple[Due, ...]
    criteria: tuple[Criterion, ...]
    review: tuple[Found, ...]
    product_cites: Cites
    reaction_grade: Decimal | None
    premedication_classes: tuple[str, ...]
    premedication_lines: tuple[Advised, ...]
    supportive: tuple[Advised, ...]
    sequence: tuple[Step, ...]
    handling: tuple[Step, ...]
    cycles_counted: int | None
    remeasure: str
    diagnosis_observed: str
    diagnosis_from: str | None
    earlier: Earlier
