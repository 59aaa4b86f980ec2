"""The preparation sheet on paper: what to open, add and draw up, the clocks, the lots, and the label of the product."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from posology.knowledge import Cites, Edition, Step
from posology.knowledge.orders import orders
from posology.knowledge.preparation import Clock
from posology.say.documents.ordered import UNVERIFIED, document, how, patient, printable, route, signatures, ticks
from posology.say.documents.paper import Block, Cells, Label, Row, Section, Sheet, Warn
from posology.say.documents.press import code
from posology.say.orders import said
from posology.say.words import source
from posology.units import convert, normalise
from posology.verify import Identity, OrderSheet

UNSURE = "wording not verified"
HELD = {"any": "", "room": " (kept at room temperature)", "refrigerated": " (kept in the refrigerator)"}
ON_LABEL = ("light", "never_freeze", "cytotoxic")
VIAL = ("withdrawable_mg", "withdrawable_ml", "diluent_ml", "concentration_mg_per_ml")
SIDES = {True: "only_syringe", False: "only_bag"}


def preparation(made: OrderSheet, identity: Identity, edition: Edition, overridden: Iterable[str] = ()) -> Sheet:
    """The sheet for the person at the hood, with the label to cut out."""
    parts = (
        Section("Mix", tuple(_mix(made, edition))),
        Section("Clocks", (_clocks(edition),)),
        Section("Vials", tuple(_vials(made))),
        Section("Handling", ticks(steps(made, edition))),
        signatures("prepared by", "checked by"),
        Section("Label of the finished product", (_label(made, identity, edition),), fresh_page=True),
    )
    whom = Section("Patient", patient(made, identity))
    return document("Preparation", made, identity, overridden, (whom, *parts))


def steps(made: OrderSheet, edition: Edition) -> tuple[Step, ...]:
    """All lines of handling but those of the path that the dose does not take."""
    left_out = orders().lines[SIDES[made.syringe_ml is None]]
    known = edition.preparation.steps if edition.preparation else ()
    return tuple(step for step in known if step.id not in left_out)


def _mix(made: OrderSheet, edition: Edition) -> Iterator[Block]:
    vial, kit, amounts = edition.product["vial"], edition.documents["preparation"]["diluent"], made.figures.amounts
    where, unsure = source(Cites(**vial["cites"])), vial["seen"] == UNVERIFIED
    each, most, add, strength = (_figure(vial[name]) for name in VIAL)
    if amounts.mixture.alert:
        yield Warn(f"Pharmacist: {amounts.mixture.alert}")
    yield Row("1. Open", f"{amounts.vials} {'vial' if amounts.vials == 1 else 'vials'}", strong=True)
    yield Row(" ", f"each gives {each} mg in {most} mL", where, unsure)
    yield Row("2. Add to each", f"{add} mL {kit['reconstitution']}", strong=True)
    yield Row(" ", f"makes {strength} mg per mL", where, unsure)
    yield Row("3. Draw up", f"{normalise(amounts.volume_ml)} mL = {normalise(amounts.rounded.mg)} mg", strong=True)
    yield from _into(made)
    yield Row("5. Infuse", f"{rate(made)}, over {made.minutes} minutes", source(made.product_cites))
    yield Row("Really drawn, mL")
    yield Row("Real final volume, mL")


def _into(made: OrderSheet) -> Iterator[Row]:
    if made.syringe_ml is not None:
        least, most = (normalise(one) for one in made.syringe_ml)
        yield Row("4. Into", f"a SYRINGE of {least} to {most} mL in all, {made.diluent}", strong=True)
        yield Row("Volume chosen, mL")
        return
    if made.final_volume_ml is None:
        yield Row("4. Into", "NO WAY KNOWN: ask the pharmacist", strong=True)
        return
    yield Row("4. Into", f"a BAG of {normalise(made.final_volume_ml)} mL in all, {made.diluent}", strong=True)
    if made.concentration_mg_per_ml is not None:
        yield Row(" ", f"final concentration {said('concentration', made.concentration_mg_per_ml)}")


def rate(made: OrderSheet) -> str:
    """The rate in words."""
    return said("rate", made.rate_ml_per_h) if made.rate_ml_per_h is not None else "rate by the volume of the syringe"


def _clocks(edition: Edition) -> Cells:
    known = edition.preparation.clocks if edition.preparation else ()
    return Cells(("from … to", "at most", "began, date and time", "over by"), tuple(map(_clock, known)), (2, 1, 1, 1))


def _clock(clock: Clock) -> tuple[str, ...]:
    unsure = f"; {UNSURE}" if clock.seen == UNVERIFIED else ""
    hours = normalise(convert(Decimal(clock.minutes), "min", "h"))
    return f"{clock.means}{HELD[clock.held]} [{source(clock.cites)}{unsure}]", f"{hours} hours", "", ""


def _vials(made: OrderSheet) -> Iterator[Block]:
    rows = tuple((f"{number}", "", "", "") for number in range(1, made.figures.amounts.vials + 1))
    yield Cells(("vial", "lot", "expiry", "reconstituted, date and time"), rows, (1, 2, 2, 2))
    yield Row("Discarded, mL")


def _label(made: OrderSheet, identity: Identity, edition: Edition) -> Label:
    others = "; ".join(f"{printable(kind)} {printable(value)}" for kind, _, value in identity.identifiers)
    born = identity.birth or made.birth
    volume = f"{normalise(made.final_volume_ml)} mL" if made.final_volume_ml is not None else ""
    rows = (
        Row("Patient", printable(identity.name or ""), strong=True),
        Row("Identifiers", f"{others}; record {made.patient}" if others else f"record {made.patient}"),
        Row("Born", f"{born}" if born else ""),
        Row("Route", f"{route(made)} ONLY. NEVER INTRATHECAL", strong=True),
        Row("In", f"{volume} {made.diluent or ''}" if volume else ""),
        Row("Rate", f"{rate(made)}, over {made.minutes} minutes", strong=True),
        Row("For", how(made).rpartition(", on ")[2]),
        Row("Prepared at"),
        Row("Start by"),
        Row("Stop by"),
        *(Row(" ", step.says) for step in steps(made, edition) if step.id in ON_LABEL),
    )
    return Label(
        f"{made.drug} ({made.brand})", f"{normalise(made.figures.amounts.rounded.mg)} mg", rows, code(made.order_id)
    )


def _figure(value: object) -> str:
    return normalise(Decimal(str(value)))
