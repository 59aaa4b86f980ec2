"""Everything whose wording or figure nobody here has read in the document it cites, for two people to check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from textwrap import wrap
from typing import Any

from posology.knowledge import SEEN, Edition, Row, UnknownName, code_rows
from posology.knowledge.files import folders, names, toml
from posology.knowledge.grades import ctcae
from posology.knowledge.medicines import qt_list
from posology.knowledge.rates import Rate, rates, terms
from posology.language import Compare, leaves
from posology.say.pages.coverage import label_of
from posology.say.words import WIDTH
from posology.units import normalise

Rows = list[dict[str, Any]]
Cited = Mapping[str, Any]
UNSEEN = ("recalled", "secondary")
"""How a wording was seen that nobody here has read in the document itself."""
TEXTS = ("states", "what", "says", "text", "title", "reading", "means", "concern", "ask", "explains")
NOT_FIGURES = (*TEXTS, "id", "term", "cites", "source", "section", "seen", "confidence", "settles", "number", "state", "why")
KINDS = {"vod": "criterion", "tumour_lysis": "criterion", "medicines": "medicine"}
SHARED = {"panels.toml": "panel", "exposure.toml": "exposure", "chair.toml": "chair", "checks.toml": "check"}
RATES = {"reactions": "reaction", "efficacy": "efficacy"}


def unverified(edition: Edition) -> Rows:
    """Every statement of one edition whose wording is recalled or at second hand, with source, section and figures."""
    found = [_rule(row, "rule") for row in edition.rows() if row.seen in UNSEEN]
    own = {"source": label_of(edition).id}
    for name, document in edition.documents.items():
        if name != "claims":
            found += _parts(name, document, "", own)
    return [*found, *_claims(edition)]


def published(edition: Edition) -> Rows:
    """The same of what all editions share: published criteria, grades, medicines, panels of tests, models, rates."""
    found = [_rule(row, "criterion") for table in edition.criteria.values() for row in table.rows if row.seen in UNSEEN]
    for folder, kind in KINDS.items():
        for name in names(f"criteria/{folder}"):
            found += _parts(kind, toml(f"criteria/{folder}/{name}"), "", {})
    for version in folders("criteria/ctcae"):
        for name in names(f"criteria/ctcae/{version}"):
            found += _parts("grade", toml(f"criteria/ctcae/{version}/{name}"), version, {})
    for name, kind in SHARED.items():
        found += _parts(kind, toml(name), "", {})
    return [*found, *_clinical(), *_qt_drugs(), *_rates()]


def chosen(kind: str | None, edition: Edition) -> Rows:
    """All of it, one kind, or one way of being unseen; `codes` only by name. Raises UnknownName with the line to print."""
    if kind == "codes":
        return codes()
    rows = [*unverified(edition), *published(edition)]
    kinds = [*dict.fromkeys(row["kind"] for row in rows), *UNSEEN, "codes"]
    if kind is not None and kind not in kinds:
        raise UnknownName(f"nothing unverified is of the kind {kind!r}; there are: {', '.join(kinds)}")
    return [row for row in rows if kind in (None, row["kind"], row["seen"])]


def codes() -> Rows:
    """Every recalled code of the code lists."""
    return [
        _entry("code", row.code, row.display, row.observable, {"source": row.system, "section": row.provenance})
        for row in code_rows()
        if row.confidence == "R"
    ]


def _entry(kind: str, id: str, says: str, figure: str, cites: Cited, seen: str = "recalled") -> dict[str, Any]:
    where = {"source": cites["source"], "section": str(cites.get("section", "")), "row": cites.get("row") or None}
    confidence = cites.get("confidence", SEEN[seen])
    return {"kind": kind, "id": id, "says": says, "figure": figure or None, **where, "seen": seen, "confidence": confidence}


def _rule(row: Row, kind: str) -> dict[str, Any]:
    figures = "; ".join(dict.fromkeys(_figure(leaf) for leaf in leaves(row.when) if isinstance(leaf, Compare)))
    cites = {"source": row.cites.source, "section": row.cites.section, "row": row.cites.row, "confidence": row.confidence}
    return _entry(kind, f"{row.question}.{row.id}", row.states, figures, cites, row.seen)


def _figure(leaf: Compare) -> str:
    number = normalise(leaf.limit.number)
    return f"{leaf.fact} {leaf.operator} {number}" + (f" * {leaf.limit.of}" if leaf.limit.of else "")


def _parts(kind: str, part: Any, name: str, above: Cited) -> Rows:
    """Every unseen part of one file, however deep; what cites nothing itself stands under the citation above it."""
    if isinstance(part, list):
        return [row for one in part for row in _parts(kind, one, name, above)]
    if not isinstance(part, Mapping):
        return []
    own = str(part.get("id") or part.get("number") or " ".join(filter(None, (name, part.get("term")))))
    cites = _cites(part, own, above)
    found = [_part(kind, own, part, cites)] if part.get("seen") in UNSEEN else []
    inner = own if "seen" in part else None
    below = ((value, f"{inner} {key}" if inner else key) for key, value in part.items() if key != "cites")
    return found + [row for value, key in below for row in _parts(kind, value, _kept(kind, name, key), cites)]


def _kept(kind: str, name: str, key: str) -> str:
    """The name under which a part of a part is listed: of grades the version stays."""
    return name if kind == "grade" else key


def _cites(part: Cited, own: str, above: Cited) -> Cited:
    """Where a part is to be looked up: its own citation, or its own source under what is above it."""
    cites = part.get("cites", above)
    if "source" in part:
        cites = {"source": part["source"], "section": part.get("section", ""), "row": own}
    elif "number" in part:
        cites = {**above, "section": part["number"]}
    return {**cites, **({"confidence": part["confidence"]} if "confidence" in part else {})}


def _part(kind: str, name: str, part: Cited, cites: Cited) -> dict[str, Any]:
    said = next((str(part[key]) for key in TEXTS if key in part), "")
    figures = "; ".join(f"{key} {_plain(value)}" for key, value in part.items() if key not in NOT_FIGURES)
    return _entry(kind, name, said, figures, cites, part["seen"])


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return normalise(value)
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_plain(part)}" for key, part in value.items())
    return str(value)


def _clinical() -> Iterator[dict[str, Any]]:
    for term in ctcae().clinical.values():
        grades = "; ".join(f"{grade}: {says}" for grade, says in term.grades.items())
        cites = {"source": term.cites.source, "section": term.cites.section, "row": term.cites.row}
        if term.seen in UNSEEN:
            yield _entry("grade", f"{term.version} {term.id}", grades, "", cites, term.seen)


def _qt_drugs() -> Iterator[dict[str, Any]]:
    listed = qt_list()
    cites = {"source": listed.cites.source, "section": listed.cites.section, "row": listed.name}
    for drug in listed.drugs.values():
        says = f"{drug.says}; {drug.note}" if drug.note else drug.says
        seen = "recalled" if drug.confidence == "R" else "secondary"
        yield _entry("medicine", drug.name, says, drug.category, cites, seen)


def _rates() -> Iterator[dict[str, Any]]:
    for kind, singular in RATES.items():
        for one in rates(kind):
            if one.seen in UNSEEN:
                asked = (one.term, one.counted.id, one.arm, one.grade, one.timing)
                says = f"{terms(kind)[one.term].name}: {one.counted.population}, {one.arm}"
                cites = {"source": one.source, "section": one.section, "row": one.note}
                yield _entry(singular, ", ".join(filter(None, asked)), says, _rate(one), cites, one.seen)


def _rate(one: Rate) -> str:
    value = f"{one.bound} {normalise(one.value)} {one.unit}".strip() if one.value is not None else ""
    between = f"{normalise(one.low)} to {normalise(one.high)}" if one.low is not None and one.high is not None else ""
    counted = f"{one.count} of {one.n}" if one.count is not None else ""
    return "; ".join(filter(None, (value, between, counted)))


def _claims(edition: Edition) -> Iterator[dict[str, Any]]:
    for point in edition.contested.values():
        if point.seen in UNSEEN:
            cites = {"source": ", ".join(point.rules), "row": "ruling", "confidence": point.confidence}
            yield _entry("claim", point.id, point.text, point.figure, cites, point.seen)
        for voice in point.voices:
            if voice.seen in UNSEEN:
                cites = {"source": voice.source, "section": voice.where, "row": voice.who}
                yield _entry("claim", point.id, voice.says, voice.figure, cites, voice.seen)


def told(rows: Rows) -> str:
    """The list in words, with a line to sign under each, and how many there are of each kind."""
    kinds = Counter(row["kind"] for row in rows)
    seen = ", ".join(f"{count} {how}" for how, count in Counter(row["seen"] for row in rows).items())
    parts = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    return "\n".join(line for row in rows for line in _told(row)) + f"\n\n{len(rows)} statements ({seen}): {parts}"


def _told(row: dict[str, Any]) -> Iterator[str]:
    where = ", ".join(filter(None, (f"{row['source']} {row['section']}".strip(), row["row"])))
    yield f"{row['kind']} {row['id']} ({row['seen']}): look in {where}"
    for line in filter(None, (row["says"], row["figure"] and f"figures: {row['figure']}")):
        yield from wrap(line, WIDTH, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)
    yield "    checked by, on: ______________________   and by, on: ______________________"
