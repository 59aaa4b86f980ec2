"""`posology order`: an order exactly where the verdict lets a dose through, in words, JSON and FHIR; else none, and why."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from posology import order, stories
from posology.cli import main
from posology.say.schemas import schema
from posology.verify import NoOrder, OrderSheet

ZONE = ["--zone", "America/New_York"]
SITE = ["--edition", "us", *ZONE]
VALID = Draft202012Validator(schema.schemas()["order"], format_checker=FormatChecker())
LETS = ("give", "give_with_review")
NAME = {
    "name": [{"family": "Doe", "given": ["Jane"]}],
    "identifier": [{"type": {"text": "hospital number"}, "value": "4711"}],
}


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundles")
    stories.write(folder)
    return folder


def ran(bundles: Path, name: str, capsys: pytest.CaptureFixture[str], *flags: str) -> tuple[int, str]:
    tale = stories.tale(name)
    where = ["--at", tale.at.isoformat(), "--edition", tale.edition, *ZONE]
    code = main(["order", str(bundles / f"{name}.json"), *flags, *where])
    return code, capsys.readouterr().out


@pytest.mark.parametrize("name", stories.names())
def test_an_order_as_json_is_what_the_schema_says_and_stands_only_beside_a_verdict_that_allows_it(
    name: str, bundles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = ran(bundles, name, capsys, "--json")
    document = json.loads(text)
    VALID.validate(document)
    assert code == (3 if document["verdict"] == "ask" else 0)
    assert (document["order"] is not None) == (document["verdict"] in LETS)
    assert (document["reasons"] == []) == (document["order"] is not None)


@pytest.mark.parametrize("flags", [(), ("--json",), ("--fhir",)], ids=["words", "json", "fhir"])
@pytest.mark.parametrize("name", [name for name in stories.names() if stories.tale(name).expect.verdict not in LETS])
def test_where_no_dose_is_released_no_amount_of_one_is_printed(
    name: str, flags: tuple[str, ...], bundles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = ran(bundles, name, capsys, *flags)
    assert code == (3 if stories.tale(name).expect.verdict == "ask" else 0)
    assert "not_releasable" not in text and "estimate" not in text and "ORDERED DOSE" not in text
    tale = stories.tale(name)
    main(["decide", str(bundles / f"{name}.json"), "--at", tale.at.isoformat(), "--json", "--edition", tale.edition, *ZONE])
    estimate = json.loads(capsys.readouterr().out)["not_releasable_estimate"]
    if estimate:
        assert not re.search(rf"(?<![\d.]){re.escape(estimate['rounded_mg'])} ?mg(?!/)", text)


def test_a_refused_draft_is_an_operation_outcome(bundles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, text = ran(bundles, "late_platelets", capsys, "--fhir")
    outcome = json.loads(text)
    assert outcome["resourceType"] == "OperationOutcome"
    assert outcome["issue"][0]["diagnostics"] == "no order: interrupt"


def test_the_words_of_an_order_have_every_element_of_the_standard(bundles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, text = ran(bundles, "interruption_15_days_cycle_2", capsys)
    for said in (
        "name ", "identifiers", "2026-04-20 08:30", "to be given on", "diagnosis", "regimen", "edition US",
        "cycle 3, dose 1, Day 1", "planned cycles: 6", "allergies", "earlier reactions",
        "INOtuzumab ozogamicin (Besponsa)", "0.5 mg per square metre",
        "-25 percent", "Interrupted for 14 days or more", "0.72 mg", "172 cm", "76.6 kg", "measured on", "mosteller",
        "compute again",
        "intravenous infusion only", "sodium chloride 0.9 %", "50 mL per hour", "60 minutes", "sequence", "premedication",
        "supportive care", "criteria", "monitoring", "cycles so far: 2", "prescriber", "date and time", "spoken order",
    ):  # fmt: skip
        assert said in text, said


TRAILING, NAKED = re.compile(r"(?<![\d.-])\d+\.\d*0(?![\d.])"), re.compile(r"(?<![\d.])\.\d")
SHORT = re.compile(r"(?<!\w)(QD|QOD|IU|µg|mcg|cc|D/C|IV|h\.s\.)(?!\w)")


@pytest.mark.parametrize("name", [name for name in stories.names() if stories.tale(name).expect.verdict in LETS])
def test_no_number_of_an_order_has_a_trailing_zero_or_a_naked_point_and_no_word_is_shorthand(
    name: str, bundles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, text = ran(bundles, name, capsys)
    kept = re.sub(r"posology \d+\.\d+\.\d+|\[[^\]]*\]", "", text, flags=re.S)
    assert TRAILING.findall(kept) == [] and NAKED.findall(kept) == [] and SHORT.findall(kept) == []


def named(bundles: Path, tmp_path: Path) -> Path:
    bundle = json.loads((bundles / "first_dose.json").read_text("utf-8"), parse_float=Decimal)
    bundle["entry"][0]["resource"] |= NAME
    file = tmp_path / "named.json"
    file.write_text(json.dumps(bundle, default=float), "utf-8")
    return file


def test_the_name_is_printed_on_the_order_and_in_the_draft_and_nowhere_else(
    bundles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(named(bundles, tmp_path))
    shown: dict[str, str] = {}
    for flag in ("", "--fhir", "--json"):
        assert main(["order", file, "--at", "2026-03-02T08:30", *filter(None, [flag]), *SITE]) == 0
        shown[flag] = capsys.readouterr().out
    assert "Jane Doe" in shown[""] and "hospital number 4711" in shown[""]
    draft = json.loads(shown["--fhir"])
    assert draft["subject"]["display"] == "Jane Doe" and "Jane" not in draft["id"] and "4711" not in draft["id"]
    assert "Jane" not in shown["--json"] and "4711" not in shown["--json"]


def test_the_same_record_gives_the_same_draft_byte_for_byte(bundles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(bundles, "gilbert", capsys, "--fhir") == ran(bundles, "gilbert", capsys, "--fhir")


def test_a_draft_has_its_standard_elements_in_the_places_of_fhir(bundles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, text = ran(bundles, "first_dose", capsys, "--fhir")
    draft: dict[str, Any] = json.loads(text, parse_float=Decimal)
    dosage, codes = draft["dosageInstruction"][0], draft["medicationCodeableConcept"]["coding"]
    assert (draft["status"], draft["intent"], draft["subject"]) == ("draft", "order", {"reference": "Patient/first-dose"})
    assert {(one["system"], one["code"]) for one in codes} == {
        ("http://www.nlm.nih.gov/research/umls/rxnorm", "1942954"),
        ("http://www.whocc.no/atc", "L01FB01"),
    }
    assert dosage["timing"]["event"] == ["2026-03-02"]
    rate = dosage["doseAndRate"][0]
    assert (rate["doseQuantity"]["value"], rate["doseQuantity"]["code"]) == (Decimal("1.36"), "mg")
    assert (rate["rateQuantity"]["value"], rate["rateQuantity"]["code"]) == (50, "mL/h")
    assert "requester" not in draft and draft["reasonCode"]


def test_the_day_of_an_order_is_the_local_day_of_the_clinic() -> None:
    """2026-03-03 03:30 in London is still 2 March in New York."""
    from datetime import datetime

    when = datetime.fromisoformat("2026-03-03T03:30+00:00")
    found = order(stories.bundle("first_dose"), at=when, edition="us", zone="America/New_York").sheet
    assert isinstance(found, OrderSheet) and found.on.isoformat() == "2026-03-02"


def test_an_order_already_written_by_another_route_leaves_no_order_to_write() -> None:
    bundle = stories.bundle("first_dose")
    intrathecal = {"coding": [{"system": "urn:posology:codes", "code": "intrathecal"}]}
    drug = {"coding": [{"system": "http://www.whocc.no/atc", "code": "L01FB01"}]}
    written = {"resourceType": "MedicationRequest", "id": "w", "status": "draft", "intent": "order",
               "medicationCodeableConcept": drug, "subject": {"reference": "Patient/first-dose"},
               "dosageInstruction": [{"route": intrathecal}]}  # fmt: skip
    tale = stories.tale("first_dose")
    entries = [*bundle["entry"], {"resource": written}]
    found = order({**bundle, "entry": entries}, at=tale.at, edition="us", zone=tale.zone).sheet
    assert isinstance(found, NoOrder) and found.verdict == "not_eligible"


def test_a_bundle_that_cannot_be_read_is_refused_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "b.json").write_text("{}", "utf-8")
    assert main(["order", str(tmp_path / "b.json"), *SITE]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def allergy(what: str, status: str = "active", **more: Any) -> dict[str, Any]:
    """An allergy to something else than the drug, as a record holds it."""
    coded = {"clinicalStatus": {"coding": [{"code": status}]}, "code": {"text": what}}
    return {
        "resourceType": "AllergyIntolerance",
        "id": what,
        "patient": {"reference": "Patient/first-dose"},
        **coded,
        **more,
    }


def test_an_order_shows_the_recorded_allergies_and_the_diagnosis_in_the_words_of_the_record(
    bundles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = json.loads((bundles / "first_dose.json").read_text("utf-8"))
    shown = {"reaction": [{"manifestation": [{"text": "anaphylaxis"}]}]}
    refuted = {"verificationStatus": {"coding": [{"code": "refuted"}]}}
    bundle["entry"] += [{"resource": allergy("penicillin", **shown)}, {"resource": allergy("latex", **refuted)}]
    bundle["entry"] += [{"resource": allergy("pollen", "inactive")}]
    (tmp_path / "allergic.json").write_text(json.dumps(bundle), "utf-8")
    code = main(["order", str(tmp_path / "allergic.json"), "--at", stories.tale("first_dose").at.isoformat(), *SITE])
    text = " ".join(capsys.readouterr().out.split())
    assert code == 0 and "other allergies: penicillin (anaphylaxis)" in text
    assert "latex" not in text and "pollen" not in text
    assert (
        "diagnosis B-cell acute lymphoblastic leukaemia 277571004; Acute lymphoblastic leukaemia, in relapse C91.02" in text
    )


@pytest.mark.parametrize(
    ("story", "last", "weight"),
    [("first_dose", "none before this one", "none on record"),
     ("gilbert", "2026-03-02: 1.6 mg, cycle 1, dose 1", "none on record"),
     ("third_cycle_for_residual_disease", "cycle 2, dose 3", "measured on 2026-")],
)  # fmt: skip
def test_an_order_shows_the_dose_before_and_the_weight_before(
    story: str, last: str, weight: str, bundles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = " ".join(ran(bundles, story, capsys)[1].split())
    assert last in text.partition("last dose ")[2][:60] and weight in text.partition("weight before ")[2][:50]
    earlier = json.loads(ran(bundles, story, capsys, "--json")[1])["order"]["earlier"]
    assert (earlier["on"] is None) == (story == "first_dose")


@pytest.mark.parametrize(
    ("story", "shown", "hidden"),
    [("first_dose", "Bring circulating blasts to 10", "From cycle 2, before dose 1"),
     ("gilbert", "Hold while bilirubin is above 1.5 × ULN, or AST or ALT", "Bring circulating blasts"),
     ("cycle_2_remission", "From cycle 2, before dose 1: ANC at least 1", "Bring circulating blasts")],
)  # fmt: skip
def test_the_values_that_allow_a_dose_stand_beside_their_limits(
    story: str, shown: str, hidden: str, bundles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = " ".join(ran(bundles, story, capsys)[1].split())
    assert f"within: {shown}" in text and f"within: {hidden}" not in text
