"""Facts as somebody states them in JSON → typed values, or one line saying which fact is wrong and how to write it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from posology.knowledge import FactEntry
from posology.language import Value


class BadFact(ValueError):
    """A fact that is not in the dictionary, or not of its kind."""


def facts(document: Any, dictionary: Mapping[str, FactEntry]) -> dict[str, Value]:
    """Stated facts in canonical units. A null says unknown, as does a fact left out. Raises BadFact."""
    if not isinstance(document, dict):
        raise BadFact('not an object: write {"alt": 35, "alt_uln": 40}')
    return {
        name: _value(dictionary[_named(name, dictionary)], value) for name, value in document.items() if value is not None
    }


def _named(name: str, dictionary: Mapping[str, FactEntry]) -> str:
    if name in dictionary:
        return name
    near = get_close_matches(name, dictionary, n=1)
    raise BadFact(
        f"no fact is called {name!r}" + (f"; did you mean {near[0]!r}?" if near else "; posology label show facts")
    )


def _value(entry: FactEntry, value: Any) -> Value:
    if entry.kind == "number":
        return _number(entry, value)
    if entry.kind == "yes_no":
        if isinstance(value, bool):
            return value
        raise BadFact(f"{entry.name} is {value!r}: write true or false")
    word = str(value).lower().replace("-", "_")
    if word not in entry.words:
        raise BadFact(f"{entry.name} is {value!r}: its words are {', '.join(entry.words)}")
    return word


def _number(entry: FactEntry, value: Any) -> Decimal:
    try:
        number = Decimal(str(value)) if not isinstance(value, bool) else None
    except ArithmeticError:
        number = None
    if number is None or not number.is_finite():
        raise BadFact(f"{entry.name} is {value!r}: write a number in {entry.unit}")
    if number < 0 and entry.unit not in ("%", "ms", "1", "d"):
        raise BadFact(f"{entry.name} is {value}: it is never below 0 {entry.unit}")
    return number
