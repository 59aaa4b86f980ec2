"""docs/reference/ is what the code and the knowledge make today."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

import pytest

from posology import reference
from posology.knowledge import load_edition
from posology.language import read
from posology.say.pages import coverage, difference, trace, unverified
from posology.say.pages.rulebook import rule
from posology.say.phrase import listed
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


def test_the_page_of_disputes_gives_each_point_its_section_with_every_voice_ruling_and_harm() -> None:
    made = reference.pages()["conflicts.md"]
    for point in load_edition("us").contested.values():
        section = made.partition(f'<a id="{point.id}"></a>')[2].partition('<a id="')[0]
        assert point.text in section and point.harm in section and f"**{point.figure}**" in section
        assert section.count("\n| `") == len(point.voices)
        assert ("A decision says so when" in section) == bool(point.touches)


def test_the_page_of_the_trace_has_every_row_with_its_state_and_test() -> None:
    made = reference.pages()["trace.md"]
    rows = trace.requirements()
    assert len(rows) == 67
    assert [row["id"] for row in rows if f"\n| {row['id']} | {row['says']} |" not in made] == []
    assert [name for row in rows for name in row["shown"] if name.rpartition("::")[2] not in made] == []


def test_the_page_of_sections_has_every_section_of_the_label() -> None:
    made = reference.pages()["coverage.md"]
    rows = coverage.coverage(load_edition("us"))
    assert [row["id"] for row in rows if f"\n| {row['id']} | {row['title']} | {row['state']} |" not in made] == []


def test_the_page_of_what_is_not_verified_has_every_statement_and_room_for_two_signatures() -> None:
    made = reference.pages()["unverified.md"]
    us = load_edition("us")
    rows = [*unverified.unverified(us), *unverified.published(us), *unverified.codes()]
    assert made.count(" |  |  |\n") == len(rows)
    assert [row["id"] for row in rows if f"`{row['id']}`" not in made] == []


def test_the_new_pages_lead_to_each_other_and_are_reached_from_pages_that_the_index_names() -> None:
    made = reference.pages()
    for name in ("trace.md", "coverage.md", "unverified.md"):
        assert f"]({name})" in made["sources.md"] and f"]({name})" in made["conflicts.md"]
    assert "](unverified.md)" in made["readings.md"] and "](conflicts.md)" in made["sources.md"]


LINK = re.compile(r"\]\(([^)#:\s]+)(?:#([^)\s]+))?\)")


def test_every_edition_has_its_pages_and_every_link_between_the_pages_leads_somewhere() -> None:
    made = reference.pages()
    for name, text in made.items():
        for target, anchor in LINK.findall(text):
            found = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
            assert found in made or found.startswith("../") or found == "schemas", f"{name}: {target}"
            assert not anchor or f'<a id="{anchor}">' in made[found], f"{name}: {target}#{anchor}"


def test_the_pages_of_the_other_edition_hold_every_row_of_its_own_and_no_criterion_twice() -> None:
    made, edition = reference.pages(), load_edition("eu")
    for row in edition.rows():
        assert row.states in made[f"eu/rules/{row.question}.md"] and row.text in made[f"eu/rules/{row.question}.md"]
    assert not any(f"eu/rules/{name}.md" in made for name in edition.criteria)
    assert made["eu/unverified.md"].count(" |  |  |\n") == len(unverified.unverified(edition))
    assert "eligibility (EU)](eu/rules/eligibility.md)" in made["facts.md"]


def test_the_page_of_the_editions_has_every_difference_with_its_citation() -> None:
    made = reference.pages()["editions.md"]
    found = difference.difference(load_edition("us"), load_edition("eu"), [])
    assert found["rules"] and found["figures"]
    for row in [*found["rules"], *found["figures"]]:
        assert f"| `{row['id']}` |" in made
        assert all(difference.cited(side) in made for side in (row["one"], row["other"]) if side)
