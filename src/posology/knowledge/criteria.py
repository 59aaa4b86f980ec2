"""label/criteria/ → panels of published criteria any regimen may use. Refuses the uncited, the misspelt, the unexplained.

A panel is a folder of label/criteria/; its files are read as one. An item is a condition of the house's language, with its
limit per unit where the source states one; a trend is a typed fact read from several readings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

from posology.knowledge.dictionary import FactEntry, Pick, facts, observables
from posology.knowledge.edition import sources
from posology.knowledge.faults import KnowledgeError, entry, only
from posology.knowledge.files import folders, names, toml
from posology.knowledge.panel import (
    ALWAYS,
    IN_WINDOW,
    CriteriaSet,
    Criterion,
    InUnit,
    Item,
    Panel,
    Scale,
    Stated,
    Trend,
    Way,
    Window,
    beside,
)
from posology.knowledge.rules import SCALE, SEEN, Cites, unstated
from posology.language import compiled, facts_in, faults, read

KINDS = {"set", "item", "scale", "trend", "risk", "signal", "alert"}
CITED = {"cites", "seen", "confidence", "states", "reading", "settles"}
ITEM_KEYS = CITED | {"title", "when", "in_unit", "each", "sign", "explained_by"}
SET_KEYS = CITED | {"title", "window", "applies", "with", "way", "within_h", "late_after"}
SCALE_KEYS = CITED | {"title", "classes", "rule", "applies", "criterion", "at_least", "outright", "lifted_if", "starred"}
RULES = ("two_or_more", "most_severe")


@cache
def panels() -> Mapping[str, Panel]:
    """Every panel of label/criteria/, by name. Raises KnowledgeError."""
    return MappingProxyType(
        {name: _panel(name) for name in folders("criteria") if "panel.toml" in names(f"criteria/{name}")}
    )


def panel_of(question: str) -> Panel | None:
    """The panel in which a set or a scale of this name stands; None where there is none."""
    return next((panel for panel in panels().values() if question in panel.sets or question in panel.scales), None)


def _panel(name: str) -> Panel:
    folder = f"criteria/{name}"
    parts = _parts(folder)
    head = toml(f"{folder}/panel.toml")["panel"]
    where = f"{folder}/panel.toml"
    only(head, {"title", "texts", "could_be", "written_for", "released_by", "days_before", "fresh", "sets", "shown"}, where)
    trends = {key: _trend(key, row, folder) for key, row in parts["trend"].items()}
    known = {**facts(), **{key: trend.fact for key, trend in trends.items()}}
    read_ = {kind: {key: _item(key, row, folder, known) for key, row in parts[kind].items()}
             for kind in ("item", "risk", "signal", "alert")}  # fmt: skip
    sets = {key: _set(key, row, folder, known) for key, row in parts["set"].items()}
    panel = Panel(
        id=name,
        title=str(entry(head, "title", where)),
        texts=head.get("texts", {}),
        could_be=head.get("could_be"),
        written_for=head.get("written_for"),
        released_by=(head["released_by"]["fact"], head["released_by"]["word"]) if "released_by" in head else None,
        days_before=head.get("days_before", 0),
        fresh={fact: policy for policy, several in head.get("fresh", {}).items() for fact in several},
        sets={key: sets[key] for key in head["sets"] if key in sets},
        items=read_["item"],
        scales={key: _scale(key, row, folder, known) for key, row in parts["scale"].items()},
        trends=trends,
        risks=read_["risk"],
        signals=read_["signal"],
        alerts=read_["alert"],
        shown=tuple(head.get("shown", ())),
    )
    _refuse_gaps(panel, head["sets"], set(sets), where)
    return panel


def _parts(folder: str) -> dict[str, dict[str, Any]]:
    """The tables of every file of the folder, by kind; a scale may go on in a second file with further criteria."""
    found: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
    for name in names(folder):
        document = toml(f"{folder}/{name}")
        only(document, KINDS | {"panel"}, f"{folder}/{name}")
        for kind in KINDS:
            for key, row in document.get(kind, {}).items():
                found[kind][key] = _joined(found[kind].get(key), row, f"{folder}/{name} {key}")
    return found


def _joined(earlier: dict[str, Any] | None, row: dict[str, Any], where: str) -> dict[str, Any]:
    if earlier is None:
        return row
    whole, rest = (earlier, row) if set(row) == {"criterion"} else (row, earlier)
    if set(rest) != {"criterion"} or set(whole.get("criterion", {})) & set(rest["criterion"]):
        raise KnowledgeError(where, ["stands in two files"])
    return {**whole, "criterion": {**whole["criterion"], **rest["criterion"]}}


def _refuse_gaps(panel: Panel, order: list[str], sets: set[str], where: str) -> None:
    """Every name that is used exists, and every set and item is used."""
    problems = [f"sets lists {name!r}, or leaves it out" for name in sorted(set(order) ^ sets)]
    used = {name for one in panel.sets.values() for name in one.items}
    problems += [f"item {name!r} is used and not described, or the reverse" for name in sorted(used ^ set(panel.items))]
    problems += [f"{name}: no set {one.on!r}" for name, one in panel.sets.items() if one.on and one.on not in panel.sets]
    asked = {*panel.shown, *panel.fresh, *filter(None, [panel.written_for])}
    asked |= {panel.released_by[0]} if panel.released_by else set()
    asked |= {item.explained_by for item in panel.items.values() if item.explained_by}
    asked |= {name for one in panel.sets.values() if (w := one.window) for name in (w.days, w.only_if) if name}
    problems += [f"no fact is called {name!r}" for name in sorted(asked - set(panel.dictionary))]
    if panel.could_be is not None and panel.could_be not in SCALE:
        problems.append(f"could_be is one of {', '.join(SCALE)}")
    if problems:
        raise KnowledgeError(where, problems)


def _said(row: dict[str, Any], where: str) -> Stated:
    """Citation, wording and statement. Raises KnowledgeError."""
    for key in ("cites", "seen", "states"):
        entry(row, key, where)
    problems = []
    if row["cites"].get("source") not in sources():
        problems.append(f"cites {row['cites'].get('source')!r}, which sources.toml does not list")
    if row["seen"] not in SEEN:
        problems.append(f"seen is one of {', '.join(SEEN)}")
    if problems:
        raise KnowledgeError(where, problems)
    return Stated(
        Cites(**row["cites"]),
        row["seen"],
        row.get("confidence", SEEN[row["seen"]]),
        row["states"],
        row.get("reading", ""),
        tuple(row.get("settles", ())),
    )


def _item(name: str, row: dict[str, Any], folder: str, known: Mapping[str, FactEntry]) -> Item:
    where = f"{folder} {name}"
    only(row, ITEM_KEYS, where)
    condition = read(str(entry(row, "when", where)))
    said = _said(row, where)
    problems = [*faults(condition, known), *unstated(condition, said.states, known)]
    units = tuple(_in_unit(one, said, where, known) for one in row.get("in_unit", ()))
    if row.get("sign", "") not in ("", ALWAYS, IN_WINDOW):
        problems.append(f"sign is {ALWAYS!r} or {IN_WINDOW!r}")
    if problems:
        raise KnowledgeError(where, problems)
    return Item(
        id=name,
        title=str(entry(row, "title", where)),
        said=said,
        text=" ".join(row["when"].split()),
        when=condition,
        test=compiled(condition),
        facts=facts_in(condition),
        units=units,
        each=tuple(row.get("each", ())),
        sign=row.get("sign", ""),
        explained_by=row.get("explained_by"),
    )


def _in_unit(row: dict[str, str], said: Stated, where: str, known: Mapping[str, FactEntry]) -> InUnit:
    """The condition in the other unit, checked with that unit in the fact's place."""
    only(dict(row), {"fact", "unit", "when"}, where)
    fact, unit, condition = row["fact"], row["unit"], read(row["when"])
    turned = {name: replace(one, unit=unit) if beside(name, fact) and one.kind == "number" else one
              for name, one in known.items()}  # fmt: skip
    problems = [*faults(condition, turned), *unstated(condition, said.states, turned)]
    if problems:
        raise KnowledgeError(f"{where} in {unit}", problems)
    return InUnit(fact, unit, condition, compiled(condition))


