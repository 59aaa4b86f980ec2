"""The preparation sheet on paper: what to open, add and draw up, the clocks, the lots, and the label of the product."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from posology.dose import Path
from posology.dose.clocks import Limit
from posology.knowledge import Clock, Edition
from posology.say.documents.ordered import UNVERIFIED, document, how, patient, reviewed, route, signatures, ticks
from posology.say.documents.paper import Block, Cells, Label, Row, Section, Sheet, Warn
from posology.say.documents.press import code
from posology.say.ordering.orders import said
from posology.say.ordering.preparation import left_over, moment, signed
from posology.say.words import source
from posology.units import convert, normalise
from posology.verify import Identity
from posology.verify.care.preparation import PrepSheet

UNSURE = "wording not verified"
HELD = {"any": "", "room": " (kept at room temperature)", "refrigerated": " (kept in the refrigerator)"}
KEPT = {"room": "at room temperature", "refrigerated": "in the refrigerator"}
ON_LABEL = ("light", "never_freeze", "cytotoxic")


def preparation(made: PrepSheet, identity: Identity, edition: Edition, overridden: Iterable[str] = ()) -> Sheet:
    """The sheet for the person at the hood, with the label to cut out."""
    zone = ZoneInfo(made.order.zone)
    parts = (
        Section("Patient", patient(made.order, identity)),
        Section("Mix", tuple(_mix(made))),
        Section("Clocks", tuple(_clocks(made, edition, zone))),
        Section("Vials", tuple(_vials(made, zone))),
        Section("Handling", ticks(made.steps)),
        signatures("prepared by", "checked by"),
        *_labels(made, identity, zone),
    )
    return document("Preparation", made.order, identity, overridden, parts)


def _mix(made: PrepSheet) -> Iterator[Block]:
    draw, where, unsure = made.draw, source(made.cites), made.seen == UNVERIFIED
    yield from reviewed(made.order)
    yield from (Warn(f"Pharmacist: {text}") for text in (*made.to_confirm, *made.alerts))
    yield Row("1. Open", f"{made.vials} {'vial' if made.vials == 1 else 'vials'}", strong=True)
    carton = f"; the carton prints {normalise(made.printed_mg)} mg" if made.printed_mg != made.withdrawable_mg else ""
    yield Row(
        " ",
        f"each gives {normalise(made.withdrawable_mg)} mg in {normalise(made.withdrawable_ml)} mL{carton}",
        where,
        unsure,
    )
    yield Row("2. Add to each", f"{normalise(made.reconstitute_ml)} mL {made.reconstitute_with}", strong=True)
    yield Row(" ", f"makes {normalise(made.mg_per_ml)} mg per mL", where, unsure)
    yield Row("3. Draw up", f"{normalise(draw.drawn_ml)} mL = {normalise(draw.gives_mg)} mg", strong=True)
    yield Row(" ", f"with {syringes(made)}")
    ordered = normalise(made.order.figures.amounts.rounded.mg)
    yield Row(" ", f"ordered {ordered} mg = {normalise(draw.volume_ml)} mL; difference {signed(draw.percent)} percent")
    yield from _into(made)
    yield Row("5. Infuse", f"{rate(made)}, over {made.minutes} minutes", source(made.order.product_cites))
    yield Row("Left over", left_over(made))
    yield Row("Really drawn, mL")
    yield Row("Real final volume, mL")


def syringes(made: PrepSheet) -> str:
    """How many syringes of which size, and their marks."""
    size, marks = normalise(made.draw.syringe.size_ml), normalise(made.draw.syringe.graduation_ml)
    return f"{made.draw.count} {'syringe' if made.draw.count == 1 else 'syringes'} of {size} mL, marks of {marks} mL"


def _into(made: PrepSheet) -> Iterator[Row]:
    drug, diluent = normalise(made.draw.drawn_ml), made.order.diluent or ""
    if made.final_ml is None:
        least, most = (normalise(one) for one in made.mixture.syringe_ml or ())
        yield Row("4. Into", f"a SYRINGE of {least} to {most} mL in all, {diluent}", strong=True)
        yield Row(" ", f"concentration{_allowed(made)}", *_window(made))
        yield Row("Volume chosen, mL")
    else:
        assert made.diluent_ml is not None
        bag = made.mixture.path is Path.BAG
        yield Row("4. Into", f"a {'BAG' if bag else 'SYRINGE'} of {normalise(made.final_ml)} mL in all", strong=True)
        filled = f" ({made.mixture.method.value})" if bag else ""
        yield Row(" ", f"{normalise(made.diluent_ml)} mL {diluent} and {drug} mL of the drug{filled}")
    if made.concentration is not None:
        yield Row(" ", f"final concentration {said('concentration', made.concentration)},{_allowed(made)}", *_window(made))


def _allowed(made: PrepSheet) -> str:
    return f" allowed {' to '.join(normalise(one) for one in made.window or ())} mg per mL"


def _window(made: PrepSheet) -> tuple[str, bool]:
    """Where the allowed concentrations stand, and whether nobody could check them there."""
    return source(made.window_cites), made.window_seen == UNVERIFIED


def rate(made: PrepSheet) -> str:
    """The rate in words."""
    return said("rate", made.rate_ml_per_h) if made.rate_ml_per_h is not None else "rate by the volume of the syringe"


def _clocks(made: PrepSheet, edition: Edition, zone: ZoneInfo) -> Iterator[Block]:
    yield Row("Reconstituted at", began(made, "reconstituted", zone))
    yield Row("Diluted at", began(made, "diluted", zone))
    yield Row("Kept at", (made.hood.times.held if made.hood.times else None) or "")
    for label, when in limits(made):
        yield Row(label, moment(when, zone) if when else "", strong=when is not None)
    if made.clocks is not None and made.clocks.binding is not None:
        binds = made.clocks.binding.clock
        yield Row("What binds", binds.means, source(binds.cites), binds.seen == UNVERIFIED)
    known = edition.preparation.clocks if edition.preparation else ()
    running = {one.clock.id: one for one in made.clocks.limits} if made.clocks else {}
    rows = tuple(_clock(one, made, running.get(one.id), zone) for one in known)
    yield Cells(("from … to, at most", "began", "over by"), rows, (2, 1, 1))


def began(made: PrepSheet, name: str, zone: ZoneInfo) -> str:
    """A moment that the hood has said, in the clinic's zone; empty where nobody has."""
    when = getattr(made.hood.times, name) if made.hood.times else None
    return moment(when, zone) if when else ""


