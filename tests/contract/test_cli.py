"""The command line in process: exit codes, one line for everything bad, nothing of a patient in it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from posology import stories
from posology.cli import COMMANDS, main

HERE = ["--edition", "us", "--zone", "America/New_York"]
FIRST = stories.tale("first_dose").at.isoformat()
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """One command in an empty folder: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(list(arguments))
        except SystemExit as stop:
            code = int(stop.code or 0)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def first_dose(tmp_path: Path) -> str:
    path = tmp_path / "first_dose.json"
    path.write_text(stories.as_text(stories.bundle("first_dose")), "utf-8")
    return str(path)


def refused(found: tuple[int, str, str], *words: str) -> None:
    """Exit 2, nothing printed, and one line on standard error that says these words."""
    code, out, err = found
    assert (code, out) == (2, "")
    assert err.endswith("\n") and err.count("\n") == 1, err
    assert err.startswith("posology: ") and "Traceback" not in err
    assert [word for word in words if word not in err] == [], err


# --- what is answered -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["first_dose", "late_platelets", "vod_after_cycle_2", "stale_labs"])
def test_a_decided_answer_ends_with_0(name: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(stories.as_text(stories.bundle(name)), "utf-8")
    assert run("decide", "one.json", "--at", stories.tale(name).at.isoformat(), *HERE)[0] == 0


@pytest.mark.parametrize("command", ["decide", "plan"])
def test_an_answer_that_asks_ends_with_3(command: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(stories.as_text(stories.bundle("blank")), "utf-8")
    code, out, err = run(command, "one.json", "--at", FIRST, *HERE)
    assert (code, err) == (3, "") and out


def test_a_question_that_asks_ends_with_3_and_one_that_answers_with_0(run: Run, first_dose: str) -> None:
    assert run("explain", "interval", first_dose, "--at", FIRST, *HERE)[0] == 0
    assert run("explain", "regimen", first_dose, "--at", FIRST, *HERE)[0] == 0
    Path(first_dose).write_text(stories.as_text(stories.bundle("blank")), "utf-8")
    assert run("explain", "interval", first_dose, "--at", FIRST, *HERE)[0] == 3
    assert run("explain", "regimen", first_dose, "--at", FIRST, *HERE)[0] == 3


def test_a_panel_says_in_words_which_sets_are_met_since_when_and_what_to_ask_next(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(stories.as_text(stories.bundle("vod_after_transplant")), "utf-8")
    code, out, err = run("vod", "one.json", "--at", stories.tale("vod_after_transplant").at.isoformat(), *HERE)
    assert (code, err) == (0, "")
    for line in ("MET             Baltimore (since 2026-05-17)", "not applicable  EBMT 2016, late onset", "Ask next",
                 "any one of these would complete it: proof by histology", "2026-05-17  M M M · M M ? · M M",
                 "A view: it changes no decision."):  # fmt: skip
        assert line in out, line
    (tmp_path / "two.json").write_text(stories.as_text(stories.bundle("blank")), "utf-8")
    assert [run(command, "two.json", "--at", FIRST, *HERE)[0] for command in ("vod", "lysis")] == [3, 3]
    refused(run("vod", "none.json", "--at", FIRST, *HERE), "none.json")


def test_a_bundle_may_come_from_standard_input(run: Run, first_dose: str, monkeypatch: pytest.MonkeyPatch) -> None:
    piped = io.TextIOWrapper(io.BytesIO(Path(first_dose).read_bytes()))
    from_file = run("decide", first_dose, "--at", FIRST, "--json", *HERE)
    monkeypatch.setattr("sys.stdin", piped)
    assert run("decide", "-", "--at", FIRST, "--json", *HERE) == from_file


def test_edition_and_zone_may_stand_in_the_site_file_of_the_folder_and_a_flag_prevails(run: Run, first_dose: str) -> None:
    Path("posology.toml").write_text('edition = "us"\nzone = "Europe/Berlin"\n', "utf-8")
    assert json.loads(run("decide", first_dose, "--at", FIRST, "--json")[1])["zone"] == "Europe/Berlin"
    shown = json.loads(run("decide", first_dose, "--at", FIRST, "--json", "--zone", "Asia/Kolkata")[1])
    assert (shown["zone"], shown["edition"]) == ("Asia/Kolkata", "us")


def test_a_site_file_by_name_changes_the_hash_of_the_knowledge_with_its_policy(run: Run, first_dose: str) -> None:
    base = 'edition = "us"\nzone = "America/New_York"\n'
    Path("plain.toml").write_text(base, "utf-8")
    Path("own.toml").write_text(base + '[policy.bsa]\nauthor = "a"\nreason = "b"\nformula = "dubois"\n', "utf-8")
    plain, own = (json.loads(run("decide", first_dose, "--at", FIRST, "--json", "--site", f"{name}.toml")[1])
                  for name in ("plain", "own"))  # fmt: skip
    assert plain["knowledge"] != own["knowledge"]
    assert (plain["dose"]["bsa_formula"], own["dose"]["bsa_formula"]) == ("mosteller", "dubois")


def test_a_moment_without_an_offset_stands_in_the_clinic_s_zone(run: Run, first_dose: str) -> None:
    shown = json.loads(run("decide", first_dose, "--at", "2026-03-02T08:30", "--json", *HERE)[1])
    assert shown["at"] == "2026-03-02T08:30:00-05:00"


# --- help and usage -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_shows_an_example_of_that_command(command: str, run: Run) -> None:
    code, out, err = run(command, "--help")
    assert (code, err) == (0, "")
    assert f"example: posology {command}" in out


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "demo"])
def test_every_command_but_the_tour_offers_json(command: str, run: Run) -> None:
    assert "--json" in run(command, "--help")[1]


def test_the_example_in_the_help_of_decide_gives_a_dose_and_not_a_list_of_what_is_missing(run: Run, first_dose: str) -> None:
    words = COMMANDS["decide"].example.split()
    assert words[:2] == ["decide", "examples/first_dose.json"]
    assert run("decide", first_dose, *words[2:], *HERE)[0] == 0


@pytest.mark.parametrize(
    "arguments",
    [(), ("frobnicate",), ("decide",), ("decide", "a", "b"), ("decide", "a", "--when", "x"), ("answer", "liver"),
     ("sources", "sorted"), ("decide", "a", "--at"), ("label", "hide")],
    ids=" ".join,
)  # fmt: skip
def test_a_wrong_usage_is_one_line(arguments: tuple[str, ...], run: Run) -> None:
    refused(run(*arguments))


# --- settings -------------------------------------------------------------------------------------------------------
def test_without_an_edition_the_line_says_what_to_type(run: Run, first_dose: str) -> None:
    refused(run("decide", first_dose), "--edition us", "posology.toml")
    refused(run("answer", "liver", "--facts", first_dose), "--edition us")


def test_without_a_zone_the_line_says_what_to_type(run: Run, first_dose: str) -> None:
    refused(run("decide", first_dose, "--edition", "us"), "--zone America/New_York")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "", "UTC\x00", "America", "/etc/localtime", "a\nb"])
