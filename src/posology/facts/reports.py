"""What the record reports. Silence is no report; a report of a danger counts until a later reading says no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from posology.facts.fact import NOT_ASKED, Fact
from posology.facts.pick import Moment, latest, reached, seen, settled, worded
from posology.knowledge import Pick
from posology.record import Reading


def reported(pick: Pick, moment: Moment) -> Fact:
    """Does the record say yes to any of these? Silence is no report; what cannot be used or contradicts itself is unknown.

    A report answers what the record holds, not what is true of the patient: it may find a danger and rules none out.
    Of a number without `reaches` the question is only whether one is reported that can be read.
    """
    if moment.course.point is None:
        return NOT_ASKED
    found = [fact for name in pick.of if (fact := _report(name, pick, moment)) is not None]
    yes = next((fact for fact in found if fact.value is True), None)
    unknown = sorted(str(fact.why) for fact in found if fact.value is None)
    return yes or (Fact(why=unknown[0]) if unknown else Fact(False))


def _report(name: str, pick: Pick, moment: Moment) -> Fact | None:
    """What the latest readings of one observable say; None where there are none that count."""
    after = _since(pick, moment)
    if pick.since and after is None:
        return None
    group = latest(seen(moment, name, moment.at, after))
    if not group or not _lasts(group, pick, moment):
        return None
    fact = settled(group, moment.edition.observables[name])
    if fact.value is None and fact.stale is not None:
        fact = replace(fact, value=fact.stale, stale=None, why=None)
    if not isinstance(fact.value, Decimal):
        return worded(fact, pick)
    return reached(fact, group, pick, moment) if pick.reaches else replace(fact, value=True)


def _since(pick: Pick, moment: Moment) -> datetime | None:
    return moment.course.first_dose_at if pick.since == "first_dose" else moment.course.last_dose_at if pick.since else None


def _lasts(group: Sequence[Reading], pick: Pick, moment: Moment) -> bool:
    """With `fresh_for`: does the report still count?"""
    return pick.fresh_for is None or moment.at - group[0].at <= moment.edition.policy.freshness[pick.fresh_for].normal
