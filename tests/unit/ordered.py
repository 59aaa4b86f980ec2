"""Orders for the tests of `verify`: the draft of a story, changed as a test says, and what is found then."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from posology import stories
from posology.api import load_bundle, load_edition
from posology.fhir.draft import medication_request
from posology.verify import Drawn, OrderSheet, Verified, draw, order, verify

Resource = dict[str, Any]
Change = Callable[[Resource], None]
US = load_edition("us")
OWN = "urn:posology:codes"
ELEMENT = "urn:posology:order:"
ZONE = "America/New_York"
GIVEN = [name for name in stories.names() if stories.tale(name).expect.dose_mg_per_m2 is not None]


def at(name: str) -> datetime:
    return stories.tale(name).at


@cache
def drawn(name: str) -> Drawn:
    """The order that a story supports."""
    zone = stories.tale(name).zone
    record = load_bundle(stories.bundle(name), zone=zone)
    return order(record, at=at(name), edition=load_edition(stories.tale(name).edition), zone=ZoneInfo(zone))


def sheet(name: str) -> OrderSheet:
    found = drawn(name).sheet
    assert isinstance(found, OrderSheet)
    return found


def request(name: str) -> Resource:
    """The draft of a story as its own FHIR order."""
    return medication_request(sheet(name))


def borrowed(name: str, of: str = "responder_day_8") -> Resource:
    """Another story's order, put in this patient's name: what somebody copied although no dose is due."""
    made = deepcopy(request(of))
    made["subject"] = {"reference": f"Patient/{name.replace('_', '-')}"}
    return made


def verified(
    name: str, *orders: Resource, more: tuple[Resource, ...] = (), when: datetime | None = None
) -> tuple[Verified, ...]:
    """The orders held against the record of a story, with more resources beside it."""
    return held(stories.bundle(name), when or at(name), *more, *orders)


def held(bundle: Resource, when: datetime, *more: Resource) -> tuple[Verified, ...]:
    """Every live order of a bundle held against the rest of it."""
    entries = [*bundle["entry"], *({"resource": one} for one in more)]
    record = load_bundle({**bundle, "entry": entries}, zone=ZONE)
    return verify(draw(record, at=when, edition=US, zone=ZoneInfo(ZONE)), record)


def drafted(bundle: Resource, when: datetime) -> Resource:
    """The draft that a bundle supports."""
    found = order(load_bundle(bundle, zone=ZONE), at=when, edition=US, zone=ZoneInfo(ZONE)).sheet
    assert isinstance(found, OrderSheet)
    return medication_request(found)


def findings(name: str, *changes: Change, more: tuple[Resource, ...] = ()) -> dict[str, str]:
    """Ids and severities of what is found on the story's own draft after these changes."""
    made = deepcopy(request(name))
    for change in changes:
        change(made)
    (found,) = verified(name, made, more=more)
    return {one.id: one.severity for one in found.findings}


def say(name: str, value: Any) -> Change:
    """Write another value into one of our elements."""

    def change(made: Resource) -> None:
        (one,) = [ext for ext in made["extension"] if ext["url"] == f"{ELEMENT}{name}"]
        (key,) = [key for key in one if key != "url"]
        one[key] = {**one[key], "value": Decimal(value)} if key == "valueQuantity" else value

    return change


def unsay(name: str) -> Change:
    """Leave one of our elements out."""

    def change(made: Resource) -> None:
        kept = [ext for ext in made["extension"] if ext["url"] != f"{ELEMENT}{name}"]
        assert len(kept) < len(made["extension"]), name
        made["extension"] = kept

    return change


def add(name: str, **value: Any) -> Change:
    return lambda made: made["extension"].append({"url": f"{ELEMENT}{name}", **value})


def put(*path: str | int, to: Any) -> Change:
    """Set something deep inside the request."""

    def change(made: Resource) -> None:
        place: Any = made
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to

    return change


def drop(*path: str | int) -> Change:
    def change(made: Resource) -> None:
        place: Any = made
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]

    return change


DOSAGE = ("dosageInstruction", 0)
no_words = drop(*DOSAGE, "text")


def words(text: str) -> Change:
    return put(*DOSAGE, "text", to=text)


def mg(value: str, unit: str = "mg") -> Change:
    return put(*DOSAGE, "doseAndRate", 0, "doseQuantity", to={"value": Decimal(value), "unit": unit, "code": unit})


def route(code: str, system: str = OWN) -> Change:
    return put(*DOSAGE, "route", to={"coding": [{"system": system, "code": code}]})


def signed(
    code: str, made: Resource, parts: dict[str, str], name: str, by: str | None = "Practitioner/ph1", n: int = 0
) -> Resource:
    """A signed Observation about an order."""
    people = {"performer": [{"reference": by}]} if by else {}
    return {
        "resourceType": "Observation",
        "id": f"{code}-{n}",
        "status": "final",
        "code": {"coding": [{"system": OWN, "code": code}]},
        "subject": {"reference": f"Patient/{name.replace('_', '-')}"},
        "effectiveDateTime": at(name).isoformat(),
        "basedOn": [{"reference": f"MedicationRequest/{made['id']}"}],
        "component": [
            {"code": {"coding": [{"system": OWN, "code": part}]}, "valueString": text} for part, text in parts.items()
        ],
        **people,
    }
