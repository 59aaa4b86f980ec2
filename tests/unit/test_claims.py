"""The source court: every point is whole, its hashes stand for what the documents say, and an answer shows what it meets."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from posology import stories
from posology.answer.assemble import disputed
from posology.decide import decide_facts
from posology.knowledge import Contested, KnowledgeError, claims, files, load_edition, sources
from posology.knowledge.sentences import found, hashed, words_of
from posology.language import Value
from posology.say import words
from posology.say.pages import court, library
from tests.house.sources import LABEL, ROOT
from tests.laws.patients import told
from tests.unit.test_knowledge import forget, spoil

US = load_edition("us")
POINTS = US.contested
SEEDS = {path.name[:3]: path for path in sorted((ROOT.parent / "shared" / "seeds").glob("*.txt"))}
HASHED = [(point.id, voice) for point in POINTS.values() for voice in point.voices if voice.sentence]
DISEASE = "relapsed or refractory cd22 positive b cell precursor acute lymphoblastic"
"""The name of the disease is nobody's sentence."""
Facts = dict[str, Value | None]


# --- every point is whole ------------------------------------------------------------------------------------------


def test_every_conflict_of_the_facts_sheet_is_there_and_more() -> None:
    numbers = [int(name.removeprefix("K")) for name in POINTS]
    assert numbers == list(range(1, len(POINTS) + 1)) and len(POINTS) > 43


@pytest.mark.parametrize("point", POINTS.values(), ids=lambda point: point.id)
def test_a_point_says_who_says_what_what_rules_why_and_the_harm(point: Contested) -> None:
    assert len(point.voices) >= 2 and len({(v.source, v.who, v.says) for v in point.voices}) == len(point.voices)
    assert all(voice.says and voice.figure and voice.where for voice in point.voices)
    assert point.rules and point.figure
    assert all(text.endswith(".") for text in (point.text, point.reason, point.harm))


@pytest.mark.parametrize("number", SEEDS or ["000", "001", "002", "003"])
def test_every_document_we_began_with_is_heard(number: str) -> None:
    assert len([id for id, voice in HASHED if voice.source == f"seed-{number}"]) >= 10


def test_the_conflicts_are_those_of_the_reference_library() -> None:
    reference = ROOT.parent / "shared" / "reference" / "clinical-facts.md"
    if reference.exists():
        assert set(re.findall(r"^\| (K\d\d) \|", reference.read_text(encoding="utf-8"), re.M)) <= set(POINTS)


# --- sentences by hash ---------------------------------------------------------------------------------------------


def test_a_sentence_is_hashed_in_nfkc_with_whitespace_folded_and_case_kept() -> None:
    plain = hashed(words_of("Total dose of 1.8 mg/m2, café"))
    assert plain == hashed(words_of(" Total\u00a0dose\n of\t1.8 mg/m² , cafe\u0301".replace(" ,", ",")))
    assert plain.words == 6 and re.fullmatch("[0-9a-f]{64}", plain.sha256)
    assert plain != hashed(words_of("total dose of 1.8 mg/m2, café"))
    assert plain != hashed(words_of("Total dose of 1.8 mg/m2 café"))


def test_the_hash_is_that_of_any_other_tool() -> None:
    """printf 'a b' | sha256sum"""
    assert hashed(words_of("a  b")).sha256 == "c8687a08aa5d6ed2044328fa6a697ab8e96dc34291e8c2034ae8c38e6fcc6d65"


def test_a_sentence_is_found_wherever_the_document_breaks_its_lines_and_nowhere_else() -> None:
    sentence = hashed(words_of("Give half of it."))
    assert found("Before.\n • Give half\nof it. After", [sentence]) == {sentence}
    for text in ("Give half of it", "Give one half of it.", "give half of it.", "", "Give half of"):
        assert found(text, [sentence]) == set()


@pytest.mark.parametrize("number", SEEDS)
def test_every_hashed_sentence_stands_in_its_document_and_in_no_other(number: str) -> None:
    text = SEEDS[number].read_text(encoding="utf-8")
    ours = {voice.sentence for _, voice in HASHED if voice.source == f"seed-{number}"}
    others = {voice.sentence for _, voice in HASHED if voice.source != f"seed-{number}"}
    assert found(text, ours) == ours
    assert found(text, others) == set()


