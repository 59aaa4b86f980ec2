"""Every `--json` is what its published schema says, and the schema leaves nothing open: all keys there, no other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from posology import stories
from posology.cli import main
from posology.say.pages import published
from posology.say.schemas import schema

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "docs" / "reference" / "schemas"
SITE = ["--edition", "us", "--zone", "America/New_York"]
SCHEMAS = schema.schemas()


def validate(command: str, text: str) -> Any:
    document = json.loads(text)
    Draft202012Validator(SCHEMAS[command], format_checker=FormatChecker()).validate(document)
    return document


def objects(node: Any) -> Iterator[dict[str, Any]]:
    """Every schema of an object inside a schema."""
    if isinstance(node, dict):
        if node.get("type") in ("object", ["object", "null"]):
            yield node
        for inner in node.values():
            yield from objects(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from objects(inner)


@pytest.mark.parametrize("command", SCHEMAS)
def test_the_published_schema_is_the_one_that_the_code_describes(command: str) -> None:
    found = (PUBLISHED / f"{command}.json").read_text("utf-8")
    assert found == schema.written(SCHEMAS[command]), "run: python -m posology.say.schemas.schema docs/reference/schemas"


def test_nothing_else_is_published_beside_the_schemas() -> None:
    assert {path.name for path in PUBLISHED.iterdir()} == {f"{command}.json" for command in SCHEMAS}


@pytest.mark.parametrize("command", SCHEMAS)
def test_a_schema_is_itself_valid_and_leaves_no_object_open(command: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[command])
    for shape in objects(SCHEMAS[command]):
        if "properties" in shape:
            assert shape["additionalProperties"] is False and shape["required"] == list(shape["properties"])
        else:
            assert shape["additionalProperties"] == {"type": "string"}


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundles")
    stories.write(folder)
    return folder


@pytest.mark.parametrize("command", ["decide", "plan"])
@pytest.mark.parametrize("name", stories.names())
def test_a_story_printed_as_json_is_what_the_schema_says(
    name: str, command: str, bundles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = stories.tale(name).at.isoformat()
    code = main([command, str(bundles / f"{name}.json"), "--at", at, "--json", *SITE])
    document = validate(command, capsys.readouterr().out)
    assert code == (3 if document["verdict"] == "ask" else 0)


@pytest.mark.parametrize("command", ["vod", "lysis"])
@pytest.mark.parametrize("name", stories.names())
def test_a_panel_of_a_story_printed_as_json_is_what_the_schema_says(
    name: str, command: str, bundles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = stories.tale(name).at.isoformat()
    code = main([command, str(bundles / f"{name}.json"), "--at", at, "--json", *SITE])
    document = validate(command, capsys.readouterr().out)
    assert code == (3 if document["state"] == "could_be_met" else 0)


@pytest.mark.parametrize("name", [*SCHEMAS["vod"]["properties"]["sets"]["required"], "howard_2011_clinical"])
def test_a_published_set_on_stated_facts_is_what_the_schema_says(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text('{"days_since_transplant": 12, "bilirubin": 2.2, "painful_hepatomegaly": true}', "utf-8")
    code = main(["answer", name, "--facts", str(facts), "--json", "--edition", "us"])
    document = validate("answer", capsys.readouterr().out)
    assert code == (3 if document["state"] == "could_be_met" else 0)


@pytest.mark.parametrize(
    ("name", "grade", "applies"),
    [("ebmt_2016_severity", "very_severe", True), ("ebmt_2018_paediatric_severity", None, False)],
)
def test_a_published_scale_on_stated_facts_is_what_the_schema_says(
    name: str, grade: str | None, applies: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text('{"age_years": 40, "bilirubin": 9, "multi_organ_dysfunction": true}', "utf-8")
    code = main(["answer", name, "--facts", str(facts), "--json", "--edition", "us"])
    document = validate("answer", capsys.readouterr().out)
    assert (document["grade"], document["applies"], code) == (grade, applies, 0)


@pytest.mark.parametrize("question", SCHEMAS["decide"]["properties"]["answers"]["required"])
def test_every_question_explained_as_json_is_what_the_schema_says(
    question: str, bundles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("gilbert", "blank"):
        at = stories.tale(name).at.isoformat()
        main(["explain", question, str(bundles / f"{name}.json"), "--at", at, "--json", *SITE])
        validate("explain", capsys.readouterr().out)


def test_an_answer_on_stated_facts_is_what_the_schema_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text('{"bilirubin": 1.9, "bilirubin_uln": 1.0, "ast": 30, "ast_uln": 40}', "utf-8")
    assert main(["answer", "liver", "--facts", str(facts), "--json", "--edition", "us"]) == 0
    assert validate("answer", capsys.readouterr().out)["action"] == "interrupt"


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("stories", ["list"]),
        ("sources", ["list"]),
        ("sources", ["conflicts"]),
        ("label", ["show", "--edition", "us"]),
        ("label", ["show", "liver", "--edition", "us"]),
        ("label", ["show", "regimen", "--edition", "us"]),
        ("label", ["show", "response", "--edition", "us"]),
        ("label", ["show", "facts", "--edition", "us"]),
        ("label", ["show", "bilirubin", "--edition", "us"]),
        ("label", ["show", "policy", "--edition", "us"]),
        *(("label", ["show", name, "--edition", "us"]) for name in published.NAMES),
        ("label", ["readings", "--edition", "us"]),
        ("label", ["unverified", "--edition", "us"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_the_knowledge_printed_as_json_is_what_the_schema_says(
    command: str, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, *arguments, "--json"]) == 0
    assert validate(command, capsys.readouterr().out)


def test_a_missing_a_further_and_a_wrong_key_are_each_caught(bundles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = stories.tale("first_dose").at.isoformat()
    main(["decide", str(bundles / "first_dose.json"), "--at", at, "--json", *SITE])
    document = json.loads(capsys.readouterr().out)
    less = {key: value for key, value in document.items() if key != "could_be"}
    number = {**document, "dose": {**document["dose"], "rounded_mg": 1.5}}
    for broken in (less, {**document, "note": "x"}, {**document, "verdict": "fine"}, number):
        with pytest.raises(ValidationError):
            validate("decide", json.dumps(broken))
