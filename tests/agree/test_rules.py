"""Every rule, every answer and the verdict: Python and SQL give the same on the same facts."""

import pytest

from posology.columns import sql
from posology.knowledge import editions, load_edition
from tests.agree import check, database, patients

SIZES = {"us": 2000, "eu": 700}
SIZE = SIZES["us"]
each = pytest.mark.parametrize("name", editions())


@each
def test_every_rule_answer_and_verdict_is_the_same_in_python_and_in_sql(name: str) -> None:
    assert list(check.seeded_rules(SIZES[name], name)) == []


def test_random_tables_with_gaps_and_overlaps_are_answered_the_same_in_python_and_in_sql() -> None:
    assert list(check.seeded_tables(600)) == []


@pytest.mark.long
@each
def test_every_rule_answer_and_verdict_is_the_same_for_many_patients(name: str) -> None:
    assert list(check.seeded_rules(60_000, name)) == []


@each
def test_the_generated_patients_make_every_rule_hold_fail_and_stay_open(name: str) -> None:
    rows = database.of_seeded_facts(check.SEED, SIZES[name], name)
    for rule in load_edition(name).rows():
        states = {row[f"rule_{rule.question}_{rule.id}"] for row in rows}
        assert states == {True, False, None}, f"{rule.question}/{rule.id} was only ever {states}"


@each
def test_the_generated_patients_reach_every_verdict(name: str) -> None:
    reached = {row["verdict"] for row in database.of_seeded_facts(check.SEED, SIZES[name], name)}
    assert reached >= {"give", "give_with_review", "wait", "interrupt", "discontinue", "not_eligible", "ask"}


def test_some_generated_patients_have_a_rule_that_only_a_stale_value_proves() -> None:
    rules, proven = load_edition("us").rows(), 0
    rows = database.of_seeded_facts(check.SEED, SIZE)
    for (facts, _), row in zip(patients.seeded(check.SEED, SIZE), rows, strict=True):
        holding = [rule for rule in rules if row[f"rule_{rule.question}_{rule.id}"] is True]
        proven += sum(rule.test(facts) is None for rule in holding)
    assert proven > 100


@each
def test_every_rule_stands_in_the_sql_with_its_citation_on_the_line_above(name: str) -> None:
    edition = load_edition(name)
    lines = sql(edition).splitlines()
    for rule in edition.rows():
        remarks = [line for line in lines if line.strip().startswith(f"-- {rule.question} / {rule.id} [")]
        assert len(remarks) == 1, rule.id
        assert rule.cites.source in remarks[0] and rule.cites.section in remarks[0]


def test_no_two_columns_of_the_sql_share_a_name() -> None:
    row = database.of_seeded_records(check.SEED, check.RECORDS)[0]
    edition = load_edition("us")
    rules = len(edition.rows())
    stale = sum(name.startswith("stale_") for name in row)
    expected = 3 + 2 * len(edition.facts) + stale + rules + 2 * len(edition.tables) + 2
    assert len(row) == expected


def test_a_dialect_nobody_wrote_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no SQL is written for 'oracle'"):
        sql(load_edition("us"), "oracle")
