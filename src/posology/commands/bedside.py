"""What is asked at the bedside, of one patient: the whole answer, the plan, one question."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from typing import Any

from posology.commands.settings import Refused, Settings, Settle, Text, read
from posology.knowledge import Edition, FactEntry


def _record(arguments: Namespace, settings: Settings) -> Any:
    from posology.fhir import BadBundle, load_bundle
    from posology.knowledge import codes, observables

    assert settings.zone
    try:
        return load_bundle(read(arguments.bundle), observables=observables(), codes=codes(), zone=settings.zone)
    except BadBundle as error:
        raise Refused(f"{arguments.bundle}: {error}") from None


def _report(arguments: Namespace, settings: Settings) -> Any:
    from posology import answer
    from posology.decide import TableError

    assert settings.zone and settings.at
    try:
        record = _record(arguments, settings)
        return answer.decide(record, at=settings.at, edition=settings.edition, zone=settings.zone)
    except TableError as error:
        raise Refused(f"{arguments.bundle}: {error}") from None


def decide(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.say import shape, words

    found = _report(arguments, settle_(arguments))
    text = shape.written(shape.report(found)) if arguments.json else words.decision(found, colour)
    return text, found.verdict == "ask"


def plan(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.say import outlook, shape

    found = _report(arguments, settle_(arguments))
    text = shape.written(shape.plan(found)) if arguments.json else outlook.plan(found, colour)
    return text, found.verdict == "ask"


def advice(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.answer.advice import advise
    from posology.say import advice as saying
    from posology.say import shape

    settings = settle_(arguments)
    assert settings.zone and settings.at
    if not settings.edition.advice:
        raise Refused(f"edition {settings.edition.id}: its advice is not written yet; use another edition")
    names = [*(section.id for section in settings.edition.advice), saying.HANDOVER]
    if arguments.section not in (None, *names):
        raise Refused(f"no section is called {arguments.section!r}; there are: {', '.join(names)}")
    found = advise(_record(arguments, settings), at=settings.at, edition=settings.edition, zone=settings.zone)
    return (shape.written(saying.shape(found)) if arguments.json else saying.words(found, arguments.section)), False


def explain(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.say import shape, tables

    settings = settle_(arguments)
    table = _table(arguments.question, settings.edition)
    reply = next(item for item in _report(arguments, settings).answers if item.question == table.id)
    text = shape.written(shape.reply(reply)) if arguments.json else tables.explained(reply, table, colour)
    return text, reply.action in ("ask", "undetermined")


def _table(question: str, edition: Edition) -> Any:
    known = {**edition.tables, **edition.criteria}
    if question not in known:
        raise Refused(f"no question is called {question!r}; there are: {', '.join(known)}")
    return known[question]


def answer(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.answer import Reply, answer_question
    from posology.decide import TableError
    from posology.fhir import BadBundle, parse
    from posology.say import shape, tables
    from posology.say.stated import BadFact, facts

    settings = settle_(arguments)
    _known(arguments.question, settings.edition)
    try:
        given = facts(parse(read(arguments.facts)), _dictionary(arguments.question, settings.edition))
        reply = answer_question(arguments.question, given, settings.edition)
    except (BadBundle, BadFact, TableError) as error:
        raise Refused(f"{arguments.facts}: {error}") from None
    if not isinstance(reply, Reply):
        from posology.commands.panels import standing

        return standing(reply, arguments, colour)
    table = _table(arguments.question, settings.edition)
    text = shape.written(shape.reply(reply)) if arguments.json else tables.explained(reply, table, colour)
    return text, reply.action in ("ask", "undetermined")


def _known(question: str, edition: Edition) -> None:
    """Raises Refused, naming everything that can be asked, where this is neither a question nor a published set."""
    from posology.knowledge.criteria import panel_of, panels

    if question in edition.tables or question in edition.criteria or panel_of(question):
        return
    names = [*edition.tables, *edition.criteria, *(name for one in panels().values() for name in (*one.sets, *one.scales))]
    raise Refused(f"no question is called {question!r}; there are: {', '.join(names)}")


def _dictionary(question: str, edition: Edition) -> Mapping[str, FactEntry]:
    """The facts that may be stated: those of the edition, and for a published set its trends too."""
    from posology.knowledge.criteria import panel_of

    panel = panel_of(question)
    return panel.dictionary if panel else edition.facts
