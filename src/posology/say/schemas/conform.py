"""Does a document fit one of our own schemas? The small part of JSON Schema that these use, and the first fault in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from posology.say.schemas.schema_parts import Json

KINDS: dict[str, type | tuple[type, ...]] = {
    "object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "null": type(None),
}  # fmt: skip


def fault(document: Any, schema: Json) -> str | None:
    """The first thing that does not fit, with its place, or None."""
    return next(_faults(document, schema, schema.get("$defs", {}), ""), None)


def _faults(value: Any, shape: Json, parts: Json, place: str) -> Iterator[str]:
    if "$ref" in shape:
        shape = parts[shape["$ref"].rpartition("/")[2]]
    if "anyOf" in shape:
        tried = [next(_faults(value, one, parts, place), None) for one in shape["anyOf"]]
        if None not in tried:
            yield str(tried[0])
        return
    if not _is_of(value, shape):
        yield f"{place or 'the whole'} is not {_expected(shape)}"
    elif isinstance(value, str) and "pattern" in shape and not re.search(shape["pattern"], value):
        yield f"{place} is not a decimal number written as text"
    elif isinstance(value, dict) and "properties" in shape:
        yield from _keys(value, shape, parts, place)
    elif isinstance(value, list) and "items" in shape:
        for number, one in enumerate(value):
            yield from _faults(one, shape["items"], parts, f"{place}[{number}]")


def _keys(value: Json, shape: Json, parts: Json, place: str) -> Iterator[str]:
    known = shape["properties"]
    inside = f"{place}." if place else ""
    yield from (f"{inside}{name} is not a field here" for name in value if name not in known)
    yield from (f"{inside}{name} is missing" for name in known if name not in value)
    for name, one in value.items():
        if name in known:
            yield from _faults(one, known[name], parts, f"{inside}{name}")


def _is_of(value: Any, shape: Json) -> bool:
    if "enum" in shape:
        return value in shape["enum"]
    named = shape.get("type", [])
    kinds = [named] if isinstance(named, str) else named
    return not kinds or any(isinstance(value, KINDS[kind]) and _no_flag(value, kind) for kind in kinds)


def _no_flag(value: Any, kind: str) -> bool:
    """Python counts True among the integers; JSON does not."""
    return kind != "integer" or not isinstance(value, bool)


def _expected(shape: Json) -> str:
    if "enum" in shape:
        return f"one of {', '.join(map(str, shape['enum'][:10]))}"
    named = shape["type"]
    return " or ".join([named] if isinstance(named, str) else named)
