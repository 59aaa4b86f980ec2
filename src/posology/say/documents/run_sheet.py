"""The run sheet of the infusion on paper: what is planned, and blanks for what really happened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from posology.knowledge import Edition
from posology.knowledge.chair import chair
from posology.say.documents.ordered import UNVERIFIED, document, patient, reviewed, says, signatures, ticks
from posology.say.documents.paper import Block, Cells, Row, Says, Section, Sheet, Tick, Warn
from posology.say.documents.preparation import limits, rate
from posology.say.ordering.infusion import clock
from posology.say.ordering.preparation import moment
from posology.say.words import source
from posology.units import normalise
from posology.verify import Identity
from posology.verify.care.chair import Premedicated, RunSheet
from posology.verify.care.reaction import means

DAY = ("when", "what", "really at", "blood pressure", "pulse, breaths", "°C", "O₂ %")


def run_sheet(made: RunSheet, identity: Identity, edition: Edition, overridden: Iterable[str] = ()) -> Sheet:
    """The sheet for the nurse at the chair."""
    zone = ZoneInfo(made.prep.order.zone)
    parts = (
        Section("Patient", patient(made.prep.order, identity)),
        Section("Before the start", tuple(_before(made))),
        Section("Premedication", tuple(_premedication(made, zone))),
        Section("Infusion", tuple(_infusion(made, zone))),
        Section("The day", tuple(_day(made, zone))),
        Section("At a reaction", tuple(_reaction(edition)), fresh_page=True),
        Section("Handling", ticks(made.steps)),
        signatures("started by", "checked by", "ended by"),
    )
    return document("Run sheet", made.prep.order, identity, overridden, parts)


def _before(made: RunSheet) -> Iterator[Block]:
    order = made.prep.order
    if order.reaction_grade:
        yield Warn(f"A reaction of grade {normalise(order.reaction_grade)} at the last infusion")
    yield from reviewed(order)
    yield from (Warn(f"When this was printed: {text}") for text in made.holds)
    yield from (Warn(text) for text in made.notes)
    yield Tick("Identity asked and wristband read by two persons")
    yield Tick(f"Label read: order {order.order_id}, drug, dose, route, stop by")
    yield Tick("Four verifications signed; asked for new symptoms: none")
    yield Row("Weight of today, kg")
    yield Row("Received, time and by")
    yield Row("Emergency number")


def _premedication(made: RunSheet, zone: ZoneInfo) -> Iterator[Block]:
    rows = tuple((one.before.medicine, _window(one, made, zone), "", _given(one, zone), "") for one in made.premedication)
    yield Cells(("class", "when", "medicine and dose", "given at", "by"), rows, (2, 2, 2, 2, 1))
    ground = made.premedication[0].before.ground
    yield Says(ground.reading, source(ground.cites), ground.seen == UNVERIFIED)
    for one in made.prep.order.premedication_lines:
        yield says(one.line.says, one.line.cites, one.line.seen)


def _window(one: Premedicated, made: RunSheet, zone: ZoneInfo) -> str:
    if one.earliest is None or one.latest is None:
        return f"{one.before.earliest_minutes} to {one.before.latest_minutes} minutes before"
    return f"{clock(one.earliest, made, zone)} to {clock(one.latest, made, zone)}"


def _given(one: Premedicated, zone: ZoneInfo) -> str:
    return ", ".join(f"{at.astimezone(zone):%H:%M}" for at in one.given)


def _infusion(made: RunSheet, zone: ZoneInfo) -> Iterator[Block]:
    prep = made.prep
    ordered, holds = normalise(prep.order.figures.amounts.rounded.mg), normalise(prep.draw.gives_mg)
    volume = f"{normalise(prep.final_ml)} mL" if prep.final_ml is not None else "the volume on the label"
    yield Row("Give", f"{ordered} mg in {volume}", strong=True)
    if holds != ordered:
        yield Row(" ", f"as drawn at the marks of the syringe: {holds} mg")
    yield Row("Rate", f"{rate(prep)}, over {prep.minutes} minutes", source(prep.order.product_cites), strong=True)
    for label, when in limits(prep):
        yield Row(label, moment(when, zone) if when else "", "" if when else "copy from the label")
    observed = f"at least {made.observe_minutes} minutes from the actual stop"
    rows = (
        ("start", _planned(made.start, zone), "", ""),
        ("stop", _planned(made.end, zone) or f"after {prep.minutes} minutes", "", ""),
        ("end of observation", _planned(made.observe_until, zone) or observed, "", ""),
    )
    yield Cells(("what", "planned", "actual date and time", "by"), rows, (2, 2, 2, 1))
    yield Row("Volume given, mL")
    yield Row("Interruptions")


def _planned(when: datetime | None, zone: ZoneInfo) -> str:
    return moment(when, zone) if when else ""


def _day(made: RunSheet, zone: ZoneInfo) -> Iterator[Block]:
    rows = tuple(
        (
            f"{one.at.astimezone(zone):%H:%M}" if one.at else f"{one.minutes:+d}",
            "; ".join(one.does),
            *("" for _ in DAY[2:]),
        )
        for one in made.timeline
    )
    yield Cells(DAY if made.start else ("from start, min", *DAY[1:]), rows, (1, 2, 1, 1, 1, 1, 1))
    vitals = chair().vitals
    yield says(f"Vital signs: {vitals.says}. {vitals.ground.reading}", vitals.ground.cites, vitals.ground.seen)


def _reaction(edition: Edition) -> Iterator[Block]:
    yield Row("Grade, time, signs")
    yield Row("Stopped at; mL run in")
    for one in chair().reactions:
        goes_on = "may go on if the prescriber says so, inside every clock" if one.resume else "never goes on"
        yield Row(f"Grade {' or '.join(map(str, one.grades))}", goes_on, strong=True)
        yield from (Row(f"{grade}", text) for grade in one.grades if (text := means(grade)))
        yield from (says(step.says, step.cites, step.seen) for step in one.read(edition))
