"""From rows to an answer, and from answers to the verdict, line by line. Part of the published reference."""

from __future__ import annotations

from itertools import product

import pytest

from posology.decide import TableError, answered, decide_facts, outcome, verdict
from posology.knowledge import RANK, SCALE, Cites, Row, Table
from posology.language import Value, compiled, facts_in, read
from tests.spec.sheet import STATES, Line, Sheet, value, values


def row(name: str, when: str, then: str, **sets: str) -> Row:
    condition, cites = read(when), Cites("policy", "test")
    return Row(
        name, "q", cites, "ours", "D", "", "", (), when, condition, then, sets, compiled(condition), facts_in(condition)
    )


def table(*rows: Row, policy: str = "strictest", name: str = "q") -> Table:
    return Table(name, "?", policy, "give" if policy == "strictest" else "undetermined", rows)  # type: ignore[arg-type]


STRICTEST = Sheet(
    "Several rows hold: the strictest counts",
    "Row 1 says *wait*, row 2 says *interrupt*, otherwise *give*. `give` needs every row to be settled as not holding.",
    """
row 1   | row 2   || action    | could be
no      | no      || give      | give
no      | yes     || interrupt | interrupt
no      | unknown || ask       | interrupt
yes     | no      || wait      | wait
yes     | yes     || interrupt | interrupt
yes     | unknown || wait      | interrupt
unknown | no      || ask       | wait
unknown | yes     || interrupt | interrupt
unknown | unknown || ask       | interrupt
""",
)

EXACTLY_ONE = Sheet(
    "Exactly one row must hold",
    "Row 1 says *give*, row 2 says *interrupt*. With everything known, no row or two rows are an error of the table.",
    """
row 1   | row 2   || action       | could be
yes     | no      || give         | give
no      | yes     || interrupt    | interrupt
no      | no      || error        | gap
yes     | yes     || error        | overlap
yes     | unknown || undetermined | interrupt
no      | unknown || undetermined | interrupt
unknown | yes     || undetermined | interrupt
unknown | no      || undetermined | give
unknown | unknown || undetermined | interrupt
""",
)

STALE = Sheet(
    "A stale value may prove a danger; it never reassures",
    "One row: *interrupt* when `x > 2 AND NOT excused`. A value too old to count is shown as *stale*.",
    """
x       | excused   || action    | could be
1       | no        || give      | give
3       | no        || interrupt | interrupt
3       | yes       || give      | give
unknown | no        || ask       | interrupt
stale 3 | no        || interrupt | interrupt
stale 1 | no        || ask       | interrupt
stale 3 | yes       || give      | give
stale 3 | unknown   || ask       | interrupt
3       | stale yes || ask       | interrupt
3       | stale no  || interrupt | interrupt
stale 3 | stale no  || interrupt | interrupt
stale 3 | stale yes || ask       | interrupt
stale 1 | stale no  || ask       | interrupt
1       | stale no  || give      | give
""",
)

VERDICT = Sheet(
    "Several questions: the verdict",
    "The strictest answer counts. Where it lets the dose through but something open could forbid it, the verdict is *ask*.",
    """
one question     | it may be        | another          | that may be      || verdict          | could be
give             | give             | give             | give             || give             | give
give             | give             | give_with_review | give_with_review || give_with_review | give_with_review
give_with_review | give_with_review | wait             | wait             || wait             | wait
wait             | wait             | omit             | omit             || omit             | omit
omit             | omit             | interrupt        | interrupt        || interrupt        | interrupt
interrupt        | interrupt        | discontinue      | discontinue      || discontinue      | discontinue
discontinue      | discontinue      | not_eligible     | not_eligible     || not_eligible     | not_eligible
give             | give             | ask              | give_with_review || ask              | give_with_review
give             | give             | ask              | wait             || ask              | wait
give_with_review | give_with_review | ask              | give_with_review || give_with_review | give_with_review
give_with_review | give_with_review | ask              | wait             || ask              | wait
give_with_review | wait             | give             | give             || ask              | wait
wait             | wait             | ask              | not_eligible     || wait             | not_eligible
interrupt        | discontinue      | give             | give             || interrupt        | discontinue
ask              | interrupt        | ask              | discontinue      || ask              | discontinue
undetermined     | give             | give             | give             || ask              | give
undetermined     | give             | give_with_review | give_with_review || ask              | give_with_review
undetermined     | give             | wait             | wait             || wait             | wait
undetermined     | give             | ask              | interrupt        || ask              | interrupt
""",
)

SHEETS = (STRICTEST, EXACTLY_ONE, STALE, VERDICT)
TWO = (row("one", "a", "wait"), row("two", "b", "interrupt"))
EITHER = table(row("one", "a", "give"), row("two", "b", "interrupt"), policy="exactly one")
EXCUSED = table(row("danger", "x > 2 AND NOT excused", "interrupt"))


def title(line: Line) -> str:
    return ", ".join(line.given.values())


def both(line: Line) -> tuple[str, str]:
    return line.expected["action"], line.expected["could be"]


