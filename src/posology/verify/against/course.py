"""Cycle, day, interval, cap, and every question of the decision: E07 to E14, E19. The decision judges; this only names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from posology.answer import Found, Reply
from posology.knowledge import RANK
from posology.knowledge.orders import Concern
from posology.verify.findings import CONFIRM, STOP, Finding, Look

FACTS_OF = {"E12", "E13"}
UNDECIDED = ("ask", "undetermined")
LETS = RANK["give_with_review"]
SEVERAL = ("several dates", "said in two ways")
ENDS = ("discontinue", "not_eligible")


def place(look: Look) -> Iterator[Finding]:
    """Cycle, dose and day are those of the record."""
    for name in ("cycle", "dose-number", "day"):
        written, due = look.number(name), look.due(name)
        if written is not None and due is not None and written != due:
            yield look.element(name, f"the record stands at cycle {look.due('cycle')}, dose {look.due('dose-number')}")


def days(look: Look) -> Iterator[Finding]:
    """One day, and the one that was decided about."""
    on, due = look.said("on"), look.derived.get("on")
    if look.order.unread.get("on") in SEVERAL:
        text = f"the day to be given cannot be read as one day: {look.order.unread['on']}"
        yield look.found("E08:several-dates", "on", text, "Write one order for each dose.")
    elif "on" in look.order.unread:
        text = f"the day to be given cannot be read: {look.order.unread['on']}"
        yield look.found("E20:on", "on", text, look.book.elements["on"].do)
    if isinstance(on, date) and isinstance(due, date) and on != due:
        early = on < due
        error = "E09" if _too_soon(look, on) else None
        text = _how_soon(look, on) if error else f"the record was judged for {due}; decide again on the day"
        yield look.element("on", text, error, STOP if early or error else CONFIRM)


def _too_soon(look: Look, on: date) -> bool:
    """Is the day under the minimum after the last dose?"""
    case = look.drawn.case
    last = case.course.last_possible_on
    return last is not None and (on - last).days < case.edition.regimen.min_days


def _how_soon(look: Look, on: date) -> str:
    case = look.drawn.case
    last, least = case.course.last_possible_on, case.edition.regimen.min_days
    assert last is not None
    return f"{(on - last).days} days after the last dose ({last}), and fewer than {least} are never allowed"


def twice(look: Look) -> Iterator[Finding]:
    """No other live order stands for the drug."""
    alive = sorted({other.id for other in look.others if not other.said.get("not-to-give")})
    if alive:
        names = ", ".join(alive)
        text = f"another order for this drug is alive: {names}"
        yield look.found("E08:twice", "on", text, "Stop one of them.")


def plan(look: Look) -> Iterator[Finding]:
    """Planned cycles, the intent behind them, and the cycles so far are those of the record."""
    for name in ("intent", "planned-cycles", "cycles-counted"):
        written, due = look.said(name), look.derived.get(name)
        if written is not None and due is not None and written != due:
            yield look.element(name, f"the record says {str(due).replace('_', ' ')}")
    planned, most = look.number("planned-cycles"), look.drawn.case.edition.regimen.max_cycles
    if planned is not None and "planned-cycles" not in look.derived and planned > most:
        yield look.element("planned-cycles", f"no source plans for more than {most} cycles")
    counted = look.number("cycle") or look.due("cycle")
    if planned is not None and counted is not None and planned < counted:
        text = f"fewer are planned than the cycle that it is for ({counted})"
        yield look.element("planned-cycles", text, severity=CONFIRM)


def decision(look: Look) -> Iterator[Finding]:
    """Everything that stands against a dose today, where the record supports none."""
    if look.sheet is None:
        for reply in look.drawn.report.answers:
            yield from _standing(look, reply)
            if reply.action in UNDECIDED:
                yield from _lacking(look, reply)


def _lacking(look: Look, reply: Reply) -> Iterator[Finding]:
    """What the question cannot be answered without. A fact of a hard question is no more overridden than its answer."""
    concern = look.book.concern(reply.question, "")
    error = "E12" if concern.error in FACTS_OF else concern.error
    for lack in reply.missing:
        means = look.drawn.case.edition.facts[lack.fact].means
        text = f"the dose rests on this, and it is {lack.why.replace('_', ' ')}: {means}"
        found = look.found(f"{error}:{lack.fact}", lack.fact, text, f"{lack.ask[:1].upper()}{lack.ask[1:]}.", CONFIRM)
        yield replace(found, written=None, derived=None, overridable=found.overridable and not concern.hard)


def _standing(look: Look, reply: Reply) -> Iterator[Finding]:
    """One finding for each concern of a question: its gravest row. What ends treatment is not overridden."""
    grouped: dict[Concern, list[Found]] = {}
    for row in reply.findings:
        if RANK.get(row.then, len(RANK)) > LETS:
            grouped.setdefault(look.book.concern(reply.question, row.row), []).append(row)
    for concern, rows in grouped.items():
        holding = [row for row in rows if row.state == "holds"]
        if not holding and reply.action not in UNDECIDED:
            continue
        row = max(holding or rows, key=lambda one: RANK.get(one.then, 0))
        says = f"{row.then.replace('_', ' ')}{'' if holding else ' may be due'}: {row.states.rstrip('.')}"
        severity = STOP if holding else CONFIRM
        found = look.found(f"{concern.error}:{concern.name}", reply.question, says, _do(row), severity, row.cites)
        hard = concern.hard or (bool(holding) and row.then in ENDS)
        yield replace(found, written=None, derived=None, overridable=found.overridable and not hard)


def _do(row: Found) -> str:
    if row.state != "holds":
        return "Settle it first."
    return f"Do not give; {row.would_change[0]}." if row.would_change else "Do not give."


def outstanding(look: Look) -> Iterator[Finding]:
    """An ECG or electrolytes that were due after a QT drug and are not there."""
    if look.sheet is None:
        return
    for item in look.drawn.report.due:
        if item.id == "ecg_after_qt_drug" and item.state in ("due", "overdue"):
            yield look.found("E19:due", item.id, f"{item.what}: {item.state}, by {item.by}", "Record it.", cites=item.cites)
