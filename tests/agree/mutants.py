"""Wrong evaluators, tables and pickers on purpose: an agreement check that misses one proves nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from operator import ge, le
from typing import Any

from posology.decide import decision, table
from posology.facts import ages, pick, reports
from posology.knowledge import RANK, Sign
from posology.language import Claim, Compare, Known, OneOf, evaluate
from posology.language import compile as closures
from posology.record import Quality
from tests.agree import check

gathering = import_module("posology.facts.gather")
settle, leaf_holds = evaluate.settle, evaluate.leaf_holds
states, answered, only_one = table.states, table.answered, table._one
settled, aged, seen, normal, verdict = pick.settled, pick.aged, pick.seen, pick.normal, decision.verdict
State = bool | None


@dataclass(frozen=True)
class Mutant:
    """One mistake: what is put in whose place, and the check that must catch it."""

    name: str
    caught_by: check.Check
    module: Any
    function: str
    instead: Any


def or_false_for_unknown(parts: list[State], by: bool) -> State:
    found = settle(parts, by)
    return False if by and found is None else found


def and_true_for_unknown(parts: list[State], by: bool) -> State:
    found = settle(parts, by)
    return True if not by and found is None else found


def unknown_settles_all(parts: list[State], by: bool) -> State:
    return None if None in parts else settle(parts, by)


def not_unknown_is_true(state: State) -> State:
    return not state


def with_leaf(kind: type, wrong: Callable[[Any, Any], State]) -> Callable[[Any, Any], State]:
    return lambda leaf, facts: wrong(leaf, facts) if isinstance(leaf, kind) else leaf_holds(leaf, facts)


def first_word_only(leaf: OneOf, facts: Any) -> State:
    return leaf_holds(OneOf(leaf.fact, leaf.words[:1]), facts)


def missing_is_zero(leaf: Compare, facts: Any) -> State:
    return leaf_holds(leaf, {leaf.fact: Decimal(0), **facts})


def ignoring_the_factor(limit: Any, facts: Any) -> Decimal | None:
    number: Decimal | None = facts.get(limit.of) if limit.of else limit.number
    return number


def rounded_product(limit: Any, facts: Any) -> Decimal | None:
    found = AMOUNT(limit, facts)
    return found if found is None else found.quantize(Decimal("0.01"))


def counts_however_old(fact: Any, *more: Any) -> Any:
    return fact


def fault_is_a_check(moment: Any, name: str) -> Any:
    usable = {key: [one for one in found if one.quality is Quality.OK] for key, found in moment.readings.items()}
    return checked(replace(moment, readings=usable), name)


def limit_of_the_kept_unit(sign: Sign, value: Decimal, how: str, observable: Any) -> bool:
    return value >= sign.limits(observable)[observable.unit]


AMOUNT, checked = evaluate.amount, ages.checked


def operators(**wrong: Any) -> dict[str, Any]:
    return {**evaluate.OPERATORS, **{{"gt": ">", "lt": "<", "eq": "="}[name]: by for name, by in wrong.items()}}


def stale_reassures(one: Any, facts: Any, worst: Any) -> list[State]:
    return [row.test(worst or facts) if row.test(facts) is None else row.test(facts) for row in one.rows]


def stale_is_forgotten(one: Any, facts: Any, worst: Any) -> list[State]:
    return states(one, facts, None)


def first_hit(one: Any, found: list[State], findings: Any, facts: Any) -> Any:
    row = next((row for row, state in zip(one.rows, found, strict=True) if state), None)
    return replace(only_one(one, found, findings, facts), action=row.then) if row else only_one(one, found, findings, facts)


def first_possible(one: Any, found: list[State], findings: Any, facts: Any) -> Any:
    row = next(row for row, state in zip(one.rows, found, strict=True) if state is not False)
    return replace(only_one(one, found, findings, facts), action=row.then)


def otherwise_beside_open_rows(one: Any, facts: Any, stale: Any) -> Any:
    answer = answered(one, facts, stale)
    return replace(answer, action=one.otherwise) if answer.action == "ask" else answer


def could_be_without_open_rows(one: Any, facts: Any, stale: Any) -> Any:
    answer = answered(one, facts, stale)
    return replace(answer, could_be=answer.action if answer.action in RANK else answer.could_be)


def verdict_without_what_is_open(tables: Any, facts: Any, stale: Any = None) -> Any:
    actions = [answered(one, facts, stale or {}).action for one in tables.values() if one.policy == "strictest"]
    found, could = verdict(tables, facts, stale)
    known = [action for action in actions if action in RANK]
    return (max(known, key=RANK.__getitem__) if found == "ask" and known else found), could


def earliest(readings: Sequence[Any]) -> list[Any]:
    return [reading for reading in readings if reading.at == readings[0].at] if readings else []


def conflict_is_the_last(group: Sequence[Any], observable: Any) -> Any:
    found = settled(group, observable)
    return settled(group[-1:], observable) if found.why == "conflicting" else found


def fault_is_passed_over(group: Sequence[Any], observable: Any) -> Any:
    usable = [reading for reading in group if reading.quality is Quality.OK]
    return settled(usable, observable) if usable else settled(group, observable)


def unsigned_counts(edition: Any) -> frozenset[str]:
    return frozenset()


def from_the_last_dose_on(moment: Any, name: str, until: Any = None, after: Any = None) -> list[Any]:
    return seen(moment, name, until, after and after - timedelta(microseconds=1))


def stale_at_the_edge(fact: Any, group: Any, one: Any, moment: Any, at: Any) -> Any:
    return aged(fact, group, one, moment, at + timedelta(microseconds=1))


def stale_never(fact: Any, group: Any, one: Any, moment: Any, at: Any) -> Any:
    return fact


def normal_without_limits(group: Sequence[Any]) -> bool:
    return normal([one for one in group if one.low is not None or one.high is not None])


def normal_means_low_enough(group: Sequence[Any]) -> bool:
    return normal([replace(one, low=None, high=one.high or one.low) for one in group])


MILDEST = {action: -rank for action, rank in RANK.items()}
LANGUAGE, RULES, TABLES = check.seeded_conditions, check.seeded_rules, check.seeded_tables
FACTS = check.seeded_records

MUTANTS = (
    Mutant("OR with an unknown is false", LANGUAGE, evaluate, "settle", or_false_for_unknown),
    Mutant("AND with an unknown is true", LANGUAGE, evaluate, "settle", and_true_for_unknown),
    Mutant("one unknown makes everything unknown", LANGUAGE, evaluate, "settle", unknown_settles_all),
    Mutant("NOT unknown is true", LANGUAGE, evaluate, "opposite", not_unknown_is_true),
    Mutant("> is read as >=", LANGUAGE, evaluate, "OPERATORS", operators(gt=ge)),
    Mutant("< is read as <=", LANGUAGE, evaluate, "OPERATORS", operators(lt=le)),
    Mutant("= is read as >=", LANGUAGE, evaluate, "OPERATORS", operators(eq=ge)),
    Mutant("compiled > is read as >=", LANGUAGE, closures, "OPERATORS", operators(gt=ge)),
    Mutant("IS KNOWN is always true", LANGUAGE, evaluate, "leaf_holds", with_leaf(Known, lambda leaf, facts: True)),
    Mutant("n * fact forgets the n", LANGUAGE, evaluate, "amount", ignoring_the_factor),
    Mutant("n * fact is rounded", LANGUAGE, evaluate, "amount", rounded_product),
    Mutant("IN looks at the first word only", LANGUAGE, evaluate, "leaf_holds", with_leaf(OneOf, first_word_only)),
    Mutant(
        "a comparison with an unknown is false",
        LANGUAGE,
        evaluate,
        "leaf_holds",
        with_leaf(Compare, lambda leaf, facts: bool(leaf_holds(leaf, facts))),
    ),
    Mutant(
        "an unknown claim is false",
        LANGUAGE,
        evaluate,
        "leaf_holds",
        with_leaf(Claim, lambda leaf, facts: bool(leaf_holds(leaf, facts))),
    ),
    Mutant("a missing number is 0", LANGUAGE, evaluate, "leaf_holds", with_leaf(Compare, missing_is_zero)),
    Mutant("a stale value reassures", RULES, table, "states", stale_reassures),
    Mutant("a stale danger is forgotten", RULES, table, "states", stale_is_forgotten),
    Mutant("the mildest row wins", RULES, table, "RANK", MILDEST),
    Mutant("the mildest answer wins", RULES, decision, "RANK", MILDEST),
    Mutant("exactly one takes the first hit beside open rows", TABLES, table, "_one", first_hit),
    Mutant("exactly one takes the first row that may hold", RULES, table, "_one", first_possible),
    Mutant("otherwise is given beside open rows", RULES, table, "answered", otherwise_beside_open_rows),
    Mutant("could_be leaves out what is open", RULES, table, "answered", could_be_without_open_rows),
    Mutant("the verdict leaves out what is open", RULES, decision, "verdict", verdict_without_what_is_open),
    Mutant("the earliest reading decides", FACTS, pick, "latest", earliest),
    Mutant("of two different values the last counts", FACTS, pick, "settled", conflict_is_the_last),
    Mutant("a reading that cannot be used is passed over", FACTS, pick, "settled", fault_is_passed_over),
    Mutant("an unsigned judgement counts", FACTS, gathering, "_to_be_signed", unsigned_counts),
    Mutant("a reading at the last dose is after it", FACTS, pick, "seen", from_the_last_dose_on),
    Mutant("stale begins at the edge", FACTS, pick, "aged", stale_at_the_edge),
    Mutant("nothing is ever stale", FACTS, pick, "aged", stale_never),
    Mutant("without limits a value is normal", FACTS, pick, "normal", normal_without_limits),
    Mutant("a signature counts before what it judges", FACTS, pick, "_older_than_judged", counts_however_old),
    Mutant("a look counts before the sign", FACTS, pick, "_older_than_sign", counts_however_old),
    Mutant("a bilirubin is a sign by the limit of the kept unit", FACTS, Sign, "reached", limit_of_the_kept_unit),
    Mutant("behind a result that cannot be used stands the older one", FACTS, ages, "checked", fault_is_a_check),
    Mutant("a report counts however old it is", FACTS, reports, "_lasts", lambda *of: True),
    Mutant(
        "a report counts from before the dose", FACTS, reports, "_since", lambda one, moment: moment.at - timedelta(days=999)
    ),
    Mutant("the lower limit is not looked at", FACTS, pick, "normal", normal_means_low_enough),
)
