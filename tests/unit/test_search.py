"""The search: by cancer, treatment, symptom, test, rule and word, in either spelling; the best first."""

from __future__ import annotations

import re

import pytest

from posology.cli import COMMANDS
from posology.knowledge import editions
from posology.knowledge.files import LABEL, toml
from posology.say.pages import search
from posology.say.pages.search import entries, find, near, spelt, told
from tests.house.sources import ROOT


def first(query: str) -> tuple[str, str]:
    entry = find(query)[0][1]
    return entry.kind, entry.id


def ids(query: str) -> list[str]:
    return [entry.id for _, entry in find(query)]


@pytest.mark.parametrize(
    "query",
    ["leukemia", "leukaemia", "LEUKAEMIA", "ALL", "acute lymphoblastic leukemia", "Acute Lymphoid Leukemia",
     "inotuzumab", "inotuzumab ozogamicin", "besponsa"],
)  # fmt: skip
def test_a_treatment_is_found_by_cancer_and_by_name(query: str) -> None:
    kind, id = first(query)
    assert kind == "regimen" and id.startswith("inotuzumab")


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("VOD", "VOD"),
        ("sinusoidal obstruction syndrome", "prior_vod"),
        ("jaundice", "bilirubin"),
        ("full blood count", "blood_count"),
        ("EKG", "ecg"),
        ("Gilbert", "liver.bilirubin_exempt"),
        ("hydroxyurea", "first_dose_readiness.high_blasts"),
        ("premedication", "premedication"),
        ("anemia", "haemoglobin"),
        ("K12", "K12"),
        ("D04", "D04"),
        ("weekly", "K53"),
        ("rounding", "rounding"),
        ("reseller", "seed-001"),
        ("glossary words: strictest", "nothing"),
    ],
)
def test_a_symptom_a_test_a_rule_a_request_and_a_word_are_found(query: str, wanted: str) -> None:
    assert (wanted in ids(query)) == (wanted != "nothing")


@pytest.mark.parametrize(
    ("query", "kind", "id", "next_"),
    [
        ("Baltimore", "criterion", "baltimore", "posology label show baltimore"),
        ("ondansetron", "medicine", "ondansetron", "posology label show qt_drugs"),
        ("febrile neutropenia", "reaction", "febrile_neutropenia", "posology reactions febrile_neutropenia"),
        ("overall survival", "efficacy", "overall_survival", "posology efficacy overall_survival"),
        ("metabolic panel", "panel", "metabolic", "posology label show panels"),
    ],
)
def test_published_criteria_medicines_panels_and_figures_are_found_too(query: str, kind: str, id: str, next_: str) -> None:
    assert (kind, id, next_) in {(entry.kind, entry.id, entry.next) for _, entry in find(query)}


def test_two_words_must_both_be_there() -> None:
    both = {entry.id for _, entry in find("liver bilirubin")}
    assert both and both <= set(ids("bilirubin")) and both <= set(ids("liver"))


def test_an_exact_name_comes_before_every_mention() -> None:
    assert first("bilirubin") == ("fact", "bilirubin")
    assert first("K01") == ("claim", "K01")
    assert first("liver")[1] == "liver"


def test_a_name_that_means_the_same_comes_after_the_word_itself() -> None:
    scores = {entry.id: score for score, entry in find("neutropenia")}
    assert scores["K34"] > scores["anc_age_h"] > 0


def test_nothing_found_is_one_line_with_words_that_look_like_it() -> None:
    assert find("bilirubbin") == []
    line = told("bilirubbin", [])
    assert "\n" not in line and "did you mean" in line and "bilirubin" in line
    assert told("qqqqqqq", find("qqqqqqq")) == "nothing speaks of 'qqqqqqq'" and near("qqqqqqq") == []


def test_an_empty_query_finds_nothing() -> None:
    assert find("?!") == []


def test_spellings_of_both_sides_of_the_ocean_are_one() -> None:
    for ours, theirs in (("leukaemia", "leukemia"), ("oedema", "edema"), ("tumour", "tumor"), ("haemoglobin", "hemoglobin")):
        assert spelt(ours) == spelt(theirs)
    assert spelt("anc") != spelt("alt")


def test_every_entry_says_where_it_lives_in_a_file_that_is_there() -> None:
    assert {entry.where for entry in entries() if not (LABEL / entry.where).exists()} == set()


def test_what_to_type_next_is_a_command_there_is() -> None:
    typed = {entry.next for entry in entries() if entry.next}
    assert len(typed) > 50
    assert {line.split()[1] for line in typed} <= set(COMMANDS) and {line.split()[0] for line in typed} == {"posology"}


def test_no_more_than_ten_are_shown_and_the_rest_is_counted() -> None:
    hits = find("dose")
    shown = told("dose", hits)
    assert len(hits) > 10 and shown.endswith(f"and {len(hits) - 10} more: add a word, or --json for all")
    assert shown.count("    label/") == 10


def test_every_question_rule_fact_and_point_can_be_found_by_its_name() -> None:
    kinds = {"question", "rule", "fact", "claim", "request", "policy"}
    lost = [entry.id for entry in entries() if entry.kind in kinds and entry.id not in ids(entry.id.replace("_", " "))]
    assert lost == []


def test_the_words_of_the_search_are_those_of_the_glossary() -> None:
    text = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `?(.+?)`? \| (.+) \|$", text, re.M)
    told_ = {word: means for word, means in rows if word not in ("Word", "---")}
    assert toml("glossary.toml") == told_


def test_the_drug_is_named_by_the_knowledge_and_not_by_the_search() -> None:
    assert "inotuzumab" not in (ROOT / "src" / "posology" / "say" / "pages" / "search.py").read_text(encoding="utf-8")
    first = {hit["next"] for hit in search.shape(find("besponsa"))[:2]}
    assert first == {f"posology label show --edition {name}" for name in editions()}
