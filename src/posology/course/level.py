"""The dose level in force: what the ladder demanded and what was recorded, whichever is lower. It never rises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from posology.course.holds import COUNTS, Interruption
from posology.course.slots import Cycle, Slot
from posology.knowledge import Regimen


@dataclass(frozen=True, slots=True)
class Said:
    """A signed word and its day: a decision on the level, or the cause of low counts."""

    on: date
    word: str


@dataclass(frozen=True, slots=True)
class Level:
    """The level before the dose at hand, since when, and whether a later decision asks for a higher one.

    `strange`: a decision for a level that this regimen does not have; then nobody knows the level.
    """

    name: str
    since: date | None = None
    raised: bool = False
    strange: str = ""


@dataclass(frozen=True, slots=True)
class Bearing:
    """What bears on the level: interruptions, recorded decisions, and the signed causes of low counts."""

    held: Sequence[Interruption]
    decisions: Sequence[Said]
    causes: Sequence[Said]


def in_force(cycles: Sequence[Cycle], bearing: Bearing, regimen: Regimen, point: Slot | None) -> Level:
    """The level in force before the decision point; the step due at its own Day 1 is not yet taken.

    A decision that came before the interruption demanding that step was in force already; a later one carries it out.
    """
    level, decisions = Level(regimen.levels[0]), _of_regimen(bearing.decisions, regimen)
    since = None
    for before, cycle, at_start in _starts(cycles, bearing, regimen):
        if cycle.slots[0] is point:
            since = _due_since(before, point, bearing, regimen)
            break
        level = at_start
    counting = [said for said in decisions if since is None or said.on < since]
    level = _lowered(level, [*counting, *(said for said in decisions if said.word == regimen.levels[-1])], regimen)
    strange = next((said.word for said in bearing.decisions if said.word not in regimen.levels), "")
    return Level(level.name, level.since, _raised(level, decisions, regimen), strange)


def _of_regimen(decisions: Sequence[Said], regimen: Regimen) -> list[Said]:
    """The decisions for a level that this regimen has."""
    return [said for said in decisions if said.word in regimen.levels]


def at_starts(cycles: Sequence[Cycle], bearing: Bearing, regimen: Regimen) -> Iterator[tuple[Cycle, Level]]:
    """Each cycle after the first with the level it starts at."""
    for _, cycle, level in _starts(cycles, bearing, regimen):
        yield cycle, level


def _starts(cycles: Sequence[Cycle], bearing: Bearing, regimen: Regimen) -> Iterator[tuple[Cycle, Cycle, Level]]:
    level, decisions = Level(regimen.levels[0]), _of_regimen(bearing.decisions, regimen)
    for before, cycle in pairwise(cycles):
        starts = cycle.whole[0]
        since = _due_since(before, starts, bearing, regimen)
        if since is not None:
            level = _lowered(level, [said for said in decisions if said.on < since], regimen)
            level = Level(regimen.step_down(level.name), starts.planned_on)
        level = _lowered(level, [said for said in decisions if said.on <= starts.planned_on], regimen)
        yield before, cycle, level


def _due_since(before: Cycle, starts: Slot, bearing: Bearing, regimen: Regimen) -> date | None:
    """Since when an interruption of the cycle before, or of this start, demands a step: long enough, not the disease's."""
    held = [hold for hold in bearing.held if hold.slot is starts or any(hold.slot is slot for slot in before.whole[1:])]
    after = regimen.step_after_days
    long = [hold for hold in held if after is not None and hold.days >= after and not _disease(hold, bearing.causes)]
    return min((hold.start for hold in long), default=None)


def _disease(hold: Interruption, causes: Sequence[Said]) -> bool:
    """Was the fall of the counts signed as the disease's? Unsigned is not."""
    words = [said.word for said in causes if said.on >= hold.start]
    return hold.kind == COUNTS and bool(words) and words[-1] == "disease"


def _lowered(level: Level, decisions: Sequence[Said], regimen: Regimen) -> Level:
    for said in decisions:
        if regimen.lower(level.name, said.word) != level.name:
            level = Level(said.word, said.on)
    return level


def _raised(level: Level, decisions: Sequence[Said], regimen: Regimen) -> bool:
    """Does the last decision ask for more than the level in force, or than any decision before it?"""
    if not decisions:
        return False
    last = regimen.levels.index(decisions[-1].word)
    if last < max(regimen.levels.index(said.word) for said in decisions):
        return True
    return level.since is not None and decisions[-1].on >= level.since and last < regimen.levels.index(level.name)
