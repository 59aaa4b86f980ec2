"""label/ as one frozen edition: dictionary, rules, parameters, sources, and the hash of it all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeVar

from posology.knowledge import claims, dictionary, parameters
from posology.knowledge.faults import KnowledgeError
from posology.knowledge.files import Root, editions, fingerprint, names, toml
from posology.knowledge.monitoring import Item, Spoken, items
from posology.knowledge.rules import Row, Table, tables

if TYPE_CHECKING:
    from posology.knowledge.advice import Section
    from posology.knowledge.preparation import Preparation

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


class Documents(Mapping[str, Mapping[str, Any]]):
    """The files of one edition by name, as written. Each is read when it is first asked for."""

    def __init__(self, readers: Mapping[str, Callable[[], Mapping[str, Any]]]) -> None:
        self._readers = readers

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        return self._readers[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._readers)

    def __len__(self) -> int:
        return len(self._readers)


@dataclass(frozen=True)
class Edition:
    """Everything one jurisdiction's answers rest on. `knowledge` is its hash, site overrides included.

    What a decision rests on is there from the start; preparation and advice are made when they are first asked for.
    """

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
    contested: Mapping[str, claims.Contested] = field(default_factory=dict)
    _made: dict[Callable[[Edition], Any], Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def once(self, make: Callable[[Edition], Made]) -> Made:
        """What `make` makes of this edition: made at the first call and kept as long as the edition."""
        if make not in self._made:
            self._made[make] = make(self)
        found: Made = self._made[make]
        return found

    @property
    def preparation(self) -> Preparation | None:
        """How the product is kept, mixed and timed; None where that is not written."""
        return self.once(_preparation)

    @property
    def advice(self) -> tuple[Section, ...]:
        """What to do around the doses; empty where that is not written."""
        return self.once(_advice)

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
    documents = _documents(name, root)
    spoken = Spoken(name, found, dictionary.facts(), dictionary.observables(), fresh.rows["monitoring"])
    edition = Edition(
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
        contested=claims.contested(found, root),
    )
    if root:
        _read_whole(edition)
    return edition


def _documents(name: str, root: Root | None) -> Documents:
    present = names(name, root=root)
    parts = (*PARTS, *(part for part in LATER_PARTS if f"{part}.toml" in present))
    return Documents(
        {**{part: partial(toml, f"{name}/{part}.toml", root) for part in parts}, "claims": partial(claims.documents, root)}
    )


PARTS = ("product", "regimen", "monitoring")
LATER_PARTS = ("preparation", "reproductive", "advice", "coverage")
"""What an edition may lack; what needs it then says so."""


def _read_whole(edition: Edition) -> None:
    """Find the faults of a regimen kept elsewhere before it is used: our tests have read label/ whole, and not this one."""
    list(edition.documents.values())
    edition.once(_preparation)
    edition.once(_advice)


def _spoken(edition: Edition) -> Spoken:
    return Spoken(edition.id, edition.sources, edition.facts, edition.observables, edition.policy.rows["monitoring"])


def _preparation(edition: Edition) -> Preparation | None:
    from posology.knowledge.preparation import preparation

    part = edition.documents.get("preparation")
    return preparation(part, edition.product, edition.sources) if part else None


def _advice(edition: Edition) -> tuple[Section, ...]:
    from posology.knowledge.advice import advice

    return advice(edition.documents["advice"], _spoken(edition)) if "advice" in edition.documents else ()


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
