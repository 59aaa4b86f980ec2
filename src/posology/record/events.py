"""What happened to one patient: frozen events, already in canonical units. No I/O, no knowledge of any drug or test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from posology.quickly import quickly
from posology.record.orders import Beside, Check, Order, Override

Value = Decimal | str | bool


class Quality(StrEnum):
    """Can the value of a reading be used? A `bounded` one may prove a danger and never reassures.

    It is the safe side of `> 80`, or an adverse finding that nobody signed. The others are words of absence.
    """

    OK = "ok"
    BOUNDED = "bounded"
    CONFLICTING = "conflicting"
    IMPLAUSIBLE = "implausible"
    WRONG_UNIT = "wrong_unit"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Reading:
    """One dated value: a laboratory result, a measurement, an assessment, a judgement, a condition, a medication.

    `observable` is its name in label/observables.toml; `value` is a Decimal in that observable's unit, one of its
    words, or a yes/no; `low` and `high` are the laboratory's own limits in the same unit. `signed` says that somebody
    stands for it by name and date. A value given by day alone stands at the start of that local day, and again beside
    every other value of that day that it could make too mild.
    """

    id: str
    observable: str
    at: datetime
    value: Value | None
    low: Decimal | None = None
    high: Decimal | None = None
    quality: Quality = Quality.OK
    signed: bool = False
    reported: str = ""
    sample: str | None = None


reading_of = quickly(Reading)


class Given(StrEnum):
    """Was a dose given? Unknown is a third answer, never read as no."""

    GIVEN = "given"
    OMITTED = "omitted"
    DEFERRED = "deferred"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Dose:
    """One administration of the drug, or a documented one that did not happen.

    `start` and `end` are instants (a dose known by day alone spans that local day); `mg` is what was delivered.
    `reason` says why a dose was omitted or deferred: toxicity, counts, convenience, other, or unstated. `route` is the
    recorded one, where one is recorded.
    """

    id: str
    start: datetime
    end: datetime
    given: Given
    mg: Decimal | None = None
    partial: bool = False
    reason: str | None = None
    route: str | None = None


@dataclass(frozen=True, slots=True)
class Unplaced:
    """What may be a dose of the drug and cannot be placed in the course: its day, or its drug, is not said.

    `since` is the first instant at which it can have happened, None where nothing says so.
    """

    id: str
    since: datetime | None = None


class Taken(StrEnum):
    """Is a medicine being taken? `given` was given at that moment; `unclear` may be; `ended` is over."""

    ACTIVE = "active"
    GIVEN = "given"
    UNCLEAR = "unclear"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Medicine:
    """A medicine other than the drug, as ordered, stated or given. `name` is None where no list of ours has its code.

    `at` is when it was ordered, begun or given, None where nobody said; `until` its end, where stated.
    """

    id: str
    name: str | None
    taken: Taken
    at: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """Whose record it is. `id` is the logical id; names never enter. `deceased` is None where the record is unclear."""

    id: str
    sex: str | None = None
    birth: date | None = None
    deceased: bool | None = False


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader of the answer must be told about the record: a code, a line, the resource."""

    code: str
    text: str
    resource: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """Everything known of one patient, readings in time order.

    `unplaced` may be doses. `unreadable` names the resources that may hold a danger and could not be read.
    `other_orders` are not coded as the drug and may be meant as it: look-alikes, uncoded ones, claimed by our elements.
    """

    patient: Patient
    readings: tuple[Reading, ...] = ()
    doses: tuple[Dose, ...] = ()
    orders: tuple[Order, ...] = ()
    notes: tuple[Note, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    medicines: tuple[Medicine, ...] = ()
    unreadable: tuple[str, ...] = ()
    other_orders: tuple[Order, ...] = ()
    overrides: tuple[Override, ...] = ()
    checks: tuple[Check, ...] = ()
    beside: tuple[Beside, ...] = ()

    def of(self, observable: str) -> tuple[Reading, ...]:
        """All readings of one observable, in time order."""
        return tuple(reading for reading in self.readings if reading.observable == observable)
