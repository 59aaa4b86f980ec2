"""Medication resources: doses of the drug, orders for it, premedication, and drugs that bear on the decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

from posology.fhir import orders, quantity, unplaced
from posology.fhir.intake import OWN, Intake, Json, Occasion, Statement, rows_of, signed
from posology.fhir.medicines import LISTED, keep_medicine
from posology.fhir.observations import REASONS
from posology.fhir.unplaced import DRUG, NOT_TAKEN
from posology.knowledge.phrases import named as named_in
from posology.record import Dose, Given, Order
from posology.units import UnknownUnit

GIVEN = frozenset({"completed", "in-progress", "stopped"})
PARTIAL = frozenset({"in-progress", "stopped"})
EVER = frozenset({"earlier_anti_cd22", "earlier_calicheamicin"})
NOW = frozenset({"qt_drug", "tki"})
"""What counts only while it is being taken."""
FORMULA = "urn:posology:bsa-formula"
"""Extension of an order: the body surface formula it was written with, as a code."""

PUSHES = frozenset({"push", "bolus"})


def named(intake: Intake, resource: Json, ref: str) -> set[str]:
    """The observables that the medication stands for, `drug` for the drug itself; any other medicine is kept by name."""
    coded = list(unplaced.concepts(intake, resource))
    found = {row.observable for row in unplaced.rows(intake, resource)}
    if not found:
        intake.unread += 1
        if not coded:
            intake.note("unresolved_medication", "set aside: its medication is not in the bundle; include it", ref)
    if DRUG not in found:
        keep_medicine(intake, resource, coded, ref)
    return found - {LISTED}


def read_administration(intake: Intake, resource: Json, ref: str) -> None:
    """A dose of the drug with its status, or another drug as given."""
    found = named(intake, resource, ref)
    status = resource.get("status")
    status = status if type(status) is str else None
    if not found and happened(resource, status) and unplaced.may_be_the_drug(intake, resource):
        unplaced.uncoded(intake, resource, ref)
    if not found or void(intake, status, ref):
        return
    if DRUG in found:
        read_dose(intake, resource, status, ref)
        return
    listed = sorted(found & intake.observables.keys())
    if status in GIVEN and listed:
        period = resource.get("effectivePeriod") or {}
        at = intake.dated(intake.moment(resource.get("effectiveDateTime") or period.get("start")), ref)
        by = any(signed(intake, resource, one.get("actor")) for one in resource.get("performer") or ())
        keep_all(intake, listed, at, by, ref)


def happened(resource: Json, status: object) -> bool:
    """May it have been given? Not what was entered in error, nor what was not done for a reason."""
    return status != "entered-in-error" and not (status == "not-done" and resource.get("statusReason"))


def void(intake: Intake, status: object, ref: str) -> bool:
    """Entered in error: said, and nothing else is read."""
    if status == "entered-in-error":
        intake.note("entered_in_error", "set aside: its status is entered-in-error", ref)
        return True
    return False


def keep_all(intake: Intake, names: Sequence[str], at: datetime | None, by: bool, ref: str) -> None:
    if at is not None:
        for name in names:
            intake.keep(Occasion(ref, at, by), name, True)


def read_dose(intake: Intake, resource: Json, status: object, ref: str) -> None:
    """One administration of the drug; whatever its status does not settle is unknown, never `not given`."""
    times_of = when(intake, resource)
    if times_of is None:
        intake.note("no_date", "set aside: a dose of the drug without a usable date; add the day", ref)
    if times_of is None or intake.dated(times_of[0], ref) is None:
        if happened(resource, status):
            unplaced.keep(intake, resource, ref)
        return
    given, reason = outcome(intake, resource, status, ref)
    dosage = resource.get("dosage") or {}
    mg = amount(intake, dosage.get("dose"), ref) if given is Given.GIVEN else None
    by = route(intake, dosage)
    if by not in (None, "intravenous_infusion"):
        intake.note("route", f"this dose is recorded by another route: {by}; check it at once", ref)
    intake.doses.append(Dose(ref, *times_of, given, mg, status in PARTIAL, reason, by))


def outcome(intake: Intake, resource: Json, status: object, ref: str) -> tuple[Given, str | None]:
    """Given, omitted with its reason, or unknown."""
    if status in GIVEN:
        return Given.GIVEN, None
    reasons = resource.get("statusReason")
    if status == "not-done" and reasons:
        return Given.OMITTED, reason_in(reasons)
    why = "not done, but no reason is given" if status == "not-done" else "its status does not say whether it was given"
    intake.note("dose_unknown", f"whether this dose was given is unknown: {why}; settle it", ref)
    return Given.UNKNOWN, None


def reason_in(reasons: Sequence[Json]) -> str:
    """The reason in our own system; any other coding or text is `unstated`."""
    for concept in reasons:
        for coding in concept.get("coding") or ():
            if coding.get("system") == OWN and coding.get("code") in REASONS:
                return str(coding["code"])
    return "unstated"


def when(intake: Intake, resource: Json) -> tuple[datetime, datetime] | None:
    """First and last instant of the administration; a day alone spans that local day."""
    if "effectivePeriod" not in resource:
        return intake.span(resource.get("effectiveDateTime"))
    period = resource["effectivePeriod"]
    texts = [text for text in (period.get("start"), period.get("end")) if text is not None]
    spans = [intake.span(text) for text in texts]
    known = [one for one in spans if one is not None]
    if not known or len(known) < len(spans):
        return None
    return min(one[0] for one in known), max(one[1] for one in known)


def amount(intake: Intake, dose: Json | None, ref: str) -> Decimal | None:
    """The amount in mg; None with a note where it is not stated as a mass."""
    given = None if dose is None else quantity.number(dose.get("value"))
    if dose is None or given is None:
        intake.note("no_amount", "the amount of the drug is not stated; add the mg", ref)
        return None
    try:
        mg = quantity.converted(given, quantity.unit_of(dose), "mg", DRUG, ROUND_HALF_EVEN)
    except UnknownUnit as error:
        intake.note("wrong_unit", f"the amount is not read: {error}", ref)
        return None
    if mg < 0:
        intake.note("implausible", "the amount is below zero and not read; correct it", ref)
        return None
    return mg


def route(intake: Intake, dosage: Json) -> str | None:
    """One of the words of the fact `route`; `other` for a code we do not have; None where nothing is said.

    Of several codings the one that is no infusion counts.
    """
    concept = dosage.get("route")
    if concept is None:
        return "intravenous_push" if pushed(intake, dosage) else None
    found = [row.value for row in rows_of(intake.codes, concept, every=True) if row.observable == "route"] or ["other"]
    if pushed(intake, dosage):
        found.append("intravenous_push")
    return next((one for one in found if one != "intravenous_infusion"), found[0])


def pushed(intake: Intake, dosage: Json) -> bool:
    """Does the order name a push or a bolus, by code or in its words? `Never push` does not."""
    method = dosage.get("method") or {}
    coded = any(row.value == "intravenous_push" for row in rows_of(intake.codes, method))
    return coded or not PUSHES.isdisjoint(_routes_in(f"{dosage.get('text', '')}; {method.get('text', '')}"))


def _routes_in(text: str) -> set[str]:
    """Every route that a text names and does not deny; looked for together, so that a denied list is denied whole."""
    from posology.knowledge.orders import orders as table

    words = table().words
    return {one.lower() for one in named_in((*words["spinal"], *words["other_routes"]), text)}


def read_request(intake: Intake, resource: Json, ref: str) -> None:
    """An order for the drug, or an active order for a drug that prolongs the QT interval."""
    found = named(intake, resource, ref)
    status = resource.get("status")
    if DRUG not in found:
        orders.other_order(intake, resource, ref)
    if not found or void(intake, status, ref):
        return
    if DRUG not in found and status not in orders.OVER:
        orders.beside(intake, resource, found, ref)
    if DRUG in found:
        read_order(intake, resource, str(status), ref)
    elif status == "active" and NOW & found:
        at = intake.dated(intake.moment(resource.get("authoredOn")), ref)
        keep_all(intake, sorted(NOW & found), at, signed(intake, resource, resource.get("requester")), ref)


def read_order(intake: Intake, resource: Json, status: str, ref: str) -> None:
    """The order as written: its day, mg and body surface formula, and every route that its instructions name."""
    if resource.get("doNotPerform"):
        orders.forbidding(intake, resource, status, ref)
        return
    dosages: list[Json] = resource.get("dosageInstruction") or [{}]
    events = (dosages[0].get("timing") or {}).get("event") or (resource.get("authoredOn"),)
    rates: Json = next(iter(dosages[0].get("doseAndRate") or ()), {})
    dose = rates.get("doseQuantity")
    mg = amount(intake, dose, ref) if dose is not None else None
    extensions = [one.get("valueCode") for one in resource.get("extension") or () if one.get("url") == FORMULA]
    formula = next((one for one in extensions if type(one) is str), None) or _formula(resource)
    on, intent = local_day(intake, events[0]), str(resource.get("intent"))
    said, unread = orders.written(intake, resource, dosages)
    if formula is not None:
        said.setdefault("bsa-formula", formula)
    routes = [route(intake, dosage) for dosage in dosages]
    routes += [str(said["route"])] if "route" in said else []
    for by in dict.fromkeys(routes):
        named_route = {"route": by} if by is not None else {}
        intake.orders.append(Order(ref, status, intent, on, mg, by, formula, {**said, **named_route}, unread))


def _formula(resource: Json) -> str | None:
    """The formula by the element of an order, where the older extension is not there."""
    url = f"{orders.PREFIX}bsa-formula"
    said = (one.get("valueCode") for one in resource.get("extension") or () if one.get("url") == url)
    return next((one for one in said if type(one) is str), None)


def local_day(intake: Intake, text: object) -> date | None:
    at = intake.moment(text)
    return at.astimezone(intake.zone).date() if at else None


def read_statement(intake: Intake, resource: Json, ref: str) -> None:
    """What the patient is said to take or to have taken. Of the drug itself it says that doses exist, not which."""
    found = named(intake, resource, ref)
    status = str(resource.get("status"))
    if not found or void(intake, status, ref):
        return
    period = resource.get("effectivePeriod") or {}
    start = intake.moment(resource.get("effectiveDateTime") or period.get("start") or resource.get("dateAsserted"))
    taken = status not in NOT_TAKEN
    lasting = EVER if taken else frozenset()
    listed = sorted(found & (lasting | NOW if status == "active" else lasting))
    if DRUG in found and taken:
        at = intake.dated(start, ref)
        if at is None:
            unplaced.keep(intake, resource, ref)
        else:
            intake.statements.append(Statement(ref, at, intake.moment(period.get("end"))))
    elif listed:
        by = signed(intake, resource, resource.get("informationSource"))
        keep_all(intake, listed, intake.dated(start, ref), by, ref)


def settle_statements(intake: Intake) -> None:
    """A statement that no administration covers is a dose of which nothing more is known."""
    recorded = [dose for dose in intake.doses if dose.given is Given.GIVEN]
    for one in intake.statements:
        if any(one.start <= dose.end and (one.end is None or dose.start <= one.end) for dose in recorded):
            continue
        text = "it says the drug was taken and no dose of that time is recorded; record the doses"
        intake.note("dose_unknown", text, one.ref)
        intake.doses.append(Dose(one.ref, one.start, max(one.start, one.end or one.start), Given.UNKNOWN))
