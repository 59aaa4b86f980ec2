"""Bundles as text: exact decimals with their digits, one resource a line, the same bytes for the same bundle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from posology.fhir.text import as_json
from posology.stories.resources import Resource


def bundle_of(resources: Iterable[Resource]) -> dict[str, Any]:
    """A FHIR collection of these resources."""
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in resources]}


def as_text(bundle: Mapping[str, Any]) -> str:
    """The bundle as JSON. Decimals keep their digits: no number passes through binary."""
    head = {key: value for key, value in bundle.items() if key != "entry"}
    entries = ",\n".join(as_json(entry) for entry in bundle["entry"])
    return as_json(head)[: -len("}")] + ', "entry": [\n' + entries + "\n]}\n"
