"""The run sheet of the infusion on paper: what is planned, and blanks for what really happened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from posology.knowledge import Edition
from posology.say.documents.order import advice
from posology.say.documents.ordered import document, patient, says, signatures, ticks
from posology.say.documents.paper import Block, Cells, Row, Section, Sheet, Tick, Warn
from posology.say.documents.preparation import rate
from posology.say.words import source
from posology.units import normalise
from posology.verify import Identity, OrderSheet

REACTION = "infusion_reaction"
LOOKS = ("before the start", "during", "during", "during", "at the end", "observation", "observation", "end of observation")


def run_sheet(made: OrderSheet, identity: Identity, edition: Edition, overridden: Iterable[str] = ()) -> Sheet:
    """The sheet for the nurse at the chair."""
    parts = (
        Section("Patient", (*patient(made, identity), Tick("Identity asked and wristband read by two persons"),
                            Tick(f"Label read: order {made.order_id}, drug, dose, route, expiry"))),
        Section("Premedication", tuple(_premedication(made))),
        Section("Infusion", tuple(_infusion(made))),
        Section("Vital signs", (_vitals(),)),
        Section("At a reaction", tuple(_reaction(edition))),
        Section("Handling", ticks((*made.sequence, *made.handling))),
        signatures("started by", "checked by", "ended by"),
    )  # fmt: skip
    return document("Run sheet", made, identity, overridden, parts)


def _premedication(made: OrderSheet) -> Iterator[Block]:
    if made.reaction_grade:
        yield Warn(f"A reaction of grade {normalise(made.reaction_grade)} at the last infusion")
    rows = tuple((one, "", "", "") for one in made.premedication_classes)
    yield Cells(("class", "medicine and dose", "given at", "by"), rows, (1, 2, 1, 1))
    yield from advice(made.premedication_lines)


def _infusion(made: OrderSheet) -> Iterator[Block]:
    volume = f"{normalise(made.final_volume_ml)} mL" if made.final_volume_ml is not None else "the syringe's volume"
    yield Row("Give", f"{normalise(made.figures.amounts.rounded.mg)} mg in {volume}", strong=True)
    yield Row("Rate", f"{rate(made)}, over {made.minutes} minutes", source(made.product_cites), strong=True)
    observed = f"at least {made.observe_minutes} minutes from the actual end" if made.observe_minutes is not None else ""
    rows = (
        ("start", "not after “start by” on the label", "", ""),
        ("stop", f"after {made.minutes} minutes", "", ""),
        ("end of observation", observed, "", ""),
    )
    yield Cells(("what", "planned", "actual date and time", "by"), rows, (2, 2, 2, 1))
    yield Row("Volume given, mL")
    yield Row("Interruptions")


def _vitals() -> Cells:
    head = ("when", "time", "blood pressure", "pulse", "temperature", "oxygen")
    return Cells(head, tuple((one, *("" for _ in head[1:])) for one in LOOKS), (2, 1, 2, 1, 2, 2))


def _reaction(edition: Edition) -> Iterator[Block]:
    yield Row("Grade, time, signs")
    for row in edition.tables[REACTION].rows:
        yield says(row.states, row.cites, row.seen)
