"""FHIR resources as JSON text: exact decimals with their digits, no number through binary. Reads nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def as_json(node: Any, indent: str | None = None, depth: int = 1) -> str:
    """On one line, or a member a line where an indent is given."""
    if isinstance(node, Decimal):
        return format(node, "f")
    if isinstance(node, Mapping):
        members = [f"{json.dumps(key)}: {as_json(value, indent, depth + 1)}" for key, value in node.items()]
        return _joined("{", members, "}", indent, depth)
    if isinstance(node, (list, tuple)):
        return _joined("[", [as_json(one, indent, depth + 1) for one in node], "]", indent, depth)
    return json.dumps(node, ensure_ascii=False)


def _joined(opens: str, members: list[str], closes: str, indent: str | None, depth: int) -> str:
    if indent is None or not members:
        return opens + ", ".join(members) + closes
    inner = ",\n".join(indent * depth + member for member in members)
    return f"{opens}\n{inner}\n{indent * (depth - 1)}{closes}"
