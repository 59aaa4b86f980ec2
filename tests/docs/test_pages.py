"""The pages: links resolve, everything public is documented, the README fits a screen, hazards name real tests."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from posology import cli
from posology.facts import ABSENCE as WORDS
from posology.knowledge import code_rows, load_edition
from posology.knowledge.dictionary import PICKERS
from posology.say.pages.dictionary import ABSENCE, SYSTEMS, picker
from tests.docs.fences import FENCE, ROOT, pages

PAGES = pages()
REFERENCE = ROOT / "docs" / "reference"
LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
ANCHOR = re.compile(r'<a id="([^"]+)">')
HOST = re.compile(r"py[p]i\.org|python[h]osted|npm[j]s|deb[.]debian|registry\.|index-url", re.IGNORECASE)


def anchors(page: Path) -> set[str]:
    text = page.read_text(encoding="utf-8")
    slugs = {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in HEADING.findall(text)}
    return slugs | set(ANCHOR.findall(text))


def read(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_between_the_pages_leads_somewhere(page: Path) -> None:
    lost = []
    for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if target.startswith(("http:", "https:", "mailto:")):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            lost.append(target)
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_page_names_a_registry_host(page: Path) -> None:
    assert HOST.findall(page.read_text(encoding="utf-8")) == []


def test_the_readme_fits_one_screen() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 60
    assert {"python3 run.py demo", "python3 run.py test"} <= {line.split("  #")[0].rstrip() for line in lines}


def test_every_page_is_reached_from_the_index() -> None:
    reached, waiting = set(), [ROOT / "docs" / "index.md", ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        targets = (target.partition("#")[0] for target in LINK.findall(page.read_text(encoding="utf-8")))
        waiting += [(page.parent / name).resolve() for name in targets if name and ":" not in name]
    assert sorted(set(PAGES) - reached) == []


def test_every_command_is_documented() -> None:
    missing = [name for name in cli.COMMANDS if f"\n## {name}\n" not in read("cli.md")]
    assert missing == []


def test_every_fact_is_documented_with_its_request() -> None:
    text = read("facts.md")
    facts = load_edition("us").facts.values()
    assert [fact.name for fact in facts if f'<a id="{fact.name}">' not in text or fact.ask not in text] == []


def test_every_observable_is_documented() -> None:
    text = read("observables.md")
    assert [name for name in load_edition("us").observables if f'<a id="{name}">' not in text] == []


def test_every_question_has_a_page_with_every_row() -> None:
    edition = load_edition("us")
    for table in [*edition.tables.values(), *edition.criteria.values()]:
        page = read(f"rules/{table.id}.md")
        assert [row.id for row in table.rows if row.text not in page or row.states not in page] == []


def test_every_reading_and_policy_row_is_on_the_page_for_sign_off() -> None:
    edition, text = load_edition("us"), read("readings.md")
    readings = {row.reading for row in edition.rows() if row.reading}
    assert [reading for reading in readings if reading not in text] == []
    assert [name for name in edition.policy.rows if f"`policy.{name}`" not in text] == []


def test_every_edge_case_and_ruling_is_decided_somewhere_on_the_page_for_sign_off() -> None:
    text = read("readings.md")
    edge_cases = [f"EC{number:02}" for number in range(1, 53)]
    assert [name for name in edge_cases if f"\n| {name} |" not in text] == []
    rulings = [f"R{number:02}" for number in range(1, 36)]
    assert [name for name in rulings if not re.search(rf"\n\| {name}[a-c]? \|", text)] == []


def test_recalled_wording_is_marked_on_every_rule_page() -> None:
    for row in load_edition("us").rows():
        section = read(f"rules/{row.question}.md").partition(f'<a id="{row.id}"></a>')[2].partition('<a id="')[0]
        assert ("label wording not verified" in section) == (row.seen == "recalled"), row.id


def test_every_picker_and_every_word_of_absence_is_explained() -> None:
    assert [name for name in PICKERS if not picker(name)] == []
    assert set(ABSENCE) == set(WORDS)
    safety = (ROOT / "SAFETY.md").read_text(encoding="utf-8")
    assert [word for word in WORDS if f"| `{word}` |" not in safety] == []


def test_every_test_that_the_hazards_name_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "safety" / "hazards.md").read_text(encoding="utf-8")))
    written = {
        name
        for path in (ROOT / "tests").rglob("*.py")
        for name in re.findall(r"def (test_\w+)", path.read_text(encoding="utf-8"))
    }
    assert named
    assert sorted(named - written) == []


def test_every_file_that_developing_names_exists() -> None:
    text = (ROOT / "DEVELOPING.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:label|language|decide|facts|knowledge|columns|course|answer|units)/[\w/]+\.\w+)`", text)
    tests = re.findall(r"`(tests/[\w/]+(?:\.\w+)?)/?`", text)
    lost = [name for name in named if "EDITION" not in name and not (ROOT / "src" / "posology" / name).exists()]
    lost = [name for name in lost if not re.search(r"[A-Z]{4}", name)]
    assert lost + [name for name in tests if not (ROOT / name).exists()] == []


def test_every_code_system_has_its_short_name() -> None:
    assert {row.system for row in code_rows()} <= set(SYSTEMS)
