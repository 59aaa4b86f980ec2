"""Every command that takes an edition answers under each of them, and says which it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from posology import stories
from posology.cli import main
from posology.knowledge import editions

STORY = "responder_day_8"
WHEN = ["--at", stories.tale(STORY).at.isoformat(), "--zone", "Europe/Berlin"]
BY_BUNDLE = [
    ["decide"],
    ["plan"],
    ["explain", "eligibility"],
    ["advice"],
    ["vod"],
    ["lysis"],
    ["grade"],
    ["qt"],
    ["medicines"],
    ["order"],
    ["prepare"],
    ["checks"],
    ["chair"],
]
ALONE = [
    ["storage", "--highest", "12"],
    ["clocks", "--zone", "UTC", "--reconstituted", "2025-03-03T08:00", "--diluted", "2025-03-03T09:00", "--held", "room"],
]
LISTS = [
    ["label", "show"],
    ["label", "readings"],
    ["label", "unverified"],
    ["label", "coverage"],
    ["sql"],
    ["exposure", "--bsa", "1.84"],
]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("editions") / "bundle.json"
    path.write_text(stories.as_text(stories.bundle(STORY)), "utf-8")
    return str(path)


@pytest.mark.parametrize("edition", editions())
@pytest.mark.parametrize("command", BY_BUNDLE, ids=" ".join)
def test_a_command_on_a_patient_says_under_which_edition(
    command: list[str], edition: str, bundle: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, bundle, *WHEN, "--edition", edition, "--json"]) in (0, 3)
    document = json.loads(capsys.readouterr().out)
    assert document.get("edition", edition) == edition
    other = {"us": "eu-smpc-2023-12", "eu": "us-pi-2024-03"}[edition]
    rows = document["answers"].values() if command == ["decide"] else []
    assert not any(finding["cites"]["source"] == other for reply in rows for finding in reply["findings"])
    assert main([*command, bundle, *WHEN, "--edition", edition]) in (0, 3)
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("edition", editions())
@pytest.mark.parametrize("command", [*ALONE, *LISTS], ids=lambda command: " ".join(command[:2]))
def test_a_command_without_a_patient_answers_under_each_edition(
    command: list[str], edition: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--edition", edition, "--json"]) in (0, 3)
    document = json.loads(capsys.readouterr().out)
    assert command not in ALONE or document["edition"] == edition
    assert document


def test_the_dose_under_each_edition_cites_its_own_label(bundle: str, capsys: pytest.CaptureFixture[str]) -> None:
    cited = {}
    for edition in editions():
        main(["decide", bundle, *WHEN, "--edition", edition, "--json"])
        cited[edition] = json.loads(capsys.readouterr().out)["dose"]["cites"]["source"]
    assert cited == {"eu": "eu-smpc-2023-12", "us": "us-pi-2024-03"}
