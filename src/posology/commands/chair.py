"""What is asked at the bench and the chair: how long the prepared drug may be used, and how it is kept."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from posology.commands.settings import Refused, Settle, Text, moment_of
from posology.knowledge import Edition, Preparation

STOP = ("start", "stopped", "resume", "dose_mg", "volume_ml", "rate_ml_h")


def clocks(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.dose.clocks import Times
    from posology.dose.clocks import clocks as timed
    from posology.say import shape
    from posology.say.ordering import clocks as saying

    settings = settle_(arguments)
    assert settings.zone
    rules = rules_of(settings.edition)
    minutes = _minutes(arguments.minutes, rules) or rules.infusion_minutes
    given = vars(arguments)
    try:
        names = {"started": "start", "ended": "end", "out_of_fridge": "out_of_fridge", "diluted": "diluted"}
        known = {name: moment_of(given[flag], flag, settings.zone) for name, flag in names.items()}
        first = moment_of(arguments.reconstituted, "reconstituted", settings.zone)
        assert first
        times = Times(first, held=arguments.held, **known)
        rest = _resumed(given, times, rules, settings.zone)
        ends = times if rest is None else replace(times, ended=rest.recomputed_end)
        found = timed(ends, rules, minutes)
    except ValueError as error:
        raise Refused(str(error)) from None
    made = saying.shape(times, found, settings.edition, settings.zone, minutes, arguments.diluent, rest)
    return (shape.written(made) if arguments.json else saying.words(made, found)), False


def storage(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.dose import storage as storing
    from posology.say import shape
    from posology.say.ordering import clocks as saying

    edition = settle_(arguments).edition
    rules = rules_of(edition)
    low, high = (number_of(given, flag) for given, flag in ((arguments.lowest, "lowest"), (arguments.highest, "highest")))
    asked = low is not None or high is not None or arguments.frozen
    try:
        found = storing.kept(rules, low, high, arguments.frozen or None) if asked else None
    except ValueError as error:
        raise Refused(str(error)) from None
    made = saying.stored(edition, found)
    return (shape.written(made) if arguments.json else saying.handled(made)), False


def rules_of(edition: Edition) -> Preparation:
    if edition.preparation is None:
        raise Refused(f"edition {edition.id}: its storage and preparation are not written yet; use another edition")
    return edition.preparation


def number_of(text: str | None, flag: str) -> Decimal | None:
    if text is None:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise Refused(f"--{flag.replace('_', '-')} {text}: write a number such as 4.5")
    return number


def _minutes(text: str | None, rules: Preparation) -> int | None:
    number = number_of(text, "minutes")
    if number is None:
        return None
    if number != int(number) or not 0 < number <= max(clock.minutes for clock in rules.clocks):
        raise Refused(f"--minutes {text}: write whole minutes, no longer than the longest clock")
    return int(number)


def _resumed(given: dict[str, Any], times: Any, rules: Preparation, zone: ZoneInfo) -> Any:
    """The rest of a stopped infusion, where the flags speak of one."""
    from posology.dose import interrupted

    if given["stopped"] is None and given["resume"] is None:
        return None
    lacking = [f"--{name.replace('_', '-')}" for name in STOP if given[name] is None]
    if lacking:
        raise Refused(f"a stopped infusion also needs {', '.join(lacking)}")
    start, stopped, resume = (moment_of(given[name], name, zone) for name in ("start", "stopped", "resume"))
    assert start and stopped and resume
    mg, ml, rate = (number_of(given[name], name) for name in ("dose_mg", "volume_ml", "rate_ml_h"))
    assert mg is not None and ml is not None and rate is not None
    return interrupted.resumed(times, interrupted.Stop(start, stopped, resume, mg, ml, rate), rules)
