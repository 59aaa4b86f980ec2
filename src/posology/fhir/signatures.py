"""Observations about an order rather than the patient: an override of a finding, a check. Read as said; judged elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from posology.fhir.intake import MALFORMED, Intake, Json, own_code, signed
from posology.fhir.words import spoken_value
from posology.record import PERSON, Check, Override

OVERRIDE, CHECK = "override", "order-check"
DERIVED, SEEN = "order-id", "seen-"
VOID = frozenset({"entered-in-error", "cancelled", "registered"})


def read_signature(intake: Intake, resource: Json, ref: str) -> bool:
    """Keep it if it is one; False if the Observation is about something else."""
    try:
        code = own_code(resource["code"])
    except MALFORMED:
        return False
    if code not in (OVERRIDE, CHECK):
        return False
    if resource.get("status") in VOID:
        intake.note("entered_in_error", f"set aside: its status is {resource.get('status')}", ref)
        return True
    at = intake.dated(intake.moment(resource.get("effectiveDateTime")), ref)
    if at is not None:
        parts, order, by = dict(_parts(resource)), _order(intake, resource), _by(intake, resource)
        if code == OVERRIDE:
            notes = " ".join(str(one.get("text", "")) for one in resource.get("note") or ())
            intake.overrides.append(Override(ref, order, parts.get("finding"), parts.get("reason"), at, by, notes))
        else:
            seen = tuple((name.removeprefix(SEEN), value) for name, value in parts.items() if name.startswith(SEEN))
            step, outcome, derived = (parts.get(name) for name in ("step", "outcome", DERIVED))
            intake.checks.append(Check(ref, order, step, outcome, at, by, derived, seen))
    return True


def _parts(resource: Json) -> Iterator[tuple[str, str]]:
    """The components by our own codes: a code, or a text."""
    for part in resource.get("component") or ():
        name, spoken = own_code(part["code"]), [code for _, code in spoken_value(part)]
        text = part.get("valueString")
        value = spoken[0] if spoken else text if type(text) is str else None
        if name is not None and value is not None:
            yield name, value


def _order(intake: Intake, resource: Json) -> str | None:
    """The order that it is about, as `MedicationRequest/id`."""
    for one in resource.get("basedOn") or ():
        found = intake.resolve(one.get("reference"))
        if found is not None:
            return found
    return None


def _by(intake: Intake, resource: Json) -> str | None:
    """Who stands for it: a person by reference before a role, an identifier or a name; None if nobody of the team does."""
    people = [one for one in resource.get("performer") or () if signed(intake, resource, one)]
    named = [name for one in people if (name := _named(intake, one))]
    return next((name for name in named if name.startswith(PERSON)), named[0] if named else None)


def _named(intake: Intake, person: Json) -> str | None:
    identifier = person.get("identifier") or {}
    named = intake.resolve(person.get("reference")) or identifier.get("value") or person.get("display")
    return named.strip() if type(named) is str else None