@pytest.mark.parametrize("line", STRICTEST.lines(), ids=title)
def test_the_strictest_row_counts_and_an_open_row_is_never_passed_over(line: Line) -> None:
    facts = {"a": value(line.given["row 1"]), "b": value(line.given["row 2"])}
    answer = answered(table(*TWO), facts, {})
    assert (answer.action, answer.could_be) == both(line) == outcome(table(*TWO), facts)
    backwards = answered(table(*reversed(TWO)), facts, {})
    assert (backwards.action, backwards.could_be) == both(line), "the order of the rows decides nothing"


@pytest.mark.parametrize("line", EXACTLY_ONE.lines(), ids=title)
def test_of_an_exactly_one_table_one_row_answers_or_none(line: Line) -> None:
    facts = {"a": value(line.given["row 1"]), "b": value(line.given["row 2"])}
    if line.expected["action"] == "error":
        said = {"gap": "no row applies with a False, b False", "overlap": "one, two applies with a True, b True"}
        with pytest.raises(TableError, match=said[line.expected["could be"]]):
            answered(EITHER, facts, {})
        return
    answer = answered(EITHER, facts, {})
    assert (answer.action, answer.could_be) == both(line) == outcome(EITHER, facts)


def split(cells: dict[str, str]) -> tuple[dict[str, Value | None], dict[str, Value]]:
    """What is known, and what is known but stale."""
    fresh = values({name: "unknown" if cell.startswith("stale ") else cell for name, cell in cells.items()})
    old = {name: value(cell.removeprefix("stale ")) for name, cell in cells.items() if cell.startswith("stale ")}
    return fresh, {name: seen for name, seen in old.items() if seen is not None}


@pytest.mark.parametrize("line", STALE.lines(), ids=title)
def test_a_stale_value_may_prove_a_danger_and_never_reassures(line: Line) -> None:
    known, stale = split(line.given)
    answer = answered(EXCUSED, known, stale)
    assert (answer.action, answer.could_be) == both(line)
    assert outcome(EXCUSED, known, {**known, **stale}) == both(line)


def test_an_exactly_one_table_never_uses_a_stale_value() -> None:
    assert answered(EITHER, {"b": False}, {"a": True}).action == "undetermined"


def of(action: str, could_be: str, name: str) -> tuple[Table, dict[str, Value | None]]:
    """A question that answers this, and the facts that make it."""
    yes, open_fact = f"{name}_yes", f"{name}_open"
    if action == "undetermined":
        return table(row("a", open_fact, "give"), row("b", yes, could_be), policy="exactly one", name=name), {yes: False}
    rows = [row("open", open_fact, could_be)] if could_be != action else []
    rows += [row("yes", yes, action)] if action != "ask" else []
    return table(*rows, name=name), {yes: True}


@pytest.mark.parametrize("line", VERDICT.lines(), ids=title)
def test_the_verdict_is_the_strictest_answer_unless_something_open_could_outrank_a_dose(line: Line) -> None:
    given, tables, facts = line.given, {}, {}
    pairs = [("first", given["one question"], given["it may be"]), ("second", given["another"], given["that may be"])]
    for name, action, could_be in pairs:
        tables[name], known = of(action, could_be, name)
        facts.update(known)
    expected = (line.expected["verdict"], line.expected["could be"])
    for order in (tables, dict(reversed(tables.items()))):
        decision = decide_facts(order, facts)
        assert (decision.verdict, decision.could_be) == expected == verdict(order, facts)
        assert decision.green is (expected == ("give", "give"))


def test_the_scale_runs_from_give_to_not_eligible() -> None:
    assert SCALE == ("give", "give_with_review", "wait", "omit", "interrupt", "discontinue", "not_eligible")
    assert [RANK[action] for action in SCALE] == sorted(RANK.values())


@pytest.mark.parametrize(("mild", "strict"), [pair for pair in product(SCALE, SCALE) if RANK[pair[0]] < RANK[pair[1]]])
def test_of_any_two_actions_the_later_on_the_scale_counts(mild: str, strict: str) -> None:
    pair = table(row("one", "a", mild), row("two", "b", strict))
    assert answered(pair, {"a": True, "b": True}, {}).action == strict
    assert answered(pair, {"a": True, "b": None}, {}).could_be == strict
    assert answered(pair, {"a": True, "b": False}, {}).action == mild


@pytest.mark.parametrize("states", list(product(STATES.values(), repeat=3)))
def test_no_answer_says_give_beside_an_open_row(states: tuple[bool | None, ...]) -> None:
    rows = [row(name, name, then) for name, then in zip("abc", ("give_with_review", "wait", "discontinue"), strict=True)]
    answer = answered(table(*rows), dict(zip("abc", states, strict=True)), {})
    assert (answer.action == "give") == (set(states) == {False})
    assert (answer.could_be == "give") == (set(states) == {False})


def test_the_values_of_a_row_come_with_it_and_with_no_other() -> None:
    rows = (row("low", "a", "give", dose="0.5"), row("high", "b", "give", dose="0.8"))
    one = table(*rows, policy="exactly one")
    assert answered(one, {"a": True, "b": False}, {}).sets == {"dose": "0.5"}
    assert answered(one, {"a": True}, {}).sets == {}
    assert answered(table(*rows), {"a": False, "b": True}, {}).sets == {"dose": "0.8"}
