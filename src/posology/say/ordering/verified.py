"""Written orders held against the record, as JSON and in words: most dangerous first, one finding a line."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from posology.knowledge.orders import orders
from posology.record import Override, Written
from posology.say.ordering import orders as saying
from posology.say.shape import Json, cites, heading, note
from posology.say.words import COLOURS, STOP, WIDTH, paint, source, verdict_line
from posology.verify import Checked, Drawn, Finding, Verified

WORDS = {"stop": "STOP", "confirm": "CONFIRM", "note": "NOTE"}
COUNTED = {"stop": "that stop(s) the order", "confirm": "to confirm", "note": "to note"}
SHADES = {"stop": STOP, "confirm": COLOURS["wait"], "note": "36"}


def document(drawn: Drawn, found: tuple[Verified, ...]) -> Json:
    """`verify --json`."""
    return {
        **heading(drawn.report),
        "verdict": drawn.report.verdict,
        "could_be": drawn.report.could_be,
        "stops": any(one.stops for one in found),
        "orders": [_order(one) for one in found],
        "not_detectable": not_detectable(),
        "warnings": [note(one) for one in drawn.report.warnings],
    }


def not_detectable() -> list[Json]:
    """What no record shows, class by class."""
    classes = orders().classes.values()
    return [{"error": one.id, "what": one.what, "why": one.not_detectable} for one in classes if one.not_detectable]


def _order(one: Verified) -> Json:
    return {
        "id": one.order.id,
        "status": one.order.status,
        "state": state(one),
        "findings": [finding(part) for part in one.findings],
        "checked": [_checked(part) for part in one.checked],
        "overrides": [override(part) for part in one.overrides],
        "to_do_later": later(one),
    }


def state(one: Verified) -> str:
    """Clean, or how grave the gravest finding that stands is."""
    standing = {part.severity for part in one.findings if part.overridden is None}
    return next((severity for severity in WORDS if severity in standing), "clean")


def later(one: Verified) -> int:
    """How many overrides promise something that is still to be done."""
    reasons = orders().reasons
    return sum(reasons[str(part.reason)].open for part in one.overrides)


def finding(one: Finding) -> Json:
    return {
        "id": one.id,
        "error": one.error,
        "severity": one.severity,
        "element": one.element,
        "written": None if one.written is None else saying.element(one.written),
        "derived": None if one.derived is None else saying.element(one.derived),
        "reason": one.reason,
        "do": one.do,
        "cites": cites(one.cites),
        "overridable": one.overridable,
        "overridden": None if one.overridden is None else override(one.overridden),
    }


def override(one: Override) -> Json:
    return {"finding": one.finding, "reason": one.reason, "by": one.by, "at": one.at.isoformat(), "text": one.text or None,
            "from": one.id}  # fmt: skip


def overridden(found: tuple[Verified, ...]) -> tuple[str, ...]:
    """The findings that somebody let stand, with both values, as every screen and page of the order carries them."""
    reasons = orders().reasons
    return tuple(
        f"{one.id}{_values(one)}: {one.overridden.reason}, {reasons[str(one.overridden.reason)].says} "
        f"{one.overridden.at.date()}, {one.overridden.by}"
        for checked in found
        for one in checked.findings
        if one.overridden is not None
    )


def _checked(one: Checked) -> Json:
    return {
        "element": one.element,
        "written": None if one.written is None else saying.element(one.written),
        "derived": None if one.derived is None else saying.element(one.derived),
        "state": one.state,
    }


def words(drawn: Drawn, found: tuple[Verified, ...], colour: bool = False) -> str:
    """Every order for a person."""
    return "\n".join(_words(drawn, found, colour)) + "\n"


def _words(drawn: Drawn, found: tuple[Verified, ...], colour: bool) -> Iterator[str]:
    yield saying.line(drawn)
    yield f"The record says: {verdict_line(drawn.report.verdict, drawn.report.could_be, colour)}"
    for one in found:
        yield ""
        yield from _verified(one, drawn, colour)
    yield ""
    yield f"posology {drawn.report.version}, knowledge {drawn.report.knowledge}. Check against the current label."


def _verified(one: Verified, drawn: Drawn, colour: bool) -> Iterator[str]:
    yield f"{one.order.id} ({one.order.status}): {_outcome(one, drawn, colour)}"
    missing = [part for part in one.findings if part.error == "E20" and part.severity == "confirm" and part.written is None]
    grouped = [part for part in missing if part.element in orders().elements and part.overridden is None]
    for part in one.findings:
        if part not in grouped:
            yield from _finding(part, colour)
    if grouped:
        named = ", ".join(orders().elements[part.element].means for part in grouped)
        mark = paint(WORDS["confirm"], SHADES["confirm"], colour)
        yield from _wrapped(f"{mark} E20 missing or unreadable on the order: {named}. Add them.", "  ")
        yield f"    [{source(grouped[0].cites)}]"
    if one.overrides:
        yield f"  Overrides: {len(one.overrides)}, of which {later(one)} to be done later"
    yield from _looked_at(one)


def _outcome(one: Verified, drawn: Drawn, colour: bool) -> str:
    standing = state(one)
    if standing == "clean":
        let = sum(part.overridden is not None for part in one.findings)
        if let:
            return (
                f"{paint(f'{let} finding(s) overridden', COLOURS['wait'], colour)}; nothing else differs, element by element"
            )
        return f"{paint('nothing differs', COLOURS['give'], colour)}; this was checked, element by element"
    counts = {name: sum(part.severity == name and part.overridden is None for part in one.findings) for name in WORDS}
    said = ", ".join(f"{count} {COUNTED[name]}" for name, count in counts.items() if count)
    undecided = " Not decided: do not release." if drawn.report.verdict == "ask" else ""
    return f"{paint(said, SHADES[standing], colour)}.{undecided}"


def _finding(one: Finding, colour: bool) -> Iterator[str]:
    """What, why, what to do; then the source."""
    mark = paint(WORDS[one.severity], SHADES[one.severity], colour)
    values = _values(one)
    yield from _wrapped(f"{mark} {one.id}{values}: {one.reason}. {one.do}", "  ")
    tail = "" if one.overridable else "; no override"
    if one.overridden is not None:
        reason = orders().reasons[str(one.overridden.reason)].says
        tail += f"; overridden {one.overridden.at:%Y-%m-%d} by {one.overridden.by}: {reason}"
    yield from _wrapped(f"[{source(one.cites)}{tail}]", "    ")


def _values(one: Finding) -> str:
    if one.written is None and one.derived is None:
        return ""
    return f" (written {_said(one.element, one.written)}, record {_said(one.element, one.derived)})"


def _said(name: str, value: Written | None) -> str:
    return "nothing" if value is None else saying.said(name, value)


def _looked_at(one: Verified) -> Iterator[str]:
    """What was compared, element by element, each with its value; what the order leaves out; what nothing can show."""
    same = [f"{_means(part)} {_brief(part)}" for part in one.checked if part.state == "same"]
    if same:
        yield from _wrapped(f"Checked and the same: {'; '.join(same)}.", "  ")
    told = {part.element for part in one.findings}
    left_out = [_means(part) for part in one.checked if part.state == "not_written" and part.element not in told]
    if left_out:
        yield from _wrapped(f"Not on the order, and not required: {', '.join(left_out)}.", "  ")
    alone = [_means(part) for part in one.checked if part.state == "not_derived"]
    if alone:
        yield from _wrapped(f"On the order, and the record cannot confirm it: {', '.join(alone)}.", "  ")


def _means(part: Checked) -> str:
    return orders().elements[part.element].means


def _brief(part: Checked) -> str:
    assert part.written is not None
    kind = orders().elements[part.element].kind
    if kind == "lines":
        return "present"
    return "by its code" if part.element == "drug" else saying.said(part.element, part.written)


def _wrapped(text: str, indent: str) -> Iterator[str]:
    yield from wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "    ")
