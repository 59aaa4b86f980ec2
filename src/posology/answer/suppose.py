"""What if: facts changed as little as can be so that a condition turns, and what the tables say then."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from posology.decide import Finding
from posology.knowledge import FactEntry
from posology.language import Claim, Compare, Facts, Known, Leaf, OneOf, Value, amount, flips

Way = tuple[tuple[Leaf, bool], ...]
Dictionary = Mapping[str, FactEntry]


def ways_out(finding: Finding, known: Facts) -> list[Way]:
    """The ways to make a row that holds not hold, the shortest first; `known` has stale values put in."""
    if finding.state != "holds":
        return []
    return sorted((way for way in flips(finding.row.when, known, to=False) if way), key=len)


def supposed(way: Way, known: Facts, dictionary: Dictionary) -> dict[str, Value] | None:
    """The facts that this way changes, with their new values; None where nobody can change them."""
    changed: dict[str, Value] = {}
    for leaf, to in way:
        value = _meeting(leaf, to, known, dictionary)
        if value is None or dictionary[leaf.fact].position:
            return None
        changed[leaf.fact] = value
    return changed


def _meeting(leaf: Leaf, to: bool, known: Facts, dictionary: Dictionary) -> Value | None:
    """A value of the fact that makes the leaf `to`, as near to its limit as can be; None where there is none."""
    match leaf:
        case Claim():
            return to
        case OneOf(fact, words):
            others = [word for word in dictionary[fact].words if word not in words]
            return words[0] if to else others[0] if others else None
        case Compare(_, operator, limit):
            number = amount(limit, known)
            return None if number is None else _near(operator, to, number)
        case Known():
            return None


def _near(operator: str, to: bool, number: Decimal) -> Decimal:
    step = Decimal(1).scaleb(min(int(str(number.as_tuple().exponent)), 0))
    if to is (operator in ("<=", ">=", "=")):
        return number
    return number + step if (operator in (">", ">=")) is to else number - step