def _set(name: str, row: dict[str, Any], folder: str, known: Mapping[str, FactEntry]) -> CriteriaSet:
    where = f"{folder} {name}"
    only(row, SET_KEYS, where)
    said = _said(row, where)
    ways = tuple(Way(tuple(way.get("all", ())), way.get("at_least", 0), tuple(way.get("of", ()))) for way in row["way"])
    window = _window(row.get("window"), where)
    phrases = [rf"at least {way.at_least}\b" for way in ways if way.at_least]
    phrases += [rf"\b{row['within_h']} h\b"] if "within_h" in row else []
    limits = [abs(limit) for limit in (window.first, window.last) if limit] if window else []
    phrases += [rf"\bday {limit}\b|\b{limit} days\b" for limit in limits]
    lacking = [phrase for phrase in phrases if not re.search(phrase, said.states)]
    if lacking:
        raise KnowledgeError(where, [f"`states` does not say {phrase!r}" for phrase in lacking])
    return CriteriaSet(
        id=name,
        title=str(entry(row, "title", where)),
        said=said,
        window=window,
        applies=_under(row, "applies", name, said, where, known),
        ways=ways,
        on=row.get("with"),
        within_h=row.get("within_h"),
        late_after=Decimal(row["late_after"]) if "late_after" in row else None,
    )


