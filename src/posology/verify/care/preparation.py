"""The preparation of an order: vials, draw, bag or syringe, clocks, lots, what is left. Exists only beside an order."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from posology.answer.dosing import never_up, product
from posology.dose import Fill, Method, Mixture, Path, Product, bag, duration_min
from posology.dose.clocks import Clocks, Times, clocks
from posology.dose.storage import right_diluent
from posology.knowledge import Cites, Edition, Step
from posology.knowledge.chair import Chair, Syringe, chair
from posology.knowledge.orders import orders
from posology.record import Order, Record
from posology.units import convert, decimal, exactly, normalise, rounded
from posology.verify.care.draw import Draw, draw_up
from posology.verify.care.overdue import overdue
from posology.verify.compare import Verified, is_the_drug, stopping, verify
from posology.verify.derive import Drawn, live
from posology.verify.findings import CONFIRM
from posology.verify.sheet import NoOrder, OrderSheet

DRAFT, STATES = "draft", ("active", "draft")
WITHDRAWN = frozenset({"cancelled", "stopped"})


@dataclass(frozen=True, slots=True)
class Lot:
    """One lot of vials and the last day on which it may be used."""

    lot: str
    expires: date


@dataclass(frozen=True, slots=True)
class Hood:
    """What the person at the hood says: filling, syringe in hand, final volume of a syringe, diluent, times, lots."""

    fill: Fill = field(default_factory=Fill)
    syringe: Syringe | None = None
    final_ml: Decimal | None = None
    diluent: str | None = None
    times: Times | None = None
    lots: tuple[Lot, ...] = ()


@dataclass(frozen=True, slots=True)
class PrepSheet:
    """How one order is prepared. Volumes in mL, doses in mg, concentrations in mg/mL, `minutes` of infusion.

    `stops` forbid it, `alerts` are for the pharmacist, `asks` name what nobody said. What depends on a volume that the
    pharmacist has yet to confirm is None. `left` is what stays in the opened vials: discarded. `to_confirm` is about the
    written order, `otherwise` about a filling that was signed in another way, `failed` about its checks.
    """

    order: OrderSheet
    vials: int
    printed_mg: Decimal
    withdrawable_mg: Decimal
    withdrawable_ml: Decimal
    reconstitute_ml: Decimal
    reconstitute_with: str
    mg_per_ml: Decimal
    cites: Cites
    seen: str
    draw: Draw
    mixture: Mixture
    window: tuple[Decimal, Decimal] | None
    window_cites: Cites
    window_seen: str
    final_ml: Decimal | None
    diluent_ml: Decimal | None
    concentration: Decimal | None
    rate_ml_per_h: Decimal | None
    minutes: int
    left_mg: Decimal
    left_ml: Decimal
    steps: tuple[Step, ...]
    hood: Hood
    clocks: Clocks | None
    stops: tuple[str, ...]
    alerts: tuple[str, ...]
    asks: tuple[str, ...]
    to_confirm: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()

    @property
    def barred(self) -> tuple[str, ...]:
        """Whatever forbids that it goes out: the stops, what was signed otherwise, and checks that failed."""
        return (*self.stops, *self.otherwise, *self.failed)


def prepare(drawn: Drawn, record: Record, hood: Hood | None = None) -> PrepSheet | NoOrder:
    """The preparation of the order that the record supports, or why there is no order.

    A finding that stops an order written in the record stops the preparation too.

    Raises ValueError for what cannot be: an expired vial, more lots than vials, an edition without preparation.
    """
    if isinstance(drawn.sheet, NoOrder):
        return drawn.sheet
    edition, hood = drawn.case.edition, hood or Hood()
    if edition.preparation is None:
        raise ValueError(f"edition {edition.id}: its preparation is not written yet; use another edition")
    _usable(hood, drawn)
    made = _sheet(drawn, drawn.sheet, hood, edition.once(product), chair())
    found = verify(drawn, record)
    stops = (*_forbidden(found), *(text for one in live(record) for text in _written(one, made)), *_withdrawn(record, made))
    return replace(made, stops=tuple(dict.fromkeys((*stops, *made.stops))), to_confirm=tuple(_to_confirm(found, record)))


def _forbidden(found: tuple[Verified, ...]) -> Iterator[str]:
    """The findings that stop a written order."""
    yield from (f"the written order has a finding that stops: {one}; see posology verify" for one in stopping(found))


def _written(one: Order, made: PrepSheet) -> Iterator[str]:
    """What one written order says that nobody may prepare, whoever let a finding stand: its state, its dose, its syringe."""
    if one.status not in STATES:
        yield f"the written order {one.id} is {one.status}: ask the prescriber"
    said, right = one.said.get("dose"), made.order.figures.amounts.rounded.mg
    if not isinstance(said, Decimal) or {"dose", "order"} & set(one.unread):
        yield f"the dose of the written order {one.id} cannot be read: have it written again"
    elif said != right:
        amounts = f"says {normalise(said)} mg and the record supports {normalise(right)} mg"
        yield f"the written order {amounts}: have them agree first"
    volume = one.said.get("final-volume")
    if made.mixture.path is Path.SYRINGE and made.final_ml is not None and volume not in (None, made.final_ml):
        yield f"the written order says another final volume than {normalise(made.final_ml)} mL: have them agree first"


def _withdrawn(record: Record, made: PrepSheet) -> Iterator[str]:
    """An order for that day, or for none, that somebody took back, and none written since."""
    if not live(record):
        for one in record.orders:
            if one.status in WITHDRAWN and is_the_drug(one) and one.said.get("on") in (None, made.order.on):
                yield f"the written order {one.id} is {one.status}: ask the prescriber, and have it written again"


def _to_confirm(found: tuple[Verified, ...], record: Record) -> Iterator[str]:
    """What of the written orders somebody has still to confirm; that none stands."""
    open_ = [one.id for checked in found for one in checked.findings if one.severity == CONFIRM and one.overridden is None]
    if open_:
        yield f"to be confirmed on the written order: {', '.join(dict.fromkeys(open_))}; see posology verify"
    yield from (
        f"the written order {one.id} is a draft: a prescriber signs it first" for one in live(record) if one.status == DRAFT
    )
    if not live(record):
        yield "no written order is in the record: this follows the draft, which nobody has signed"


def _usable(hood: Hood, drawn: Drawn) -> None:
    """No expired vial, and no more lots than vials."""
    assert isinstance(drawn.sheet, OrderSheet)
    first = hood.times.reconstituted if hood.times else drawn.case.at
    day = first.astimezone(drawn.case.zone).date()
    for one in hood.lots:
        if one.expires < day:
            raise ValueError(f"lot {one.lot} expired on {one.expires}: do not use it, take another vial")
    if len(hood.lots) > drawn.sheet.figures.amounts.vials:
        raise ValueError(f"{len(hood.lots)} lots for {drawn.sheet.figures.amounts.vials} vial(s): record those opened")


def _sheet(drawn: Drawn, sheet: OrderSheet, hood: Hood, known: Product, kit: Chair) -> PrepSheet:
    edition, vials = drawn.case.edition, sheet.figures.amounts.vials
    rules = edition.preparation
    assert rules is not None
    draw = _draw(drawn, sheet, hood, known, kit)
    mixture = bag(draw.gives_mg, known, hood.fill)
    final = _final(mixture, hood)
    minutes, rate = _infusion(mixture, final, sheet, edition)
    found = clocks(hood.times, rules, minutes) if hood.times else None
    left = vials * exactly(known.vial_withdrawable_mg) - exactly(draw.gives_mg)
    return PrepSheet(
        order=sheet,
        vials=vials,
        **_vial(edition, known),
        draw=draw,
        mixture=mixture,
        window=_window(mixture, known),
        **_grounds(edition, mixture),
        final_ml=final,
        diluent_ml=_diluent(draw, final),
        concentration=_strength(draw, final),
        rate_ml_per_h=rate,
        minutes=minutes,
        left_mg=decimal(left),
        left_ml=decimal(left / exactly(known.concentration_mg_per_ml)),
        steps=_steps(edition, kit, mixture.path),
        hood=hood,
        clocks=found,
        stops=tuple(_stops(drawn, sheet, hood, draw, mixture, found)),
        alerts=tuple(_alerts(drawn, sheet, hood, mixture, minutes)),
        asks=tuple(_asks(mixture, hood, found, vials)),
    )


def _vial(edition: Edition, known: Product) -> dict[str, Any]:
    """One vial: what it prints, what it gives, and how it is reconstituted."""
    vial = edition.product["vial"]
    return {
        "printed_mg": Decimal(vial["printed_mg"]),
        "withdrawable_mg": known.vial_withdrawable_mg,
        "withdrawable_ml": Decimal(vial["withdrawable_ml"]),
        "reconstitute_ml": Decimal(vial["diluent_ml"]),
        "reconstitute_with": edition.documents["preparation"]["diluent"]["reconstitution"],
        "mg_per_ml": known.concentration_mg_per_ml,
        "cites": Cites(**vial["cites"]),
        "seen": vial["seen"],
    }


def _draw(drawn: Drawn, sheet: OrderSheet, hood: Hood, known: Product, kit: Chair) -> Draw:
    case, made = drawn.case, sheet.figures.amounts
    most = made.vials * Decimal(case.edition.product["vial"]["withdrawable_ml"])
    down = never_up(case.decision.answers, case.facts, case.edition)
    return draw_up(made.rounded.mg, known.concentration_mg_per_ml, most, kit, own=hood.syringe, never_up=down)


def _final(mixture: Mixture, hood: Hood) -> Decimal | None:
    """What is infused: the filled bag, or the volume of a syringe that the pharmacist confirmed."""
    return mixture.final_volume_ml if mixture.path is Path.BAG else hood.final_ml if mixture.path else None


def _diluent(draw: Draw, final: Decimal | None) -> Decimal | None:
    """Diluent beside the drug. None where nothing says how much; below zero never: the window forbids it."""
    return None if final is None else decimal(exactly(final) - exactly(draw.drawn_ml))


def _strength(draw: Draw, final: Decimal | None) -> Decimal | None:
    strength = None if final is None else exactly(draw.gives_mg) / exactly(final)
    return None if strength is None else rounded(strength, chair().places["mg_per_ml"], ROUND_DOWN)


def _window(mixture: Mixture, known: Product) -> tuple[Decimal, Decimal] | None:
    """The mg/mL that are allowed on the path taken."""
    if mixture.path is Path.SYRINGE:
        return known.syringe_window
    return known.bag_min_mg_per_ml, known.bag_max_mg_per_ml


def _grounds(edition: Edition, mixture: Mixture) -> dict[str, Any]:
    """Where that window stands, and how it was seen."""
    row = edition.product["syringe" if mixture.path is Path.SYRINGE else "bag"]
    return {"window_cites": Cites(**row["cites"]), "window_seen": row["seen"]}


def _infusion(mixture: Mixture, final: Decimal | None, sheet: OrderSheet, edition: Edition) -> tuple[int, Decimal | None]:
    """Minutes and mL per hour. A bag never runs faster than the label's rate: one that holds more runs longer."""
    if final is None:
        return sheet.minutes, None
    if mixture.path is Path.BAG:
        rate = Decimal(edition.product["bag"]["rate_ml_per_h"])
        return max(sheet.minutes, math.ceil(duration_min(final, rate))), rate
    hours = exactly(convert(Decimal(sheet.minutes), "min", "h"))
    return sheet.minutes, decimal(exactly(final) / hours)


