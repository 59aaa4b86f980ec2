"""The day of the infusion: the run sheet, and what is done and recorded at a reaction."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from posology.commands.chair import number_of
from posology.commands.hood import prepared
from posology.commands.opened import drawn_from, marked
from posology.commands.pharmacy import person
from posology.commands.settings import Refused, Settings, Settle, moment_of


def chair(arguments: Namespace, settle_: Settle, colour: bool) -> tuple[str, bool | str]:
    from posology.say.ordering import infusion as saying
    from posology.say.ordering import orders
    from posology.say.shape import written
    from posology.verify import NoOrder
    from posology.verify.care.chair import run_sheet

    settings = settle_(arguments)
    assert settings.zone
    drawn, record, identity = drawn_from(arguments, settings)
    prep = prepared(drawn, record, arguments, settings)
    asks, line = drawn.report.verdict == "ask", orders.line(drawn)
    reacted = _reacted(arguments, settings, prep)
    if arguments.fhir:
        return _recorded(arguments, drawn, prep, reacted), asks
    start = moment_of(arguments.start, "start", settings.zone)
    run = None if isinstance(prep, NoOrder) else run_sheet(drawn, prep, record, start)
    said: bool | str = "stopped" if run is not None and reacted is None and run.stops else asks
    if arguments.json:
        return written(saying.document(drawn, run, reacted)), said
    if reacted is not None:
        return saying.at_a_reaction(reacted, drawn.case.at, settings.zone, line, colour), said
    if run is None:
        return orders.words(prep, identity, line, colour), said
    return marked(saying.words(drawn, run, identity, line, colour), drawn, record), said


def _reacted(arguments: Namespace, settings: Settings, prep: Any) -> Any:
    """The reaction that the flags speak of, or None. Raises Refused."""
    from posology.verify import NoOrder
    from posology.verify.care.reaction import ran_in, react

    if arguments.reaction is None:
        if arguments.stopped or arguments.volume:
            raise Refused("--stopped and --volume also need --reaction, its grade")
        return None
    assert settings.zone
    grade = int(arguments.reaction)
    start, stopped = (moment_of(vars(arguments)[name], name, settings.zone) for name in ("start", "stopped"))
    volume = number_of(arguments.volume, "volume")
    try:
        if isinstance(prep, NoOrder):
            why = f"the record lets no dose through: {prep.verdict.replace('_', ' ')}"
            return react(grade, settings.edition, None, (why,))
        if start is None or stopped is None or prep.otherwise:
            return react(grade, settings.edition, None, prep.barred)
        part = ran_in(prep, settings.edition, grade, start, stopped, volume)
        return react(grade, settings.edition, part, prep.barred)
    except ValueError as error:
        raise Refused(str(error)) from None


def _recorded(arguments: Namespace, drawn: Any, prep: Any, reacted: Any) -> str:
    """The resources to add to the record. Raises Refused where something of them is not known."""
    from posology.fhir.reaction import reaction
    from posology.fhir.text import as_json
    from posology.verify import NoOrder

    if reacted is None:
        raise Refused("--fhir prints a reaction: add --reaction, its grade")
    if isinstance(prep, NoOrder):
        raise Refused("no order of this moment: what ran in cannot be counted; record the mg that were given by hand")
    if prep.otherwise:
        raise Refused(f"what ran in cannot be counted: {prep.otherwise[0]}; say the flags that it was filled with")
    if reacted.delivered is None:
        raise Refused("--fhir also needs --start and --stopped")
    by, at = person(arguments.by), drawn.case.at.astimezone(drawn.case.zone)
    if at <= reacted.delivered.stopped:
        raise Refused("the grade is signed after the stop: say --at, later than --stopped")
    return as_json(reaction(prep.order, reacted, reacted.delivered, by, at), "  ")
