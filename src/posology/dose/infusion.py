"""How long an infusion runs and how much of it went in. Knows durations, not times of day."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from posology.dose.amount import above_zero
from posology.units import convert, decimal, exactly


def duration_min(volume_ml: Decimal, rate_ml_per_h: Decimal) -> Decimal:
    """Minutes that `volume_ml` takes; nine decimals, rounded up, where it does not terminate."""
    minutes_in_hour = exactly(convert(Decimal(1), "h", "min"))
    volume, rate = above_zero("volume", volume_ml), above_zero("rate", rate_ml_per_h)
    return decimal(volume / rate * minutes_in_hour, ROUND_CEILING)


def delivered_ml(elapsed_min: Decimal, rate_ml_per_h: Decimal, volume_ml: Decimal) -> Decimal:
    """Volume that ran in, in mL, never more than `volume_ml`. Raises ValueError for a negative time."""
    elapsed, whole = exactly(elapsed_min), above_zero("volume", volume_ml)
    if elapsed < 0:
        raise ValueError(f"{elapsed_min} min: the infusion stopped before it began")
    minutes_in_hour = exactly(convert(Decimal(1), "h", "min"))
    return decimal(min(elapsed / minutes_in_hour * above_zero("rate", rate_ml_per_h), whole))


def delivered_mg(dose_mg: Decimal, delivered_ml: Decimal, volume_ml: Decimal) -> Decimal:
    """Drug that went in, in mg: the dose in proportion to the volume. Raises ValueError for more than was there."""
    part, whole = exactly(delivered_ml), above_zero("volume", volume_ml)
    if not 0 <= part <= whole:
        raise ValueError(f"{delivered_ml} mL delivered of {volume_ml} mL: check both")
    return decimal(above_zero("dose", dose_mg) * part / whole)
