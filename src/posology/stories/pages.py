"""The visits of a course up to its decision, with their values: stated by the tale or drawn from the ranges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from zlib import crc32

from posology.stories.clinic import Analyte, Span, VisitKind, clinic
from posology.stories.dates import on, starts
from posology.stories.script import Day, Script, Visit

_EXTRA = VisitKind(())
_ORDINARY = Visit()


@dataclass(frozen=True, slots=True)
class Page:
    """One visit: when, of what kind, what is particular about it. `tag` marks it in ids (`c2d8`, `screening`)."""

    story: Script
    seed: int
    tag: str
    kind: str
    cycle: int
    on: date
    visit: Visit
    dose: int | None = None

    @property
    def holds(self) -> VisitKind:
        """The panels and the review of this kind of visit."""
        return clinic().visits.get(self.kind, _EXTRA)

    def analyte(self, key: str) -> Analyte:
        """The analyte as the laboratory reports it for this patient: children have their own limits."""
        house, age = clinic(), self.story.person.age_years
        if age is not None and age < house.child_under_years and key in house.child_analytes:
            return house.child_analytes[key]
        return house.analytes[key]

    def span(self, key: str) -> Span:
        """Where the value is drawn: within a cycle, by the state of the disease, or as usual."""
        draws, response = clinic().draws, self.story.response_before(self.cycle)
        for situation in ("within" if self.kind in ("within", "extra") else "", response or ""):
            if key in draws.get(situation, {}):
                return draws[situation][key]
        return self.analyte(key).draw

    def value(self, key: str) -> Decimal | None:
        """What the tale states, else a plausible value, equal for equal story, seed and visit; None if unknowable."""
        if key in self.visit.values:
            return self.visit.values[key]
        person = self.story.person
        base = {"weight": person.weight_kg, "height": person.height_cm}.get(key, Decimal(0))
        if base is None:
            return None
        step, (low, high) = self.analyte(key).step, self.span(key)
        draw = crc32(f"{self.story.name}|{self.seed}|{self.tag}|{key}".encode())
        drawn = base + low + step * (draw % (int((high - low) / step) + 1))
        return sum((self.value(below) or Decimal(0) for below in self.analyte(key).on_top_of), drawn)


def pages(story: Script, seed: int) -> Iterator[Page]:
    """Every visit up to the day of the decision, in order of the plan."""
    begun = starts(story)
    last = on(begun, story.at)
    yield _screening(story, seed)
    planned = story.planned()
    for day in sorted({*planned, *story.visits}):
        page = _page(story, seed, begun, day, planned.get(day))
        if page.on > last:
            continue
        if page.kind == "start":
            yield _marrow(page)
        yield page


def first_day(story: Script, seed: int, cycle: int) -> Page:
    """Day 1 of a cycle: the day whose weight doses the cycle."""
    return _page(story, seed, starts(story), Day(cycle, 1), 1)


def _screening(story: Script, seed: int) -> Page:
    before = story.start - timedelta(days=clinic().schedule.screening_days_before)
    return Page(story, seed, "screening", "screening", 1, before, story.screening)


def _marrow(page: Page) -> Page:
    before = page.on - timedelta(days=clinic().schedule.marrow_days_before)
    tag = f"c{page.cycle}marrow"
    return Page(page.story, page.seed, tag, "marrow", page.cycle, before, page.visit)


def _page(story: Script, seed: int, begun: tuple[date, ...], day: Day, planned: int | None) -> Page:
    visit = story.visits.get(day, _ORDINARY)
    actual = day if visit.on is None else Day(day.cycle, visit.on)
    dose = visit.dose or planned
    kind = "extra" if dose is None else "within" if dose > 1 else "start" if day.cycle > 1 else "first"
    return Page(story, seed, str(day).lower(), kind, day.cycle, on(begun, actual), visit, dose)
