"""`posology verify`: exit codes, the most dangerous first, JSON as the schema says; a clean order says what was checked."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from posology import stories, verify
from posology.cli import main
from posology.fhir.text import as_json
from posology.say.schemas import schema
from tests.unit.ordered import Change, Resource, at, borrowed, mg, no_words, put, request, route, say, signed, unsay

SITE = ["--edition", "us", "--zone", "America/New_York"]
VALID = Draft202012Validator(schema.schemas()["verify"], format_checker=FormatChecker())


def written(tmp_path: Path, name: str, *more: Resource) -> str:
    bundle = stories.bundle(name)
    file = tmp_path / "bundle.json"
    file.write_text(as_json({**bundle, "entry": [*bundle["entry"], *({"resource": one} for one in more)]}), "utf-8")
    return str(file)


def ran(file: str, name: str, capsys: pytest.CaptureFixture[str], *flags: str) -> tuple[int, str]:
    code = main(["verify", file, "--at", at(name).isoformat(), *flags, *SITE])
    return code, capsys.readouterr().out


def changed(name: str, *changes: Change) -> Resource:
    made = request(name)
    for change in changes:
        change(made)
    return made


CASES: list[tuple[str, Any, int]] = [
    ("first_dose", lambda: request("first_dose"), 0),
    ("gilbert", lambda: request("gilbert"), 0),
    ("first_dose", lambda: changed("first_dose", unsay("bsa")), 0),
    ("first_dose", lambda: changed("first_dose", no_words, mg("1.37")), 0),
    ("first_dose", lambda: changed("first_dose", no_words, mg("13.6")), 4),
    ("first_dose", lambda: changed("first_dose", route("intrathecal")), 4),
    ("missing_uln", lambda: fitting("missing_uln"), 3),
    ("unsigned_review", lambda: fitting("unsigned_review"), 3),
    ("late_platelets", lambda: borrowed("late_platelets"), 4),
    ("vod_suspected", lambda: borrowed("vod_suspected"), 4),
]


def fitting(name: str) -> Resource:
    """A borrowed order with the sizes of this patient left out, so that only the record itself is in question."""
    made = borrowed(name)
    for element in ("height", "weight", "bsa", "measured-on"):
        unsay(element)(made)
    return made


@pytest.mark.parametrize(("name", "made", "code"), CASES)
def test_the_exit_code_says_clean_undecided_or_stopped_and_the_json_is_what_the_schema_says(
    name: str, made: Any, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, name, made())
    assert ran(file, name, capsys)[0] == code
    found, text = ran(file, name, capsys, "--json")
    document = json.loads(text)
    VALID.validate(document)
    assert found == code and document["stops"] == (code == 4)
    assert "estimate" not in text


def test_a_clean_order_says_what_was_checked_element_by_element(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, text = ran(written(tmp_path, "first_dose", request("first_dose")), "first_dose", capsys)
    for said in (
        "nothing differs",
        "drug by its code",
        "dose 1.36 mg",
        "weight 61.7 kg",
        "route intravenous infusion",
        "vials 2",
    ):
        assert said in " ".join(text.split())


def test_the_most_dangerous_finding_comes_first_and_each_says_what_why_what_to_do_and_its_source(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = changed("first_dose", unsay("diluent"), no_words, mg("13.6"), route("intrathecal"), say("intent", "proceeding"))
    _, text = ran(written(tmp_path, "first_dose", made), "first_dose", capsys)
    lines = [line.strip() for line in text.splitlines()]
    marks = [line.split()[0] for line in lines if line.split()[:1] and line.split()[0] in ("STOP", "CONFIRM", "NOTE")]
    assert marks == sorted(marks, key=["STOP", "CONFIRM", "NOTE"].index) and len(marks) == 4
    flat = " ".join(lines)
    assert "E16:route (written intrathecal, record intravenous infusion)" in flat and "no override" in flat
    assert flat.index("E16:route") < flat.index("E05:tenfold") < flat.index("E14:intent")
    assert (
        "(written 13.6 mg, record 1.36 mg): the point is in the wrong place" in flat and "[order-safety 3.2, 10]" not in flat
    )


def test_an_override_is_shown_with_its_reason_its_person_and_what_is_to_be_done_later(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = changed("first_dose", no_words, mg("1.43"))
    note = signed("override", made, {"finding": "E05:dose", "reason": "will-do-later"}, "first_dose")
    file = written(tmp_path, "first_dose", made, note)
    code, text = ran(file, "first_dose", capsys)
    flat = " ".join(text.split())
    assert code == 0 and "Overrides: 1, of which 1 to be done later" in flat
    assert "by Practitioner/ph1: Will be done before the dose is given." in flat
    (order,) = json.loads(ran(file, "first_dose", capsys, "--json")[1])["orders"]
    assert (order["state"], order["to_do_later"]) == ("clean", 1)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (put("subject", "reference", to="Patient/another"), "a second subject in one bundle"),
        (put("dosageInstruction", 0, "doseAndRate", 0, "doseQuantity", "value", to=[1]), None),
    ],
)
def test_an_order_for_another_patient_is_refused_and_a_broken_one_is_found(
    change: Change, says: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, "first_dose", changed("first_dose", change))
    code = main(["verify", file, "--at", at("first_dose").isoformat(), *SITE])
    printed = capsys.readouterr()
    assert (code, says in printed.err) == (2, True) if says else code == 4


def test_a_bundle_without_a_live_order_is_refused_and_told_what_to_add(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, "first_dose")
    assert main(["verify", file, "--at", at("first_dose").isoformat(), *SITE]) == 2
    assert "add the MedicationRequest" in capsys.readouterr().err


def test_the_public_function_finds_what_the_command_finds() -> None:
    bundle, made = stories.bundle("first_dose"), changed("first_dose", no_words, mg("13.6"))
    whole = {**bundle, "entry": [*bundle["entry"], {"resource": made}]}
    (found,) = verify(whole, at=at("first_dose"), edition="us", zone="America/New_York")
    assert [one.id for one in found.findings] == ["E05:tenfold"] and found.findings[0].written == Decimal("13.6")


def test_what_no_record_can_show_is_listed_with_the_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, text = ran(written(tmp_path, "first_dose", request("first_dose")), "first_dose", capsys, "--json")
    listed = json.loads(text)["not_detectable"]
    assert {"E01", "E12", "E22", "E24"} <= {one["error"] for one in listed} and all(
        one["why"].endswith(".") for one in listed
    )


def test_an_order_in_a_file_of_its_own_is_held_against_the_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stories.write(tmp_path)
    line = [str(tmp_path / "first_dose.json"), "--at", stories.tale("first_dose").at.isoformat(), *SITE]
    main(["order", *line, "--fhir"])
    draft = json.loads(capsys.readouterr().out)
    files = {"right": draft, "bundle": {"resourceType": "Bundle", "entry": [{"resource": draft}]}, "list": [draft]}
    for name, document in files.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(document), "utf-8")
        code = main(["verify", *line, "--with", str(tmp_path / f"{name}.json")])
        printed = capsys.readouterr()
        assert code == (2 if name == "list" else 0)
        assert "nothing differs" in printed.out or (name == "list" and "this is no FHIR resource" in printed.err)
    assert main(["verify", *line, "--with", "none.json"]) == 2 and "none.json: No such file" in capsys.readouterr().err
