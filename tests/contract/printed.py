"""Documents printed through the command line, and what stands in them when read back."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from posology import stories
from posology.cli import main
from posology.fhir.text import as_json

ZONE = ["--zone", "America/New_York"]
OF_AN_ORDER = ("order", "preparation", "run-sheet")
OF_A_PATIENT = (*OF_AN_ORDER, "certificate")
DOCUMENTS = (*OF_A_PATIENT, "regimen", "pocket")
NAME = 'Ana #"Lou"$ x_2$ *bold* \\link @z <b> [y] `c` // O\'Müller'


def bundle(folder: Path, story: str, name: str | None = NAME, *more: dict[str, Any]) -> Path:
    """A story's bundle with a name and an identifier in it."""
    made = stories.bundle(story)
    (patient,) = (one["resource"] for one in made["entry"] if one["resource"]["resourceType"] == "Patient")
    named = {**patient, "identifier": [{"type": {"text": "hospital number"}, "value": "00#4711"}]}
    if name is not None:
        named["name"] = [{"text": name}]
    entries = [{**one, "resource": named} if one["resource"] is patient else one for one in made["entry"]]
    file = folder / "bundle.json"
    file.write_text(as_json({**made, "entry": [*entries, *({"resource": one} for one in more)]}), "utf-8")
    return file


def command(what: str, file: Path, story: str, *flags: str) -> list[str]:
    """The command line for one document."""
    tale = stories.tale(story)
    if what not in OF_A_PATIENT:
        return ["print", what, "--edition", tale.edition, *flags]
    return ["print", what, str(file), "--at", tale.at.isoformat(), "--edition", tale.edition, *ZONE, *flags]


def printed(what: str, file: Path, story: str, out: Path, *flags: str) -> bytes:
    """The document as bytes."""
    assert main(command(what, file, story, "--out", str(out), *flags)) == 0
    return out.read_bytes()


def pages(pdf: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def flat(pdf: bytes) -> str:
    """The whole text in one line."""
    return " ".join(" ".join(pages(pdf)).split())
