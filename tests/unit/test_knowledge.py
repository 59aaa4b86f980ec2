"""The loader of label/: what it gives, and that it refuses the uncited, the misspelt and the number nobody explains."""

from __future__ import annotations

import hashlib
import shutil
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from posology.cli import main
from posology.commands import settings
from posology.knowledge import KnowledgeError, Site, dictionary, edition, editions, files, load_edition, parameters, rules

READERS = (files, dictionary, edition, parameters, rules)
ELSEWHERE = Path(__file__).parents[1] / "fixtures" / "label"
WEIGHT = "us/rules/weight.toml"
SIGNED = {"author": "a pharmacist", "reason": "our laboratory is slow"}


def forget() -> None:
    """Empty every cache of the package, whatever it is called today."""
    for module in READERS:
        for found in vars(module).values():
            getattr(found, "cache_clear", lambda: None)()


@pytest.fixture
def label(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of label/ that a test may spoil."""
    copy = tmp_path / "label"
    shutil.copytree(files.LABEL, copy)
    monkeypatch.setattr(files, "LABEL", copy)
    forget()
    yield copy
    forget()


def spoil(label: Path, name: str, old: str, new: str) -> None:
    text = (label / name).read_text(encoding="utf-8")
    assert old in text, "the test no longer finds what it spoils"
    (label / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def refusal() -> str:
    with pytest.raises(KnowledgeError) as error:
        load_edition("us")
    return str(error.value)


def test_an_unspoilt_copy_loads_with_the_same_hash(label: Path) -> None:
    copied = load_edition("us").knowledge
    forget()
    files.LABEL = Path(files.__file__).parent.parent / "label"
    assert load_edition("us").knowledge == copied


# fmt: off
SPOILT = [
    ("a number missing from the statement", WEIGHT, "above 5 % over", "above the limit over", "5 (weight_change_percent)"),
    ("a number without its unit", WEIGHT, "above 5 % over", "above 5 over", "without its unit (%)"),
    ("a number changed in the condition", WEIGHT, "percent > 5 AND NOT", "percent > 6 AND NOT", "the number 6"),
    ("a number that is part of another", WEIGHT, "above 5 % over", "above 15 % over", "does not occur"),
    ("a number below zero in the statement", WEIGHT, "above 5 % over", "above -5 % over", "does not occur"),
    ("a source that does not exist", WEIGHT, 'source = "rulings"', 'source = "hearsay"', "sources.toml does not list"),
    ("a row without a citation", WEIGHT, 'cites = { source = "rulings", section = "R24a" }', "", "'cites' is missing"),
    ("a row that does not say how it was seen", WEIGHT, 'seen = "ours"', "", "'seen' is missing"),
    ("another word for how it was seen", WEIGHT, 'seen = "ours"', 'seen = "heard"', "seen is one of"),
    ("a row without a statement", WEIGHT, "states =", "stated =", "'stated' is not a key here"),
    ("an action that is not on the scale", WEIGHT, 'then = "interrupt"', 'then = "stop"', "then is one of"),
    ("a misspelt fact", WEIGHT, "_change_percent > 5 AND vod_status", "_chang_percent > 5 AND vod_status", "did you mean"),
    ("a misspelt word", WEIGHT, "vod_status = 'ruled_out')", "vod_status = 'ruledout')", "is never 'ruledout'"),
    ("a condition outside the language", WEIGHT, "percent > 5 AND NOT", "percent / 5 > 1 AND NOT", "division"),
    ("two rows of one name", WEIGHT, 'id = "gain_is_vod"', 'id = "gain"', "two rows are called gain"),
    ("a key nobody reads", WEIGHT, 'seen = "ours"', 'seen = "ours"\nsays = "x"', "'says' is not a key here"),
    ("another hit policy", WEIGHT, 'policy = "strictest"', 'policy = "first"', "policy is"),
    ("an otherwise off the scale", WEIGHT, 'otherwise = "give"', 'otherwise = "fine"', "otherwise is one of"),
    ("a question not in the list", WEIGHT, 'id = "weight"', 'id = "heaviness"', "lists other questions"),
    ("a fact without a picker", "facts.toml", 'latest_before = "anc", ', "", "exactly one picker"),
    ("a fact of no observable", "facts.toml", 'latest_before = "anc"', 'latest_before = "anx"', "called 'anx'"),
    ("a freshness without policy", "facts.toml", 'fresh_for = "blood_count"', 'fresh_for = "blood"', "no freshness.blood"),
    ("an observable without a unit", "observables.toml", 'unit = "10*9/L"\n', "", "a number has a unit"),
    ("an observable of no kind", "observables.toml", 'kind = "number"', 'kind = "amount"', "a number has a unit"),
    ("a misspelt key of an observable", "observables.toml", "plausible =", "plausable =", "'plausable' is not a key"),
]
# fmt: on


@pytest.mark.parametrize(("name", "old", "new", "said"), [row[1:] for row in SPOILT], ids=[row[0] for row in SPOILT])
def test_spoilt_knowledge_is_refused_and_the_place_is_named(label: Path, name: str, old: str, new: str, said: str) -> None:
    spoil(label, name, old, new)
    try:
        told = refusal()
    except ValueError as error:  # the reader's own refusal
        told = str(error)
    assert said in told and "\n\n" not in told


def test_every_fault_of_a_row_is_told_at_once(label: Path) -> None:
    spoil(label, WEIGHT, "above 5 % over", "above the limit over")
    spoil(label, WEIGHT, 'then = "interrupt"', 'then = "stop"')
    assert len(refusal().splitlines()) == 2


def test_any_change_of_knowledge_changes_the_hash_and_another_editions_folder_does_not(label: Path) -> None:
    before = load_edition("us").knowledge
    spoil(label, WEIGHT, "hold until it has been reviewed", "hold until somebody reviewed it")
    forget()
    after = load_edition("us").knowledge
    assert after != before
    (label / "xx").mkdir()
    (label / "xx" / "notes.toml").write_text("a = 1\n", encoding="utf-8")
    forget()
    assert load_edition("us").knowledge == after


@pytest.mark.parametrize(("name", "root"), [("us", None), ("eu", None), ("tern", ELSEWHERE)])
def test_the_hash_covers_each_shared_file_and_each_of_the_edition_in_order(name: str, root: Path | None) -> None:
    digest = hashlib.sha256()
    for folder in (files.LABEL, root) if root else (files.LABEL,):
        for path in sorted(folder.rglob("*")):
            parts = path.relative_to(folder).parts
            if path.is_file() and (len(parts) == 1 or parts[0] in (*files.SHARED, name)):
                digest.update("/".join(parts).encode() + b"\0" + path.read_bytes() + b"\0")
    digest.update(b"{}")
    assert load_edition(name, root=root).knowledge == digest.hexdigest()[:16]


ADVICE = ("us/advice.toml", 'source = "us-pi-2024-03"', 'source = "hearsay"')


def test_a_fault_of_what_no_decision_needs_is_told_when_that_is_asked_for(label: Path) -> None:
    spoil(label, *ADVICE)
    us = load_edition("us")
    assert us.tables and us.preparation and us.documents["advice"]["line"]
    with pytest.raises(KnowledgeError, match=r"advice\.toml line .* cites a source"):
        assert us.advice


def test_a_fault_told_late_is_one_line_on_the_command_line(label: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(label, *ADVICE)
    bundle = Path(__file__).parents[2] / "examples" / "first_dose.json"
    code = main(["advice", str(bundle), "--edition", "us", "--zone", "America/New_York", "--at", "2026-03-02T08:30"])
    said = capsys.readouterr()
    assert (code, said.out, said.err.count("\n")) == (2, "", 1) and "advice.toml" in said.err


def test_what_is_read_later_is_what_the_hash_was_made_of(label: Path) -> None:
    us = load_edition("us")
    spoil(label, *ADVICE)
    assert us.advice


def test_a_regimen_kept_elsewhere_is_read_whole_before_it_is_used(tmp_path: Path) -> None:
    root = tmp_path / "label"
    shutil.copytree(ELSEWHERE, root)
    (root / "tern" / "advice.toml").write_text("section = []\nline = [{ id = 'x' }]\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="'section' is missing"):
        load_edition("tern", root=root)


def test_an_unknown_edition_lists_the_editions_there_are() -> None:
    with pytest.raises(KnowledgeError, match=r"no edition is called 'mars'; there are: .*us"):
        load_edition("mars")
    assert "us" in editions()


def test_without_an_edition_nothing_is_decided(tmp_path: Path) -> None:
    given = vars(Namespace(edition=None, site=None, zone="Europe/Berlin", at="2026-01-01T00:00:00Z"))
    with pytest.raises(settings.Refused, match=r"no edition: add --edition us, or edition = \"us\" to posology.toml"):
        settings.settle(given, tmp_path, lambda: datetime(2026, 1, 1, tzinfo=UTC))


def test_the_questions_come_in_the_order_of_the_list() -> None:
    us = load_edition("us")
    assert list(us.tables) == files.toml("questions.toml")["order"]
    assert [row.question for row in us.rows()] == [name for name, table in us.tables.items() for _ in table.rows]


def test_numbers_of_the_label_are_exact_decimals() -> None:
    us = load_edition("us")
    assert us.product["vial"]["withdrawable_mg"] == Decimal("0.9") and isinstance(
        us.product["vial"]["withdrawable_mg"], Decimal
    )
    assert all(isinstance(value, Decimal) for value in us.regimen.factors.values())


# --- what a site may change --------------------------------------------------------------------------------------


def with_policy(**rows: object) -> Site:
    return Site(edition="us", policy=rows)


def test_a_site_changes_a_policy_row_with_author_and_reason_and_the_hash_shows_it() -> None:
    site = with_policy(freshness={"chemistry": {"hours": 48, **SIGNED}})
    changed = load_edition("us", site)
    assert changed.policy.freshness["chemistry"].normal == timedelta(hours=48)
    assert changed.knowledge != load_edition("us").knowledge
    assert load_edition("us").policy.freshness["chemistry"].normal == timedelta(hours=72)


def test_a_raised_value_ages_faster_than_a_normal_one() -> None:
    fresh = load_edition("us").policy.freshness
    assert fresh["liver_tests"].abnormal == timedelta(hours=24) < fresh["liver_tests"].normal == timedelta(hours=72)
    assert fresh["chemistry"].abnormal == fresh["chemistry"].normal


@pytest.mark.parametrize("row", ["prior_vod", "unrecorded_dose", "route"])
def test_a_hard_row_refuses_every_site(row: str) -> None:
    with pytest.raises(KnowledgeError, match="this row is hard: no site may change it"):
        load_edition("us", with_policy(**{row: SIGNED}))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ({"freshnes": SIGNED}, "no policy row is called 'freshnes'"),
        ({"bsa": {"formula": "dubois"}}, "says its author and reason"),
        ({"bsa": "dubois"}, "says its author and reason"),
        ({"bsa": {"formula": "guess", **SIGNED}}, "'guess' is not one of mosteller"),
        ({"bsa": {"formular": "dubois", **SIGNED}}, "formular is not a key"),
        ({"freshness": {"blod_count": {"hours": 1, **SIGNED}}}, "no policy row is called 'freshness.blod_count'"),
    ],
)
def test_an_override_that_makes_no_sense_is_refused_in_one_line(rows: dict[str, object], said: str) -> None:
    with pytest.raises(KnowledgeError, match=said) as error:
        load_edition("us", Site(policy=rows))
    assert "\n" not in str(error.value)


def test_a_number_of_a_site_is_a_decimal_to_the_last_digit() -> None:
    us = load_edition("us", with_policy(rounding={"step_mg": Decimal("0.05"), **SIGNED}))
    assert us.policy.rounding["step_mg"] == Decimal("0.05") and isinstance(us.policy.rounding["step_mg"], Decimal)


@pytest.mark.parametrize("step", [0.05, "abc", Decimal(0), Decimal("-0.05"), True, Decimal("NaN")])
def test_what_is_no_exact_number_above_zero_is_refused_as_a_number(step: object) -> None:
    with pytest.raises(KnowledgeError, match="step_mg") as error:
        load_edition("us", with_policy(rounding={"step_mg": step, **SIGNED}))
    assert "\n" not in str(error.value)


def test_what_is_made_once_of_an_edition_is_kept_with_it_and_with_no_other() -> None:
    us = load_edition("us")
    other = replace(us, id="other")
    made: list[str] = []

    def make(one: edition.Edition) -> str:
        made.append(one.id)
        return one.id

    assert [us.once(make), us.once(make), other.once(make)] == ["us", "us", "other"]
    assert made == ["us", "other"]
