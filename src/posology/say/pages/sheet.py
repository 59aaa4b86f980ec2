"""The hand-over sheet to the transplant team, as JSON and in words. What is unknown says why."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from posology.answer import plain
from posology.answer.handover import CycleGiven, Given, Handover, Result, Stated
from posology.course import Interruption
from posology.say.shape import Json, scalar
from posology.say.words import WIDTH
from posology.units import normalise


def shape(found: Handover) -> Json:
    """The sheet's content."""
    return {
        "doses": [_dose(one) for one in found.doses],
        "cycles": [
            {"cycle": one.cycle, "day1": scalar(one.day1), "doses": one.doses, "planned": one.planned,
             "running": one.running, "truncated": one.truncated}
            for one in found.cycles
        ],
        "interruptions": [
            {"start": one.start.isoformat(), "end": scalar(one.end), "days": one.days, "kind": one.kind,
             "cycle": one.slot.cycle, "dose": one.slot.number}
            for one in found.interruptions
        ],
        "values": [
            {"fact": one.fact, "means": one.means, "value": scalar(one.value), "unit": one.unit, "when": scalar(one.when),
             "why": one.why}
            for one in found.values
        ],
        "trend": [_result(one) for one in found.trend],
        "said": [_result(one) for one in found.said],
        "not_read": list(found.not_read),
    }  # fmt: skip


def _dose(one: Given) -> Json:
    return {
        "cycle": one.cycle,
        "dose": one.dose,
        "on": one.on.isoformat(),
        "mg": scalar(one.mg),
        "mg_per_m2": scalar(one.mg_per_m2),
        "partial": one.partial,
    }


def _result(one: Result) -> Json:
    return {
        "what": one.what,
        "on": one.on.isoformat(),
        "value": scalar(one.value),
        "unit": one.unit,
        "upper_limit": scalar(one.upper),
    }


def lines(found: Handover) -> Iterator[str]:
    """The sheet for a person."""
    yield "\nHand-over sheet for the transplant team"
    for dose in found.doses:
        yield f"  {_given(dose)}"
    for cycle in found.cycles:
        yield f"  {_cycle(cycle)}"
    for hold in found.interruptions:
        yield f"  {_hold(hold)}"
    for stated in found.values:
        yield f"  {_stated(stated)}"
    for title, results in (("Trend", found.trend), ("Documented", found.said)):
        for name in dict.fromkeys(one.what for one in results):
            shown = "; ".join(_shown(one) for one in results if one.what == name)
            yield from wrap(f"{title}: {plain(name)}: {shown}", WIDTH, initial_indent="  ", subsequent_indent="    ")
    yield f"  Not read here, add by hand: {', '.join(found.not_read)}"


def _given(dose: Given) -> str:
    mg = f"{normalise(dose.mg)} mg" if dose.mg is not None else "mg not recorded"
    share = f" ({normalise(dose.mg_per_m2)} mg/m²)" if dose.mg_per_m2 is not None else ""
    return f"Cycle {dose.cycle}, dose {dose.dose}: {dose.on}, {mg}{share}{', partial' if dose.partial else ''}"


def _cycle(cycle: CycleGiven) -> str:
    state = " (truncated: confirm it)" if cycle.truncated else " (running)" if cycle.running else ""
    return f"Cycle {cycle.cycle} from {cycle.day1}: {cycle.doses} of {cycle.planned} doses{state}"


def _hold(hold: Interruption) -> str:
    until = hold.end or "still open"
    place = f"cycle {hold.slot.cycle}, dose {hold.slot.number}"
    return f"Interrupted before {place}: {hold.start} to {until}, {hold.days} days, {hold.kind}"


def _stated(one: Stated) -> str:
    when = f" ({one.when:%Y-%m-%d})" if one.when else ""
    if one.value is None:
        return f"{one.means}: {plain(one.why)}"
    unit = f" {one.unit}" if one.unit and one.unit != "1" else ""
    return f"{one.means}: {plain(one.value)}{unit}{when}{f' ({plain(one.why)})' if one.why else ''}"


def _shown(one: Result) -> str:
    unit = f" {one.unit}" if one.unit and one.unit != "1" else ""
    upper = f" (limit {normalise(one.upper)})" if one.upper is not None else ""
    return f"{one.on} {plain(one.value)}{unit}{upper}"
