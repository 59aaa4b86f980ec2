"""A sheet to PDF/UA or PNG by typst: bundled fonts, no clock, no network, the same bytes for the same sheet."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any
from unicodedata import category

from posology.say.documents.paper import Code, Sheet, as_json

PAPERS = {"a4": "a4", "letter": "us-letter"}
STANDARDS = ["ua-1"]
UNKNOWN = re.compile(r'the text `"(.+?)"` could not be displayed')
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
TRIES, LAST_EUROPEAN = 10, "\u052f"
NO_LETTER, WHOLE, NOT_WHOLE = "▯", '"whole": true', '"whole": false'
TEMPLATE = Path(__file__).with_name("sheet.typ")


class PrinterMissing(Exception):
    """What prints is not installed."""

    def __init__(self) -> None:
        super().__init__("printing needs typst and segno: python3 run.py posology print … installs them")


class Unprintable(Exception):
    """What was to be printed cannot be."""


def pdf(sheet: Sheet, paper: str, large: bool = False) -> tuple[bytes, bool]:
    """The document as tagged PDF, and whether all its letters could be printed: others stand as `▯`, and page 1 says so.

    Raises PrinterMissing where typst is not installed.
    """
    text = as_json(sheet, PAPERS[paper], large)
    for attempt in count():
        try:
            return bytes(_compile(text, sheet.made_at, format="pdf", pdf_standards=STANDARDS)), NOT_WHOLE not in text
        except RuntimeError as error:
            text = _without(_unknown(str(error)), text)
            text = _plain(text) if attempt > TRIES else text
    raise AssertionError


def _plain(text: str) -> str:
    """The same without any letter beyond those of Europe: one compilation for each is too slow for a long name."""
    return "".join(NO_LETTER if one > LAST_EUROPEAN and category(one)[0] in "LM" else one for one in text)


def pngs(sheet: Sheet, paper: str, large: bool = False, ppi: int = 100) -> list[bytes]:
    """Its pages as pictures, for looking at."""
    made = _compile(as_json(sheet, PAPERS[paper], large), sheet.made_at, format="png", ppi=ppi)
    return made if isinstance(made, list) else [made]


def _compile(text: str, made_at: datetime | None, **how: Any) -> Any:
    try:
        import typst
    except ImportError:
        raise PrinterMissing from None
    return typst.compile(
        TEMPLATE.read_bytes(),
        sys_inputs={"sheet": text},
        ignore_system_fonts=True,
        timestamp=int(made_at.timestamp()) if made_at else 0,
        **how,
    )


def _unknown(fault: str) -> str:
    """The letters that the fault names. Raises Unprintable for any other fault."""
    found = UNKNOWN.search(fault)
    if found is None:
        raise Unprintable(f"typst: {fault}")
    return ESCAPED.sub(lambda one: chr(int(f"0x{one[1]}", 0)), found[1])


def _without(letters: str, text: str) -> str:
    """The same without these letters. Raises Unprintable where they are not there, so that this ends."""
    if letters not in text or letters == NO_LETTER:
        raise Unprintable(f"no bundled font has {letters!r}")
    return text.replace(letters, NO_LETTER).replace(WHOLE, NOT_WHOLE)


def code(text: str) -> Code:
    """A QR code of `text`. Raises PrinterMissing where segno is not installed."""
    try:
        import segno
    except ImportError:
        raise PrinterMissing from None
    drawn = segno.make(text, error="m", micro=False).svg_inline(dark="black", light="white")
    return Code(text, drawn, f"QR code of the order id {text}")
