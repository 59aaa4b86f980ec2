"""What is asked of the knowledge: its documents and where they differ, its rules, what is not verified, the rules as SQL."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import Any

from posology.commands.settings import Refused, Settle, Text, read
from posology.knowledge import Edition, KnowledgeError, UnknownName, load_edition


def sources(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    try:
        shape, words = _SOURCES[arguments.what](arguments.name)
    except UnknownName as error:
        raise Refused(str(error)) from None
    return (_json(shape) if arguments.json else words), False


def _listed(given: list[str]) -> tuple[Any, str]:
    from posology.say.pages import library

    _at_most(given, 0, "sources list")
    return library.documents(), library.listed(library.documents())


def _conflicts(given: list[str]) -> tuple[Any, str]:
    from posology.say.pages import court

    rows = court.conflicts(" ".join(given) or None)
    return rows, court.told(rows)


def _trace(given: list[str]) -> tuple[Any, str]:
    from posology.say.pages import trace

    _at_most(given, 1, "sources trace")
    rows = trace.requirements(*given)
    return rows, trace.told(rows)


def _check(given: list[str]) -> tuple[Any, str]:
    from posology.knowledge import sources as documents
    from posology.knowledge.claims import contested
    from posology.say import witness

    if not given:
        raise Refused("sources check: name the documents you hold, as text files")
    points = contested(documents()).values()
    rows = [witness.checked(path, _text(path), points) for path in given]
    return rows, witness.told(rows)


def _hash(given: list[str]) -> tuple[Any, str]:
    from posology.say import witness

    if len(given) != 1:
        raise Refused("sources hash: name one file with one sentence, or - for standard input")
    sentence = witness.hash_of(_text(given[0]))
    return {"sha256": sentence.sha256, "words": sentence.words}, f'sha256 = "{sentence.sha256}", words = {sentence.words}'


_SOURCES = {"list": _listed, "conflicts": _conflicts, "trace": _trace, "check": _check, "hash": _hash}


def _at_most(given: list[str], most: int, what: str) -> None:
    if len(given) > most:
        raise Refused(f"{what}: {given[-1]!r} is one word too many")


def _text(path: str) -> str:
    """A text file. Raises Refused for one that is no text."""
    try:
        return read(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{path}: not text; save the document as plain text in UTF-8") from None


def label(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    try:
        if arguments.what == "diff":
            shape, words = _difference(arguments.name)
        else:
            _at_most(arguments.name, 1, f"label {arguments.what}")
            shape, words = _label(arguments.what, next(iter(arguments.name), None), settle_(arguments).edition)
    except (UnknownName, KnowledgeError) as error:
        raise Refused(str(error)) from None
    return (_json(shape) if arguments.json else words), False


def _label(what: str, name: str | None, edition: Edition) -> tuple[Any, str]:
    from posology.say.pages import coverage, library, unverified

    if what == "unverified":
        rows = unverified.chosen(name, edition)
        return rows, unverified.told(rows)
    if what == "coverage":
        rows = coverage.coverage(edition)
        return rows, coverage.told(rows)
    rows = library.shown(what, name, edition)
    return rows, library.listed(rows)


def _difference(given: list[str]) -> tuple[Any, str]:
    """Two editions as they ship, without a site's overrides: what the labels say, not what a clinic does."""
    from posology import stories
    from posology.api import decide, load_bundle
    from posology.say.pages import difference

    if len(given) != 2 or given[0] == given[1]:
        raise Refused("label diff: name two editions, such as: label diff us eu")
    one, other = (load_edition(name) for name in given)
    decided = []
    for name in stories.names():
        tale = stories.tale(name)
        record = load_bundle(stories.bundle(name), zone=tale.zone)
        here, there = (decide(record, at=tale.at, edition=edition.id, zone=tale.zone) for edition in (one, other))
        decided.append((name, tale.title, here, there))
    found = difference.difference(one, other, decided)
    return found, difference.told(found)


def find(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.say.pages import search

    query = " ".join(arguments.words)
    hits = search.find(query)
    return (_json(search.shape(hits)) if arguments.json else search.told(query, hits)), False


def sql(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.columns import sql as written

    text = written(settle_(arguments).edition)
    return (_json({"dialect": "duckdb", "sql": text}) if arguments.json else text), False


def _json(shape: Any) -> str:
    return json.dumps(shape, ensure_ascii=False, indent=2)
