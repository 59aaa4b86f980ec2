"""`posology certificate` and `verify --certificate`: what was certified is derived again, and every change is noticed."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from jsonschema import Draft202012Validator, FormatChecker

from posology import stories
from posology.api import load_bundle
from posology.cli import main
from posology.fhir.digest import digest
from posology.fhir.text import as_json
from posology.knowledge import load_edition
from posology.say.ordering import certified, certified_read
from posology.say.schemas import schema
from posology.say.schemas.conform import fault
from posology.verify.certificate import certificate, derived_again
from tests.unit import ordered

ZONE = ["--zone", ordered.ZONE]
SCHEMAS = schema.schemas()
LETS = ("give", "give_with_review")
FIRST = "first_dose"


@cache
def sealed(name: str) -> str:
    """The certificate of a story, as text."""
    drawn = ordered.drawn(name)
    record = load_bundle(stories.bundle(name), zone=stories.tale(name).zone)
    made = certificate(drawn, record, digest(stories.bundle(name)), "Practitioner/ph1")
    return certified.written(certified.document(made, drawn.case.edition))


def resealed(document: dict[str, Any]) -> dict[str, Any]:
    """As a forger would leave it: changed, and the seal made to fit."""
    return {**document, "seal": certified.seal(document)}


def checked(document: dict[str, Any]) -> list[str]:
    """What differs once everything is derived again from the facts of this certificate."""
    said = certified_read.document(certified.canonical(document))
    edition = load_edition(said["edition"])
    given_ = certified_read.inputs(said, edition)
    derived = certified.document(derived_again(given_, edition, given_.at.tzinfo), edition)  # type: ignore[arg-type]
    return certified_read.differences(said, {**derived, "orders": said["orders"]})


def places(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where the single values of a document stand."""
    if isinstance(node, dict | list):
        for key, part in node.items() if isinstance(node, dict) else enumerate(node):
            yield from places(part, (*path, key))
    else:
        yield path


def changed(document: dict[str, Any], path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    made: Any = copy.deepcopy(document)
    inner = made
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return made  # type: ignore[no-any-return]


def run(*words: str) -> int:
    return main([*words])


@pytest.mark.parametrize("name", stories.names())
def test_a_certificate_is_what_its_schema_says_and_is_derived_again_from_its_own_facts_alone(name: str) -> None:
    document = json.loads(sealed(name))
    Draft202012Validator(SCHEMAS["certificate"], format_checker=FormatChecker()).validate(document)
    assert fault(document, SCHEMAS["certificate"]) is None
    assert checked(document) == []
    assert (document["dose"] is not None) == (document["verdict"] in LETS) == (document["order_id"] is not None)
    assert document["verdict"] == ordered.drawn(name).report.verdict


@pytest.mark.parametrize("name", [name for name in stories.names() if stories.tale(name).expect.verdict not in LETS])
def test_a_certificate_of_a_refusal_holds_no_amount(name: str) -> None:
    assert "estimate" not in sealed(name) and "rounded_mg" not in sealed(name)


def test_the_same_record_makes_the_same_bytes_sorted_and_without_a_binary_number() -> None:
    sealed.cache_clear()
    first = sealed(FIRST)
    sealed.cache_clear()
    assert first == sealed(FIRST) == certified.written(json.loads(first))
    document = json.loads(first)
    assert not [path for path in places(document) if isinstance(at(document, path), float)]


def at(document: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        document = document[key]
    return document


FOUND = tuple(places(json.loads(sealed(FIRST))))
ANYTHING = some.one_of(some.none(), some.booleans(), some.integers(-9, 99), some.text(max_size=4), some.just("2"))


@given(some.sampled_from(FOUND), ANYTHING)
def test_any_single_changed_value_is_noticed(path: tuple[str | int, ...], value: Any) -> None:
    document = json.loads(sealed(FIRST))
    before = at(document, path)
    if value != before or type(value) is not type(before):
        with pytest.raises(certified_read.BadCertificate):
            certified_read.document(certified.canonical(changed(document, path, value)))


CONCLUDED = ("verdict", "could_be", "answers", "dose", "order_id", "knowledge", "version")


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "1e9999999", "1" * 40, "٣", "", " 1"])
def test_a_fact_that_is_no_plain_number_makes_no_certificate(value: str) -> None:
    document = json.loads(sealed(FIRST))
    place = next(n for n, fact in enumerate(document["facts"]) if fact["fact"] == "anc")
    with pytest.raises(certified_read.BadCertificate, match="anc cannot be"):
        checked(resealed(changed(document, ("facts", place, "value"), value)))


