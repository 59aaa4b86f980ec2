"""`posology chair`: the run sheet, a reaction in words and JSON, and its resources read back by `decide`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from posology import stories
from posology.cli import main
from posology.fhir.signing import order_check
from posology.say.schemas import schema
from tests.unit.test_chair import MINUTE
from tests.unit.test_chair import at as moment
from tests.unit.test_checks import SEEN, STEPS, bare, who

ZONE = ["--zone", "America/New_York"]
SITE = ["--edition", "us", *ZONE]
AT = ["--at", "2026-03-02T11:50"]
START = ["--start", "2026-03-02T11:00"]
MIXED = ["--reconstituted", "2026-03-02T09:00", "--diluted", "2026-03-02T09:30", "--held", "room"]
STOPPED = [*START, "--stopped", "2026-03-02T11:20", "--volume", "16"]
LOOKED = moment("10:35")
VALID = Draft202012Validator(schema.schemas()["chair"], format_checker=FormatChecker())
LETS = ("give", "give_with_review")


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundles")
    stories.write(folder)
    return folder


def words(bundles: Path, capsys: pytest.CaptureFixture[str], *flags: str) -> str:
    assert main(["chair", str(bundles / "first_dose.json"), *AT, *SITE, *flags]) == 0
    return capsys.readouterr().out


def shown(bundles: Path, capsys: pytest.CaptureFixture[str], *flags: str) -> Any:
    document = json.loads(words(bundles, capsys, "--json", *flags))
    VALID.validate(document)
    return document


@pytest.mark.parametrize("name", stories.names())
def test_a_run_sheet_stands_only_beside_an_order_and_is_what_the_schema_says(
    name: str, bundles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tale = stories.tale(name)
    where = ["--at", tale.at.isoformat(), "--edition", tale.edition, *ZONE]
    code = main(["chair", str(bundles / f"{name}.json"), "--json", *where])
    document = json.loads(capsys.readouterr().out)
    VALID.validate(document)
    assert code == (3 if document["verdict"] == "ask" else 0) and document["reaction"] is None
    assert (document["run"] is not None) == (document["verdict"] in LETS)
    main(["chair", str(bundles / f"{name}.json"), *where])
    text = capsys.readouterr().out
    assert ("RUN SHEET" in text) == (document["verdict"] in LETS) and "estimate" not in text


def test_what_holds_the_start_stands_before_the_dose(bundles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = words(bundles, capsys, *START)
    assert text.index("NOT YET") < text.index("GIVE") < text.index("PUMP") < text.index("START  ", text.index("PUMP"))
    assert "1.36 mg (at the marks of the syringe: 1.35 mg) in 50 mL, intravenous infusion only" in " ".join(text.split())


def test_the_moments_of_the_day_are_local_and_cross_a_change_of_the_clocks(
    tmp_path: Path, bundles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """8 March 2026, 01:30 in New York: one hour later it is 03:30."""
    assert main(["chair", str(bundles / "first_dose.json"), *AT, *SITE, "--json", "--start", "2026-03-08T01:30"]) == 4
    run = json.loads(capsys.readouterr().out)["run"]
    assert (run["end"], run["observe_until"]) == ("2026-03-08T03:30:00-04:00", "2026-03-08T04:30:00-04:00")
    assert any("decide again" in one for one in run["stops"])


def test_the_steps_at_a_reaction_stand_first_and_without_any_other_word(
    bundles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = words(bundles, capsys, "--reaction", "2", *STOPPED, *MIXED).splitlines()
    assert text[0].startswith("INFUSION REACTION, GRADE 2") and text[1].startswith("  1 STOP")
    assert "  GO ON BY         2026-03-02 12:49 -0500, if at all" in text
    assert any("16 mL = 0.432 mg" in line and "16.67 mL" in line for line in text)


def test_after_grade_3_it_never_goes_on(bundles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = words(bundles, capsys, "--reaction", "3", *STOPPED, *MIXED)
    assert "NEVER: discard the rest" in text and "ends treatment for good" in text
    found = shown(bundles, capsys, "--reaction", "3", *STOPPED, *MIXED)["reaction"]
    assert (found["resume"], found["delivered"]["resume_by"], found["delivered"]["mg"]) == (False, None, "0.432")


def test_a_rest_that_would_end_too_late_is_discarded_in_words(bundles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    early = ["--reconstituted", "2026-03-02T08:00", "--diluted", "2026-03-02T08:00", "--held", "room"]
    text = words(bundles, capsys, "--reaction", "1", *STOPPED, *early)  # end by 12:00; 34 mL need 41 minutes: 11:19
    assert "TOO LATE: discard the rest" in text


@pytest.mark.parametrize("name", ["late_platelets", "stale_labs", "blank"])
def test_the_steps_at_a_reaction_are_shown_even_where_the_record_supports_no_order(
    name: str, bundles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = stories.tale(name).at.isoformat()
    main(["chair", str(bundles / f"{name}.json"), "--at", at, *SITE, "--reaction", "4", *STOPPED])
    text = capsys.readouterr().out
    assert "STOP the infusion" in text and "RAN IN" not in text


@pytest.mark.parametrize(("grade", "action"), [("1", "give"), ("2", "ask"), ("3", "discontinue"), ("4", "discontinue")])
def test_what_a_reaction_prints_is_seen_by_the_next_decision(
    grade: str, action: str, bundles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = json.loads(words(bundles, capsys, "--reaction", grade, *STOPPED, "--by", "Practitioner/rn1", "--fhir"))
    bundle = json.loads((bundles / "first_dose.json").read_text("utf-8"))
    bundle["entry"] += printed["entry"]
    file = tmp_path / "next.json"
    file.write_text(json.dumps(bundle), "utf-8")
    main(["decide", str(file), "--at", "2026-03-09T08:30", "--json", *SITE])
    document = json.loads(capsys.readouterr().out)
    assert document["answers"]["infusion_reaction"]["action"] == action
    assert document["answers"]["record"]["action"] == "wait", "an infusion that was not completed asks for the same review"
    assert document["verdict"] not in ("give", "give_with_review")
    assert (document["decision_point"]["cycle"], document["decision_point"]["dose"]) == (1, 2)


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--fhir"], "add --reaction"),
        (["--reaction", "2", "--fhir"], "needs --start and --stopped"),
        (["--reaction", "2", *STOPPED, "--fhir"], "write the person who signs"),
        (["--reaction", "2", *STOPPED, "--fhir", "--by", "Jane"], "never a name"),
        (["--reaction", "2", *START, "--stopped", "2026-03-02T11:50", "--fhir", "--by", "Practitioner/a"], "later than"),
        (["--reaction", "2", *START, "--stopped", "2026-03-02T10:50"], "stopped before it started"),
        (["--reaction", "2", *STOPPED[:-1], "51"], "check both"),
        (["--stopped", "2026-03-02T11:20"], "also need --reaction"),
        (["--start", "soon"], "--start soon"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(
    flags: list[str], says: str, bundles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["chair", str(bundles / "first_dose.json"), *AT, *SITE, *flags]) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and says in printed.err and printed.err.count("\n") == 1


def test_a_reaction_without_an_order_is_not_written_for_the_record(
    bundles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--at", stories.tale("late_platelets").at.isoformat(), *SITE]
    assert main(["chair", str(bundles / "late_platelets.json"), *where, "--reaction", "2", *STOPPED, "--fhir"]) == 2
    assert "no order of this moment" in capsys.readouterr().err


def test_at_a_reaction_the_steps_stand_even_where_what_ran_in_cannot_be_counted(
    bundles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The finished product was signed with 50 mL, and the flags say that the bag holds more."""
    bundle = json.loads((bundles / "first_dose.json").read_text("utf-8"))
    for n, step in enumerate(STEPS[:3]):
        bundle["entry"].append({"resource": order_check(bare(), step, who(n), "passed", SEEN[step], LOOKED + n * MINUTE)})
    file = tmp_path / "signed.json"
    file.write_text(json.dumps(bundle, default=float), "utf-8")
    line = [str(file), "--at", "2026-03-02T11:50", *SITE, "--reaction", "2", *STOPPED, "--overfill", "5"]
    assert main(["chair", *line]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "1 STOP the infusion" in text and "RAN IN" not in text and "was signed otherwise: final-volume=50" in text
    assert main(["chair", *line, "--fhir", "--by", "Practitioner/rn1"]) == 2
    assert "was signed otherwise" in capsys.readouterr().err
