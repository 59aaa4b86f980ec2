"""The run sheet and a reaction as JSON and in words: what holds the start first, then the clock of the day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from textwrap import wrap
from typing import Any
from zoneinfo import ZoneInfo

from posology.knowledge import Step
from posology.knowledge.chair import Ground, chair
from posology.say.ordering.orders import BLANK, reasons
from posology.say.ordering.preparation import STOP, barred, basis, moment, reviewed, row
from posology.say.shape import Json, cites, heading, note, scalar
from posology.say.words import WIDTH, paint
from posology.units import normalise
from posology.verify import Drawn, Identity
from posology.verify.care.chair import Premedicated, RunSheet
from posology.verify.care.reaction import Delivered, Reacted

MINUTES = len("+120 min  ")
NOT_YET = "NOT YET  "


def document(drawn: Drawn, run: RunSheet | None, reacted: Reacted | None) -> Json:
    """`chair --json`."""
    zone = drawn.case.zone
    return {
        **heading(drawn.report),
        "verdict": drawn.report.verdict,
        "could_be": drawn.report.could_be,
        "run": _run(run, zone) if run else None,
        "reaction": _reaction(reacted, zone) if reacted else None,
        "reasons": reasons(drawn.sheet),
        "warnings": [note(one) for one in drawn.report.warnings],
    }


def _run(run: RunSheet, zone: ZoneInfo) -> Json:
    prep, found, vitals = run.prep, run.prep.clocks, chair().vitals
    return {
        "order_id": prep.order.order_id,
        "stops": list(run.stops),
        "holds": list(run.holds),
        "notes": list(run.notes),
        "ordered_mg": scalar(prep.order.figures.amounts.rounded.mg),
        "mg": scalar(prep.draw.gives_mg),
        "final_volume_ml": scalar(prep.final_ml),
        "rate_ml_per_h": scalar(prep.rate_ml_per_h),
        "minutes": prep.minutes,
        "observe_minutes": run.observe_minutes,
        "start": _local(run.start, zone),
        "end": _local(run.end, zone),
        "observe_until": _local(run.observe_until, zone),
        "start_by": _local(found.latest_start if found else None, zone),
        "end_by": _local(found.latest_end if found else None, zone),
        "premedication": [_given(one, zone) for one in run.premedication],
        "timeline": [{"minutes": one.minutes, "at": _local(one.at, zone), "does": list(one.does)} for one in run.timeline],
        "vitals": {"says": vitals.says, **_ground(vitals.ground)},
        "steps": [_step(one) for one in run.steps],
    }


def _given(one: Premedicated, zone: ZoneInfo) -> Json:
    return {
        "medicine": one.before.medicine,
        "earliest": _local(one.earliest, zone),
        "latest": _local(one.latest, zone),
        "earliest_minutes": one.before.earliest_minutes,
        "latest_minutes": one.before.latest_minutes,
        "given": [_local(at, zone) for at in one.given],
        "state": one.state,
        **_ground(one.before.ground),
    }


def _reaction(found: Reacted, zone: ZoneInfo) -> Json:
    return {
        "grade": found.grade,
        "means": found.means,
        "resume": found.resume,
        "barred": list(found.barred),
        "steps": [_step(one) for one in found.steps],
        "delivered": _delivered(found.delivered, zone) if found.delivered else None,
    }


def _delivered(part: Delivered, zone: ZoneInfo) -> Json:
    return {
        "started": _local(part.started, zone),
        "stopped": _local(part.stopped, zone),
        "ml": scalar(part.ml),
        "mg": scalar(part.mg),
        "by_rate_ml": scalar(part.by_rate_ml),
        "left_ml": scalar(part.left_ml),
        "whole": part.whole,
        "resume_by": _local(part.resume_by, zone),
        "observe_until": _local(part.observe_until, zone),
        "asks": list(part.asks),
    }


def _step(one: Step) -> Json:
    return {"id": one.id, "says": one.says, "cites": cites(one.cites), "seen": one.seen, "confidence": one.confidence}


def _ground(one: Ground) -> Json:
    return {"cites": cites(one.cites), "seen": one.seen, "confidence": one.confidence}


def _local(when: datetime | None, zone: ZoneInfo) -> Any:
    return when.astimezone(zone).isoformat() if when else None


def words(drawn: Drawn, run: RunSheet, identity: Identity, heading_: str, colour: bool) -> str:
    """The run sheet for the nurse."""
    return "\n".join(_words(drawn, run, identity, heading_, colour)) + "\n"


def _words(drawn: Drawn, run: RunSheet, identity: Identity, heading_: str, colour: bool) -> Iterator[str]:
    order, zone = run.prep.order, drawn.case.zone
    others = [f"{kind} {value}" for kind, _, value in identity.identifiers]
    yield heading_
    yield f"{identity.name or BLANK} · {'; '.join([*others, f'record {order.patient}'])} · born {order.birth or BLANK}"
    yield f"RUN SHEET of {order.drug}, order {order.order_id}"
    if run.stops:
        yield ""
        yield from barred(run.stops, colour)
        yield "Nothing is given until that is settled."
        return
    for text in run.holds:
        first, *rest = wrap(f"{NOT_YET}{text}", WIDTH, subsequent_indent=" " * len(NOT_YET))
        yield from (paint(first, STOP, colour), *rest)
    yield from reviewed(order)
    yield ""
    yield from _what(run, zone)
    yield ""
    yield from _before(run, zone)
    yield from (f"  Note: {text}" for text in run.notes)
    yield ""
    for one in run.timeline:
        at = f"{clock(one.at, run, zone)}  " if one.at else ""
        yield from wrap("; ".join(one.does), WIDTH, initial_indent=f"  {at}{f'{one.minutes:+d} min':{MINUTES}}",
                        subsequent_indent=" " * (MINUTES + 10))  # fmt: skip
    vitals = chair().vitals
    yield from wrap(f"Vital signs: {vitals.says} {basis(vitals.ground.cites, vitals.ground.seen)}", WIDTH,
                    initial_indent="  ", subsequent_indent="    ")  # fmt: skip
    yield ""
    yield from _lines(run.steps)
    yield ""
    yield "A reaction: posology chair BUNDLE --reaction GRADE --start T --stopped T --volume ML"
    yield f"posology {order.version}, knowledge {order.knowledge}. Check against the current label."


def _what(run: RunSheet, zone: ZoneInfo) -> Iterator[str]:
    prep = run.prep
    volume = f"{normalise(prep.final_ml)} mL" if prep.final_ml is not None else f"{BLANK} mL"
    rate = f"{normalise(prep.rate_ml_per_h)}" if prep.rate_ml_per_h is not None else BLANK
    ordered, holds = normalise(prep.order.figures.amounts.rounded.mg), normalise(prep.draw.gives_mg)
    made = "" if ordered == holds else f" (at the marks of the syringe: {holds} mg)"
    yield from row("GIVE", f"{ordered} mg{made} in {volume}, {prep.order.route.replace('_', ' ')} only")
    yield from row("PUMP", f"{rate} mL per hour, {prep.minutes} minutes")
    for key, when in (("START", run.start), ("STOP", run.end), ("WATCH UNTIL", run.observe_until)):
        yield from row(key, moment(when, zone) if when else BLANK)
    found = prep.clocks
    if found is not None and found.latest_start is not None and found.latest_end is not None:
        yield from row("NOT LATER THAN", f"start {moment(found.latest_start, zone)}, stop {moment(found.latest_end, zone)}")


def _before(run: RunSheet, zone: ZoneInfo) -> Iterator[str]:
    for one in run.premedication:
        given = ", ".join(f"{at.astimezone(zone):%H:%M}" for at in one.given) or BLANK
        window = f"{one.before.earliest_minutes} to {one.before.latest_minutes} minutes before"
        if one.earliest and one.latest:
            window = f"{clock(one.earliest, run, zone)} to {clock(one.latest, run, zone)}"
        state = one.state.replace("_", " ")
        yield from row(one.before.medicine.upper(), f"{window}; given {given} ({state})")
    ground = run.premedication[0].before.ground
    yield from wrap(f"{ground.reading} {basis(ground.cites, ground.seen)}", WIDTH, initial_indent="  ",
                    subsequent_indent="    ")  # fmt: skip


def clock(when: datetime, run: RunSheet, zone: ZoneInfo) -> str:
    """A time of the day, with its date where that is not the day of the start."""
    local, day = when.astimezone(zone), (run.start or when).astimezone(zone).date()
    return f"{local:%H:%M}" if local.date() == day else f"{local:%Y-%m-%d %H:%M}"


def _lines(steps: tuple[Step, ...]) -> Iterator[str]:
    for step in steps:
        yield from wrap(f"{step.says} {basis(step.cites, step.seen)}", WIDTH, initial_indent="  ", subsequent_indent="    ")


def at_a_reaction(found: Reacted, at: datetime, zone: ZoneInfo, heading_: str, colour: bool) -> str:
    """What to do now, for the nurse whose patient reacts."""
    return "\n".join(_at_a_reaction(found, at, zone, heading_, colour)) + "\n"


def _at_a_reaction(found: Reacted, at: datetime, zone: ZoneInfo, heading_: str, colour: bool) -> Iterator[str]:
    yield paint(f"INFUSION REACTION, GRADE {found.grade}", STOP, colour) + (f"   ({found.means})" if found.means else "")
    for number, step in enumerate(found.steps, 1):
        yield from wrap(f"{step.says} {basis(step.cites, step.seen)}", WIDTH, initial_indent=f"  {number} ",
                        subsequent_indent="    ")  # fmt: skip
    yield ""
    yield heading_
    part = found.delivered
    for text in found.barred:
        yield from wrap(f"NEVER GOES ON  {text}", WIDTH, initial_indent="  ", subsequent_indent="    ")
    if part is None:
        yield "  What ran in is not counted: that needs an order of this moment, --start, --stopped and --volume."
        return
    yield from row("RAN IN", f"{normalise(part.ml)} mL = {normalise(part.mg)} mg   (by rate and time: "
                   f"{normalise(part.by_rate_ml)} mL)")  # fmt: skip
    yield from row("LEFT", f"{normalise(part.left_ml)} mL")
    if part.resume_by is not None:
        late = part.resume_by < max(part.stopped, at)
        yield from row("GO ON BY", "TOO LATE: discard the rest" if late else f"{moment(part.resume_by, zone)}, if at all")
    elif part.left_ml:
        yield from row("GO ON BY", "NEVER: discard the rest" if not found.resume else f"NOT KNOWN: {part.asks[0]}")
    yield from row("WATCH UNTIL", f"{moment(part.observe_until, zone)}, if it does not go on")
    yield "  Record it: the same line with --by Practitioner/ID --fhir"
