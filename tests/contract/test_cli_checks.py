"""`grade`, `qt` and `medicines`: what they answer, by the schema, and what they refuse in one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from posology import stories
from posology.cli import main
from posology.say.schemas import schema

HERE = ["--edition", "us", "--zone", "America/New_York"]
SCHEMAS = schema.schemas()
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """One command in an empty folder: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def valid(command: str, text: str) -> Any:
    document = json.loads(text)
    Draft202012Validator(SCHEMAS[command], format_checker=FormatChecker()).validate(document)
    return document


def asked(run: Run, command: str, name: str, *more: str) -> str:
    Path("one.json").write_text(stories.as_text(stories.bundle(name)), "utf-8")
    code, out, err = run(command, "one.json", "--at", stories.tale(name).at.isoformat(), *HERE, *more)
    assert (code, err) == (0, "")
    return out


@pytest.mark.parametrize("command", ["grade", "qt", "medicines"])
@pytest.mark.parametrize("name", stories.names())
def test_a_story_is_answered_in_words_and_as_the_schema_says(name: str, command: str, run: Run) -> None:
    document = valid(command, asked(run, command, name, "--json"))
    assert (document["edition"], document["zone"]) == ("us", "America/New_York")
    assert asked(run, command, name).startswith(f"{document['patient']} · ")


def term(document: Any, name: str) -> Any:
    return next(one for one in document["terms"] if one["term"] == name)


def test_the_grades_of_a_bundle_stand_beside_each_other_with_their_versions(run: Run) -> None:
    found = term(json.loads(asked(run, "grade", "gilbert", "--json")), "bilirubin")
    assert [(one["version"], one["grade"]) for one in found["grades"]] == [("v3", 2), ("v5", 1), ("v6", 1)]
    assert found["part"] is True and found["value"]["from"] == "Observation/gilbert-c1d8-bilirubin"
    assert "bilirubin, high: v3 grade 2, v5 grade 1, v6 grade 1" in asked(run, "grade", "gilbert")


def test_one_version_alone_can_be_asked_for(run: Run) -> None:
    document = valid("grade", asked(run, "grade", "gilbert", "--json", "--version", "v6"))
    assert document["versions"] == ["v6"] and all(len(one["grades"]) == 1 for one in document["terms"])


def test_a_version_without_a_figure_says_so_and_gives_no_number(run: Run) -> None:
    (v6,) = [one for one in term(json.loads(asked(run, "grade", "gilbert", "--json")), "qtc")["grades"] if
             one["version"] == "v6"]  # fmt: skip
    assert (v6["state"], v6["grade"], v6["at_least"], v6["at_most"]) == ("no_figure", None, None, None)
    assert "no figure" in asked(run, "grade", "gilbert")


def test_a_record_in_which_nothing_is_known_has_no_grade_at_all(run: Run) -> None:
    document = json.loads(asked(run, "grade", "blank", "--json"))
    assert {one["grade"] for each in document["terms"] for one in each["grades"]} == {None}


def stated(run: Run, facts: dict[str, Any], *more: str) -> str:
    Path("facts.json").write_text(json.dumps(facts), "utf-8")
    code, out, err = run("grade", "--facts", "facts.json", "--edition", "us", *more)
    assert (code, err) == (0, "")
    return out


def test_stated_facts_need_no_zone_and_no_moment(run: Run) -> None:
    document = valid("grade", stated(run, {"alt": 108, "alt_uln": 40}, "--json"))
    assert (document["zone"], document["at"], document["patient"]) == (None, None, None)
    found = term(document, "alt")["grades"]
    assert [(one["grade"], one["at_least"], one["at_most"]) for one in found] == [(2, 2, 2), (None, 0, 4), (None, 0, 4)]
    assert [lack["fact"] for lack in found[1]["missing"]] == ["alt_baseline", "alt_baseline_uln"]
    words = stated(run, {"alt": 108, "alt_uln": 40})
    assert "Would decide: add the ALT from before the first dose" in words


def test_what_threatens_life_is_asked_for_only_where_a_value_is_bad(run: Run) -> None:
    mild = {"haemoglobin": 11, "haemoglobin_lln": 12}
    assert "threatens life\n" not in stated(run, mild) and "(4?)" not in stated(run, mild)
    assert "(4?)" in stated(run, {**mild, "haemoglobin": 9})


def test_a_reviewed_reaction_is_shown_with_the_terms_that_a_person_grades(run: Run) -> None:
    document = json.loads(stated(run, {"infusion_reaction_grade": 2}, "--json"))
    recorded = {one["term"]: one["recorded"] for one in document["clinical"]}
    assert recorded["infusion_reaction"] == "2" and recorded["fever"] is None
    assert "infusion reaction: recorded: grade 2." in stated(run, {"infusion_reaction_grade": 2})


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["grade"], "--facts"),
        (["grade", "one.json", "--facts", "one.json"], "not both"),
        (["grade", "--facts", "none.json"], "none.json"),
        (["grade", "none.json"], "none.json"),
        (["qt", "none.json"], "none.json"),
        (["medicines", "none.json"], "none.json"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(arguments: list[str], word: str, run: Run) -> None:
    code, out, err = run(*arguments, *HERE)
    assert (code, out) == (2, "") and err.count("\n") == 1 and word in err


@pytest.mark.parametrize("text", ["[]", '{"anc": "low"}', '{"ancc": 1}', "{"])
def test_facts_that_are_none_are_refused(text: str, run: Run) -> None:
    Path("facts.json").write_text(text, "utf-8")
    code, out, err = run("grade", "--facts", "facts.json", "--edition", "us")
    assert (code, out) == (2, "") and "facts.json" in err


@pytest.mark.parametrize("command", ["grade", "qt", "medicines"])
def test_a_bundle_that_must_be_refused_is_refused_by_every_check(command: str, run: Run) -> None:
    Path("bad.json").write_text('{"resourceType": "Bundle", "entry": [', "utf-8")
    code, out, err = run(command, "bad.json", "--at", "2026-03-02", *HERE)
    assert (code, out) == (2, "") and "bad.json" in err


def test_premedication_is_found_by_its_code_and_its_qt_note_is_shown(run: Run) -> None:
    document = valid("medicines", asked(run, "medicines", "gilbert", "--json"))
    found = {one["name"]: one for one in document["qt"]}
    assert found["diphenhydramine"]["category"] == "conditional" and "premedication" in found["diphenhydramine"]["note"]
    assert document["review"]["state"] == "none" and document["qt_list"]["copy_of"] is None
    assert "no dated copy" in asked(run, "medicines", "gilbert")


def test_an_empty_list_does_not_say_that_nothing_is_taken(run: Run) -> None:
    assert "does not say that none is taken" in asked(run, "medicines", "blank")


def test_the_qt_shows_limits_by_who_says_them_and_no_stop_of_the_label(run: Run) -> None:
    document = valid("qt", asked(run, "qt", "gilbert", "--json"))
    states = {one["id"]: (one["state"], one["decides"]) for one in document["limits"]}
    assert states["label"] == states["arsenic"] == ("no number", False) and states["general_row"] == ("not met", True)
    words = " ".join(asked(run, "qt", "gilbert").split())
    assert "No numeric limit" in words and "arsenic trioxide, not for this drug" in words
    assert "potassium 4 mmol/L (2026-03-09 07:10), 0 days old" in words