@pytest.mark.parametrize("text", ["x\nIDENTICAL: derived again", "a\x1b[31m", "\u202eevil", "a\u2028b"])
def test_a_text_that_could_fake_a_line_makes_no_certificate(text: str) -> None:
    with pytest.raises(certified_read.BadCertificate, match="hide or turn"):
        checked(resealed(changed(json.loads(sealed(FIRST)), ("patient",), text)))


@given(some.sampled_from([path for path in FOUND if path[0] in CONCLUDED]), ANYTHING)
def test_a_conclusion_changed_and_sealed_again_differs_from_what_its_facts_say(
    path: tuple[str | int, ...], value: Any
) -> None:
    document = json.loads(sealed(FIRST))
    before = at(document, path)
    if value == before and type(value) is type(before):
        return
    with contextlib.suppress(certified_read.BadCertificate):
        assert checked(resealed(changed(document, path, value)))


def test_a_worse_liver_test_sealed_again_changes_what_follows() -> None:
    document = json.loads(sealed(FIRST))
    (place,) = [number for number, one in enumerate(document["facts"]) if one["fact"] == "bilirubin"]
    differ = checked(resealed(changed(document, ("facts", place, "value"), "9")))
    assert any(line.startswith('verdict: the certificate says "give", derived "interrupt"') for line in differ), differ


def test_a_heavier_patient_sealed_again_gets_another_dose() -> None:
    document = json.loads(sealed(FIRST))
    differ = checked(resealed(changed(document, ("measures", "weight_kg"), "71.7")))
    assert any(line.startswith("dose.rounded_mg") for line in differ)
    assert any(line.startswith("order_id") for line in differ)


def test_an_input_keeps_every_digit_it_came_with() -> None:
    assert certified.exact(Decimal("40.0")) == "40.0" and certified.exact(Decimal("1E+2")) == "100"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    paper, bundle = tmp_path / "c.json", tmp_path / "b.json"
    paper.write_text(sealed(FIRST), "utf-8")
    bundle.write_text(json.dumps(stories.bundle(FIRST), default=float), "utf-8")
    return paper, bundle


def made(tmp_path: Path, bundle: Path, capsys: pytest.CaptureFixture[str], *flags: str) -> Path:
    at_ = stories.tale(FIRST).at.isoformat()
    assert run("certificate", str(bundle), "--json", "--at", at_, "--edition", "us", *ZONE, *flags) == 0
    file = tmp_path / "made.json"
    file.write_text(capsys.readouterr().out, "utf-8")
    return file


