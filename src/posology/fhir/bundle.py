"""A FHIR R4 bundle of one patient as a Record: refuses the whole or sets resources aside, and says which."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from posology.fhir import times
from posology.fhir.conditions import read_allergy, read_condition, read_procedure
from posology.fhir.days import settle_days
from posology.fhir.document import MAX_BYTES, parse
from posology.fhir.identity import Contents, check_subject, contents, the_patient
from posology.fhir.intake import MALFORMED, Codes, Intake, Json
from posology.fhir.medications import read_administration, read_request, read_statement, settle_statements
from posology.fhir.observations import read_observation
from posology.fhir.refusal import BadBundle
from posology.fhir.sizes import settle_sizes
from posology.fhir.unplaced import unread
from posology.measures import absolute_from_percent
from posology.record import Note, Patient, Reading, Record

if TYPE_CHECKING:
    from posology.knowledge import Observable

READERS: Mapping[str, Callable[[Intake, Json, str], None]] = {
    "Observation": read_observation,
    "Condition": read_condition,
    "AllergyIntolerance": read_allergy,
    "Procedure": read_procedure,
    "MedicationAdministration": read_administration,
    "MedicationRequest": read_request,
    "MedicationStatement": read_statement,
}
SEXES = frozenset({"female", "male"})
FIRST = datetime.min.replace(tzinfo=UTC)
IN_TIME = attrgetter("at", "observable", "id")


def load_bundle(
    source: bytes | dict[str, Any] | list[Any],
    *,
    observables: Mapping[str, Observable],
    codes: Codes,
    zone: tzinfo,
    received: datetime | None = None,
    max_bytes: int = MAX_BYTES,
) -> Record:
    """The record that the bundle holds: readings in canonical units, doses, orders, and notes on what was set aside.

    `source` is UTF-8 JSON, or the parsed object (best with numbers as Decimal). `observables` and `codes` come from
    `posology.knowledge`; dates without a time are read in `zone`; nothing dated after `received` is read.
    Raises `BadBundle` where the whole must be refused, and nothing else, whatever the input.
    """
    try:
        found = contents(parse(source, max_bytes) if isinstance(source, (bytes, bytearray)) else source)
        return _record(found, observables, codes, zone, received)
    except RecursionError:
        raise BadBundle("nested too deeply", "the whole file", "send a plain FHIR bundle") from None


def _record(
    found: Contents, observables: Mapping[str, Observable], codes: Codes, zone: tzinfo, received: datetime | None
) -> Record:
    ref, resource = the_patient(found)
    if received is not None and received.tzinfo is None:
        received = received.replace(tzinfo=zone)
    patient = _patient(found, ref, resource)
    intake = Intake(observables, codes, zone, received, ref, patient.birth, found.resolve, found.find)
    intake.person = resource
    intake.notes.extend(found.notes)
    intake.unreadable.extend(str(note.resource) for note in found.notes if note.code == "no_resource")
    _read_all(intake, found, resource)
    settle_statements(intake)
    _derive_blasts(intake)
    settle_sizes(intake)
    settle_days(intake)
    if intake.unread:
        text = f"{intake.unread} resources carry no code that this system reads"
        intake.note("not_read", text)
    return Record(
        patient,
        tuple(sorted(intake.readings, key=IN_TIME)),
        tuple(sorted(intake.doses, key=attrgetter("start", "end", "id"))),
        tuple(sorted(intake.orders, key=attrgetter("id"))),
        tuple(intake.notes),
        tuple(intake.unplaced),
        tuple(sorted(intake.medicines, key=lambda one: (one.id, one.name or ""))),
        tuple(intake.unreadable),
        tuple(sorted(intake.other_orders, key=attrgetter("id"))),
        tuple(sorted(intake.overrides, key=attrgetter("at", "id"))),
        tuple(sorted(intake.checks, key=lambda one: (one.at or FIRST, one.id))),
        tuple(sorted(intake.beside, key=attrgetter("id", "observable"))),
    )


def _patient(found: Contents, ref: str, resource: Json) -> Patient:
    gender = resource.get("gender")
    birth = times.whole_day(resource.get("birthDate"))
    if birth is None:
        found.notes.append(Note("no_birth_date", "the patient has no full date of birth; add it", ref))
    deceased = _deceased(resource)
    if deceased is not False:
        found.notes.append(Note("deceased", "the patient is recorded as deceased; check the record", ref))
    sex = gender if type(gender) is str and gender in SEXES else None
    return Patient(ref.partition("/")[2] or ref, sex, birth, deceased)


def _deceased(resource: Json) -> bool | None:
    """Is a death recorded, whatever its date? None where the record says something else than yes or no."""
    if any(key.endswith("deceasedDateTime") for key in resource):
        return True
    said = resource.get("deceasedBoolean", False)
    return said if type(said) is bool else None


def _read_all(intake: Intake, found: Contents, patient: Json) -> None:
    """Check the subject of every resource, and read those that have a reader."""
    identifiers, ours = patient.get("identifier"), intake.patient
    same = {ours, *(url for url, ref in found.urls.items() if ref == ours)}
    for kind, ref, resource in found.resources:
        subject = resource.get("subject") or resource.get("patient")
        reader = READERS.get(kind)
        try:
            known = subject["reference"] in same  # type: ignore[index]
        except (TypeError, KeyError):
            known = False
        if not known and not check_subject(found, subject, ref, ours, identifiers) and reader is not None:
            intake.note("no_subject", "it names no subject and is read as this patient's; add the subject", ref)
        if reader is not None:
            _read(intake, reader, resource, ref)


def _read(intake: Intake, reader: Callable[[Intake, Json, str], None], resource: Json, ref: str) -> None:
    """One resource; of the wrong shape, or meant otherwise than it looks, it is set aside."""
    if "modifierExtension" in resource or "focus" in resource:
        intake.note("modified", "set aside: an extension or a focus changes what it means; send it plain", ref)
        if "focus" not in resource:
            unread(intake, resource, ref)
        return
    try:
        reader(intake, resource, ref)
    except BadBundle:
        raise
    except MALFORMED:
        intake.note("unreadable", "set aside: it is not shaped as FHIR R4 says; correct the resource", ref)
        unread(intake, resource, ref)


def _derive_blasts(intake: Intake) -> None:
    """Blasts as a count, where only their share and the leucocytes of the same moment are known."""
    shares = [one for one in intake.readings if one.observable == "peripheral_blasts_percent"]
    if not shares:
        return
    counted = {one.at for one in intake.readings if one.observable == "peripheral_blasts"}
    for share in shares:
        totals = {one.value for one in intake.readings if one.observable == "wbc" and one.at == share.at}
        total = totals.pop() if len(totals) == 1 else None
        if share.at in counted or isinstance(total, (str, bool, type(None))) or share.value is None:
            continue
        count = absolute_from_percent(share.value, total)  # type: ignore[arg-type]
        reported = f"{share.reported} of {total} 10*9/L"
        intake.readings.append(Reading(share.id, "peripheral_blasts", share.at, count, reported=reported))
        intake.note("derived", f"blast count computed from share and leucocytes: {reported}", share.id)
