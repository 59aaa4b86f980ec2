"""An order for the drug as written: every element that can be read, and those that are there and cannot be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from posology.fhir import order_amounts, order_times, quantity, unplaced
from posology.fhir.intake import MALFORMED, Intake, Json, rows_of, signed
from posology.fhir.order_drug import DRUG, UNCODED, parts, products, words
from posology.fhir.order_drug import spoken as spoken_of
from posology.fhir.order_reading import Reading
from posology.fhir.refusal import shown
from posology.record import Beside, Order, Written

if TYPE_CHECKING:
    from posology.knowledge.orders import Element

PREFIX = "urn:posology:order:"
"""Extensions of an order under this address carry what FHIR R4 has no place for."""

SPOKEN = frozenset({f"{PREFIX}sequence", f"{PREFIX}handling"})
OVER = frozenset({"completed", "cancelled", "stopped", "entered-in-error"})


def elements(intake: Intake, resource: Json, dosages: list[Json]) -> tuple[dict[str, Written], dict[str, str]]:
    """Every element of one request. What FHIR has a place for is read there, the rest from our extensions."""
    from posology.knowledge.orders import orders

    found = Reading(intake, orders())
    found.said["drug"] = products(intake, resource, found.asked)
    for part in (_subject, order_times.dates, _signed, _dosage, _dispensing, _reasons, _texts, _extensions):
        part(found, resource, dosages)
    return found.said, found.unread


def _subject(found: Reading, resource: Json, dosages: list[Json]) -> None:
    subject, patient = resource.get("subject"), found.intake.person
    if not isinstance(subject, dict):
        found.said["subject"] = False
        return
    identifier, display = subject.get("identifier"), subject.get("display")
    if isinstance(identifier, dict) and identifier.get("value") is not None:
        known = [(one.get("system"), one.get("value")) for one in patient.get("identifier") or ()]
        found.said["identifier"] = (identifier.get("system"), identifier.get("value")) in known
    if type(display) is str and patient.get("name"):
        found.said["name"] = any(_is_named(display, name) for name in patient["name"])
    named = "identifier" in found.said or found.said.get("name") is True
    found.said["subject"] = type(subject.get("reference")) is str or named


def _is_named(display: str, name: Json) -> bool:
    """The family name whole, and a given name or the first letter of one; where there is no family name, any word."""
    spoken, family = _plain(display), _plain(str(name.get("family", "")))
    given = _plain(" ".join(map(str, name.get("given") or ())))
    if not family:
        return not spoken.isdisjoint(given | _plain(str(name.get("text", ""))))
    rest = spoken - family
    return family <= spoken and (not given or not rest or any(_same_given(one, other) for one in rest for other in given))


def _same_given(one: str, other: str) -> bool:
    return one == other or (1 in (len(one), len(other)) and one[0] == other[0])


def _plain(text: str) -> set[str]:
    """The words of a name, without accents, capitals and points."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))
    return set(re.sub(r"[^\w]+", " ", bare).split())


def _signed(found: Reading, resource: Json, dosages: list[Json]) -> None:
    stands = signed(found.intake, resource, resource.get("requester")) if "requester" in resource else False
    found.said["prescriber"] = stands
    if resource.get("reportedBoolean") or resource.get("reportedReference"):
        found.said["reported"] = True


def _dosage(found: Reading, resource: Json, dosages: list[Json]) -> None:
    found.said["instructions"] = Decimal(sum(not order_times.WHOLE.isdisjoint(one) for one in dosages))
    for rate in (rate for dosage in dosages for rate in dosage.get("doseAndRate") or ()):
        _amount(found, rate)
    over = order_amounts.maxima(dosages, found.said.get("dose"))
    if over:
        found.said["maximum"] = over
    if any("modifierExtension" in dosage for dosage in dosages):
        found.unread["order"] = "an extension changes what its instruction means"


def _amount(found: Reading, rate: Json) -> None:
    """The dose and the rate of one instruction, in whichever form."""
    if "doseQuantity" in rate:
        dose = rate["doseQuantity"]
        found.put("dose", order_amounts.number(dose, "mg"), order_amounts.shown(dose))
        if quantity.number(dose.get("value")) is not None:
            found.said["dose-unit"] = order_amounts.unit(dose)
    if "doseRange" in rate:
        found.unread["dose"] = order_amounts.RANGE
    if "rateQuantity" in rate:
        found.put("rate", order_amounts.number(rate["rateQuantity"], "mL/h"), order_amounts.shown(rate["rateQuantity"]))
    if "rateRatio" in rate:
        found.put("rate", order_amounts.per_hour(rate["rateRatio"]), "a ratio")
    if "rateRange" in rate:
        found.unread["rate"] = order_amounts.RANGE


def _dispensing(found: Reading, resource: Json, dosages: list[Json]) -> None:
    """What is to be handed out: vials or mg, how often again, from when to when, and whether something else may be."""
    asked, instead = resource.get("dispenseRequest") or {}, resource.get("substitution") or {}
    amount, again = asked.get("quantity") or {}, quantity.number(asked.get("numberOfRepeatsAllowed"))
    if "vial" in order_amounts.shown(amount).lower():
        found.put("vials", quantity.number(amount.get("value")), order_amounts.shown(amount))
    elif amount:
        mg = order_amounts.number(amount, "mg")
        found.said["dispensed"] = order_amounts.shown(amount) if mg is None else mg
    if again:
        found.said["again"] = again
    for name, key in (("valid-from", "start"), ("valid-to", "end")):
        day = order_times.local_day(found.intake, (asked.get("validityPeriod") or {}).get(key))
        if day is not None:
            found.said[name] = day
    if instead.get("allowedBoolean") or "allowedCodeableConcept" in instead:
        found.said["substitution"] = True


