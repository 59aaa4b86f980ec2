"""Clocks and storage of the prepared drug, as JSON and in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from posology.dose.clocks import Clocks, Limit, Times
from posology.dose.interrupted import Resumed
from posology.dose.storage import Kept, right_diluent
from posology.knowledge import Clock, Edition, Preparation, Step
from posology.say.shape import Json, cites, scalar
from posology.say.words import SEEN, source
from posology.units import convert, normalise

DISCARD = "DISCARD: a clock is overrun"
RESUME = {
    True: "the rest ends inside every clock: the prescriber decides whether to resume",
    False: "the rest would end outside a clock: do not resume, discard; no remainder is made without a new order",
}


def chair(times: Times, found: Clocks, rules: Preparation, minutes: int) -> Json:
    """The figures of one preparation that no zone and no word changes."""
    return {
        "valid": found.valid,
        "says": _says(times, found),
        "held": times.held,
        "infusion_minutes": minutes,
        "observe_minutes": rules.observe_minutes,
        "chair_minutes": minutes + rules.observe_minutes,
        "asks": list(found.asks),
    }


def shape(
    times: Times, found: Clocks, edition: Edition, zone: ZoneInfo, minutes: int, diluent: str | None, rest: Resumed | None
) -> Json:
    """`clocks --json`."""
    rules = edition.preparation
    assert rules

    def local(moment: datetime | None) -> str | None:
        return moment.astimezone(zone).isoformat() if moment else None

    return {
        "edition": edition.id,
        "zone": str(zone),
        **chair(times, found, rules, minutes),
        "dilute_by": local(found.dilute_by),
        "out_of_fridge_by": local(found.out_of_fridge_by),
        "latest_start": local(found.latest_start),
        "latest_end": local(found.latest_end),
        "limits": [{**_clock(limit.clock), **_limit(limit, found), "by": local(limit.by)} for limit in found.limits],
        "diluent": _diluent(rules, diluent),
        "resumed": _resumed(rest, zone) if rest else None,
    }


def _says(times: Times, found: Clocks) -> str:
    if not found.valid:
        why = "; ".join(f"more than {_hours(limit.clock.minutes)} from {limit.clock.means}" for limit in found.broken)
        return f"{DISCARD}: {why}"
    if times.diluted is None:
        return "not diluted yet: the end of infusion is known once it is"
    return "inside every clock" + (
        "; nobody said how the diluted drug is kept, so room temperature rules" if found.asks else ""
    )


def _hours(minutes: int) -> str:
    return f"{normalise(convert(Decimal(minutes), 'min', 'h'))} h"


def _clock(clock: Clock) -> Json:
    return {
        "clock": clock.id,
        "means": clock.means,
        "minutes": clock.minutes,
        "cites": cites(clock.cites),
        "seen": clock.seen,
        "confidence": clock.confidence,
        "reading": clock.reading or None,
        "figures": [
            {"source": one.source, "minutes": one.minutes, "says": one.says or None, "seen": one.seen}
            for one in clock.figures
        ],
    }


def _limit(limit: Limit, found: Clocks) -> Json:
    return {"broken": limit in found.broken, "binding": found.binding is not None and limit.clock == found.binding.clock}


def _diluent(rules: Preparation, given: str | None) -> Json | None:
    return {"given": given, "valid": right_diluent(rules, given), "allowed": rules.diluent} if given else None


def _resumed(rest: Resumed, zone: ZoneInfo) -> Json:
    def local(moment: datetime) -> str:
        return moment.astimezone(zone).isoformat()

    return {
        "delivered_ml": scalar(rest.delivered_ml),
        "delivered_mg": scalar(rest.delivered_mg),
        "recomputed_end": local(rest.recomputed_end),
        "latest_end": local(rest.latest_end) if rest.latest_end else None,
        "may_resume": rest.may_resume,
        "observe_until": local(rest.observe_until),
        "says": RESUME[rest.may_resume],
    }


def words(made: Json, found: Clocks) -> str:
    """The same for a person at the bench or the chair."""
    return "\n".join(_words(made, found)) + "\n"


def _words(made: Json, found: Clocks) -> Iterator[str]:
    yield f"{made['says']}   (edition {made['edition'].upper()}, times in {made['zone']})"
    rows = (("Dilute by", "dilute_by"), ("Out of the refrigerator by", "out_of_fridge_by"))
    for name, key in (*rows, ("Latest start", "latest_start"), ("Latest end", "latest_end")):
        if made[key]:
            yield f"  {name:27} {_moment(made[key])}"
    yield f"  Infusion {made['infusion_minutes']} min, then watch {made['observe_minutes']} min from the actual end"
    if made["asks"]:
        yield "  Ask: how is the diluted drug kept? --held room or --held refrigerated"
    if made["diluent"]:
        fault = "" if made["diluent"]["valid"] else f"WRONG DILUENT {made['diluent']['given']}: only "
        yield f"  Diluent: {fault}{made['diluent']['allowed']}"
    if made["resumed"]:
        yield from _rest(made["resumed"])
    yield "Clocks"
    for limit, shown in zip(found.limits, made["limits"], strict=True):
        yield from _told(limit.clock, shown)


def _rest(rest: Json) -> Iterator[str]:
    yield f"  Stopped infusion: {rest['delivered_ml']} mL ({rest['delivered_mg']} mg) went in; {rest['says']}"
    yield f"  Recomputed end {_moment(rest['recomputed_end'])}, then watch until {_moment(rest['observe_until'])}"


def _told(clock: Clock, shown: Json) -> Iterator[str]:
    mark = "  OVERRUN" if shown["broken"] else "  binds" if shown["binding"] else ""
    basis = f"[{source(clock.cites)}; {SEEN[clock.seen]}]"
    yield f"  {_moment(shown['by'])}  {clock.means}: {_hours(clock.minutes)}{mark}  {basis}"
    yield "      " + "; ".join(f"{one.source} {_hours(one.minutes) if one.minutes else one.says}" for one in clock.figures)


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M %z}"


def stored(edition: Edition, found: Kept | None) -> Json:
    """`storage --json`."""
    rules = edition.preparation
    assert rules
    return {
        "edition": edition.id,
        "low_c": scalar(rules.low_c),
        "high_c": scalar(rules.high_c),
        "verdict": found.verdict if found else None,
        "says": found.says if found else None,
        "cites": cites(rules.storage),
        "steps": [_step(step) for step in rules.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    return {"id": step.id, "says": step.says, "cites": cites(step.cites), "seen": step.seen, "confidence": step.confidence}


def handled(made: Json) -> str:
    """Storage and handling in words."""
    lines = [f"Unopened: {made['low_c']}-{made['high_c']} °C   (edition {made['edition'].upper()})"]
    lines += [f"{made['verdict'].upper()}: {made['says']}"] if made["verdict"] else []
    for step in made["steps"]:
        at = step["cites"]
        lines.append(f"  {step['says']}  [{at['source']} {at['section']}; {SEEN[step['seen']]}]")
    return "\n".join(lines) + "\n"
