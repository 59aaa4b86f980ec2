"""What may be a dose of the drug and cannot be placed in the course: counted, so that somebody is asked. Reads no dose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from posology.fhir.intake import MALFORMED, OWN, Intake, Json, rows_of
from posology.record import Order, Unplaced

if TYPE_CHECKING:
    from posology.knowledge import CodeRow

DRUG = "drug"
ADMINISTRATION, REQUEST, STATEMENT = "MedicationAdministration", "MedicationRequest", "MedicationStatement"
NOT_TAKEN = frozenset({"not-taken", "intended", "entered-in-error"})


def concepts(intake: Intake, resource: Json) -> Iterator[Json]:
    """Every concept that names the medication: its own, those of the Medication it refers to, and of the ingredients."""
    if "medicationCodeableConcept" in resource:
        yield resource["medicationCodeableConcept"]
    medication = intake.find((resource.get("medicationReference") or {}).get("reference"), resource)
    if medication is not None:
        yield medication.get("code") or {}
        for part in medication.get("ingredient") or ():
            yield part.get("itemCodeableConcept") or {}


def rows(intake: Intake, resource: Json) -> tuple[CodeRow, ...]:
    """What the code lists know about the medication; a code of something else, a finding or a test, names no medication."""
    found = (row for concept in concepts(intake, resource) for row in rows_of(intake.codes, concept))
    told = telling(intake)
    return tuple(row for row in found if row.system in told or (row.system == OWN and row.observable in told))


def may_be_the_drug(intake: Intake, resource: Json) -> bool:
    """Is it the drug, or does no code say that it is another one?

    Another drug is one that has a code of a system in which we know the drug's own code; a local code, a text or a
    Medication that is not in the bundle says nothing.
    """
    try:
        found = rows(intake, resource)
        if found:
            return any(row.observable == DRUG for row in found)
        codings = [coding for concept in concepts(intake, resource) for coding in concept.get("coding") or ()]
        told = telling(intake)
        return not any(coding.get("system") in told and _written(coding.get("code")) for coding in codings)
    except MALFORMED:
        return True


def telling(intake: Intake) -> set[str]:
    """The code systems that name medications here, those in which the drug's own code is known; and what they name."""
    if not intake.telling:
        rows = [row for known in intake.codes.values() for row in known]
        systems = {row.system for row in rows if row.observable == DRUG}
        intake.telling |= systems | {row.observable for row in rows if row.system in systems}
    return intake.telling


def _written(code: object) -> bool:
    return type(code) is str and bool(code.strip())


def keep(intake: Intake, resource: Json, ref: str) -> None:
    """Count it as a dose that may have been given, from the first instant that its date can mean."""
    intake.unplaced.append(Unplaced(ref, _since(intake, resource)))


def _since(intake: Intake, resource: Json) -> datetime | None:
    """The first instant it can mean; None where no date says so, or the date cannot be right."""
    try:
        period = resource.get("effectivePeriod") or {}
        at = intake.moment(resource.get("effectiveDateTime") or period.get("start"))
    except MALFORMED:
        return None
    after = at is not None and intake.received is not None and at > intake.received
    return None if after else at


def uncoded(intake: Intake, resource: Json, ref: str) -> None:
    """An administration of nobody knows what."""
    text = "what was given has no code that tells it from this drug: it may be a dose; add the code of the medication"
    intake.note("uncoded_dose", text, ref)
    keep(intake, resource, ref)


def unread(intake: Intake, resource: Json, ref: str) -> None:
    """A resource that is set aside unread: may it be a dose, or an order whose route is then not known?"""
    kind, status = resource.get("resourceType"), str(resource.get("status"))
    if status == "entered-in-error":
        return
    if kind not in (ADMINISTRATION, REQUEST, STATEMENT):
        if matters(intake, resource):
            intake.lose(ref)
        return
    named = _is_the_drug(intake, resource)
    if (kind == ADMINISTRATION and may_be_the_drug(intake, resource)) or (
        kind == STATEMENT and status not in NOT_TAKEN and named
    ):
        intake.note("dose_set_aside", "it may be a dose of the drug and could not be read: say whether it was given", ref)
        keep(intake, resource, ref)
    elif kind == REQUEST and named:
        unread = {"order": "an extension changes what it means, or it is not shaped as FHIR R4 says"}
        intake.orders.append(Order(ref, status, str(resource.get("intent")), said={DRUG: (DRUG,)}, unread=unread))


def matters(intake: Intake, resource: Json) -> bool:
    """Does its code name something that is read here, or is there nothing that says what it is about?"""
    try:
        concept = resource["code"]
        codings = concept.get("coding") or ()
        if not codings:
            return not concept.get("text")
        return any(_may_be_ours(intake, coding.get("system"), coding.get("code")) for coding in codings)
    except MALFORMED:
        return True


def _may_be_ours(intake: Intake, system: object, code: object) -> bool:
    """A code that is read here, one of ours that there is not, or one that is read here under no or another system."""
    if system == OWN or (system, code) in intake.codes:
        return True
    if type(code) is not str or not code.strip():
        return True
    if not intake.systems:
        for known, other in intake.codes:
            intake.systems.setdefault(other, set()).add(known)
            intake.systems.setdefault("", set()).add(known)
    systems = intake.systems.get(code, set())
    if type(system) is not str or not system.strip():
        return bool(systems)
    return bool(systems - {OWN}) and system not in intake.systems[""] and _telling(code)


def _telling(code: str) -> bool:
    """Not a short number, which a clinic's own list may hold too."""
    return not code.isdigit() or len(code) >= len("12345678")


def _is_the_drug(intake: Intake, resource: Json) -> bool:
    try:
        return any(row.observable == DRUG for row in rows(intake, resource))
    except MALFORMED:
        return False
