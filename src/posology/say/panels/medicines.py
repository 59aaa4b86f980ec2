"""The medicines of a record, and the QT, as JSON and in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from textwrap import wrap
from typing import Any

from posology.facts import Fact
from posology.knowledge import Cites
from posology.knowledge.medicines import QtDrug
from posology.medicines import Checked, Concern, Heart, Limit, Used
from posology.say import shape
from posology.say.panels import graded
from posology.say.panels.graded import SEEN, Told
from posology.say.words import WIDTH, datum, source
from posology.units import normalise

Json = dict[str, Any]
REVIEWS = {
    "signed": "signed by a pharmacist since the last dose",
    "outdated": "signed, but these were recorded later: ",
    "none": "none signed since the last dose: a pharmacist reviews the list before each dose",
}
ECG = ("qt", "heart_rate", "qtcf_reported", "qtcf", "qtcf_baseline", "qtcf_change", "ecg_age_days", "qt_drug_started")
"""The facts of the ECG; the last one: a medicine touching the QT was ordered or stated, whatever its name."""

CONCERNS = {"holds": "", "open": " (unless it is ruled out)", "ask": " (ask)"}


# --- JSON -----------------------------------------------------------------------------------------------------------
def medicines(found: Checked, told: Told, heading: Json) -> Json:
    """`medicines --json`."""
    return {**heading, **_medicines(found, told)}


def _medicines(found: Checked, told: Told) -> Json:
    return {
        "medicines": [_used(one, told) for one in found.used],
        "qt_list": {
            "name": found.list.name,
            "recalled_on": shape.scalar(found.list.recalled_on),
            "copy_of": shape.scalar(found.list.copy_of),
            "reading": found.list.reading,
            "cites": shape.cites(found.list.cites),
        },
        "qt": [_qt(one, drug) for one, drug in found.qt],
        "interactions": [_concern(one, told) for one in found.concerns],
        "not_checked": [origin for one in found.unlisted for origin in one.origins],
        "review": {
            "state": found.review.state,
            "when": _local(found.review.fact.when, told),
            "from": found.review.fact.origin or None,
            "recorded_since": list(found.review.since),
        },
    }


def _used(one: Used, told: Told) -> Json:
    return {
        "name": one.name,
        "state": one.state,
        "since": _local(one.since, told),
        "last": _local(one.last, told),
        "from": list(one.origins),
    }


def _local(when: datetime | None, told: Told) -> str | None:
    return when.astimezone(told.zone).isoformat() if when else None


def _qt(one: Used, drug: QtDrug | None) -> Json:
    return {
        "name": one.name,
        "state": one.state,
        "category": drug.category if drug else "unknown",
        "says": drug.says if drug else "no category in our list",
        "note": drug.note or None if drug else None,
        "confidence": drug.confidence if drug else None,
        "as_of": shape.scalar(drug.as_of) if drug else None,
    }


def _concern(one: Concern, told: Told) -> Json:
    return {
        "id": one.interaction.id,
        "state": one.state,
        "medicines": list(one.names),
        "concern": one.interaction.concern,
        "reading": one.interaction.reading or None,
        "ask": one.interaction.ask or None,
        "missing": [shape.missing(told.lacking(name)) for name in one.missing],
        "cites": shape.cites(one.interaction.cites),
        "seen": one.interaction.seen,
    }


def qt(found: Heart, listed: Checked, told: Told, heading: Json) -> Json:
    """`qt --json`."""
    return {
        **heading,
        "ecg": {name: shape.evidence(told.evidence(name)) for name in ECG},
        "formulas": [
            {"formula": one.formula, "ms": shape.scalar(one.ms), "decides": one.decides} for one in found.corrected
        ],
        "unnamed": _unnamed(found, told),
        "limits": [_limit(one, told) for one in found.limits],
        "grades": [graded.grade(one, told) for one in found.grades],
        "electrolytes": [_electrolyte(name, fact, listed.at, told) for name, fact in found.electrolytes],
        **_medicines(listed, told),
    }


def _unnamed(found: Heart, told: Told) -> Json | None:
    reading = found.unnamed
    if reading is None:
        return None
    return {"ms": shape.scalar(reading.value), "when": _local(reading.at, told), "from": reading.id}


def _limit(one: Limit, told: Told) -> Json:
    limit = one.limit
    return {
        "id": limit.id,
        "says": limit.says,
        "states": limit.states,
        "decides": limit.decides,
        "state": one.state,
        "missing": [shape.missing(told.lacking(name)) for name in one.missing],
        "cites": shape.cites(limit.cites),
        "seen": limit.seen,
    }


def _electrolyte(name: str, fact: Fact, at: datetime, told: Told) -> Json:
    return {**shape.evidence(told.evidence(name)), "why": fact.why, "age_days": _age(fact, at, told)}


def _age(fact: Fact, at: datetime, told: Told) -> int | None:
    """Calendar days in the clinic's zone."""
    when = fact.when
    return (at.astimezone(told.zone).date() - when.astimezone(told.zone).date()).days if when else None


