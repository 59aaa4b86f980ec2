"""The worked cases through the public interface: every expectation of the areas covered, none of them loosened."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.cases.asking import ask
from tests.cases.map import BY_ID, runners, shown
from tests.cases.words import Case

HERE = Path(__file__).parent
HOUSE = HERE.parents[2] / "shared" / "reference" / "cases-public.json"
CASES: list[Case] = json.loads((HERE / "cases-public.json").read_text("utf-8"), parse_float=Decimal)
REVIEWED = "010eb85b5ae31e9c312aec65f17412ed93b615519588259f03369c7731a9e590"
LATER: dict[str, Any] = tomllib.loads((HERE / "not_yet.toml").read_text("utf-8"))
PARTS = {part["case"]: part["keys"] for part in LATER.get("part", ())}
WHOLE = [case for area, row in LATER.items() if area != "part" for case in row["cases"]]
NOW = [case for case in CASES if case["id"] not in WHOLE]


@pytest.mark.parametrize("case", NOW, ids=lambda case: case["id"])
def test_every_expectation_of_a_worked_case_is_met(case: Case) -> None:
    wanted = {key: value for key, value in case["expect"].items() if key not in PARTS.get(case["id"], ())}
    answers = shown(case)
    assert wanted, "every expectation of this case waits: list the whole case in not_yet.toml"
    assert answers, "no function of map.py answers this case"
    for answer in answers:
        assert {key: answer[key] for key in wanted if key in answer} == {key: wanted[key] for key in wanted if key in answer}
    assert not set(wanted) - {key for answer in answers for key in answer}, "expectations that nobody looks at"


@pytest.mark.parametrize("base", ["first_dose", "day_8", "day_1"])
def test_otherwise_all_is_well_means_that_every_question_says_give(base: str) -> None:
    asked = ask(base)
    assert {question: (reply.action, reply.could_be) for question, reply in asked.replies.items()} == dict.fromkeys(
        asked.replies, ("give", "give")
    )


def test_every_case_is_answered_or_waits_with_a_reason_and_none_is_both() -> None:
    ids = [case["id"] for case in CASES]
    assert len(ids) == len(set(ids)) == 147
    assert sorted(WHOLE) == sorted(set(WHOLE)) and set(WHOLE) <= set(ids)
    assert {case["id"] for case in CASES if runners(case)} >= set(ids) - set(WHOLE)
    assert not set(BY_ID) & set(WHOLE)
    assert set(BY_ID) | set(PARTS) <= set(ids)
    assert not set(PARTS) & set(WHOLE)


def test_a_part_that_waits_is_an_expectation_of_its_case_and_nobody_answers_it() -> None:
    by_id = {case["id"]: case for case in CASES}
    for name, keys in PARTS.items():
        assert set(keys) <= set(by_id[name]["expect"])
        assert not any(set(keys) & set(answer) for answer in shown(by_id[name]))


def test_every_wait_stands_under_the_area_of_its_case_and_says_why() -> None:
    area = {case["id"]: case["area"] for case in CASES}
    for name, row in LATER.items():
        for entry in row if name == "part" else [row]:
            assert entry["reason"].strip()
        assert name == "part" or {area[case] for case in row["cases"]} == {name}


def test_the_worked_cases_are_those_of_the_reference_library() -> None:
    copy = (HERE / "cases-public.json").read_bytes()
    assert sha256(copy).hexdigest() == REVIEWED, "the copy was changed: an expectation is never edited here"
    assert not HOUSE.exists() or HOUSE.read_bytes() == copy
