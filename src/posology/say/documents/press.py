"""A sheet to PDF/UA or PNG by typst: bundled fonts, no clock, no network, the same bytes for the same sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from posology.say.documents.paper import Code, Sheet, as_json

PAPERS = {"a4": "a4", "letter": "us-letter"}
STANDARDS = ["ua-1"]
TEMPLATE = Path(__file__).with_name("sheet.typ")


class PrinterMissing(Exception):
    """What prints is not installed."""

    def __init__(self) -> None:
        super().__init__("printing needs typst and segno: python3 run.py posology print … installs them")


def pdf(sheet: Sheet, paper: str, large: bool = False) -> bytes:
    """The document as tagged PDF. Raises PrinterMissing where typst is not installed."""
    made: bytes = _compile(sheet, paper, large, format="pdf", pdf_standards=STANDARDS)
    return made


def pngs(sheet: Sheet, paper: str, large: bool = False, ppi: int = 100) -> list[bytes]:
    """Its pages as pictures, for looking at."""
    made = _compile(sheet, paper, large, format="png", ppi=float(ppi))
    return made if isinstance(made, list) else [made]


def _compile(sheet: Sheet, paper: str, large: bool, **how: Any) -> Any:
    try:
        import typst
    except ImportError:
        raise PrinterMissing from None
    return typst.compile(
        TEMPLATE.read_bytes(),
        sys_inputs={"sheet": as_json(sheet, PAPERS[paper], large)},
        ignore_system_fonts=True,
        timestamp=int(sheet.made_at.timestamp()) if sheet.made_at else 0,
        **how,
    )


def code(text: str) -> Code:
    """A QR code of `text`. Raises PrinterMissing where segno is not installed."""
    try:
        import segno
    except ImportError:
        raise PrinterMissing from None
    drawn = segno.make(text, error="m", micro=False).svg_inline(dark="black", light="white")
    return Code(text, drawn, f"QR code of the order id {text}")
