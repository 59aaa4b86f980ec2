"""Observations about an order rather than the patient: an override of a finding, a check. Read as said; judged elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from posology.fhir.intake import MALFORMED, Intake, Json, own_code, signed
from posology.fhir.times import DAY
from posology.fhir.words import spoken_value
from posology.record import PERSON, Check, Override

OVERRIDE, CHECK, PASSED = "override", "order-check", "passed"
REFERENCE = re.compile(r"[A-Za-z]+/[A-Za-z0-9.\-]{1,100}")
DERIVED, SEEN = "order-id", "seen-"
VOID = frozenset({"entered-in-error", "cancelled", "registered"})
FINAL = frozenset({"final", "amended", "corrected"})
"""Only these stand signed; of any other status nobody has signed it yet."""


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
    parts, order = _once(resource), _order(intake, resource)
    at = intake.dated(intake.moment(resource.get("effectiveDateTime")), ref)
    by = _by(intake, resource) if resource.get("status") in FINAL else None
    if code == CHECK and (at is not None or parts.get("outcome") != PASSED):
        seen = tuple((name.removeprefix(SEEN), value) for name, value in parts.items() if name.startswith(SEEN))
        step, outcome, derived = (parts.get(name) for name in ("step", "outcome", DERIVED))
        timed = at is not None and len(str(resource.get("effectiveDateTime"))) > DAY
        intake.checks.append(Check(ref, order, step, outcome, at, by, derived, seen, timed))
    elif code == OVERRIDE and at is not None:
        notes = " ".join(str(one.get("text", "")) for one in resource.get("note") or ())
        intake.overrides.append(Override(ref, order, parts.get("finding"), parts.get("reason"), at, by, notes))
    return True


def _once(resource: Json) -> dict[str, str]:
    """What is said once. What is said twice, or in two codes, is said by nobody."""
    found: dict[str, list[str]] = {}
    for name, value in _parts(resource):
        found.setdefault(name, []).append(value)
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def _parts(resource: Json) -> Iterator[tuple[str, str]]:
    """The components by our own codes: a code, or a text."""
    for part in resource.get("component") or ():
        name, spoken = own_code(part["code"]), [code for _, code in spoken_value(part)]
        text = part.get("valueString")
        values = [*spoken, *([text] if type(text) is str else [])]
        if name is not None:
            yield from ((name, value) for value in values)


def _order(intake: Intake, resource: Json) -> str | None:
    """The one order that it is about, as `MedicationRequest/id`; None where it names none or several."""
    named = {intake.resolve(one.get("reference")) for one in resource.get("basedOn") or ()}
    return named.pop() if len(named) == 1 else None


def _by(intake: Intake, resource: Json) -> str | None:
    """Who stands for it: a person by reference before a role, an identifier or a name; None if nobody of the team does."""
    people = [one for one in resource.get("performer") or () if signed(intake, resource, one)]
    named = [name for one in people if (name := _named(intake, one))]
    persons = {name for name in named if name.startswith(PERSON)}
    return persons.pop() if len(persons) == 1 else "several persons" if persons else named[0] if named else None


def _named(intake: Intake, person: Json) -> str | None:
    """A reference as it is; whoever is only named by an identifier or a name is nobody in particular."""
    named = intake.resolve(person.get("reference"))
    whole = type(named) is str and REFERENCE.fullmatch(named)
    return str(named) if whole else "somebody by name"
