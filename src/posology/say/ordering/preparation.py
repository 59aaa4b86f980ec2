"""The preparation sheet as JSON and in words: what to open, add and draw up first, then the clocks, then the rest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from textwrap import wrap
from zoneinfo import ZoneInfo

from posology.dose import Path
from posology.knowledge import Cites
from posology.say.ordering import clocks as clock_words
from posology.say.ordering.orders import BLANK, reasons
from posology.say.shape import Json, cites, heading, note, scalar
from posology.say.words import SEEN, WIDTH, paint, source, verdict_line
from posology.units import normalise
from posology.verify import Drawn, Identity
from posology.verify.care.preparation import PrepSheet
from posology.verify.sheet import NoOrder, OrderSheet

STOP = "1;31"
KEY = len("REFRIGERATOR BY  ")


def document(drawn: Drawn, prep: PrepSheet | NoOrder) -> Json:
    """`prepare --json`."""
    return {
        **heading(drawn.report),
        "verdict": drawn.report.verdict,
        "could_be": drawn.report.could_be,
        "preparation": shape(prep, drawn) if isinstance(prep, PrepSheet) else None,
        "reasons": reasons(drawn.sheet),
        "warnings": [note(one) for one in drawn.report.warnings],
    }


def shape(prep: PrepSheet, drawn: Drawn) -> Json:
    """The sheet. Names of the patient are not in it."""
    order = prep.order
    return {
        "order_id": order.order_id,
        "drug": order.drug,
        "stops": list(prep.barred),
        "alerts": [*prep.to_confirm, *prep.alerts],
        "asks": list(prep.asks),
        "vials": prep.vials,
        "vial_prints_mg": scalar(prep.printed_mg),
        "vial_gives_mg": scalar(prep.withdrawable_mg),
        "vial_gives_ml": scalar(prep.withdrawable_ml),
        "reconstitute_ml": scalar(prep.reconstitute_ml),
        "reconstitute_with": prep.reconstitute_with,
        "mg_per_ml": scalar(prep.mg_per_ml),
        "draw": _draw(prep),
        "path": prep.mixture.path.value if prep.mixture.path else None,
        "fill": prep.mixture.method.value,
        "overfill_ml": scalar(prep.hood.fill.overfill_ml),
        "diluent": order.diluent,
        "diluent_ml": scalar(prep.diluent_ml),
        "final_volume_ml": scalar(prep.final_ml),
        "syringe_window_ml": [scalar(one) for one in prep.mixture.syringe_ml or ()],
        "concentration_mg_per_ml": scalar(prep.concentration),
        "allowed_mg_per_ml": [scalar(one) for one in prep.window or ()],
        "allowed_cites": cites(prep.window_cites),
        "allowed_seen": prep.window_seen,
        "rate_ml_per_h": scalar(prep.rate_ml_per_h),
        "infusion_minutes": prep.minutes,
        "clocks": _clocks(prep, drawn),
        "left_over": {"mg": scalar(prep.left_mg), "ml": scalar(prep.left_ml), "says": left_over(prep)},
        "lots": [{"lot": one.lot, "expires": one.expires.isoformat()} for one in prep.hood.lots],
        "steps": [
            {"id": one.id, "says": one.says, "cites": cites(one.cites), "seen": one.seen, "confidence": one.confidence}
            for one in prep.steps
        ],
        "cites": cites(prep.cites),
    }


def _draw(prep: PrepSheet) -> Json:
    draw = prep.draw
    return {
        "calculated_ml": scalar(draw.volume_ml),
        "drawn_ml": scalar(draw.drawn_ml),
        "gives_mg": scalar(draw.gives_mg),
        "ordered_mg": scalar(prep.order.figures.amounts.rounded.mg),
        "percent": scalar(draw.percent),
        "syringe_ml": scalar(draw.syringe.size_ml),
        "graduation_ml": scalar(draw.syringe.graduation_ml),
        "syringes": draw.count,
    }


def _clocks(prep: PrepSheet, drawn: Drawn) -> Json | None:
    if prep.clocks is None or prep.hood.times is None:
        return None
    case, times = drawn.case, prep.hood.times
    return clock_words.shape(times, prep.clocks, case.edition, case.zone, prep.minutes, prep.hood.diluent, None)


def left_over(prep: PrepSheet) -> str:
    """What is left, and that it is nobody's: the vial is for one dose."""
    if not prep.left_mg:
        return "nothing left"
    mg, ml = normalise(prep.left_mg), normalise(prep.left_ml)
    return f"{ml} mL ({mg} mg): DISCARD. Single-dose vials: the label knows no sharing between patients"


