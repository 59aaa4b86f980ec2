"""Vials to open, volume to draw, amount left over. Counted on what can be withdrawn, with no tolerance."""

from __future__ import annotations

import math
from decimal import Decimal

from posology.dose.amount import above_zero
from posology.units import decimal, exactly


def vials(rounded_mg: Decimal, withdrawable_mg: Decimal) -> int:
    """Vials that the ordered (rounded) dose needs. Raises ValueError unless both are above zero."""
    return math.ceil(above_zero("ordered dose", rounded_mg) / above_zero("withdrawable amount", withdrawable_mg))


def volume_ml(mg: Decimal, concentration_mg_per_ml: Decimal) -> Decimal:
    """Volume of reconstituted drug that holds `mg`, in mL; nine decimals, half-even, where it does not terminate."""
    return decimal(above_zero("dose", mg) / above_zero("concentration", concentration_mg_per_ml))


def wasted_mg(mg: Decimal, count: int, withdrawable_mg: Decimal) -> Decimal:
    """What is left in the opened vials, in mg. Raises ValueError when they hold less than `mg`."""
    left = count * exactly(withdrawable_mg) - exactly(mg)
    if left < 0:
        raise ValueError(f"{count} vials of {withdrawable_mg} mg hold less than {mg} mg")
    return decimal(left)
