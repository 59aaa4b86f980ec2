"""What a condition may say, how it is read, checked and evaluated. Knows no fact and no drug."""

from posology.language.check import faults
from posology.language.compile import Reason, compiled, reasoned
from posology.language.evaluate import Facts, Test, Why, amount, flips, holds, why
from posology.language.nodes import (
    And,
    Claim,
    Compare,
    Condition,
    Known,
    Leaf,
    Limit,
    Not,
    OneOf,
    Or,
    Value,
    facts_in,
    facts_of,
    leaves,
    numbers_in,
)
from posology.language.read import CannotRead, read

__all__ = [
    "And",
    "CannotRead",
    "Claim",
    "Compare",
    "Condition",
    "Facts",
    "Known",
    "Leaf",
    "Limit",
    "Not",
    "OneOf",
    "Or",
    "Reason",
    "Test",
    "Value",
    "Why",
    "amount",
    "compiled",
    "facts_in",
    "facts_of",
    "faults",
    "flips",
    "holds",
    "leaves",
    "numbers_in",
    "read",
    "reasoned",
    "why",
]
