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
    """A condition, whether it holds (None: unknown), and its parts with theirs."""

    condition: Condition
    holds: bool | None
    parts: tuple[Why, ...] = ()


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
    """As `holds`, keeping the state of every part."""
    match condition:
        case Not(part):
            inner = why(part, facts)
            return Why(condition, opposite(inner.holds), (inner,))
        case And(parts) | Or(parts):
            inner_parts = tuple(why(part, facts) for part in parts)
            states = [part.holds for part in inner_parts]
            return Why(condition, settle(states, by=isinstance(condition, Or)), inner_parts)
        case leaf:
            return Why(leaf, leaf_holds(leaf, facts))


def missing(reason: Why, facts: Facts) -> tuple[str, ...]:
    """The unknown facts that could settle an open condition, in order of appearance."""
    if reason.holds is not None:
        return ()
    if reason.parts:
        return tuple(dict.fromkeys(name for part in reason.parts for name in missing(part, facts)))
    leaf = reason.condition
    assert isinstance(leaf, Leaf)
    return tuple(name for name in facts_of(leaf) if facts.get(name) is None)


def decisive(reason: Why) -> tuple[Leaf, ...]:
    """The leaves that made a condition what it is: the known parts that settled it, each once."""
    if not reason.parts:
        assert isinstance(reason.condition, Leaf)
        return (reason.condition,)
    inner = [part for part in reason.parts if isinstance(reason.condition, Not) or part.holds == reason.holds]
    return tuple(dict.fromkeys(leaf for part in inner for leaf in decisive(part)))


Flip = tuple[Leaf, bool]


def flips(reason: Why, to: bool) -> tuple[tuple[Flip, ...], ...]:
    """The ways to make a settled condition `to`: each way is a set of leaves and what each must become."""
    condition = reason.condition
    if reason.holds is to:
        return ((),)
    if isinstance(condition, Not):
        return flips(reason.parts[0], not to)
    if not reason.parts:
        assert isinstance(condition, Leaf)
        return (((condition, to),),)
    ways = [flips(part, to) for part in reason.parts]
    if to is isinstance(condition, Or):
        return tuple(way for part in ways for way in part)
    joined: tuple[tuple[Flip, ...], ...] = ((),)
    for part in ways:
        joined = tuple(tuple(dict.fromkeys(left + right)) for left in joined for right in part)
    return joined
