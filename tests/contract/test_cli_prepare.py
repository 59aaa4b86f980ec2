"""`posology prepare`: only beside an order, in words and JSON; refusals in one line; what must not go out exits 4."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from posology import stories
from posology.cli import main
from posology.say.schemas import schema

ZONE = ["--zone", "America/New_York"]
VALID = Draft202012Validator(schema.schemas()["prepare"], format_checker=FormatChecker())
LETS = ("give", "give_with_review")
MIXED = ["--reconstituted", "2026-03-02T08:00", "--diluted", "2026-03-02T08:20"]


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundles")
    stories.write(folder)
    return folder


def ran(bundles: Path, name: str, capsys: pytest.CaptureFixture[str], *flags: str) -> tuple[int, str]:
    tale = stories.tale(name)
    where = ["--at", tale.at.isoformat(), "--edition", tale.edition, *ZONE]
    code = main(["prepare", str(bundles / f"{name}.json"), *flags, *where])
    return code, capsys.readouterr().out


def shown(bundles: Path, capsys: pytest.CaptureFixture[str], *flags: str) -> Any:
    _, text = ran(bundles, "first_dose", capsys, "--json", *flags)
    document = json.loads(text)
    VALID.validate(document)
    return document["preparation"]


@pytest.mark.parametrize("name", stories.names())
def test_a_preparation_stands_only_beside_an_order_and_is_what_the_schema_says(
    name: str, bundles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = ran(bundles, name, capsys, "--json")
    document = json.loads(text)
    VALID.validate(document)
    assert code == (3 if document["verdict"] == "ask" else 0)
    assert (document["preparation"] is not None) == (document["verdict"] in LETS)
    words = ran(bundles, name, capsys)[1]
    assert ("DRAW UP" in words) == (document["verdict"] in LETS) and "estimate" not in words


def test_what_is_opened_added_and_drawn_up_stands_before_everything_else(
    bundles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = ran(bundles, "first_dose", capsys)
    assert code == 0
    lines = [line.split("   ")[0].strip() for line in text.splitlines() if line.startswith("  ")]
    assert lines[:3] == ["OPEN", "ADD", lines[2]] and lines[3] == "DRAW UP"
    assert "5.4 mL = 1.35 mg   (ordered 1.36 mg = 5.44 mL; -0.74 percent)" in text


def test_the_clocks_of_the_sheet_are_those_of_the_command_clocks(bundles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    held = [*MIXED, "--held", "refrigerated"]
    sheet = shown(bundles, capsys, *held)["clocks"]
    assert main(["clocks", *held, "--edition", "us", *ZONE, "--json"]) == 0
    assert sheet == json.loads(capsys.readouterr().out)
    assert sheet["latest_end"] == "2026-03-02T13:20:00-05:00"


def test_storage_that_nobody_states_reads_as_room_and_is_asked_for(
    bundles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = shown(bundles, capsys, *MIXED)
    assert made["clocks"]["latest_end"] == "2026-03-02T12:20:00-05:00"
    assert any("room or refrigerated" in text for text in made["asks"])


def test_an_overfill_alone_says_how_the_bag_is_filled(bundles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = shown(bundles, capsys, "--overfill", "5")
    assert (made["fill"], made["final_volume_ml"], made["infusion_minutes"]) == ("nominal + overfill + drug", "60.4", 73)


def test_the_lots_are_recorded_and_a_month_lasts_to_its_end(bundles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = shown(bundles, capsys, "--lot", "A1", "--expires", "2028-02", "--lot", "B2", "--expires", "2026-03-02")
    assert made["lots"] == [{"lot": "A1", "expires": "2028-02-29"}, {"lot": "B2", "expires": "2026-03-02"}]


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--lot", "A1", "--expires", "2026-02"], "lot A1 expired on 2026-02-28"),
        (["--lot", "A1"], "each --lot needs its --expires"),
        (["--lot", "A1", "--expires", "soon"], "--expires soon"),
        (["--lot", "A1", "--expires", "2026-13"], "--expires 2026-13"),
        (["--diluted", "2026-03-02T08:00"], "--diluted also needs --reconstituted"),
        (["--held", "room"], "--held also needs --reconstituted"),
        (["--reconstituted", "2026-03-08T02:30"], "the clocks change then"),
        (["--graduation", "0.2"], "--graduation also needs --syringe"),
        (["--syringe", "20"], "say its marks too"),
        (["--overfill", "much"], "--overfill much"),
        (["--overfill", "-1"], "below zero"),
        (["--overfill", "50"], "the bag itself holds 50 mL"),
        (["--lot", "", "--expires", "2027-06"], "write the lot as the vial prints it"),
        (["--lot", "A\nB", "--expires", "2027-06"], "write the lot as the vial prints it"),
        (["--syringe", "10", "--graduation", "0.001"], "finer than any syringe has"),
        (["--reconstituted", "2026-03-02T09:00"], "later than --at"),
        (["--reconstituted", "0001-01-01T00:00+14:00"], "the year is out of reach"),
        (["--at", "2026-11-01T01:30"], "the clocks change then"),
        (["--at", "2026-03-08T02:30"], "the clocks change then"),
        (["--fill", "exact", "--overfill", "5"], "has no overfill"),
        ([*MIXED[:2], "--diluted", "2026-03-02T07:00"], "diluted stands before reconstituted"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(
    flags: list[str], says: str, bundles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prepare", str(bundles / "first_dose.json"), "--at", "2026-03-02T08:30", "--edition", "us", *ZONE,
                 *flags]) == 2  # fmt: skip
    printed = capsys.readouterr()
    assert printed.out == "" and says in printed.err and printed.err.count("\n") == 1


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--diluent", "glucose 5 %"], "WRONG DILUENT"),
        (["--reconstituted", "2026-03-02T04:29"], "DISCARD"),
        (["--final", "10"], "does not go into a syringe"),
        (["--syringe", "10", "--graduation", "1"], "finer marks"),
    ],
)
def test_what_must_not_go_out_exits_4_and_says_stop_first(
    flags: list[str], says: str, bundles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = ran(bundles, "first_dose", capsys, *flags)
    assert code == 4 and text.splitlines()[4].startswith("STOP") and says in " ".join(text.split()) and "DRAW UP" not in text
