"""How long after the last dose contraception is kept and nobody breastfeeds. Dates, no advice beyond the label's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from posology.course import Course
from posology.facts import Gathered
from posology.knowledge import SEEN, Cites, Edition
from posology.measures import months_after


@dataclass(frozen=True, slots=True)
class Window:
    """One protection and its last day; `over` once that day has passed."""

    id: str
    what: str
    until: date
    over: bool
    because: str
    says: str
    cites: Cites
    seen: str
    confidence: str


def windows(course: Course, facts: Gathered, edition: Edition) -> tuple[Window, ...]:
    """Every window of this edition that runs from the last dose, for the sex on record; where none is, for both."""
    last = course.last_possible_on
    if last is None:
        return ()
    sex = facts["sex"].value
    rows = edition.documents.get("reproductive", {}).get("window", ())
    return tuple(_window(row, last, course, facts) for row in rows if sex in (None, row["sex"]))


def unrecorded(course: Course, facts: Gathered) -> str:
    """What to add where a planned dose has no certain record: it may have been given later."""
    if facts["days_since_last_dose"].why != "missing" or course.point is None:
        return ""
    return f"; the dose planned on {course.point.first_planned_on} has no certain record: if it was given, count from it"


def _window(row: dict[str, object], last: date, course: Course, facts: Gathered) -> Window:
    months = int(str(row["months"]))
    until = months_after(last, months)
    seen = str(row["seen"])
    return Window(
        id=str(row["id"]),
        what=str(row["what"]),
        until=until,
        over=course.today > until,
        because=f"{months} months after the dose of {last}; a further dose starts it again{unrecorded(course, facts)}",
        says=str(row["says"]),
        cites=Cites(**row["cites"]),  # type: ignore[arg-type]
        seen=seen,
        confidence=str(row.get("confidence", SEEN[seen])),
    )
