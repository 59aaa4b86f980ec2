"""FHIR R4 resources as plain dictionaries, numbers as exact decimals. Writes shapes only; invents no value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from posology.stories.clinic import Analyte, Value, clinic

Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Product:
    """The drug of the stories, by the codes of the label."""

    rxnorm: str
    atc: str
    name: str


def coding(system: str, code: str, display: str | None = None) -> dict[str, str]:
    """A Coding; `system` is a key of `[systems]` in `ranges.toml`."""
    row = {"system": clinic().systems[system], "code": code}
    return row if display is None else {**row, "display": display}


def quantity(value: Decimal, unit: str) -> Resource:
    """A Quantity in a UCUM unit."""
    return {"value": value, "unit": unit, "system": clinic().systems["ucum"], "code": unit}


def valued(value: Any) -> Resource:
    """The `value[x]` of an own code: yes/no, whole number, word, or `{value, unit}`."""
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, Mapping):
        return {"valueQuantity": quantity(Decimal(value["value"]), value["unit"])}
    if isinstance(value, Decimal):
        return {"valueInteger": value}
    return {"valueCodeableConcept": {"coding": [coding("own", value)]}}


def _observation(id: str, subject: str, code: dict[str, str], at: str) -> Resource:
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "code": {"coding": [code]},
        "subject": {"reference": subject},
        "effectiveDateTime": at,
    }


def measured(id: str, subject: str, analyte: Analyte, value: Decimal, at: str, *, unit: str, with_limits: bool) -> Resource:
    """A laboratory result or measurement, with the laboratory's own limits in the same unit where it states them."""
    resource = _observation(id, subject, coding("loinc", analyte.code, analyte.name), at)
    resource["valueQuantity"] = quantity(value, unit)
    if analyte.limits and with_limits:
        low, high = (quantity(limit, unit) for limit in analyte.limits)
        resource["referenceRange"] = [{"low": low, "high": high}]
    return resource


def said(
    id: str, subject: str, code: str, value: Any, at: str, *, signed: bool, derived_from: str | None = None
) -> Resource:
    """An observation in our own code system: an assessment, a judgement, a decision."""
    resource = _observation(id, subject, coding("own", code), at) | valued(value)
    if signed:
        resource["performer"] = [dict(clinic().performer)]
    if derived_from is not None:
        resource["derivedFrom"] = [{"reference": f"Observation/{derived_from}"}]
    return resource


def review(id: str, subject: str, code: str, parts: Mapping[str, Value], at: str, *, signed: bool) -> Resource:
    """A dated, signed look at the patient, one component a question."""
    resource = _observation(id, subject, coding("own", code), at)
    if signed:
        resource["performer"] = [dict(clinic().performer)]
    resource["component"] = [{"code": {"coding": [coding("own", part)]}} | valued(value) for part, value in parts.items()]
    return resource


def condition(id: str, subject: str, key: str, at: str, verification: str) -> Resource:
    """A Condition of `ranges.toml` with its onset and how sure one is."""
    return {
        "resourceType": "Condition",
        "id": id,
        "verificationStatus": {"coding": [coding("verification", verification)]},
        "code": {"coding": [coding(row["system"], row["code"], row["display"]) for row in clinic().conditions[key]]},
        "subject": {"reference": subject},
        "onsetDateTime": at,
        "recordedDate": at,
        "asserter": dict(clinic().performer),
    }


def _administration(id: str, subject: str, status: str, medication: list[dict[str, str]]) -> Resource:
    return {
        "resourceType": "MedicationAdministration",
        "id": id,
        "status": status,
        "medicationCodeableConcept": {"coding": medication},
        "subject": {"reference": subject},
    }


def administered(id: str, subject: str, product: Product, status: str, start: str, end: str, mg: Decimal | None) -> Resource:
    """The drug given (or begun, stopped, on hold, unknown) over a period, with the milligrams delivered."""
    resource = _administration(id, subject, status, _codes(product))
    resource["effectivePeriod"] = {"start": start, "end": end}
    if mg is not None:
        resource["dosage"] = {"dose": quantity(mg, "mg")}
    return resource


def not_done(id: str, subject: str, product: Product, at: str, reason: str | None) -> Resource:
    """The drug documented as not given, with the reason."""
    resource = _administration(id, subject, "not-done", _codes(product))
    resource["effectiveDateTime"] = at
    if reason is not None:
        resource["statusReason"] = [{"coding": [coding("own", reason)]}]
    return resource


def premedicated(id: str, subject: str, medicine: Mapping[str, str], at: str) -> Resource:
    """One premedication given."""
    row = coding(medicine["system"], medicine["code"], medicine["display"])
    return _administration(id, subject, "completed", [row]) | {"effectiveDateTime": at}


def _codes(product: Product) -> list[dict[str, str]]:
    return [coding("rxnorm", product.rxnorm, product.name), coding("atc", product.atc)]
