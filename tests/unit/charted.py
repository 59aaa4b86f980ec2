"""Records for tests of published criteria: one dose, a transplant on day 0, and dated readings. Judges nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from posology import stories
from posology.api import vod
from posology.criteria import View
from posology.record import Dose, Given, Patient, Reading, Record

ZONE = ZoneInfo("America/New_York")
ADULT, CHILD = date(1980, 1, 1), date(2018, 1, 1)
FIRST = datetime(2026, 3, 2, 10, tzinfo=ZONE)
DAY_0 = datetime(2026, 5, 5, 0, tzinfo=ZONE)


def at(day: int, hour: int = 8) -> datetime:
    """So many days after the transplant of these records, at a local hour."""
    return (DAY_0 + timedelta(days=day)).replace(hour=hour)


def read(name: str, day: int, value: Any, hour: int = 8, reported: str = "", **more: Any) -> Reading:
    """One signed reading: a yes or no, a word, or else a number."""
    worded = isinstance(value, bool) or (isinstance(value, str) and value.replace("_", "").isalpha())
    exact = value if worded else Decimal(value)
    key = f"{name}-{day}-{hour}"
    return Reading(key, name, at(day, hour).astimezone(UTC), exact, reported=reported, signed=True, **more)


def record(*readings: Reading, birth: date = ADULT, transplant: bool = True, dosed: bool = True) -> Record:
    """A patient with one dose before a transplant on day 0, and these readings."""
    doses = (Dose("d1", FIRST.astimezone(UTC), FIRST.astimezone(UTC) + timedelta(hours=1), Given.GIVEN, Decimal("1.4")),)
    done = (read("transplant", 0, True, 0),) if transplant else ()
    ordered = sorted((*readings, *done), key=lambda one: (one.at, one.observable, one.id))
    return Record(Patient("p", "female", birth), tuple(ordered), doses if dosed else ())


def seen(given: Record, day: int, hour: int = 9) -> View:
    return vod(given, at=at(day, hour), edition="us", zone=str(ZONE))


def state(view: View, name: str) -> str:
    return next(one.state for one in view.sets if one.id == name)


def item(view: View, name: str) -> str:
    return next(part.state for one in view.sets for part in one.items if part.id == name)


def figure(view: View, name: str) -> Any:
    return next(one.value for one in view.figures if one.fact == name)


def named(parts: Any, name: str) -> Any:
    return next(one for one in parts if one.id == name)


def told(name: str) -> View:
    """The panel of a story at its moment."""
    tale = stories.tale(name)
    return vod(stories.bundle(name), at=tale.at, edition=tale.edition, zone=tale.zone)


PICTURE = (("bilirubin", "2.5"), ("painful_hepatomegaly", True), ("ascites", True))


def picture(day: int) -> list[Reading]:
    """The classical picture on one day."""
    return [read(name, day, value) for name, value in PICTURE]