# --- words ----------------------------------------------------------------------------------------------------------
def medicines_in_words(found: Checked, told: Told, heading: str) -> str:
    """The list, QT, what else matters, what nobody checked, the review."""
    return "\n".join([heading, *_list(found), *_risks(found), *_reviewed(found, told)]) + "\n"


def qt_in_words(found: Heart, listed: Checked, told: Told, heading: str) -> str:
    """The ECG, the limits by who says them, electrolytes, medicines."""
    lines = [heading, *_ecg(found, told), *_limits(found), *_electrolytes(found, listed.at, told), *_risks(listed)]
    return "\n".join([*lines, *_reviewed(listed, told)]) + "\n"


def _ecg(found: Heart, told: Told) -> Iterator[str]:
    yield ""
    yield f"{datum(told.evidence('qt'))}; {datum(told.evidence('heart_rate'))}; {datum(told.evidence('ecg_age_days'))}"
    for one in found.corrected:
        decides = "   decisions rest on this one" if one.decides else ""
        yield f"  {one.formula.capitalize():11} {normalise(one.ms)} ms{decides}"
    yield f"Used: {'; '.join(datum(told.evidence(name)) for name in ('qtcf', 'qtcf_baseline', 'qtcf_change'))}"
    if found.unnamed is not None:
        yield "A QTc without the name of its formula stands in the record and is not used."
    yield f"By CTCAE: {', '.join(f'{one.version} {graded.long(one)}' for one in found.grades)}"


def _limits(found: Heart) -> Iterator[str]:
    yield ""
    yield "Limits by who says them"
    for one in found.limits:
        acts = "a rule acts on it" if one.limit.decides else "no rule acts on it"
        text = f"{one.limit.says}: {one.state}. {one.limit.states} [{_source(one.limit.cites, one.limit.seen)}; {acts}]"
        yield from _wrapped(text)


def _electrolytes(found: Heart, at: datetime, told: Told) -> Iterator[str]:
    yield ""
    yield "Electrolytes"
    for name, fact in found.electrolytes:
        why = f" ({fact.why.replace('_', ' ')})" if fact.value is None and fact.why else ""
        age = _age(fact, at, told)
        yield f"  {datum(told.evidence(name))}{why}{'' if age is None else f', {age} days old'}"


def _list(found: Checked) -> Iterator[str]:
    yield ""
    yield "Medicines in the record"
    if not found.used:
        yield "  none recorded, which does not say that none is taken: ask"
    for one in found.used:
        last = f", last on {one.last:%Y-%m-%d}" if one.last else ""
        name = (one.name or "not in our lists").replace("_", " ")
        yield f"  {name}: {one.state}{last} [{', '.join(one.origins)}]"


def _risks(found: Checked) -> Iterator[str]:
    yield ""
    copy = f"copy of {found.list.copy_of}" if found.list.copy_of else f"no dated copy; recalled on {found.list.recalled_on}"
    yield f"QT ({found.list.name}; {copy})"
    for one, drug in found.qt:
        note = f" {drug.note}" if drug and drug.note else ""
        says = drug.says if drug else "no category in our list"
        yield from _wrapped(f"{str(one.name).replace('_', ' ')}: {says}.{note}")
    if not found.qt:
        yield "  no listed medicine is recorded as taken"
    yield ""
    yield "What else matters"
    for concern in found.concerns:
        names = f"{', '.join(concern.names).replace('_', ' ')}: " if concern.names else ""
        item = concern.interaction
        ask = f" {item.ask}" if item.ask else ""
        text = f"{names}{item.concern}{ask}{CONCERNS[concern.state]} [{_source(item.cites, item.seen)}]"
        yield from _wrapped(text)
    if found.unlisted:
        origins = ", ".join(origin for one in found.unlisted for origin in one.origins)
        yield from _wrapped(f"Not checked: no list of ours has the medicine of {origins}. A pharmacist must look.")


def _reviewed(found: Checked, told: Told) -> Iterator[str]:
    yield ""
    review = found.review
    when = f" ({_local(review.fact.when, told)})" if review.fact.when and review.state != "none" else ""
    names = ", ".join(review.since).replace("_", " ")
    yield from wrap(f"Review of the list: {REVIEWS[review.state]}{names}{when}", WIDTH, subsequent_indent="  ")


def _source(cites: Cites, seen: str) -> str:
    return f"{source(cites)}; {SEEN[seen]}"


def _wrapped(text: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")
