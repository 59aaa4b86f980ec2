"""The small words that JSON Schemas are built of. Knows no command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
FLAG: Json = {"type": "boolean"}
WHOLE: Json = {"type": "integer"}
DECIMAL: Json = {"type": "string", "pattern": "^-?[0-9]+([.][0-9]+)?$"}
DATE: Json = {"type": "string", "format": "date"}
MOMENT: Json = {"type": "string", "format": "date-time"}


def maybe(shape: Json) -> Json:
    """The shape, or null where it is not computable or does not apply."""
    if isinstance(shape.get("type"), str) and "enum" not in shape:
        return {**shape, "type": [shape["type"], "null"]}
    return {"anyOf": [shape, {"type": "null"}]}


def listed(shape: Json) -> Json:
    return {"type": "array", "items": shape}


def one_of(*words: str) -> Json:
    return {"type": "string", "enum": list(words)}


def keyed(keys: Mapping[str, Json]) -> Json:
    """An object with exactly these keys, every one of them present."""
    return {"type": "object", "additionalProperties": False, "required": list(keys), "properties": dict(keys)}


def shared(name: str) -> Json:
    return {"$ref": f"#/$defs/{name}"}


HEADING = {"version": TEXT, "knowledge": TEXT, "edition": TEXT, "zone": TEXT, "at": MOMENT, "patient": TEXT}
"""What every answer about a patient begins with."""
