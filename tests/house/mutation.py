"""Every small way in which a condition could be written wrongly, as conditions. Runs nothing, knows no rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from posology.knowledge import FactEntry
from posology.language import And, Claim, Compare, Condition, Known, Limit, Not, OneOf, Or
from posology.language.nodes import Operator

NEIGHBOURS: dict[Operator, tuple[Operator, ...]] = {
    ">": (">=", "<"),
    ">=": (">", "<"),
    "<": ("<=", ">"),
    "<=": ("<", ">"),
    "=": (">=", "<="),
}
Mutant = tuple[str, Condition]


def mutants(condition: Condition, dictionary: dict[str, FactEntry]) -> Iterator[Mutant]:
    """Each condition that differs from this one by a single slip, with the slip in words."""
    match condition:
        case Not(part):
            yield "a NOT is forgotten", part
            yield from ((slip, Not(other)) for slip, other in mutants(part, dictionary))
        case And(parts) | Or(parts):
            yield from _joined(condition, parts, dictionary)
        case Compare():
            yield from _compared(condition)
        case OneOf(fact, words):
            yield from _worded(fact, words, dictionary[fact].words)
        case Claim(fact) | Known(fact):
            yield f"{fact} is turned round", Not(condition)


def _joined(condition: And | Or, parts: tuple[Condition, ...], dictionary: dict[str, FactEntry]) -> Iterator[Mutant]:
    other = Or(parts) if isinstance(condition, And) else And(parts)
    yield f"{type(condition).__name__} becomes {type(other).__name__}", other
    for at, part in enumerate(parts):
        rest = parts[:at] + parts[at + 1 :]
        yield f"part {at + 1} of {type(condition).__name__} is forgotten: {part}", replace(condition, parts=rest)
        for slip, changed in mutants(part, dictionary):
            yield slip, replace(condition, parts=(*parts[:at], changed, *parts[at + 1 :]))


def _compared(leaf: Compare) -> Iterator[Mutant]:
    for operator in NEIGHBOURS[leaf.operator]:
        yield f"{leaf.fact} {leaf.operator} becomes {operator}", replace(leaf, operator=operator)
    if leaf.limit.of and leaf.limit.number == 1:
        return
    step = Decimal(1).scaleb(min(int(leaf.limit.number.as_tuple().exponent), 0))
    for number in (leaf.limit.number - step, leaf.limit.number + step):
        limit = Limit(number, leaf.limit.of)
        yield f"{leaf.fact} {leaf.operator} {leaf.limit.number} becomes {number}", replace(leaf, limit=limit)


def _worded(fact: str, words: tuple[str, ...], known: tuple[str, ...]) -> Iterator[Mutant]:
    for word in known:
        if word in words:
            yield f"{fact} forgets {word!r}", OneOf(fact, tuple(w for w in words if w != word))
        else:
            yield f"{fact} adds {word!r}", OneOf(fact, (*words, word))
