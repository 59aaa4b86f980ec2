"""Clocks and storage on the command line: refusals in one line, the shape of the schema, nothing printed that misleads."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from posology.cli import main
from posology.say.schemas import schema

SITE = ["--edition", "us", "--zone", "America/New_York"]
MIXED = ["--reconstituted", "2025-03-03T08:00", "--diluted", "2025-03-03T09:00"]
STOPPED = ["--start", "2025-03-03T11:00", "--stopped", "2025-03-03T11:30", "--resume", "2025-03-03T12:20",
           "--dose-mg", "0.92", "--volume-ml", "50", "--rate-ml-h", "50"]  # fmt: skip


def shown(capsys: pytest.CaptureFixture[str], command: str, *arguments: str) -> Any:
    assert main([command, *arguments, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    Draft202012Validator(schema.schemas()[command], format_checker=FormatChecker()).validate(document)
    return document


@pytest.mark.parametrize(
    "more", [[], ["--held", "room"], ["--held", "refrigerated", "--minutes", "90"], ["--diluent", "water"], STOPPED]
)
def test_clocks_printed_as_json_are_what_the_schema_says(more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, "clocks", *MIXED, *more, *SITE)["edition"] == "us"


def test_before_dilution_neither_words_nor_json_name_a_start(capsys: pytest.CaptureFixture[str]) -> None:
    made = shown(capsys, "clocks", *MIXED[:2], *SITE)
    assert made["latest_start"] is None and made["latest_end"] is None
    main(["clocks", *MIXED[:2], *SITE])
    assert "Latest" not in capsys.readouterr().out


def test_a_moment_without_an_offset_stands_in_the_zone_of_the_clinic(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, "clocks", *MIXED, "--held", "room", *SITE)["latest_end"] == "2025-03-03T13:00:00-05:00"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--reconstituted", "2025-03-09T02:30"], "the clocks change then"),
        (["--reconstituted", "2025-11-02T01:30"], "the clocks change then"),
        (["--reconstituted", "yesterday"], "--reconstituted yesterday: not a moment"),
        ([*MIXED, "--out-of-fridge", "2025-03-03T10:00"], "left the refrigerator"),
        ([*MIXED, "--minutes", "0"], "--minutes 0"),
        ([*MIXED, "--minutes", "481"], "--minutes 481"),
        ([*MIXED, "--minutes", "60.5"], "--minutes 60.5"),
        ([*MIXED, "--minutes", "inf"], "--minutes inf"),
        ([*MIXED, *STOPPED[:-2]], "also needs --rate-ml-h"),
        ([*MIXED, *STOPPED[:-1], "0"], "must be above zero"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["clocks", *arguments, *SITE]) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and says in printed.err and printed.err.count("\n") == 1


def test_an_offset_settles_an_hour_that_comes_twice(capsys: pytest.CaptureFixture[str]) -> None:
    made = shown(capsys, "clocks", "--reconstituted", "2025-11-02T01:30-04:00", *SITE)
    assert made["dilute_by"] == "2025-11-02T04:30:00-05:00"


def test_a_stopped_infusion_that_would_end_too_late_is_discarded_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    late = [*STOPPED[:5], "2025-03-03T12:31", *STOPPED[6:]]
    made = shown(capsys, "clocks", *MIXED, "--held", "room", *late, *SITE)
    assert not made["valid"] and not made["resumed"]["may_resume"]
    main(["clocks", *MIXED, "--held", "room", *late, *SITE])
    assert capsys.readouterr().out.startswith("DISCARD")


@pytest.mark.parametrize(
    ("arguments", "verdict"), [([], None), (["--highest", "12"], "ask"), (["--lowest", "3", "--highest", "8"], "use"),
                               (["--lowest", "-1"], "discard"), (["--frozen"], "discard")]
)  # fmt: skip
def test_storage_shows_the_steps_and_judges_an_excursion(
    arguments: list[str], verdict: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    made = shown(capsys, "storage", *arguments, "--edition", "us")
    assert made["verdict"] == verdict and {"filter", "light", "line_material"} <= {step["id"] for step in made["steps"]}


def test_a_temperature_that_is_no_number_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["storage", "--highest", "warm", "--edition", "us"]) == 2
    assert "--highest warm" in capsys.readouterr().err
