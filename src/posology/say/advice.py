"""Advice around the doses, as JSON and in words: whose word each line is, what applies, what is open."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from posology.answer.advice import Advice, Advised, Countdown, Premedicated
from posology.say.outlook import monitored
from posology.say.pages import sheet
from posology.say.shape import Json, cited, due, evidence, heading, missing, scalar, window
from posology.say.words import SEEN, WIDTH, datum, source

HANDOVER = "handover"
STATES = {"given": "given", "after_start": "GIVEN ONLY AFTER THE START", "not_on_record": "not on record"}
MARKS = {"standing": " ", "applies": "!", "open": "?"}
LEGEND = "! applies now   ? may apply: something is not known   [label | practice | policy: source]"


def shape(found: Advice) -> Json:
    """`advice --json`."""
    return {
        **heading(found),
        "sections": [
            {"id": part.id, "title": part.title, "lines": [_line(one) for one in part.lines]} for part in found.parts
        ],
        "premedication": {
            "complete": found.premedicated,
            "missing": [one.what for one in found.premedication if one.state != "given"],
            "classes": [_class(one) for one in found.premedication],
        },
        "transplant": _countdown(found.transplant),
        "reproductive": [window(one) for one in found.reproductive],
        "handover": sheet.shape(found.handover),
    }


def _line(one: Advised) -> Json:
    line = one.line
    return {
        "id": line.id,
        "says": line.says,
        "reading": line.reading or None,
        "state": one.state,
        "when": line.text or None,
        "because": [evidence(part) for part in one.because],
        "ask": [missing(lack) for lack in one.ask],
        "basis": line.basis,
        **cited(line),
    }


def _class(one: Premedicated) -> Json:
    return {"what": one.what, "state": one.state, "at": [scalar(moment) for moment in one.at]}


def _countdown(found: Countdown) -> Json:
    return {
        "intent": found.intent,
        "cycles_counted": found.cycles_counted,
        "last_dose_on": scalar(found.last_dose_on),
        "days_since_last_dose": found.days_since_last_dose,
        "transplant_on": scalar(found.transplant_on),
        "days_since_transplant": found.days_since_transplant,
        "follow_up": [due(item) for item in found.follow_up],
    }


def words(found: Advice, section: str | None = None) -> str:
    """All sections, or one; the hand-over sheet where a transplant is planned, done, or it is asked for."""
    return "\n".join(_words(found, section)) + "\n"


def _words(found: Advice, section: str | None) -> Iterator[str]:
    yield f"{found.patient} · {found.at:%Y-%m-%d %H:%M} {found.zone} · edition {found.edition.upper()}"
    yield LEGEND
    for part in found.parts:
        if section in (None, part.id):
            yield f"\n{part.title}"
            for one in part.lines:
                yield from _said(one)
            yield from _state(found, part.id)
    intended = found.transplant.intent == "proceeding" or found.transplant.transplant_on is not None
    if section == HANDOVER or (section is None and intended):
        yield from sheet.lines(found.handover)


def _said(one: Advised) -> Iterator[str]:
    line = one.line
    basis = f"[{line.basis}: {source(line.cites)}; {SEEN[line.seen]}]"
    yield from wrap(f"{line.says} {basis}", WIDTH, initial_indent=f"{MARKS[one.state]} ", subsequent_indent="    ")
    if line.reading:
        yield from wrap(f"Read as: {line.reading}", WIDTH, initial_indent="    ", subsequent_indent="    ")
    if one.because:
        yield from wrap(
            f"Data: {'; '.join(map(datum, one.because))}", WIDTH, initial_indent="    ", subsequent_indent="      "
        )
    for lack in one.ask:
        yield f"    Not known: {lack.ask} ({lack.why.replace('_', ' ')})"


def _state(found: Advice, part: str) -> Iterator[str]:
    """What the record says beside the lines of a section."""
    if part == "premedication":
        for one in found.premedication:
            times = ", ".join(f"{moment:%H:%M}" for moment in one.at)
            yield f"  Today: {one.what}: {STATES[one.state]}{f' at {times}' if times else ''}"
    if part == "transplant":
        yield from _days(found.transplant)
    if part == "reproduction":
        for running in found.reproductive:
            text = f"{'Over since' if running.over else 'Until'} {running.until}: {running.what} ({running.because})"
            yield from wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")


def _days(found: Countdown) -> Iterator[str]:
    intent = (found.intent or "nobody has said").replace("_", " ")
    yield f"  Intent: {intent}; cycles that count: {_or_unknown(found.cycles_counted)}"
    if found.last_dose_on:
        yield f"  {found.days_since_last_dose} days since the last dose on record ({found.last_dose_on})"
    if found.transplant_on:
        yield f"  {found.days_since_transplant} days since the transplant ({found.transplant_on})"
    for item in found.follow_up:
        yield from monitored(item)


def _or_unknown(value: object) -> str:
    return "not known" if value is None else str(value)
