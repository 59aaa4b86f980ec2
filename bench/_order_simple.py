"""Two checks that know no record: a range of doses, and a template of the protocol. What simple systems do at best."""

from __future__ import annotations

from decimal import Decimal

from _order_slips import PERCENT

from posology.record import Order

LEAST, MOST = Decimal("0.5"), Decimal("0.8")
FIRST = {1: (Decimal("0.8"),), 2: (Decimal("0.5"),), 3: (Decimal("0.5"),)}
LATER = {1: (Decimal("0.5"), Decimal("0.8")), 2: (Decimal("0.5"),), 3: (Decimal("0.5"),)}
"""mg/m² by dose; a template knows no response, so the first dose of a later cycle may be either."""


def number(order: Order, name: str) -> Decimal | None:
    value = order.said.get(name)
    return value if isinstance(value, Decimal) else None


def out_of_range(order: Order) -> bool:
    """The mg for the area as written lie outside the least and the most of the regimen, with the rounding allowed."""
    mg, area = number(order, "dose"), number(order, "bsa")
    if mg is None or area is None or area <= 0:
        return True
    return not LEAST * (1 - PERCENT) <= mg / area <= MOST * (1 + PERCENT)


def off_template(order: Order) -> bool:
    """The mg are not area × the template's dose for the cycle and dose as written, changed by the percent as written."""
    mg, area, cycle = number(order, "dose"), number(order, "bsa"), number(order, "cycle")
    if mg is None or area is None or cycle is None:
        return True
    table, change = (FIRST if cycle == 1 else LATER), number(order, "change-percent") or Decimal(0)
    shares = table.get(int(number(order, "dose-number") or 0), (LEAST, MOST))
    due = [area * share * (100 + change) / 100 for share in shares]
    return not any(abs(mg - one) <= one * PERCENT for one in due)
