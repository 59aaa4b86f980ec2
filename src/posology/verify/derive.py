"""The order sheet from the answer. Decides nothing: where the verdict lets no dose through there is no sheet."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal

from posology.answer import DoseFigures, Reply, Report
from posology.decide import LETS_THROUGH
from posology.dose import Path
from posology.knowledge import Cites, Edition
from posology.record import Patient
from posology.units import decimal, exactly
from posology.verify.sheet import Criterion, NoOrder, OrderSheet

INTENT = "transplant_intent"
ID_LENGTH = 16


def derive(report: Report, patient: Patient, facts: dict[str, object], edition: Edition) -> OrderSheet | NoOrder:
    """The order for the decision point of `report`, or why there is none. `facts`: the values the report rests on."""
    point = report.decision_point
    if report.verdict not in LETS_THROUGH or report.dose is None:
        return NoOrder(report.verdict, report.could_be, tuple(_criterion(one) for one in report.answers if one.findings))
    assert point.cycle is not None and point.dose is not None and point.day is not None
    dose, bag, prepared = report.dose, edition.product["bag"], edition.preparation
    on = report.at.astimezone().date() if point.planned_on is None else _on(report, point.planned_on)
    reference, change = _reference(dose, edition)
    mixture = dose.amounts.mixture
    in_bag = mixture.path is Path.BAG
    return OrderSheet(
        order_id=order_id(report, on),
        patient=report.patient,
        birth=patient.birth,
        sex=patient.sex,
        written_at=report.at,
        zone=report.zone,
        version=report.version,
        knowledge=report.knowledge,
        edition=report.edition,
        verdict=report.verdict,
        could_be=report.could_be,
        diagnosis=edition.product["indication"],
        regimen=edition.documents["regimen"]["name"],
        regimen_cites=Cites(**edition.documents["regimen"]["cites"]),
        intent=_word(facts.get(INTENT)),
        planned_cycles=None,
        cycle=point.cycle,
        dose=point.dose,
        day=point.day,
        on=on,
        not_before=point.earliest_on,
        drug=edition.product["tall_man"],
        brand=edition.product["brand"],
        rxnorm=edition.product["rxnorm"],
        atc=edition.product["atc"],
        figures=dose,
        reference_mg_per_m2=reference,
        change_percent=change,
        change_reason=None,
        hypersensitivity=_yes(facts.get("hypersensitivity")),
        route=edition.product["route"],
        diluent=prepared.diluent if prepared else None,
        path=mixture.path,
        final_volume_ml=mixture.final_volume_ml if in_bag else None,
        syringe_ml=mixture.syringe_ml,
        concentration_mg_per_ml=mixture.concentration_mg_per_ml,
        rate_ml_per_h=Decimal(bag["rate_ml_per_h"]) if in_bag else None,
        minutes=int(bag["infusion_minutes"]),
        observe_minutes=prepared.observe_minutes if prepared else None,
        premedication=tuple(one for one in report.due if one.id == "premedication"),
        monitoring=tuple(one for one in report.due if one.id != "premedication"),
        criteria=tuple(_criterion(one) for one in report.answers),
        review=tuple(found for one in report.answers for found in one.findings if found.state == "holds"),
        product_cites=Cites(**bag["cites"]),
    )


def order_id(report: Report, on: date) -> str:
    """The same for the same dose of the same knowledge; says nothing of who the patient is. Needs a dose."""
    point, dose = report.decision_point, report.dose
    assert dose is not None
    parts = (report.patient, report.edition, point.cycle, point.dose, on, report.knowledge, dose.amounts.rounded.mg)
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:ID_LENGTH]


def _on(report: Report, planned: date) -> date:
    """The day it is to be given: the planned one, never before today."""
    return max(planned, report.at.date())


def _reference(dose: DoseFigures, edition: Edition) -> tuple[Decimal, Decimal]:
    """The full dose of the regimen in mg/m², and by how many percent the level changes it (below zero: less)."""
    factor = exactly(edition.regimen.factors[dose.level])
    return decimal(exactly(dose.amounts.mg_per_m2) / factor), decimal((factor - 1) * 100)


def _criterion(reply: Reply) -> Criterion:
    return Criterion(reply.question, reply.asks, reply.action, reply.findings)


def _word(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _yes(value: object) -> bool | None:
    return value if isinstance(value, bool) else None
