"""What a slip is: an order made wrong on purpose, the class that it then holds, and how people change one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from math import ceil
from random import Random
from typing import Any

from _order_moments import Moment

from posology.record import Order, Written

Json = dict[str, Any]
CENT, FOUR, PERCENT = Decimal("0.01"), Decimal("0.0001"), Decimal("0.05")
MG_PER_ML, MG_PER_VIAL = Decimal("0.25"), Decimal("0.9")


@dataclass(frozen=True)
class Spoilt:
    """An order made wrong. `errors` are the classes that it then holds; `also` what follows from them by construction.

    `bundle` is the record, where the slip lies there, `at` its moment; the order is held against that record.
    """

    order: Order
    errors: frozenset[str]
    also: frozenset[str] = frozenset()
    others: tuple[Order, ...] = ()
    routes: tuple[str | None, ...] = ()
    bundle: Json | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Slip:
    """One form of one class. `make` gives None where the moment has no room for it, or where nothing would be wrong.

    `held`: it is about the moments at which no dose may be given.
    """

    error: str
    form: str
    make: Callable[[Moment, Random], Spoilt | None]
    held: bool = False


@dataclass
class Book:
    """The slips, in the order they are told."""

    slips: list[Slip] = field(default_factory=list)

    def slip(
        self, error: str, form: str, held: bool = False
    ) -> Callable[[Callable[..., Spoilt | None]], Callable[..., Spoilt | None]]:
        def add(make: Callable[[Moment, Random], Spoilt | None]) -> Callable[..., Spoilt | None]:
            self.slips.append(Slip(error, form, make, held))
            return make

        return add

    def element(self, error: str, form: str, **values: Written | None) -> None:
        """A slip that writes fixed values; None leaves the element out. Not counted where the order says so already."""

        def make(at: Moment, luck: Random) -> Spoilt | None:
            order = clean(at)
            named = {name.replace("_", "-"): value for name, value in values.items()}
            if any(order.said.get(name) == value for name, value in named.items()):
                return None
            return Spoilt(says(order, **values), frozenset({error}))

        self.slip(error, form)(make)


def clean(at: Moment) -> Order:
    assert at.order is not None
    return at.order


def number(at: Moment, name: str) -> Decimal:
    value = clean(at).said[name]
    assert isinstance(value, Decimal)
    return value


def says(order: Order, **values: Written | None) -> Order:
    """The order with other elements, its words left out unless given: they would tell the numbers of before."""
    named = {"text": None, **{name.replace("_", "-"): value for name, value in values.items()}}
    said: Mapping[str, Written] = {name: value for name, value in {**order.said, **named}.items() if value is not None}
    route = said.get("route")
    on, mg = said.get("on"), said.get("dose")
    return replace(
        order,
        said=said,
        route=route if isinstance(route, str) else None,
        mg=mg if isinstance(mg, Decimal) else None,
        on=on if isinstance(on, date) else order.on,
    )


def dosed(order: Order, mg: Decimal, **values: Written | None) -> Order:
    """The order of another amount, with all that a system computes from an amount: volume to draw, vials, concentration."""
    volume = order.said.get("final-volume")
    made: dict[str, Written | None] = {"dose": mg, "volume": mg / MG_PER_ML, "vials": Decimal(ceil(mg / MG_PER_VIAL))}
    if isinstance(volume, Decimal):
        made["concentration"] = (mg / volume).quantize(FOUR, ROUND_HALF_UP)
    return says(order, **{**made, **values})


def to_mg(mg_per_m2: Decimal, area: Decimal) -> Decimal:
    return (mg_per_m2 * area).quantize(CENT, ROUND_HALF_UP)


def mosteller(height: Decimal, weight: Decimal) -> Decimal:
    """The area by the declared formula, by its own arithmetic here."""
    return (height * weight / 3600).sqrt().quantize(FOUR, ROUND_HALF_EVEN)


def beyond(mg: Decimal, due: Decimal) -> bool:
    """Further off than any site rounds?"""
    return abs(mg - due) > due * PERCENT + CENT


def one(order: Order, *errors: str, also: str = "") -> Spoilt:
    return Spoilt(order, frozenset(errors), frozenset(also.split()))
