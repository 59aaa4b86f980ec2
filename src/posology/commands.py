"""What each command does, between parsed arguments and text: files in, words or JSON out."""

from __future__ import annotations

import json
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
        with file.open("rb") as opened:
            document = tomllib.load(opened, parse_float=Decimal)
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
    if text is None:
        return now()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(f"--at {text}: not a moment; write it as 2025-03-24T09:00") from None
    if not FIRST <= at.year <= LAST:
        raise Refused(f"--at {text}: the year is out of reach; write a moment from {FIRST} to {LAST}")
    return at if at.tzinfo else at.replace(tzinfo=zone)


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


def _report(arguments: Namespace, settings: Settings) -> Any:
    from posology import answer
    from posology.decide import TableError
    from posology.fhir import BadBundle, load_bundle
    from posology.knowledge import codes, observables

    assert settings.zone and settings.at
    try:
        record = load_bundle(read(arguments.bundle), observables=observables(), codes=codes(), zone=settings.zone)
        return answer.decide(record, at=settings.at, edition=settings.edition, zone=settings.zone)
    except (BadBundle, TableError) as error:
        raise Refused(f"{arguments.bundle}: {error}") from None


def decide(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.say import shape, words

    found = _report(arguments, settle_(arguments))
    text = shape.written(shape.report(found)) if arguments.json else words.decision(found, colour)
    return text, found.verdict == "ask"


def plan(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.say import outlook, shape

    found = _report(arguments, settle_(arguments))
    text = shape.written(shape.plan(found)) if arguments.json else outlook.plan(found, colour)
    return text, found.verdict == "ask"


def explain(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.say import shape, tables

    settings = settle_(arguments)
    table = _table(arguments.question, settings.edition)
    reply = next(item for item in _report(arguments, settings).answers if item.question == table.id)
    text = shape.written(shape.reply(reply)) if arguments.json else tables.explained(reply, table, colour)
    return text, reply.action in ("ask", "undetermined")


def _table(question: str, edition: Edition) -> Any:
    known = {**edition.tables, **edition.criteria}
    if question not in known:
        raise Refused(f"no question is called {question!r}; there are: {', '.join(known)}")
    return known[question]


def answer(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.answer import answer_question
    from posology.decide import TableError
    from posology.fhir import BadBundle, parse
    from posology.say import shape, tables
    from posology.say.stated import BadFact, facts

    settings = settle_(arguments)
    table = _table(arguments.question, settings.edition)
    try:
        given = facts(parse(read(arguments.facts)), settings.edition)
        reply = answer_question(table.id, given, settings.edition)
    except (BadBundle, BadFact, TableError) as error:
        raise Refused(f"{arguments.facts}: {error}") from None
    text = shape.written(shape.reply(reply)) if arguments.json else tables.explained(reply, table, colour)
    return text, reply.action in ("ask", "undetermined")


def sources(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.say import library

    shape = library.conflicts() if arguments.what == "conflicts" else library.documents()
    return (json.dumps(shape, ensure_ascii=False, indent=2) if arguments.json else library.listed(shape)), False


def label(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.say import library

    try:
        shape = library.shown(arguments.what, arguments.name, settle_(arguments).edition)
    except KeyError as error:
        raise Refused(str(error.args[0])) from None
    return (json.dumps(shape, ensure_ascii=False, indent=2) if arguments.json else library.listed(shape)), False


def stories(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology import stories as told

    if arguments.what == "write":
        try:
            told.write(arguments.folder)
        except OSError as error:
            raise Refused(f"{arguments.folder}: {error.strerror}; name a folder that can be written") from None
        return f"{len(told.names())} bundles written to {arguments.folder}", False
    tales = [told.tale(name) for name in told.names()]
    if arguments.json:
        rows = [{"name": t.name, "title": t.title, "at": t.at.isoformat(), "expect": t.expect.verdict} for t in tales]
        return json.dumps(rows, ensure_ascii=False, indent=2), False
    return "\n".join(f"{t.name:34} {t.at:%Y-%m-%dT%H:%M}  {t.title}" for t in tales), False


def sql(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.columns import sql as written

    text = written(settle_(arguments).edition)
    return (json.dumps({"dialect": "duckdb", "sql": text}, indent=2) if arguments.json else text), False


def demo(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology import stories as told
    from posology import tour

    strangers = sorted(set(arguments.story) - set(told.names()))
    if strangers:
        raise Refused(f"no story is called {strangers[0]!r}; posology stories lists them")
    return tour.walked(arguments.story or tour.THREE, colour), False


BY_NAME: dict[str, Callable[[Namespace, Settle, bool], Text]] = {
    "decide": decide,
    "plan": plan,
    "explain": explain,
    "answer": answer,
    "sources": sources,
    "label": label,
    "stories": stories,
    "sql": sql,
    "demo": demo,
}
