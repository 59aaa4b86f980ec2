"""The loader of label/criteria/: what is uncited, misspelt, unused or numerically unexplained is refused with its place."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from posology.knowledge import KnowledgeError, criteria, dictionary, edition, files, load_edition, parameters, rules

READERS = (files, dictionary, edition, parameters, rules, criteria)
SETS, ITEMS, OVER, ADULT, PANEL = (
    f"criteria/vod/{name}.toml" for name in ("sets_before_2016", "items", "items_over_days", "severity_adult", "panel")
)


def forget() -> None:
    for module in READERS:
        for found in vars(module).values():
            getattr(found, "cache_clear", lambda: None)()


@pytest.fixture
def label(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of label/ that a test may spoil."""
    copy = tmp_path / "label"
    shutil.copytree(files.LABEL, copy)
    monkeypatch.setattr(files, "LABEL", copy)
    forget()
    yield copy
    forget()


# fmt: off
SPOILT = [
    ("a count missing from the statement", SETS, "at least 2 of 3: bilirubin", "some of 3: bilirubin", "at least 2"),
    ("a window missing from the statement", SETS, "Up to day 20 after", "Up to then after", "day 20"),
    ("a limit missing from the statement", ITEMS, "Bilirubin above 2 mg/dL,", "Bilirubin above it,", "the number 2"),
    ("a limit in another unit missing", ITEMS, "above 34.2 µmol/L", "above it", "34.2"),
    ("a limit without its other unit", ITEMS, "above 34.2 µmol/L", "above 34.2", "without its unit (µmol/L)"),
    ("a limit changed", ITEMS, 'when = "bilirubin >= 2"', 'when = "bilirubin >= 3"', "the number 3"),
    ("a source that does not exist", ITEMS, "vod-criteria-pages", "hearsay", "sources.toml does not list"),
    ("another word for how it was seen", ITEMS, 'seen = "secondary"', 'seen = "heard"', "seen is one of"),
    ("a misspelt fact", ITEMS, 'when = "painful_hepatomegaly"', 'when = "painful_hepatomegali"', "did you mean"),
    ("an item that no set uses", ITEMS, "[item.painful_liver]", "[item.painful_liver_2]", "painful_liver"),
    ("a set left out of the order", PANEL, '  "baltimore",\n', "", "baltimore"),
    ("a key nobody reads", ITEMS, 'title = "bilirubin above 2 mg/dL"', 'heading = "x"', "'heading' is not a key here"),
    ("a sign of no kind", ITEMS, 'sign = "in_window"', 'sign = "sometimes"', "sign is"),
    ("a class that the scale has not", ADULT, 'unless_alone = "severe"', 'unless_alone = "grave"', "no class of the scale"),
    ("a rule that is none", ADULT, 'rule = "two_or_more"', 'rule = "average"', "rule is one of"),
    ("a figure missing from the statement", OVER, "each of 3 consecutive local days the w", "each day the w", "figure days"),
    ("a trend of nothing", OVER, 'of = ["weight"]', 'of = ["wait"]', "no observable and no fact is called 'wait'"),
]
# fmt: on


@pytest.mark.parametrize(("name", "old", "new", "said"), [row[1:] for row in SPOILT], ids=[row[0] for row in SPOILT])
def test_spoilt_criteria_are_refused_and_the_place_is_named(label: Path, name: str, old: str, new: str, said: str) -> None:
    text = (label / name).read_text("utf-8")
    assert old in text, "the test no longer finds what it spoils"
    (label / name).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(KnowledgeError) as error:
        criteria.panels()
    assert said in str(error.value) and "criteria/vod" in str(error.value)


def test_an_unspoilt_copy_loads_and_a_change_in_it_changes_the_hash(label: Path) -> None:
    assert set(criteria.panels()) == {"vod", "tumour_lysis"}
    before = load_edition("us").knowledge
    text = (label / ITEMS).read_text("utf-8")
    (label / ITEMS).write_text(text.replace("A large liver that is painful.", "A large and painful liver.", 1), "utf-8")
    forget()
    assert load_edition("us").knowledge != before


def test_a_set_or_a_scale_is_found_by_its_name_and_nothing_else_is() -> None:
    assert criteria.panel_of("baltimore") is criteria.panels()["vod"] is criteria.panel_of("ebmt_2016_severity")
    assert criteria.panel_of("liver") is None


def test_every_risk_factor_says_whose_it_is_and_those_that_the_documents_name_are_there() -> None:
    risks = criteria.panels()["vod"].risks
    assert {"liver_disease", "earlier_transplant", "older_age", "later_salvage", "more_cycles"} <= set(risks)
    assert [name for name, risk in risks.items() if not (risk.said.cites.source and risk.said.cites.section)] == []