def test_a_zone_that_there_is_not_is_refused(zone: str, run: Run, first_dose: str) -> None:
    refused(run("decide", first_dose, "--edition", "us", "--zone", zone), "zone")


def test_an_edition_that_there_is_not_is_refused_with_those_there_are(run: Run, first_dose: str) -> None:
    refused(run("decide", first_dose, "--edition", "mars", "--zone", "UTC"), "mars", "us")


@pytest.mark.parametrize("at", ["yesterday", "", "2026-13-01", "2026-03-02T25:00", "1e9", "2026-02-30", "a\nb",
                                "9999-12-31T23:59"])  # fmt: skip
def test_a_moment_that_is_none_or_beyond_every_calendar_is_refused(at: str, run: Run, first_dose: str) -> None:
    refused(run("decide", first_dose, "--at", at, *HERE), "--at")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("edition = ", "site"),
        ('edition = "us"\nzone = "UTC"\nnurse = "x"\n', "nurse"),
        ("edition = 3\nzone = 'UTC'\n", "edition"),
        ("edition = 'us'\nzone = 5\n", "zone"),
        ("edition = 'us'\nzone = 'UTC'\npolicy = 5\n", "policy"),
        ("edition = 'us'\nzone = 'UTC'\n[policy.route]\nauthor = 'a'\nreason = 'b'\n", "hard"),
        ("edition = 'us'\nzone = 'UTC'\n[policy.bsa]\nformula = 'dubois'\n", "author"),
        ("edition = 'us'\nzone = 'UTC'\n[policy.bsa]\nauthor = 'a'\nreason = 'b'\nformula = 'guess'\n", "guess"),
        ("edition = 'us'\nzone = 'UTC'\n[policy.nothing]\nauthor = 'a'\nreason = 'b'\n", "nothing"),
        ("edition = 'us'\nzone = 'UTC'\n[policy.rounding]\nauthor = 'a'\nreason = 'b'\nstep_mg = 'x'\n", "step_mg"),
        ("edition = 'us'\nzone = 'UTC'\n[policy.freshness.weight]\nauthor = 'a'\nreason = 'b'\nhours = -1\n", "hours"),
        ("\x00", "site"),
    ],
)  # fmt: skip
def test_a_site_file_that_cannot_be_taken_is_refused_with_what_is_wrong(
    text: str, word: str, run: Run, first_dose: str
) -> None:
    Path("own.toml").write_text(text, "utf-8")
    refused(run("decide", first_dose, "--at", FIRST, "--site", "own.toml"), word)


