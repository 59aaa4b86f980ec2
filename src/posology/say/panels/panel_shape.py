"""A panel of published criteria as JSON: every key always present, decimals as strings."""

from __future__ import annotations

from posology.criteria import Day, Graded, ItemState, Placed, Shown, Standing, View
from posology.knowledge.panel import Stated
from posology.say.shape import Json, cites, evidence, missing, note, scalar
from posology.version import VERSION


def view(found: View) -> Json:
    """`vod --json` and `lysis --json`."""
    return {
        "version": VERSION,
        "knowledge": found.knowledge,
        "edition": found.edition,
        "zone": found.zone,
        "at": found.at.isoformat(),
        "patient": found.patient,
        "panel": found.id,
        "title": found.title,
        "state": found.state,
        "could_be": found.could_be,
        "sets": {one.id: standing(one) for one in found.sets},
        "severity": {one.id: graded(one) for one in found.severity},
        "timeline": [day(one) for one in found.timeline],
        "signals": [item(one) for one in found.signals],
        "figures": [shown(one) for one in found.figures],
        "risk_factors": [item(one, RISK) for one in found.risk_factors],
        "alerts": [item(one) for one in found.alerts],
        "advice": list(found.advice),
        "next": [missing(lack) for lack in found.next],
        "warnings": [note(one) for one in found.warnings],
    }


RISK = {"holds": "present", "open": "unknown", "fails": "absent"}


def standing(one: Standing) -> Json:
    """One set: also `answer SET --json`."""
    return {
        "set": one.id,
        "title": one.title,
        "state": one.state,
        "pattern": one.pattern,
        "onset": one.onset,
        "holds": one.holds,
        "short": one.short,
        "items": [item(part) for part in one.items],
        "missing": [missing(lack) for lack in one.missing],
        "decides": list(one.decides),
        "met_on": scalar(one.met_on),
        "could_be": one.could_be,
        "outside": [evidence(datum) for datum in one.outside],
        **said(one.said),
    }


def item(part: ItemState, words: dict[str, str] | None = None) -> Json:
    return {
        "id": part.id,
        "title": part.title,
        "state": (words or {}).get(part.state, part.state),
        "because": [evidence(one) for one in part.because],
        "missing": [missing(lack) for lack in part.missing],
        **said(part.said),
    }


def said(stated: Stated) -> Json:
    return {
        "cites": cites(stated.cites),
        "seen": stated.seen,
        "confidence": stated.confidence,
        "states": stated.states,
        "reading": stated.reading or None,
    }


def graded(one: Graded) -> Json:
    """One scale: also `answer SCALE --json`. `grade` is null until it is settled, and where the scale does not apply."""
    return {
        "scale": one.id,
        "title": one.title,
        "applies": one.applies,
        "grade": one.at_least if one.settled and one.applies is not False else None,
        "at_least": one.at_least,
        "could_be": one.could_be,
        "lifted": one.lifted,
        "outright": one.outright,
        "criteria": [placed(part) for part in one.criteria],
        "starred_met": list(one.starred_met),
        **said(one.said),
    }


def placed(part: Placed) -> Json:
    return {
        "id": part.id,
        "title": part.title,
        "at_least": part.at_least,
        "could_be": part.could_be,
        "starred": part.starred,
        "because": [evidence(one) for one in part.because],
        "missing": [missing(lack) for lack in part.missing],
        **said(part.said),
    }


def day(one: Day) -> Json:
    return {"on": one.on.isoformat(), "states": dict(one.states), "turned": list(one.turned)}


def shown(one: Shown) -> Json:
    return {
        "fact": one.fact,
        "means": one.means,
        "value": scalar(one.value),
        "unit": one.unit,
        "when": scalar(one.when),
        "why": one.why,
    }
