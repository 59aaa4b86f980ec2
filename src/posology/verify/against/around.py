"""Premedication, preparation, stability, and what an order must say at all: E15, E16, E17, E20."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from posology.dose.clocks import Times, clocks
from posology.dose.storage import right_diluent
from posology.knowledge.phrases import named
from posology.record import Written
from posology.verify.against.alike import same
from posology.verify.against.portions import fits, of_the_syringe
from posology.verify.against.words import routes_in
from posology.verify.findings import CONFIRM, Finding, Look

ALWAYS = frozenset({"written-on", "on", "dose", "mg-per-m2", "treatment-criteria", "monitoring", "sequence"})
"""Required even where the record supports no dose."""

ELSEWHERE = frozenset({"dose", "on"})
"""What cannot be read of these is told by a check of its own."""

TIMED = frozenset({"rate", "minutes"})
MIXED = ("final-volume", "concentration", "path", "rate", "minutes", "observe-minutes")
OTHER = "other"
STATED = ("allergies", "diagnosis")


def route(look: Look) -> Iterator[Finding]:
    """Every route that the order names is the product's; one whose code is not known here is asked about."""
    due, unknown = look.derived.get("route"), look.said("route-unknown")
    wrong = sorted({by for by in look.routes if by is not None and by != due})
    another = [name for names in routes_in(look, str(unknown or "")) for name in names]
    if wrong == [OTHER] and unknown is not None and not another:
        text = f"the route is written as {unknown}, which no code list here has"
        do = "Ask whether intravenous infusion is meant, and write it by a code that is known here."
        plain = named(look.book.words["intravenous"], str(unknown))
        yield look.found("E16:route-unknown", "route", text, do, CONFIRM if plain else None)
    elif wrong:
        told = ", ".join(another if wrong == [OTHER] and another else wrong).replace("_", " ")
        yield look.found(
            "E16:route", "route", f"by {told}: any route but the label's can kill", look.book.elements["route"].do
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
                yield from _on_another_path(look, name, given)
        elif not fits(look, name, given, due):
            yield look.element(name, f"it is not the one of this dose ({look.book.elements[name].means})")


def _on_another_path(look: Look, name: str, given: Written) -> Iterator[Finding]:
    """What the record leaves open: nothing, unless the pharmacist chooses the volume of a syringe."""
    window = look.sheet.syringe_ml if look.sheet else None
    if window is None:
        yield look.element(name, "the dose takes another path, which has none")
    elif not of_the_syringe(look, name, given):
        least, most = window
        text = f"the dose goes into a syringe of {least} to {most} mL, and this is not of one over the label's duration"
        yield look.element(name, text)


def stability(look: Look) -> Iterator[Finding]:
    """Times that are stated stay inside the clocks of the label."""
    rules = look.drawn.case.edition.preparation
    first, mixed, until = (look.said(name) for name in ("reconstituted-at", "diluted-at", "use-by"))
    if rules is None:
        return
    if not isinstance(first, datetime):
        if mixed is not None or until is not None:
            text = "no time of reconstitution stands beside the other times, so no clock can be held against them"
            yield look.found("E17:unknown", "reconstituted-at", text, "Add when the first vial was reconstituted.")
        return
    on, day = look.said("on"), first.astimezone(look.drawn.case.zone).date()
    if isinstance(on, date) and day != on:
        text = f"reconstituted on {day}, and it is to be given on {on}"
        yield look.found("E17:day", "reconstituted-at", text, "Prepare it on the day it is given; discard what is too old.")
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
            yield look.element(name, f"the record says {_meant(look, name, due)}")


def _meant(look: Look, name: str, due: Written) -> str:
    """The value of the record in words."""
    product = look.drawn.case.edition.product
    indicated = name == "diagnosis" and due == product.get("indication_observed")
    return str(product["indication"] if indicated else due).replace("_", " ")


def complete(look: Look) -> Iterator[Finding]:
    """Every required element is there and can be read. Of an order that cannot be read whole nothing is called missing."""
    if "order" in look.order.unread:
        text = f"the order cannot be read: {look.order.unread['order']}"
        yield look.found("E20:order", "order", text, "Write it again, plainly.", "stop")
        return
    for name, element in look.book.elements.items():
        required = element.missing and (name in look.derived or (look.sheet is None and name in ALWAYS))
        if name in look.order.unread and name not in ELSEWHERE:
            text = f"{element.means} cannot be read: {look.order.unread[name]}"
            yield look.found(f"E20:{name}", name, text, element.do, element.missing or CONFIRM)
        elif required and name not in {**look.order.said, **look.order.unread} and not _replaced(look, name):
            yield look.missing(name)
    if look.said("prescriber") is False and look.order.status != "draft":
        yield look.found("E20:prescriber", "prescriber", "nobody has signed it", "A prescriber signs it.", "confirm")


def _replaced(look: Look, name: str) -> bool:
    """Is it said otherwise? A rate by a duration and the other way round, premedication by orders of its own."""
    if name == "premedication":
        return _not_ordered(look) != look.derived.get(name)
    return name in TIMED and not TIMED.isdisjoint(look.order.said)
