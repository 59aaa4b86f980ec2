"""How the order came about and was handled: E21 to E24. The library, the words beside the numbers, checks and overrides."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from posology.record import Check, Override
from posology.verify.alike import same
from posology.verify.findings import Finding, Look

NUMBER = r"(\d*\.?\d+)"
IN_WORDS = {
    "dose": re.compile(NUMBER + r"\s*(?:mg|milligrams?)(?!\s*(?:/|per)\s*(?:m|square|kg|ml))", re.I),
    "mg-per-m2": re.compile(NUMBER + r"\s*(?:mg|milligrams?)\s*(?:/|per)\s*(?:m2|m²|square met)", re.I),
    "rate": re.compile(NUMBER + r"\s*mL\s*(?:/|per)\s*h", re.I),
    "final-volume": re.compile(NUMBER + r"\s*mL(?!\s*(?:/|per))", re.I),
    "minutes": re.compile(NUMBER + r"\s*min(?:utes?)?\b", re.I),
    "bsa": re.compile(r"(?<!mg/)(?<!per )" + NUMBER + r"\s*(?:m2|m²|square met)", re.I),
    "cycle": re.compile(r"\bcycle\s+" + NUMBER, re.I),
    "day": re.compile(r"\bday\s+" + NUMBER, re.I),
}
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def library(look: Look) -> Iterator[Finding]:
    """Regimen, edition and knowledge are those in force here."""
    says = {
        "regimen": "the regimen is another",
        "edition": "it was written by another edition of the label",
        "knowledge": "it was written with another library; every figure was derived again from this one",
    }
    for name, text in says.items():
        written, due = look.said(name), look.derived.get(name)
        if written is not None and due is not None and not same(look.book.elements[name], written, due):
            yield look.element(name, text)


def words(look: Look) -> Iterator[Finding]:
    """The words of the order say the numbers of the order, both as written."""
    text = str(look.said("text") or "")
    slips = [slip for name, pattern in IN_WORDS.items() for slip in _slips(look, name, pattern.findall(text))]
    on = look.said("on")
    slips += [f"{day} for {on}" for day in DAY.findall(text) if on is not None and day != str(on)]
    if slips:
        yield look.found(
            "E23:text", "text", f"the words and the numbers disagree: {'; '.join(slips)}", "Make both say the same."
        )


def _slips(look: Look, name: str, spoken: list[str]) -> Iterator[str]:
    coded = look.number(name)
    for text in spoken if coded is not None else ():
        try:
            if Decimal(text) != coded:
                yield f"{look.book.elements[name].means} {text} in words, {coded} coded"
        except InvalidOperation:
            continue


def checkers(look: Look) -> Iterator[Finding]:
    """No person signed two of the verifications of this order."""
    mine = [check for check in look.drawn.case.record.checks if _about(look, check) and check.outcome == "passed"]
    by_person: dict[str, set[str]] = {}
    for check in mine:
        if check.by and check.step:
            by_person.setdefault(check.by, set()).add(check.step)
    for steps in (sorted(steps) for steps in by_person.values() if len(steps) > 1):
        text = f"one person signed {' and '.join(step.replace('-', ' ') for step in steps)}"
        yield look.found("E21:checks", "checks", text, "Another person repeats one of them.")


def dismissed(look: Look) -> Iterator[Finding]:
    """Every override names a finding, a coded reason and a person, and none of them a hard stop."""
    mine = [one for one in look.drawn.case.record.overrides if _about(look, one)]
    faults = Counter(fault for one in mine for fault in _faults(look, one))
    for fault, times in faults.items():
        text = f"{fault}{f' ({times} times)' if times > 1 else ''}"
        yield look.found("E24:override", "override", text, "Sign it again with a reason of the list, or act on the finding.")


def _faults(look: Look, one: Override) -> Iterator[str]:
    named = one.finding or "a finding that is not named"
    if one.finding in look.book.hard:
        yield f"an override of {named}, which is never overridden"
    elif one.reason not in look.book.reasons:
        yield f"{named} was dismissed without a coded reason"
    elif one.by is None:
        yield f"the override of {named} is not signed"
    elif one.finding is None:
        yield "an override names no finding"


def _about(look: Look, one: Check | Override) -> bool:
    """Is it about this order?"""
    return one.order == look.order.id
