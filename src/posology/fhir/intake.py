"""What is being gathered from one bundle while it is read. Holds the lists; reads no resource itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple

from posology.fhir import times
from posology.record import Dose, Medicine, Note, Order, Quality, Reading, Value

if TYPE_CHECKING:
    from posology.knowledge import CodeRow, Observable

Json = dict[str, Any]
Codes = Mapping[tuple[str, str], "tuple[CodeRow, ...]"]

OWN = "urn:posology:codes"
"""The code system of what has no standard code (contract, FHIR in)."""

MALFORMED = (TypeError, AttributeError, KeyError, IndexError, ValueError, ArithmeticError)
"""What a resource of the wrong shape raises while it is read; it is set aside, never the bundle."""


class Occasion(NamedTuple):
    """When something was seen, in which resource, whether somebody signed for it, and what it rests on."""

    ref: str
    at: datetime
    signed: bool
    samples: tuple[str | None, ...] = (None,)


@dataclass(slots=True)
class Statement:
    """A statement that the drug was taken in a period: kept until it is known whether administrations cover it."""

    ref: str
    start: datetime
    end: datetime | None


@dataclass(slots=True)
class Intake:
    """The one mutable thing of this package: vocabulary in, events out."""

    observables: Mapping[str, Observable]
    codes: Codes
    zone: tzinfo
    received: datetime | None
    patient: str
    birth: date | None
    resolve: Callable[[object], str | None]
    find: Callable[[object, Json], Json | None]
    readings: list[Reading] = field(default_factory=list)
    doses: list[Dose] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    medicines: list[Medicine] = field(default_factory=list)
    unread: int = 0
    assumed: bool = False
    samples: dict[str, str | None] = field(default_factory=dict)
    moments: dict[object, datetime | None] = field(default_factory=dict)

    def note(self, code: str, text: str, resource: str | None = None) -> None:
        """Say something about the record. Never a name, a text or a narrative from the resource."""
        note = Note(code, text, resource)
        if not self.notes or self.notes[-1] != note:
            self.notes.append(note)

    def keep(
        self, seen: Occasion, name: str, value: Value | None, quality: Quality = Quality.OK, reported: str = ""
    ) -> None:
        """Add a reading without limits, once for each thing that it rests on."""
        for sample in seen.samples:
            reading = Reading(seen.ref, name, seen.at, value, None, None, quality, seen.signed, reported, sample)
            self.readings.append(reading)

    def resolved(self, reference: str) -> str | None:
        """A reference as `Type/id`; each is worked out once."""
        known = self.samples
        if reference not in known:
            known[reference] = self.resolve(reference)
        return known[reference]

    def moment(self, text: object) -> datetime | None:
        """The instant of a FHIR date or time; each text is worked out once."""
        known = self.moments
        if text not in known:
            known[text] = times.moment(text, self.zone)
            if times.without_offset(text) and not self.assumed:
                self.assumed = True
                self.note("no_offset", "times without an offset are read in the clinic's zone; send the offset")
        return known[text]

    def span(self, text: object) -> tuple[datetime, datetime] | None:
        """First and last instant that the text can mean; None where it is too vague for a dose."""
        return None if self.moment(text) is None else times.span(text, self.zone)

    def dated(self, at: datetime | None, ref: str) -> datetime | None:
        """The moment, unless there is none or it lies after receipt: then a note, and None."""
        if at is None:
            self.note("no_date", "set aside: it has no usable date; add the date", ref)
        elif self.received is not None and at > self.received:
            self.note("future", "set aside: it is dated after the moment of receipt; check the date", ref)
            return None
        return at


def rows_of(codes: Codes, concept: Json) -> tuple[CodeRow, ...]:
    """Every row that one of the concept's codings has in the code lists; text is never looked at."""
    found: tuple[CodeRow, ...] = ()
    for coding in concept.get("coding") or ():
        rows = codes.get((coding.get("system"), coding.get("code")))
        if rows is not None:
            found = (*found, *_others(found, rows)) if found else rows
    return found


def _others(found: tuple[CodeRow, ...], rows: tuple[CodeRow, ...]) -> list[CodeRow]:
    names = {row.observable for row in found}
    return [row for row in rows if row.observable not in names]


def own_code(concept: Json) -> str | None:
    """The code in our own system, if the concept has one."""
    for coding in concept.get("coding") or ():
        if coding.get("system") == OWN:
            code = coding.get("code")
            return code if type(code) is str else None
    return None


def signed(people: object) -> bool:
    """Does a person, a practitioner or an organisation stand for it? The patient alone does not."""
    listed = people if isinstance(people, list) else [people]
    return any(_stands(person) for person in listed if isinstance(person, dict))


def _stands(person: Json) -> bool:
    reference = person.get("reference")
    if type(reference) is str and reference:
        return "Patient/" not in reference
    return bool(person.get("identifier") or person.get("display"))
