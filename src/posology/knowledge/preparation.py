"""Storage, preparation and clocks of one edition as typed parameters. Computes no time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from posology.knowledge.faults import KnowledgeError, entry, only
from posology.knowledge.rules import SEEN, Cites

MOMENTS = ("reconstituted", "diluted", "out_of_fridge", "ended")
HELD = ("any", "room", "refrigerated")
CLOCK = {"id", "means", "from", "to", "held", "minutes", "cites", "seen", "confidence", "reading", "settles", "figures"}


@dataclass(frozen=True, slots=True)
class Figure:
    """What one source gives for a clock: minutes, or in words why there is no figure."""

    source: str
    minutes: int | None
    says: str
    seen: str


@dataclass(frozen=True, slots=True)
class Clock:
    """From one moment of a preparation to another: the minutes that rule, and every source's own figure."""

    id: str
    means: str
    starts: str
    stops: str
    held: str
    minutes: int
    cites: Cites
    seen: str
    confidence: str
    reading: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One line of handling, with its source."""

    id: str
    says: str
    cites: Cites
    seen: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Preparation:
    """How the product is kept, mixed and timed. Temperatures in °C, times in minutes."""

    low_c: Decimal
    high_c: Decimal
    diluent: str
    written: tuple[str, ...]
    warming_minutes: int
    infusion_minutes: int
    observe_minutes: int
    storage: Cites
    observation: Cites
    clocks: tuple[Clock, ...]
    steps: tuple[Step, ...]


def preparation(document: Mapping[str, Any], product: Mapping[str, Any], sources: Mapping[str, object]) -> Preparation:
    """label/<edition>/preparation.toml as parameters. Raises KnowledgeError for what is uncited or misspelt."""
    clocks = tuple(_clock(row, sources) for row in document["clock"])
    return Preparation(
        low_c=Decimal(document["unopened"]["low_c"]),
        high_c=Decimal(document["unopened"]["high_c"]),
        diluent=document["diluent"]["dilution"],
        written=tuple(document["diluent"]["written"]),
        warming_minutes=document["warming"]["minutes"],
        infusion_minutes=product["bag"]["infusion_minutes"],
        observe_minutes=document["observation"]["minutes"],
        storage=Cites(**document["unopened"]["cites"]),
        observation=Cites(**document["observation"]["cites"]),
        clocks=clocks,
        steps=tuple(_step(row, sources) for row in document["step"]),
    )


def _clock(row: dict[str, Any], sources: Mapping[str, object]) -> Clock:
    where = f"preparation.toml clock {row.get('id', '?')}"
    only(row, CLOCK, where)
    figures = tuple(_figure(one, where, sources) for one in row["figures"])
    known = [one.minutes for one in figures if one.minutes is not None]
    if row["from"] not in MOMENTS or row["to"] not in MOMENTS or row["held"] not in HELD:
        raise KnowledgeError(where, [f"from and to are of {', '.join(MOMENTS)}; held is one of {', '.join(HELD)}"])
    if row["minutes"] != min(known):
        raise KnowledgeError(where, [f"the strictest figure rules: {min(known)} min, not {row['minutes']}"])
    return Clock(
        id=str(entry(row, "id", where)),
        means=str(entry(row, "means", where)),
        starts=row["from"],
        stops=row["to"],
        held=row["held"],
        minutes=row["minutes"],
        cites=_cites(row, where, sources),
        seen=row["seen"],
        confidence=row.get("confidence", SEEN[row["seen"]]),
        reading=row.get("reading", ""),
        figures=figures,
    )


def _figure(row: dict[str, Any], where: str, sources: Mapping[str, object]) -> Figure:
    only(row, {"source", "minutes", "says", "seen"}, where)
    if row["source"] not in sources or row["seen"] not in SEEN or ("minutes" in row) == ("says" in row):
        raise KnowledgeError(where, ["a figure has a source of sources.toml, seen, and either minutes or says"])
    return Figure(row["source"], row.get("minutes"), row.get("says", ""), row["seen"])


def _step(row: dict[str, Any], sources: Mapping[str, object]) -> Step:
    where = f"preparation.toml step {row.get('id', '?')}"
    only(row, {"id", "says", "cites", "seen", "confidence"}, where)
    cites = _cites(row, where, sources)
    return Step(row["id"], row["says"], cites, row["seen"], row.get("confidence", SEEN[row["seen"]]))


def _cites(row: dict[str, Any], where: str, sources: Mapping[str, object]) -> Cites:
    if row["seen"] not in SEEN or row["cites"].get("source") not in sources:
        raise KnowledgeError(where, ["cites a source of sources.toml and says how it was seen"])
    return Cites(**row["cites"])
