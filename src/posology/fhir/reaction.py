"""A reaction at the chair as resources to add to the record: the part that was given, and the signed grade."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from posology.fhir.draft import ATC, RXNORM, quantity
from posology.fhir.signing import observed, own, stamp
from posology.verify import OrderSheet
from posology.verify.care.reaction import Delivered, Reacted

Json = dict[str, Any]


def reaction(order: OrderSheet, found: Reacted, part: Delivered, by: str, at: datetime) -> Json:
    """Both resources in a collection. `at` is when the grade was signed, after the stop."""
    graded = [{"code": own("infusion-reaction-grade"), "valueInteger": found.grade}]
    review = observed(f"{order.order_id}-reaction-{stamp(at)}", "pre-dose-review", order.patient, at, by, graded)
    resources = (_administration(order, part, by, at), review)
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}


def _administration(order: OrderSheet, part: Delivered, by: str, at: datetime) -> Json:
    """What was given: the whole dose, or the part that ran in before the stop."""
    codings = [{"system": RXNORM, "code": order.rxnorm}, {"system": ATC, "code": order.atc}]
    started, stopped = (one.astimezone(at.tzinfo).isoformat() for one in (part.started, part.stopped))
    return {
        "resourceType": "MedicationAdministration",
        "id": f"{order.order_id}-given",
        "status": "completed" if part.whole else "stopped",
        "medicationCodeableConcept": {"coding": codings, "text": order.drug},
        "subject": {"reference": f"Patient/{order.patient}"},
        "effectivePeriod": {"start": started, "end": stopped},
        "performer": [{"actor": {"reference": by}}],
        "dosage": {"route": own(order.route.replace("_", "-")), "dose": quantity(part.mg, "mg")},
    }
