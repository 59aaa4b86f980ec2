"""What all documents about one order share: whose it is, its sources, its overrides, its signatures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from posology.knowledge import Cites, Step
from posology.say.documents.paper import Block, Cells, Row, Says, Section, Sheet, Tick, Warn
from posology.say.words import source
from posology.units import normalise
from posology.verify import Identity, OrderSheet

UNVERIFIED = "recalled"
QUOTED = re.compile(r"`([^`]*)`")


def document(
    kind: str, order: OrderSheet, identity: Identity, overridden: Iterable[str], sections: Iterable[Section]
) -> Sheet:
    """One document of one order. Its title names the order and never the patient."""
    made, listed = order.figures.amounts, tuple(overridden)
    return Sheet(
        kind=kind,
        title=f"{kind} {order.order_id}",
        edition=order.edition.upper(),
        version=order.version,
        knowledge=order.knowledge,
        sections=(*(one for one in sections if one.blocks), *overrides(listed)),
        order=order.order_id,
        whose=identity.name or "name: ____________",
        known=f"{first(identity, order.patient)} · born {born(identity, order.birth)}",
        drug=f"{order.drug} ({order.brand})",
        lead=f"{normalise(made.rounded.mg)} mg",
        how=how(order),
        overridden="; ".join(listed),
        made_at=order.written_at,
    )


def how(order: OrderSheet) -> str:
    """Route, day and course in one line."""
    return (
        f"by {route(order)} ONLY, over {order.minutes} minutes, on {order.on}: cycle {order.cycle}, dose {order.dose}, "
        f"Day {order.day}"
    )


def route(order: OrderSheet) -> str:
    """The route in capitals."""
    return order.route.replace("_", " ").upper()


def patient(order: OrderSheet, identity: Identity) -> tuple[Row, ...]:
    """Who it is for: whole name, identifiers, birth date."""
    known = [f"{kind} {value}" for kind, _, value in identity.identifiers]
    born = identity.birth or order.birth
    return (
        Row("Name", identity.name or "", strong=True),
        Row("Identifiers", "; ".join([*known, f"record {order.patient}"])),
        Row("Born", f"{born}" if born else ""),
    )


def reviewed(order: OrderSheet) -> tuple[Warn, ...]:
    """What a person must look at first."""
    return tuple(Warn(one.states, source(one.cites), one.seen == UNVERIFIED) for one in order.review)


def says(text: str, cites: Cites, seen: str) -> Says:
    """A line of the knowledge with its source; what nobody could check in the label says so."""
    return Says(QUOTED.sub(r"“\1”", text), source(cites), seen == UNVERIFIED)


def ticks(steps: Iterable[Step]) -> tuple[Tick, ...]:
    """Lines of handling to tick off, each with its source."""
    return tuple(Tick(step.says, source(step.cites), step.seen == UNVERIFIED) for step in steps)


def signatures(*roles: str) -> Section:
    """Where each role signs."""
    return Section("Signatures", (signed(*roles),))


def signed(*roles: str) -> Cells:
    """A line to sign for each role."""
    rows = tuple((role, "", "", "") for role in roles)
    return Cells(("role", "name", "date and time", "signature"), rows, (1, 1, 1, 1))


def first(identity: Identity, patient: str) -> str:
    """The second identifier beside the name: the first that the patient has, else the record's."""
    named = next((f"{kind} {value}" for kind, _, value in identity.identifiers), "")
    return named or f"record {patient}"


def born(identity: Identity, birth: date | None) -> str:
    """The day of birth, or a blank."""
    return f"{identity.birth or birth or '__________'}"


def overrides(listed: tuple[str, ...]) -> tuple[Section, ...]:
    """Each override in full."""
    rows: tuple[Block, ...] = tuple(Row(one.partition(" ")[0], one.partition(" ")[2]) for one in listed)
    return (Section("Overridden findings", rows),) if rows else ()
