"""A course as a story tells it: cycles, visits and what is odd about them, in relative days. No FHIR, no figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from posology.stories.clinic import Value, clinic, exact_values

_DAY = re.compile(r"C(\d+)D(\d+)")


class BadTale(ValueError):
    """A tale that cannot be told: which key, and what to write instead."""


@dataclass(frozen=True, slots=True, order=True)
class Day:
    """A day of a cycle, counted from 1; `C2D8` is day 8 of cycle 2."""

    cycle: int
    day: int

    @classmethod
    def parse(cls, text: str) -> Day:
        """From `C2D8`. Raises `BadTale`."""
        match = _DAY.fullmatch(text)
        if match is None:
            raise BadTale(f"{text!r} is no day of a cycle; write it like 'C2D8'")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"C{self.cycle}D{self.day}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What is particular about one visit; everything left out is ordinary.

    `given` is a FHIR administration status, or `deferred` (put off, documented) or `unrecorded` (no trace).
    `dose` (1, 2, 3) says which planned dose it is about; `on` moves the visit to another day of its cycle.
    `without` leaves out analytes, reviews, their components or own codes; `no_limit` drops the laboratory's limits.
    """

    on: int | None = None
    dose: int | None = None
    given: str = "completed"
    reason: str | None = None
    mg_per_m2: Decimal | None = None
    panels: tuple[str, ...] | None = None
    values: Mapping[str, Decimal] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    sampled_days_before: Mapping[str, int] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    no_limit: tuple[str, ...] = ()
    unsigned: tuple[str, ...] = ()
    review: Mapping[str, Value] = field(default_factory=dict)
    say: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """A Condition on the problem list: a key of `ranges.toml`, the day of onset, how sure."""

    key: str
    on: Day
    verification: str = "confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom the story is about. Nothing stated means nothing known."""

    sex: str | None = None
    age_years: int | None = None
    height_cm: Decimal | None = None
    weight_kg: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A whole course up to the moment of decision, day `at` of the course."""

    name: str
    start: date
    zone: str
    at: Day
    person: Person
    blank: bool = False
    transplant_intent: str | None = "undecided"
    responses: tuple[str, ...] = ()
    mrd: tuple[str, ...] = ()
    extended: str | None = None
    late_starts: Mapping[int, int] = field(default_factory=dict)
    visits: Mapping[Day, Visit] = field(default_factory=dict)
    screening: Visit = field(default_factory=Visit)
    findings: tuple[Finding, ...] = ()

    def response_before(self, cycle: int) -> str | None:
        """The response documented after the cycle before this one; None where there is none or nobody said."""
        last = cycle - 2
        return self.responses[last] or None if 0 <= last < len(self.responses) else None

    def planned(self) -> dict[Day, int]:
        """Every planned dose day up to the cycle of the decision, with the number of the dose."""
        days = clinic().schedule.days
        return {Day(cycle, day): n for cycle in range(1, self.at.cycle + 1) for n, day in enumerate(days, start=1)}


def visit(table: Mapping[str, Any], where: str) -> Visit:
    """A visit from its TOML table. Raises `BadTale` on a key that means nothing."""
    row = dict(table)
    for key in ("panels", "without", "no_limit", "unsigned"):
        if key in row:
            row[key] = tuple(row[key])
    for key in ("values", "review", "say"):
        if key in row:
            row[key] = exact_values(row[key])
    try:
        return Visit(**row)
    except TypeError as bad:
        raise BadTale(f"{where}: {bad}") from None


def script(name: str, table: Mapping[str, Any]) -> Script:
    """A course from the TOML of a tale. Raises `BadTale`."""
    course = dict(table.get("course", {}))
    visits = dict(table.get("visit", {}))
    screening = visit(visits.pop("screening", {}), f"{name}: visit.screening")
    return Script(
        name=name,
        start=table["start"],
        zone=table["zone"],
        at=Day.parse(table["at"]),
        person=_person(table.get("patient", {})),
        blank=course.pop("blank", False),
        transplant_intent=course.pop("transplant_intent", "undecided"),
        responses=tuple(course.pop("responses", ())),
        mrd=tuple(course.pop("mrd", ())),
        extended=course.pop("extended", None),
        late_starts={int(cycle): days for cycle, days in course.pop("late_starts", {}).items()},
        visits={Day.parse(key): visit(row, f"{name}: visit.{key}") for key, row in visits.items()},
        screening=screening,
        findings=tuple(
            Finding(row["key"], Day.parse(row["on"]), row.get("verification", "confirmed"))
            for row in table.get("finding", ())
        ),
        **_nothing_left(name, course),
    )


def _person(table: Mapping[str, Any]) -> Person:
    return Person(
        sex=table.get("sex"),
        age_years=table.get("age_years"),
        height_cm=Decimal(table["height_cm"]) if "height_cm" in table else None,
        weight_kg=Decimal(table["weight_kg"]) if "weight_kg" in table else None,
    )


def _nothing_left(name: str, course: Mapping[str, Any]) -> dict[str, Any]:
    if course:
        raise BadTale(f"{name}: course knows no {', '.join(sorted(course))}; see script.py for the keys")
    return {}
