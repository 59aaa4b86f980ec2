"""The order that the record supports: every element with its figures and its source. Words and shapes are `say`'s."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from posology.answer import DoseFigures, Found
from posology.dose import Path
from posology.knowledge import Cites
from posology.plan import Due


@dataclass(frozen=True, slots=True)
class Criterion:
    """One treatment criterion: the question, the action it came to, and the evidence that it rests on."""

    question: str
    asks: str
    action: str
    findings: tuple[Found, ...]


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
    `review` is what a person must look at first; `identity` fields that nobody stated are None and print as blanks to fill.
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
