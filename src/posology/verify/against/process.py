"""How the order came about and was handled: E21, E22, E24. The library, checks and overrides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from posology.record import PERSON, Check, Override
from posology.verify.against.alike import same
from posology.verify.findings import Finding, Look


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
    elif one.by is None or not one.by.startswith(PERSON):
        yield f"the override of {named} is not signed by a person"
    elif not after_the_order(look, one):
        yield f"the override of {named} is older than the order"
    elif one.finding is None:
        yield "an override names no finding"


def after_the_order(look: Look, one: Override) -> bool:
    """Was it signed on the day that the order was written, or later?"""
    written = look.said("written-on")
    return not isinstance(written, date) or one.at.astimezone(look.drawn.case.zone).date() >= written


def _about(look: Look, one: Check | Override) -> bool:
    """Is it about this order?"""
    return one.order == look.order.id
