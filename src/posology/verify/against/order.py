"""Whether it is an order to give one dose now: its state, and what may make another thing of it. E02, E08, E13, E20."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from posology.knowledge.phrases import named
from posology.record import Order
from posology.verify.findings import CONFIRM, STOP, Finding, Look

ON_HOLD = "on-hold"
DRUG = "drug"
STATES = ("active", "draft")
INTENTS = ("order", "original-order", "reflex-order", "filler-order", "instance-order")
NOT_TO_GIVE = "not-to-give"


def about_the_drug(order: Order, product: Mapping[str, Any]) -> bool:
    """Is an order not to give something about the drug? Where nothing codes what it is about, by its name or by none."""
    if NOT_TO_GIVE not in order.said:
        return True
    spoken = str(order.said.get("drug-words") or "")
    return _coded(order) or not spoken or bool(named(names_of(product), spoken))


def names_of(product: Mapping[str, Any]) -> tuple[str, ...]:
    """The first word of each name of the drug, as words to look for."""
    return tuple(f"{str(product[key]).split()[0].lower()}*" for key in ("brand", "tall_man", "name"))


def _coded(order: Order) -> bool:
    names = order.said.get("drug")
    return isinstance(names, tuple) and DRUG in names


def forbids(look: Look) -> Iterator[Finding]:
    """An order that the drug is not given."""
    if look.said(NOT_TO_GIVE) and _coded(look.order):
        text = "this order asks that the drug is not given"
        yield look.found("E13:not-to-give", "order", text, "Prepare nothing; ask the prescriber.")


def forbidden(look: Look) -> Iterator[Finding]:
    """No other live order asks that the drug is not given."""
    against = sorted(other.id for other in look.others if other.said.get(NOT_TO_GIVE))
    certain = [other for other in look.others if other.id in against and _coded(other)]
    if against and not certain:
        text = f"another order, without a code of its drug, asks that something is not given: {', '.join(against)}"
        yield look.found("E13:may-forbid", "order", text, "Ask whether it is about this drug.")
    elif against:
        text = f"another order asks that the drug is not given: {', '.join(against)}"
        yield look.found("E13:not-to-give", "order", text, "Ask the prescriber which of them stands, and end the other.")


def standing(look: Look) -> Iterator[Finding]:
    """It is an order, and it is in force or a draft of one."""
    status, intent = look.order.status, look.order.intent
    if status == ON_HOLD:
        yield look.found("E20:status", "order", "the order is on hold", "Do not give by it until it is released.", STOP)
    elif status not in STATES:
        text = f"the order does not say that it is in force (status {_word(status)})"
        yield look.found("E20:status", "order", text, "Ask whether it stands.")
    if intent not in INTENTS:
        text = f"it is no order yet (intent {_word(intent)})"
        yield look.found("E20:not-an-order", "order", text, "A prescriber orders it.")
    if look.said("reported"):
        text = "it reports an order that somebody else wrote"
        yield look.found("E20:reported", "order", text, "Work from the order itself.")
    if look.said("substitution"):
        text = "it lets another product be given in its place"
        yield look.found("E02:substitution", "drug", text, "Forbid it: no other product is this drug.")


def _word(text: str) -> str:
    return "not stated" if text == str(None) else text


def once(look: Look) -> Iterator[Finding]:
    """It is for one dose, on one day, whatever happens."""
    count, again = look.number("instructions"), look.number("again")
    if count is not None and count > 1:
        text = f"the order has {count} instructions to give it"
        yield look.found("E08:several-instructions", "on", text, "Write one order for each dose.")
    if look.said("repeats"):
        text = f"its timing may mean more than one dose: {look.said('repeats')}"
        yield look.found("E08:repeats", "on", text, "Write the one day it is to be given, and nothing else as its timing.")
    if look.said("as-needed"):
        text = "it is to be given as needed, which this drug never is"
        yield look.found("E08:as-needed", "on", text, "Write the day it is to be given.")
    if again is not None and again > 0:
        text = f"it may be handed out again {again} time(s)"
        yield look.found("E08:again", "on", text, "Allow no repeat; every dose is decided and ordered anew.")


def age(look: Look) -> Iterator[Finding]:
    """It was written for this dose: neither long ago nor after the day, and it holds on the day."""
    on, written, case = look.said("on"), look.said("written-on"), look.drawn.case
    first, last = look.said("valid-from"), look.said("valid-to")
    day = on if isinstance(on, date) else case.today
    longest = max(case.edition.regimen.first_length_max, case.edition.regimen.later_length)
    if isinstance(written, date):
        if written > min(day, case.today):
            text = (
                "it was written after the day it is to be given" if written > day else "its day of writing is still to come"
            )
            yield look.element("written-on", text, severity=CONFIRM)
        elif (day - written).days > longest:
            text = (
                f"it was written {(day - written).days} days before the day it is to be given, longer ago than a cycle lasts"
            )
            yield look.element("written-on", text, severity=CONFIRM)
    if (isinstance(first, date) and day < first) or (isinstance(last, date) and day > last):
        text = f"it holds from {first or 'any day'} to {last or 'any day'}, and {day} is not of these days"
        yield look.found("E08:validity", "on", text, "Ask whether it stands, and write it again.")