def test_the_check_says_identical_offline_and_with_the_bundle(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paper = made(tmp_path, files[1], capsys, "--by", "Practitioner/ph1")
    for more in ([], ["--bundle", str(files[1])]):
        assert run("verify", "--certificate", str(paper), *more) == 0
        assert "IDENTICAL" in capsys.readouterr().out
    assert run("verify", "--certificate", str(paper), "--json") == 0
    document = json.loads(capsys.readouterr().out)
    Draft202012Validator(SCHEMAS["verify"], format_checker=FormatChecker()).validate(document)
    assert document["identical"] and document["derived_from"] == ["certificate"]


@pytest.mark.parametrize("change", [
    ordered.say("bsa-formula", "dubois"), ordered.mg("13.6"), ordered.say("weight", "72"), ordered.route("intrathecal"),
])  # fmt: skip
def test_an_order_and_its_certificate_never_part_whatever_stands_beside_them(
    change: ordered.Change, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    beside = copy.deepcopy(ordered.request(FIRST))
    change(beside)
    bundle = copy.deepcopy(stories.bundle(FIRST))
    bundle["entry"].append({"resource": beside})
    file = tmp_path / "bundle.json"
    file.write_text(as_json(bundle), "utf-8")
    where = [str(file), "--at", stories.tale(FIRST).at.isoformat(), *ZONE, "--edition", "us", "--json"]
    run("order", *where)
    order = json.loads(capsys.readouterr().out)
    run("certificate", *where)
    seal = json.loads(capsys.readouterr().out)
    assert (order["verdict"], order["order"] and order["order"]["order_id"]) == (seal["verdict"], seal["order_id"])
    assert [one["id"] for one in seal["orders"]] and seal["orders"][0]["findings"]


def test_a_record_that_changed_since_is_noticed_with_the_bundle(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paper = made(tmp_path, files[1], capsys)
    bundle = json.loads(files[1].read_text("utf-8"))
    bundle["entry"].pop()
    files[1].write_text(json.dumps(bundle), "utf-8")
    assert run("verify", "--certificate", str(paper), "--bundle", str(files[1])) == 4
    assert "record: the certificate says" in capsys.readouterr().out


def test_a_certificate_by_other_knowledge_says_so_and_still_compares(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = resealed({**json.loads(sealed(FIRST)), "knowledge": "0123456789abcdef", "version": "0.0.9"})
    (tmp_path / "c.json").write_text(certified.written(document), "utf-8")
    assert run("verify", "--certificate", str(tmp_path / "c.json")) == 4
    text = capsys.readouterr().out
    assert "OTHER KNOWLEDGE: made by 0123456789abcdef" in text and "OTHER VERSION: made by 0.0.9" in text
    assert "2 place(s) differ" in text and "  knowledge: the certificate says" in text


BAD = {
    "cut off": lambda text: text[: len(text) // 2],
    "not text": lambda text: "\udcff",
    "unknown field": lambda text: text.replace('"by"', '"extra": 1, "by"', 1),
    "a field less": lambda text: certified.written({k: v for k, v in json.loads(text).items() if k != "by"}),
    "binary number": lambda text: text.replace('"by"', '"by": 1.5, "by2"', 1),
    "key twice": lambda text: text.replace('"by"', '"by": null, "by"', 1),
    "NaN": lambda text: text.replace('"Practitioner/ph1"', "NaN", 1),
    "a list": lambda text: "[]",
    "nested": lambda text: "[" * 100_000,
    "resealed nonsense": lambda text: certified.written(resealed({**json.loads(text), "at": "tomorrow"})),
    "no such edition": lambda text: certified.written(resealed({**json.loads(text), "edition": "xx"})),
    "no such zone": lambda text: certified.written(resealed({**json.loads(text), "zone": "Mars/Base"})),
    "seal": lambda text: text.replace("sha256:", "sha256:0", 1),
    "lone surrogate": lambda text: text.replace("Practitioner/ph1", "\\ud800", 1),
}


@pytest.mark.parametrize("how", BAD)
def test_what_is_no_certificate_or_was_changed_gets_one_line(
    how: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "c.json"
    file.write_bytes(BAD[how](sealed(FIRST)).encode("utf-8", "surrogateescape"))
    assert run("verify", "--certificate", str(file)) == 2
    out, err = capsys.readouterr()
    assert out == "" and len(err.splitlines()) == 1


def test_a_certificate_is_for_one_edition_zone_and_moment(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("verify", "--certificate", str(files[0]), "--edition", "eu") == 2
    assert "the certificate says us" in capsys.readouterr().err


def test_verify_without_a_bundle_or_a_certificate_says_what_to_type(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("verify", "--edition", "us", *ZONE) == 2
    assert "--certificate FILE" in capsys.readouterr().err


def test_the_digest_of_a_bundle_is_of_its_content_not_of_its_spelling() -> None:
    bundle = stories.bundle(FIRST)
    turned = {"entry": list(reversed(bundle["entry"])), "resourceType": "Bundle", "id": "other"}
    assert digest(bundle) == digest(turned)
    less = {**bundle, "entry": bundle["entry"][1:]}
    assert digest(bundle) != digest({**less, "entry": [bundle["entry"][0], *less["entry"][1:]]})
