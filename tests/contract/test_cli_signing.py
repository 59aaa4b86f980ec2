"""`posology checks`: the four verifications shown, one signed, and the signature read back from the record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from posology import stories
from posology.cli import main
from posology.say.schemas import schema

SITE = ["--edition", "us", "--zone", "America/New_York"]
AT = ["--at", "2026-03-02T09:30"]
VALID = Draft202012Validator(schema.schemas()["checks"], format_checker=FormatChecker())
SIGN = ["--sign", "order-review", "--by", "Practitioner/ph1", "--outcome", "passed"]
SEEN = ["--seen", "identifiers=yes", "dose=1.36", "bsa=1.7", "cycle=1", "day=1", "route=intravenous infusion",
        *(f"{one}=yes" for one in ("regimen", "interval", "change", "criteria", "supportive", "medicines", "allergies",
                                   "consent"))]  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "b.json").write_text(json.dumps(stories.bundle("first_dose"), default=float), "utf-8")
    return tmp_path / "b.json"


def shown(file: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    assert main(["checks", str(file), *AT, *SITE, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    VALID.validate(document)
    return document["checks"]


def test_a_printed_signature_added_to_the_record_passes_its_step(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert [one["state"] for one in shown(file, capsys)["steps"]] == ["open"] * 4
    before = file.read_bytes()
    assert main(["checks", str(file), *AT, *SITE, *SIGN, *SEEN]) == 0
    signature = json.loads(capsys.readouterr().out)
    assert file.read_bytes() == before and signature["resourceType"] == "Observation"
    bundle = json.loads(before)
    bundle["entry"].append({"resource": signature})
    file.write_text(json.dumps(bundle), "utf-8")
    found = shown(file, capsys)
    assert [one["state"] for one in found["steps"]] == ["passed", "open", "open", "open"]
    assert found["steps"][0]["signed"]["by"] == "Practitioner/ph1"
    assert {"item": "dose", "value": "1.36"} in found["steps"][0]["signed"]["saw"]
    main(["checks", str(file), *AT, *SITE])
    words = capsys.readouterr().out
    assert "[x] 1 Order review" in words and "Next: Before compounding" in words


def test_the_words_show_no_value_that_the_signer_must_find_for_himself(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["checks", str(file), *AT, *SITE])
    lines = {line.strip(): line for line in capsys.readouterr().out.splitlines()}
    (dose,) = [line for line in lines if "Dose worked out" in line]
    assert dose.endswith("____ mg") and not any("1.36" in line or "1.69" in line for line in lines)


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        ([*SIGN[:2], *SIGN[4:], *SEEN], "--by : write the person who signs"),
        (["--sign", "order-review", "--by", "Jane Doe", "--outcome", "passed", *SEEN], "never a name"),
        ([*SIGN[:4], *SEEN], "needs --outcome"),
        ([*SIGN, *SEEN[:3]], "bsa was not seen"),
        ([*SIGN, *SEEN, "dose"], "write it as item=value"),
        ([*SIGN, *SEEN, "dose=1.36"], "each item once"),
        ([*SIGN, "--seen", "identifiers=yes", "dose=13.6", "bsa=1.7"], "say 1.36 mg"),
        (["--sign", "at-the-chair", *SIGN[2:], *SEEN], "order-review comes first"),
    ],
)
def test_a_signature_that_may_not_be_given_is_refused_in_one_line(
    flags: list[str], says: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["checks", str(file), *AT, *SITE, *flags]) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and says in printed.err and printed.err.count("\n") == 1


@pytest.mark.parametrize("name", ["late_platelets", "stale_labs"])
def test_without_an_order_nothing_is_checked_and_nothing_signed(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tale = stories.tale(name)
    path = tmp_path / "n.json"
    path.write_text(json.dumps(stories.bundle(name), default=float), "utf-8")
    where = ["--at", tale.at.isoformat(), *SITE]
    code = main(["checks", str(path), *where, "--json"])
    document = json.loads(capsys.readouterr().out)
    VALID.validate(document)
    assert document["checks"] is None and document["reasons"] and code == (3 if document["verdict"] == "ask" else 0)
    assert main(["checks", str(path), *where, *SIGN, *SEEN]) == 2
    assert "nothing to sign" in capsys.readouterr().err


def test_a_failure_without_a_date_is_told_in_words_and_as_json(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle = json.loads(file.read_text("utf-8"))
    own = {"system": "urn:posology:codes"}
    ended = {"code": {"coding": [{**own, "code": "outcome"}]},
             "valueCodeableConcept": {"coding": [{**own, "code": "failed"}]}}  # fmt: skip
    bundle["entry"].append({"resource": {
        "resourceType": "Observation", "id": "bad", "status": "final", "code": {"coding": [{**own, "code": "order-check"}]},
        "subject": {"reference": "Patient/first-dose"}, "component": [ended],
    }})  # fmt: skip
    file.write_text(json.dumps(bundle), "utf-8")
    assert shown(file, capsys)["steps"][0]["signed"]["at"] is None
    main(["checks", str(file), *AT, *SITE])
    assert "FAILED at no time that it says" in " ".join(capsys.readouterr().out.split())