def test_a_site_file_that_is_not_there_is_refused(run: Run, first_dose: str) -> None:
    refused(run("decide", first_dose, "--site", "none.toml"), "none.toml", "--site")


# --- files ----------------------------------------------------------------------------------------------------------
SECRET = {"resourceType": "Patient", "id": "p-1", "name": [{"family": "Featherstone"}], "birthDate": "1981-05-17"}


def bundle_of(*resources: dict[str, Any]) -> str:
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in resources]})


BAD: dict[str, tuple[str | bytes, str]] = {
    "empty": (b"", "JSON"),
    "white": (b"  \n ", "JSON"),
    "binary": (b"\x89PNG\x0d\x0a\xff\x00", "UTF-8"),
    "broken": ('{"resourceType": "Bundle", "entry": [', "JSON"),
    "repeated key": ('{"resourceType": "Bundle", "resourceType": "Bundle"}', "twice"),
    "NaN": (bundle_of(SECRET).replace('"p-1"', "NaN"), "NaN"),
    "infinity": (bundle_of(SECRET).replace('"p-1"', "-Infinity"), "Infinity"),
    "two patients": (bundle_of(SECRET, {**SECRET, "id": "p-2"}), "two patients"),
    "two subjects": (
        bundle_of(SECRET, {"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/else"}}),
        "Condition/c",
    ),
    "same id, other content": (bundle_of(SECRET, {**SECRET, "gender": "male"}), "Patient/p-1"),
    "no patient": (bundle_of({"resourceType": "Observation", "id": "o"}), "Patient"),
    "no bundle": (json.dumps(SECRET), "Bundle"),
    "list": ("[]", "Bundle"),
    "number": ("5", "Bundle"),
    "null": ("null", "Bundle"),
    "deep": ("[" * 100_000, "nested"),
    "many digits": ('{"a": ' + "9" * 10_000 + "}", "digits"),
    "byte-order mark": (b"\xef\xbb\xbf" + bundle_of(SECRET).encode(), "byte-order mark"),
    "utf-16": (bundle_of(SECRET).encode("utf-16"), "UTF-8"),
}


