"""The numbers that stand in the words of an order, each beside the element that it says. Judges nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from posology.record import Written
from posology.units import convert
from posology.verify.against.alike import same
from posology.verify.findings import Look

NUMBER = r"(?<![\d.,])(\d+(?:[.,]\d+)*|[.,]\d+)"
AREA = r"(?:m2|m²|m\^2|m-2|sqm\b|sq\.?\s?m\b|square met)"
PER_AREA = rf"\s*(?:/|per|\.)\s*{AREA}"
NOT_PER = rf"(?!{PER_AREA}|\s*(?:/|per\s)\s*(?:m|kg|dl|l\b|h|square|vial)|\s*(?:in\s+)?(?:each\s+)?vials?\b)"
SIGN = r"\s*(?:no\.?|number|[:#=])?\s*"
BESIDE = r"(?!\s*(?:before|after|prior|later|beforehand))"
MISREAD = re.compile(r"(?<![\d.,])\d+,\d+|(?![0-9])\d[\d.,]*")
"""A comma, or a digit of another script."""
DAY = re.compile(r"(?<![\d/.-])(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
AMOUNT = re.compile(r"\b(?:mg|milligrams?)\b|\bdose\D{0,2}\d", re.I)
OTHER_UNITS = re.compile(rf"{NUMBER}\s*(?:mg\s*(?:/|per)\s*kg|lbs?|pounds?|inch(?:es)?|gtt|drops)\b", re.I)
MASS = {"mg": "mg|mgs|milligrams?", "ug": "ug|mcg|μg|micrograms?", "g": "g|grams?"}
MILLIGRAM = "mg"


@dataclass(frozen=True, slots=True)
class Said:
    """How people say an element: a pattern with one number, in a unit; `also` are elements that it may be as well."""

    element: str
    pattern: re.Pattern[str]
    unit: str = ""
    also: tuple[str, ...] = ()


def _said(element: str, pattern: str, unit: str = "", *also: str) -> Said:
    return Said(element, re.compile(pattern, re.I), unit, also)


SAID = (
    *(_said("dose", rf"(?<!vial of )(?<!vials of ){NUMBER}\s*(?:{words})\b{NOT_PER}", unit) for unit, words in MASS.items()),
    *(_said("mg-per-m2", rf"{NUMBER}\s*(?:{words}){PER_AREA}", f"{unit}/m2") for unit, words in MASS.items() if unit != "g"),
    _said("rate", rf"{NUMBER}\s*mL\s*(?:(?:/|per)\s*h|hourly)"),
    _said("rate", rf"{NUMBER}\s*mL\s*(?:/|per)\s*min", "mL/min"),
    _said("final-volume", rf"(?<!flush with ){NUMBER}\s*mL\b(?!\s*(?:/|per|hourly))", "mL", "volume"),
    _said("final-volume", rf"{NUMBER}\s*(?:L|lit(?:re|er)s?)\b(?!\s*(?:/|per))", "L", "volume"),
    _said("minutes", rf"(?<!every ){NUMBER}\s*min(?:ute)?s?\b{BESIDE}", "min", "observe-minutes"),
    _said("minutes", rf"\bover\s+{NUMBER}\s*(?:h|hrs?|hours?)\b", "h"),
    _said("bsa", rf"(?<!mg/)(?<!per ){NUMBER}\s*{AREA}"),
    _said("weight", rf"{NUMBER}\s*(?:kg|kilograms?)\b"),
    _said("height", rf"{NUMBER}\s*(?:cm|centimet(?:re|er)s?)\b"),
    _said("vials", rf"{NUMBER}\s*vials?\b"),
    _said("cycle", rf"\b(?:cycle{SIGN}{NUMBER}|C(\d+)\s*D\d+\b|(?<!\d)(\d+)(?:st|nd|rd|th)\s+cycle)"),
    _said("day", rf"\b(?:days?{SIGN}{NUMBER}|C\d+\s*D(\d+)\b)"),
)
TIMES = re.compile(rf"(?<![\d.,])(\d+)\s*[x×]\s*{NUMBER}\s*(?:{MASS[MILLIGRAM]})\b{NOT_PER}", re.I)


def disagreeing(look: Look, text: str, only: str = "") -> Iterator[str]:
    """Every number and day of the words that is not the one of the order, as a line; or those of one element alone."""
    digits = in_digits(look, text)
    for said in (one for one in SAID if only in ("", one.element)):
        for found in said.pattern.finditer(digits):
            yield from _slip(look, said, next(filter(None, found.groups()), ""))
    if only:
        return
    for many, mg in TIMES.findall(digits):
        if int(many) > 1:
            yield f"dose {many} times {mg} in words"
    yield from _days(look, text)


def in_digits(look: Look, text: str) -> str:
    """The text with numbers that are written as words in digits."""
    for count, word in enumerate(look.book.words["numbers"], start=1):
        text = re.sub(rf"\b{word}\b", str(count), text, flags=re.I)
    return text


def _slip(look: Look, said: Said, spoken: str) -> Iterator[str]:
    coded, element = look.number(said.element), look.book.elements[said.element]
    if coded is None:
        return
    known: list[tuple[str, Written | None]] = [(name, look.said(name)) for name in (said.element, *said.also)]
    for value in readings(spoken, said.unit, element.unit):
        if any(right is not None and same(look.book.elements[name], value, right) for name, right in known):
            return
    yield f"{element.means} {spoken}{f' {said.unit}' if said.unit else ''} in words, {coded} coded"


def readings(spoken: str, unit: str, to: str) -> Iterator[Decimal]:
    """What a number in words can mean, in the unit of the element; a comma is either kind."""
    for text in dict.fromkeys((spoken.replace(",", "."), spoken.replace(",", ""))):
        try:
            value = Decimal(text)
        except InvalidOperation:
            continue
        yield convert(value, unit, to) if unit and to and unit != to else value


def small_units(look: Look, text: str) -> tuple[str, ...]:
    """Amounts in micrograms or grams, and sizes in other units, as they stand there."""
    digits = in_digits(look, text)
    others = [said for said in SAID if said.element == "dose" and said.unit != MILLIGRAM]
    amounts = [found.group().strip() for said in others for found in said.pattern.finditer(digits)]
    return tuple(dict.fromkeys([*amounts, *(found.group() for found in OTHER_UNITS.finditer(digits))]))


def unsaid(look: Look, text: str) -> bool:
    """Do the words speak of an amount, and is the dose nowhere among them?"""
    digits, dose = in_digits(look, text), look.number("dose")
    known = [(said, found) for said in SAID if said.element == "dose" for found in said.pattern.finditer(digits)]
    return dose is not None and bool(AMOUNT.search(digits)) and not known


def _days(look: Look, text: str) -> Iterator[str]:
    """Days of the words that are not the one to be given; beside it an earlier one, or a known one, is some other day."""
    on, birth = look.said("on"), look.drawn.case.record.patient.birth
    known = {str(one) for one in (on, look.said("written-on"), look.said("measured-on"), birth)}
    spoken = [(day.group(), _iso(*day.groups())) for day in DAY.finditer(text)] + list(_in_letters(look, text))
    told = str(on) in {day for _, day in spoken}
    for words, day in spoken if isinstance(on, date) else ():
        if day not in (str(on), str(birth)) and not (told and (day in known or day < str(on))):
            yield f"{words} in words, {on} coded"


def _in_letters(look: Look, text: str) -> Iterator[tuple[str, str]]:
    """Days with the month in letters, beside the same as digits."""
    months = look.book.words["months"]
    each = rf"(?:{'|'.join(months)})[a-z]*\.?"
    for found in re.finditer(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+({each})\s+(\d{{4}})\b", text, re.I):
        yield found.group(), _day(months, *found.groups())
    for found in re.finditer(rf"\b({each})\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b", text, re.I):
        month, day, year = found.groups()
        yield found.group(), _day(months, day, month, year)


def _day(months: tuple[str, ...], day: str, month: str, year: str) -> str:
    number = next(at for at, name in enumerate(months, start=1) if month.lower().startswith(name))
    return _iso(year, str(number), day)


def _iso(year: str, month: str, day: str) -> str:
    return f"{year}-{int(month):02}-{int(day):02}"
