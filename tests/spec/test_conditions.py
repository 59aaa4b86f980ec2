"""What every condition means, line by line. These tables are the published reference; nothing else defines it."""

from __future__ import annotations

import pytest

from posology.language import compiled, holds, read, why
from tests.spec.sheet import STATES, Line, Sheet, values

LOGIC = Sheet(
    "AND, OR",
    "One *no* settles AND, one *yes* settles OR. What is left undecided stays unknown; unknown never counts as no.",
    """
a       | b       || a AND b | a OR b
yes     | yes     || yes     | yes
yes     | no      || no      | yes
yes     | unknown || unknown | yes
no      | yes     || no      | yes
no      | no      || no      | no
no      | unknown || no      | unknown
unknown | yes     || unknown | yes
unknown | no      || no      | unknown
unknown | unknown || unknown | unknown
""",
)

CLAIM = Sheet(
    "A yes/no fact, NOT, IS KNOWN",
    "A fact standing alone claims that it is true. IS KNOWN is the only question that an unknown fact answers.",
    """
vod     || vod     | NOT vod | NOT NOT vod | vod IS KNOWN | NOT vod IS KNOWN | vod IS KNOWN AND vod
yes     || yes     | no      | yes         | yes          | no               | yes
no      || no      | yes     | no          | yes          | no               | no
unknown || unknown | unknown | unknown     | no           | yes              | no
""",
)

NUMBER = Sheet(
    "Compared with a number",
    "In the unit of the fact, exactly: 2, 2.0 and 2.00 are one number, and 2.0000000001 lies above it.",
    """
x            || x < 2   | x <= 2  | x = 2   | x >= 2  | x > 2
1.9999999999 || yes     | yes     | no      | no      | no
2            || no      | yes     | yes     | yes     | no
2.00         || no      | yes     | yes     | yes     | no
2.0000000001 || no      | no      | no      | yes     | yes
unknown      || unknown | unknown | unknown | unknown | unknown
""",
)

FACT = Sheet(
    "Compared with another fact",
    "Both must be known and in the same unit.",
    """
x       | limit   || x < limit | x <= limit | x = limit | x >= limit | x > limit
39      | 40      || yes       | yes        | no        | no         | no
40      | 40      || no        | yes        | yes       | yes        | no
41      | 40      || no        | no         | no        | yes        | yes
unknown | 40      || unknown   | unknown    | unknown   | unknown    | unknown
40      | unknown || unknown   | unknown    | unknown   | unknown    | unknown
unknown | unknown || unknown   | unknown    | unknown   | unknown    | unknown
""",
)

MULTIPLE = Sheet(
    "Compared with a multiple of another fact",
    "`2.5 * uln` is two and a half times the laboratory's own limit; without that limit nothing is known.",
    """
x       | uln     || x < 2.5 * uln | x <= 2.5 * uln | x = 2.5 * uln | x >= 2.5 * uln | x > 2.5 * uln
99.9    | 40      || yes           | yes            | no            | no             | no
100     | 40      || no            | yes            | yes           | yes            | no
100.1   | 40      || no            | no             | no            | yes            | yes
unknown | 40      || unknown       | unknown        | unknown       | unknown        | unknown
100     | unknown || unknown       | unknown        | unknown       | unknown        | unknown
unknown | unknown || unknown       | unknown        | unknown       | unknown        | unknown
""",
)

WORD = Sheet(
    "Words",
    "A word is compared whole, with `=` or with a list.",
    """
response || response = 'cr' | response IN ('cr', 'cri') | NOT response = 'cr' | NOT response IN ('cr', 'cri')
'cr'     || yes             | yes                       | no                  | no
'cri'    || no              | yes                       | yes                 | no
'none'   || no              | no                        | yes                 | yes
unknown  || unknown         | unknown                   | unknown             | unknown
""",
)

TOGETHER = Sheet(
    "Two patterns to know",
    "`NOT (x IS KNOWN AND x)` lets go only of what is proved; `NOT x` alone stays open while x is unknown.",
    """
danger  | excused || danger AND NOT excused | danger AND NOT (excused IS KNOWN AND excused)
yes     | yes     || no                     | no
yes     | no      || yes                    | yes
yes     | unknown || unknown                | yes
no      | unknown || no                     | no
unknown | yes     || no                     | no
unknown | no      || unknown                | unknown
unknown | unknown || unknown                | unknown
""",
)

SHEETS = (LOGIC, CLAIM, NUMBER, FACT, MULTIPLE, WORD, TOGETHER)
CELLS = [(text, line) for sheet in SHEETS for line in sheet.lines() for text in line.expected]
NAMES = [f"{text} where {', '.join(f'{fact} {cell}' for fact, cell in line.given.items())}" for text, line in CELLS]


@pytest.mark.parametrize(("text", "line"), CELLS, ids=NAMES)
def test_a_condition_is_what_its_table_says_in_all_three_evaluators(text: str, line: Line) -> None:
    condition, facts, expected = read(text), values(line.given), STATES[line.expected[text]]
    assert holds(condition, facts) is expected
    assert why(condition, facts).holds is expected
    assert compiled(condition)(facts) is expected


@pytest.mark.parametrize(("text", "line"), CELLS, ids=NAMES)
def test_a_fact_left_out_is_the_same_as_a_fact_that_is_unknown(text: str, line: Line) -> None:
    condition, facts = read(text), {name: known for name, known in values(line.given).items() if known is not None}
    seen = (holds(condition, facts), why(condition, facts).holds, compiled(condition)(facts))
    assert seen == (STATES[line.expected[text]],) * len(seen)


@pytest.mark.parametrize("sheet", [sheet for sheet in SHEETS if sheet is not TOGETHER], ids=lambda sheet: sheet.title)
def test_a_table_leaves_no_state_out(sheet: Sheet) -> None:
    rows = [tuple(line.given.values()) for line in sheet.lines()]
    assert len(set(rows)) == len(rows)
    for unknowns in [{at} for at in range(len(rows[0]))] + [set(range(len(rows[0])))]:
        assert any({at for at, cell in enumerate(row) if cell == "unknown"} == unknowns for row in rows)


def test_and_and_or_have_all_nine_rows() -> None:
    assert {tuple(line.given.values()) for line in LOGIC.lines()} == {(a, b) for a in STATES for b in STATES}
