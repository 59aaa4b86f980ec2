"""Medicines other than the drug: which of our lists' names a resource speaks of, and whether the medicine is taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from posology.fhir.intake import Intake, Json
from posology.record import Medicine, Taken

LISTED = "medicine"
"""What the code lists call the name of a medicine."""

_ORDERED: Mapping[str, Taken | None] = {
    "active": Taken.ACTIVE, "completed": Taken.ENDED, "stopped": Taken.ENDED, "cancelled": None, "entered-in-error": None,
}  # fmt: skip
_STATED: Mapping[str, Taken | None] = {
    "active": Taken.ACTIVE, "completed": Taken.ENDED, "stopped": Taken.ENDED, "not-taken": None, "entered-in-error": None,
}  # fmt: skip
_GIVEN: Mapping[str, Taken | None] = {
    "completed": Taken.GIVEN, "in-progress": Taken.GIVEN, "stopped": Taken.GIVEN, "not-done": None,
    "entered-in-error": None,
}  # fmt: skip
STATES = {"MedicationRequest": _ORDERED, "MedicationStatement": _STATED, "MedicationAdministration": _GIVEN}
"""Whether a status says that the medicine is taken; None is no. Any other status leaves it unclear, and it counts."""

WISHES = frozenset({"proposal", "plan"})


def keep_medicine(intake: Intake, resource: Json, concepts: Iterable[Json], ref: str) -> None:
    """One medicine of the record for each listed name; one without a name where no list has its code."""
    taken = _taken(resource)
    if taken is None or resource.get("doNotPerform") is True:
        return
    period = resource.get("effectivePeriod") or {}
    stated = resource.get("effectiveDateTime") or period.get("start") or resource.get("authoredOn")
    stated = stated or resource.get("dateAsserted")
    at = intake.moment(stated) if stated is not None else None
    if at is not None and intake.dated(at, ref) is None:
        return
    until = intake.moment(period["end"]) if "end" in period else None
    names = sorted({name for concept in concepts for name in _names(intake, concept)})
    kept: list[str | None] = [*names] or [None]
    intake.medicines += [Medicine(ref, name, taken, at, until) for name in kept]


def _taken(resource: Json) -> Taken | None:
    taken = STATES[resource["resourceType"]].get(str(resource.get("status")), Taken.UNCLEAR)
    return Taken.UNCLEAR if taken is Taken.ACTIVE and resource.get("intent") in WISHES else taken


def _names(intake: Intake, concept: Json) -> Iterable[str]:
    for coding in concept.get("coding") or ():
        for row in intake.codes.get((coding.get("system"), coding.get("code")), ()):
            if row.observable == LISTED:
                yield row.value
