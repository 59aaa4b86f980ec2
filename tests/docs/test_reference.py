"""docs/reference/ is what the code and the knowledge make today."""

from __future__ import annotations

from pathlib import Path

import pytest

from posology import reference
from posology.knowledge import load_edition
from posology.language import read
from posology.say.phrase import listed
from posology.say.rulebook import rule
from tests.docs.fences import ROOT


def test_the_generated_reference_is_current() -> None:
    assert reference.outdated(ROOT / "docs" / "reference") == []


def test_writing_twice_gives_the_same_and_removes_pages_of_questions_that_are_gone(tmp_path: Path) -> None:
    reference.write(tmp_path)
    stray = tmp_path / "rules" / "gone.md"
    stray.write_text("a question that is gone", encoding="utf-8")
    assert reference.outdated(tmp_path) == ["rules/gone.md"]
    reference.write(tmp_path)
    assert not stray.exists()
    assert reference.outdated(tmp_path) == []


def test_a_changed_page_is_noticed_and_named(tmp_path: Path) -> None:
    reference.write(tmp_path)
    (tmp_path / "policy.md").write_text("edited by hand", encoding="utf-8")
    (tmp_path / "cli.md").unlink()
    assert reference.outdated(tmp_path) == ["cli.md", "policy.md"]


def test_the_check_exits_1_until_the_pages_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert reference.main(["--check"]) == 1
    assert "python3 run.py docs" in capsys.readouterr().err
    assert reference.main(["--write"]) == 0
    assert reference.main(["--check"]) == 0


def test_the_terminal_does_not_change_the_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = reference.pages()
    monkeypatch.setenv("COLUMNS", "40")
    assert reference.pages() == wide


def test_a_threshold_is_tried_below_at_and_above() -> None:
    edition = load_edition("us")
    row = next(row for row in edition.tables["liver"].rows if row.id == "liver_chemistry")
    page = rule(row, edition)
    assert "| `bilirubin > 1.5 * bilirubin_uln` | 1.4 × ULN | no | 1.5 × ULN | no | 1.6 × ULN | yes |" in page


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("vod_status IS KNOWN AND vod_status = 'ruled_out'", ["- known to be so: {vod_status} is ruled out"]),
        ("NOT (vod_status IS KNOWN AND vod_status = 'ruled_out')", ["- not known to be so: {vod_status} is ruled out"]),
        ("alt > 2.5 * alt_uln", ["- {alt} above 2.5 × the {alt_uln}"]),
        ("NOT alt > alt_uln", ["- {alt} at most {alt_uln}"]),
        ("NOT (ascites OR b_all)", ["- none of these:", "  - {ascites}: yes", "  - {b_all}: yes"]),
        (
            "NOT (ascites IS KNOWN AND ascites AND alt > 3)",
            ["- not all of these:", "  - known to be so: {ascites}: yes", "  - {alt} above 3 U/L"],
        ),
        ("NOT alt IS KNOWN OR b_all", ["- at least one of these:", "  - {alt} is not known", "  - {b_all}: yes"]),
    ],
)
def test_a_condition_reads_in_words_without_losing_what_must_be_known(text: str, words: list[str]) -> None:
    facts = load_edition("us").facts
    means = {name: entry.means for name, entry in facts.items()}
    assert list(listed(read(text), facts)) == [line.format(**means) for line in words]
