"""The code knows no drug, no download address and none of the tools that made it."""

from __future__ import annotations

import re

import pytest

from tests.house.sources import LABEL, ROOT, SRC, modules, tracked

# Written in two halves, so that this file does not find itself.
DRUG = re.compile("inotu" + "zumab|besp" + "onsa", re.IGNORECASE)
ADDRESSES = ("pypi" + ".org", "python" + "hosted", "npm" + "js", "deb" + ".debian.org", "crates" + ".io", "ghcr" + ".io")
TOOLS = ("/work/" + ".library", "farm" + "-")
BINARY = (".png", ".pdf", ".woff2", ".ico", ".gz")


def test_no_drug_is_named_outside_label() -> None:
    code = [path for path in SRC.rglob("*") if path.is_file() and LABEL not in path.parents and path.suffix != ".pyc"]
    assert len(code) > 50
    named = [
        str(path.relative_to(SRC))
        for path in code
        if DRUG.search(path.read_text(encoding="utf-8")) or DRUG.search(path.name)
    ]
    assert named == []


@pytest.mark.parametrize("word", ["Inotu" + "zumab ozogamicin", "BESP" + "ONSA", "inotu" + "zumab_dose"])
def test_the_search_knows_the_drug_in_any_spelling(word: str) -> None:
    assert DRUG.search(word)


@pytest.mark.parametrize("address", ADDRESSES + TOOLS)
def test_no_file_says_where_packages_or_tools_come_from(address: str) -> None:
    said = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix not in BINARY and address.encode() in path.read_bytes()
    ]
    assert said == []


def test_label_holds_no_code() -> None:
    assert [path.name for path in LABEL.rglob("*") if path.is_file() and path.suffix not in (".toml", ".csv", ".md")] == []


def test_no_module_is_left_out_by_these_tests() -> None:
    assert {module.path for module in modules()} == set(SRC.rglob("*.py"))
