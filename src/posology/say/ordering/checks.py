"""The four verifications as JSON and in words: what is next and what to look at, then what was signed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from posology.record import Check
from posology.say.ordering.orders import BLANK, element, reasons
from posology.say.ordering.preparation import STOP, moment
from posology.say.shape import Json, cites, heading, note
from posology.say.words import paint
from posology.verify import Drawn
from posology.verify.care.checks import PASSED, Checks, Stand
from posology.verify.sheet import NoOrder

TITLE = len("Before compounding   ")
ID = len("no-new-symptom  ")
SAYS = len("Medicines of the patient reviewed since the last dose (posology medicines)  ")


def document(drawn: Drawn, found: Checks | NoOrder) -> Json:
    """`checks --json`."""
    return {
        **heading(drawn.report),
        "verdict": drawn.report.verdict,
        "could_be": drawn.report.could_be,
        "checks": shape(found) if isinstance(found, Checks) else None,
        "reasons": reasons(drawn.sheet),
        "warnings": [note(one) for one in drawn.report.warnings],
    }


def shape(found: Checks) -> Json:
    """The four steps of one order, and the signatures that do not count."""
    return {
        "order_id": found.prep.order.order_id,
        "based_on": found.based_on,
        "stops": [*found.stops, *found.prep.stops],
        "complete": not found.open,
        "steps": [_step(one) for one in found.stands],
        "discounted": [{**_signed(one.check), "why": one.why} for one in found.discounted],
        "voided": [_signed(one) for one in found.voided],
    }


def _step(stand: Stand) -> Json:
    step, check = stand.step, stand.check
    return {
        "id": step.id,
        "title": step.title,
        "when": step.when,
        "state": stand.state,
        "turn": stand.turn,
        "signed": _signed(check) if check else None,
        "items": [
            {"id": item.id, "says": item.says, "kind": item.kind, "unit": item.unit or None,
             "expects": _expects(stand, item.id)}
            for item in step.items
        ],
        "cites": cites(step.cites),
        "seen": step.seen,
        "confidence": step.confidence,
    }  # fmt: skip


def _expects(stand: Stand, item: str) -> Any:
    return element(stand.expects[item]) if item in stand.expects else None


def _signed(check: Check) -> Json:
    return {
        "id": check.id,
        "step": check.step,
        "outcome": check.outcome,
        "by": check.by,
        "at": check.at.isoformat() if check.at else None,
        "saw": [{"item": name, "value": value} for name, value in check.seen],
    }


def words(drawn: Drawn, found: Checks, heading_: str, colour: bool) -> str:
    """Where the four verifications stand, for the person who signs the next."""
    return "\n".join(_words(drawn, found, heading_, colour)) + "\n"


def _words(drawn: Drawn, found: Checks, heading_: str, colour: bool) -> Iterator[str]:
    order, zone = found.prep.order, drawn.case.zone
    yield heading_
    yield f"CHECKS of {order.drug}, order {order.order_id}"
    for text in (*found.stops, *found.prep.stops):
        yield paint(f"STOP  {text}", STOP, colour)
    yield ""
    for number, stand in enumerate(found.stands, 1):
        yield f"  {'[x]' if stand.state == PASSED else '[ ]'} {number} {stand.step.title:{TITLE}}{_state(stand, zone)}"
    yield "  Four people: who signs one signs no other."
    yield ""
    yield from _next(found)
    for title, lines in (("Does not count", [f"{_line(one.check, zone)}: {one.why}" for one in found.discounted]),
                         ("Signed for another order", [_line(one, zone) for one in found.voided])):  # fmt: skip
        if lines:
            yield ""
            yield title
            yield from (f"  {line}" for line in lines)


def _state(stand: Stand, zone: ZoneInfo) -> str:
    if stand.check is None:
        return "open" + (": next" if stand.turn else "")
    again = "" if stand.state == PASSED else ": do it again from the start"
    return f"{stand.state.upper()} {_when(stand.check, zone)} by {stand.check.by or 'nobody'}{again}"


def _next(found: Checks) -> Iterator[str]:
    if not found.open:
        yield "All four are passed."
        return
    stand = found.open[0]
    yield f"Next: {stand.step.title} ({stand.step.when}). Look for yourself, from the source; what you see is signed."
    for item in stand.step.items:
        yield f"  {item.id:{ID}}{item.says:{SAYS}}{BLANK} {item.unit}".rstrip()
    every = " ".join(f"{item.id}=…" for item in stand.step.items)
    yield f"Sign: posology checks BUNDLE --sign {stand.step.id} --by Practitioner/ID --outcome passed --seen {every}"


def _when(check: Check, zone: ZoneInfo) -> str:
    return moment(check.at, zone) if check.at else "at no time that it says"


def _line(check: Check, zone: ZoneInfo) -> str:
    return f"{check.step or 'no step'}, {check.outcome or 'no outcome'}, {_when(check, zone)}, {check.by or 'nobody'}"
