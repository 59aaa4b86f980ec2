"""An order for the drug as written: every element that can be read, and those that are there and cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Any

from posology.fhir import quantity, times, unplaced
from posology.fhir.intake import MALFORMED, Intake, Json, rows_of, signed
from posology.fhir.refusal import shown
from posology.record import Beside, Order, Written
from posology.units import UnknownUnit

if TYPE_CHECKING:
    from posology.knowledge.orders import Element, Orders

PREFIX = "urn:posology:order:"
"""Extensions of an order under this address carry what FHIR R4 has no place for."""

STRANGER, UNCODED = "another product", "no code"
DRUG = "drug"
OVER = frozenset({"completed", "cancelled", "stopped", "entered-in-error"})


class Reading:
    """What is being read of one order: `said`, and `unread` with the text as it stands."""

    def __init__(self, intake: Intake, asked: Orders) -> None:
        self.intake, self.asked = intake, asked
        self.said: dict[str, Written] = {}
        self.unread: dict[str, str] = {}

    def put(self, name: str, value: Written | None, text: object) -> None:
        """The first value that can be read stands; another one, or none, makes the element unreadable."""
        if value is None:
            self.unread[name] = shown(str(text))
        elif self.said.setdefault(name, value) != value:
            self.unread[name] = "said in two ways"


def elements(intake: Intake, resource: Json, dosages: list[Json]) -> tuple[dict[str, Written], dict[str, str]]:
    """Every element of one request. What FHIR has a place for is read there, the rest from our extensions."""
    from posology.knowledge.orders import orders

    found = Reading(intake, orders())
    found.said["drug"] = products(intake, resource, found.asked)
    for part in (_subject, _dates, _dosage, _reasons, _extensions):
        part(found, resource, dosages)
    return found.said, found.unread


def products(intake: Intake, resource: Json, asked: Orders) -> tuple[str, ...]:
    """What the medication is by its codes, each product once; a text that names a look-alike counts as one."""
    names: list[str] = []
    for concept in unplaced.concepts(intake, resource):
        rows = [row for row in rows_of(intake.codes, concept, every=True) if row.system in unplaced.telling(intake)]
        names += [DRUG] * any(row.observable == DRUG for row in rows)
        names += sorted({row.value for row in rows if row.observable == "medicine"})
        known = {(row.system, row.code) for row in rows}
        coded = [(one.get("system"), one.get("code")) for one in concept.get("coding") or ()]
        names += [STRANGER] * any(one[0] in unplaced.telling(intake) and one[1] and one not in known for one in coded)
        names += _look_alikes(concept, asked)
    return tuple(dict.fromkeys(names)) or (UNCODED,)


def _look_alikes(concept: Json, asked: Orders) -> Iterator[str]:
    """Names in the text of a concept. Text never makes a drug; here it can only raise an alarm."""
    texts = [concept.get("text"), *(one.get("display") for one in concept.get("coding") or ())]
    spoken = " ".join(str(text).lower() for text in texts if text)
    for name, words in asked.look_alikes.items():
        if any(word in spoken for word in words):
            yield name


def _subject(found: Reading, resource: Json, dosages: list[Json]) -> None:
    subject, patient = resource.get("subject"), found.intake.person
    found.said["subject"] = isinstance(subject, dict)
    if not isinstance(subject, dict):
        return
    identifier, display = subject.get("identifier"), subject.get("display")
    if isinstance(identifier, dict) and identifier.get("value") is not None:
        known = [(one.get("system"), one.get("value")) for one in patient.get("identifier") or ()]
        found.said["identifier"] = (identifier.get("system"), identifier.get("value")) in known
    names = set(_words(*(_spoken(name) for name in patient.get("name") or ())))
    if type(display) is str and names:
        found.said["name"] = not names.isdisjoint(_words(display))


def _spoken(name: Json) -> str:
    return " ".join([str(name.get("text", "")), str(name.get("family", "")), *map(str, name.get("given") or ())])


def _words(*texts: str) -> list[str]:
    return " ".join(texts).replace(",", " ").casefold().split()


def _dates(found: Reading, resource: Json, dosages: list[Json]) -> None:
    if "authoredOn" in resource:
        found.put("written-on", local_day(found.intake, resource["authoredOn"]), resource["authoredOn"])
    events = list(dict.fromkeys((dosages[0].get("timing") or {}).get("event") or ()))
    for event in events:
        found.put("on", local_day(found.intake, event), event)
    if len(events) > 1:
        found.unread["on"] = "several dates"
    repeat = (dosages[0].get("timing") or {}).get("repeat") or {}
    if "duration" in repeat:
        given = {"value": repeat["duration"], "code": repeat.get("durationUnit")}
        found.put("minutes", _number(given, "min"), given)
    stands = signed(found.intake, resource, resource.get("requester")) if "requester" in resource else False
    found.said["prescriber"] = stands


def _dosage(found: Reading, resource: Json, dosages: list[Json]) -> None:
    found.said["instructions"] = Decimal(len(dosages))
    rates = [rate for dosage in dosages for rate in dosage.get("doseAndRate") or ()]
    for rate in rates:
        if "doseQuantity" in rate:
            dose = rate["doseQuantity"]
            found.put("dose", _number(dose, "mg"), f"{dose.get('value')} {_unit(dose)}".strip())
            if quantity.number(dose.get("value")) is not None:
                found.said["dose-unit"] = _unit(dose)
        if "doseRange" in rate:
            found.unread["dose"] = "a range"
        if "rateQuantity" in rate:
            found.put("rate", _number(rate["rateQuantity"], "mL/h"), rate["rateQuantity"].get("value"))
    texts = [dosage["text"] for dosage in dosages if type(dosage.get("text")) is str]
    if texts:
        found.said["text"] = " ".join(texts)


def _unit(given: Json) -> str:
    return str(given.get("code") or given.get("unit") or "")


def _number(given: Json, to: str) -> Decimal | None:
    """The number in the element's unit; None where it is none or its unit is not of that kind."""
    value = quantity.number(given.get("value"))
    try:
        return None if value is None else quantity.converted(value, quantity.unit_of(given), to, DRUG, ROUND_HALF_EVEN)
    except UnknownUnit:
        return None


