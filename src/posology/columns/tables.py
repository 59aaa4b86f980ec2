"""The two tables that the SQL reads: `points` (from the course fold) and `readings` (from the record). Loads nothing."""

from __future__ import annotations

from collections.abc import Mapping

from posology.columns.names import NUMBER, is_given, of_sql
from posology.knowledge import Edition

READINGS: Mapping[str, str] = {
    "patient": "VARCHAR",
    "id": "VARCHAR",
    "observable": "VARCHAR",
    "at": "TIMESTAMP",
    "on_date": "DATE",
    "number": NUMBER,
    "word": "VARCHAR",
    "flag": "BOOLEAN",
    "low": NUMBER,
    "high": NUMBER,
    "quality": "VARCHAR",
    "signed": "BOOLEAN",
    "sample": "VARCHAR",
    "reported": "VARCHAR",
}
"""One row a reading. `at` is UTC; `on_date` is the local day of the clinic; one of number, word and flag is filled."""

_POINTS: Mapping[str, str] = {
    "patient": "VARCHAR",
    "point": "BIGINT",
    "at": "TIMESTAMP",
    "on_date": "DATE",
    "first_dose_at": "TIMESTAMP",
    "last_dose_at": "TIMESTAMP",
    "prior_day1_at": "TIMESTAMP",
    "has_point": "BOOLEAN",
}
"""`has_point`: is it known where the course stands? The anchors are UTC; `on_date` is the local day of the clinic."""


def points(edition: Edition) -> dict[str, str]:
    """The columns of `points`, one row a decision point: where it stands, and each fact of the course with its why."""
    columns = dict(_POINTS)
    for fact in edition.facts.values():
        if is_given(fact):
            columns |= {fact.name: of_sql(fact.kind), f"why_{fact.name}": "VARCHAR"}
    return columns
