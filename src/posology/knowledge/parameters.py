"""Product, regimen and policy as typed parameters of plain functions. No rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from posology.knowledge.faults import KnowledgeError
from posology.knowledge.signs import Sign, sign


@dataclass(frozen=True, slots=True)
class Regimen:
    """The course as the label lays it out. Days and lengths in calendar days, counts in 10*9/L.

    A label without limits of counts, without a ladder of levels or without a limit of cycles leaves that section out.
    """

    name: str
    days: tuple[int, ...]
    first_length: int
    first_length_max: int
    later_length: int
    last_day_for_a_dose: int
    min_days: int
    window_days: int
    anc_low_below: Decimal | None
    platelets_low_below: Decimal | None
    omit_after_days: int | None
    step_after_days: int | None
    levels: tuple[str, ...]
    factors: Mapping[str, Decimal]
    doses: Mapping[str, int]
    max_cycles: int
    cycles_without_remission: int | None
    cycles_before_transplant: int | None

    def length(self, cycle: int) -> int:
        """Nominal length of a cycle in days."""
        return self.first_length if cycle == 1 else self.later_length

    def planned_length(self, cycle: int, extended: bool) -> int:
        """Length of a cycle in days as planned: the first one, extended with a recorded reason, is the longer."""
        return self.first_length_max if extended and cycle == 1 else self.length(cycle)

    def lower(self, one: str, other: str) -> str:
        """The lower of two dose levels: a reduced dose never rises."""
        return max(one, other, key=self.levels.index)

    def step_down(self, level: str) -> str:
        """The next step of the ladder."""
        return self.levels[min(self.levels.index(level) + 1, len(self.levels) - 1)]


@dataclass(frozen=True, slots=True)
class Freshness:
    """How long a value counts: `normal` where it lies within limits the laboratory gave, else `abnormal`.

    `same_day`: on that local day only.
    """

    normal: timedelta
    abnormal: timedelta
    same_day: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """What we decided, with a site's overrides. `rows` holds each row as written, for the page of readings."""

    freshness: Mapping[str, Freshness]
    signs: Mapping[str, Sign]
    bsa_formula: str
    rounding: Mapping[str, Any]
    author: str
    rows: Mapping[str, Mapping[str, Any]]


def regimen(document: Mapping[str, Any]) -> Regimen:
    """label/<edition>/regimen.toml as parameters."""
    cycle, interval, limits = (document[key] for key in ("cycle", "interval", "limits"))
    counts, ladder = document.get("counts", {}), {**_no_ladder(document), **document.get("ladder", {})}
    return Regimen(
        name=document["name"],
        days=tuple(document["days"]),
        first_length=cycle["first_length_days"],
        first_length_max=cycle["first_length_max_days"],
        later_length=cycle["later_length_days"],
        last_day_for_a_dose=cycle["last_day_for_a_dose"],
        min_days=interval["min_days"],
        window_days=interval["window_days"],
        anc_low_below=_decimal(counts.get("anc_low_below")),
        platelets_low_below=_decimal(counts.get("platelets_low_below")),
        omit_after_days=ladder["omit_after_days"],
        step_after_days=ladder["step_after_days"],
        levels=tuple(ladder["levels"]),
        factors={level: Decimal(factor) for level, factor in ladder["factors"].items()},
        doses=ladder["doses"],
        max_cycles=limits["cycles"],
        cycles_without_remission=limits.get("cycles_without_remission"),
        cycles_before_transplant=limits.get("cycles_before_transplant"),
    )


def _no_ladder(document: Mapping[str, Any]) -> dict[str, Any]:
    """A label without dose levels: the full dose is the only one."""
    doses = {"full": len(document["days"])}
    steps = {"omit_after_days": None, "step_after_days": None}
    return {**steps, "levels": ["full"], "factors": {"full": 1}, "doses": doses}


def _decimal(number: Decimal | int | None) -> Decimal | None:
    return None if number is None else Decimal(number)


def policy(document: dict[str, Any], overrides: Mapping[str, Any]) -> Policy:
    """policy.toml with a site's overrides laid over it. Raises KnowledgeError for an override that is refused."""
    rows = {name: row for name, row in _flat(document) if isinstance(row, dict)}
    for name, override in _flat(dict(overrides)):
        _refuse(name, override, rows)
        rows[name] = {**rows[name], **override}
    fresh = {name.removeprefix("freshness."): _freshness(row) for name, row in rows.items() if name.startswith("freshness.")}
    signs = {name.removeprefix("sign."): sign(row) for name, row in rows.items() if name.startswith("sign.")}
    return Policy(fresh, signs, rows["bsa"]["formula"], rows["rounding"], document["author"], rows)


def _refuse(name: str, override: object, rows: Mapping[str, Mapping[str, Any]]) -> None:
    where = f"site file, [policy.{name}]"
    if name not in rows:
        raise KnowledgeError(where, [f"no policy row is called {name!r}; `posology label show policy` lists them"])
    if rows[name].get("hard"):
        raise KnowledgeError(where, ["this row is hard: no site may change it"])
    if not isinstance(override, dict) or not {"author", "reason"} <= set(override):
        raise KnowledgeError(where, ["an override is a table and says its author and reason"])
    if not all(isinstance(override[key], str) and override[key].strip() for key in ("author", "reason")):
        raise KnowledgeError(where, ["author and reason are words, not empty"])
    for key, value in override.items():
        fault = None if key in ("author", "date", "reason") else _fault(key, value, name, rows[name])
        if fault:
            raise KnowledgeError(where, [fault])


def _fault(key: str, value: object, name: str, row: Mapping[str, Any]) -> str | None:
    """Why one overridden key is refused, or None."""
    if key not in row or key in ("most", "choices", "settles", "hard"):
        return f"{key} is not a key that a site may change"
    ours = row[key]
    if isinstance(ours, (int, Decimal)) and not isinstance(ours, bool):
        return _not_a_number(key, value, ours if name.startswith("freshness.") else row.get("most", {}).get(key))
    if not isinstance(value, type(ours)):
        return f"{key} = {value!r}: write it as {ours!r} is written"
    choices = row.get("choices", [])
    return f"{key} = {value!r} is not one of {', '.join(choices)}" if choices and value not in choices else None


def _not_a_number(key: str, value: object, most: Decimal | int | None) -> str | None:
    usable = isinstance(value, (int, Decimal)) and not isinstance(value, bool) and Decimal(value).is_finite()
    if not isinstance(value, (int, Decimal)) or not usable or value <= 0:
        return f"{key} = {value!r}: write a number above 0"
    return f"{key} = {value}: no more than {most} is allowed here" if most is not None and value > most else None


NESTED = ("freshness", "sign")


def _flat(document: dict[str, Any]) -> list[tuple[str, Any]]:
    nested = [(f"{part}.{name}", row) for part in NESTED for name, row in document.get(part, {}).items()]
    return nested + [(name, row) for name, row in document.items() if name not in (*NESTED, "author", "date")]


def _freshness(row: Mapping[str, Any]) -> Freshness:
    normal = timedelta(hours=int(row["hours"]))
    abnormal = timedelta(hours=int(row.get("hours_if_abnormal", row["hours"])))
    return Freshness(normal, abnormal, bool(row.get("same_day")))
