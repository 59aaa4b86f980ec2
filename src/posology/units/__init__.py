"""Decimal quantities and exact UCUM conversion. Knows no drug, no rule and no plausible range."""

from posology.units.conversion import (
    Accepted,
    Quantity,
    UnknownUnit,
    accepted_units,
    canonical_units,
    convert,
    converts_exactly,
)
from posology.units.numbers import UnusableNumber, decimal, exactly, normalise, rounded, terminates

__all__ = [
    "Accepted",
    "Quantity",
    "UnknownUnit",
    "UnusableNumber",
    "accepted_units",
    "canonical_units",
    "convert",
    "converts_exactly",
    "decimal",
    "exactly",
    "normalise",
    "rounded",
    "terminates",
]
