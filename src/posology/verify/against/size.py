"""Height, weight and body surface area: E03 and E04. Measured again from the record, never taken from the order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from posology.measures import Implausible, bsa
from posology.record import Quality
from posology.units import convert, exactly, rounded
from posology.verify.against.alike import same
from posology.verify.findings import Finding, Look


def size(look: Look) -> Iterator[Finding]:
    """Height and weight are those of the record, in kg and cm, not exchanged."""
    height, weight = look.number("height"), look.number("weight")
    tall, heavy = look.due("height"), look.due("weight")
    if None not in (height, weight, tall, heavy) and (height, weight) == (heavy, tall) and height != weight:
        yield look.found("E03:exchanged", "weight", "height and weight are exchanged", "Put each in its own place.")
        return
    for name, unit, other, word in (("height", "cm", "[in_i]", "inches"), ("weight", "kg", "[lb_av]", "pounds")):
        written, due = look.number(name), look.due(name)
        if written is not None and due is not None and written != due:
            yield look.element(name, f"the {name} is not the one of the record{_unit_slip(written, due, unit, other, word)}")


def _unit_slip(written: Decimal, due: Decimal, unit: str, other: str, word: str) -> str:
    """Is the number the one of the record in another unit?"""
    if rounded(convert(due, unit, other), 0) == rounded(written, 0):
        return f": the number is in {word}"
    if rounded(convert(written, other, unit), 0) == rounded(due, 0):
        return f": the number is in {word}"
    return ""


def measured(look: Look) -> Iterator[Finding]:
    """The weight is of the day that doses."""
    written, due = look.said("measured-on"), look.derived.get("measured-on")
    if isinstance(written, date) and due is not None and written != due:
        yield look.element("measured-on", "the weight is of another day")


def change(look: Look) -> Iterator[Finding]:
    """The weight of today is not far off the one of the last dose."""
    case, limit = look.drawn.case, Decimal(look.book.limits["weight_change_percent"])
    last, now = case.course.last_dose_at, case.known.get("weight")
    usable = [one for one in case.record.of("weight") if one.quality is Quality.OK and isinstance(one.value, Decimal)]
    before = [one.value for one in usable if last is not None and one.at <= last]
    then = before[-1] if before else None
    if isinstance(now, Decimal) and isinstance(then, Decimal):
        share = rounded((exactly(now) - exactly(then)) / exactly(then) * 100, 1)
        if abs(share) > limit:
            text = f"the weight is {share} percent off the one of the last dose ({then} kg, now {now} kg)"
            yield look.found("E03:change", "weight", text, "Weigh again; look for fluid before dosing on it.")


def surface(look: Look) -> Iterator[Finding]:
    """The area follows from height and weight by the declared formula."""
    written, due, formula = look.number("bsa"), look.due("bsa"), look.said("bsa-formula")
    if formula is not None and "bsa-formula" in look.derived and formula != look.derived["bsa-formula"]:
        yield look.element("bsa-formula", "the formula is not the declared one")
    if written is not None and due is not None and not same(look.book.elements["bsa"], written, due):
        cause = (
            "the area follows from a height and weight that are not those of the record"
            if follows(look)
            else "the area does not follow from height and weight"
        )
        yield look.element("bsa", cause, "E03" if follows(look) else None)


def follows(look: Look) -> bool:
    """Is the area that was written the one of a height and weight written otherwise than the record has them?"""
    height, weight, written = look.number("height"), look.number("weight"), look.number("bsa")
    if height is None or weight is None or written is None:
        return False
    if (height, weight) == (look.due("height"), look.due("weight")):
        return False
    try:
        area = bsa(height, weight, str(look.derived.get("bsa-formula")), look.drawn.case.record.patient.sex)
    except (Implausible, ValueError):
        return False
    return same(look.book.elements["bsa"], written, area)


def recorded(look: Look) -> Iterator[Finding]:
    """An area that somebody filed in the record lies within what the published formulas make of this size."""
    sheet = look.sheet
    readings = [one for one in look.drawn.case.record.of("bsa_recorded") if isinstance(one.value, Decimal)]
    today = [one for one in readings if one.at.astimezone(look.drawn.case.zone).date() == look.drawn.case.today]
    if sheet is None or not today:
        return
    places = int(look.book.limits["recorded_bsa_places"])
    least, most = (rounded(one, places) for one in sheet.figures.spread_m2)
    value = today[-1].value
    if isinstance(value, Decimal) and not least <= rounded(value, places) <= most:
        text = f"an area of {value} m² filed today lies outside what the published formulas give ({least} to {most} m²)"
        yield look.found("E04:recorded", "bsa", text, "Find out how it was computed; do not dose on it.")
