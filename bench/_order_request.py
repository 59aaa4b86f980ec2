"""The order as a MedicationRequest again, so that a sample goes the whole way: resource, bundle, reading, verify."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from _order_moments import Json, Moment, read, with_
from _order_score import judged
from _order_slips import Spoilt

from posology.api import load_edition
from posology.fhir.draft import quantity
from posology.knowledge.orders import orders
from posology.record import Written
from posology.verify import draw, verify

ATC, OWN, ELEMENT = "http://www.whocc.no/atc", "urn:posology:codes", "urn:posology:order:"
CODES = {"gemtuzumab_ozogamicin": "L01FX02", "another product": "L01BC01"}
NAMED = {"name": [{"family": "Doe", "given": ["Jane"]}]}


def agrees(at: Moment, case: Spoilt) -> bool:
    """Does verify find on the resource what compare finds on the order?"""
    requests = [request(at, case)]
    requests += [{**deepcopy(requests[0]), "id": other.id.partition("/")[2]} for other in case.others]
    bundle = deepcopy(case.bundle or at.bundle)
    for entry in bundle["entry"]:
        if entry["resource"]["resourceType"] == "Patient":
            entry["resource"] |= NAMED
    record = read(with_(bundle, *requests), at.zone)
    found = verify(draw(record, at=case.at or at.at, edition=load_edition(at.edition), zone=at.zone), record)
    mine = next(one for one in found if one.order.id == case.order.id)
    return {(one.id, one.severity) for one in mine.findings} == {(one.id, one.severity) for one in judged(at, case)}


def request(at: Moment, case: Spoilt) -> Json:
    """The draft of the clean order, changed wherever the spoilt order says something else."""
    source = at if at.order is not None else at.last
    assert source is not None and source.request is not None and source.order is not None
    made, before, after = deepcopy(source.request), source.order.said, case.order.said
    made["status"] = case.order.status
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            _write(made, name, after.get(name))
    _unread(made, case)
    if after.get("dose-unit") == "ug":
        dose = made["dosageInstruction"][0]["doseAndRate"][0]["doseQuantity"]
        dose |= {"value": Decimal(dose["value"]) * 1000, "unit": "ug", "code": "ug"}
    return made


def _unread(made: Json, case: Spoilt) -> None:
    dosage = made["dosageInstruction"][0]
    if "dose" in case.order.unread:
        dosage["doseAndRate"][0]["doseQuantity"] = {"value": case.order.unread["dose"]}
    if "on" in case.order.unread:
        dosage["timing"]["event"] = [*dosage["timing"]["event"], "2031-01-01"]


def _write(made: Json, name: str, value: Written | None) -> None:
    dosage: dict[str, Any] = made["dosageInstruction"][0]
    rates = dosage["doseAndRate"][0]
    if name in orders().elements and name not in STANDARD:
        kept = [one for one in made["extension"] if one["url"] != f"{ELEMENT}{name}"]
        values = value if isinstance(value, tuple) else () if value is None else (value,)
        made["extension"] = [*kept, *({"url": f"{ELEMENT}{name}", **_value(name, one)} for one in values)]
    elif name in ("dose", "rate"):
        key, unit = ("doseQuantity", "mg") if name == "dose" else ("rateQuantity", "mL/h")
        _put(rates, key, quantity(value, unit) if isinstance(value, Decimal) else None)
    elif name in ("route", "on", "text"):
        key = {"route": "route", "on": "timing", "text": "text"}[name]
        coded = {"coding": [{"system": OWN, "code": str(value).replace("_", "-")}]}
        _put(dosage, key, None if value is None else {"route": coded, "on": {"event": [str(value)]}, "text": value}[name])
    else:
        _whose(made, name, value)


def _whose(made: Json, name: str, value: Written | None) -> None:
    if name == "written-on":
        _put(made, "authoredOn", str(value) if value else None)
    elif name == "diagnosis":
        made.pop("reasonCode")
    elif name == "subject":
        made.pop("subject")
    elif name == "identifier":
        made["subject"]["identifier"] = {"system": "urn:mrn", "value": "another"}
    elif name == "name":
        made["subject"]["display"] = "Ann Other"
    elif name == "prescriber":
        made["requester"] = {"reference": "Practitioner/x"}
    elif name == "drug" and isinstance(value, tuple):
        coded = [{"system": ATC, "code": CODES[one]} for one in value if one in CODES]
        kept = made["medicationCodeableConcept"]["coding"] if "drug" in value else []
        made["medicationCodeableConcept"] = {"coding": [*kept, *coded]}


def _put(where: Json, key: str, value: object) -> None:
    if value is None:
        where.pop(key, None)
    else:
        where[key] = value


STANDARD = frozenset({"drug", "written-on", "on", "diagnosis", "dose", "rate", "route"})


def _value(name: str, value: object) -> Json:
    element = orders().elements[name]
    if isinstance(value, Decimal):
        return {"valueQuantity": quantity(value, element.unit)} if element.unit else {"valueInteger": int(value)}
    if isinstance(value, datetime):
        return {"valueDateTime": value.isoformat()}
    if isinstance(value, date):
        return {"valueDate": value.isoformat()}
    return {"valueCode" if element.kind in ("word", "list") else "valueString": value}
