"""`label diff`: what stands in one edition alone, what differs, and who would be answered differently, each cited."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from posology import stories
from posology.cli import main
from posology.knowledge import Edition, Row, load_edition
from posology.say.pages import difference
from posology.say.schemas.schema import schemas

US, EU = load_edition("us"), load_edition("eu")


@cache
def found() -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        printed: list[str] = []
        patch.setattr("builtins.print", lambda *parts, **_: printed.extend(map(str, parts)))
        assert main(["label", "diff", "us", "eu", "--json"]) == 0
    document: dict[str, Any] = json.loads("".join(printed))
    return document


def names(edition: Edition) -> dict[str, Row]:
    return {f"{row.question}.{row.id}": row for row in edition.rows()}


def test_every_row_that_one_edition_lacks_is_listed_on_its_side_and_no_other() -> None:
    sides = {row["id"]: (row["one"] is not None, row["other"] is not None) for row in found()["rules"]}
    for name in {**names(US), **names(EU)}:
        here, there = name in names(US), name in names(EU)
        assert (here and there) or sides[name] == (here, there), name


def test_rows_that_decide_alike_are_counted_and_the_rest_are_listed() -> None:
    both = set(names(US)) & set(names(EU))
    listed = {row["id"] for row in found()["rules"]}
    assert found()["alike"] == len(both - listed) > 90


def test_each_side_of_a_difference_says_where_it_stands() -> None:
    for row in [*found()["rules"], *found()["figures"]]:
        for edition, side in zip(("us", "eu"), (row["one"], row["other"]), strict=True):
            kind = "none" if side is None else load_edition(edition).sources[side["cites"]["source"]].jurisdiction
            assert kind in (edition, "none") or side["cites"]["source"] == "fda-2024-03-06", row["id"]


def test_the_vial_prints_another_strength_and_one_edition_has_no_syringe() -> None:
    sides = {row["id"]: (row["one"], row["other"]) for row in found()["figures"]}
    figures = {name: [side and side["value"] for side in both] for name, both in sides.items()}
    assert figures["product.vial.printed_mg"] == ["0.9", "1"]
    assert figures["product.syringe"][1] is None and "0.025" in figures["product.syringe"][0]
    assert not any(name.startswith("product.vial.withdrawable") for name in figures)


def test_every_story_is_decided_by_both_and_a_child_is_answered_differently() -> None:
    patients = {row["id"]: row for row in found()["examples"]}
    assert list(patients) == list(stories.names())
    child = patients["child"]
    assert child["differs"] and child["one"]["verdict"] == "give" and child["one"]["mg"] is not None
    assert (child["other"]["verdict"], child["other"]["mg"]) == ("not_eligible", None)
    assert [row["row"] for row in child["other"]["decides"]] == ["eligibility.child"]
    assert not patients["late_platelets"]["differs"]


def test_the_words_name_both_editions_and_every_difference(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["label", "diff", "us", "eu"]) == 0
    text = capsys.readouterr().out
    for row in [*found()["rules"], *found()["figures"], *(one for one in found()["examples"] if one["differs"])]:
        assert f"\n{row['id']}" in text
    assert "nothing of this kind" in text and "EU: NOT ELIGIBLE" in text and "us-pi-2024-03" in text


def test_an_edition_does_not_differ_from_itself() -> None:
    same = difference.difference(US, US, [])
    assert (same["rules"], same["figures"], same["alike"]) == ([], [], len(US.rows()))


def test_a_changed_limit_or_figure_is_noticed() -> None:
    table = US.tables["window"]
    moved = replace(table, rows=(replace(table.rows[0], then="omit"), *table.rows[1:]))
    part = {**US.documents["regimen"], "interval": {**US.documents["regimen"]["interval"], "min_days": 5}}
    other = replace(US, tables={**US.tables, "window": moved}, documents={**US.documents, "regimen": part})
    parted = difference.difference(US, other, [])
    (row,), (figure,) = parted["rules"], parted["figures"]
    assert (row["id"], row["one"]["then"], row["other"]["then"]) == ("window.before_window", "wait", "omit")
    assert (figure["id"], figure["one"]["value"], figure["other"]["value"]) == ("regimen.interval.min_days", "6", "5")
    assert figure["one"]["cites"]["section"] == "2.1"


@pytest.mark.parametrize("given", [[], ["us"], ["us", "us"], ["us", "eu", "us"], ["us", "mars"]], ids=" ".join)
def test_anything_but_two_editions_is_refused_in_one_line(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["label", "diff", *given]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and "us" in err


def test_only_diff_takes_two_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["label", "show", "liver", "vod", "--edition", "us"]) == 2
    assert "vod" in capsys.readouterr().err


def test_the_json_is_what_the_schema_says() -> None:
    Draft202012Validator(schemas()["label"]).validate(found())
    with pytest.raises(ValidationError):
        Draft202012Validator(schemas()["label"]).validate({**found(), "note": "x"})
