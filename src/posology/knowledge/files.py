"""The files of label/, read once. The only place below floor 8 that reads a file, and only these.

`root` is a second folder laid over label/, for a regimen kept elsewhere: what stands there is read there, the rest here.
"""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

Root = Path
"""A folder laid over label/."""
LABEL = Path(__file__).parent.parent / "label"
SHARED = ("codes", "criteria", "claims", "reactions", "efficacy")


def place(name: str, root: Root | None = None) -> Path:
    """Where a file or folder stands: below `root` if it is there, else below label/."""
    return root / name if root and (root / name).exists() else LABEL / name


@cache
def toml(name: str, root: Root | None = None) -> dict[str, Any]:
    """One TOML file below label/, its numbers as Decimal."""
    return tomllib.loads(content(place(name, root)).decode(), parse_float=Decimal)


@cache
def content(path: Path) -> bytes:
    """One file, read once: what is read of it later is what its edition's hash was made of."""
    return path.read_bytes()


def names(folder: str, suffix: str = ".toml", root: Root | None = None) -> list[str]:
    """File names of one folder below label/, sorted; none where there is no such folder."""
    path = place(folder, root)
    return sorted(found.name for found in path.iterdir() if found.suffix == suffix) if path.is_dir() else []


def folders(folder: str) -> list[str]:
    """Names of the folders of one folder below label/, sorted."""
    return sorted(path.name for path in (LABEL / folder).iterdir() if path.is_dir())


def editions(root: Root | None = None) -> list[str]:
    """The editions there are: folders that hold a product."""
    return sorted(path.parent.name for path in (root or LABEL).glob("*/product.toml"))


def rows(name: str, root: Root | None = None) -> Iterator[dict[str, str]]:
    """The rows of one CSV file below label/."""
    path = place(name, root)
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def fingerprint(edition: str, site: str = "", root: Root | None = None) -> str:
    """Sixteen hex digits over everything one edition's answers rest on: the shared files, its own, the site's overrides."""
    digest = hashlib.sha256()
    for folder in (LABEL, root) if root else (LABEL,):
        for path in sorted(_resting_on(edition, folder)):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + content(path) + b"\0")
    digest.update(site.encode())
    return digest.hexdigest()[: 2 * (2 + 2 + 2 + 2)]


def _resting_on(edition: str, folder: Path) -> set[Path]:
    """The files of a folder that one edition's answers rest on."""
    own = (path for name in {*SHARED, edition} for path in (folder / name).rglob("*"))
    return {path for path in (*folder.iterdir(), *own) if path.is_file()}