def words(drawn: Drawn, prep: PrepSheet, identity: Identity, heading_: str, colour: bool) -> str:
    """The sheet for the person at the hood."""
    return "\n".join(_words(drawn, prep, identity, heading_, colour)) + "\n"


def _words(drawn: Drawn, prep: PrepSheet, identity: Identity, heading_: str, colour: bool) -> Iterator[str]:
    order = prep.order
    yield heading_
    yield f"PREPARATION of {order.drug} ({order.brand}), order {order.order_id}"
    yield from _whose(order, identity)
    if prep.barred:
        yield ""
        yield from barred(prep.barred, colour)
        yield "Nothing is prepared, and nothing that was prepared goes out, until that is settled."
        return
    yield verdict_line(order.verdict, order.could_be, colour)
    yield from reviewed(order)
    yield ""
    yield from _mix(prep)
    yield ""
    yield from _times(prep, drawn)
    yield ""
    yield from _kept(prep)
    for title, lines in (("Pharmacist", (*prep.to_confirm, *prep.alerts)), ("Still to be said", prep.asks)):
        if lines:
            yield ""
            yield title
            yield from (line for text in lines for line in wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    "))
    yield ""
    yield "Handling"
    for step in prep.steps:
        yield from wrap(f"{step.says} {basis(step.cites, step.seen)}", WIDTH, initial_indent="  ", subsequent_indent="    ")
    yield ""
    yield f"posology {order.version}, knowledge {order.knowledge}. Check against the current label."


def barred(stops: tuple[str, ...], colour: bool) -> Iterator[str]:
    """What forbids it, a line each."""
    for text in stops:
        first, *rest = wrap(f"STOP  {text}", WIDTH, subsequent_indent="      ")
        yield from (paint(first, STOP, colour), *rest)


def reviewed(order: OrderSheet) -> Iterator[str]:
    """What a person must look at before the dose goes out."""
    for found in order.review:
        yield from wrap(f"REVIEW  {found.states} {basis(found.cites, found.seen)}", WIDTH, subsequent_indent="        ")


def basis(where: Cites, seen: str) -> str:
    """The source of a line, and how it was seen."""
    return f"[{source(where)}; {SEEN[seen]}]"


def row(key: str, text: str) -> Iterator[str]:
    """One big line: the word first, then what counts."""
    yield from wrap(text, WIDTH, initial_indent=f"  {key:{KEY}}", subsequent_indent=" " * (KEY + 2))


def _whose(order: OrderSheet, identity: Identity) -> Iterator[str]:
    others = [f"{kind} {value}" for kind, _, value in identity.identifiers]
    yield f"{identity.name or BLANK} · {'; '.join([*others, f'record {order.patient}'])} · born {order.birth or BLANK}"


def _mix(prep: PrepSheet) -> Iterator[str]:
    draw, order = prep.draw, prep.order
    carton = f"; the carton prints {normalise(prep.printed_mg)} mg" if prep.printed_mg != prep.withdrawable_mg else ""
    each, most = normalise(prep.withdrawable_mg), normalise(prep.withdrawable_ml)
    yield from row("OPEN", f"{prep.vials} {_plural('vial', prep.vials)}   ({each} mg in {most} mL from each{carton})")
    yield from row("ADD", f"{normalise(prep.reconstitute_ml)} mL {prep.reconstitute_with} to each vial   "
                   f"({normalise(prep.mg_per_ml)} mg/mL {basis(prep.cites, prep.seen)})")  # fmt: skip
    ordered = normalise(order.figures.amounts.rounded.mg)
    yield from row("DRAW UP", f"{normalise(draw.drawn_ml)} mL = {normalise(draw.gives_mg)} mg   (ordered {ordered} mg = "
                   f"{normalise(draw.volume_ml)} mL; {signed(draw.percent)} percent)")  # fmt: skip
    size, marks = normalise(draw.syringe.size_ml), normalise(draw.syringe.graduation_ml)
    yield from row("WITH", f"{draw.count} {_plural('syringe', draw.count)} of {size} mL, marks of {marks} mL")
    yield from _into(prep)


def _into(prep: PrepSheet) -> Iterator[str]:
    path = prep.mixture.path
    if path is None:
        yield from row("INTO", "NO WAY KNOWN: ask the pharmacist")
        return
    if prep.final_ml is None:
        least, most = (normalise(one) for one in prep.mixture.syringe_ml or ())
        told = basis(prep.window_cites, prep.window_seen)
        allowed = " to ".join(normalise(one) for one in prep.window or ())
        yield from row(
            "INTO", f"a syringe of {least} to {most} mL in all: the pharmacist says which   ({allowed} mg/mL {told})"
        )
    else:
        assert prep.diluent_ml is not None
        made = f"{normalise(prep.diluent_ml)} mL {prep.order.diluent or BLANK} + {normalise(prep.draw.drawn_ml)} mL drug"
        how = f" ({prep.mixture.method.value})" if path is Path.BAG else ""
        yield from row("INTO", f"{path.value}: {made} = {normalise(prep.final_ml)} mL{how}")
    if prep.concentration is not None and prep.window is not None:
        least, most = (normalise(one) for one in prep.window)
        told = basis(prep.window_cites, prep.window_seen)
        yield from row("CONTAINS", f"{normalise(prep.concentration)} mg/mL   (allowed {least} to {most} {told})")
    rate = f"{normalise(prep.rate_ml_per_h)} mL per hour, " if prep.rate_ml_per_h is not None else ""
    yield from row("RUNS", f"{rate}{prep.minutes} minutes, {prep.order.route.replace('_', ' ')} only")


def _times(prep: PrepSheet, drawn: Drawn) -> Iterator[str]:
    found, zone, rules = prep.clocks, drawn.case.zone, drawn.case.edition.preparation
    if found is None:
        yield from row(
            "CLOCKS", "start when the first vial is reconstituted: say --reconstituted, then --diluted and --held"
        )
        return
    times = prep.hood.times
    assert times is not None and rules is not None
    yield from row("RECONSTITUTED", moment(times.reconstituted, zone))
    if times.diluted is None:
        yield from row("DILUTE BY", moment(found.dilute_by, zone))
        return
    yield from row("DILUTED", f"{moment(times.diluted, zone)}, kept: {times.held or 'NOT SAID, so room temperature rules'}")
    for key, when in (("REFRIGERATOR BY", found.out_of_fridge_by), ("START BY", found.latest_start),
                      ("FINISH BY", found.latest_end)):  # fmt: skip
        if when is not None:
            if when is found.out_of_fridge_by and times.out_of_fridge is not None:
                yield from row("OUT OF FRIDGE", moment(times.out_of_fridge, zone))
                continue
            warm = f"   (out of it by then; about {rules.warming_minutes} minutes to room temperature)"
            more = warm if when is found.out_of_fridge_by else ""
            yield from row(key, moment(when, zone) + more)
    if found.binding:
        yield from row("BINDS", f"{found.binding.clock.means} {basis(found.binding.clock.cites, found.binding.clock.seen)}")


def _kept(prep: PrepSheet) -> Iterator[str]:
    yield from row("LEFT OVER", left_over(prep))
    lots = "; ".join(f"{one.lot}, expires {one.expires}" for one in prep.hood.lots)
    yield from row("LOT, EXPIRY", lots or BLANK)
    yield from row("PREPARED BY", f"{BLANK}   CHECKED BY {BLANK}")


def moment(when: datetime, zone: ZoneInfo) -> str:
    """A moment in the clinic's zone, its day and its offset with it."""
    return f"{when.astimezone(zone):%Y-%m-%d %H:%M %z}"


def signed(percent: Decimal) -> str:
    return f"+{normalise(percent)}" if percent > 0 else normalise(percent)


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"
