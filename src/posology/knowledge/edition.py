"""label/ as one frozen edition: dictionary, rules, parameters, sources, and the hash of it all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from posology.knowledge import claims, dictionary, parameters
from posology.knowledge.faults import KnowledgeError
from posology.knowledge.files import Root, editions, fingerprint, names, toml
from posology.knowledge.rules import Row, Table, tables


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
    contested: Mapping[str, claims.Contested] = field(default_factory=dict)

    def rows(self) -> list[Row]:
        """Every row of every table."""
        return [row for table in self.tables.values() for row in table.rows]


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
    if "coverage.toml" in names(name, root=root):
        documents["coverage"] = toml(f"{name}/coverage.toml", root)
    documents["claims"] = claims.documents(root)
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
        contested=claims.contested(found, root),
    )


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
