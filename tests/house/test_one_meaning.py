"""A number that stands in two places is the same in both: regimen.toml, policy.toml and the rule rows."""

from __future__ import annotations

from decimal import Decimal

import pytest

from posology.knowledge import Edition, editions, load_edition
from posology.language import Compare, leaves
from posology.measures.body_surface import KG_PER_M2

EDITIONS = [load_edition(name) for name in editions()]
each = pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.id)


def limits(edition: Edition, name: str, fact: str) -> set[Decimal]:
    """The numbers that a row compares a fact with."""
    row = next(row for row in edition.rows() if f"{row.question}.{row.id}" == name)
    found = [leaf for leaf in leaves(row.when) if isinstance(leaf, Compare) and leaf.fact == fact]
    return {leaf.limit.number for leaf in found if leaf.limit.of is None}


SAME = [
    ("level_next_cycle.reduce_25", "days_interrupted", "step_after_days"),
    ("level_next_cycle.two_doses", "days_interrupted", "step_after_days"),
    ("level_next_cycle.stopped", "days_interrupted", "step_after_days"),
    ("interruption_now.omit_remaining_doses", "days_interrupted", "step_after_days"),
    ("cycle_start_counts.normal_before", "anc", "anc_low_below"),
    ("cycle_start_counts.normal_before", "anc_before_treatment", "anc_low_below"),
    ("cycle_start_counts.normal_before", "platelets", "platelets_low_below"),
    ("cycle_start_counts.normal_before", "platelets_before_treatment", "platelets_low_below"),
    ("cycle_start_counts.low_before", "anc", "anc_low_below"),
    ("cycle_start_counts.low_before", "platelets", "platelets_low_below"),
    ("cycle_start_counts.mixed_low_platelets", "platelets", "platelets_low_below"),
    ("cycle_start_counts.mixed_low_platelets_own", "anc", "anc_low_below"),
    ("cycle_start_counts.mixed_low_anc", "anc", "anc_low_below"),
    ("cycle_start_counts.mixed_low_anc_own", "platelets", "platelets_low_below"),
    ("interval.under_6_days", "days_since_last_dose", "min_days"),
    ("window.after_last_day", "days_into_cycle", "last_day_for_a_dose"),
    ("window.no_day_left", "first_possible_day", "last_day_for_a_dose"),
    ("interruption_now.omit_due_dose", "days_interrupted", "omit_after_days"),
    ("course_limits.long_gap", "days_overdue", "later_length"),
    ("course_limits.six_cycles", "cycles_counted", "max_cycles"),
    ("course_limits.no_remission", "cycles_without_remission", "cycles_without_remission"),
    ("course_limits.third_before_transplant", "cycles_counted", "cycles_before_transplant"),
    ("course_limits.enough_before_transplant", "cycles_counted", "cycles_before_transplant"),
]


@each
@pytest.mark.parametrize(("row", "fact", "number"), SAME, ids=lambda part: str(part))
def test_a_rule_and_the_regimen_say_the_same_number(edition: Edition, row: str, fact: str, number: str) -> None:
    assert limits(edition, row, fact) == {Decimal(getattr(edition.regimen, number))}


@each
def test_the_window_of_a_dose_is_its_day_and_two_days_either_side(edition: Edition) -> None:
    second, third = edition.regimen.days[1:]
    early = limits(edition, "window.before_window", "days_into_cycle")
    late = limits(edition, "window.late_without_toxicity", "days_late")
    assert early == {Decimal(second - edition.regimen.window_days), Decimal(third - edition.regimen.window_days)}
    assert late == {Decimal(edition.regimen.window_days)}


@each
def test_the_days_that_may_be_picked_for_two_doses_are_those_of_the_regimen(edition: Edition) -> None:
    picked = limits(edition, "level_next_cycle.days_not_picked", "second_dose_day")
    assert picked == {Decimal(day) for day in edition.regimen.days[1:]}


@each
@pytest.mark.parametrize(
    ("row", "facts", "policy"),
    [
        ("freshness.old_blood_count", ("anc_age_h", "platelets_age_h"), "blood_count"),
        ("freshness.old_liver_tests", ("bilirubin_age_h", "ast_age_h", "alt_age_h"), "liver_tests"),
    ],
)
def test_a_rule_about_age_and_the_policy_say_the_same_hours(
    edition: Edition, row: str, facts: tuple[str, ...], policy: str
) -> None:
    hours = edition.policy.rows[f"freshness.{policy}"]["hours"]
    assert [limits(edition, row, fact) for fact in facts] == [{Decimal(hours)}] * len(facts)


@each
@pytest.mark.parametrize(("row", "fact"), [("ecg", "ecg_age_days"), ("electrolytes", "electrolytes_age_days")])
def test_a_rule_about_age_in_days_and_the_policy_in_hours_agree(edition: Edition, row: str, fact: str) -> None:
    (days,) = limits(edition, f"first_dose_readiness.{row}", fact)
    assert edition.policy.rows[f"freshness.{row}"]["hours"] == days * 24


def test_the_bounds_of_a_body_are_those_of_the_policy() -> None:
    row = EDITIONS[0].policy.rows["body_size"]
    assert (Decimal(row["lowest_kg_per_m2"]), Decimal(row["highest_kg_per_m2"])) == KG_PER_M2


@each
def test_the_days_of_a_cycle_and_the_levels_fit_together(edition: Edition) -> None:
    regimen = edition.regimen
    assert len(regimen.days) == regimen.doses["full"] and list(regimen.days) == sorted(regimen.days)
    assert set(regimen.levels) == set(regimen.factors) == set(regimen.doses)
    assert [regimen.factors[level] for level in regimen.levels] == sorted(regimen.factors.values(), reverse=True)
    assert all(later - earlier >= regimen.min_days for earlier, later in zip(regimen.days, regimen.days[1:], strict=False))
    assert regimen.last_day_for_a_dose >= regimen.days[-1]
    assert regimen.length(1) == regimen.first_length <= regimen.first_length_max
    assert regimen.length(2) == regimen.later_length


@each
def test_the_totals_of_a_cycle_are_the_labels(edition: Edition) -> None:
    """1.8 mg/m² in cycle 1 and without remission, 1.5 in remission; reduced by a quarter 1.35."""
    sets = {row.id: Decimal(row.sets["mg_per_m2"]) for row in edition.tables["regimen"].rows if row.sets}
    later = sets["later_doses_of_a_cycle"] * 2
    assert sets["cycle_1_first_dose"] + later == Decimal("1.8") == sets["day_1_no_remission"] + later
    assert sets["day_1_in_remission"] + later == Decimal("1.5")
    assert (sets["day_1_no_remission"] + later) * edition.regimen.factors["reduced_25"] == Decimal("1.35")
