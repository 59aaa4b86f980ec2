"""FHIR dates and times as instants in UTC. Decides nothing about what happened then."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta, tzinfo

DAY = len("2000-01-01")
MONTH = len("2000-01")
YEAR = len("2000")
TO_SECONDS = len("2000-01-01T00:00:00")
FIRST, LAST = MINYEAR + 10 * 10, MAXYEAR - 10 * 10
"""Years that are read: so far from the ends of the calendar that every window around them can be counted."""


def midnight(day: date, zone: tzinfo) -> datetime:
    """The first instant of a local day."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def last_moment(day: date, zone: tzinfo) -> datetime:
    """The last microsecond of a local day."""
    return midnight(day + timedelta(days=1), zone) - timedelta(microseconds=1)


def whole_day(text: object) -> date | None:
    """The date, if the text is a full one (`2025-03-01`)."""
    if type(text) is not str or len(text) != DAY or not text.isascii() or text[YEAR] + text[MONTH] != "--":
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST <= found.year <= LAST else None


def moment(text: object, zone: tzinfo) -> datetime | None:
    """The instant; of a date, a month or a year the first local one. A time without offset is read in `zone`.

    A year near either end of the calendar is no date of a patient, and gives None.
    """
    if type(text) is not str or not text.isascii():
        return None
    try:
        if len(text) > DAY:
            return _timed(text, zone)
        if len(text) in (YEAR, MONTH):
            text += "-01-01" if len(text) == YEAR else "-01"
        day = whole_day(text)
        return midnight(day, zone) if day else None
    except (ValueError, OverflowError):
        return None


def _timed(text: str, zone: tzinfo) -> datetime | None:
    if text[DAY] != "T" or len(text) < TO_SECONDS or text[YEAR] + text[MONTH] != "--":
        return None
    found = datetime.fromisoformat(text)
    if not FIRST <= found.year <= LAST:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def without_offset(text: object) -> bool:
    """Is it a time of day that does not say how far from UTC it is?"""
    if type(text) is not str or len(text) <= DAY:
        return False
    after = text[TO_SECONDS:]
    return not (text.endswith("Z") or "+" in after or "-" in after)


def span(text: object, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """First and last instant that the text can mean; a month or a year is too vague and gives None."""
    first = moment(text, zone) if type(text) is str and len(text) >= DAY else None
    return None if first is None else (first, last_instant(str(text), first, zone))


def last_instant(text: str, first: datetime, zone: tzinfo) -> datetime:
    """The last instant that the text of this first one can mean: the end of its year, month or day, or the same."""
    if len(text) > DAY:
        return first
    day = first.astimezone(zone).date()
    if len(text) == YEAR:
        return last_moment(date(day.year + 1, 1, 1) - timedelta(days=1), zone)
    if len(text) == MONTH:
        day = _next_month(day) - timedelta(days=1)
    return last_moment(day, zone)


def _next_month(day: date) -> date:
    """The first of the month after that of a first of the month."""
    inside = day + (date(2, 2, 1) - date(2, 1, 1))
    return inside.replace(day=1)
