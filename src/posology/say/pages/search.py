"""Search over the knowledge: regimens, questions, rules, facts, policy, sources, contested points, requests, words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from textwrap import wrap
from typing import Any

from posology.knowledge import Edition, editions, load_edition, sources
from posology.knowledge.claims import contested
from posology.knowledge.criteria import panels
from posology.knowledge.files import names, toml
from posology.knowledge.medicines import qt_list
from posology.knowledge.panel import CriteriaSet, Scale
from posology.knowledge.rates import terms
from posology.say.words import WIDTH

SHOWN = 10
KINDS = ("regimen", "question", "word", "claim", "fact", "rule", "policy", "monitoring", "source", "request")
"""Of two entries that fit alike, the earlier kind comes first; other files of an edition come last."""
EXACT, TITLE, START, TEXT = 100, 10, 2, 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to find: its kind and name, a title, its text, the file it lives in, what to type next."""

    kind: str
    id: str
    title: str
    text: str
    where: str
    next: str


def spelt(text: str) -> str:
    """Text with its spellings made one: small letters, `leukaemia` as `leukemia`."""
    text = text.casefold()
    for one, other in toml("search.toml")["spelling"]:
        text = text.replace(one, other)
    return text


def words_in(text: str) -> list[str]:
    """The words of a text as the search compares them, a plural `s` taken off."""
    return [word.removesuffix("s") for word in re.findall(r"[^\W_]+", spelt(text))]


def find(query: str) -> list[tuple[int, Entry]]:
    """What fits every word of the query, or a phrase that means the same, the best first, each with its score."""
    ways = _ways(query)
    scored = [(max(_score(way, entry) for way in ways), entry.entry) for entry in _read()]
    rank = {kind: place for place, kind in enumerate(KINDS)}
    hits = [(score, entry) for score, entry in scored if score > 0]
    return sorted(hits, key=lambda hit: (-hit[0], rank.get(hit[1].kind, len(KINDS)), hit[1].id))


def _ways(query: str) -> list[tuple[list[str], bool]]:
    """The query itself, and the phrases of its group in search.toml; the latter count for less."""
    asked = words_in(query)
    ways = [(asked, True)]
    for group in toml("search.toml")["same"]:
        phrases = [words_in(phrase) for phrase in group]
        if asked in phrases:
            ways += [(phrase, False) for phrase in phrases if phrase != asked]
    return ways


@dataclass(frozen=True, slots=True)
class _Worded:
    """An entry, and its words as the search compares them, a space before and after each."""

    entry: Entry
    id: list[str]
    title: str
    text: str


@cache
def _read() -> tuple[_Worded, ...]:
    return tuple(_Worded(one, words_in(one.id), _spaced(f"{one.id} {one.title}"), _spaced(one.text)) for one in entries())


def _spaced(text: str) -> str:
    return f" {' '.join(words_in(text))} "


def _score(way: tuple[list[str], bool], entry: _Worded) -> int:
    sought, own = way
    title, text = entry.title, entry.text
    if own and sought == entry.id:
        return EXACT
    parts = [_word(word, title, text) for word in sought]
    if not parts or 0 in parts:
        return 0
    together = f" {' '.join(sought)} "
    near = len(sought) == 1 or together in title or together in text
    if not own and not near:
        return 0
    return min(parts) + sum((2 if own else 0, 1 if near else 0, 2 if entry.entry.kind == "regimen" else 0))


def _word(word: str, title: str, text: str) -> int:
    """How well a word fits: whole or as a beginning (of three letters or more), in the title or in the text."""
    if f" {word} " in title:
        return TITLE
    begins = f" {word}" if len(word) > 2 else f" {word} "
    return START if begins in title else TEXT if begins in text else 0


@cache
def entries() -> tuple[Entry, ...]:
    """Everything there is to find, in the order of the knowledge."""
    return tuple([*_shared(), *_published(), *(entry for name in editions() for entry in _of(load_edition(name)))])


def _shared() -> Iterator[Entry]:
    for word, means in toml("glossary.toml").items():
        yield Entry("word", word, "", means, "glossary.toml", "")
    for name, point in contested(sources()).items():
        said = " ".join(f"{voice.who} {voice.says} {voice.figure}" for voice in point.voices)
        text = f"{point.text} {point.figure} {point.reason} {point.harm} {said}"
        yield Entry("claim", name, point.point, text, "claims/", f"posology sources conflicts {name}")
    for name, source in sources().items():
        yield Entry("source", name, source.title, f"{source.kind} {source.good_for}", "sources.toml", "posology sources")
    for name, row in toml("requirements.toml").items():
        yield Entry(
            "request", name, row["says"], row.get("lacks", ""), "requirements.toml", f"posology sources trace {name}"
        )