def _steps(edition: Edition, kit: Chair, path: Path | None) -> tuple[Step, ...]:
    """Lines of handling in the order of the work, without those of the other path."""
    other = {Path.BAG: "only_syringe", Path.SYRINGE: "only_bag", None: None}[path]
    left_out = orders().lines[other] if other else ()
    known = {step.id: step for step in edition.preparation.steps} if edition.preparation else {}
    return tuple(known[id] for id in kit.lines["prepare"] if id in known and id not in left_out)


def _stops(drawn: Drawn, sheet: OrderSheet, hood: Hood, draw: Draw, mixture: Mixture, found: Clocks | None) -> Iterator[str]:
    rules = drawn.case.edition.preparation
    if hood.diluent is not None and rules is not None and not right_diluent(rules, hood.diluent):
        yield f"WRONG DILUENT {hood.diluent}: only {rules.diluent}"
    if found is not None and hood.times is not None:
        yield from (f"DISCARD: {text}" for text in overdue(hood.times, found, drawn.case.at))
    limit = exactly(Decimal(drawn.case.edition.policy.rounding["limit_percent"]))
    calculated = exactly(sheet.figures.amounts.exact_mg)
    if abs(exactly(draw.gives_mg) - calculated) * 100 > limit * calculated:
        yield (
            f"{normalise(draw.drawn_ml)} mL is more than {normalise(decimal(limit))} percent off the calculated dose: "
            f"take a syringe with finer marks"
        )
    yield from _outside(hood, mixture)
    if mixture.path is not None and mixture.path is not sheet.path:
        yield f"the order says {sheet.path.value if sheet.path else 'no path'}: have it written again, or fill otherwise"
    if hood.times is not None and hood.times.reconstituted.astimezone(drawn.case.zone).date() > sheet.on:
        yield f"the order is for {sheet.on} and the vial was reconstituted on a later day: decide again"


