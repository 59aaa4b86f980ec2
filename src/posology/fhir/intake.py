"""What is being gathered from one bundle while it is read. Holds the lists; reads no resource itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from posology.fhir import times
from posology.record import (
    Beside,
    Check,
    Dose,
    Medicine,
    Note,
    Order,
    Override,
    Quality,
    Reading,
    Unplaced,
    Value,
    reading_of,
)

if TYPE_CHECKING:
    from posology.knowledge import CodeRow, Observable

Json = dict[str, Any]
Codes = Mapping[tuple[str, str], "tuple[CodeRow, ...]"]

Span = tuple[Decimal, Decimal]
Plain = tuple[str, str, Span, Span]
"""What a plain result is read with: its observable, the unit, the hard limits, those of an upper limit of normal."""

OWN = "urn:posology:codes"
"""The code system of what has no standard code (contract, FHIR in)."""

PRACTITIONERS = frozenset({"Practitioner", "PractitionerRole"})
"""Whose name is a signature."""

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
    """The one mutable thing of this package: vocabulary in, events out.

    `vague` holds, for each instant that stands for a whole day, month or year, the last instant it can mean;
    `systems` the code systems in which a code is read, filled where it is first needed, with all of them under "";
    `telling` those that name medications, filled likewise. `person` is the Patient resource, for comparing names and
    identifiers; nothing of it is kept.
    """

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
    other_orders: list[Order] = field(default_factory=list)
    overrides: list[Override] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    beside: list[Beside] = field(default_factory=list)
    person: Json = field(default_factory=dict)
    unplaced: list[Unplaced] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    medicines: list[Medicine] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    unread: int = 0
    assumed: bool = False
    samples: dict[str, str | None] = field(default_factory=dict)
    moments: dict[object, datetime | None] = field(default_factory=dict)
    vague: dict[datetime, datetime] = field(default_factory=dict)
    results: dict[tuple[str, str], Plain] = field(default_factory=dict)
    systems: dict[str, set[str]] = field(default_factory=dict)
    telling: set[str] = field(default_factory=set)

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
            self.add(reading_of(seen.ref, name, seen.at, value, None, None, quality, seen.signed, reported, sample))

    def add(self, reading: Reading) -> None:
        """Add a reading. What must be signed and is not counts where it is adverse, as a bound: it reassures of nothing.

        Where its value cannot be read it may be adverse, and stands there as well.
        """
        observable = self.observables[reading.observable]
        if observable.signed and not reading.signed and observable.is_adverse(reading.value):
            text = f"{reading.observable} is adverse and not signed: it counts, and rules nothing worse out; sign it"
            self.note("unsigned_danger", text, reading.id)
            reading = _bound(reading)
        elif observable.adverse is not None and reading.value is None:
            reading = replace(reading, signed=True)
        self.readings.append(reading)

    def doubt(self, since: int, quality: Quality, name: str | None = None) -> None:
        """Of the readings from this place on (of one name), which cannot be trusted, leave adverse values, as bounds."""
        for place in range(since, len(self.readings)):
            reading = self.readings[place]
            if name not in (None, reading.observable):
                continue
            if self.observables[reading.observable].is_adverse(reading.value):
                self.readings[place] = _bound(reading)
            else:
                self.readings[place] = replace(reading, value=None, low=None, high=None, quality=quality)

    def resolved(self, reference: str) -> str | None:
        """A reference as `Type/id`; each is worked out once."""
        known = self.samples
        if reference not in known:
            known[reference] = self.resolve(reference)
        return known[reference]

    def moment(self, text: object) -> datetime | None:
        """The instant of a FHIR date or time; each text is worked out once."""
        known = self.moments
        if type(text) is not str:
            return None
        if text not in known:
            known[text] = at = times.moment(text, self.zone)
            if at is not None and len(text) <= times.DAY:
                self.vague[at] = max(times.last_instant(text, at, self.zone), self.vague.get(at, at))
            if times.without_offset(text) and not self.assumed:
                self.assumed = True
                self.note("no_offset", "times without an offset are read in the clinic's zone; send the offset")
        return known[text]

    def span(self, text: object) -> tuple[datetime, datetime] | None:
        """First and last instant that the text can mean; None where it is too vague for a dose."""
        return None if self.moment(text) is None else times.span(text, self.zone)

    def lose(self, ref: str) -> None:
        """Remember a resource that may hold a danger and cannot be read."""
        if ref not in self.unreadable:
            self.unreadable.append(ref)

    def dated(self, at: datetime | None, ref: str) -> datetime | None:
        """The moment, unless there is none or it lies after receipt: then a note, and None."""
        if at is None:
            self.note("no_date", "set aside: it has no usable date; add the date", ref)
        elif self.received is not None and at > self.received:
            self.note("future", "set aside: it is dated after the moment of receipt; check the date", ref)
            return None
        return at


def rows_of(codes: Codes, concept: Json, *, every: bool = False) -> tuple[CodeRow, ...]:
    """The rows that the concept's codings have in the code lists, an observable once unless `every`; never the text."""
    found: tuple[CodeRow, ...] = ()
    for coding in concept.get("coding") or ():
        rows = codes.get((coding.get("system"), coding.get("code")))
        if rows is not None:
            found = (*found, *(rows if every else _others(found, rows))) if found else rows
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


def signed(intake: Intake, inside: Json, people: object) -> bool:
    """Does a person of the care team stand for it? A device, the patient, a relative or an organisation does not.

    A performer that does not say what it is counts: the contract asks that one is present.
    """
    listed = people if isinstance(people, list) else [people]
    return any([_stands(intake, inside, person) for person in listed if isinstance(person, dict)])


def _stands(intake: Intake, inside: Json, person: Json) -> bool:
    """By the type of what is referred to and by the type that the reference states; neither may be another."""
    stated = person.get("type")
    kinds = [stated.rsplit("/", 1)[-1]] if type(stated) is str else []
    reference = person.get("reference")
    if reference is None:
        identifier = person.get("identifier")
        named = bool(person.get("display")) or (isinstance(identifier, dict) and bool(identifier.get("value")))
    else:
        kind = _kind(intake, inside, reference)
        kinds += [kind] if kind else []
        found = type(reference) is str and bool(reference) and not reference.endswith("/") and reference not in PRACTITIONERS
        named = found and (kind is not None or not str(reference).startswith("#"))
    return named and PRACTITIONERS.issuperset(kinds)


def _kind(intake: Intake, inside: Json, reference: object) -> str | None:
    """The resource type that a reference leads to, contained ones included; None where nothing says so."""
    if type(reference) is str and reference.startswith("#"):
        held = [one for one in inside.get("contained") or () if one.get("id") == reference[1:]]
        return str(held[0].get("resourceType")) if held else None
    kind, _, key = (intake.resolve(reference) or "").rpartition("/")
    return kind if kind and key else None


def _bound(reading: Reading) -> Reading:
    return replace(reading, quality=Quality.BOUNDED, signed=True)
