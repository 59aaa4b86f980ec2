"""The pinned patients of boundaries*.toml and criteria.toml: facts by hand, and what a row says of them. Judges nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from posology.knowledge import Edition
from posology.language import Value

CASES = Path(__file__).parents[1] / "cases"
PATH = CASES / "boundaries.toml"
OWN = {"us": PATH, "eu": CASES / "boundaries_eu.toml"}
"""Each edition's own patients; every edition is held to those of PATH too, for the rows that it has under the same name."""
STATES = {"holds": True, "not": False, "open": None}
CHANGES = {"holds_if": True, "not_if": False, "open_if": None}
KEYS = {"then", "sets", *STATES, *CHANGES}
Facts = dict[str, Value | None]


@dataclass(frozen=True, slots=True)
class Pin:
    """One patient, in the facts that one row looks at, and whether the row holds (None: open)."""

    row: str
    text: str
    facts: Facts
    expected: bool | None


def document(path: Path = PATH) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """question → row → its patients, as written."""
    return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def pins(path: Path = PATH) -> Iterator[Pin]:
    """Every pinned patient: each one as given, and each with one fact changed."""
    for question, rows in document(path).items():
        for row, patients in rows.items():
            for patient in patients:
                yield from _of(f"{question}.{row}", patient)


def pins_of(edition: Edition) -> Iterator[Pin]:
    """The patients of every row of one edition and of the criteria: its own first, then for the other rows those of PATH."""
    own = list(pins(OWN[edition.id]))
    rows = [*edition.rows(), *(row for table in edition.criteria.values() for row in table.rows)]
    rest = {f"{row.question}.{row.id}" for row in rows} - {pin.row for pin in own}
    yield from own
    yield from (pin for pin in pins() if pin.row in rest)


def _of(row: str, patient: dict[str, Any]) -> Iterator[Pin]:
    strangers = set(patient) - KEYS
    if strangers:
        raise ValueError(f"boundaries.toml {row}: {sorted(strangers)} is not a key; the keys are {sorted(KEYS)}")
    (state,) = set(patient) & set(STATES)
    base = _facts(patient[state])
    yield Pin(row, _said(base), base, STATES[state])
    for key, expected in CHANGES.items():
        for change in patient.get(key, []):
            yield Pin(row, f"{_said(base)}; but {_said(_facts(change))}", {**base, **_facts(change)}, expected)


def _facts(written: dict[str, Any]) -> Facts:
    return {name: _value(value) for name, value in written.items()}


def _value(written: Any) -> Value | None:
    if written == "unknown":
        return None
    return written if isinstance(written, bool | str | Decimal) else Decimal(written)


def _said(facts: Facts) -> str:
    return ", ".join(f"{name} {'unknown' if value is None else value}" for name, value in facts.items())
