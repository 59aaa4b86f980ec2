"""Who the patient of a bundle is, for print alone. The record never holds it; ids, file names and logs never carry it."""

from __future__ import annotations

from typing import Any

from posology.fhir import times
from posology.fhir.document import parse
from posology.fhir.identity import contents, the_patient
from posology.fhir.intake import MALFORMED, Json
from posology.knowledge.phrases import one_line
from posology.verify import Identity

UNNAMED = "something that is not named: look it up"


def identity_of(source: bytes | dict[str, Any]) -> Identity:
    """Who the one patient is, with the recorded allergies and diagnoses in words. Raises `BadBundle` as reading does."""
    found = contents(parse(source) if isinstance(source, (bytes, bytearray)) else source)
    _, patient = the_patient(found)
    listed = found.resources
    return Identity(
        _name(patient),
        _identifiers(patient),
        times.whole_day(patient.get("birthDate")),
        tuple(_allergy(one) for kind, _, one in listed if kind == "AllergyIntolerance" and not _ruled_out(one)),
        tuple((ref, _coded(one)) for kind, ref, one in listed if kind == "Condition" and not _ruled_out(one)),
    )


def _ruled_out(resource: Json) -> bool:
    """Refuted, entered in error or over; what cannot be read is not."""
    return bool({"refuted", "entered-in-error", "inactive", "resolved"} & {*_codes(resource, "verificationStatus"),
                                                                           *_codes(resource, "clinicalStatus")})  # fmt: skip


def _codes(resource: Json, name: str) -> list[str]:
    try:
        return [str(coding.get("code")) for coding in (resource.get(name) or {}).get("coding") or ()]
    except MALFORMED:
        return []


def _allergy(resource: Json) -> str:
    """What it is to, and how it showed where that is said."""
    try:
        shown = [_words(one) for part in resource.get("reaction") or () for one in part.get("manifestation") or ()]
    except MALFORMED:
        shown = []
    return _coded(resource) + (f" ({', '.join(filter(None, shown))})" if any(shown) else "")


def _coded(resource: Json) -> str:
    try:
        return _words(resource.get("code") or {}) or UNNAMED
    except MALFORMED:
        return UNNAMED


def _words(concept: Json) -> str:
    """A concept as it was written down: its text, else its words with their codes."""
    codings = concept.get("coding") or ()
    said = concept.get("text") or "; ".join(
        " ".join(part for part in (coding.get("display"), coding.get("code")) if type(part) is str) for coding in codings
    )
    return one_line(said) if type(said) is str else ""


def _name(patient: Json) -> str | None:
    """The official name, else the first one: as written, else given names before the family name."""
    try:
        names = sorted(patient.get("name") or (), key=lambda name: name.get("use") != "official")
        for name in names:
            parts = [*name.get("given", ()), name.get("family", "")]
            said = name.get("text") or " ".join(part for part in parts if part)
            if type(said) is str and said.strip():
                return one_line(said)
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
                found.append((one_line(str(kind or "identifier")), str(one.get("system", "")), one_line(one["value"])))
    except MALFORMED:
        pass
    return tuple(found)
