"""Conditions in Kleene logic: true, false or unknown, with the reasons. The plain reference that convicts the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from operator import eq, ge, gt, le, lt
from typing import NamedTuple

from posology.language.nodes import And, Claim, Condition, Known, Leaf, Limit, Not, OneOf, Or, Value, facts_of

Facts = Mapping[str, Value | None]
Test = Callable[[Facts], bool | None]
OPERATORS = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq}


class Why(NamedTuple):
    """Whether a condition holds, and the leaves that made it so; or, where it is unknown, the facts that could settle it."""

    holds: bool | None
    because: tuple[Leaf, ...]
    missing: tuple[str, ...]


def amount(limit: Limit, facts: Facts) -> Decimal | None:
    """The limit as a number in the unit of what is compared with it; None where its fact is unknown."""
    if limit.of is None:
        return limit.number
    other = facts.get(limit.of)
    return limit.number * other if isinstance(other, Decimal) else None


def leaf_holds(leaf: Leaf, facts: Facts) -> bool | None:
    """One leaf: an unknown fact leaves it unknown, but IS KNOWN always answers."""
    seen = facts.get(leaf.fact)
    if isinstance(leaf, Known):
        return seen is not None
    if seen is None:
        return None
    if isinstance(leaf, Claim):
        return seen is True
    if isinstance(leaf, OneOf):
        return seen in leaf.words
    limit = amount(leaf.limit, facts)
    return None if limit is None else bool(OPERATORS[leaf.operator](seen, limit))


def settle(states: list[bool | None], by: bool) -> bool | None:
    """One state equal to `by` settles it (False for AND, True for OR); else one unknown leaves it unknown."""
    if by in states:
        return by
    return None if None in states else not by


def opposite(state: bool | None) -> bool | None:
    return None if state is None else not state


def holds(condition: Condition, facts: Facts) -> bool | None:
    """Does it hold? True, False, or None where what is known does not settle it."""
    match condition:
        case Not(part):
            return opposite(holds(part, facts))
        case And(parts):
            return settle([holds(part, facts) for part in parts], by=False)
        case Or(parts):
            return settle([holds(part, facts) for part in parts], by=True)
        case leaf:
            return leaf_holds(leaf, facts)


def why(condition: Condition, facts: Facts) -> Why:
    """As `holds`, with the reasons: each leaf and each fact once, in order of appearance."""
    state, leaves, unknown = _why(condition, facts)
    because = () if state is None else tuple(dict.fromkeys(leaves))
    return Why(state, because, tuple(dict.fromkeys(unknown)))


def _why(condition: Condition, facts: Facts) -> tuple[bool | None, list[Leaf], list[str]]:
    if isinstance(condition, Not):
        state, leaves, unknown = _why(condition.part, facts)
        return opposite(state), leaves, unknown
    if isinstance(condition, (And, Or)):
        parts = [_why(part, facts) for part in condition.parts]
        state = settle([part[0] for part in parts], by=isinstance(condition, Or))
        alike = [part for part in parts if part[0] is state]
        return state, [leaf for part in alike for leaf in part[1]], [name for part in alike for name in part[2]]
    state = leaf_holds(condition, facts)
    unknown = [] if state is not None else [name for name in facts_of(condition) if facts.get(name) is None]
    return state, [condition], unknown


Flip = tuple[Leaf, bool]


def flips(condition: Condition, facts: Facts, to: bool) -> tuple[tuple[Flip, ...], ...]:
    """The ways to make a condition `to`: each way is a set of leaves and what each must become."""
    if holds(condition, facts) is to:
        return ((),)
    if isinstance(condition, Not):
        return flips(condition.part, facts, not to)
    if not isinstance(condition, (And, Or)):
        return (((condition, to),),)
    ways = [flips(part, facts, to) for part in condition.parts]
    if to is isinstance(condition, Or):
        return tuple(way for part in ways for way in part)
    joined: tuple[tuple[Flip, ...], ...] = ((),)
    for part in ways:
        joined = tuple(tuple(dict.fromkeys(left + right)) for left in joined for right in part)
    return joined
