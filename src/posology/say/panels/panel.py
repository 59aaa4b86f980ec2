"""A panel of published criteria in plain words: sets side by side, what decides next, severity, timeline, risk factors."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from posology.answer import cut, plain
from posology.criteria import Graded, ItemState, Placed, Shown, Standing, View
from posology.say.words import SEEN, WIDTH, datum, paint, source
from posology.version import VERSION

STATES = {"met": "MET", "could_be_met": "COULD BE MET", "not_met": "not met", "not_applicable": "not applicable"}
COLOURS = {"met": "31", "could_be_met": "35", "not_met": "0", "not_applicable": "2"}
RISKS = {"holds": "present", "open": "unknown", "fails": "absent"}
MARKS = {"holds": "yes", "open": "?", "fails": "no"}
SHORT = {"met": "M", "could_be_met": "?", "not_met": "-", "not_applicable": "·"}


def view(found: View, colour: bool = False) -> str:
    """The whole panel."""
    return "\n".join(_view(found, colour)) + "\n"


def _view(found: View, colour: bool) -> Iterator[str]:
    yield f"{found.patient} · {found.title} · {found.at:%Y-%m-%d %H:%M} {found.zone}"
    for alert in found.alerts:
        if alert.state != "fails":
            yield from _alert(alert, colour)
    kept = f"   (one sign keeps it possible: {plain(found.could_be)})" if found.could_be else ""
    yield f"Published criteria, best standing: {_state(found.state, colour)}{kept}"
    yield from _listed("", list(found.advice))
    yield ""
    for one in found.sets:
        yield from _set(one, colour)
    yield from _listed("Ask next", [f"{lack.ask} ({lack.fact}: {plain(lack.why)})" for lack in found.next])
    yield from _severity(found)
    yield from _timeline(found)
    yield from _listed("Signals", [*map(_signal, found.signals), *map(_figure, found.figures)])
    yield from _listed("Risk factors", [_risk(one) for one in found.risk_factors])
    yield from _listed("Notes", [note.text + (f" [{note.resource}]" if note.resource else "") for note in found.warnings])
    yield ""
    yield f"posology {VERSION}, knowledge {found.knowledge}. A view: it changes no decision. Check against the sources."


def _alert(alert: ItemState, colour: bool) -> Iterator[str]:
    data = "; ".join(map(datum, alert.because)) or "no value: obtain one"
    text = f"{alert.title}: {data}" if alert.state == "holds" else f"{alert.title} not settled: {data}"
    yield paint(f"ALERT {text}", "1;31", colour) if alert.state == "holds" else text


def _state(state: str, colour: bool) -> str:
    return paint(STATES[state], COLOURS[state], colour)


def _listed(title: str, lines: list[str]) -> Iterator[str]:
    if not lines:
        return
    if title:
        yield ""
        yield title
    for line in lines:
        yield from wrap(line, WIDTH, initial_indent="  ", subsequent_indent="    ")


def _set(one: Standing, colour: bool) -> Iterator[str]:
    """One set: its state, its items, and what would complete it."""
    notes = [one.onset or "", "as a pattern" if one.pattern else "", f"since {one.met_on}" if one.met_on else ""]
    extra = f" ({', '.join(filter(None, notes))})" if any(notes) else ""
    yield f"{_state(one.state, colour):14}  {one.title}{extra}   [{source(one.said.cites)}; {SEEN[one.said.seen]}]"
    if one.state == "not_applicable":
        here = f"Here: {'; '.join(map(datum, one.outside))}. " if one.outside else ""
        yield from wrap(here + f"Written for: {one.said.states}", WIDTH, initial_indent="    ", subsequent_indent="    ")
        return
    items = ", ".join(f"{part.title}: {MARKS[part.state]}" for part in one.items)
    yield from wrap(items, WIDTH, initial_indent="    ", subsequent_indent="    ")
    if one.state == "could_be_met":
        yield from wrap(_decides(one), WIDTH, initial_indent="    ", subsequent_indent="      ")


def _decides(one: Standing) -> str:
    """What would complete the set, in a line."""
    titles = [part.title for part in one.items if part.id in one.decides]
    if titles:
        return f"any one of these would complete it: {'; '.join(titles)}"
    asked = "; ".join(dict.fromkeys(lack.ask for lack in one.missing))
    if one.short == 0:
        return f"the picture is complete; whether the set applies is not known: {asked}"
    return f"{one.short} more would have to hold: {asked}"


def _severity(found: View) -> Iterator[str]:
    scales = [one for one in found.severity if one.applies is not False]
    if not scales:
        return
    yield ""
    yield "Severity, should it be this disease"
    for one in scales:
        yield from _scale(one)


def _scale(one: Graded) -> Iterator[str]:
    yield f"  {one.title}: {_class(one.at_least, one.could_be)}   [{source(one.said.cites)}; {SEEN[one.said.seen]}]"
    yield from wrap(
        "; ".join(_placed(part) for part in one.criteria), WIDTH, initial_indent="    ", subsequent_indent="    "
    )


def _class(at_least: str | None, could_be: str | None) -> str:
    sure, worst = (plain(one) if one else "no class" for one in (at_least, could_be))
    return sure if sure == worst else f"at least {sure}, could be {worst}" if at_least else f"open, could be {worst}"


def _placed(part: Placed) -> str:
    star = "*" if part.starred else ""
    return f"{part.title}{star} {_class(part.at_least, part.could_be)}"


def _timeline(found: View) -> Iterator[str]:
    """One line a day; a set that turned on that day is named."""
    if not found.timeline:
        return
    yield ""
    yield "Timeline (M met, ? could be met, - not met, · not applicable), in the order above"
    titles = {one.id: one.title for one in found.sets}
    for day in found.timeline:
        row = " ".join(SHORT[day.states[name]] for name in titles)
        turned = [f"{titles[name]} {STATES[day.states[name]].lower()}" for name in day.turned] if len(titles) else []
        told = f"   {'; '.join(turned)}" if turned and day is not found.timeline[0] else ""
        yield f"  {day.on}  {row}{told}"


def _signal(one: ItemState) -> str:
    data = f" ({'; '.join(map(datum, one.because))})" if one.because else ""
    return f"{MARKS[one.state]:3}  {one.title}{data}"


def _figure(one: Shown) -> str:
    if one.value is None:
        return f"?    {one.means}: {plain(one.why or 'missing')}"
    unit = {"1": "", "d": " days"}.get(one.unit or "", f" {one.unit}" if one.unit else "")
    return f"     {one.means}: {cut(one.value)}{unit}"


def _risk(one: ItemState) -> str:
    asked = f": {one.missing[0].ask}" if one.state == "open" and one.missing else ""
    return f"{RISKS[one.state]:8} {one.title}   [{source(one.said.cites)}]{asked}"


def one_set(one: Standing, colour: bool = False) -> str:
    """One set on stated facts: the same words as in the panel, with its statement."""
    lines = [*_set(one, colour), f"    {one.said.states}"]
    if one.said.reading:
        lines.append(f"    Read as: {one.said.reading}")
    if one.could_be:
        lines.append(f"    One sign keeps it possible: {plain(one.could_be)}.")
    return "\n".join(lines) + "\n"


def one_scale(one: Graded) -> str:
    """One scale on stated facts."""
    lines = [*_scale(one), f"    {one.said.states}"]
    if one.applies is False:
        lines.insert(0, "not applicable: the scale was not made for this patient")
    return "\n".join(lines) + "\n"
