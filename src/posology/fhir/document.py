"""JSON text to plain objects, strictly: exact decimals, no repeated keys, no NaN. Knows nothing of FHIR."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NoReturn

from posology.fhir.refusal import BadBundle, shown

MAX_BYTES = 2 * 10 * 100 * 100 * 100
"""Twenty megabytes: several thousand results of one patient."""

BYTE_ORDER_MARK = "\ufeff"
WHERE = "the whole file"


def parse(source: bytes, max_bytes: int = MAX_BYTES) -> Any:
    """The object that the UTF-8 JSON text says; every number with a point is a Decimal. Raises `BadBundle`."""
    if len(source) > max_bytes:
        raise BadBundle(f"more than {max_bytes} bytes", WHERE, "send one patient, or raise the limit")
    try:
        return json.loads(_text(source), parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_unrepeated)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise BadBundle("not valid JSON", where, "send the bundle as it left the FHIR server") from None
    except RecursionError:
        raise BadBundle("nested too deeply", WHERE, "send a plain FHIR bundle") from None
    except BadBundle:
        raise
    except ValueError:
        raise BadBundle("a number has too many digits", WHERE, "send plain measured values") from None


def _text(source: bytes) -> str:
    try:
        text = source.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadBundle("not UTF-8 text", f"byte {error.start}", "save the bundle as UTF-8") from None
    if text.startswith(BYTE_ORDER_MARK):
        raise BadBundle("a byte-order mark comes first", "byte 0", "save the bundle as UTF-8 without it")
    return text


def _no_number(word: str) -> NoReturn:
    raise BadBundle(f"{word} is not a number", WHERE, "leave the value out and give dataAbsentReason")


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise BadBundle(f"the key {shown(twice)} stands twice in one object", WHERE, "keep one of them")
    return found
