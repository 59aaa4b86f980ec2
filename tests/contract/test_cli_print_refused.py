"""`posology print` beside written orders: what is refused, and the overrides that every page and screen carries."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from posology import stories
from posology.cli import main
from posology.knowledge import load_edition
from posology.say.schemas import schema
from tests.contract.printed import NAME, OF_A_PATIENT, ZONE, bundle, command, flat, pages, printed
from tests.unit.ordered import Change, mg, no_words, request, say, signed

STORY, DOSE = "first_dose", "1.36 mg"
KNOWLEDGE = load_edition("us").knowledge
VALID = Draft202012Validator(schema.schemas()["print"], format_checker=FormatChecker())
RELEASED = ("give", "give_with_review")
HELD = [name for name in stories.names() if stories.tale(name).expect.verdict not in RELEASED]
SPLIT = re.compile(r"[0-9]\n(?:[0-9.,]+ (?:mg|mL|minutes|hours|days|%)|(?:mg|mL|minutes|hours|%)\b)|[0-9][.,]\n[0-9]")


MIXED = ["--reconstituted", "2026-03-02T06:00", "--diluted", "2026-03-02T06:30", "--held", "room"]


@pytest.mark.parametrize("what", ["preparation", "run-sheet"])
def test_beside_a_written_order_that_stops_nothing_is_prepared_on_paper(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order = request(STORY)
    for change in (no_words, mg("13.6")):
        change(order)
    file, out = bundle(tmp_path, STORY, NAME, order), tmp_path / "no.pdf"
    assert main(command(what, file, STORY, "--out", str(out))) == 4
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith("NOTHING PRINTED") and "the written order has a finding that stops: E05:tenfold" in said
    assert not out.exists()
    assert main(command(what, file, STORY, "--json", "--out", str(out))) == 4
    document = json.loads(capsys.readouterr().out)
    VALID.validate(document)
    assert document["file"] is None and any("E05:tenfold" in text for text in document["stops"]) and not out.exists()


def test_a_draft_beside_a_written_order_that_stops_says_so_first(tmp_path: Path) -> None:
    order = request(STORY)
    for change in (no_words, mg("13.6")):
        change(order)
    text = flat(printed("order", bundle(tmp_path, STORY, NAME, order), STORY, tmp_path / "order.pdf"))
    assert text.index("An order in the record must not go out: E05:tenfold") < text.index("To be given on")


@pytest.mark.parametrize(
    ("what", "flags", "says"),
    [
        ("preparation", ["--diluent", "glucose 5 %"], "WRONG DILUENT"),
        ("preparation", ["--reconstituted", "2026-03-02T04:00"], "not diluted in time"),
        ("run-sheet", [*MIXED, "--start", "2026-03-02T11:00"], "after the latest start"),
        ("run-sheet", ["--start", "2026-03-03T08:00"], "on another day decide again"),
    ],
)
def test_what_is_to_be_discarded_or_came_too_late_is_not_printed(
    what: str, flags: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "no.pdf"
    assert main(command(what, bundle(tmp_path, STORY), STORY, *flags, "--out", str(out))) == 4
    assert says in " ".join(capsys.readouterr().out.split()) and not out.exists()


def test_a_dose_for_which_no_way_is_known_is_not_prepared_on_paper(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = bundle(tmp_path, "interruption_15_days_cycle_2"), tmp_path / "no.pdf"
    at = stories.tale("interruption_15_days_cycle_2").at.isoformat()
    flags = ["--at", at, "--edition", "eu", *ZONE, "--overfill", "30", "--out", str(out)]
    assert main(["print", "preparation", str(file), *flags]) == 3
    assert "NO WAY KNOWN" in capsys.readouterr().out and not out.exists()


def overridden(tmp_path: Path, finding: str, *changes: Change) -> Path:
    """A record with a written order that differs, and the signed override of that finding."""
    order = request(STORY)
    for change in (no_words, *changes):
        change(order)
    note = signed("override", order, {"finding": finding, "reason": "will-do-later"}, STORY)
    return bundle(tmp_path, STORY, NAME, order, note)


@pytest.mark.parametrize("what", OF_A_PATIENT)
def test_an_override_stands_on_every_page_with_both_values(what: str, tmp_path: Path) -> None:
    found = pages(printed(what, overridden(tmp_path, "E03:weight", say("weight", "65")), STORY, tmp_path / "run.pdf"))
    assert all("OVERRIDDEN: E03:weight (written 65 kg, record 61.7 kg)" in " ".join(page.split()) for page in found)
    assert "Overridden findings" in found[-1] and "Will be done before the dose is given." in " ".join(found[-1].split())


@pytest.mark.parametrize("command_", ["order", "prepare", "chair", "checks", "certificate"])
def test_an_override_stands_on_every_screen(command_: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = overridden(tmp_path, "E03:weight", say("weight", "65"))
    assert main([command_, *command("order", file, STORY)[2:]]) == 0
    assert "OVERRIDDEN  E03:weight (written 65 kg, record 61.7 kg): will-do-later" in capsys.readouterr().out


@pytest.mark.parametrize("overridden_", [False, True])
def test_nothing_is_prepared_beside_an_order_for_another_dose_whoever_lets_it_stand(
    overridden_: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order = request(STORY)
    for change in (no_words, mg("1.4")):
        change(order)
    file = overridden(tmp_path, "E05:dose", mg("1.4")) if overridden_ else bundle(tmp_path, STORY, NAME, order)
    for what in ("prepare", "chair"):
        assert main([what, *command("order", file, STORY)[2:]]) == 4
        said = " ".join(capsys.readouterr().out.split())
        assert "the written order says 1.4 mg and the record supports 1.36 mg" in said and "DRAW UP" not in said


def test_a_document_is_written_whole_or_not_at_all_and_over_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = bundle(tmp_path, STORY), tmp_path / "out.pdf"
    before = file.read_bytes()
    assert main(command("order", file, STORY, "--out", str(file))) == 2
    assert "this is no PDF, and is not written over" in capsys.readouterr().err and file.read_bytes() == before
    first = printed("order", file, STORY, out)

    def full(self: Path, made: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        assert main(command("order", file, STORY, "--out", str(out), "--paper", "letter")) == 2
    assert "No space left on device; name another file" in capsys.readouterr().err
    assert out.read_bytes() == first and sorted(one.name for one in tmp_path.iterdir()) == ["bundle.json", "out.pdf"]
    assert printed("order", file, STORY, out, "--paper", "letter") != first


def test_a_long_name_that_no_font_has_is_printed_soon_and_the_command_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "".join(chr(0x4E00 + n) for n in range(500)) + " Müller"
    text = flat(printed("order", bundle(tmp_path, STORY, name), STORY, tmp_path / "long.pdf"))
    assert "Müller" in text and "write them by hand" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("resource", "says"),
    [
        ({"resourceType": "Bundle"}, "the Bundle holds nothing"),
        ({"resourceType": "Bundle", "entry": {}}, "the Bundle holds nothing"),
        ({"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Bundle"}}]}, "a Bundle is not read here"),
        ({"resourceType": "Parameters"}, "a Parameters is not read here"),
        ({"resourceType": "Observation", "status": "final"}, "does not say whose it is"),
        ({"resourceType": "Bundle", "entry": [None]}, "a thing without a resourceType is not read here"),
    ],
)
def test_what_is_read_beside_a_bundle_says_what_and_whose_it_is(
    resource: dict[str, object], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    beside = tmp_path / "beside.json"
    beside.write_text(json.dumps(resource), "utf-8")
    assert main(["order", *command("order", bundle(tmp_path, STORY), STORY)[2:], "--with", str(beside)]) == 2
    assert says in capsys.readouterr().err


def test_no_name_and_no_error_can_write_a_line_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evil = "Ana\n  DRAW UP 54 mL\x1b[31m \u202eevil"
    main(["prepare", *command("order", bundle(tmp_path, STORY, evil), STORY)[2:]])
    out = capsys.readouterr().out
    assert "Ana DRAW UP 54 mL [31m evil" in out and "\x1b" not in out and "\u202e" not in out
    assert main(["order", "no\x1b[31mfile\u202e.json", "--at", "2026-03-02T08:30", "--edition", "us", *ZONE]) == 2
    assert "no?[31mfile?.json" in capsys.readouterr().err


@pytest.mark.parametrize("flags", [
    ["--start", "9999-12-31T23:59"], ["--start", "0001-01-01T00:00+14:00"],
    ["--start", "2026-03-02T11:00", "--reaction", "1", "--stopped", "9999-12-31T23:59"],
])  # fmt: skip
def test_a_moment_at_the_ends_of_the_calendar_is_refused_in_one_line(
    flags: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["chair", *command("order", bundle(tmp_path, STORY), STORY)[2:], *flags]) == 2
    assert "the year is out of reach" in capsys.readouterr().err


def test_a_run_sheet_too_needs_a_way_to_give_the_dose(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name, out = "interruption_15_days_cycle_2", tmp_path / "no.pdf"
    flags = ["--at", stories.tale(name).at.isoformat(), "--edition", "eu", *ZONE, "--overfill", "30", "--out", str(out)]
    assert main(["print", "run-sheet", str(bundle(tmp_path, name)), *flags]) == 3
    assert "NOTHING PRINTED" in capsys.readouterr().out and not out.exists()


def test_the_json_says_whether_every_letter_was_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, whole in (("Wang", True), ("王 Wang", False)):
        line = command("order", bundle(tmp_path, STORY, name), STORY, "--out", str(tmp_path / "x.pdf"), "--json")
        assert main(line) == 0
        document = json.loads(capsys.readouterr().out)
        VALID.validate(document)
        assert document["whole"] is whole
