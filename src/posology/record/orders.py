"""An order as somebody wrote it, and what was signed about it: overrides and checks. Nothing here is trusted or judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

Written = Decimal | str | bool | date | datetime | tuple[str, ...]
"""One element of an order: a number in the element's own unit, a word, a yes or no, a local day, an instant, a list."""


@dataclass(frozen=True, slots=True)
class Order:
    """A request for the drug as written: kept for what it says, never trusted for what it should say.

    `on` is the day it is to be given, else the day it was written; `said` holds every element that could be read, by
    its name in label/orders.toml, and `unread` those that are there and could not be, as they were written. An order
    with several instructions stands here once for each route that they name, under one id.
    """

    id: str
    status: str
    intent: str
    on: date | None = None
    mg: Decimal | None = None
    route: str | None = None
    bsa_formula: str | None = None
    said: Mapping[str, Written] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Beside:
    """Another medicine ordered and not yet over, by the observable that it stands for, and the day it is to be given."""

    id: str
    observable: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody lets one finding on one order stand. Counts only where a person signed it after the order was written."""

    id: str
    order: str | None
    finding: str | None
    reason: str | None
    at: datetime
    by: str | None
    text: str = ""


PERSON = "Practitioner/"
"""How a reference to one human begins; a role may be filled by several, and by the same human under two references."""


@dataclass(frozen=True, slots=True)
class Check:
    """One of the verifications of an order, as signed: which step, how it ended, by whom and when.

    `derived` is the id of the order as it was derived then; `seen` what the person saw, value by value. `at` is None
    for bad news that does not say when; `timed`: it says the time of the day.
    """

    id: str
    order: str | None
    step: str | None
    outcome: str | None
    at: datetime | None
    by: str | None
    derived: str | None = None
    seen: tuple[tuple[str, str], ...] = ()
    timed: bool = True
