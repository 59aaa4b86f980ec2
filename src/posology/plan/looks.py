"""What was looked at so far: usable values since a moment, facts that are known and fresh. Plans nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from posology.course import Course
from posology.facts import Fact, Gathered
from posology.knowledge import Edition, Item
from posology.record import Quality, Reading, Record


@dataclass(frozen=True)
class Looks:
    """One patient's record at one moment, asked what of it counts as a look."""

    record: Record
    course: Course
    facts: Gathered
    edition: Edition
    at: datetime
    zone: ZoneInfo

    @cached_property
    def _by_observable(self) -> dict[str, list[Reading]]:
        found: dict[str, list[Reading]] = {}
        for reading in self.record.readings:
            found.setdefault(reading.observable, []).append(reading)
        return found

    @property
    def today(self) -> date:
        return self.course.today

    @property
    def last_dose_on(self) -> date | None:
        return self.course.last_possible_on

    @cached_property
    def transplant_on(self) -> date | None:
        """The day of a transplant after the last dose."""
        last, found = self.last_dose_on, self.last_yes("transplant")
        on = self.local(found) if found else None
        return on if on and last and on >= last else None

    def local(self, moment: datetime) -> date:
        """Its day at the clinic."""
        return moment.astimezone(self.zone).date()

    def days(self, item: Item) -> int:
        """Days after its anchor within which an item is done, by policy."""
        return int(self.edition.policy.rows["monitoring"][item.within]) if item.within else 0

    def stands(self, item: Item) -> bool:
        """Does the item's condition leave it standing? Unknown does."""
        known = {name: self.facts[name].value for name in item.facts}
        return item.applies is None or item.applies(known) is not False

    def lacking(self, item: Item) -> tuple[str, ...]:
        """Facts that are not known, or known and too old, each with why."""
        return tuple(f"{name} ({why})" for name in item.needs if (why := self._why_not(item, self.facts[name]))) + tuple(
            f"{name} (stale)" for name, row in item.age.items() if not self._fresh(self.facts[name], row)
        )

    def _why_not(self, item: Item, fact: Fact) -> str | None:
        start = self.course.prior_day1_at
        old = item.since_prior_cycle and start is not None and fact.when is not None and fact.when < start
        return fact.why or "missing" if fact.value is None else "stale" if old else None

    def _fresh(self, fact: Fact, row: str) -> bool:
        limit = self.edition.policy.freshness[row].normal
        return isinstance(fact.value, Decimal) and timedelta(days=int(fact.value)) <= limit

    def unread(self, item: Item, since: datetime) -> tuple[str, ...]:
        """Observables of the item without a usable value since then; with `any`, none where one is there."""
        open_ = tuple(name for name in item.reads if not any(reading.at > since for reading in self._usable(name)))
        return () if item.any and len(open_) < len(item.reads) else open_

    def latest_day(self, item: Item) -> date | None:
        """The last day by which every observable of the item had been seen: the oldest of their latest values."""
        days = [max((self.local(reading.at) for reading in self._usable(name)), default=None) for name in item.reads]
        known = [day for day in days if day is not None]
        return min(known) if known and len(known) == len(days) else None

    def last_yes(self, observable: str) -> datetime | None:
        """The latest moment at which this was said to be so."""
        return max(self.moments(observable), default=None)

    def moments(self, observable: str) -> list[datetime]:
        """When this was said to be so, or given."""
        return [reading.at for reading in self._usable(observable) if reading.value is True]

    def _usable(self, observable: str) -> Iterator[Reading]:
        """Values up to now that can be used; signed ones where a signature is what counts."""
        signed = self.edition.observables[observable].signed
        for reading in self._by_observable.get(observable, ()):
            usable = reading.quality is Quality.OK and reading.value is not None
            if usable and reading.at <= self.at and (reading.signed or not signed):
                yield reading
