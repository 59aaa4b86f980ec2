"""A condition → a boolean SQL expression. SQL's three-valued logic is Kleene's; NULL is unknown. Runs nothing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from posology.columns.names import LONGEST_LITERAL, quoted, words
from posology.language import And, Claim, Compare, Condition, Known, Limit, Not, OneOf, Or

Column = Callable[[str], str]
"""The expression that stands for a fact; by default its own column."""


def expression(condition: Condition, column: Column = quoted) -> str:
    """TRUE, FALSE or NULL, as `language.holds` gives True, False or None on the same facts."""
    match condition:
        case Not(part):
            return f"NOT ({expression(part, column)})"
        case And(parts):
            return "(" + " AND ".join(expression(part, column) for part in parts) + ")"
        case Or(parts):
            return "(" + " OR ".join(expression(part, column) for part in parts) + ")"
        case Claim(fact):
            return column(fact)
        case Known(fact):
            return f"({column(fact)} IS NOT NULL)"
        case OneOf(fact, several):
            return f"{column(fact)} IN {words(several)}"
        case Compare(fact, operator, limit):
            return f"{column(fact)} {operator} {_limit(limit, column)}"


def _limit(limit: Limit, column: Column) -> str:
    if limit.of is None:
        return exact(limit.number)
    return column(limit.of) if limit.number == 1 else f"{exact(limit.number)} * {column(limit.of)}"


def exact(number: Decimal) -> str:
    """A decimal literal without an exponent: with one, SQL would read a binary number. Raises ValueError if too long."""
    literal = f"{number:f}"
    if len(literal.replace(".", "")) > LONGEST_LITERAL:
        raise ValueError(f"{literal} is too long to be multiplied exactly; state it with {LONGEST_LITERAL} digits")
    return literal
