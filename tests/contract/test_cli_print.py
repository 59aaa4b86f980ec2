"""`posology print`: documents only where the verdict lets a dose through; the same bytes; nothing of the patient outside."""

from __future__ import annotations

import io
import json
import re
import sys
from itertools import cycle
from pathlib import Path

import pytest
import segno
from jsonschema import Draft202012Validator, FormatChecker
from pypdf import PdfReader

from posology import stories
from posology.cli import main
from posology.knowledge import load_edition
from posology.say.documents import press
from posology.say.documents.paper import Cells, Label, Row, Says, Section, Sheet, Tick, Warn
from posology.say.schemas import schema
from tests.contract.pixels import inked_margin
from tests.contract.printed import DOCUMENTS, NAME, OF_A_PATIENT, OF_AN_ORDER, bundle, command, flat, pages, printed

STORY, DOSE = "first_dose", "1.36 mg"
KNOWLEDGE = load_edition("us").knowledge
VALID = Draft202012Validator(schema.schemas()["print"], format_checker=FormatChecker())
RELEASED = ("give", "give_with_review")
HELD = [name for name in stories.names() if stories.tale(name).expect.verdict not in RELEASED]
SPLIT = re.compile(r"[0-9]\n(?:[0-9.,]+ (?:mg|mL|minutes|hours|days|%)|(?:mg|mL|minutes|hours|%)\b)|[0-9][.,]\n[0-9]")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Each document once."""
    folder = tmp_path_factory.mktemp("printed")
    file = bundle(folder, STORY)
    return {what: printed(what, file, STORY, folder / f"{what}.pdf") for what in DOCUMENTS}


@pytest.mark.parametrize("what", DOCUMENTS)
def test_every_page_says_edition_knowledge_its_number_and_whom_it_is_for(what: str, made: dict[str, bytes]) -> None:
    found = pages(made[what])
    for number, text in enumerate(found, 1):
        assert f"page {number} of {len(found)}" in text
        assert f"knowledge {KNOWLEDGE}" in text and "edition US" in text
        assert "For professionals; check against the current label." in text


@pytest.mark.parametrize("what", OF_AN_ORDER)
def test_every_page_of_an_order_names_the_order_and_the_patient_and_the_first_shows_the_dose(
    what: str, made: dict[str, bytes]
) -> None:
    found = pages(made[what])
    order = re.search(r"[0-9a-f]{16}", str(PdfReader(io.BytesIO(made[what])).metadata))
    assert order is not None
    for text in (" ".join(page.split()) for page in found):
        assert f"Order {order[0]}" in text and "born 1996-11-22" in text and NAME[:12] in text
    assert "INOtuzumab ozogamicin (Besponsa)" in found[0] and DOSE in found[0] and "INTRAVENOUS INFUSION ONLY" in found[0]


@pytest.mark.parametrize("what", OF_A_PATIENT)
def test_a_name_with_marks_of_the_typesetter_stands_as_it_is_written(what: str, made: dict[str, bytes]) -> None:
    short = what == "certificate"
    assert (NAME[:12] if short else NAME) in flat(made[what]) and (short or "hospital number 00#4711" in flat(made[what]))


@pytest.mark.parametrize("what", DOCUMENTS)
def test_a_document_is_tagged_titled_and_in_a_language_and_names_nobody_in_its_properties(
    what: str, made: dict[str, bytes]
) -> None:
    reader = PdfReader(io.BytesIO(made[what]))
    root = reader.trailer["/Root"].get_object()
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root and root["/Lang"] == "en"
    xmp = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    told = xmp + str(reader.metadata)
    assert str((reader.metadata or {})["/Title"]) and "Ana" not in told and "4711" not in told and "first-dose" not in told
    assert "/OpenAction" not in root and b"/JavaScript" not in made[what] and b"/URI" not in made[what]


@pytest.mark.parametrize("what", DOCUMENTS)
def test_no_document_splits_a_number_or_parts_it_from_its_unit(what: str, made: dict[str, bytes]) -> None:
    assert [SPLIT.findall(page) for page in pages(made[what])] == [[] for _ in pages(made[what])]


def test_a_number_that_is_split_is_noticed() -> None:
    assert [bool(SPLIT.search(text)) for text in ("over 6\n0 minutes", "1.\n8 mg/m²", "1.36\nmg", "dose 2\nDay 8")] == [
        *(True, True, True, False)
    ]


def test_the_same_order_is_printed_in_the_same_bytes_and_a_letter_page_differs(
    tmp_path: Path, made: dict[str, bytes]
) -> None:
    file = bundle(tmp_path, STORY)
    assert printed("order", file, STORY, tmp_path / "again.pdf") == made["order"]
    letter = printed("order", file, STORY, tmp_path / "letter.pdf", "--paper", "letter")
    sizes = [PdfReader(io.BytesIO(pdf)).pages[0].mediabox[2:] for pdf in (letter, made["order"])]
    assert [[round(side) for side in size] for size in sizes] == [[612, 792], [595, 842]]


def test_the_order_shows_its_arithmetic_and_a_place_to_sign(made: dict[str, bytes]) -> None:
    text = flat(made["order"])
    for part in ("0.8 mg per square metre times 1.6969 square metres = 1.35752 mg", "168 cm, 61.7 kg", "by Mosteller",
                 "measured on 2026-03-02", "50 mL per hour", "until a prescriber signs it", "signature"):  # fmt: skip
        assert part in text


def test_the_preparation_says_what_to_open_add_and_draw_and_the_label_has_the_order_as_a_square(
    made: dict[str, bytes],
) -> None:
    text = flat(made["preparation"])
    for part in ("2 vials", "4 mL sterile water for injection", "5.4 mL = 1.35 mg",
                 "ordered 1.36 mg = 5.44 mL; difference -0.74 percent", "a BAG of 50 mL in all",
                 "44.6 mL sodium chloride 0.9 % and 5.4 mL of the drug",
                 "final concentration 0.027 mg per mL, allowed 0.01 to 0.1 mg per mL",
                 "lot", "expiry", "NEVER INTRATHECAL", "Start by"):  # fmt: skip
        assert part in text


def test_the_square_holds_the_order_id_alone() -> None:
    code = press.code("d0d41967ab24dd32")
    assert code.text == "d0d41967ab24dd32" and code.alt == "QR code of the order id d0d41967ab24dd32"
    assert code.svg == segno.make("d0d41967ab24dd32", error="m", micro=False).svg_inline(dark="black", light="white")


def test_the_run_sheet_has_blanks_for_what_happens(made: dict[str, bytes]) -> None:
    text = flat(made["run-sheet"])
    for part in ("corticosteroid", "antipyretic", "antihistamine", "50 mL per hour, over 60 minutes", "actual date and time",
                 "at least 60 minutes from the actual stop",
                 "as drawn at the marks of the syringe: 1.35 mg", "blood pressure", "Volume given"):  # fmt: skip
        assert part in text


def test_a_syringe_is_prepared_as_a_syringe_with_the_alert_first(tmp_path: Path) -> None:
    text = flat(printed("preparation", bundle(tmp_path, "child"), "child", tmp_path / "child.pdf"))
    assert "a SYRINGE of 4.5 to 18 mL in all" in text and "to 50 mL and invert" not in text and "a BAG" not in text
    assert text.index("do not use this bag") < text.index("1. Open")


@pytest.mark.parametrize("what", ["regimen", "pocket"])
def test_pages_about_no_patient_give_the_doses_and_mark_what_nobody_could_check(what: str, made: dict[str, bytes]) -> None:
    text = flat(made[what])
    assert "Cycle 1, dose 1: 0.8 mg/m²" in text and "Veno-occlusive disease ends treatment for good." in text
    assert "wording not verified" in text and "Order" not in text


@pytest.mark.parametrize(("story", "what"), list(zip(HELD, cycle(OF_AN_ORDER), strict=False)))
def test_where_no_dose_is_released_nothing_is_printed_and_no_exit_code_reads_as_an_answer(
    story: str, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = bundle(tmp_path, story)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "typst", None)
    code = main(command(what, file, story))
    said = capsys.readouterr().out
    assert code == (3 if stories.tale(story).expect.verdict == "ask" else 4)
    main(["order", *command(what, file, story)[2:]])
    assert said == f"NOTHING PRINTED\n{capsys.readouterr().out}"
    assert [path.name for path in tmp_path.iterdir()] == ["bundle.json"]
    assert main(command(what, file, story, "--json")) == code
    document = json.loads(capsys.readouterr().out)
    VALID.validate(document)
    assert document["file"] is None and document["reasons"]


def test_by_default_the_file_is_named_by_the_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = bundle(tmp_path, STORY)
    monkeypatch.chdir(tmp_path)
    assert main(command("run-sheet", file, STORY, "--json")) == 0
    document = json.loads(capsys.readouterr().out)
    VALID.validate(document)
    assert document["file"] == f"{document['order_id']}-run-sheet.pdf" and (tmp_path / document["file"]).exists()


def test_what_the_hood_says_stands_on_the_sheet_and_on_the_label(tmp_path: Path) -> None:
    flags = ["--reconstituted", "2026-03-02T08:00", "--diluted", "2026-03-02T08:20", "--held", "room", "--lot", "A1"]
    found = pages(printed("preparation", bundle(tmp_path, STORY), STORY, tmp_path / "p.pdf", *flags, "--expires", "2027-06"))
    text = " ".join(" ".join(found).split())
    assert "A1 2027-06-30 2026-03-02 08:00 -0500" in text and "Start by 2026-03-02 11:20 -0500" in text
    assert "Stop by 2026-03-02 12:20 -0500" in " ".join(found[-1].split()) and "1.35 mg in 50 mL" in found[-1]


def test_the_run_sheet_has_the_clock_of_the_day_once_a_start_is_planned(tmp_path: Path) -> None:
    file = bundle(tmp_path, STORY)
    text = flat(printed("run-sheet", file, STORY, tmp_path / "r.pdf", "--start", "2026-03-02T11:00"))
    for part in ("corticosteroid 10:00 to 10:30", "11:00 vital signs; START: 50 mL per hour", "12:00 STOP; vital signs",
                 "13:00 vital signs; END OF OBSERVATION", "end of observation 2026-03-02 13:00 -0500"):  # fmt: skip
        assert part in text


def figures(said: object) -> set[str]:
    """Every number that stands in a JSON document as text of its own."""
    if isinstance(said, dict):
        return {one for name, part in said.items() if name != "cites" for one in figures(part)}
    if isinstance(said, list):
        return {one for part in said for one in figures(part)}
    return {said} if isinstance(said, str) and re.fullmatch(r"-?[0-9]+([.][0-9]+)?", said) else set()


@pytest.mark.parametrize("story", ["first_dose", "gilbert", "child"])
@pytest.mark.parametrize(("what", "beside"), [("preparation", "prepare"), ("run-sheet", "chair")])
def test_what_the_screen_says_in_figures_stands_on_paper(
    story: str, what: str, beside: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = bundle(tmp_path, story)
    line = command(what, file, story)[2:]
    assert main([beside, *line, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    paper = set(re.findall(r"-?[0-9]+(?:[.][0-9]+)?", flat(printed(what, file, story, tmp_path / "x.pdf"))))
    said = figures(shown["preparation" if beside == "prepare" else "run"])
    assert len(said) >= 2 and said - paper - {"0"} == set()


@pytest.mark.parametrize("story", ["first_dose", "late_platelets", "vod_after_transplant", "blank"])
def test_a_certificate_is_one_page_for_every_verdict_and_bears_the_seal_of_its_json(
    story: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out, tale = bundle(tmp_path, story), tmp_path / "c.pdf", stories.tale(story)
    code = main(command("certificate", file, story, "--by", "Practitioner/ph1", "--out", str(out)))
    assert code == (3 if tale.expect.verdict == "ask" else 0)
    capsys.readouterr()
    main(["certificate", *command("certificate", file, story, "--by", "Practitioner/ph1", "--json")[2:]])
    sealed = json.loads(capsys.readouterr().out)
    found = pages(out.read_bytes())
    text = " ".join(found[0].split())
    assert len(found) == 1 and sealed["seal"] in text and sealed["record"] in text and "Practitioner/ph1" in text
    assert ("mg, rounded to" in text) == (sealed["dose"] is not None)
    assert all(row["states"] in text for one in sealed["answers"].values() for row in one["findings"]
               if row["state"] == "holds" and "10*9" not in row["states"] and "`" not in row["states"])  # fmt: skip


def test_a_bundle_may_stand_behind_a_flag(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = command("order", bundle(tmp_path, STORY), STORY, "--out", str(tmp_path / "o.pdf"))
    assert main(["print", "order", "--paper", "letter", *line[2:]]) == 0 and (tmp_path / "o.pdf").exists()
    with pytest.raises(SystemExit) as ended:
        main(["print", "order", "--paper", "letter", "a.json", "b.json"])
    assert ended.value.code == 2 and "b.json: not an argument of print" in capsys.readouterr().err


def test_a_name_that_no_font_has_is_left_to_be_written_by_hand(tmp_path: Path) -> None:
    text = flat(printed("order", bundle(tmp_path, STORY, "王小明 Wang"), STORY, tmp_path / "wang.pdf"))
    assert "▯▯▯ Wang" in text and "write the name in full, by hand" in text


def test_a_name_of_any_length_is_printed_whole_and_hides_nothing(tmp_path: Path) -> None:
    long = "Maria" + "mariamaria" * 50 + " \u202eevil\u200b\x07 end"
    pdf = printed("order", bundle(tmp_path, STORY, long), STORY, tmp_path / "long.pdf", "--large-print")
    joined = "".join(flat(pdf).split())
    assert "Maria" + "mariamaria" * 50 + "evilend" in joined and DOSE in flat(pdf)
    assert all("born 1996-11-22" in " ".join(page.split()) for page in pages(pdf))


@pytest.mark.parametrize("large", [False, True])
def test_nothing_leaves_the_page_however_long_a_word_is(large: bool) -> None:
    word = "W" * 90
    row = Row(word, word, word, strong=True)
    table = Cells((word, word), ((word, ""),), (1, 1))
    label = Label(word, "1.36 mg", (row,), press.code("d0d41967ab24dd32"))
    blocks = (row, Tick(word, word, recalled=True), Says(word, word), Warn(word, word), table, label)
    sheet = Sheet(
        *("Test", "A test", "US", "1", "e08ff558fbd82916", (Section(word, blocks),), "d0d41967ab24dd32"),
        *(word, word[:64], word, "1.36 mg", word, word),
    )
    assert not any(inked_margin(page) for page in press.pngs(sheet, "a4", large, ppi=20))


def test_ink_in_the_margin_is_noticed() -> None:
    page = press.pngs(Sheet("Test", "A test", "US", "1", "k", (Section("a", (Says("x" * 39),)),)), "a4", ppi=20)[0]
    assert not inked_margin(page) and inked_margin(page, share=0.15)


@pytest.mark.parametrize("what", ["order", "preparation", "pocket"])
def test_without_a_typesetter_one_line_says_what_to_type(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = bundle(tmp_path, STORY)
    for module in ("typst", "segno"):
        monkeypatch.setitem(sys.modules, module, None)
    assert main(command(what, file, STORY, "--out", str(tmp_path / "no.pdf"))) == 2
    assert "python3 run.py posology print … installs them" in capsys.readouterr().err
    assert not (tmp_path / "no.pdf").exists()


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["regimen", "bundle.json"], "takes no bundle"),
        (["order"], "takes a bundle"),
        (["pocket", "--edition", "us", "--out", "no/such/folder.pdf"], "name another file with --out"),
    ],
)
def test_a_command_that_cannot_be_carried_out_says_what_to_type(
    flags: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["print", *flags]) == 2
    assert says in capsys.readouterr().err


def test_the_pocket_card_is_one_page(made: dict[str, bytes]) -> None:
    assert len(pages(made["pocket"])) == 1


def test_the_template_reads_nothing_but_its_input() -> None:
    text = press.TEMPLATE.read_text("utf-8")
    assert not re.findall(r"@preview|#?\b(?:import|include|eval|read|plugin|datetime)\b\s*[\"(]", text)


@pytest.mark.long
@pytest.mark.parametrize("flags", [[], ["--large-print"], ["--paper", "letter"], ["--paper", "letter", "--large-print"]])
@pytest.mark.parametrize("story", [name for name in stories.names() if name not in HELD])
def test_every_released_order_prints_in_every_size(story: str, flags: list[str], tmp_path: Path) -> None:
    file = bundle(tmp_path, story)
    for what in DOCUMENTS:
        found = pages(printed(what, file, story, tmp_path / f"{what}.pdf", *flags))
        assert [SPLIT.findall(page) for page in found] == [[] for _ in found]
        assert f"page {len(found)} of {len(found)}" in found[-1]