@pytest.mark.parametrize("number", SEEDS)
def test_no_sentence_of_a_document_is_copied_into_the_knowledge(number: str) -> None:
    """Ten words on end would be a copy."""

    def runs(text: str) -> Iterator[str]:
        spoken = re.findall(r"\w+", text.casefold())
        return (" ".join(spoken[at : at + 10]) for at in range(len(spoken) - 9))

    document = set(runs(SEEDS[number].read_text(encoding="utf-8")))
    copied = {run for path in LABEL.rglob("*.toml") for run in runs(path.read_text(encoding="utf-8"))} & document
    assert copied <= {DISEASE}


# --- the loader refuses --------------------------------------------------------------------------------------------


@pytest.fixture
def label(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    copy = tmp_path / "label"
    shutil.copytree(files.LABEL, copy)
    monkeypatch.setattr(files, "LABEL", copy)
    forget()
    yield copy
    forget()


# fmt: off
SPOILT = [
    ("a source that is not listed", 'source = "seed-001"', 'source = "hearsay"', "names 'hearsay'"),
    ("a ruling by nobody we list", 'rules = ["us-pi-2024-03", ', 'rules = ["us-pi", ', "names 'us-pi'"),
    ("a ruling by nobody", 'rules = ["us-pi-2024-03", "eu-smpc-2023-12"]', "rules = []", "at least one source"),
    ("a misspelt key", "harm =", "harms =", "'harms' is not a key here"),
    ("a voice without a place", 'where = "dosage, cycle 1", ', "", "'where' is missing"),
    ("a hash without its words", ", words = 10", "", "a hash goes with the number of words"),
    ("a hash cut short", 'sha256 = "1ce2', 'sha256 = "', "64 hex digits"),
    ("a misspelt fact", 'touches = "cycle = 1"', 'touches = "cycl = 1"', "did you mean"),
    ("another word for how it was seen", 'seen = "verbatim"\nconf', 'seen = "heard"\nconf', "seen is one of"),
]
# fmt: on


@pytest.mark.parametrize(("old", "new", "said"), [row[1:] for row in SPOILT], ids=[row[0] for row in SPOILT])
def test_a_spoilt_point_is_refused_and_named(label: Path, old: str, new: str, said: str) -> None:
    spoil(label, "claims/dose.toml", old, new)
    with pytest.raises(KnowledgeError, match=r"claims \[K01\]") as error:
        load_edition("us")
    assert said in str(error.value)


def test_a_point_in_two_files_is_refused(label: Path) -> None:
    (label / "claims" / "zzz.toml").write_text('[K01]\npoint = "again"\n', encoding="utf-8")
    with pytest.raises(KnowledgeError, match="K01 stands in two files"):
        load_edition("us")


def test_a_change_of_a_point_changes_the_hash_of_the_knowledge(label: Path) -> None:
    before = load_edition("us").knowledge
    spoil(label, "claims/rates.toml", "Hides that a transplant raises it.", "Hides the transplant.")
    forget()
    assert load_edition("us").knowledge != before


# --- what an answer shows ------------------------------------------------------------------------------------------


def met(with_dose: bool = False, **facts: Value | int) -> list[str]:
    known: Facts = {name: Decimal(value) if type(value) is int else value for name, value in facts.items()}
    whole = {**dict.fromkeys(US.facts), **known}
    return [one.claim for one in disputed(decide_facts(US.tables, whole), US, whole, with_dose=with_dose)]


MET = [
    ("K01", {"cycle": 1}, {"cycle": 2}),
    ("K03", {"cycle": 1, "dose_number": 1}, {"cycle": 1, "dose_number": 2}),
    ("K03", {"vod_status": "suspected"}, {"vod_status": "ruled_out"}),
    ("K04", {"transplant_intent": "proceeding", "dose_number": 1},
     {"transplant_intent": "not_proceeding", "dose_number": 1}),
    ("K05", {"dose_number": 2}, {"dose_number": 1}),
    ("K06", {"ast_age_h": 73}, {"ast_age_h": 72, "alt_age_h": 72, "bilirubin_age_h": 72}),
    ("K08", {"qtcf": 450, "sex": "male"}, {"qtcf": 449, "sex": "male"}),
    ("K08", {"qtcf": 460, "sex": "female"}, {"qtcf": 459, "sex": "female"}),
    ("K08", {"qtcf": 450}, {"qtcf": 449}),
    ("K09", {"cycle": 1, "dose_number": 1}, {"cycle": 1, "dose_number": 2}),
    ("K10", {"cycle": 1, "dose_number": 1}, {"cycle": 2, "dose_number": 1}),
    ("K11", {"cycle": 1, "dose_number": 1, "peripheral_blasts": 1}, {"cycle": 1, "dose_number": 1, "peripheral_blasts": 0}),
    ("K12", {"dose_number": 1, "cycles_counted": 2, "transplant_intent": "undecided"},
     {"dose_number": 1, "cycles_counted": 1, "transplant_intent": "undecided"}),
    ("K12", {"dose_number": 1, "cycles_counted": 2, "transplant_intent": "proceeding"},
     {"dose_number": 1, "cycles_counted": 2, "transplant_intent": "not_proceeding"}),
    ("K13", {"cirrhosis": True}, {"cirrhosis": False, "serious_liver_disease": False, "active_hepatitis": False}),
    ("K14", {"cycle": 1, "dose_number": 1, "ph_positive": True}, {"cycle": 1, "dose_number": 1, "ph_positive": False}),
    ("K15", {"cycle": 1, "dose_number": 1, "age_years": 17}, {"cycle": 1, "dose_number": 1, "age_years": 18}),
    ("K17", {"cycle": 2, "dose_number": 1, "response": "cri"}, {"cycle": 2, "dose_number": 1, "response": "none"}),
    ("K25", {"cycle": 2, "dose_number": 1}, {"cycle": 3, "dose_number": 1}),
    ("K26", {"dose_number": 2, "days_interrupted": 0, "days_into_cycle": 11},
     {"dose_number": 2, "days_interrupted": 0, "days_into_cycle": 10}),
    ("K26", {"dose_number": 3, "days_interrupted": 0, "days_into_cycle": 18},
     {"dose_number": 3, "days_interrupted": 0, "days_into_cycle": 17}),
    ("K27", {"days_interrupted": 14}, {"days_interrupted": 13}),
    ("K30", {"cycle": 2, "dose_number": 1, "response": "cr", "platelets": 99},
     {"cycle": 2, "dose_number": 1, "response": "cr", "platelets": 100, "anc": 1}),
    ("K31", {"route": "intravenous_push"}, {"route": "intravenous_infusion"}),
    ("K32", {"cycle": 1, "dose_number": 1, "peripheral_blasts": 10}, {"cycle": 1, "dose_number": 1, "peripheral_blasts": 9}),
    ("K33", {"ast": 101, "ast_uln": 40}, {"ast": 100, "ast_uln": 40, "alt": 100, "alt_uln": 40}),
    ("K33", {"alt": 120, "alt_uln": 40}, {"ast": 121, "ast_uln": 40, "alt": 121, "alt_uln": 40}),
    ("K41", {"cycle": 2, "dose_number": 1, "response": "none"}, {"cycle": 2, "dose_number": 1, "response": "cr"}),
    ("K44", {"cycles_counted": 3, "dose_number": 1, "response": "cri"},
     {"cycles_counted": 3, "dose_number": 1, "response": "cr"}),
    ("K45", {"unexplained_doses": 1}, {"unexplained_doses": 0}),
    ("K46", {"dose_number": 2, "platelets": 49}, {"dose_number": 2, "platelets": 50, "anc": 1}),
    ("K46", {"dose_number": 2, "anc": Decimal("0.9")}, {"dose_number": 1, "anc": Decimal("0.9")}),
    ("K51", {"hypersensitivity": True}, {"hypersensitivity": False}),
    ("K52", {"cycle": 1, "dose_number": 1, "peripheral_blasts": 10},
     {"cycle": 1, "dose_number": 1, "peripheral_blasts": 11}),
    ("K57", {"infusion_reaction_grade": 3}, {"infusion_reaction_grade": 2}),
    ("K58", {"bilirubin": 2, "bilirubin_uln": 1}, {"bilirubin": 1, "bilirubin_uln": 1}),
    ("K63", {"qt_drug_started": True}, {"qt_drug_started": False}),
]  # fmt: skip


@pytest.mark.parametrize(("point", "touched", "untouched"), MET, ids=[f"{row[0]}-{n}" for n, row in enumerate(MET)])
def test_an_answer_says_which_contested_points_it_meets(point: str, touched: Facts, untouched: Facts) -> None:
    assert point in met(**touched)  # type: ignore[arg-type]
    assert point not in met(**untouched)  # type: ignore[arg-type]


def test_every_point_that_says_when_it_is_met_is_tried_on_both_sides() -> None:
    tried = {row[0] for row in MET} | {"K07"}
    assert {name for name, point in POINTS.items() if point.touches} == tried
    assert "K07" in met(transplant_intent="proceeding", dose_number=1, cycles_counted=2)
    assert "K07" not in met(transplant_intent="proceeding", dose_number=1, cycles_counted=1)


def test_what_nobody_knows_meets_no_point() -> None:
    assert met() == []


def test_a_stale_value_that_proves_a_danger_meets_its_point() -> None:
    assert "K06" in [one.claim for one in told("stale_labs").decide().disputed]


@pytest.mark.parametrize("name", stories.names())
def test_every_printed_dose_says_on_what_its_vials_are_counted(name: str) -> None:
    report = told(name).decide()
    assert ("K02" in [one.claim for one in report.disputed]) == (report.dose is not None)


@pytest.mark.parametrize("name", stories.names())
def test_an_answer_shows_few_points_each_in_one_line_and_none_twice(name: str) -> None:
    shown = told(name).decide().disputed
    first = told(name).decide().decision_point
    most = 8 if (first.cycle, first.dose) == (1, 1) else 5
    assert len(shown) <= most and len({one.claim for one in shown}) == len(shown)
    assert all("\n" not in one.text and len(one.text) <= 240 for one in shown)


def test_a_green_answer_shows_the_points_it_rests_on() -> None:
    report = told("first_dose").decide()
    assert report.green
    assert {"K01", "K02", "K03", "K09", "K10"} <= {one.claim for one in report.disputed}
    assert "K01: One source (seed-001) prints 1.5 mg/m²" in words.decision(report)


def test_the_wrong_total_of_cycle_1_is_recorded_refused_and_explained() -> None:
    """A first dose of 0.5 mg/m², as 1.5 in three would have it, is asked about and never passed over."""
    point = POINTS["K01"]
    assert {(v.source, v.figure) for v in point.voices} >= {("seed-001", "1.5 mg/m²"), ("us-pi-2024-03", "1.8 mg/m²")}
    assert point.figure == "1.8 mg/m²" and "seed-001" not in point.rules
    report = told("underdosed_first_dose").decide()
    held = {f.row for reply in report.answers for f in reply.findings if reply.question == "record"}
    assert report.verdict == "ask" and report.dose is None and "unexplained_dose" in held
    assert {"K01", "K45"} <= {one.claim for one in report.disputed}


# --- documents and notices -----------------------------------------------------------------------------------------


def test_every_source_shows_its_kind_country_edition_date_and_rank() -> None:
    rows = library.documents()
    assert {row["id"] for row in rows} == set(sources())
    assert all(
        row[key] not in ("", None) for row in rows for key in ("title", "kind", "jurisdiction", "edition", "date", "rank")
    )
    dated = {row["id"]: row["date"] for row in rows}
    assert dated["us-pi-2024-03"] == "2024-03-06" and dated["seed-003"] == "2019-06-24" and dated["seed-001"] == "undated"


def test_every_answer_ends_with_whom_it_is_for() -> None:
    for name in stories.names():
        last = words.decision(told(name).decide()).rstrip().splitlines()[-1]
        assert last.endswith("For professionals; check against the current label.")


@pytest.mark.parametrize(("counted", "points"), [({}, ["K01", "K05"]), ({"anc": 1, "platelets": 60}, ["K01"])])
def test_a_point_without_its_own_condition_is_met_where_a_row_that_settles_it_holds(
    counted: dict[str, int], points: list[str]
) -> None:
    bare = {name: replace(point, touches="", when=None, test=None, with_dose=False) for name, point in POINTS.items()}
    edition = replace(US, contested=bare)
    known = {"cycle": 1, "dose_number": 1, **counted}
    facts: Facts = {**dict.fromkeys(US.facts), **{name: Decimal(value) for name, value in known.items()}}
    shown = disputed(decide_facts(US.tables, facts), edition, facts, with_dose=True)
    assert [one.claim for one in shown] == points


def test_the_rows_that_settle_a_point_are_named_with_it() -> None:
    (row,) = court.conflicts("K01")
    assert row["settled_by"] == ["eu: regimen.cycle_1_first_dose", "us: regimen.cycle_1_first_dose"]
    assert claims.documents()["K01"]["point"] == row["point"]
