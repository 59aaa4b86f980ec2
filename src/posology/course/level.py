"""The dose level in force: what the ladder demanded and what was recorded, whichever is lower. It never rises."""

from __future__ import annotations

from collections.abc import Sequence
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


def in_force(
    cycles: Sequence[Cycle],
    held: Sequence[Interruption],
    decisions: Sequence[Said],
    causes: Sequence[Said],
    regimen: Regimen,
    point: Slot | None,
) -> Level:
    """The level in force before the decision point; the step due at its own Day 1 is not yet taken."""
    strange = next((said.word for said in decisions if said.word not in regimen.levels), "")
    decisions = [said for said in decisions if said.word in regimen.levels]
    level = Level(regimen.levels[0])
    for before, cycle in pairwise(cycles):
        starts = cycle.slots[0]
        if point is starts:
            break
        if _step_due(before, starts, held, causes, regimen):
            level = Level(regimen.step_down(level.name), starts.planned_on)
        level = _lowered(level, [said for said in decisions if said.on <= starts.planned_on], regimen)
    if point and point.number > 1:
        level = _lowered(level, decisions, regimen)
    level = _lowered(level, [said for said in decisions if said.word == regimen.levels[-1]], regimen)
    return Level(level.name, level.since, _raised(level, decisions, regimen), strange)


def _step_due(before: Cycle, starts: Slot, held: Sequence[Interruption], causes: Sequence[Said], regimen: Regimen) -> bool:
    """Did an interruption of the cycle before, or of this start, last long enough, and not for the disease?"""
    after = regimen.step_after_days
    bearing = [hold for hold in held if hold.slot in before.slots[1:] or hold.slot is starts]
    return after is not None and any(hold.days >= after and not _disease(hold, causes) for hold in bearing)


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
