"""How a condition is read: what binds tighter, what is refused, what to write instead. Part of the published reference."""

from __future__ import annotations

import pytest

from posology.knowledge import facts
from posology.language import CannotRead, faults, read
from tests.spec.sheet import Line, Sheet

PRECEDENCE = Sheet(
    "What binds tighter",
    "A comparison first, then NOT, then AND, then OR; brackets as usual. Line breaks and spaces mean nothing.",
    """
written                       || means
NOT a AND b                   || (NOT a) AND b
NOT a OR b                    || (NOT a) OR b
a OR b AND c                  || a OR (b AND c)
a AND b OR c                  || (a AND b) OR c
a AND b OR c AND d            || (a AND b) OR (c AND d)
NOT x > 2                     || NOT (x > 2)
NOT x = 'cr' AND y            || (NOT (x = 'cr')) AND y
NOT x IS KNOWN OR y           || (NOT (x IS KNOWN)) OR y
x > 1.5 * uln AND y <= 3      || (x > 1.5 * uln) AND (y <= 3)
x = 'cr'                      || x IN ('cr')
""",
)

REFUSED = Sheet(
    "What is refused, and what to write instead",
    "A refusal names the place. There is no division, no function and no arithmetic but `number * fact`.",
    """
written              || answer
x == 1               || write a single =
x != 1               || write NOT x = 'word', or the opposite comparison
x <> 1               || write NOT x = 'word', or the opposite comparison
x / uln > 1.5        || there is no division: write value > 1.5 * limit
x + y > 2            || there is no arithmetic: make the sum a fact of its own
x - y > 2            || make the difference a fact of its own
x > -1               || no negative number
max(x, y) > 1        || there are no functions; make it a fact of its own
x > 1 > 0            || comparisons are not chained; write x > 1 AND x < 2
x BETWEEN 1 AND 2    || write x >= 1 AND x <= 2
x LIKE 'cr'          || write x IN ('word', 'word')
x = "cr"             || write words in single quotes
x < 'cr'             || words are compared with = or IN only
CASE x               || write one row for each case
EXISTS x             || there are no subqueries: make it a fact of its own
x IS NULL            || write x IS KNOWN or NOT x IS KNOWN
x IS NOT KNOWN       || write NOT x IS KNOWN
vod = TRUE           || write the fact alone: vod
vod = false          || write NOT in front of the fact: NOT vod
vod and y            || write AND
vod IS known         || write KNOWN
1 < x                || write the fact first: x > 1
x > 1.5 uln          || write 1.5 * x with its star
x > uln * 1.5        || write the number first: 1.5 * uln
x > 1,5              || 1.5 with its point
x > .5               || write 0.5
x ≥ 1                || write >=
x >                  || expected a number, or a number * a fact
x > 1 AND            || the condition ends too early
(x > 1               || expected )
x > 1)               || unexpected ')'
x IN (1, 2)          || expected word
""",
)

CHECKED = Sheet(
    "What the dictionary of facts refuses",
    "Every name, kind, word and unit is checked against facts.toml before a rule may be used.",
    """
written                          || answer
bilirubn > 1                     || did you mean 'bilirubin'?
qwertyuiop > 1                   || see facts.toml
alt > 2.5 * qwertyuiop           || see facts.toml
anc                              || is a number: compare it, for example anc > 1
anc = 'low'                      || is a number, not a word: write anc > 1
response                         || compare it, for example response = 'cr'
response > 1                     || is a word, not a number: write response = 'cr'
response = 'good'                || is never 'good'; its words are cr, cri, none, relapse, not_assessable
prior_vod = 'yes'                || write prior_vod or NOT prior_vod
prior_vod > 0                    || write prior_vod or NOT prior_vod
anc > response                   || 'response' is a word, not a number
bilirubin > 1.5 * alt_uln        || 'bilirubin' is in mg/dL, 'alt_uln' in U/L: units must agree
""",
)

SHEETS = (PRECEDENCE, REFUSED, CHECKED)


def lines(sheet: Sheet) -> list[Line]:
    return sheet.lines()


def name(line: Line) -> str:
    return line.given["written"]


@pytest.mark.parametrize("line", lines(PRECEDENCE), ids=name)
def test_brackets_where_the_table_puts_them_change_nothing(line: Line) -> None:
    assert read(line.given["written"]) == read(line.expected["means"])


def test_brackets_anywhere_else_do_change_the_meaning() -> None:
    assert read("a OR b AND c") != read("(a OR b) AND c")
    assert read("NOT a AND b") != read("NOT (a AND b)")


@pytest.mark.parametrize("line", lines(REFUSED), ids=name)
def test_what_is_not_in_the_language_is_refused_in_one_line_with_the_phrase_to_write(line: Line) -> None:
    with pytest.raises(CannotRead) as refusal:
        read(line.given["written"])
    said = str(refusal.value)
    assert line.expected["answer"] in said
    assert "\n" not in said and line.given["written"] in said


@pytest.mark.parametrize("line", lines(CHECKED), ids=name)
def test_a_condition_that_misuses_a_fact_gets_exactly_one_line_saying_how_to_write_it(line: Line) -> None:
    (said,) = faults(read(line.given["written"]), facts())
    assert line.expected["answer"] in said and "\n" not in said


@pytest.mark.parametrize("text", ["prior_vod", "anc > 1", "anc >= anc_prior_cycle", "alt > 2.5 * alt_uln", "anc IS KNOWN"])
def test_a_condition_in_order_has_no_fault(text: str) -> None:
    assert list(faults(read(text), facts())) == []


@pytest.mark.parametrize(
    ("text", "place"), [("x > 1 AND y == 2", 13), ("== x", 1), ("x / y", 3), ("max(x) > 1", 4), ("a OR 1 < x", 6)]
)
def test_a_refusal_counts_the_characters_to_the_place(text: str, place: int) -> None:
    with pytest.raises(CannotRead, match=f"at character {place} of: "):
        read(text)


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_condition_is_refused(text: str) -> None:
    with pytest.raises(CannotRead, match="ends too early at the end"):
        read(text)


@pytest.mark.parametrize("text", ["x > 1e3", "x > .5", "x > 5.", "x > 1,5", "x > 1.5uln", "x > u * 1.5", "x ≥ 1", "x; y"])
def test_what_only_looks_like_a_number_or_a_sign_is_refused(text: str) -> None:
    with pytest.raises(CannotRead):
        read(text)
