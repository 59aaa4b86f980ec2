"""Where and when a command decides, and the files it reads. One line refuses what cannot be used."""

from __future__ import annotations

import sys
import tomllib
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from posology.knowledge import Edition, KnowledgeError, Site, load_edition

Text = tuple[str, bool]
FIRST, LAST = MINYEAR + 10 * 10, MAXYEAR - 10 * 10
"""Years a decision can stand in: far enough from the ends of the calendar for every window to be counted."""


class Refused(ValueError):
    """Bad input or usage: one line, what, where and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where and when a decision stands."""

    edition: Edition
    zone: ZoneInfo | None
    at: datetime | None
    site: Site


Settle = Callable[[Namespace], Settings]


def settle(given: Mapping[str, Any], folder: Path, now: Callable[[], datetime]) -> Settings:
    """Edition, zone and moment from flags and site file. Raises Refused."""
    site = _site(given.get("site"), folder)
    name = given.get("edition") or site.edition
    if not name:
        raise Refused('no edition: add --edition us, or edition = "us" to posology.toml')
    zone = _zone(given.get("zone") or site.zone) if "zone" in given else None
    at = _moment(given.get("at"), zone, now) if zone else None
    try:
        return Settings(load_edition(name, site), zone, at, site)
    except KnowledgeError as error:
        raise Refused(" · ".join(str(error).splitlines())) from None


def _site(path: str | None, folder: Path) -> Site:
    file = Path(path) if path else folder / "posology.toml"
    if not path and not file.exists():
        return Site()
    try:
        document = tomllib.loads(file.read_bytes().decode(), parse_float=Decimal)
    except OSError as error:
        raise Refused(f"site file {file}: {error.strerror}; name another with --site") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(f"site file {file}: {error}") from None
    strangers = sorted(set(document) - {"edition", "zone", "policy"})
    if strangers:
        raise Refused(f"site file {file}: {', '.join(strangers)} is not a key here; the keys are edition, zone, policy")
    for key, kind in (("edition", str), ("zone", str), ("policy", dict)):
        if not isinstance(document.get(key, kind()), kind):
            raise Refused(f"site file {file}: {key} = {document[key]!r} is not a {'table' if kind is dict else 'word'}")
    return Site(document.get("edition"), document.get("zone"), document.get("policy", {}))


def _zone(name: str | None) -> ZoneInfo:
    if not name:
        raise Refused('no time zone: add --zone America/New_York, or zone = "…" to posology.toml')
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(f"--zone {name}: no such time zone; write one such as Europe/Berlin") from None


def _moment(text: str | None, zone: ZoneInfo, now: Callable[[], datetime]) -> datetime:
    found = moment_of(text, "at", zone)
    return now() if found is None else found


def moment_of(text: str | None, flag: str, zone: ZoneInfo) -> datetime | None:
    """A moment with its offset; without one, in the clinic's zone where that says one instant only. Raises Refused."""
    if text is None:
        return None
    flag = flag.replace("_", "-")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(f"--{flag} {text}: not a moment; write it as 2025-03-24T09:00") from None
    if not FIRST <= moment.year <= LAST:
        raise Refused(f"--{flag} {text}: the year is out of reach; write a moment from {FIRST} to {LAST}")
    if moment.tzinfo is not None:
        return moment
    if moment.replace(tzinfo=zone, fold=0).utcoffset() != moment.replace(tzinfo=zone, fold=1).utcoffset():
        raise Refused(f"--{flag} {text}: the clocks change then; add the offset, as in 2025-03-24T09:00-04:00")
    return moment.replace(tzinfo=zone)


def read(path: str) -> bytes:
    """A file, or standard input for `-`. Raises Refused."""
    from posology.fhir import MAX_BYTES

    try:
        if path == "-":
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise Refused(f"{path}: {getattr(error, 'strerror', None) or error}; name a file, or - for standard input") from None
