"""What must be looked at before and after the dose: done, due, overdue or upcoming. No verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from posology.course import Course, Slot
from posology.facts import Gathered
from posology.knowledge import Cites, Edition


@dataclass(frozen=True, slots=True)
class Due:
    """One item of monitoring. `state` is done, due, overdue or upcoming."""

    id: str
    what: str
    by: date
    state: str
    because: str
    cites: Cites
    missing: tuple[str, ...] = ()


def due(course: Course, facts: Gathered, edition: Edition, on: date) -> tuple[Due, ...]:
    """Every item that belongs to the dose at hand, planned for the day `on`, and what follows it."""
    if course.point is None:
        return ()
    items = edition.documents["monitoring"]["item"]
    return tuple(_item(item, course, course.point, facts, on) for item in items if applies(item, course, course.point))


def applies(item: dict[str, Any], course: Course, point: Slot) -> bool:
    """Does this item belong to this dose?"""
    first = point.cycle == 1 and point.number == 1
    when = {
        "every dose": True,
        "first dose": first,
        "later dose": not first,
        "cycle start": point.cycle > 1 and point.number == 1,
    }
    return when[item.get("before") or item["after"]]


def _item(item: dict[str, Any], course: Course, point: Slot, facts: Gathered, on: date) -> Due:
    cites = Cites(**item["cites"])
    if "after" in item:
        by = on + timedelta(days=1)
        return Due(item["id"], item["what"], by, "upcoming", f"after dose {point.number} of cycle {point.cycle}", cites)
    missing = tuple(name for name in item["needs"] if facts[name].value is None)
    state = "done" if not missing else "overdue" if on < course.today else "due" if on == course.today else "upcoming"
    because = f"before dose {point.number} of cycle {point.cycle}" + (
        f"; open: {', '.join(f'{name} ({facts[name].why})' for name in missing)}" if missing else ""
    )
    return Due(item["id"], item["what"], on, state, because, cites, missing)
