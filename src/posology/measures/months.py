"""A date some months on. Protects: a day that the month does not have is the first of the next, never an earlier day."""

from __future__ import annotations

from datetime import date

from posology.measures.age import MONTHS


def months_after(day: date, months: int) -> date:
    """The same day `months` later; where that month has no such day, the first of the following month.

    Raises ValueError for a negative number of months.
    """
    if months < 0:
        raise ValueError(f"{months} months: only forward")
    year, month = _month(day, months)
    try:
        return day.replace(year=year, month=month)
    except ValueError:
        year, month = _month(day, months + 1)
        return date(year, month, 1)


def _month(day: date, months: int) -> tuple[int, int]:
    whole = day.year * MONTHS + day.month - 1 + months
    return whole // MONTHS, whole % MONTHS + 1
