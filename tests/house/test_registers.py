"""The registers name nothing that is not there: the trace of the documents, the sections of each label, what is recalled."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections import Counter
from functools import cache
from typing import Any

import pytest

from posology import stories
from posology.cli import COMMANDS
from posology.knowledge import Edition, editions, load_edition
from posology.knowledge.files import toml
from posology.knowledge.grades import ctcae
from posology.knowledge.medicines import qt_list
from posology.knowledge.rates import rates
from posology.say.pages import unverified
from posology.say.pages.coverage import STATES, cited, coverage
from tests.house.sources import LABEL, ROOT, SRC, functions

US = load_edition("us")
ROWS = toml("requirements.toml")
SEEDS = ROOT.parent / "shared" / "seed-requirements.md"
KEYS = {"says", "from", "state", "issue", "until", "lacks", "lives", "shown"}
COVERED = [load_edition(name) for name in editions() if "coverage" in load_edition(name).documents]


# --- names that exist ----------------------------------------------------------------------------------------------


@cache
def named_tests(file: str) -> frozenset[str]:
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    return frozenset(f.name for f in functions(ast.parse(path.read_text(encoding="utf-8"))) if f.name.startswith("test_"))


@cache
def worked() -> frozenset[str]:
    """The worked cases that are run, wholly or in part."""
    cases = json.loads((ROOT / "tests" / "cases" / "cases-public.json").read_text(encoding="utf-8"))
    waits = tomllib.loads((ROOT / "tests" / "cases" / "not_yet.toml").read_text(encoding="utf-8"))
    whole = {case for area, row in waits.items() if area != "part" for case in row["cases"]}
    return frozenset(case["id"] for case in cases) - whole


def shows(name: str) -> bool:
    """Is this a test there is: a test id, case:ID or story:NAME?"""
    kind, _, rest = name.partition(":")
    if kind == "case":
        return rest in worked()
    if kind == "story":
        return rest in stories.names()
    file, _, test = name.partition("::")
    return test in named_tests(file)


EDITIONS = [load_edition(name) for name in editions()]


def named(part: Any) -> set[str]:
    """Every key and every id below a part."""
    if isinstance(part, list):
        return {name for one in part for name in named(one)}
    if not isinstance(part, dict):
        return set()
    return {*part, str(part.get("id"))}.union(*map(named, part.values()))


def exists(place: str, edition: Edition = US) -> bool:
    """Is there such a rule, question, fact, policy row, item, point, file, module or command?"""
    kind, _, name = place.partition(":")
    tables = {**edition.tables, **edition.criteria}
    known: dict[str, Any] = {
        "rule": {f"{row.question}.{row.id}" for table in tables.values() for row in table.rows},
        "question": tables,
        "fact": edition.facts,
        "policy": edition.policy.rows,
        "item": {item["id"] for item in edition.documents["monitoring"]["item"]},
        "claim": edition.contested,
        "command": COMMANDS,
    }
    if kind in ("label", "module"):
        return (LABEL if kind == "label" else SRC).joinpath(name).is_file()
    if kind in edition.documents:
        return name == "all" or name in named(edition.documents[kind])
    return kind in known and name in known[kind]


def faults(id: str, row: dict[str, Any]) -> list[str]:
    """What is wrong with one row of the trace."""
    lives, shown = row.get("lives", []), row.get("shown", [])
    found = [f"{key} is not a key" for key in set(row) - KEYS]
    found += [f"lives in {place}, which is not there" for place in lives if not any(exists(place, one) for one in EDITIONS)]
    found += [f"shown by {name}, which is no test" for name in shown if not shows(name)]
    waits = [key for key in ("issue", "until") if key in row]
    if row["state"] == "done":
        found += ["done, and no test shows it"] * (not shown) + ["done, and lives nowhere"] * (not lives)
        found += ["done, and yet waits"] * bool(waits) + ["done, and yet lacks something"] * ("lacks" in row)
    else:
        found += ["does not say for what it waits, or says it twice"] * (len(waits) != 1)
    if row["state"] == "partly":
        found += ["partly, and does not say what it lacks"] * (not row.get("lacks")) + ["partly, and no test"] * (not shown)
    if row["state"] not in ("done", "partly", "later"):
        found.append(f"{row['state']} is no state")
    return found


@pytest.mark.parametrize("id", ROWS)
def test_a_row_of_the_trace_names_only_what_is_there(id: str) -> None:
    assert faults(id, ROWS[id]) == []


GOOD = {"says": "x", "from": ["000"], "state": "done", "lives": ["claim:K01"], "shown": ["story:first_dose"]}


@pytest.mark.parametrize(
    "spoilt",
    [
        {"shown": []},
        {"lives": []},
        {"shown": ["tests/unit/test_claims.py::test_that_is_not_there_at_all"]},
        {"shown": ["tests/unit/test_nowhere.py::test_it"]},
        {"shown": ["case:REPRO-NOT"]},
        {"shown": ["story:nobody"]},
        {"lives": ["rule:liver.nothing"]},
        {"lives": ["module:plan/nothing.py"]},
        {"lives": ["command:dance"]},
        {"lives": ["claim:K99"]},
        {"lives": ["poem:K01"]},
        {"issue": 3},
        {"lacks": "much"},
        {"state": "later"},
        {"state": "partly", "issue": 3},
        {"state": "later", "issue": 3, "until": "later"},
        {"state": "soon", "issue": 3},
        {"stat": "done"},
    ],
    ids=str,
)
def test_a_spoilt_row_of_the_trace_is_noticed(spoilt: dict[str, Any]) -> None:
    assert faults("X01", GOOD) == []
    assert faults("X01", {**GOOD, **spoilt}) != []


def test_a_case_that_waits_shows_nothing() -> None:
    cases = {case["id"] for case in json.loads((ROOT / "tests" / "cases" / "cases-public.json").read_text(encoding="utf-8"))}
    assert worked() < cases or worked() == cases
    assert all(not shows(f"case:{case}") for case in cases - worked())


def test_the_rows_of_the_trace_are_those_of_the_documents() -> None:
    assert len(ROWS) == 67 and list(ROWS) == sorted(ROWS, key=list(ROWS).index)
    assert all(row["says"] and set(row["from"]) <= {"000", "001", "002", "003"} for row in ROWS.values())
    if SEEDS.exists():
        written = re.findall(r"^\| ([A-Z]\d\d) \|", SEEDS.read_text(encoding="utf-8"), re.M)
        assert written == list(ROWS)


# --- the sections of a label ---------------------------------------------------------------------------------------


def test_every_label_has_its_register() -> None:
    assert [edition.id for edition in COVERED] == editions()


@pytest.mark.parametrize("edition", COVERED, ids=lambda edition: edition.id)
def test_every_section_that_is_cited_is_coded_in_the_register(edition: Edition) -> None:
    coded = {row["id"] for row in coverage(edition) if row["state"] == "coded"}
    assert set(cited(edition)) - coded == set()


@pytest.mark.parametrize("edition", COVERED, ids=lambda edition: edition.id)
def test_every_section_is_coded_by_something_that_is_there_or_says_why_not(edition: Edition) -> None:
    rows = coverage(edition)
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert row["state"] in STATES and row["title"] and row["seen"] in ("verbatim", "secondary", "recalled")
        assert bool(row["by"]) == (row["state"] == "coded") and bool(row["why"]) != (row["state"] == "coded"), row["id"]
        assert [place for place in row["by"] if not exists(place, edition)] == [], row["id"]


def test_no_section_of_the_united_states_label_is_left_out() -> None:
    wanted = ["boxed", "1", "3", "4", "7", "10", "11", "14", "15", "16", "17"]
    wanted += [f"2.{n}" for n in range(1, 5)] + [f"5.{n}" for n in range(1, 7)] + ["6.1", "6.2"]
    wanted += [f"8.{n}" for n in range(1, 8)] + [f"12.{n}" for n in range(1, 4)] + ["13.1"]
    assert sorted(row["id"] for row in coverage(US)) == sorted(wanted)


def test_no_section_of_the_european_text_is_left_out() -> None:
    wanted = [str(n) for n in (1, 2, 3, *range(7, 11))] + [f"4.{n}" for n in range(1, 10)]
    wanted += [f"5.{n}" for n in range(1, 4)] + [f"6.{n}" for n in range(1, 7)]
    assert sorted(row["id"] for row in coverage(load_edition("eu"))) == sorted(wanted)


# --- names that stand once -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", editions())
def test_no_two_parts_of_one_list_have_the_same_name(name: str) -> None:
    documents = load_edition(name).documents.items()
    lists = {f"{file}.{key}": part for file, one in documents for key, part in one.items() if isinstance(part, list)}
    ids = {
        place: Counter(row.get("id") or row.get("number") for row in rows if isinstance(row, dict))
        for place, rows in lists.items()
    }
    assert {
        place: [id for id, times in count.items() if times > 1]
        for place, count in ids.items()
        if max(count.values(), default=0) > 1
    } == {}


# --- what is recalled ----------------------------------------------------------------------------------------------


def unseen_in(part: Any) -> int:
    """How often a `seen` that is recalled or at second hand stands anywhere below a part."""
    if isinstance(part, dict):
        return (part.get("seen") in unverified.UNSEEN) + sum(map(unseen_in, part.values()))
    return sum(map(unseen_in, part)) if isinstance(part, list) else 0


@pytest.mark.parametrize("name", editions())
def test_nothing_unseen_in_an_edition_is_missing_from_the_list_of_what_is_not_verified(name: str) -> None:
    edition = load_edition(name)
    rules = sum(row.seen in unverified.UNSEEN for row in edition.rows())
    listed = unverified.unverified(edition)
    assert len(listed) == rules + sum(map(unseen_in, edition.documents.values())) > 0


def test_nothing_unseen_in_the_published_criteria_is_missing_from_the_list_of_what_is_not_verified() -> None:
    files = [*LABEL.joinpath("criteria").rglob("*.toml"), *(LABEL / name for name in unverified.SHARED)]
    parts = [toml(path.relative_to(LABEL).as_posix()) for path in files if path.name != "clinical.toml"]
    clinical, drugs = len(ctcae().clinical), len(qt_list().drugs)
    figures = [one for kind in ("reactions", "efficacy") for one in rates(kind) if one.seen in unverified.UNSEEN]
    listed = unverified.published(US)
    assert len(listed) == sum(map(unseen_in, parts)) + clinical + drugs + len(figures) > len(figures) > 0
    assert kinds(listed) == {"criterion", "grade", "medicine", "panel", "exposure", "reaction", "efficacy", "chair", "check"}


def kinds(rows: list[dict[str, Any]]) -> set[str]:
    return {row["kind"] for row in rows}


def test_every_statement_to_be_verified_has_a_name_a_place_to_look_and_something_to_compare() -> None:
    rows = [*unverified.unverified(US), *unverified.published(US)]
    assert {"rule", "product", "regimen", "preparation", "monitoring", "advice", "claim", "coverage"} <= kinds(rows)
    assert [row for row in rows if not row["id"] or (row["source"] not in US.sources and row["row"] != "ruling")] == []
    assert [row for row in rows if not (row["section"] or row["row"]) or not (row["says"] or row["figure"])] == []
