"""What the documentation tells people to type works, and prints what it shows."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from posology.api import load_bundle
from posology.cli import main
from tests.docs import fences
from tests.docs.fences import ROOT, Command

BLOCKS = [block for page in fences.pages() for block in fences.blocks(page)]
COMMANDS = [command for block in BLOCKS for command in fences.commands(block)]
SNIPPETS = [block for block in BLOCKS if block.language == "python"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder like the repository's root, with the files that the pages tell their reader to write."""
    for name in ("examples", "posology.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    for block in BLOCKS:
        if block.file:
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: f"{command.page.stem}: {command.typed}"[:100])
def test_a_command_in_the_documentation_ends_and_prints_as_stated(
    command: Command, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = command.given.read_text(encoding="utf-8") if isinstance(command.given, Path) else command.given or ""
    if isinstance(given, list):
        main(given)
        given = capsys.readouterr().out
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
    assert main(command.arguments) == command.exits
    printed = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert fences.absent(command.shown, printed) is None


@pytest.mark.parametrize("block", SNIPPETS, ids=lambda block: block.page.stem)
def test_a_python_snippet_in_the_documentation_runs(block: fences.Block, folder: Path) -> None:
    exec(compile(block.text, str(block.page), "exec"), {})


def test_every_kind_of_page_shows_something_to_type() -> None:
    shown = {command.page.relative_to(ROOT).parts[0] for command in COMMANDS}
    assert shown == {"README.md", "docs"}
    assert {command.exits for command in COMMANDS} == {0, 3}


def test_a_line_that_is_not_printed_is_noticed() -> None:
    assert fences.absent(["a", "…", "c"], ["a", "b", "c"]) is None
    assert fences.absent(["a", "c"], ["a", "b", "c"]) == "c"
    assert fences.absent(["…", "c", "b"], ["a", "b", "c"]) == "b"


def test_the_review_that_the_how_to_shows_is_read_as_a_signed_look() -> None:
    shown = next(json.loads(block.text) for block in BLOCKS if block.language == "json")
    patient = {"resourceType": "Patient", "id": "example", "birthDate": "1970-01-01", "gender": "female"}
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": patient}, {"resource": shown}]}
    record = load_bundle(bundle, zone="America/New_York")
    found = {reading.observable: (reading.value, reading.signed) for reading in record.readings}
    assert found["vod_review"] == ("ruled_out", True)
    assert found["infusion_reaction_review"] == (0, True)
    assert record.notes == ()
