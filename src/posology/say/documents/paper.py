"""What every printed document is made of: a sheet of sections of blocks, as plain text. Knows no drug and no template."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Row:
    """A label and its value; an empty value is a blank to fill in by hand. `strong`: a figure to be seen first."""

    kind: ClassVar[str] = "row"
    label: str
    value: str = ""
    basis: str = ""
    recalled: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """One line to tick off."""

    kind: ClassVar[str] = "tick"
    says: str
    basis: str = ""
    recalled: bool = False


@dataclass(frozen=True, slots=True)
class Says:
    """One line to read."""

    kind: ClassVar[str] = "says"
    says: str
    basis: str = ""
    recalled: bool = False


@dataclass(frozen=True, slots=True)
class Warn:
    """One line in a frame."""

    kind: ClassVar[str] = "warn"
    says: str
    basis: str = ""
    recalled: bool = False


@dataclass(frozen=True, slots=True)
class Cells:
    """A table; an empty cell is a blank to fill in by hand. `widths`: shares of the page."""

    kind: ClassVar[str] = "cells"
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code as SVG, and the text that it holds."""

    text: str
    svg: str
    alt: str


@dataclass(frozen=True, slots=True)
class Label:
    """The label of the finished product."""

    kind: ClassVar[str] = "label"
    drug: str
    dose: str
    rows: tuple[Row, ...]
    code: Code


Block = Row | Tick | Says | Warn | Cells | Label


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    title: str
    blocks: tuple[Block, ...]
    fresh_page: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document. `whose` (the name), `known` (record, birth date) and `made_at` are empty where it is
    about no patient.

    `title` becomes the PDF's and names nobody. `lead` is the one figure to be read first, `how` the line under it.
    `overridden`: the overrides of the order, for every page. `fine`: smaller letters, for what is kept and seldom read.
    """

    kind: str
    title: str
    edition: str
    version: str
    knowledge: str
    sections: tuple[Section, ...]
    order: str = ""
    whose: str = ""
    known: str = ""
    drug: str = ""
    lead: str = ""
    how: str = ""
    overridden: str = ""
    made_at: datetime | None = None
    columns: int = 1
    fine: bool = False


def as_json(sheet: Sheet, paper: str, large: bool) -> str:
    """The sheet as the template reads it."""
    found = {name: getattr(sheet, name) for name in PLAIN}
    sections = [_section(one) for one in sheet.sections]
    page = {"paper": paper, "large": large, "dated": sheet.made_at is not None, "whole": True}
    return json.dumps({**found, **page, "sections": sections}, ensure_ascii=False, sort_keys=True)


PLAIN = (
    *("kind", "title", "edition", "version", "knowledge", "order", "whose", "known"),
    *("drug", "lead", "how", "overridden", "columns", "fine"),
)


def _section(one: Section) -> dict[str, Any]:
    blocks = [{"kind": block.kind, **asdict(block)} for block in one.blocks]
    return {"title": one.title, "fresh_page": one.fresh_page, "blocks": blocks}
