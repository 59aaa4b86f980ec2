"""FHIR dates and times as instants in UTC. Decides nothing about what happened then."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAY = len("2000-01-01")
MONTH = len("2000-01")
YEAR = len("2000")
TO_SECONDS = len("2000-01-01T00:00:00")


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
        return date.fromisoformat(text)
    except ValueError:
        return None


def moment(text: object, zone: tzinfo) -> datetime | None:
    """The instant; of a date, a month or a year the first local one. A time without offset is read in `zone`."""
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
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def without_offset(text: object) -> bool:
    """Is it a time of day that does not say how far from UTC it is?"""
    if type(text) is not str or len(text) <= DAY:
        return False
    after = text[TO_SECONDS:]
    return not (text.endswith("Z") or "+" in after or "-" in after)


def span(text: object, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """First and last instant that the text can mean; a month or a year is too vague and gives None."""
    if type(text) is not str or len(text) < DAY:
        return None
    first = moment(text, zone)
    if first is None or len(text) > DAY:
        return None if first is None else (first, first)
    try:
        return first, last_moment(date.fromisoformat(text), zone)
    except (ValueError, OverflowError):
        return None
