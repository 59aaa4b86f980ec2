"""One decided case: record, course, facts and decision at one moment. What answers, orders and their checks start from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from posology.answer.explain import Scene
from posology.course import Course, fold
from posology.decide import Decision, decide_facts
from posology.facts import Gathered, gather, values
from posology.knowledge import Edition
from posology.language import Facts, Value
from posology.record import Record


@dataclass(frozen=True, slots=True)
class Case:
    """Everything between a record and its answer. `known` are the bare facts, `stale` those too old to reassure."""

    record: Record
    course: Course
    facts: Gathered
    known: Facts
    stale: dict[str, Value]
    decision: Decision
    edition: Edition
    at: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The local day of the clinic."""
        return self.course.today

    @property
    def scene(self) -> Scene:
        """What explanations look at."""
        return Scene(self.facts, {**self.known, **self.stale}, self.edition.facts, self.zone)


def case(record: Record, *, at: datetime, edition: Edition, zone: ZoneInfo) -> Case:
    """The record decided at `at`, not yet put into words."""
    course = fold(record, edition.regimen, at, zone)
    facts = gather(record, course, edition, at, zone)
    known = values(facts)
    stale = {name: fact.stale for name, fact in facts.items() if fact.stale is not None}
    return Case(record, course, facts, known, stale, decide_facts(edition.tables, known, stale), edition, at, zone)