def _outside(hood: Hood, mixture: Mixture) -> Iterator[str]:
    """A stated final volume belongs to a syringe and stays inside its window."""
    if hood.final_ml is None:
        return
    if mixture.syringe_ml is None:
        yield "a final volume is stated, and the dose does not go into a syringe"
    elif not mixture.syringe_ml[0] <= hood.final_ml <= mixture.syringe_ml[1]:
        least, most = (normalise(one) for one in mixture.syringe_ml)
        yield f"{normalise(hood.final_ml)} mL is outside {least} to {most} mL of this syringe"


def _alerts(drawn: Drawn, sheet: OrderSheet, hood: Hood, mixture: Mixture, minutes: int) -> Iterator[str]:
    if mixture.alert:
        yield mixture.alert
    if mixture.path is Path.BAG and sheet.final_volume_ml not in (None, mixture.final_volume_ml):
        holds, ordered = normalise(mixture.final_volume_ml), normalise(sheet.final_volume_ml or mixture.final_volume_ml)
        yield f"filled so, the bag holds {holds} mL and not the {ordered} mL of the order: sign for the difference"
    if minutes > sheet.minutes:
        yield f"filled so, it runs {minutes} minutes at the label's rate, not {sheet.minutes}: the clocks count with that"
    if hood.times is not None and hood.times.reconstituted.astimezone(drawn.case.zone).date() != sheet.on:
        yield f"reconstituted on another day than the order's ({sheet.on}): is this the order that it was made for?"
    if hood.fill.method == Method.OVERFILLED and not hood.fill.overfill_ml:
        yield "no overfill is stated: the maker of the bag prints it"


def _asks(mixture: Mixture, hood: Hood, found: Clocks | None, vials: int) -> Iterator[str]:
    if mixture.path is None:
        yield "the pharmacist: how is this dose to be given?"
    if mixture.path is Path.SYRINGE and hood.final_ml is None:
        yield "the pharmacist: which final volume has the syringe?"
    if found is None:
        yield "when the first vial was reconstituted"
    elif found.asks:
        yield "how the diluted drug is kept: room or refrigerated"
    if len(hood.lots) < vials:
        yield f"lot and expiry of {'each vial' if not hood.lots else f'{vials - len(hood.lots)} more vial(s)'}"