def _reasons(found: Reading, resource: Json, dosages: list[Json]) -> None:
    concepts: list[Json] = resource.get("reasonCode") or []
    coded = [concept for concept in concepts if concept.get("coding") or concept.get("text")]
    if not coded:
        return
    observed = [row.observable for concept in coded for row in rows_of(found.intake.codes, concept, every=True)]
    found.said["diagnosis"] = next((name for name in observed if name in found.intake.observables), "other")


def _extensions(found: Reading, resource: Json, dosages: list[Json]) -> None:
    gathered: dict[str, list[Json]] = {}
    for one in resource.get("extension") or ():
        url = one.get("url")
        if type(url) is str and url.startswith(PREFIX):
            gathered.setdefault(url.removeprefix(PREFIX), []).append(one)
    for name, given in gathered.items():
        element = found.asked.elements.get(name)
        if element is None:
            found.intake.note("unknown_element", f"an order has no element {shown(name)}; check its spelling")
        else:
            _extension(found, element, given)


def _extension(found: Reading, element: Element, given: list[Json]) -> None:
    if element.kind in ("list", "lines"):
        texts = [_text(one) for one in given]
        found.put(element.id, None if None in texts else tuple(str(text) for text in texts), "")
        return
    for one in given:
        found.put(element.id, _value(found.intake, element, one), next(iter(_values(one).values()), "empty"))


def _values(one: Json) -> Mapping[str, Any]:
    return {key: value for key, value in one.items() if key.startswith("value")}


def _text(one: Json) -> str | None:
    text = one.get("valueCode", one.get("valueString"))
    return text if type(text) is str and text.strip() else None


def _value(intake: Intake, element: Element, one: Json) -> Written | None:
    if element.kind == "day":
        return local_day(intake, one.get("valueDate", one.get("valueDateTime")))
    if element.kind == "moment":
        return intake.moment(one.get("valueDateTime"))
    if element.kind in ("number", "whole"):
        if "valueQuantity" in one:
            return _number(one["valueQuantity"], element.unit or "1")
        return quantity.number(one.get("valueInteger", one.get("valueDecimal")))
    return _text(one)


def local_day(intake: Intake, text: object) -> date | None:
    """The local day of a date or a time; a month or a year is none."""
    at = intake.moment(text) if type(text) is str and len(text) >= times.DAY else None
    return at.astimezone(intake.zone).date() if at else None


def other_order(intake: Intake, resource: Json, ref: str) -> None:
    """A live order that is not coded as the drug, and may be meant as it: kept apart, and asked about."""
    from posology.knowledge.orders import orders

    status, asked = str(resource.get("status")), orders()
    if status in OVER or resource.get("doNotPerform"):
        return
    claimed = any(str(one.get("url")).startswith(PREFIX) for one in resource.get("extension") or ())
    names = products(intake, resource, asked)
    alike = not asked.look_alikes.keys().isdisjoint(names)
    if claimed or alike or (names == (UNCODED,) and unplaced.may_be_the_drug(intake, resource)):
        said: dict[str, Written] = {"drug": names}
        intake.other_orders.append(Order(ref, status, str(resource.get("intent")), said=said))


def beside(intake: Intake, resource: Json, names: set[str], ref: str) -> None:
    """A live order for another medicine that a decision knows by name, with its day: premedication is ordered so too."""
    dosages: list[Json] = resource.get("dosageInstruction") or [{}]
    events = (dosages[0].get("timing") or {}).get("event") or (resource.get("authoredOn"),)
    on = local_day(intake, events[0])
    intake.beside += [Beside(ref, name, on) for name in sorted(names & intake.observables.keys())]


def written(intake: Intake, resource: Json, dosages: list[Json]) -> tuple[dict[str, Written], dict[str, str]]:
    """As `elements`; an order of the wrong shape keeps what could be read before it went wrong, and says so."""
    try:
        return elements(intake, resource, dosages)
    except MALFORMED:
        return {"drug": (DRUG,)}, {"order": "not shaped as FHIR R4 says"}