def _texts(found: Reading, resource: Json, dosages: list[Json]) -> None:
    """What people read: the instructions, the words of the route, and whatever is written beside them."""
    beside = [note.get("text") for note in resource.get("note") or ()]
    beside += [dosage.get("patientInstruction") for dosage in dosages]
    beside += [words(one) for dosage in dosages for one in dosage.get("additionalInstruction") or ()]
    beside += [one.get("valueString") for one in resource.get("extension") or () if one.get("url") in SPOKEN]
    places = [words(dosage.get(key) or {}) for dosage in dosages for key in ("route", "method", "site")]
    texts: dict[str, Sequence[object]] = {
        "text": [dosage.get("text") for dosage in dosages],
        "route-words": places,
        "beside": beside,
        "drug-words": [words(concept) for concept, inactive in parts(found.intake, resource) if not inactive],
    }
    for name, lines in texts.items():
        spoken = [line for line in lines if type(line) is str and line.strip()]
        if spoken:
            found.said[name] = "\n".join(spoken)
    unknown = [words(one) or _codes(one) for one in _routes(dosages) if not _is_route(found.intake, one)]
    if unknown:
        found.said["route-unknown"] = "; ".join(filter(None, unknown)) or "nothing that can be read"
    others = dict.fromkeys(spoken_of(found.intake, str(found.said.get("text", "")), found.asked))
    if others:
        found.said["others-in-words"] = tuple(others)


def _routes(dosages: list[Json]) -> list[Json]:
    return [dosage["route"] for dosage in dosages if "route" in dosage]


def _is_route(intake: Intake, concept: Json) -> bool:
    return any(row.observable == "route" for row in rows_of(intake.codes, concept, every=True))


def _codes(concept: Json) -> str:
    return ", ".join(shown(one.get("code")) for one in concept.get("coding") or ())


def _reasons(found: Reading, resource: Json, dosages: list[Json]) -> None:
    concepts: list[Json] = resource.get("reasonCode") or []
    if not any(concept.get("coding") or concept.get("text") for concept in concepts):
        return
    coded = [concept for concept in concepts if concept.get("coding")]
    if not coded:
        found.unread["diagnosis"] = f"{shown(words(concepts[0]))} has no code"
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
        found.put(element.id, _value(found.intake, element, one), _as_it_stands(one))


def _values(one: Json) -> Mapping[str, Any]:
    return {key: value for key, value in one.items() if key.startswith("value")}


def _as_it_stands(one: Json) -> str:
    texts = [order_amounts.shown(value) if isinstance(value, dict) else str(value) for value in _values(one).values()]
    return " and ".join(texts) or "empty"


def _text(one: Json) -> str | None:
    text = one.get("valueCode", one.get("valueString"))
    return text if type(text) is str and text.strip() else None


def _value(intake: Intake, element: Element, one: Json) -> Written | None:
    if len(_values(one)) > 1:
        return None
    if element.kind == "day":
        return order_times.local_day(intake, one.get("valueDate", one.get("valueDateTime")))
    if element.kind == "moment":
        return intake.moment(one.get("valueDateTime"))
    if element.kind in ("number", "whole"):
        if "valueQuantity" in one:
            return order_amounts.number(one["valueQuantity"], element.unit or "1")
        return quantity.number(one.get("valueInteger", one.get("valueDecimal")))
    return _text(one)


def other_order(intake: Intake, resource: Json, ref: str) -> None:
    """A live order that is not coded as the drug, and may be meant as it: kept apart, and asked about."""
    from posology.knowledge.orders import orders

    status, asked = str(resource.get("status")), orders()
    if status in OVER:
        return
    if resource.get("doNotPerform"):
        if unplaced.may_be_the_drug(intake, resource):
            forbidding(intake, resource, status, ref)
        return
    claimed = any(str(one.get("url")).startswith(PREFIX) for one in resource.get("extension") or ())
    names = products(intake, resource, asked)
    alike = not asked.look_alikes.keys().isdisjoint(names)
    if claimed or alike or (names == (UNCODED,) and unplaced.may_be_the_drug(intake, resource)):
        said: dict[str, Written] = {"drug": names}
        intake.other_orders.append(Order(ref, status, str(resource.get("intent")), said=said))


def forbidding(intake: Intake, resource: Json, status: str, ref: str) -> None:
    """An order that the drug is not given: kept apart, so that no order to give it passes beside it."""
    intake.note("do_not_perform", "set aside: it asks that the drug is not given; read it", ref)
    if status not in OVER:
        from posology.knowledge.orders import orders

        spoken = "; ".join(words(concept) for concept, _ in parts(intake, resource))
        said: dict[str, Written] = {"drug": products(intake, resource, orders()), "not-to-give": True, "drug-words": spoken}
        intake.other_orders.append(Order(ref, status, str(resource.get("intent")), said=said))


def beside(intake: Intake, resource: Json, names: set[str], ref: str) -> None:
    """A live order for another medicine that a decision knows by name, with its day: premedication is ordered so too."""
    dosages: list[Json] = resource.get("dosageInstruction") or [{}]
    events = (dosages[0].get("timing") or {}).get("event") or (resource.get("authoredOn"),)
    on = order_times.local_day(intake, events[0])
    intake.beside += [Beside(ref, name, on) for name in sorted(names & intake.observables.keys())]


def written(intake: Intake, resource: Json, dosages: list[Json]) -> tuple[dict[str, Written], dict[str, str]]:
    """As `elements`; an order of the wrong shape keeps what could be read before it went wrong, and says so."""
    try:
        return elements(intake, resource, dosages)
    except MALFORMED:
        return {"drug": (DRUG,)}, {"order": "not shaped as FHIR R4 says"}
