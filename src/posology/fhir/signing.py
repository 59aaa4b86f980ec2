"""A verification as the Observation to add to the record. Writes nothing, and never a name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from posology.fhir.intake import OWN
from posology.fhir.signatures import CHECK, DERIVED, SEEN
from posology.verify.care.checks import Checks

Json = dict[str, Any]


def own(code: str) -> Json:
    """A code of ours."""
    return {"coding": [{"system": OWN, "code": code}]}


def observed(id: str, code: str, patient: str, at: datetime, by: str, components: list[Json]) -> Json:
    """A signed Observation with components of ours."""
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "code": own(code),
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": at.isoformat(),
        "performer": [{"reference": by}],
        "component": components,
    }


def order_check(found: Checks, step: str, by: str, outcome: str, seen: Mapping[str, str], at: datetime) -> Json:
    """One step as signed: outcome, the order it is about, and what was seen."""
    order = found.prep.order
    coded = [
        {"code": own(name), "valueCodeableConcept": own(value)} for name, value in (("step", step), ("outcome", outcome))
    ]
    said = {DERIVED: order.order_id, **{f"{SEEN}{name}": value for name, value in seen.items()}}
    texts = [{"code": own(name), "valueString": value} for name, value in said.items()]
    id = f"{order.order_id}-{step}-{outcome}-{stamp(at)}"
    return {
        **observed(id, CHECK, order.patient, at, by, [*coded, *texts]),
        "basedOn": [{"reference": found.based_on}],
    }


def stamp(at: datetime) -> str:
    """A moment as digits, for an id."""
    return f"{at.astimezone(UTC):%Y%m%d%H%M%S}"
