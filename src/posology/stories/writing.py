"""Bundles as text: exact decimals with their digits, one resource a line, the same bytes for the same bundle."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from posology.stories.resources import Resource


def bundle_of(resources: Iterable[Resource]) -> dict[str, Any]:
    """A FHIR collection of these resources."""
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in resources]}


def as_text(bundle: Mapping[str, Any]) -> str:
    """The bundle as JSON. Decimals keep their digits: no number passes through binary."""
    head = {key: value for key, value in bundle.items() if key != "entry"}
    entries = ",\n".join(_json(entry) for entry in bundle["entry"])
    return _json(head)[: -len("}")] + ', "entry": [\n' + entries + "\n]}\n"


def _json(node: Any) -> str:
    if isinstance(node, Decimal):
        return format(node, "f")
    if isinstance(node, Mapping):
        return "{" + ", ".join(f"{json.dumps(key)}: {_json(value)}" for key, value in node.items()) + "}"
    if isinstance(node, list):
        return "[" + ", ".join(map(_json, node)) + "]"
    return json.dumps(node, ensure_ascii=False)