@pytest.mark.parametrize("command", [("decide",), ("plan",), ("explain", "liver")], ids=" ".join)
@pytest.mark.parametrize("kind", BAD)
def test_a_bundle_that_must_be_refused_is_refused_in_one_line(kind: str, command: tuple[str, ...], run: Run) -> None:
    content, word = BAD[kind]
    Path("bad.json").write_bytes(content if isinstance(content, bytes) else content.encode())
    found = run(*command, "bad.json", "--at", FIRST, *HERE)
    refused(found, "bad.json", word)
    assert "Featherstone" not in found[2] and "1981" not in found[2]


def test_no_value_of_the_record_stands_in_a_line_of_refusal(run: Run) -> None:
    note = {"resourceType": "Observation", "id": "o", "subject": {"display": "Featherstone", "reference": "Patient/q"},
            "note": [{"text": "lives at 5 Mill Lane"}], "valueString": "Featherstone"}  # fmt: skip
    Path("bad.json").write_text(bundle_of(SECRET, note), "utf-8")
    found = run("decide", "bad.json", "--at", FIRST, *HERE)
    refused(found, "Observation/o")
    assert "Featherstone" not in found[2] and "Mill" not in found[2]


@pytest.mark.parametrize("path", ["none.json", ".", "a\nb", "posology.toml/x"])
def test_a_path_that_cannot_be_read_is_refused_in_one_line(path: str, run: Run) -> None:
    refused(run("decide", path, "--at", FIRST, *HERE), "name a file")


def test_a_file_over_the_limit_is_refused_and_not_read(run: Run, first_dose: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posology.fhir.document.MAX_BYTES", 100)
    monkeypatch.setattr("posology.fhir.document.parse.__defaults__", (100,))
    monkeypatch.setattr("posology.fhir.bundle.load_bundle.__kwdefaults__", {"received": None, "max_bytes": 100})
    refused(run("decide", first_dose, "--at", FIRST, *HERE), "100 bytes")


def test_where_no_bundle_can_be_written_one_line_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    refused(run("stories", "write", str(tmp_path / "file" / "below")), "file")


# --- the knowledge --------------------------------------------------------------------------------------------------
def test_a_name_that_the_label_does_not_hold_is_refused(run: Run) -> None:
    refused(run("label", "show", "nothing", "--edition", "us"), "nothing", "policy")


def test_a_question_that_there_is_not_is_refused_with_those_there_are(run: Run, first_dose: str) -> None:
    refused(run("explain", "livver", first_dose, *HERE), "livver", "liver", "regimen")
    refused(run("answer", "livver", "--facts", first_dose, "--edition", "us"), "livver", "liver")


def test_a_story_that_there_is_not_is_refused(run: Run) -> None:
    refused(run("demo", "no_such"), "no_such", "stories")


def test_every_command_named_in_the_help_is_carried_out() -> None:
    for name, command in COMMANDS.items():
        assert callable(getattr(import_module(f"posology.commands.{command.home}"), name)), name


def test_the_stories_are_written_and_each_one_listed_is_there(run: Run, tmp_path: Path) -> None:
    assert run("stories", "write", str(tmp_path / "out"))[0] == 0
    listed = {row["name"] for row in json.loads(run("stories", "list", "--json")[1])}
    assert {path.stem for path in (tmp_path / "out").iterdir()} == listed == set(stories.names())


def test_the_sql_names_every_rule_it_is_written_from(run: Run) -> None:
    code, out, err = run("sql", "--edition", "us")
    rules = json.loads(run("label", "show", "liver", "--edition", "us", "--json")[1])
    assert (code, err) == (0, "")
    assert all(f"rule_liver_{rule['id']}" in out for rule in rules)
