"""Grades by CTCAE: every line on both sides, every slip noticed, and nothing unknown read as grade 0."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from posology.facts import Fact, stated, values
from posology.grading import Graded, grade, grades
from posology.knowledge import VERSIONS, Ctcae, GradeRow, Reached, ctcae, load_edition, observables
from posology.language import compiled
from tests.house.mutation import mutants

US = load_edition("us")
CTCAE = ctcae()
SHEET = tomllib.loads((Path(__file__).parents[1] / "cases" / "grades.toml").read_text("utf-8"), parse_float=Decimal)["pin"]
PINS = [
    (of, {**pin["facts"], pin["sweep"]: Decimal(value)}, wanted)
    for pin in SHEET
    for of in pin["of"]
    for value, wanted in pin["gives"].items()
]
WITH_FIGURES = [f"{version}.{term}" for version, term in CTCAE.rows]


def exact(value: Any) -> Any:
    return value if isinstance(value, (bool, str)) else Decimal(value)


def graded(of: str, facts: dict[str, Any], knowledge: Ctcae = CTCAE) -> Graded:
    version, _, term = of.partition(".")
    found = stated({name: exact(value) for name, value in facts.items()}, US)
    return grade(knowledge.terms[term], version, found, knowledge, observables())


@pytest.mark.parametrize(("of", "facts", "wanted"), PINS, ids=lambda part: str(part))
def test_a_pinned_value_has_its_grade(of: str, facts: dict[str, Any], wanted: int) -> None:
    found = graded(of, facts)
    assert (found.state, found.grade, found.span) == ("graded", wanted, (wanted, wanted))


def test_every_line_that_a_version_has_is_pinned() -> None:
    assert {of for of, _, _ in PINS} == set(WITH_FIGURES)


# --- no slip goes unnoticed -----------------------------------------------------------------------------------------
def slips(row: GradeRow) -> Iterator[tuple[str, GradeRow]]:
    """The row with one condition written wrongly."""
    for kind in ("grades", "judged"):
        parts: tuple[Reached, ...] = getattr(row, kind)
        for at, part in enumerate(parts):
            for slip, condition in mutants(part.when, dict(US.facts)):
                wrong = replace(part, when=condition, test=compiled(condition))
                yield f"{part.grade}: {slip}", replace(row, **{kind: (*parts[:at], wrong, *parts[at + 1 :])})
    if row.arm:
        for slip, condition in mutants(row.arm.when, dict(US.facts)):
            yield f"if: {slip}", replace(row, arm=replace(row.arm, when=condition, test=compiled(condition)))


def noticed(of: str, row: GradeRow, wrong: GradeRow) -> bool:
    version, _, term = of.partition(".")
    rows = tuple(wrong if one is row else one for one in CTCAE.rows[version, term])
    knowledge = replace(CTCAE, rows={**CTCAE.rows, (version, term): rows})
    return any(differs(of, facts, wanted, knowledge) for one, facts, wanted in PINS if one == of)


def differs(of: str, facts: dict[str, Any], wanted: int, knowledge: Ctcae) -> bool:
    try:
        return graded(of, facts, knowledge).grade != wanted
    except ValueError:
        return True  # no arm is left


SAME_MEANING = {
    (of, "3: uric_acid_consequences adds 'life_threatening'"): "grade 4 says so already"
    for of in ("v5.uric_acid", "v6.uric_acid")
}


def unnoticed(of: str) -> list[str]:
    version, _, term = of.partition(".")
    tried = [(slip, row, wrong) for row in CTCAE.rows[version, term] for slip, wrong in slips(row)]
    assert tried
    return [slip for slip, row, wrong in tried if not noticed(of, row, wrong)]


@pytest.mark.parametrize("of", WITH_FIGURES)
def test_no_slip_in_a_grade_goes_unnoticed(of: str) -> None:
    assert [slip for slip in unnoticed(of) if (of, slip) not in SAME_MEANING] == []


def test_every_slip_excused_as_meaning_the_same_still_exists() -> None:
    assert set(SAME_MEANING) == {(of, slip) for of, _ in SAME_MEANING for slip in unnoticed(of)}


# --- what is unknown ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("of", WITH_FIGURES)
def test_with_nothing_known_a_grade_is_unknown_and_never_0(of: str) -> None:
    found = graded(of, {})
    version, _, term = of.partition(".")
    assert (found.state, found.grade, found.missing) == ("unknown", None, (CTCAE.terms[term].value,))
    assert found.at_most == max(part.grade for row in CTCAE.rows[version, term] for part in row.grades)


def test_without_a_figure_in_our_sources_a_version_says_so_and_gives_no_grade() -> None:
    for of in ("v5.glucose_high", "v6.qtc", "v6.lymphocytes"):
        assert graded(of, {"glucose": 400, "qtcf": 600, "lymphocytes": Decimal("0.1")}).state == "no_figure"


@pytest.mark.parametrize(("of", "facts", "wanted"), PINS, ids=lambda part: str(part))
def test_making_any_fact_unknown_keeps_the_true_grade_within_the_range(of: str, facts: dict[str, Any], wanted: int) -> None:
    for lost in facts:
        found = graded(of, {name: value for name, value in facts.items() if name != lost})
        assert found.at_least <= wanted <= max(found.at_most, found.could_be)
        assert found.grade in (None, wanted) or lost in found.asks


def test_a_missing_lower_limit_leaves_0_or_1_and_asks_for_it() -> None:
    found = graded("v5.anc", {"anc": Decimal("1.7")})
    assert (found.state, found.grade, found.span, found.missing) == ("range", None, (0, 1), ("anc_lln",))


def test_an_unknown_baseline_leaves_every_arm_open_and_asks_for_it() -> None:
    found = graded("v5.alt", {"alt": 108, "alt_uln": 40})
    assert [(arm.at_least, arm.at_most) for arm in found.arms] == [(1, 1), (0, 4)]
    assert (found.span, found.missing) == ((0, 4), ("alt_baseline", "alt_baseline_uln"))


def test_an_unknown_symptom_leaves_the_grades_it_decides_open() -> None:
    found = graded("v5.lipase", {"lipase": 120, "lipase_uln": 40})
    assert (found.span, found.missing) == ((2, 3), ("pancreas_symptoms",))


def test_what_only_a_person_can_say_is_asked_for_and_leaves_the_number_as_it_is() -> None:
    found = graded("v5.qtc", {"qtcf": 481, "qtcf_baseline": 420})
    assert (found.grade, found.could_be, found.asks) == (3, 4, ("arrhythmia_signs",))
    silent = graded("v5.qtc", {"qtcf": 481, "qtcf_baseline": 420, "arrhythmia_signs": False})
    assert (silent.grade, silent.could_be, silent.asks) == (3, 3, ())


def of_kept(of: str, facts: dict[str, Fact]) -> Graded:
    version, _, term = of.partition(".")
    return grade(CTCAE.terms[term], version, facts, CTCAE, observables())


def test_a_stale_value_proves_a_grade_and_reassures_of_none() -> None:
    facts = stated({"alt_uln": Decimal(40)}, US)
    bad = of_kept("v3.alt", {**facts, "alt": Fact(why="stale", stale=Decimal(201))})
    assert (bad.state, bad.grade, bad.span, bad.stale) == ("range", None, (3, 4), True)
    good = of_kept("v3.alt", {**facts, "alt": Fact(why="stale", stale=Decimal(30))})
    assert (good.state, good.grade, good.span) == ("unknown", None, (0, 4))


def test_a_bound_proves_a_grade_only_on_the_dangerous_side() -> None:
    facts = stated({"alt_uln": Decimal(40), "potassium_lln": Decimal("3.5")}, US)
    above = of_kept("v3.alt", {**facts, "alt": Fact(why="missing", stale=Decimal(201))})
    assert above.at_least == 3
    either = of_kept("v3.potassium_low", {**facts, "potassium": Fact(why="missing", stale=Decimal("2.4"))})
    assert (either.state, either.at_least) == ("unknown", 0)


# --- side by side ---------------------------------------------------------------------------------------------------
def parting(**facts: Any) -> set[str]:
    found = grades(stated({name: exact(value) for name, value in facts.items()}, US), observables())
    return {one.term.id for one in found.terms if one.part}


def test_versions_part_where_both_are_settled_and_differ_and_not_where_one_is_only_unknown() -> None:
    normal = {"alt_baseline": 20, "alt_baseline_uln": 40}
    assert parting(alt=108, alt_uln=40, **normal) == {"alt"}
    assert parting(alt=108, alt_uln=40) == set()
    assert parting(alt=201, alt_uln=40, **normal) == set()
    assert parting(anc=Decimal("0.4")) == {"anc"}


def test_every_term_and_every_version_is_answered() -> None:
    found = grades(stated({}, US), observables())
    assert {one.term.id for one in found.terms} == set(CTCAE.terms)
    assert all([graded.version for graded in one.by_version] == list(VERSIONS) for one in found.terms)


def test_every_clinical_term_has_a_question_and_what_its_grades_mean() -> None:
    asked = {"fever", "febrile_neutropenia", "nausea", "vomiting", "fatigue", "headache", "diarrhoea", "infusion_reaction",
             "hypotension", "sepsis", "infection", "epistaxis"}  # fmt: skip
    assert set(CTCAE.clinical) == asked
    for term in CTCAE.clinical.values():
        assert term.ask.endswith("?") and term.version == "v5" and term.grades
        assert all(1 <= number <= 5 and text for number, text in term.grades.items())


# --- the rules that hold a dose, and these grades -------------------------------------------------------------------
OTHER = US.tables["other_toxicity"]
WITH_LIMIT = {
    "creatinine": (Decimal("1.2"), "kidney"), "lipase": (Decimal(60), "pancreas"), "amylase": (Decimal(100), "pancreas"),
    "inr": (Decimal("1.2"), "laboratory"), "glucose": (Decimal(110), "laboratory"), "uric_acid": (Decimal(7), "laboratory"),
    "potassium": (Decimal(5), "laboratory"), "magnesium": (Decimal(2), "laboratory"), "albumin": (Decimal(4), "laboratory"),
}  # fmt: skip


def rule_holds(name: str, value: Decimal, limit: Decimal) -> bool:
    """Does a row of other toxicity hold on this value alone, its cause signed as the drug?"""
    facts = {name: value, f"{name}_uln": limit, "laboratory_attribution": "drug", "toxicity_grade": Decimal(0)}
    facts |= {fact: False for fact in US.facts if fact.endswith("_reported")}
    known = values(stated({one: kept for one, kept in facts.items() if one in US.facts}, US))
    known |= {f"{name}_reported": True}
    return True in [row.test(known) for row in OTHER.rows]


@pytest.mark.parametrize("name", WITH_LIMIT)
def test_the_rules_hold_exactly_where_ctcae_v3_says_grade_2_or_above(name: str) -> None:
    limit, _ = WITH_LIMIT[name]
    term = next(term for term in CTCAE.terms.values() if term.value == name)
    reached = set()
    for step in range(1, 900):
        value = limit * step / 100
        facts = {name: value, f"{name}_uln": limit, f"{name}_lln": value / 2}
        known = stated({one: kept for one, kept in facts.items() if one in US.facts}, US)
        least = grade(term, "v3", known, CTCAE, observables()).at_least
        high = name == "potassium" and value > Decimal("5.5")  # CTCAE grades it by a term that we do not show yet
        assert rule_holds(name, value, limit) is (least >= 2 or high), f"{name} {value}: grade {least}"
        reached.add(least >= 2)
    assert reached == {True, False}


def test_every_term_outside_blood_liver_and_heart_has_such_a_rule() -> None:
    judged = {term.value for term in CTCAE.terms.values() if term.group not in ("blood", "liver", "heart")}
    assert judged - {"calcium_corrected"} == set(WITH_LIMIT)
    assert "calcium_corrected_last" in OTHER.facts
