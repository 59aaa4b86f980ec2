"""The invented clinic of `ranges.toml`, read once: codes, limits, clocks, what a visit holds. Decides nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

Value = Decimal | str | bool
Span = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Analyte:
    """One thing that is measured: its code, its UCUM unit, the laboratory's limits and where values are drawn."""

    key: str
    name: str
    code: str
    unit: str
    step: Decimal
    draw: Span
    limits: Span | None = None
    clock: str = "blood"
    on_top_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VisitKind:
    """What belongs to a visit of this kind: panels of analytes, and the signed review, if any."""

    panels: tuple[str, ...]
    review: str | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """What the clinic books (days) and gives (mg/m2)."""

    days: tuple[int, ...]
    first_cycle_days: int
    extended_cycle_days: int
    later_cycle_days: int
    screening_days_before: int
    marrow_days_before: int
    mg_step: Decimal
    bsa_formula: str
    remission: tuple[str, ...]
    unremitted_mg_per_m2: tuple[Decimal, ...]
    remission_mg_per_m2: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Clinic:
    """Everything of `ranges.toml`, typed."""

    systems: Mapping[str, str]
    clocks: Mapping[str, time]
    analytes: Mapping[str, Analyte]
    child_analytes: Mapping[str, Analyte]
    child_under_years: int
    draws: Mapping[str, Mapping[str, Span]]
    panels: Mapping[str, tuple[str, ...]]
    visits: Mapping[str, VisitKind]
    reviews: Mapping[str, Mapping[str, Value]]
    say: Mapping[str, Mapping[str, Value]]
    derived_from: Mapping[str, str]
    short: Mapping[str, str]
    fertile_years: tuple[int, int]
    schedule: Schedule
    performer: Mapping[str, str]
    conditions: Mapping[str, tuple[Mapping[str, str], ...]]
    premedication: Mapping[str, Mapping[str, str]]


def text_of(*parts: str) -> str:
    """The text of a file of this package."""
    return files("posology.stories").joinpath(*parts).read_text("utf-8")


def read_toml(*parts: str) -> dict[str, Any]:
    """A TOML file of this package, its fractions as exact decimals."""
    return tomllib.loads(text_of(*parts), parse_float=Decimal)


def exact(value: Any) -> Any:
    """A TOML value as a story keeps it: whole numbers become decimals, yes/no and words stay."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def exact_values(table: Mapping[str, Any]) -> dict[str, Any]:
    """The table with its numbers as decimals."""
    return {key: exact(value) for key, value in table.items()}


def _span(pair: list[Any]) -> Span:
    low, high = pair
    return Decimal(low), Decimal(high)


def _analyte(key: str, table: Mapping[str, Any]) -> Analyte:
    return Analyte(
        key=key,
        name=table["name"],
        code=table["code"],
        unit=table["unit"],
        step=Decimal(table["step"]),
        draw=_span(table["draw"]),
        limits=_span(table["limits"]) if "limits" in table else None,
        clock=table.get("clock", "blood"),
        on_top_of=tuple(table.get("on_top_of", ())),
    )


def _child(table: Mapping[str, Any], child: Mapping[str, Any]) -> Mapping[str, Analyte]:
    changed = {key: dict(table[key]) for key in {*child["limits"], *child["draw"]}}
    for what in ("limits", "draw"):
        for key, pair in child[what].items():
            changed[key][what] = pair
    return {key: _analyte(key, row) for key, row in changed.items()}


def _schedule(table: Mapping[str, Any]) -> Schedule:
    doses = {key: tuple(map(Decimal, table[key])) for key in ("unremitted_mg_per_m2", "remission_mg_per_m2")}
    tuples = {"days": tuple(table["days"]), "remission": tuple(table["remission"])}
    return Schedule(**{**table, **doses, **tuples})


@cache
def clinic() -> Clinic:
    """The clinic, read from `ranges.toml` the first time."""
    table = read_toml("ranges.toml")
    return Clinic(
        systems=table["systems"],
        clocks={key: time.fromisoformat(value) for key, value in table["clocks"].items()},
        analytes={key: _analyte(key, row) for key, row in table["analyte"].items()},
        child_analytes=_child(table["analyte"], table["child"]),
        child_under_years=table["child"]["under_years"],
        draws={when: {key: _span(pair) for key, pair in rows.items()} for when, rows in table["draw"].items()},
        panels={key: tuple(names) for key, names in table["panels"].items()},
        visits={key: VisitKind(tuple(row["panels"]), row.get("review")) for key, row in table["visits"].items()},
        reviews={key: exact_values(row) for key, row in table["reviews"].items()},
        say={key: exact_values(row) for key, row in table["say"].items()},
        derived_from=table["derived_from"],
        short=table["short"],
        fertile_years=(table["could_be_pregnant"]["from_years"], table["could_be_pregnant"]["to_years"]),
        schedule=_schedule(table["schedule"]),
        performer=table["performer"],
        conditions={key: tuple(row["coding"]) for key, row in table["conditions"].items()},
        premedication={row["key"]: row["coding"] for row in table["premedication"]},
    )
