"""The order that the record supports, and written orders held against it."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from posology.commands.settings import Refused, Settings, Settle, Text, read


def bundle_of(arguments: Namespace) -> Any:
    """The parsed bundle. Raises Refused."""
    from posology.fhir import BadBundle, parse

    try:
        return parse(read(arguments.bundle))
    except BadBundle as error:
        raise Refused(f"{arguments.bundle}: {error}") from None


def opened(arguments: Namespace, settings: Settings, bundle: Any = None) -> tuple[Any, Any]:
    """The record, and the patient's identity for print; from the bundle if it is read already. Raises Refused."""
    from posology.fhir import BadBundle, load_bundle
    from posology.fhir.naming import identity_of
    from posology.knowledge import codes, observables

    assert settings.zone
    bundle = bundle_of(arguments) if bundle is None else bundle
    try:
        record = load_bundle(bundle, observables=observables(), codes=codes(), zone=settings.zone)
        return record, identity_of(bundle)
    except BadBundle as error:
        raise Refused(f"{arguments.bundle}: {error}") from None


def order(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.commands.hood import drawn_from, marked
    from posology.say import orders as saying
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
    from posology.say import verified as saying
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
