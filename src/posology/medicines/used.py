"""Which medicines a record says are taken at one moment. What is not certainly over counts; no list is consulted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from posology.record import Medicine, Record, Taken

NOW = ("active", "recent", "unclear")
ORDER = (*NOW, "past")


@dataclass(frozen=True, slots=True)
class Used:
    """One medicine by its name in the lists (None: no list has its code), with the resources that speak of it.

    `state`: `active`; `recent`, ended or given lately; `unclear`; or `past`. `since` is the first date known, `last` the
    latest.
    """

    name: str | None
    state: str
    since: datetime | None
    last: datetime | None
    origins: tuple[str, ...]

    @property
    def now(self) -> bool:
        """Does it count as taken?"""
        return self.state in NOW


def used(record: Record, at: datetime, recent_days: int) -> tuple[Used, ...]:
    """Each listed medicine once, in the order of their names, then each that no list has."""
    known = [one for one in record.medicines if one.at is None or one.at <= at]
    recent = timedelta(days=recent_days)
    names = sorted({one.name for one in known if one.name is not None})
    listed = [_used([one for one in known if one.name == name], at, recent) for name in names]
    return (*listed, *(_used([one], at, recent) for one in known if one.name is None))


def _used(group: list[Medicine], at: datetime, recent: timedelta) -> Used:
    states = [_state(one, at, recent) for one in group]
    return Used(
        name=group[0].name,
        state=min(states, key=ORDER.index),
        since=min(_dates(one.at for one in group), default=None),
        last=max(_dates(_last(one, at) for one in group), default=None),
        origins=tuple(dict.fromkeys(one.id for one in group)),
    )


def _state(one: Medicine, at: datetime, recent: timedelta) -> str:
    """Past only where the last use is known to lie far enough back: over, but nobody says since when, is unclear."""
    if one.taken is Taken.ACTIVE and (one.until is None or one.until >= at):
        return "active"
    last = _last(one, at)
    if one.taken is Taken.UNCLEAR or last is None or (one.taken is Taken.ENDED and one.until is None):
        return "unclear"
    return "recent" if at - last <= recent else "past"


def _last(one: Medicine, at: datetime) -> datetime | None:
    """The latest date known to lie behind: its end, else its beginning."""
    return one.until if one.until is not None and one.until <= at else one.at


def _dates(found: Iterable[datetime | None]) -> Iterable[datetime]:
    return (one for one in found if one is not None)
