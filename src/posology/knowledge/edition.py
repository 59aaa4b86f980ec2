"""label/ as one frozen edition: dictionary, rules, parameters, sources, and the hash of it all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from posology.knowledge import claims, dictionary, parameters
from posology.knowledge.advice import Section, advice
from posology.knowledge.faults import KnowledgeError
from posology.knowledge.files import Root, editions, fingerprint, names, toml
from posology.knowledge.monitoring import Item, Spoken, items
from posology.knowledge.preparation import Preparation, preparation
from posology.knowledge.rules import Row, Table, tables

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Site:
    """What one clinic settles for itself: edition, zone, and overrides of policy rows with author and reason."""

    edition: str | None = None
    zone: str | None = None
    policy: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """One document of sources.toml. A lower rank prevails."""

    id: str
    title: str
    kind: str
    jurisdiction: str
    edition: str
    date: str
    rank: int
    good_for: str


@dataclass(frozen=True)
class Edition:
    """Everything one jurisdiction's answers rest on. `knowledge` is its hash, site overrides included."""

    id: str
    knowledge: str
    tables: Mapping[str, Table]
    criteria: Mapping[str, Table]
    facts: Mapping[str, dictionary.FactEntry]
    observables: Mapping[str, dictionary.Observable]
    regimen: parameters.Regimen
    policy: parameters.Policy
    product: Mapping[str, Any]
    sources: Mapping[str, Source]
    documents: Mapping[str, Mapping[str, Any]]
    monitoring: tuple[Item, ...]
    preparation: Preparation | None = None
    advice: tuple[Section, ...] = ()
    contested: Mapping[str, claims.Contested] = field(default_factory=dict)
    _made: dict[Callable[[Edition], Any], Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def once(self, make: Callable[[Edition], Made]) -> Made:
        """What `make` makes of this edition: made at the first call and kept as long as the edition."""
        if make not in self._made:
            self._made[make] = make(self)
        found: Made = self._made[make]
        return found

    def rows(self) -> list[Row]:
        """Every row of every table."""
        return [row for table in self.tables.values() for row in table.rows]

    def parts(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Every part of the other documents by name: a table, or one of a list of rows."""
        found: list[tuple[str, Mapping[str, Any]]] = []
        for name, document in self.documents.items():
            for part, row in document.items() if name not in ("claims", "coverage") else ():
                rows = row if isinstance(row, list) else [row]
                found += [
                    (f"{name}.{one.get('id', part) if isinstance(row, list) else part}", one)
                    for one in rows
                    if isinstance(one, dict)
                ]
        return found


def load_edition(name: str, site: Site | None = None, root: Root | None = None) -> Edition:
    """One edition by name. Raises KnowledgeError with one line a fault; an unknown name lists the editions there are.

    `root`: a folder laid over label/ with another regimen: its edition's folder, `questions.toml`, `sources.toml`, `codes/`.
    """
    return _build(name, site.policy, root) if site and site.policy else _plain(name, root)


@cache
def _plain(name: str, root: Root | None) -> Edition:
    return _build(name, {}, root)


def _build(name: str, overrides: Mapping[str, Any], root: Root | None) -> Edition:
    if name not in editions(root):
        raise KnowledgeError("edition", [f"no edition is called {name!r}; there are: {', '.join(editions(root))}"])
    found = sources(root)
    fresh = parameters.policy(toml("policy.toml"), overrides)
    for fact in dictionary.facts().values():
        if fact.pick.fresh_for and fact.pick.fresh_for not in fresh.freshness:
            raise KnowledgeError(f"facts.toml [{fact.name}]", [f"policy.toml has no freshness.{fact.pick.fresh_for}"])
    documents = {part: toml(f"{name}/{part}.toml", root) for part in ("product", "regimen", "monitoring")}
    present = names(name, root=root)
    documents |= {part: toml(f"{name}/{part}.toml", root) for part in LATER_PARTS if f"{part}.toml" in present}
    documents["claims"] = claims.documents(root)
    spoken = Spoken(name, found, dictionary.facts(), dictionary.observables(), fresh.rows["monitoring"])
    return Edition(
        id=name,
        knowledge=fingerprint(name, json.dumps(overrides, sort_keys=True, default=str), root),
        tables=_ordered(tables(f"{name}/rules", found, root), root),
        criteria=tables("criteria", found),
        facts=dictionary.facts(),
        observables=dictionary.observables(),
        regimen=parameters.regimen(documents["regimen"]),
        policy=fresh,
        product=documents["product"],
        sources=found,
        documents=documents,
        monitoring=items(documents["monitoring"], spoken),
        preparation=_prepared(documents, found),
        advice=advice(documents["advice"], spoken) if "advice" in documents else (),
        contested=claims.contested(found, root),
    )


LATER_PARTS = ("preparation", "reproductive", "advice", "coverage")
"""What an edition may lack; what needs it then says so."""


def _prepared(documents: Mapping[str, Any], found: Mapping[str, Source]) -> Preparation | None:
    part = documents.get("preparation")
    return preparation(part, documents["product"], found) if part else None


def _ordered(found: dict[str, Table], root: Root | None) -> dict[str, Table]:
    """The tables in the order of questions.toml. Raises KnowledgeError where the two differ."""
    order = toml("questions.toml", root)["order"]
    if set(order) != set(found):
        raise KnowledgeError("questions.toml", [f"lists other questions than rules/: {sorted(set(order) ^ set(found))}"])
    return {name: found[name] for name in order}


def sources(root: Root | None = None) -> dict[str, Source]:
    """Every document there is to cite."""
    listed = {**toml("sources.toml"), **(toml("sources.toml", root) if root else {})}
    return {
        name: Source(
            name,
            row["title"],
            row["kind"],
            row["jurisdiction"],
            row["edition"],
            str(row.get("date", "undated")),
            row["rank"],
            row["good_for"],
        )
        for name, row in listed.items()
    }
