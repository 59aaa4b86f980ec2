"""An infusion reaction: steps by grade, what ran in, and until when the rest may go on. The prescriber decides."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from posology.dose import delivered_mg, delivered_ml, duration_min
from posology.knowledge import Edition, Step
from posology.knowledge.chair import chair
from posology.knowledge.grades import ctcae
from posology.units import decimal, exactly, rounded
from posology.verify.care.preparation import PrepSheet

RECORDED = "infusion_reaction_grade"
GO_ON = "go_on"
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Delivered:
    """The part that ran in. `by_rate_ml` is what the rate makes of the time; `resume_by` the last moment to go on.

    `resume_by` is None where it never goes on, where the clocks are not known (`asks`), or where nothing is left.
    """

    started: datetime
    stopped: datetime
    ml: Decimal
    mg: Decimal
    by_rate_ml: Decimal
    left_ml: Decimal
    resume_by: datetime | None
    observe_until: datetime
    asks: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Did all of it run in?"""
        return self.left_ml == 0


@dataclass(frozen=True, slots=True)
class Reacted:
    """What is done at a reaction of this grade. `resume`: the prescriber may let it go on, inside every clock."""

    grade: int
    means: str | None
    resume: bool
    steps: tuple[Step, ...]
    delivered: Delivered | None
    barred: tuple[str, ...] = ()


def react(grade: int, edition: Edition, delivered: Delivered | None = None, barred: tuple[str, ...] = ()) -> Reacted:
    """The steps at a reaction, in the words of one edition. `barred`: why it never goes on, whatever its grade.

    Raises ValueError for no grade of one.
    """
    found = chair().at_grade(grade)
    if found is None:
        grades = [one for reaction in chair().reactions for one in reaction.grades]
        raise ValueError(f"grade {grade}: a reaction has a grade of {min(grades)} to {max(grades)}")
    steps = tuple(step for step in found.read(edition) if not barred or step.id != GO_ON)
    return Reacted(grade, means(grade), found.resume and not barred, steps, delivered, barred)


def means(grade: int) -> str | None:
    """What the grade of a reaction means, in a line."""
    return next((term.grades.get(grade) for term in ctcae().clinical.values() if term.recorded == RECORDED), None)


def ran_in(
    prep: PrepSheet, edition: Edition, grade: int, started: datetime, stopped: datetime, ml: Decimal | None
) -> Delivered:
    """The part of a preparation that ran in, by the pump's mL where it says so, else by rate and time.

    Raises ValueError for times and volumes that cannot be, and where rate and volume are not settled.
    """
    final, rate, rules = prep.final_ml, prep.rate_ml_per_h, edition.preparation
    if final is None or rate is None or rules is None:
        raise ValueError("the final volume of the syringe is not settled: say --final")
    started, stopped = started.astimezone(UTC), stopped.astimezone(UTC)
    if stopped < started:
        raise ValueError("the infusion stopped before it started: check both times")
    minutes = Decimal((stopped - started) // MICROSECOND) / Decimal(timedelta(minutes=1) // MICROSECOND)
    places = chair().places
    by_rate = min(rounded(delivered_ml(minutes, rate, final), places["ml"]), final)
    volume = by_rate if ml is None else ml
    if volume <= 0:
        raise ValueError("nothing ran in: record the dose as not done, with its reason")
    left = decimal(exactly(final) - exactly(volume))
    exact = delivered_mg(prep.draw.gives_mg, volume, final)
    mg = rounded(exact, places["mg"]) or exact
    found = chair().at_grade(grade)
    until, asks = _resume_by(prep, left) if found and found.resume and left and not prep.barred else (None, ())
    observed = stopped + timedelta(minutes=rules.observe_minutes)
    return Delivered(started, stopped, volume, mg, by_rate, left, until, observed, asks)


def _resume_by(prep: PrepSheet, left: Decimal) -> tuple[datetime | None, tuple[str, ...]]:
    """The latest moment at which the rest still ends inside every clock."""
    if prep.clocks is None or prep.clocks.latest_end is None or prep.rate_ml_per_h is None:
        return None, ("when it was reconstituted and diluted, and how it was kept: without that it does not go on",)
    return prep.clocks.latest_end - timedelta(minutes=math.ceil(duration_min(left, prep.rate_ml_per_h))), ()
