"""The order that the record supports, and written orders held against it."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from posology.commands.opened import drawn_from, marked, opened
from posology.commands.settings import Refused, Settle, Text


def order(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.say.ordering import orders as saying
    from posology.say.shape import written

    drawn, record, identity = drawn_from(arguments, settle_(arguments))
    asks = drawn.report.verdict == "ask"
    if arguments.fhir:
        return _drafted(drawn.sheet, identity), asks
    if arguments.json:
        return written(saying.document(drawn)), asks
    return marked(saying.words(drawn.sheet, identity, saying.line(drawn), colour), drawn, record), asks


def _drafted(sheet: Any, identity: Any) -> str:
    """The draft, or why there is none, as one FHIR resource."""
    from posology.fhir.draft import medication_request, refusal
    from posology.fhir.text import as_json
    from posology.verify import NoOrder

    made = refusal(sheet) if isinstance(sheet, NoOrder) else medication_request(sheet, identity)
    return as_json(made, "  ")


def held(arguments: Namespace, settle_: Settle, colour: bool) -> tuple[str, bool | str]:
    from posology.decide import TableError
    from posology.say.ordering import verified as saying
    from posology.say.shape import written
    from posology.verify import draw
    from posology.verify import verify as held_against

    settings = settle_(arguments)
    assert settings.zone and settings.at
    record, _ = opened(arguments, settings)
    try:
        drawn = draw(record, at=settings.at, edition=settings.edition, zone=settings.zone)
    except TableError as error:
        raise Refused(f"{arguments.bundle}: {error}") from None
    found = held_against(drawn, record)
    if not found:
        raise Refused(f"{arguments.bundle}: no order still to be carried out; add the MedicationRequest, draft or active")
    text = written(saying.document(drawn, found)) if arguments.json else saying.words(drawn, found, colour)
    return text, "stopped" if any(one.stops for one in found) else drawn.report.verdict == "ask"
