"""The pharmacy: how an order is prepared, and the four verifications of it."""

from __future__ import annotations

import re
from argparse import Namespace
from typing import Any

from posology.commands.hood import last_day, prepared
from posology.commands.opened import drawn_from, marked
from posology.commands.settings import Refused, Settings, Settle, moment_of

PERSON = re.compile(r"Practitioner/[A-Za-z0-9.\-]+")


def prepare(arguments: Namespace, settle_: Settle, colour: bool) -> tuple[str, bool | str]:
    from posology.say.ordering import orders
    from posology.say.ordering import preparation as saying
    from posology.say.shape import written
    from posology.verify import NoOrder

    settings = settle_(arguments)
    drawn, record, identity = drawn_from(arguments, settings)
    prep = prepared(drawn, record, arguments, settings)
    asks = drawn.report.verdict == "ask"
    if arguments.json:
        text = written(saying.document(drawn, prep))
    elif isinstance(prep, NoOrder):
        text = orders.words(prep, identity, orders.line(drawn), colour)
    else:
        text = marked(saying.words(drawn, prep, identity, orders.line(drawn), colour), drawn, record)
    if isinstance(prep, NoOrder):
        return text, asks
    return text, "stopped" if prep.barred else asks or prep.mixture.path is None


def checks(arguments: Namespace, settle_: Settle, colour: bool) -> tuple[str, bool | str]:
    from posology.say.ordering import checks as saying
    from posology.say.ordering import orders
    from posology.say.shape import written
    from posology.verify import NoOrder
    from posology.verify.care.checks import checks as checked

    settings = settle_(arguments)
    drawn, record, identity = drawn_from(arguments, settings)
    prep = prepared(drawn, record, arguments, settings)
    found = prep if isinstance(prep, NoOrder) else checked(drawn, prep, record)
    if arguments.sign is not None:
        return _signed(arguments, settings, drawn, found), False
    asks = drawn.report.verdict == "ask"
    if arguments.json:
        text = written(saying.document(drawn, found))
    elif isinstance(found, NoOrder):
        text = orders.words(found, identity, orders.line(drawn), colour)
    else:
        text = marked(saying.words(drawn, found, orders.line(drawn), colour), drawn, record)
    stops = not isinstance(found, NoOrder) and (found.stops or found.prep.stops)
    return text, "stopped" if stops else asks


def _signed(arguments: Namespace, settings: Settings, drawn: Any, found: Any) -> str:
    """The Observation to add to the record. Raises Refused where this person may not sign this step so."""
    from posology.fhir.signing import order_check
    from posology.fhir.text import as_json
    from posology.verify import NoOrder
    from posology.verify.care.checks import refusal

    if isinstance(found, NoOrder):
        raise Refused(f"nothing to sign: there is no order ({found.verdict.replace('_', ' ')})")
    by, at = person(arguments.by), drawn.case.at.astimezone(drawn.case.zone)
    if arguments.outcome is None:
        raise Refused("--sign also needs --outcome: passed, failed or interrupted")
    seen = _seen(arguments, settings, found)
    why = refusal(found, drawn, arguments.sign, by, arguments.outcome, seen, at)
    if why is not None:
        raise Refused(why)
    return as_json(order_check(found, arguments.sign, by, arguments.outcome, seen, at), "  ")


def person(by: str | None) -> str:
    """Who signs, as a reference. Raises Refused for a name: names do not enter the record here."""
    if by is None or not PERSON.fullmatch(by):
        raise Refused(
            f"--by {by or ''}: write the person who signs as a reference, such as Practitioner/ph1, never a name or a role"
        )
    return by


def _seen(arguments: Namespace, settings: Settings, found: Any) -> dict[str, str]:
    """`key=value` of each --seen; moments with their offset."""
    from posology.verify.care.checks import looked

    assert settings.zone
    items, seen = looked(found, arguments.sign), {}
    for text in arguments.seen or ():
        key, equals, value = text.partition("=")
        if not equals or key in seen:
            raise Refused(f"--seen {text}: write it as item=value, each item once")
        if key in items and items[key].kind in ("moment", "use_by"):
            when = moment_of(value, f"seen {key}", settings.zone)
            value = when.isoformat() if when else value
        if key in items and items[key].kind == "day":
            value = last_day(value, f"seen {key}").isoformat()
        seen[key] = value.strip()
    return seen
