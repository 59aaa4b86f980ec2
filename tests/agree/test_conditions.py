"""Three implementations of the language, one meaning: the evaluator, the compiled closures, and SQL."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posology.language import leaves
from tests.agree import check, conditions, database


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False, note_method_calls=False))
def test_any_condition_means_the_same_evaluated_compiled_and_in_sql(choose: Random) -> None:
    asked = [conditions.condition(choose, depth=4)]
    given = [conditions.facts(asked, choose) for _ in range(8)]
    assert list(check.differences(asked, given, database.of_conditions(asked, given))) == []


def test_seeded_conditions_mean_the_same_evaluated_compiled_and_in_sql() -> None:
    assert list(check.seeded_conditions()) == []


@pytest.mark.long
@pytest.mark.parametrize("many", [600])
def test_many_seeded_conditions_mean_the_same_evaluated_compiled_and_in_sql(many: int) -> None:
    assert list(check.seeded_conditions(many, size=2000)) == []


def test_the_seeded_conditions_reach_every_operator_every_leaf_and_every_truth_value() -> None:
    asked, _ = conditions.seeded(check.SEED, check.CONDITIONS, check.ROWS)
    every = [leaf for one in asked for leaf in leaves(one)]
    assert {type(leaf).__name__ for leaf in every} == {"Claim", "Compare", "Known", "OneOf"}
    assert {getattr(leaf, "operator", "=") for leaf in every} == set(conditions.OPERATORS)
    answers = database.of_seeded_conditions(check.SEED, check.CONDITIONS, check.ROWS)
    assert {answer for row in answers for answer in row} == {True, False, None}
