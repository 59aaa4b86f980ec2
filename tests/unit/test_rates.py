"""Published figures: each stands by itself, counts and percentages agree, and what differs is said."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from posology.answer.rates import Figures, figures, misprinted, percent
from posology.cli import main
from posology.knowledge import KnowledgeError, UnknownName, load_edition
from posology.knowledge.rates import KINDS, Rate, rate, rates, terms
from posology.say.pages.rates import figure
from posology.say.schemas import schema

EVERY = [one for kind in KINDS for one in rates(kind)]
US = load_edition("us")


def of(words: str, kind: str = "reactions") -> Figures:
    return figures(kind, words)


def printed(found: Figures, **what: Any) -> list[str]:
    """The figures with these properties, as a reader sees them."""
    return [
        figure(one.rate) for one in found.compared if all(getattr(one.rate, key) == value for key, value in what.items())
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_of_the_files_is_shown_under_its_term_once_and_no_other_is(kind: str) -> None:
    shown = [one.rate for term in terms(kind) for one in of(term, kind).compared]
    assert sorted(map(repr, shown)) == sorted(map(repr, rates(kind))) and len(shown) > 30


def test_no_two_figures_claim_to_be_the_same_count_of_the_same_people() -> None:
    keys = [(one.counted.id, one.term, one.arm, one.grade, one.timing, one.grouping, one.unit, one.section, one.source)
            for one in EVERY]  # fmt: skip
    assert [key for key in keys if keys.count(key) > 1] == []


def test_printed_percentages_are_those_of_their_counts_but_for_the_one_that_is_known() -> None:
    assert [(one.term, one.arm, str(one.value)) for one in EVERY if misprinted(one)] == [("qtcf_rise_60", "drug", "3")]


def test_no_count_is_above_its_denominator_and_no_interval_leaves_out_its_value() -> None:
    for one in EVERY:
        assert one.count is None or one.of is None or one.count <= one.of
        assert one.low is None or one.value is None or one.low <= one.value
        assert one.high is None or one.value is None or one.high >= one.value


def test_grade_3_and_more_is_never_above_all_grades_of_the_same_set() -> None:
    where = {(one.counted.id, one.term, one.arm, one.timing, one.grouping): one for one in EVERY
             if one.grade == "all" and not one.bound}  # fmt: skip
    for one in EVERY:
        whole = where.get((one.counted.id, one.term, one.arm, one.timing, one.grouping))
        if one.grade in ("3+", "3-4", "5") and whole and whole.value is not None and one.value is not None:
            assert one.value <= whole.value, one


def test_figures_read_in_no_document_are_marked_as_recalled() -> None:
    assert {one.seen for one in EVERY} == {"secondary", "recalled"}
    interim = next(one for one in rates("reactions") if one.counted.id == "adults_interim")
    assert (interim.seen, interim.confidence) == ("recalled", "R")


def test_the_two_rates_of_vod_stand_side_by_side_with_their_denominators_and_the_cause() -> None:
    found = of("VOD")
    everybody = [one for one in found.compared if one.rate.timing == "any time" and one.rate.grade == "all"]
    counts = {(one.rate.count, one.rate.of) for one in everybody}
    assert {(23, 164), (15, 139), (3, 143), (8, 53), (10, 102)} <= counts
    interim = next(one for one in everybody if one.rate.count == 15)
    assert any("n = 139" in text for text in interim.differs) and any("cut-off" in text for text in interim.differs)
    assert "23 of 164" in found.term.why and "15 of 139" in found.term.why and set(found.term.claims) == {"K03", "K04"}


def test_vod_with_and_without_transplant_are_two_figures() -> None:
    found = of("sos")
    assert "18/79 (23 %)" in printed(found, timing="after transplant", arm="drug", grade="all")
    assert "5/164 (3 %)" in printed(found, timing="without transplant: during treatment or follow-up")


def test_a_misprinted_percentage_gives_way_to_its_counts() -> None:
    first = of("qtcf").compared[0]
    assert first.printed_differs and first.percent == Decimal("2.5")
    assert figure(first.rate) == "4/162 (2.5 %; printed as 3 %)"


@pytest.mark.parametrize(
    ("words", "both"),
    [
        ("fatigue", {"35", "22"}),
        ("abdominal pain", {"23", "14"}),
        ("thrombocytopenia", {"51", "45", "98"}),
        ("anemia", {"36", "30"}),
        ("fever", {"32", "27"}),
        ("infusion reaction", {"2", "10"}),
    ],
)
def test_where_pages_differ_both_figures_are_shown_with_their_reason(words: str, both: set[str]) -> None:
    found = of(words)
    values = {str(one.rate.value) for one in found.compared if one.rate.grade == "all" and one.rate.arm == "drug"}
    assert both <= values and found.term.why
    assert all(one.differs for one in found.compared[1:] if one.rate.value != found.compared[0].rate.value)


def test_the_share_that_stops_is_shown_with_its_source_and_as_no_figure_of_the_label() -> None:
    (only,) = of("discontinuation").compared
    assert (only.rate.value, only.rate.source) == (Decimal(15), "seed-003") and "label" in of("stopping").term.why


def test_every_claim_that_a_term_names_is_a_conflict_of_the_facts_sheet() -> None:
    named = {claim for kind in KINDS for term in terms(kind).values() for claim in term.claims}
    assert named == {"K03", "K04", "K18", "K19", "K20", "K21", "K22", "K23", "K24", "K43"}


def test_survival_of_two_cut_offs_is_kept_apart() -> None:
    found = of("os", "efficacy")
    medians = {str(one.rate.value) for one in found.compared if one.rate.arm == "control" and one.rate.unit == "months"}
    assert medians == {"6.2", "6.7"}


def test_a_word_that_is_no_term_is_refused_with_what_is_near() -> None:
    with pytest.raises(UnknownName, match="did you mean: neutropenia, febrile_neutropenia"):
        of("neutrop")
    with pytest.raises(UnknownName, match="there are: vod"):
        of("happiness")


LINE = {"set": "a", "term": "vod", "arm": "drug", "grade": "all", "timing": "", "grouping": "", "bound": "", "value": "1",
        "unit": "%", "low": "", "high": "", "count": "", "of": "", "seen": "recalled", "source": "", "section": "",
        "note": ""}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"set": "nobody"}, "sets.toml has no 'nobody'"),
        ({"term": "joy"}, "terms.toml has no 'joy'"),
        ({"arm": "both"}, "arm is one of"),
        ({"seen": "ours"}, "seen is"),
        ({"value": ""}, "a value or a count"),
        ({"source": "hearsay"}, "sources.toml has no 'hearsay'"),
    ],
)
def test_a_figure_of_nobody_of_nothing_or_of_no_source_is_refused(changed: dict[str, str], says: str) -> None:
    known: Rate = EVERY[0]
    sets = {"a": known.counted}
    assert rate(LINE, sets, terms("reactions"), US.sources, "line 2").value == 1
    with pytest.raises(KnowledgeError, match=says):
        rate({**LINE, **changed}, sets, terms("reactions"), US.sources, "line 2")


def test_a_count_without_its_denominator_has_no_percentage() -> None:
    assert percent(next(one for one in EVERY if one.term == "qtcf_over_500" and one.arm == "drug")) is None


@pytest.mark.parametrize("arguments", [["reactions"], ["reactions", "vod"], ["reactions", "low", "platelets"], ["efficacy"],
                                       ["efficacy", "mrd"], ["reactions", "qtcf"]], ids=" ".join)  # fmt: skip
def test_figures_printed_as_json_are_what_the_schema_says(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*arguments, "--json"]) == 0
    Draft202012Validator(schema.schemas()[arguments[0]]).validate(json.loads(capsys.readouterr().out))
    assert main(arguments) == 0
    assert "No figure here is an average" in capsys.readouterr().out


def test_the_command_refuses_an_unknown_term_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reactions", "joy"]) == 2
    assert capsys.readouterr().err.startswith("posology: no figures of 'joy'")
