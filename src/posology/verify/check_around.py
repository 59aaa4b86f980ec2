"""Premedication, preparation, stability, and what an order must say at all: E15, E16, E17, E20."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from posology.dose.clocks import Times, clocks
from posology.dose.storage import right_diluent
from posology.record import Written
from posology.verify.alike import same
from posology.verify.findings import CONFIRM, Finding, Look
from posology.verify.portions import fits

ALWAYS = frozenset({"written-on", "on", "dose", "mg-per-m2", "treatment-criteria", "monitoring", "sequence"})
"""Required even where the record supports no dose."""

ELSEWHERE = frozenset({"dose", "on"})
"""What cannot be read of these is told by a check of its own."""

TIMED = frozenset({"rate", "minutes"})
MIXED = ("final-volume", "concentration", "path", "rate", "minutes", "observe-minutes")
STATED = ("allergies", "diagnosis")


def route(look: Look) -> Iterator[Finding]:
    """Every route that the order names is the product's."""
    due = look.derived.get("route")
    wrong = sorted({named for named in look.routes if named is not None and named != due})
    if wrong:
        named = ", ".join(wrong).replace("_", " ")
        yield look.found(
            "E16:route", "route", f"by {named}: any route but the label's can kill", look.book.elements["route"].do
        )


def premedication(look: Look) -> Iterator[Finding]:
    """Every class of premedication is ordered, on this order or on one of its own for the same day."""
    lacking = _not_ordered(look)
    if lacking and (look.said("premedication") is not None or lacking != look.derived.get("premedication")):
        yield look.element("premedication", f"not ordered: {', '.join(lacking)}")


def _not_ordered(look: Look) -> tuple[str, ...]:
    """The classes of premedication that no order of the day names."""
    written, due, on = look.said("premedication"), look.derived.get("premedication"), look.said("on")
    named = set(written) if isinstance(written, tuple) else set()
    named |= {one.observable for one in look.drawn.case.record.beside if one.on is not None and one.on == on}
    return tuple(name for name in due if name not in named) if isinstance(due, tuple) else ()


def preparation(look: Look) -> Iterator[Finding]:
    """Diluent, volume, concentration, path, rate, duration and observation are the label's."""
    written, rules = look.said("diluent"), look.drawn.case.edition.preparation
    if isinstance(written, str) and rules is not None and not right_diluent(rules, written):
        yield look.element("diluent", f"only {rules.diluent} is the label's")
    for name in MIXED:
        given, due = look.said(name), look.derived.get(name)
        if given is None:
            continue
        if due is None:
            if look.sheet is not None and name not in ("minutes", "observe-minutes"):
                yield look.element(name, "the dose takes another path, which has none")
        elif not fits(look, name, given, due):
            yield look.element(name, f"it is not the one of this dose ({look.book.elements[name].means})")


def stability(look: Look) -> Iterator[Finding]:
    """Times that are stated stay inside the clocks of the label."""
    rules = look.drawn.case.edition.preparation
    first, mixed, until = (look.said(name) for name in ("reconstituted-at", "diluted-at", "use-by"))
    if rules is None or not isinstance(first, datetime):
        return
    held = look.said("held")
    try:
        found = clocks(Times(first, mixed if isinstance(mixed, datetime) else None, str(held) if held else None), rules)
    except ValueError as error:
        yield look.found("E17:dilution", "diluted-at", str(error), "Correct the times.")
        return
    if isinstance(mixed, datetime) and mixed > found.dilute_by:
        text = f"diluted after {found.dilute_by.astimezone(look.drawn.case.zone):%Y-%m-%d %H:%M}"
        yield look.found("E17:dilution", "diluted-at", text, "Discard it.")
    elif isinstance(until, datetime) and found.latest_end is not None and until > found.latest_end:
        text = f"use by no later than {found.latest_end.astimezone(look.drawn.case.zone):%Y-%m-%d %H:%M}"
        yield look.found("E17:use-by", "use-by", text, "Print the use-by that the clocks allow.")


def stated(look: Look) -> Iterator[Finding]:
    """Allergies and diagnosis are those of the record."""
    for name in STATED:
        given, due = look.said(name), look.derived.get(name)
        if given is not None and due is not None and not same(look.book.elements[name], given, due):
            yield look.element(name, f"the record says {_plain(due)}")


def _plain(value: Written) -> str:
    return str(value).replace("_", " ")


def complete(look: Look) -> Iterator[Finding]:
    """Every required element is there and can be read."""
    for name, element in look.book.elements.items():
        required = element.missing and (name in look.derived or (look.sheet is None and name in ALWAYS))
        if name in look.order.unread and name not in ELSEWHERE:
            text = f"{element.means} cannot be read: {look.order.unread[name]}"
            yield look.found(f"E20:{name}", name, text, element.do, element.missing or CONFIRM)
        elif required and name not in {**look.order.said, **look.order.unread} and not _replaced(look, name):
            yield look.missing(name)
    if look.said("prescriber") is False and look.order.status != "draft":
        yield look.found("E20:prescriber", "prescriber", "nobody has signed it", "A prescriber signs it.", "confirm")
    if "order" in look.order.unread:
        yield look.found("E20:order", "order", "the order is not shaped as FHIR R4 says", "Write it again.", "stop")


def _replaced(look: Look, name: str) -> bool:
    """Is it said otherwise? A rate by a duration and the other way round, premedication by orders of its own."""
    if name == "premedication":
        return _not_ordered(look) != look.derived.get(name)
    return name in TIMED and not TIMED.isdisjoint(look.order.said)


def shorthand(look: Look) -> Iterator[Finding]:
    """No abbreviation that has been misread stands in the words of the order."""
    text = str(look.said("text") or "")
    found = [word for word in look.book.shorthand if re.search(rf"(?<![\w.]){re.escape(word)}(?![\w.])", text)]
    found += re.findall(r"(?<![\d/])\d/\d+(?![\d/])", text)
    if found:
        yield look.found("E20:shorthand", "text", f"shorthand in the words: {', '.join(found)}", "Write the words out.")
