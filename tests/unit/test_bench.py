"""The measurements run and measure what they say; no time is asserted."""

from __future__ import annotations

import importlib
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from posology import stories
from posology.decide import decide_facts

BENCH = Path(__file__).parents[2] / "bench"
BARS: dict[str, Any] = tomllib.loads((BENCH / "bars.toml").read_text("utf-8"))


def script(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCH))
    return importlib.import_module(name)


@pytest.mark.parametrize("name", stories.names())
def test_the_generated_function_says_what_the_tables_say_whatever_is_left_unknown(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition, known, stale = script("_decision", monkeypatch).gathered(name)
    plain = script("_plain", monkeypatch).generated(edition.tables)
    for left_out in (None, *known):
        facts = {fact: None if fact == left_out else value for fact, value in known.items()}
        decision = decide_facts(edition.tables, facts, stale)
        assert plain(facts, stale) == (decision.verdict, decision.could_be), left_out


def test_the_padded_bundle_has_the_observations_it_claims_and_the_answer_of_its_story(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = BARS["stories"]
    patient = script("_bundle", monkeypatch).Patient(told["bundle"], told["observations"])
    kinds = [entry["resource"]["resourceType"] for entry in patient.exact["entry"]]
    assert kinds.count("Observation") == told["observations"]
    assert patient.answer(patient.text).verdict == patient.tale.expect.verdict
    assert patient.answer(patient.exact) == patient.answer(patient.text)


def test_every_bar_is_measured_and_stands_in_the_table() -> None:
    command = [sys.executable, str(BENCH / "run.py"), "--size", "tiny"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    bars = [row["says"] for row in BARS.values() if "bar" in row]
    assert [line.split("  ")[0] for line in done.stdout.splitlines()[1:] if " × " in line] == bars
