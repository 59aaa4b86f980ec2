"""A bundle opened: the record and whose it is, the order that it supports, and the overrides that stand in it."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from posology.commands.settings import Refused, Settings, read


def bundle_of(arguments: Namespace) -> Any:
    """The parsed bundle, with what is read beside it. Raises Refused."""
    bundle = _parsed(arguments.bundle)
    for file in arguments.beside:
        more = _parsed(file)
        if not isinstance(more, dict) or "resourceType" not in more:
            raise Refused(f"{file}: this is no FHIR resource; name a MedicationRequest, an Observation or a Bundle")
        entries = _beside(file, more.get("entry") if more["resourceType"] == "Bundle" else [{"resource": more}])
        if isinstance(bundle, dict) and isinstance(bundle.get("entry"), list):
            bundle = {**bundle, "entry": [*bundle["entry"], *entries]}
    return bundle


def _beside(file: str, entries: Any) -> list[Any]:
    """What is read beside a bundle is of a kind that is read, and says whose it is. Raises Refused."""
    from posology.fhir.bundle import READERS

    if not isinstance(entries, list) or not entries:
        raise Refused(f"{file}: the Bundle holds nothing; name the file with the resource")
    for entry in entries:
        one = entry.get("resource") if isinstance(entry, dict) else None
        kind = one.get("resourceType") if isinstance(one, dict) else None
        if kind in ("Medication", "Patient"):
            continue
        if not isinstance(one, dict) or kind not in READERS:
            raise Refused(f"{file}: a {kind or 'thing without a resourceType'} is not read here; name {', '.join(READERS)}")
        if not isinstance(one.get("subject") or one.get("patient"), dict):
            raise Refused(f"{file}: the {kind} does not say whose it is; add its subject")
    return entries


def _parsed(file: str) -> Any:
    from posology.fhir import BadBundle, parse

    try:
        return parse(read(file))
    except BadBundle as error:
        raise Refused(f"{file}: {error}") from None


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


def drawn_from(arguments: Namespace, settings: Settings, bundle: Any = None) -> tuple[Any, Any, Any]:
    """The order that the record supports, the record, and the identity for print. Raises Refused."""
    from posology.decide import TableError
    from posology.verify import order

    assert settings.zone and settings.at
    record, identity = opened(arguments, settings, bundle)
    try:
        return order(record, at=settings.at, edition=settings.edition, zone=settings.zone), record, identity
    except TableError as error:
        raise Refused(f"{arguments.bundle}: {error}") from None


def marked(text: str, drawn: Any, record: Any) -> str:
    """The text under the overrides that let a finding on a written order stand."""
    from posology.say.ordering.verified import overridden
    from posology.verify import verify

    listed = overridden(verify(drawn, record))
    return "".join(f"OVERRIDDEN  {one}\n" for one in listed) + text
