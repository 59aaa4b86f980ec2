"""The response at the decision point: as documented and as its components show; where they differ, `conflicting`."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from posology.facts.fact import NOT_APPLICABLE, NOT_ASKED, Fact
from posology.facts.history import REMISSION
from posology.facts.pick import Moment, latest, seen, settled
from posology.language import Facts

LOSS = ("none", "progressing")
"""What ends a remission that was there before."""


def response(moment: Moment, known: Facts) -> Fact:
    """The response that chooses the dose. Before the first dose there is none to speak of.

    Within a cycle it is the last one documented; on Day 1 of a later cycle it must come after the last dose. What
    the components show never stands alone: it only convicts a documented response that contradicts it.
    """
    point, course = moment.course.point, moment.course
    if point is None:
        return NOT_ASKED
    if not course.given:
        return NOT_APPLICABLE
    after = course.last_dose_at if point.number == 1 else None
    group = latest(seen(moment, "response", moment.at, after))
    documented = settled(group, moment.edition.observables["response"])
    if point.number > 1:
        return documented
    marrow = latest(seen(moment, "marrow_blasts", moment.at))
    if marrow and course.last_dose_at and marrow[0].at <= course.last_dose_at and not _accepted(moment):
        return _early(documented)
    computed = _computed(moment, known) if marrow else None
    return documented if computed is None or documented.value is None else _agreed(documented, computed)


def _accepted(moment: Moment) -> bool:
    signed = seen(moment, "early_marrow_accepted", moment.at, moment.course.last_dose_at)
    return bool(signed) and signed[-1].value is True


def _early(documented: Fact) -> Fact:
    ask = "the latest marrow is older than the last dose: repeat it, or name it with its date and sign"
    return replace(documented, value=None, why="stale", stale=None, ask=ask)


def _computed(moment: Moment, known: Facts) -> str | None:
    table = moment.edition.criteria["response"]
    states = [(row.test(known), row.sets["response"]) for row in table.rows]
    holding = [str(word) for state, word in states if state is True]
    return holding[0] if len(holding) == 1 and all(state is not None for state, _ in states) else None


def _agreed(documented: Fact, computed: str) -> Fact:
    if (documented.value in REMISSION) == (computed in REMISSION):
        return documented
    ask = f"documented {documented.value}, but the components show {computed}: correct one of them"
    return replace(documented, value=None, why="conflicting", ask=ask)


def best_response(moment: Moment) -> Fact:
    """Was CR or CRi documented at any time after the first dose?"""
    if moment.course.first_dose_at is None:
        return NOT_APPLICABLE
    found = [r for r in seen(moment, "response", moment.at, moment.course.first_dose_at) if r.value in REMISSION]
    return Fact(bool(found), when=found[-1].at if found else None, origin=found[-1].id if found else "")


def response_lost(moment: Moment) -> Fact:
    """Was a remission of this treatment lost? Only a new CR or CRi undoes it; of two words of one moment the worse counts.

    From cycle 2 on somebody must have recorded a response; until then none can have been lost.
    """
    point, first, reached, lost = moment.course.point, moment.course.first_dose_at, False, Fact(False)
    if point is None or first is None:
        return NOT_ASKED if point is None else lost
    responses = seen(moment, "response", moment.at, first)
    if point.cycle > 1 and not any(isinstance(reading.value, str) for reading in responses):
        return NOT_ASKED
    said = [*responses, *seen(moment, "disease_course", moment.at, first)]
    for reading in sorted(said, key=lambda one: (one.at, one.value not in REMISSION)):
        if reading.value in REMISSION:
            reached, lost = True, Fact(False)
        elif reading.value == "relapse" or (reached and reading.value in LOSS):
            lost = Fact(True, None, reading.at, reading.id, reading.reported)
    return lost


def cycles_without_remission(moment: Moment, current: Fact) -> Fact:
    """Cycles counted while no CR or CRi was documented; unknown until a response after the last dose is known."""
    counted = len([cycle for cycle in moment.course.cycles if cycle.counted])
    if moment.course.point is None:
        return NOT_ASKED
    if best_response(moment).value is True or current.value in REMISSION:
        return Fact(Decimal(0))
    if counted == 0 or current.value is not None:
        return Fact(Decimal(counted))
    return Fact(why=current.why, ask=current.ask)