def limits(made: PrepSheet) -> tuple[tuple[str, datetime | None], ...]:
    """Start by and stop by, None until the drug is diluted; before that, dilute by."""
    found = made.clocks
    if found is not None and found.latest_start is None:
        return (("Dilute by", found.dilute_by),)
    out = (
        found is not None and found.out_of_fridge_by is not None and not (made.hood.times and made.hood.times.out_of_fridge)
    )
    cold = (("Out of the cold by", found.out_of_fridge_by),) if found and out else ()
    return (*cold, ("Start by", found.latest_start if found else None), ("Stop by", found.latest_end if found else None))


def _clock(clock: Clock, made: PrepSheet, running: Limit | None, zone: ZoneInfo) -> tuple[str, ...]:
    unsure = f"; {UNSURE}" if clock.seen == UNVERIFIED else ""
    hours = normalise(convert(Decimal(clock.minutes), "min", "h"))
    says = f"{clock.means}{HELD[clock.held]}: {hours} hours [{source(clock.cites)}{unsure}]"
    return (
        says,
        began(made, clock.starts, zone) if running else "",
        moment(running.by, zone) if running else "",
    )


def _vials(made: PrepSheet, zone: ZoneInfo) -> Iterator[Block]:
    lots = (*((one.lot, f"{one.expires}") for one in made.hood.lots), *(("", "") for _ in range(made.vials)))
    at = began(made, "reconstituted", zone)
    rows = tuple((f"{number}", *lots[number - 1], at if number == 1 else "") for number in range(1, made.vials + 1))
    yield Cells(("vial", "lot", "expiry", "reconstituted, date and time"), rows, (1, 2, 2, 2))
    yield Row("Discarded, mL")


def _labels(made: PrepSheet, identity: Identity, zone: ZoneInfo) -> tuple[Section, ...]:
    """The label on a page of its own; none while nobody has said what volume it stands for."""
    if made.final_ml is None:
        text = "No label yet: print again with --final, the volume of the syringe that the pharmacist confirms."
        return (Section("Label of the finished product", (Warn(text),)),)
    return (Section("Label of the finished product", (_label(made, identity, zone),), fresh_page=True),)


def _label(made: PrepSheet, identity: Identity, zone: ZoneInfo) -> Label:
    order = made.order
    others = "; ".join(f"{kind} {value}" for kind, _, value in identity.identifiers)
    born = identity.birth or order.birth
    holds = f"{normalise(made.draw.gives_mg)} mg in {normalise(made.final_ml)} mL" if made.final_ml is not None else ""
    rows = (
        Row("Patient", identity.name or "", strong=True),
        Row("Identifiers", f"{others}; record {order.patient}" if others else f"record {order.patient}"),
        Row("Born", f"{born}" if born else ""),
        Row("Route", f"{route(order)} ONLY. NEVER INTRATHECAL", strong=True),
        Row("Holds", f"{holds} {order.diluent or ''}" if holds else ""),
        Row("Concentration", said("concentration", made.concentration) if made.concentration is not None else ""),
        Row("Rate", f"{rate(made)}, over {made.minutes} minutes", strong=True),
        Row("Lot", ", ".join(one.lot for one in made.hood.lots)),
        Row("For", how(order).rpartition(", on ")[2]),
        Row("Prepared at", began(made, "diluted", zone)),
        *(Row(label, moment(when, zone) if when else "", strong=when is not None) for label, when in limits(made)),
        Row("Keep", KEPT.get(made.hood.times.held or "", "") if made.hood.times else ""),
        Row("Prepared, checked"),
        *(Row(" ", step.says) for step in made.steps if step.id in ON_LABEL),
    )
    dose = f"{normalise(order.figures.amounts.rounded.mg)} mg"
    return Label(f"{order.drug} ({order.brand})", dose, rows, code(order.order_id))