def _window(row: dict[str, Any] | None, where: str) -> Window | None:
    if row is None:
        return None
    only(row, {"days", "from", "to", "only_if"}, where)
    first, last = (Decimal(row[key]) if key in row else None for key in ("from", "to"))
    return Window(row["days"], first, last, row.get("only_if"))


def _under(
    row: dict[str, Any], key: str, name: str, said: Stated, where: str, known: Mapping[str, FactEntry]
) -> Item | None:
    """A condition that stands under its owner's statement, such as `applies`."""
    if key not in row:
        return None
    condition = read(row[key])
    problems = [*faults(condition, known), *unstated(condition, said.states, known)]
    if problems:
        raise KnowledgeError(f"{where} {key}", problems)
    test, used = compiled(condition), facts_in(condition)
    return Item(f"{name}.{key}", key, said, " ".join(row[key].split()), condition, test, used)


def _scale(name: str, row: dict[str, Any], folder: str, known: Mapping[str, FactEntry]) -> Scale:
    where = f"{folder} {name}"
    only(row, SCALE_KEYS, where)
    said, classes = _said(row, where), tuple(row["classes"])
    if row["rule"] not in RULES:
        raise KnowledgeError(where, [f"rule is one of {', '.join(RULES)}"])
    starred = row.get("starred", {})
    return Scale(
        id=name,
        title=str(entry(row, "title", where)),
        said=said,
        classes=classes,
        rule=row["rule"],
        at_least=row.get("at_least", 1),
        applies=_under(row, "applies", name, said, where, known),
        criteria=tuple(_criterion(name, key, one, folder, known, classes) for key, one in row["criterion"].items()),
        outright=_under(row, "outright", name, said, where, known),
        lifted_if=_under(row, "lifted_if", name, said, where, known),
        starred=tuple(starred.get("criteria", ())),
        starred_at=starred.get("at"),
    )


def _criterion(
    scale: str, name: str, row: dict[str, Any], folder: str, known: Mapping[str, FactEntry], classes: tuple[str, ...]
) -> Criterion:
    where = f"{folder} {scale}.{name}"
    only(row, CITED | {"title", "class", "unless_alone"}, where)
    said = {key: row[key] for key in CITED if key in row}
    strangers = sorted({*row["class"], *filter(None, [row.get("unless_alone")])} - set(classes))
    if strangers:
        raise KnowledgeError(where, [f"{strangers[0]!r} is no class of the scale"])
    said["title"] = row["title"]
    items = {
        one: _item(f"{scale}.{name}.{one}", {**said, **_worded(row["class"][one])}, folder, known)
        for one in classes
        if one in row["class"]
    }
    return Criterion(name, row["title"], items, row.get("unless_alone"))


def _worded(condition: str | dict[str, Any]) -> dict[str, Any]:
    return {"when": condition} if isinstance(condition, str) else condition


def _trend(name: str, row: dict[str, Any], folder: str) -> Trend:
    where = f"{folder} {name}"
    only(row, CITED | {"means", "kind", "fact_kind", "unit", "of", "figures", "ask", "words"}, where)
    of = tuple(row["of"])
    lost = [one for one in of if one not in observables() and one not in facts()]
    if lost:
        raise KnowledgeError(where, [f"no observable and no fact is called {lost[0]!r}"])
    kind = row.get("fact_kind", "yes_no")
    means = str(entry(row, "means", where))
    unit = row.get("unit") if kind == "number" else None
    fact = FactEntry(name, means, kind, Pick("trend", of), unit, (), row.get("ask", f"record: {means}"))
    figures = {key: Decimal(value) for key, value in row.get("figures", {}).items()}
    said = _said(row, where)
    lacking = [key for key, value in figures.items() if not re.search(rf"(?<![\d.]){value}(?![\d.]*\d)", said.states)]
    if lacking:
        raise KnowledgeError(where, [f"the figure {key} does not occur in `states`" for key in lacking])
    return Trend(fact, row["kind"], of, figures, said)
