"""The order sheet as a draft MedicationRequest: standard places first, extensions for what FHIR R4 has no place for."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from posology.fhir.orders import PREFIX
from posology.fhir.quantity import UCUM
from posology.knowledge.orders import Element, orders
from posology.record import Written
from posology.units import exactly, normalise
from posology.verify import Identity, NoOrder, OrderSheet, elements, instruction

Json = dict[str, Any]
RXNORM, ATC = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://www.whocc.no/atc"
OWN = "urn:posology:codes"
STANDARD = frozenset({"drug", "written-on", "on", "diagnosis", "dose", "rate", "route"})
"""Elements that FHIR R4 has a place of its own for."""


def medication_request(sheet: OrderSheet, identity: Identity | None = None) -> Json:
    """The order as a draft; the prescriber is left out, and whoever activates it adds themselves."""
    said = elements(sheet)
    return {
        "resourceType": "MedicationRequest",
        "id": sheet.order_id,
        "extension": [one for name, value in said.items() if name not in STANDARD for one in _extensions(name, value)],
        "status": "draft",
        "intent": "order",
        "medicationCodeableConcept": {
            "coding": [{"system": RXNORM, "code": sheet.rxnorm}, {"system": ATC, "code": sheet.atc}],
            "text": sheet.drug,
        },
        "subject": _subject(sheet, identity),
        "authoredOn": sheet.written_at.isoformat(),
        "reasonCode": [_reason(sheet)],
        "note": [{"text": _note(sheet)}],
        "dosageInstruction": [_dosage(sheet, said)],
    }


def _reason(sheet: OrderSheet) -> Json:
    coded = [{"system": OWN, "code": sheet.diagnosis_observed.replace("_", "-")}] if sheet.diagnosis_observed else []
    return {"coding": coded, "text": sheet.diagnosis}


def _note(sheet: OrderSheet) -> str:
    looked = f" Look first: {' '.join(one.states for one in sheet.review)}" if sheet.review else ""
    return f"Draft from the record by posology {sheet.version}; not an order until a prescriber signs it.{looked}"


def _subject(sheet: OrderSheet, identity: Identity | None) -> Json:
    subject: Json = {"reference": f"Patient/{sheet.patient}"}
    if identity and identity.name:
        subject["display"] = identity.name
    if identity and identity.identifiers:
        _, system, value = identity.identifiers[0]
        subject["identifier"] = {**({"system": system} if system else {}), "value": value}
    return subject


def _dosage(sheet: OrderSheet, said: dict[str, Written]) -> Json:
    rate = {"doseQuantity": quantity(sheet.figures.amounts.rounded.mg, "mg")}
    if "rate" in said and isinstance(said["rate"], Decimal):
        rate["rateQuantity"] = quantity(said["rate"], "mL/h")
    return {
        "text": instruction(sheet),
        "timing": {"event": [sheet.on.isoformat()]},
        "route": {"coding": [{"system": OWN, "code": sheet.route.replace("_", "-")}]},
        "doseAndRate": [rate],
    }


def quantity(value: Decimal, unit: str) -> Json:
    """A Quantity in a UCUM unit, its number with the digits it has and no zero at the end."""
    return {"value": Decimal(normalise(value)), "unit": unit, "system": UCUM, "code": unit}


def _extensions(name: str, value: Written) -> list[Json]:
    element = orders().elements[name]
    values = value if isinstance(value, tuple) else (value,)
    return [{"url": f"{PREFIX}{name}", **_value(element, one)} for one in values]


def _value(element: Element, value: object) -> Json:
    if isinstance(value, Decimal):
        if element.unit:
            return {"valueQuantity": quantity(value, element.unit)}
        return {"valueInteger": int(exactly(value))}
    if isinstance(value, datetime):
        return {"valueDateTime": value.isoformat()}
    if isinstance(value, date):
        return {"valueDate": value.isoformat()}
    return {"valueCode" if element.kind in ("word", "list") else "valueString": value}


def refusal(sheet: NoOrder) -> Json:
    """Why there is no order, as FHIR says it. Carries no figure of a dose."""
    said = dict.fromkeys(row.states for one in sheet.reasons for row in one.findings if row.then != "give")
    asks = dict.fromkeys(lack.ask for one in sheet.reasons for lack in one.missing)
    issues = [
        {"severity": "error", "code": code, "diagnostics": text}
        for code, texts in (("business-rule", said), ("incomplete", asks))
        for text in texts
    ]
    first = {"severity": "error", "code": "business-rule", "diagnostics": f"no order: {sheet.verdict.replace('_', ' ')}"}
    return {"resourceType": "OperationOutcome", "issue": [first, *issues]}
