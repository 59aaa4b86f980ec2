"""When and how often a written order is to be given: its days, and whatever may make more than one dose of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from posology.fhir import order_amounts, times
from posology.fhir.intake import Intake, Json
from posology.fhir.order_drug import words
from posology.fhir.order_reading import Reading

SEVERAL = "several dates"
COUNTS = {
    **{"count": "{} times", "countMax": "up to {} times"},
    **{"frequency": "{} times a period", "frequencyMax": "up to {} times a period"},
}
MORE = {"dayOfWeek": "on {}", "when": "at {}", "boundsDuration": "for {}", "boundsRange": "for {}"}
PERIODS = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days", "wk": "weeks", "mo": "months", "a": "years"}
WHOLE = frozenset({"doseAndRate", "timing", "asNeededBoolean", "asNeededCodeableConcept", "maxDosePerAdministration"})
"""What makes an instruction one of its own, and not words beside another."""


def local_day(intake: Intake, text: object) -> date | None:
    """The local day of a date or a time; a month or a year is none."""
    at = intake.moment(text) if type(text) is str and len(text) >= times.DAY else None
    return at.astimezone(intake.zone).date() if at else None


def dates(found: Reading, resource: Json, dosages: list[Json]) -> None:
    """The day of writing, the day to be given, the duration, and what may repeat the dose."""
    if "authoredOn" in resource:
        found.put("written-on", local_day(found.intake, resource["authoredOn"]), resource["authoredOn"])
    timings = [one["timing"] for one in dosages if one.get("timing")]
    events = [event for timing in timings for event in timing.get("event") or ()]
    for event in events:
        found.put("on", local_day(found.intake, event), event)
    if len(set(events)) > 1 or any(len(timing.get("event") or ()) > 1 for timing in timings):
        found.unread["on"] = SEVERAL
    for timing in timings:
        _duration(found, timing.get("repeat") or {})
    repeats = [text for timing in timings for text in _repeats(found.intake, timing)]
    if repeats:
        found.said["repeats"] = ", ".join(repeats)
    if any(one.get("asNeededBoolean") or one.get("asNeededCodeableConcept") for one in dosages):
        found.said["as-needed"] = True


def _duration(found: Reading, repeat: Json) -> None:
    if "duration" in repeat:
        given = {"value": repeat["duration"], "code": repeat.get("durationUnit")}
        found.put("minutes", order_amounts.number(given, "min"), order_amounts.shown(given))
    if "durationMax" in repeat and repeat["durationMax"] != repeat.get("duration"):
        found.unread["minutes"] = order_amounts.RANGE


def _repeats(intake: Intake, timing: Json) -> Iterator[str]:
    """What in a timing is not plainly one dose, as it stands there."""
    repeat = timing.get("repeat") or {}
    once = repeat.get("count") == 1 and repeat.get("countMax", 1) == 1
    yield from (says.format(repeat[key]) for key, says in COUNTS.items() if repeat.get(key, 1) != 1)
    if not once:
        if repeat.get("period"):
            yield _every(repeat["period"], str(repeat.get("periodUnit")))
        yield from (says.format(_plain(repeat[key])) for key, says in MORE.items() if repeat.get(key))
        if _days(intake, repeat.get("boundsPeriod") or {}) > 1:
            yield f"from {repeat['boundsPeriod'].get('start')} to {repeat['boundsPeriod'].get('end')}"
    if len(repeat.get("timeOfDay") or ()) > 1:
        yield f"at {_plain(repeat['timeOfDay'])}"
    scheme = timing.get("code") or {}
    text = words(scheme) or ", ".join(str(one.get("code")) for one in scheme.get("coding") or ())
    if text and not _single(text):
        yield text


def _every(period: Any, unit: str) -> str:
    spoken = PERIODS.get(unit, unit)
    return f"every {spoken.removesuffix('s')}" if period == 1 else f"every {period} {spoken}"


def _days(intake: Intake, period: Json) -> int:
    """How many local days a period may span; none where there is no period."""
    if not period:
        return 0
    first, last = local_day(intake, period.get("start")), local_day(intake, period.get("end"))
    return 2 if first is None or last is None else abs((last - first).days) + 1


def _single(text: str) -> bool:
    from posology.knowledge.orders import orders

    return text.strip().lower() in orders().words["once"]


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value))
    return order_amounts.shown(value) if isinstance(value, dict) else str(value)
