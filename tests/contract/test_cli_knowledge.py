"""What the command line says of the knowledge: disputes, documents the user holds, the trace, the register, the search."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from posology.say.schemas import schema
from tests.contract.test_cli import Run, refused, run
from tests.house.sources import ROOT

__all__ = ["run"]

SEEDS = sorted((ROOT.parent / "shared" / "seeds").glob("*.txt"))
US = ("--edition", "us")


def shown(run: Run, *arguments: str) -> list[dict[str, object]]:
    code, out, err = run(*arguments, "--json")
    assert (code, err) == (0, "")
    document = json.loads(out)
    Draft202012Validator(schema.schemas()[arguments[0]]).validate(document)
    return document


def printed(run: Run, *arguments: str) -> str:
    code, out, err = run(*arguments)
    assert (code, err) == (0, "")
    return out


# --- where sources differ -------------------------------------------------------------------------------------------
def test_a_contested_point_shows_who_says_what_the_ruling_why_and_the_harm(run: Run) -> None:
    text = printed(run, "sources", "conflicts", "K01")
    for part in ("seed-001", "1.5 mg/m²", "sentence hashed", "Ruling: 1.8 mg/m²", "Why: ", "Harm of the wrong value: "):
        assert part in text
    (row,) = shown(run, "sources", "conflicts", "k01")
    assert row["id"] == "K01" and row["touches"] == "cycle = 1" and row["settled_by"]


def test_all_points_are_listed_with_their_rulings(run: Run) -> None:
    rows = shown(run, "sources", "conflicts")
    text = printed(run, "sources", "conflicts")
    assert len(rows) > 43 and all(f"{row['id']}  {row['point']}: " in text for row in rows)


def test_a_word_chooses_the_points_that_speak_of_it_in_either_spelling(run: Run) -> None:
    arsenic = [row["id"] for row in shown(run, "sources", "conflicts", "arsenic")]
    assert "K08" in arsenic and "K01" not in arsenic
    assert shown(run, "sources", "conflicts", "anemia") == shown(run, "sources", "conflicts", "anaemia")


def test_a_point_that_there_is_not_is_refused(run: Run) -> None:
    refused(run("sources", "conflicts", "K99"), "K99", "posology sources conflicts lists them")


# --- documents the user holds ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_a_document_we_began_with_is_recognised_with_every_sentence(path: Path, run: Run) -> None:
    (row,) = shown(run, "sources", "check", str(path))
    assert row["source"] == f"seed-{path.name[:3]}"
    assert row["found"] == row["of"] and row["found"] == len(row["sentences"]) >= 10  # type: ignore[arg-type]
    text = printed(run, "sources", "check", str(path))
    assert "NOT FOUND" not in text and len(text) < path.stat().st_size


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_a_changed_document_is_still_recognised_and_its_change_is_said(path: Path, run: Run, tmp_path: Path) -> None:
    changed = tmp_path / "changed.txt"
    changed.write_text(path.read_text("utf-8").replace("1.5 mg", "1.8 mg").replace("14%", "11%").replace("1 mg", "2 mg")
                       .replace("arsenic", "it").replace("three cycles", "two cycles"), "utf-8")  # fmt: skip
    (row,) = shown(run, "sources", "check", str(changed))
    assert row["source"] == f"seed-{path.name[:3]}" and 0 < row["found"] < row["of"]  # type: ignore[operator]
    assert "NOT FOUND" in printed(run, "sources", "check", str(changed))


def test_a_check_never_prints_what_a_sentence_says(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "The quick brown fox is given twice a day."
    (tmp_path / "one.txt").write_text(f"Intro.\n{secret}\nEnd.", "utf-8")
    out = printed(run, "sources", "check", "one.txt") + json.dumps(shown(run, "sources", "check", "one.txt"))
    assert "fox" not in out and "no source known here" in out


def test_a_sentence_is_hashed_without_being_printed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("Give  half\nof it.", "utf-8")
    (tmp_path / "two.txt").write_text("Give half of it.", "utf-8")
    one = printed(run, "sources", "hash", "one.txt")
    assert one == printed(run, "sources", "hash", "two.txt") and "half" not in one and "words = 4" in one
    assert len(shown(run, "sources", "hash", "one.txt")) == 2


def test_a_document_that_cannot_be_read_is_refused_in_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "label.pdf").write_bytes(b"%PDF-1.7\xff\xfe")
    refused(run("sources", "check", "label.pdf"), "label.pdf", "plain text in UTF-8")
    refused(run("sources", "check", "none.txt"), "none.txt")
    refused(run("sources", "check"), "name the documents you hold")
    refused(run("sources", "hash"), "one file with one sentence")
    refused(run("sources", "list", "more"), "one word too many")


# --- trace, register, what is not verified, search ------------------------------------------------------------------
def test_the_trace_shows_state_place_and_test_of_every_row(run: Run) -> None:
    rows = shown(run, "sources", "trace")
    assert len(rows) == 67 and {row["state"] for row in rows} == {"done", "partly", "later"}
    text = printed(run, "sources", "trace")
    assert all(f"{row['id']}  {row['state']}" in text for row in rows) and "67 rows: " in text


@pytest.mark.parametrize(("name", "ids"), [("Q06", ["Q06"]), ("q06", ["Q06"]), ("S", ["S01", "S02", "S03"])])
def test_the_trace_is_narrowed_by_id_or_letter(name: str, ids: list[str], run: Run) -> None:
    assert [row["id"] for row in shown(run, "sources", "trace", name)] == ids


def test_the_trace_is_narrowed_by_state(run: Run) -> None:
    later = shown(run, "sources", "trace", "later")
    assert later and {row["state"] for row in later} == {"later"} and all(row["waits_for"] for row in later)
    refused(run("sources", "trace", "Z99"), "Z99", "an id such as Q06")


def test_the_register_shows_each_section_with_what_codes_it_or_why_not(run: Run) -> None:
    rows = shown(run, "label", "coverage", *US)
    assert all(row["by"] if row["state"] == "coded" else row["why"] for row in rows)
    text = printed(run, "label", "coverage", *US)
    assert "rule:liver.liver_chemistry" in text and f"{len(rows)} sections: " in text


def test_what_is_not_verified_is_listed_with_source_section_and_figure_to_be_signed(run: Run) -> None:
    rows = shown(run, "label", "unverified", *US)
    kinds = {row["kind"] for row in rows}
    assert {"rule", "product", "regimen", "claim", "coverage"} <= kinds
    assert {"grade", "medicine", "criterion", "preparation", "advice", "monitoring", "reaction", "efficacy"} <= kinds
    found = {(row["kind"], row["id"]): row for row in rows}
    assert found["rule", "liver.liver_chemistry"]["figure"].startswith("bilirubin > 1.5 * bilirubin_uln")  # type: ignore[union-attr]
    assert found["product", "syringe"]["figure"] == "min_mg_per_ml 0.025; max_mg_per_ml 0.1"
    assert "bilirubin > 1.5 * bilirubin_uln" in found["grade", "v3 bilirubin"]["figure"]  # type: ignore[operator]
    assert found["grade", "v3 bilirubin"]["source"] == "ctcae-v3" and found["grade", "v3 bilirubin"]["seen"] == "recalled"
    assert found["medicine", "methadone"]["figure"] == "known"
    assert all(row["source"] for row in rows) and all(row["section"] or row["row"] for row in rows)
    text = printed(run, "label", "unverified", *US)
    assert text.count("checked by, on: ____") == len(rows)


def test_what_is_not_verified_is_narrowed_by_kind_and_the_codes_stand_apart(run: Run) -> None:
    rules = shown(run, "label", "unverified", "rule", *US)
    assert rules and {row["kind"] for row in rules} == {"rule"}
    assert {row["kind"] for row in shown(run, "label", "unverified", "codes", *US)} == {"code"}
    recalled = shown(run, "label", "unverified", "recalled", *US)
    assert {row["seen"] for row in recalled} == {"recalled"} and len({row["kind"] for row in recalled}) > 5
    refused(run("label", "unverified", "poems", *US), "poems", "rule", "codes")


def test_a_published_set_is_shown_with_its_statement_and_each_of_its_items(run: Run) -> None:
    first, *items = shown(run, "label", "show", "ebmt_2016_classical", *US)
    assert [row["id"] for row in items] == first["of"] and "day 21 after transplant" in str(first["states"])
    assert {row["when"] for row in items} >= {"bilirubin >= 2", "painful_hepatomegaly"}
    text = printed(run, "label", "show", "ebmt_2016_classical", *US)
    assert "bilirubin in umol/L has a limit of its own" in text and "when: bilirubin >= 2" in text
    assert {"ebmt_2016_classical", "baltimore", "howard_2011_laboratory"} <= {
        row["id"] for row in shown(run, "label", "show", "criteria", *US)
    }


def test_grades_medicines_and_limits_of_the_qt_are_shown_with_their_figures_and_sources(run: Run) -> None:
    grades = {row["id"]: row for row in shown(run, "label", "show", "ctcae", *US)}
    assert (
        "2: alt > 2.5 * alt_uln" in grades["v3 alt"]["of"] and grades["v3 alt"]["source"] == "ctcae-v3 metabolic/laboratory"
    )  # type: ignore[operator]
    drugs = {row["id"]: row for row in shown(run, "label", "show", "qt_drugs", *US)}
    assert drugs["methadone"]["of"] == ["known"] and drugs["methadone"]["seen"] == "recalled"
    assert {row["id"]: row["when"] for row in shown(run, "label", "show", "qt_limits", *US)}["label"] is None
    (older,) = shown(run, "label", "show", "older_age", *US)
    assert older["when"] == "age_years > 65" and "names no age" in str(older["reading"])


def test_the_panels_are_listed_with_their_tests_and_those_that_are_not_read_say_so(run: Run) -> None:
    rows = {row["id"]: row for row in shown(run, "label", "show", "panels", *US)}
    assert len(rows["metabolic"]["tests"]) == 14 and "sodium (not read)" in rows["metabolic"]["tests"]  # type: ignore[arg-type,operator]
    assert {"uric acid", "phosphate", "LDH"} <= set(rows["tumour_lysis"]["tests"])  # type: ignore[call-overload]


def test_the_product_is_shown_with_its_names_maker_form_and_the_figures_of_its_vial(run: Run) -> None:
    own, *parts = shown(run, "label", "show", "product", *US)
    assert {f"{key} " for key in ("name", "brand", "maker", "form")} <= {f"{line.split()[0]} " for line in own["of"]}  # type: ignore[attr-defined]
    figures = {row["id"]: row["of"] for row in parts}
    assert "withdrawable_mg 0.9" in figures["vial"] and "volume_ml 50" in figures["bag"]  # type: ignore[operator]


def test_a_search_prints_where_a_thing_lives_and_what_to_type_next(run: Run) -> None:
    text = printed(run, "find", "leukemia")
    assert text.startswith("regimen ") and "label/us/   next: posology label show --edition us" in text
    rows = shown(run, "find", "leukemia")
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)  # type: ignore[type-var]


def test_a_search_that_finds_nothing_says_so_in_one_line(run: Run) -> None:
    assert printed(run, "find", "lukemia") == "nothing speaks of 'lukemia'; did you mean leukaemia?\n"
    assert shown(run, "find", "lukemia") == []


# --- a slip of the user, and a bug of ours ---------------------------------------------------------------------------
ASKED = [
    (("label", "coverage"), "posology.say.pages.coverage.coverage"),
    (("label", "show", "liver"), "posology.say.pages.library.shown"),
    (("label", "unverified"), "posology.say.pages.unverified.chosen"),
    (("sources", "conflicts"), "posology.say.pages.court.conflicts"),
    (("sources", "trace"), "posology.say.pages.trace.requirements"),
    (("reactions", "vod"), "posology.answer.rates.figures"),
]


@pytest.mark.parametrize(("arguments", "broken"), ASKED, ids=lambda part: part if isinstance(part, str) else " ".join(part))
def test_a_key_error_of_our_own_is_not_passed_off_as_a_slip_of_the_user(
    arguments: tuple[str, ...], broken: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slip(*_: object) -> None:
        raise KeyError("anc")

    monkeypatch.setattr(broken, slip)
    with pytest.raises(KeyError, match="anc"):
        run(*arguments, *(US if arguments[0] == "label" else ()))


@pytest.mark.parametrize(
    "arguments",
    [
        ("label", "show", "zebrafish", *US),
        ("label", "unverified", "zebrafish", *US),
        ("sources", "conflicts", "zebrafish"),
        ("sources", "trace", "zebrafish"),
        ("reactions", "zebrafish"),
    ],
    ids=" ".join,
)
def test_a_name_that_nothing_has_is_refused_by_that_name(arguments: tuple[str, ...], run: Run) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "") and "'zebrafish'" in err and err.count("\n") == 1
