"""`answer QUESTION --facts FILE`: stated facts in, one answer out; a misspelt or mistyped fact is a line, never a guess."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from posology.cli import main

Ask = Callable[[str, str], tuple[int, str, str]]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Ask:
    def ask(question: str, facts: str) -> tuple[int, str, str]:
        path = tmp_path / "facts.json"
        path.write_text(facts, "utf-8")
        code = main(["answer", question, "--facts", str(path), "--json", "--edition", "us"])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return ask


def said(found: tuple[int, str, str]) -> dict[str, Any]:
    assert found[0] in (0, 3) and found[2] == "", found[2]
    answered: dict[str, Any] = json.loads(found[1])
    return answered


def test_the_keys_are_those_of_the_contract(ask: Ask) -> None:
    shown = said(ask("liver", '{"bilirubin": 1.9, "bilirubin_uln": 1.0, "ast": 30}'))
    assert list(shown) == ["action", "could_be", "findings", "missing"]
    keys = {"row", "state", "then", "cites", "seen", "confidence", "states", "reading", "because", "would_change"}
    for finding in shown["findings"]:
        assert set(finding) >= keys and set(finding["cites"]) == {"source", "section", "row"}
        assert all(set(part) >= {"fact", "value", "unit", "when", "from"} for part in finding["because"])
    assert shown["missing"] and all(set(lack) == {"fact", "why", "ask"} for lack in shown["missing"])


@pytest.mark.parametrize(("bilirubin", "action"), [("1.50", "give"), ("1.5000000001", "interrupt"), ("1.8", "interrupt")])
def test_a_decimal_is_read_to_its_last_digit(bilirubin: str, action: str, ask: Ask) -> None:
    rest = '"bilirubin_uln": 1, "ast": 30, "ast_uln": 40, "alt": 30, "alt_uln": 40, "days_interrupted": 0'
    assert said(ask("liver", f'{{"bilirubin": {bilirubin}, {rest}}}'))["action"] == action


def test_a_number_is_shown_as_text_with_its_digits(ask: Ask) -> None:
    finding = said(ask("liver", '{"bilirubin": 1.90, "bilirubin_uln": 1.0}'))["findings"]
    values = {part["fact"]: part["value"] for row in finding if row["state"] == "holds" for part in row["because"]}
    assert Decimal(values["bilirubin"]) == Decimal("1.9") and isinstance(values["bilirubin"], str)


def test_a_null_is_unknown_as_is_a_fact_left_out(ask: Ask) -> None:
    assert said(ask("liver", '{"bilirubin": null}')) == said(ask("liver", "{}"))


@pytest.mark.parametrize(
    "question", ["liver", "vod", "interval", "freshness", "eligibility", "regimen", "cycle_start_counts"]
)
def test_of_nothing_known_every_question_asks_and_ends_with_3(question: str, ask: Ask) -> None:
    found = ask(question, "{}")
    assert found[0] == 3 and said(found)["action"] in ("ask", "undetermined")
    assert said(found)["missing"]


def test_the_facts_may_come_from_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"route": "intrathecal"}')))
    assert main(["answer", "route", "--facts", "-", "--json", "--edition", "us"]) == 0
    assert json.loads(capsys.readouterr().out)["action"] == "not_eligible"


def test_a_word_may_be_written_with_hyphens_and_capitals(ask: Ask) -> None:
    for word in ("intravenous_infusion", "intravenous-infusion", "Intravenous-Infusion"):
        assert said(ask("route", json.dumps({"route": word})))["action"] == "give"


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ('{"bilirubine": 1}', ("bilirubine", "bilirubin")),
        ('{"": 1}', ("no fact",)),
        ('{"bilirubin": true}', ("bilirubin", "number", "mg/dL")),
        ('{"bilirubin": "high"}', ("bilirubin", "number", "mg/dL")),
        ('{"bilirubin": [1]}', ("bilirubin", "number")),
        ('{"bilirubin": {"value": 1}}', ("bilirubin", "number")),
        ('{"bilirubin": ""}', ("bilirubin", "number")),
        ('{"bilirubin": -0.1}', ("bilirubin", "below 0")),
        ('{"bilirubin": "NaN"}', ("bilirubin", "number")),
        ('{"bilirubin": "Infinity"}', ("bilirubin", "number")),
        ('{"bilirubin": NaN}', ("NaN",)),
        ('{"bilirubin": Infinity}', ("Infinity",)),
        ('{"bilirubin": 1, "bilirubin": 2}', ("bilirubin", "twice")),
        ('{"pregnant": "no"}', ("pregnant", "true or false")),
        ('{"pregnant": 0}', ("pregnant", "true or false")),
        ('{"vod_status": "fine"}', ("vod_status", "ruled_out")),
        ('{"vod_status": true}', ("vod_status", "ruled_out")),
        ('{"response": ["cr"]}', ("response", "cri")),
        ("[]", ("object",)),
        ("5", ("object",)),
        ("", ("JSON",)),
        ('{"alt": 1', ("JSON",)),
    ],
)  # fmt: skip
def test_a_fact_that_is_not_in_the_dictionary_or_not_of_its_kind_is_refused(
    facts: str, words: tuple[str, ...], ask: Ask
) -> None:
    code, out, err = ask("liver", facts)
    assert (code, out) == (2, "")
    assert err.startswith("posology: ") and err.count("\n") == 1 and "facts.json" in err
    assert [word for word in words if word not in err] == [], err


def test_facts_that_fit_no_row_of_an_exactly_one_table_are_refused_with_the_facts(ask: Ask) -> None:
    code, _, err = ask("regimen", '{"cycle": 0, "dose_number": 1, "response": "none"}')
    assert code == 2 and err.count("\n") == 1 and "cycle 0" in err


# --- published sets and scales --------------------------------------------------------------------------------------
PICTURE = '{"days_since_transplant": 12, "bilirubin": 2.2, "painful_hepatomegaly": true, "ascites": false}'


def test_a_published_set_says_where_it_stands_and_which_datum_decides(ask: Ask) -> None:
    found = ask("baltimore", PICTURE)
    shown = said(found)
    assert (found[0], shown["state"], shown["short"], shown["decides"]) == (3, "could_be_met", 1, ["weight_gain_5"])
    assert [lack["fact"] for lack in shown["missing"]] == ["weight_change_percent"]
    assert "action" not in shown and shown["could_be"] == "discontinue", "a set never says whether to give"


def test_a_set_that_is_met_or_cannot_be_ends_with_0(ask: Ask) -> None:
    assert ask("modified_seattle", PICTURE)[0] == 0
    assert said(ask("modified_seattle", PICTURE))["state"] == "met"
    outside = ask("modified_seattle", '{"days_since_transplant": 21, "bilirubin": 9}')
    assert (outside[0], said(outside)["state"]) == (0, "not_applicable")


def test_a_set_in_words_never_says_that_the_disease_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "facts.json"
    for facts in (PICTURE, '{"days_since_transplant": 21}', '{"bilirubin": 0.5, "weight_change_percent": 0}'):
        path.write_text(facts, "utf-8")
        main(["answer", "baltimore", "--facts", str(path), "--edition", "us"])
        text = capsys.readouterr().out
        assert "Baltimore" in text and "no vod" not in text.lower()


def test_a_trend_may_be_stated_for_the_set_that_asks_for_it_and_for_no_question(ask: Ask) -> None:
    facts = '{"age_years": 7, "bilirubin_rising_3_days": true, "platelet_refractory": true}'
    assert said(ask("ebmt_2018_paediatric", facts))["state"] == "met"
    code, out, err = ask("liver", facts)
    assert (code, out) == (2, "") and "bilirubin_rising_3_days" in err


def test_an_unknown_question_lists_the_published_sets_too(ask: Ask) -> None:
    code, out, err = ask("baltimor", "{}")
    assert (code, out) == (2, "") and "baltimore" in err and "ebmt_2016_severity" in err and "liver" in err


def test_a_scale_gives_its_class_once_it_is_settled(ask: Ask) -> None:
    sure = said(ask("cairo_bishop_creatinine", '{"creatinine": 4, "creatinine_uln": 1.2}'))
    open_ = ask("cairo_bishop_creatinine", '{"creatinine": 4}')
    assert (sure["grade"], sure["at_least"]) == ("grade_3", "grade_3")
    assert open_[0] == 3 and said(open_)["grade"] is None and said(open_)["could_be"] == "grade_4"