def _published() -> Iterator[Entry]:
    """What every edition shares: published sets and scales, medicines of the QT list, panels of tests, rates."""
    for panel in panels().values():
        both: list[CriteriaSet | Scale] = [*panel.sets.values(), *panel.scales.values()]
        for one in both:
            yield Entry(
                "criterion", one.id, one.title, one.said.states, f"criteria/{panel.id}/", f"posology label show {one.id}"
            )
    for drug in qt_list().drugs.values():
        where = "criteria/medicines/qt_drugs.toml"
        yield Entry("medicine", drug.name, "", f"{drug.says} QT {drug.note}", where, "posology label show qt_drugs")
    for name, row in toml("panels.toml").items():
        tests = " ".join(test["name"] for test in row["tests"])
        yield Entry("panel", name, row["name"], f"{row['explains']} {tests}", "panels.toml", "posology label show panels")
    for command, kind in (("reactions", "reaction"), ("efficacy", "efficacy")):
        for term in terms(command).values():
            text = f"{' '.join(term.also)} {term.why}"
            yield Entry(kind, term.id, term.name, text, f"{command}/terms.toml", f"posology {command} {term.id}")


def _of(edition: Edition) -> Iterator[Entry]:
    yield _regimen(edition)
    tables = {**edition.tables, **edition.criteria}
    files = {name: path for path, name in _rule_files(edition)}
    for table in tables.values():
        show = f"posology label show {table.id} --edition {edition.id}"
        yield Entry("question", table.id, table.asks, "", files.get(table.id, "criteria/"), show)
        for row in table.rows:
            where = files.get(f"{table.id}.{row.id}", f"criteria/{table.id}.toml")
            yield Entry("rule", f"{table.id}.{row.id}", "", f"{row.states} {row.reading}", where, show)
    for fact in edition.facts.values():
        text = f"{fact.ask} {' '.join(fact.words)}"
        yield Entry("fact", fact.name, fact.means, text, "facts.toml", f"posology label show {fact.name}")
    for name, decided in edition.policy.rows.items():
        yield Entry("policy", name, "", decided["reason"], "policy.toml", "posology label show policy")
    for kind, document in edition.documents.items():
        if kind != "claims":
            yield from (_part(kind, name, part, edition) for name, part in _named(document))


def _regimen(edition: Edition) -> Entry:
    product = edition.product
    title = f"{product['name']} ({product.get('brand', '')}), edition {edition.id.upper()}: {product.get('indication', '')}"
    text = f"{edition.regimen.name} treatment regimen drug cancer"
    return Entry("regimen", product["name"], title, text, f"{edition.id}/", f"posology label show --edition {edition.id}")


def _rule_files(edition: Edition) -> Iterator[tuple[str, str]]:
    """The file of every question and of every row."""
    for name in names(f"{edition.id}/rules"):
        path = f"{edition.id}/rules/{name}"
        document = toml(path)
        question = document.get("continues") or document["id"]
        yield from [(path, question)] if "id" in document else []
        yield from ((path, f"{question}.{row['id']}") for row in document["row"])


def _named(document: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The parts of one file of an edition that have a name."""
    for key, value in document.items():
        if isinstance(value, dict):
            yield key, value
        elif isinstance(value, list):
            yield from ((str(one.get("id") or one.get("number") or key), one) for one in value if isinstance(one, dict))


def _part(kind: str, name: str, part: dict[str, Any], edition: Edition) -> Entry:
    title = str(part.get("what") or part.get("title") or part.get("means") or "")
    text = " ".join(f"{key} {value}" for key, value in part.items() if key not in ("cites", "id"))
    follow = f"posology label coverage --edition {edition.id}" if kind == "coverage" else ""
    return Entry(kind, name, title, text, f"{edition.id}/{kind}.toml", follow)


def near(query: str) -> list[str]:
    """Words of the knowledge that look like the one that was not found."""
    known = {word.casefold(): word for word in _vocabulary()}
    return [known[word] for word in get_close_matches(query.casefold(), known, cutoff=toml("search.toml")["near"])]


def _vocabulary() -> Iterator[str]:
    for group in toml("search.toml")["same"]:
        yield from group
    for entry in entries():
        yield from (word for word in re.findall(r"[^\W\d_]{4,}", f"{entry.id} {entry.title} {entry.text}".replace("_", " ")))


def shape(hits: list[tuple[int, Entry]]) -> list[dict[str, Any]]:
    """What was found, as JSON."""
    return [
        {"kind": e.kind, "id": e.id, "title": e.title, "where": e.where, "next": e.next or None, "score": score}
        for score, e in hits
    ]


def told(query: str, hits: list[tuple[int, Entry]]) -> str:
    """What was found in words, the best first; where nothing was, one line with words that look like it."""
    if not hits:
        like = near(query)
        return f"nothing speaks of {query!r}" + (f"; did you mean {' or '.join(like)}?" if like else "")
    lines = [line for _, entry in hits[:SHOWN] for line in _told(entry)]
    more = len(hits) - SHOWN
    return "\n".join(lines + ([f"and {more} more: add a word, or --json for all"] if more > 0 else []))


def _told(entry: Entry) -> Iterator[str]:
    said = entry.title or entry.text
    yield from wrap(f"{entry.kind} {entry.id}: {said}".rstrip(": "), WIDTH, subsequent_indent="    ", break_on_hyphens=False)
    yield f"    label/{entry.where}" + (f"   next: {entry.next}" if entry.next else "")
