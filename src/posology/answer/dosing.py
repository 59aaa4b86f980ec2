"""The dose of the decision point in figures: level, weight of Day 1, body surface area, rounding, vials, path."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from posology.answer.report import DoseFigures
from posology.course import Course
from posology.decide import Answer, Decision
from posology.dose import Direction, Fill, Product, RoundingPolicy, RoundingRefused, amounts
from posology.facts import Gathered
from posology.knowledge import Edition
from posology.measures import belong_together, bsa
from posology.record import Quality, Reading, Record


def level_of(decision: Decision, facts: Gathered, edition: Edition) -> str | None:
    """The dose level of this dose: what is in force, the step due now, and what was recorded; the lowest of them."""
    level = facts["level"].value
    if not isinstance(level, str):
        return None
    ladder = decision.answers.get("level_next_cycle")
    due = ladder.sets.get("level") if ladder else None
    recorded = facts["level_decided"].value
    for other in (due if facts["dose_number"].value == 1 else None, recorded):
        if isinstance(other, str):
            level = edition.regimen.lower(level, other)
    return level


def figures(
    record: Record, course: Course, decision: Decision, facts: Gathered, edition: Edition, zone: ZoneInfo
) -> DoseFigures | None:
    """Every figure of the dose, or None where something it needs is unknown. Says nothing about whether it may be given."""
    found = decision.answers["regimen"].sets.get("mg_per_m2")
    level = level_of(decision, facts, edition)
    measured = dosing_measures(record, course, facts, zone)
    if not isinstance(found, Decimal) or level is None or measured is None or not edition.regimen.factors[level]:
        return None
    weight, height, on = measured
    formula = _formula(record, edition)
    sex = str(facts["sex"].value) if facts["sex"].value else None
    try:
        area = bsa(height, weight, formula, sex)
        made = amounts(
            found * edition.regimen.factors[level],
            area,
            edition.once(product),
            edition.once(rounding),
            fill=Fill(),
            never_up=never_up(decision.answers, facts, edition),
        )
    except (RoundingRefused, ValueError):
        return None
    row = next(f.row for f in decision.answers["regimen"].findings if f.state == "holds")
    return DoseFigures(made, level, formula, weight, height, on, sex, row.cites)


def dosing_measures(
    record: Record, course: Course, facts: Gathered, zone: ZoneInfo
) -> tuple[Decimal, Decimal, date | None] | None:
    """Weight (kg), height (cm) and the day of the weight: on Day 1 those of now, within a cycle those of its Day 1."""
    height = facts["height"].value
    if facts["dose_number"].value == 1 or course.cycle_day1_at is None:
        weight, when = facts["weight"].value, facts["weight"].when
    else:
        of_day1 = [r for r in record.of("weight") if r.at <= course.cycle_day1_at]
        last = _usable(of_day1)
        weight, when = (last.value, last.at) if last else (None, None)
    if not isinstance(weight, Decimal) or not isinstance(height, Decimal) or not belong_together(height, weight):
        return None
    return weight, height, when.astimezone(zone).date() if when else None


def _usable(readings: list[Reading]) -> Reading | None:
    """The latest reading, unless it cannot be used or another of that moment differs."""
    if not readings:
        return None
    group = [reading for reading in readings if reading.at == readings[-1].at]
    bad = any(reading.quality is not Quality.OK for reading in group)
    return None if bad or len({reading.value for reading in group}) > 1 else group[0]


def _formula(record: Record, edition: Edition) -> str:
    """The record's own choice is kept; otherwise the policy's."""
    stated = [order.bsa_formula for order in record.orders if order.bsa_formula]
    return stated[-1] if stated else edition.policy.bsa_formula


def never_up(answers: Mapping[str, Answer], facts: Gathered, edition: Edition) -> bool:
    """Raised or unknown liver tests, or anything open about the liver: never round up."""
    if not edition.policy.rounding["never_up_with_raised_liver_tests"]:
        return False
    for test in ("bilirubin", "ast", "alt"):
        value, limit = facts[test].value, facts[f"{test}_uln"].value
        if not isinstance(value, Decimal) or not isinstance(limit, Decimal) or value > limit:
            return True
    return "vod" in answers and bool(answers["vod"].findings)


def product(edition: Edition) -> Product:
    """The product's figures for the arithmetic."""
    vial, bag, syringe = edition.product["vial"], edition.product["bag"], edition.product.get("syringe")
    return Product(
        vial_withdrawable_mg=Decimal(vial["withdrawable_mg"]),
        concentration_mg_per_ml=Decimal(vial["concentration_mg_per_ml"]),
        bag_volume_ml=Decimal(bag["volume_ml"]),
        bag_min_mg_per_ml=Decimal(bag["min_mg_per_ml"]),
        bag_max_mg_per_ml=Decimal(bag["max_mg_per_ml"]),
        syringe_min_mg_per_ml=Decimal(syringe["min_mg_per_ml"]) if syringe else None,
        syringe_max_mg_per_ml=Decimal(syringe["max_mg_per_ml"]) if syringe else None,
    )


def rounding(edition: Edition) -> RoundingPolicy:
    """The rounding policy in force."""
    row = edition.policy.rounding
    return RoundingPolicy(
        name=f"{row['direction'].replace('_', ' ')} to {row['step_mg']} mg, within {row['limit_percent']} %",
        step_mg=Decimal(row["step_mg"]),
        direction=Direction(row["direction"]),
        limit_percent=Decimal(row["limit_percent"]),
        finest_step_mg=Decimal(row["finest_step_mg"]),
    )
