"""Proofs about what bounds every dose: the interval, veno-occlusive disease, the ladder, and milligrams for any body."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
import z3

from posology.answer.dosing import rounding
from posology.dose import round_dose
from posology.knowledge import RANK, Edition, editions, load_edition, observables
from posology.language import read
from tests.proofs.logic import World, impossible
from tests.proofs.test_tables import GIVE, REVIEW, shown

EDITIONS = [load_edition(name) for name in editions()]


def permitted(edition: Edition, question: str, *claims: str) -> Any | None:
    """Facts with which this question lets a dose through although these conditions hold."""
    world, table = World(edition.facts), edition.tables[question]
    action, could = shown(table, world)
    held = [world.meaning(read(claim))[0] for claim in claims]
    through = z3.And(z3.Or(action == GIVE, action == REVIEW), could == action)
    return impossible(*world.possible(table.facts), *held, through)


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.id)
@pytest.mark.parametrize(
    ("question", "claims"),
    [
        ("vod", ["vod_status = 'confirmed'"]),
        ("vod", ["vod_status = 'suspected'"]),
        ("vod", ["prior_vod"]),
        ("vod", ["NOT vod_status IS KNOWN"]),
        ("severe_liver_toxicity", ["severe_liver_toxicity", "severe_liver_toxicity_signed"]),
        ("infusion_reaction", ["infusion_reaction_grade >= 3"]),
        ("liver", ["ast > 2.5 * ast_uln"]),
        ("liver", ["alt > 2.5 * alt_uln"]),
        ("liver", ["bilirubin > 1.5 * bilirubin_uln", "NOT bilirubin_exempt IS KNOWN"]),
        ("liver", ["NOT bilirubin IS KNOWN"]),
        ("liver", ["NOT alt_uln IS KNOWN"]),
        (
            "other_toxicity",
            ["creatinine_reported", "creatinine_last > 1.5 * creatinine_uln", "NOT creatinine_baseline IS KNOWN"],
        ),
        (
            "other_toxicity",
            ["creatinine_reported", "creatinine_last > 1.5 * creatinine_uln", "toxicity_grade_before_treatment < 2"],
        ),
        (
            "other_toxicity",
            ["creatinine_reported", "NOT creatinine_uln IS KNOWN", "creatinine_baseline < 1", "creatinine_baseline_uln > 1"],
        ),
        ("other_toxicity", ["lipase_reported", "lipase_last > 1.5 * lipase_uln", "toxicity_grade_before_treatment < 2"]),
        ("other_toxicity", ["amylase_reported", "amylase_last > 1.5 * amylase_uln", "toxicity_grade_before_treatment < 2"]),
        ("other_toxicity", ["NOT lipase_reported IS KNOWN", "NOT lipase_uln IS KNOWN", "NOT lipase_baseline IS KNOWN"]),
        ("other_toxicity", ["glucose_reported", "glucose_last > 160", "NOT laboratory_attribution IS KNOWN"]),
        ("other_toxicity", ["glucose_reported", "glucose_last > 160", "laboratory_attribution = 'drug'"]),
        ("eligibility", ["NOT cd22_positive IS KNOWN"]),
        ("eligibility", ["NOT age_years IS KNOWN"]),
        ("route", ["route = 'intrathecal'"]),
    ],
    ids=lambda value: value if isinstance(value, str) else " and ".join(value),
)
def test_no_assignment_lets_a_dose_through_where_it_must_not(edition: Edition, question: str, claims: list[str]) -> None:
    assert permitted(edition, question, *claims) is None


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.id)
def test_the_interval_of_the_rules_is_the_interval_of_the_plan_and_unknown_is_not_long_enough(edition: Edition) -> None:
    least = edition.regimen.min_days
    known_later = "first_dose_ever IS KNOWN AND NOT first_dose_ever"
    assert permitted(edition, "interval", f"days_since_last_dose < {least}", known_later) is None
    assert permitted(edition, "interval", f"days_since_last_dose < {least + 1}", known_later) is not None
    assert permitted(edition, "interval", "NOT days_since_last_dose IS KNOWN", known_later) is None


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.id)
def test_the_limits_of_the_rules_are_those_of_the_plan(edition: Edition) -> None:
    """regimen.toml feeds the plan and rules/ the decision: each number stands in both, and they must be one number."""
    regimen, later = edition.regimen, ("dose_number = 1", "within_cycle IS KNOWN AND NOT within_cycle")
    assert permitted(edition, "course_limits", f"cycles_counted >= {regimen.max_cycles}", *later) is None
    stop = f"cycles_without_remission >= {regimen.cycles_without_remission}"
    enough = f"cycles_counted >= {regimen.cycles_without_remission}"
    assert permitted(edition, "course_limits", stop, enough, *later) is None
    assert permitted(edition, "window", "dose_number >= 2", f"days_into_cycle > {regimen.last_day_for_a_dose}") is None
    assert permitted(edition, "window", "dose_number = 1", "cycle = 2", f"days_into_cycle <= {regimen.first_length}") is None
    assert permitted(edition, "window", "dose_number = 1", "cycle = 3", f"days_into_cycle <= {regimen.later_length}") is None


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.id)
def test_the_ladder_only_goes_down_and_no_step_raises_the_amount(edition: Edition) -> None:
    regimen = edition.regimen
    for one, other in product(regimen.levels, repeat=2):
        lower = regimen.lower(one, other)
        assert regimen.factors[lower] <= min(regimen.factors[one], regimen.factors[other])
        assert regimen.doses[lower] <= min(regimen.doses[one], regimen.doses[other])
        assert regimen.levels.index(regimen.step_down(one)) >= regimen.levels.index(one)


def most_per_m2(edition: Edition) -> Decimal:
    amounts = [row.sets["mg_per_m2"] for row in edition.tables["regimen"].rows if "mg_per_m2" in row.sets]
    return max(amount for amount in amounts if isinstance(amount, Decimal))


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.id)
def test_no_legal_body_gets_more_milligrams_than_the_bound(edition: Edition) -> None:
    """For all reals: the amount per m², its level, the largest body and one rounding never pass their product."""
    policy, largest = rounding(edition), observables()["bsa_recorded"].plausible
    assert largest is not None
    exact, area, rounded, factor = z3.Reals("exact area rounded factor")
    steps = z3.Int("steps")
    step, limit, most = (z3.RealVal(str(one)) for one in (policy.finest_step_mg, policy.limit_percent, most_per_m2(edition)))
    lawful = [
        area > 0, area <= z3.RealVal(str(largest[1])), factor >= 0, factor <= 1, exact == most * factor * area,
        rounded == step * steps, rounded - exact <= step / 2, (rounded - exact) * 100 <= limit * exact,
    ]  # fmt: skip
    bound = most * z3.RealVal(str(largest[1])) * (1 + limit / 100)
    assert impossible(*lawful, rounded > bound) is None
    assert impossible(*lawful, rounded > bound / 2) is not None


def test_the_rounding_of_the_proof_is_the_rounding_of_the_code() -> None:
    policy = rounding(EDITIONS[0])
    for tenths in range(1, 3000, 7):
        exact = Decimal(tenths) / 1000 + Decimal("0.0005")
        try:
            found = round_dose(exact, policy).mg
        except ValueError:
            continue
        assert found % policy.finest_step_mg == 0
        assert found - exact <= policy.finest_step_mg / 2
        assert (found - exact) * 100 <= policy.limit_percent * exact
        assert round_dose(exact, policy, never_up=True).mg <= exact if found <= exact else True


def test_not_eligible_is_the_strictest_word_and_give_the_mildest() -> None:
    assert min(RANK, key=RANK.__getitem__) == "give" and max(RANK, key=RANK.__getitem__) == "not_eligible"
