"""The digest of a bundle's content: the same for the same resources, however the file spells or orders them."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any

from posology.fhir.identity import contents

SCHEME = "sha256:"


def digest(bundle: dict[str, Any]) -> str:
    """Over the canonical JSON of every entry, each once, sorted; numbers keep their digits. Raises `BadBundle`."""
    contents(bundle)  # refuses what is no bundle
    entries = sorted({canonical(entry) for entry in bundle["entry"]})
    return SCHEME + hashlib.sha256("\n".join(entries).encode("utf-8", "surrogatepass")).hexdigest()


def canonical(node: Any) -> str:
    """One spelling of parsed JSON: keys sorted, no spaces, a Decimal as it was written."""
    if isinstance(node, dict):
        return "{" + ",".join(f"{canonical(key)}:{canonical(node[key])}" for key in sorted(node)) + "}"
    if isinstance(node, list):
        return "[" + ",".join(map(canonical, node)) + "]"
    return str(node) if isinstance(node, Decimal) else json.dumps(node, ensure_ascii=False)
