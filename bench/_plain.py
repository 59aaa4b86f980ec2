"""The rules as one plain Python function that says the verdict and nothing else: what our decisions are measured against.

Each condition becomes two expressions, one that is true where it surely holds and one where it possibly does: together
they are Kleene's three values at the price of two. Nothing is explained and nothing is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from posology.decide import LETS_THROUGH
from posology.knowledge import RANK, SCALE, Row, Table
from posology.language import And, Claim, Compare, Condition, Facts, Known, Not, OneOf, Or, Value

Verdict = Callable[[Facts, Mapping[str, Value]], tuple[str, str]]
NEVER = min(RANK.values()) - 1


def generated(tables: Mapping[str, Table]) -> Verdict:
    """(facts, stale) → (verdict, could_be), as `decide_facts` says them for facts that the tables cover."""
    names: dict[str, object] = {"Decimal": Decimal, "SCALE": SCALE}
    exec(compile(source(tables), "<generated>", "exec"), names)
    return names["verdict"]  # type: ignore[return-value]


def source(tables: Mapping[str, Table]) -> str:
    """The text of the function, its numbers as module constants."""
    rows = [row for table in tables.values() for row in table.rows]
    facts = dict.fromkeys(name for row in rows for name in row.facts)
    numbers: dict[str, str] = {}
    body = [f"    {_local(name)} = get({name!r})" for name in facts]
    surely = []
    for table in tables.values():
        body += _table(table, numbers)
        surely += [line for row in table.rows for line in _alone(row, numbers)]
    constants = [f"{name} = Decimal({text!r})" for text, name in numbers.items()]
    start = ["def verdict(facts, stale):", "    get = facts.get", "    worst = {**facts, **stale} if stale else None"]
    start += [f"    top = could = {NEVER}", "    undetermined = False"]
    return "\n".join([*constants, *surely, *start, *body, *_end()])


def _local(name: str) -> str:
    return f"f_{name}"


def _alone(row: Row, numbers: dict[str, str]) -> Iterator[str]:
    """One row on facts with stale values put in: needed only where a value is stale."""
    yield f"def {row.question}_{row.id}(facts):"
    yield from (f"    {_local(name)} = facts.get({name!r})" for name in row.facts)
    yield f"    return {_state(row.when, True, numbers)}"


def _table(table: Table, numbers: dict[str, str]) -> Iterator[str]:
    one = table.policy == "exactly one"
    otherwise = "give" if one else table.otherwise
    yield f"    holding, possible, unsettled, count = {NEVER}, {NEVER}, False, 0"
    for row in table.rows:
        sure, maybe = _state(row.when, True, numbers), _state(row.when, False, numbers)
        stale = "" if one else f" or (worst is not None and {row.question}_{row.id}(worst))"
        yield f"    if {maybe}:"
        rank = RANK.get(row.then, NEVER)
        yield f"        if {rank} > possible: possible = {rank}"
        yield f"        if {sure}{stale}:"
        yield "            count += 1"
        yield f"            if {rank} > holding: holding = {rank}"
        yield "        else: unsettled = True"
    yield f"    if possible == {NEVER}: possible = {RANK[otherwise]}"
    if one:
        yield f"    if unsettled or count != 1 or holding == {NEVER}: undetermined = True"
        yield "    elif holding > top: top = holding"
    else:
        yield f"    if holding == {NEVER} and not unsettled: holding = {RANK[otherwise]}"
        yield "    if holding > top: top = holding"
    yield "    if possible > could: could = possible"


def _end() -> Iterator[str]:
    lets = max(RANK[action] for action in LETS_THROUGH)
    yield f"    if top == {NEVER} or (top <= {lets} and (undetermined or could > top)): return 'ask', SCALE[could]"
    yield "    return SCALE[top], SCALE[could]"


def _state(condition: Condition, sure: bool, numbers: dict[str, str]) -> str:
    """An expression that is true where the condition surely holds, or (not `sure`) where it possibly does."""
    match condition:
        case Not(part):
            return f"(not {_state(part, not sure, numbers)})"
        case And(parts):
            return "(" + " and ".join(_state(part, sure, numbers) for part in parts) + ")"
        case Or(parts):
            return "(" + " or ".join(_state(part, sure, numbers) for part in parts) + ")"
        case Known(fact):
            return f"({_local(fact)} is not None)"
        case Claim(fact):
            return f"({_local(fact)} is True)" if sure else f"({_local(fact)} is not False)"
        case OneOf(fact, words):
            return _unless_unknown([fact], f"{_local(fact)} in {words!r}", sure)
        case Compare(fact, operator, limit):
            name = numbers.setdefault(str(limit.number), f"N{len(numbers)}")
            amount = f"{name} * {_local(limit.of)}" if limit.of else name
            sign = "==" if operator == "=" else operator
            return _unless_unknown([fact, *([limit.of] if limit.of else [])], f"{_local(fact)} {sign} {amount}", sure)


def _unless_unknown(facts: list[str], test: str, sure: bool) -> str:
    known = [f"{_local(fact)} is {'not ' if sure else ''}None" for fact in facts]
    return "(" + (" and " if sure else " or ").join([*known, test]) + ")"
