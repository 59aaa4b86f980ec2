"""The same meaning as `evaluate`, as nested closures: for speed only, and proved equal to it by test."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from posology.language.evaluate import OPERATORS, Facts, Test, Why, why
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
    Operator,
    Or,
    facts_in,
    leaves,
)


def compiled(condition: Condition, shared: dict[Condition, Test] | None = None) -> Test:
    """A function of the facts giving True, False or None. A leaf that is in `shared` is taken from there, or put there."""
    made = {} if shared is None else shared
    match condition:
        case Not(part):
            return _not(compiled(part, made))
        case And((Known(fact), Claim(same))) if fact == same:
            return lambda facts: facts.get(fact) is True
        case And((Compare(fact, operator, Limit(number, None)), *parts)) if parts:
            return _gated(fact, operator, number, compiled(And(tuple(parts)), made))
        case And(parts):
            return _all(tuple(compiled(part, made) for part in parts))
        case Or(parts):
            return _any(tuple(compiled(part, made) for part in parts))
        case leaf:
            test = made.get(leaf)
            if test is None:
                test = made[leaf] = _leaf(leaf)
            return test


def _leaf(leaf: Leaf) -> Test:
    match leaf:
        case Claim(fact):
            return _claim(fact)
        case Known(fact):
            return lambda facts: facts.get(fact) is not None
        case OneOf(fact, words):
            return _one_of(fact, frozenset(words))
        case Compare():
            return _compare(leaf)


def _claim(fact: str) -> Test:
    def test(facts: Facts) -> bool | None:
        seen = facts.get(fact)
        return None if seen is None else seen is True

    return test


def _one_of(fact: str, words: frozenset[str]) -> Test:
    def test(facts: Facts) -> bool | None:
        seen = facts.get(fact)
        return None if seen is None else seen in words

    return test


def _compare(leaf: Compare) -> Test:
    fact, number, of, satisfied = leaf.fact, leaf.limit.number, leaf.limit.of, OPERATORS[leaf.operator]

    def against_number(facts: Facts) -> bool | None:
        seen = facts.get(fact)
        return None if seen is None else satisfied(seen, number)

    if of is None:
        return against_number

    def against_fact(facts: Facts) -> bool | None:
        seen, other = facts.get(fact), facts.get(of)
        if seen is None or not isinstance(other, Decimal):
            return None
        reached: bool = satisfied(seen, number * other)
        return reached

    return against_fact


def _not(part: Test) -> Test:
    def test(facts: Facts) -> bool | None:
        state = part(facts)
        return None if state is None else not state

    return test


def _gated(fact: str, operator: Operator, number: Decimal, rest: Test) -> Test:
    """AND that begins with a number: most rows of a table stop here, so it is one call and not two."""
    satisfied = OPERATORS[operator]

    def test(facts: Facts) -> bool | None:
        seen = facts.get(fact)
        if seen is not None and not satisfied(seen, number):
            return False
        remaining = rest(facts)
        return remaining if seen is not None or remaining is False else None

    return test


def _all(parts: tuple[Test, ...]) -> Test:
    def test(facts: Facts) -> bool | None:
        result: bool | None = True
        for part in parts:
            state = part(facts)
            if state is False:
                return False
            if state is None:
                result = None
        return result

    return test


def _any(parts: tuple[Test, ...]) -> Test:
    def test(facts: Facts) -> bool | None:
        result: bool | None = False
        for part in parts:
            state = part(facts)
            if state is True:
                return True
            if state is None:
                result = None
        return result

    return test


Reason = Callable[[Facts], Why]
KEPT = 100
"""Patterns remembered for one condition; another one is worked out each time."""


def reasoned(condition: Condition) -> Reason:
    """As `evaluate.why`, which it asks once for each pattern: how every leaf stands and which facts are unknown.

    The reasons depend on nothing else, and few patterns ever occur; a test holds the two equal.
    """
    names = facts_in(condition)
    tests: list[Test] = []
    found: dict[tuple[bool | None, ...], Why] = {}

    def reasons(facts: Facts) -> Why:
        if not tests:  # most rows are never asked why
            tests.extend(compiled(leaf) for leaf in dict.fromkeys(leaves(condition)))
        get = facts.get
        pattern = tuple([test(facts) for test in tests] + [get(name) is None for name in names])
        known = found.get(pattern)
        if known is None:
            known = why(condition, facts)
            if len(found) < KEPT:
                found[pattern] = known
        return known

    return reasons
