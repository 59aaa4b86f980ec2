"""The files of label/, read once. The only place below floor 7 that reads a file, and only these."""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

LABEL = Path(__file__).parent.parent / "label"


@cache
def toml(name: str) -> dict[str, Any]:
    """One TOML file below label/, its numbers as Decimal."""
    with (LABEL / name).open("rb") as file:
        return tomllib.load(file, parse_float=Decimal)


def names(folder: str, suffix: str = ".toml") -> list[str]:
    """File names of one folder below label/, sorted."""
    return sorted(path.name for path in (LABEL / folder).iterdir() if path.suffix == suffix)


def folders(folder: str) -> list[str]:
    """Names of the folders of one folder below label/, sorted."""
    return sorted(path.name for path in (LABEL / folder).iterdir() if path.is_dir())


def editions() -> list[str]:
    """The editions there are: folders of label/ that hold a product."""
    return sorted(path.parent.name for path in LABEL.glob("*/product.toml"))


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one CSV file below label/."""
    with (LABEL / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def fingerprint(edition: str, site: str = "") -> str:
    """Sixteen hex digits over everything one edition's answers rest on: the shared files, its own, the site's overrides."""
    digest = hashlib.sha256()
    for path in sorted(LABEL.rglob("*")):
        place = path.relative_to(LABEL)
        shared = len(place.parts) == 1 or place.parts[0] in ("codes", "criteria", "reactions", "efficacy")
        if path.is_file() and (shared or place.parts[0] == edition):
            digest.update(place.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    digest.update(site.encode())
    return digest.hexdigest()[: 2 * (2 + 2 + 2 + 2)]
