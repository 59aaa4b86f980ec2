"""Orders that are right, as other hands and other systems write them: none of these may be stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_FLOOR, Decimal
from random import Random

from _order_moments import Moment
from _order_slips import CENT, clean, dosed, number, says, to_mg

from posology.record import Order, Written

Harmless = Callable[[Moment, Order, Random], Order]
OPTIONAL = ("vials", "volume", "path", "concentration", "level", "dose-number", "handling", "knowledge")
SALINE = ("normal saline", "0.9 % sodium chloride", "NaCl 0.9 %", "Sodium Chloride 0.9 %")


def without_words(at: Moment, order: Order, luck: Random) -> Order:
    return says(order)


def in_few_words(at: Moment, order: Order, luck: Random) -> Order:
    mg = order.said["dose"]
    assert isinstance(mg, Decimal)
    return says(order, text=f"Give {mg.normalize():f} mg by intravenous infusion over 60 minutes")


def area_to_two_decimals(at: Moment, order: Order, luck: Random) -> Order:
    """The area as most systems show it, and the mg from that."""
    area = number(at, "bsa").quantize(CENT)
    return dosed(order, to_mg(number(at, "mg-per-m2"), area), bsa=area)


def rounded_at_the_site(at: Moment, order: Order, luck: Random) -> Order:
    """Down to a twentieth of a milligram, where that is within the 5 percent of the policy of the calculated dose."""
    due = number(at, "dose")
    mg = (due * 20).quantize(Decimal(1), ROUND_FLOOR) / 20
    return dosed(order, mg) if abs(mg - due) <= due * Decimal("0.045") else order


def saline_by_another_name(at: Moment, order: Order, luck: Random) -> Order:
    return says(order, diluent=luck.choice(SALINE)) if "diluent" in order.said else order


def without_the_optional(at: Moment, order: Order, luck: Random) -> Order:
    gone: dict[str, Written | None] = {name: None for name in OPTIONAL if luck.random() < 0.5}
    return says(order, **gone)


def by_duration_alone(at: Moment, order: Order, luck: Random) -> Order:
    return says(order, rate=None)


def signed(at: Moment, order: Order, luck: Random) -> Order:
    return replace(says(order, prescriber=True), status="active")


def written_the_day_before(at: Moment, order: Order, luck: Random) -> Order:
    return says(order, written_on=at.today - timedelta(days=1))


def more_premedication(at: Moment, order: Order, luck: Random) -> Order:
    named = order.said["premedication"]
    assert isinstance(named, tuple)
    return says(order, premedication=(*named, "antiemetic"))


HARMLESS: tuple[Harmless, ...] = (
    *(without_words, area_to_two_decimals, rounded_at_the_site, saline_by_another_name, without_the_optional),
    *(by_duration_alone, signed, written_the_day_before, more_premedication, in_few_words),
)


def rewritten(at: Moment, luck: Random) -> Order:
    """The clean order as it stands, or with one to three harmless changes, in the order of HARMLESS."""
    chosen = luck.sample(HARMLESS, luck.randint(0, 3))
    order = clean(at)
    for change in sorted(chosen, key=HARMLESS.index):
        order = change(at, order, luck)
    return order
