"""Nothing in label/ hangs in the air: every row is cited, every fact used, every edge case and ruling settled somewhere."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from posology.knowledge import Edition, GradeRow, Row, ctcae, editions, interactions, load_edition, qt_limits, qt_list
from posology.knowledge.criteria import panels
from posology.knowledge.panel import Stated
from tests.house.sources import LABEL, ROOT, SRC, modules

US = load_edition("us")
EDITIONS = [load_edition(name) for name in editions()]
TABLES = [*(table for edition in EDITIONS for table in edition.tables.values()), *US.criteria.values()]
ROWS = [row for table in TABLES for row in table.rows]
LATER = tomllib.loads((LABEL / "later.toml").read_text(encoding="utf-8"))
EDGE_CASES = [f"EC{number:02}" for number in range(1, 53)]
RULINGS = {
    **{f"R{number:02}": "" for number in (*range(1, 9), *range(10, 18), 19, 23, *range(25, 36))},
    **{"R09": "abc", "R18": "abc", "R20": "ab", "R21": "ab", "R22": "ab", "R24": "ab"},
}
POINTS = EDGE_CASES + [f"{name}{part}" for name, parts in RULINGS.items() for part in parts or ("",)]


def tomls() -> list[Path]:
    return sorted(LABEL.rglob("*.toml"))


@pytest.mark.parametrize("path", tomls(), ids=lambda path: str(path.relative_to(LABEL)))
def test_every_label_file_parses_and_ends_with_a_newline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert tomllib.loads(text, parse_float=Decimal) and text.endswith("\n") and "\t" not in text


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.question}.{row.id}")
def test_every_row_cites_a_source_says_how_it_was_seen_and_states_it_in_a_sentence(row: Row) -> None:
    assert row.cites.source in US.sources and row.cites.section
    assert row.seen in ("verbatim", "secondary", "recalled", "ours")
    assert row.states.endswith(".") and len(row.states.split()) >= 4
    assert not row.reading or row.reading.endswith(".")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.question}.{row.id}")
def test_what_we_decided_cites_our_policy_or_rulings_and_what_we_read_cites_a_document(row: Row) -> None:
    ours = US.sources[row.cites.source].kind in ("policy", "ruling")
    assert ours == (row.seen == "ours")
    if row.cites.source == "policy":
        assert row.cites.section in US.policy.rows, "policy.toml has no such row"
    if row.cites.source == "rulings" and row.cites.section.startswith("R"):
        assert row.cites.section in POINTS


def published() -> Iterator[tuple[str, Stated]]:
    """Every statement of label/criteria/, by its place."""
    for panel in panels().values():
        yield from ((f"{panel.id}.{one.id}", one.said) for one in (*panel.sets.values(), *panel.scales.values()))
        yield from ((f"{panel.id}.{item.id}", item.said) for item in panel.conditions())
        yield from ((f"{panel.id}.{name}", trend.said) for name, trend in panel.trends.items())


@pytest.mark.parametrize(("name", "said"), list(published()), ids=lambda part: part if isinstance(part, str) else "")
def test_every_published_statement_is_cited_and_is_ours_only_where_we_wrote_it(name: str, said: Stated) -> None:
    ours = US.sources[said.cites.source].kind in ("policy", "ruling")
    assert ours == (said.seen == "ours") and said.cites.section
    assert said.states.endswith(".") and (not said.reading or said.reading.endswith("."))


GRADES = [row for rows in ctcae().rows.values() for row in rows]


@pytest.mark.parametrize("row", GRADES, ids=lambda row: f"{row.version}.{row.term}")
def test_every_line_of_ctcae_cites_its_own_version_and_states_it_in_a_sentence(row: GradeRow) -> None:
    assert row.cites.source == f"ctcae-{row.version}" and row.cites.section and row.cites.row
    assert row.states.endswith(".") and (not row.reading or row.reading.endswith("."))
    assert [part.grade for part in row.grades] == sorted({part.grade for part in row.grades})
    assert row.facts[0] == ctcae().terms[row.term].value


def test_a_recalled_line_that_the_facts_sheet_lacks_says_that_it_is_to_be_verified() -> None:
    in_sheet = {"anc", "platelets", "alt", "ast", "bilirubin", "alp", "ggt", "creatinine", "lipase", "amylase", "qtc"}
    ours = [row for row in GRADES if row.version == "v3" and row.term not in in_sheet]
    assert len(ours) > 5 and all(row.seen == "recalled" and "verified" in row.reading for row in ours)


def test_what_the_lists_of_medicines_say_ends_as_a_sentence() -> None:
    said = [one.concern for one in interactions()] + [one.states for one in qt_limits()]
    assert all(text.endswith(".") for text in [*said, qt_list().reading])
    assert all(not drug.note or drug.note.endswith(".") for drug in qt_list().drugs.values())


def settled_in(found: Any) -> Iterator[str]:
    """Every id under a `settles`, however deep."""
    if isinstance(found, dict):
        yield from found.get("settles", [])
        yield from (name for part in found.values() for name in settled_in(part))
    elif isinstance(found, list):
        yield from (name for part in found for name in settled_in(part))


@cache
def settled() -> set[str]:
    files = [path for path in tomls() if path.name != "later.toml"]
    return {name for path in files for name in settled_in(tomllib.loads(path.read_text(encoding="utf-8")))}


@pytest.mark.parametrize("point", POINTS)
def test_every_edge_case_and_ruling_is_decided_somewhere_or_waits_with_a_reason(point: str) -> None:
    places = [point in settled(), point in LATER["decided_in_code"], point in LATER["waits"]]
    assert any(places), "name it in the `settles` of the row that decides it, or in label/later.toml"


def test_nothing_waits_that_is_already_decided() -> None:
    waits = set(LATER["waits"])
    assert waits & settled() == set() and waits & set(LATER["decided_in_code"]) == set()
    assert set(LATER["decided_in_code"]) & settled() == set(), "decided by a row: take it out of later.toml"


def test_no_point_is_named_that_does_not_exist() -> None:
    claims = {f"K{number:02}" for number in range(1, 44)}
    assert (settled() | set(LATER["decided_in_code"]) | set(LATER["waits"])) - set(POINTS) <= claims
    assert {name for row in ROWS for name in row.settles if name.startswith("K")} <= set(US.documents["claims"])


@pytest.mark.parametrize("point", LATER["decided_in_code"])
def test_what_code_decides_names_its_module_and_a_test_that_exists(point: str) -> None:
    entry = LATER["decided_in_code"][point]
    assert (SRC / entry["where"]).is_file() and entry["how"].endswith(".")
    file, _, name = entry["test"].partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_what_waits_says_for_what_and_why() -> None:
    assert all(entry["until"] and entry["why"].endswith(".") for entry in LATER["waits"].values())


def test_the_points_are_those_of_the_reference_library() -> None:
    reference = ROOT.parent / "shared" / "reference"
    if not reference.exists():
        assert len(POINTS) == 52 + 43
        return
    facts, rulings = (reference / name for name in ("clinical-facts.md", "rulings.md"))
    written = re.findall(r"^\| (EC\d\d) \|", facts.read_text(encoding="utf-8"), re.M)
    written += re.findall(r"^\| (R\d\d[a-c]?) \|", rulings.read_text(encoding="utf-8"), re.M)
    assert sorted(written) == sorted(POINTS)


def spoken(*places: str) -> set[str]:
    """Every text that these packages hold: a fact or observable named there is used there."""
    return {
        node.value
        for module in modules()
        if module.place in places
        for node in module.nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def facts_in_rules() -> set[str]:
    used = {name for row in ROWS for name in row.facts}
    needs = {name for one in EDITIONS for item in one.monitoring for name in (*item.needs, *item.age, *item.facts)}
    needs |= {name for one in EDITIONS for section in one.advice for line in section.lines for name in line.facts}
    parts = {part for fact in US.facts.values() if fact.pick.how == "derived" for part in fact.pick.of[1:]}
    asked = {name for one in (*interactions(), *qt_limits()) if one.when for name in one.when.facts}
    return used | needs | parts | asked | ctcae().facts | facts_in_panels()


def facts_in_panels() -> set[str]:
    """Every fact that a published set, scale, signal, risk factor or trend looks at."""
    found = {name for panel in panels().values() for item in panel.conditions() for name in item.facts}
    found |= {name for panel in panels().values() for trend in panel.trends.values() for name in trend.of}
    windows = [one.window for panel in panels().values() for one in panel.sets.values() if one.window]
    return found | {name for window in windows for name in (window.days, window.only_if) if name}


@pytest.mark.parametrize("name", US.facts)
def test_every_fact_is_used_or_waits_with_a_reason(name: str) -> None:
    used = name in facts_in_rules() or name in spoken(
        "answer", "plan", "grading", "medicines", "verify", "say", "cds", "web"
    )
    assert used != (name in LATER["facts"]), "use it, or say in later.toml what it waits for (not both)"


@pytest.mark.parametrize("name", US.observables)
def test_every_observable_is_used_or_waits_with_a_reason(name: str) -> None:
    picked = facts_in_panels() | {
        one for fact in US.facts.values() for one in (*fact.pick.of, *fact.pick.not_before, fact.pick.same_as)
    }
    picked |= {name for one in EDITIONS for item in one.monitoring for name in item.reads}
    used = name in picked or name in spoken("course", "facts", "answer", "verify", "fhir")
    assert used != (name in LATER["observables"]), "use it, or say in later.toml what it waits for (not both)"


def test_what_waits_exists_and_says_why() -> None:
    assert set(LATER["facts"]) <= set(US.facts) and set(LATER["observables"]) <= set(US.observables)
    assert all(reason.endswith(".") for part in ("facts", "observables") for reason in LATER[part].values())


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.id)
def test_an_edition_cites_no_label_of_another_country_but_to_compare(edition: Edition) -> None:
    """Its own label, practice or ours. The figures of a clock are the one list that shows every country's, by design."""
    parts = [part for name, part in edition.parts() if name.partition(".")[0] not in ("claims", "coverage")]
    cited = [row.cites.source for row in edition.rows()] + [part["cites"]["source"] for part in parts if "cites" in part]
    foreign = {edition.sources[name].id for name in cited if edition.sources[name].jurisdiction not in (edition.id, "none")}
    assert not any(edition.sources[name].kind == "label" for name in foreign - FOREIGN[edition.id])


FOREIGN = {"us": {"eu-smpc-2023-12", "eu-leaflet-2022-02"}, "eu": set[str]()}
"""The United States edition shows two European statements as practice, where its own label is silent."""


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.id)
def test_every_question_is_answered_by_every_edition_and_ends_in_rows_of_its_own(edition: Edition) -> None:
    assert list(edition.tables) == list(US.tables)
    assert all(table.rows and table.asks == US.tables[name].asks for name, table in edition.tables.items())


def test_every_source_is_cited_or_says_what_it_is_good_for() -> None:
    assert all(source.good_for and source.title for source in US.sources.values())


def test_every_policy_row_says_why() -> None:
    assert all(row["reason"].endswith(".") for row in US.policy.rows.values())
    assert US.policy.author
