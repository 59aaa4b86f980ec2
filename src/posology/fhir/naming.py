"""Who the patient of a bundle is, for print alone. The record never holds it; ids, file names and logs never carry it."""

from __future__ import annotations

from typing import Any

from posology.fhir import times
from posology.fhir.document import parse
from posology.fhir.identity import contents, the_patient
from posology.fhir.intake import MALFORMED, Json
from posology.verify import Identity


def identity_of(source: bytes | dict[str, Any]) -> Identity:
    """Name, identifiers with their kind, and birth date of the one patient. Raises `BadBundle` as reading does."""
    _, patient = the_patient(contents(parse(source) if isinstance(source, (bytes, bytearray)) else source))
    return Identity(_name(patient), _identifiers(patient), times.whole_day(patient.get("birthDate")))


def _name(patient: Json) -> str | None:
    """The official name, else the first one: as written, else given names before the family name."""
    try:
        names = sorted(patient.get("name") or (), key=lambda name: name.get("use") != "official")
        for name in names:
            parts = [*name.get("given", ()), name.get("family", "")]
            said = name.get("text") or " ".join(part for part in parts if part)
            if type(said) is str and said.strip():
                return " ".join(said.split())
    except MALFORMED:
        pass
    return None


def _identifiers(patient: Json) -> tuple[tuple[str, str, str], ...]:
    found = []
    try:
        for one in patient.get("identifier") or ():
            codings = (one.get("type") or {}).get("coding") or ()
            kind = (one.get("type") or {}).get("text") or next((coding.get("code") for coding in codings), None)
            if type(one.get("value")) is str and one["value"].strip():
                found.append((str(kind or "identifier"), str(one.get("system", "")), one["value"].strip()))
    except MALFORMED:
        pass
    return tuple(found)
