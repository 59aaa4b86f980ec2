"""Properties of the language over generated conditions: Kleene soundness, agreement of the evaluators, reasons, flips."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posology.language import (
    And,
    Claim,
    Compare,
    Condition,
    Known,
    Limit,
    Not,
    OneOf,
    Or,
    Test,
    Value,
    amount,
    compiled,
    facts_in,
    flips,
    holds,
    leaves,
    numbers_in,
    read,
    reasoned,
    why,
)

DOMAIN: dict[str, tuple[Value, ...]] = {
    "a": (True, False),
    "b": (True, False),
    "w": ("cr", "cri", "none"),
    "x": (Decimal(1), Decimal(2), Decimal(3)),
    "y": (Decimal(1), Decimal(2)),
}
LEAVES: st.SearchStrategy[Condition] = st.sampled_from([
    Claim("a"),
    Claim("b"),
    Known("a"),
    Known("x"),
    OneOf("w", ("cr",)),
    OneOf("w", ("cr", "cri")),
    *(Compare("x", op, Limit(Decimal(2))) for op in ("<", "<=", "=", ">=", ">")),
    Compare("x", ">", Limit(Decimal(1), "y")),
    Compare("x", "<=", Limit(Decimal("1.5"), "y")),
])  # fmt: skip
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
    ),
    max_leaves=6,
)
FACTS = st.fixed_dictionaries({name: st.sampled_from((None, *values)) for name, values in DOMAIN.items()})
TRIES = settings(max_examples=300, deadline=None, derandomize=True)
Facts = dict[str, Value | None]


def written(condition: Condition) -> str:
    """A condition as text, every part in brackets."""
    match condition:
        case Not(part):
            return f"NOT ({written(part)})"
        case And(parts):
            return " AND ".join(f"({written(part)})" for part in parts)
        case Or(parts):
            return " OR ".join(f"({written(part)})" for part in parts)
        case Claim(fact):
            return fact
        case Known(fact):
            return f"{fact} IS KNOWN"
        case OneOf(fact, words):
            return f"{fact} IN ({', '.join(repr(word) for word in words)})"
        case Compare(fact, operator, limit):
            return f"{fact} {operator} {limit.number}" + (f" * {limit.of}" if limit.of else "")


def completions(facts: Facts, names: tuple[str, ...]) -> list[Facts]:
    """Every way in which the unknown facts could turn out."""
    options = [[facts[name]] if facts[name] is not None else list(DOMAIN[name]) for name in names]
    return [{**facts, **dict(zip(names, values, strict=True))} for values in product(*options)]


@TRIES
@given(CONDITIONS, FACTS)
def test_the_three_evaluators_agree_on_every_condition(condition: Condition, facts: Facts) -> None:
    assert holds(condition, facts) is why(condition, facts).holds is compiled(condition)(facts)


@TRIES
@given(CONDITIONS, st.lists(FACTS, min_size=2, max_size=8))
def test_reasons_kept_by_pattern_are_those_worked_out_anew(condition: Condition, many: list[Facts]) -> None:
    reasons = reasoned(condition)
    for facts in [*many, *many]:
        assert reasons(facts) == why(condition, facts)


@TRIES
@given(st.lists(CONDITIONS, min_size=2, max_size=6), FACTS)
def test_conditions_that_share_their_parts_mean_what_each_means_alone(conditions: list[Condition], facts: Facts) -> None:
    shared: dict[Condition, Test] = {}
    assert [compiled(one, shared)(facts) for one in conditions] == [holds(one, facts) for one in conditions]


@TRIES
@given(CONDITIONS)
def test_reading_what_is_written_gives_the_condition_back(condition: Condition) -> None:
    assert read(written(condition)) == condition


def asks_what_is_known(condition: Condition) -> bool:
    return any(isinstance(leaf, Known) for leaf in leaves(condition))


@TRIES
@given(CONDITIONS.filter(lambda condition: not asks_what_is_known(condition)), FACTS)
def test_what_is_settled_stays_settled_however_the_unknown_turns_out(condition: Condition, facts: Facts) -> None:
    state = holds(condition, facts)
    if state is not None:
        assert {holds(condition, whole) for whole in completions(facts, facts_in(condition))} == {state}


@TRIES
@given(CONDITIONS, FACTS)
def test_with_everything_known_nothing_is_open(condition: Condition, facts: Facts) -> None:
    for whole in completions(facts, facts_in(condition)):
        assert holds(condition, whole) is not None


@TRIES
@given(CONDITIONS, FACTS)
def test_an_open_condition_names_unknown_facts_and_a_settled_one_names_none(condition: Condition, facts: Facts) -> None:
    reason = why(condition, facts)
    names = reason.missing
    assert bool(names) is (reason.holds is None)
    assert all(facts[name] is None for name in names) and len(set(names)) == len(names)
    if reason.holds is None:
        known = {**facts, **{name: DOMAIN[name][0] for name in names}}
        assert holds(condition, known) is not None or set(why(condition, known).missing) - set(names)


@TRIES
@given(CONDITIONS, FACTS)
def test_the_decisive_leaves_alone_settle_a_condition(condition: Condition, facts: Facts) -> None:
    reason = why(condition, facts)
    found = reason.because
    assert set(found) <= set(leaves(condition)) and len(set(found)) == len(found)
    if reason.holds is not None and not asks_what_is_known(condition):
        kept = {name for leaf in found for name in facts_in(leaf)}
        assert holds(condition, {name: value for name, value in facts.items() if name in kept}) is reason.holds


def says_no_leaf_twice(condition: Condition) -> bool:
    found = list(leaves(condition))
    return len(set(found)) == len(found)


@TRIES
@given(CONDITIONS.filter(says_no_leaf_twice), FACTS)
def test_every_way_to_turn_a_condition_turns_it_when_its_leaves_become_so(condition: Condition, facts: Facts) -> None:
    reason = why(condition, facts)
    if reason.holds is None:
        return
    for way in flips(condition, facts, to=not reason.holds):
        assert _forced(condition, facts, dict(way)) is (not reason.holds)


def _forced(condition: Condition, facts: Facts, forced: dict[object, bool]) -> bool | None:
    """As `holds`, with some leaves decided beforehand."""
    match condition:
        case Not(part):
            state = _forced(part, facts, forced)
            return None if state is None else not state
        case And(parts) | Or(parts):
            states = [_forced(part, facts, forced) for part in parts]
            settles = isinstance(condition, Or)
            return settles if settles in states else None if None in states else not settles
        case leaf:
            return forced[leaf] if leaf in forced else holds(leaf, facts)


def test_a_condition_that_is_so_already_needs_no_change() -> None:
    assert flips(read("a OR b"), {"a": True}, to=True) == ((),)


@pytest.mark.parametrize(
    ("text", "facts", "ways"),
    [
        ("x > 2", {"x": Decimal(3)}, 1),
        ("x > 2 AND a", {"x": Decimal(3), "a": True}, 2),
        ("x > 2 OR a", {"x": Decimal(3), "a": True}, 1),
        ("NOT (x > 2 AND a)", {"x": Decimal(1), "a": False}, 1),
    ],
)
def test_there_are_as_many_ways_out_as_parts_that_could_give_way(text: str, facts: Facts, ways: int) -> None:
    assert len(flips(read(text), facts, to=False)) == ways


def test_facts_and_numbers_are_listed_once_in_order_without_the_silent_one() -> None:
    condition = read("x > 2 * y AND a OR x >= y AND x < 1 AND x < 3")
    assert facts_in(condition) == ("x", "y", "a")
    assert numbers_in(condition) == (Decimal(2), Decimal(1), Decimal(3))


@pytest.mark.parametrize(("text", "expected"), [("x > 2.5", "2.5"), ("x > 1.5 * y", "3.0"), ("x > y", "2")])
def test_a_limit_is_worked_out_exactly_in_the_unit_of_the_fact(text: str, expected: str) -> None:
    (leaf,) = leaves(read(text))
    assert isinstance(leaf, Compare) and amount(leaf.limit, {"y": Decimal(2)}) == Decimal(expected)


def test_a_limit_on_an_unknown_fact_is_no_number() -> None:
    (leaf,) = leaves(read("x > 1.5 * y"))
    assert isinstance(leaf, Compare) and amount(leaf.limit, {}) is None


def test_decimals_are_compared_exactly_where_binary_numbers_would_slip() -> None:
    facts = {"x": Decimal("0.3"), "y": Decimal("0.1")}
    assert holds(read("x <= 3 * y"), facts) is True and holds(read("x > 3 * y"), facts) is False
    assert compiled(read("x > 3 * y"))(facts) is False


def test_a_fact_that_is_neither_yes_nor_no_claims_nothing() -> None:
    assert holds(read("a"), {"a": "yes"}) is False
