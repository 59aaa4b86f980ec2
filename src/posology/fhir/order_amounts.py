"""The quantities of a written order: a number in the unit asked for, and what may be said of it besides. Judges nothing."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal

from posology.fhir import quantity
from posology.fhir.intake import Json
from posology.fhir.unplaced import DRUG
from posology.units import UnknownUnit, decimal, exactly

RANGE = "a range"


def number(given: Json, to: str) -> Decimal | None:
    """The number in the element's unit; None where it is a bound, no number, or of another kind."""
    value = None if "comparator" in given else quantity.number(given.get("value"))
    try:
        return None if value is None else quantity.converted(value, unit(given), to, DRUG, ROUND_HALF_EVEN)
    except UnknownUnit:
        return None


def unit(given: Json) -> str:
    """The UCUM unit: by its code, else by its words; `X shown as Y` where the words say another unit than the code."""
    code, text = given.get("code"), given.get("unit")
    ucum = given.get("system", quantity.UCUM) == quantity.UCUM
    spoken = written_out(text)
    if code is None or not ucum:
        return spoken if spoken is not None else str(text or code or "")
    known = written_out(code) if code == str(code).lower() else None
    if spoken not in (None, code, known):
        return f"{code} shown as {text}"
    return known or str(code)


def written_out(text: object) -> str | None:
    """The UCUM unit of a unit in words; None for words that are not known."""
    from posology.knowledge.orders import orders

    return orders().unit_words.get(text.strip().lower()) if type(text) is str else None


def shown(given: Json) -> str:
    """A quantity as it stands there."""
    value = given.get("value")
    said = [
        given.get("comparator"),
        f'"{value}" as text' if type(value) is str else value,
        given.get("unit") or given.get("code"),
    ]
    return " ".join(str(one) for one in said if one is not None) or "nothing"


def per_hour(ratio: Json) -> Decimal | None:
    """A rate written as a volume over a time, in mL/h."""
    volume, hours = number(ratio.get("numerator") or {}, "mL"), number(ratio.get("denominator") or {}, "h")
    return None if volume is None or hours is None or hours <= 0 else decimal(exactly(volume) / exactly(hours))


def maxima(dosages: Iterable[Json], dose: object) -> str:
    """Every greatest amount that is written and is not the dose; a lifetime's is another matter."""
    found = []
    for one in dosages:
        single, period = one.get("maxDosePerAdministration"), one.get("maxDosePerPeriod") or {}
        for given in (single, period.get("numerator")):
            if given and number(given, "mg") != dose:
                found.append(shown(given))
    return ", ".join(found)
