"""An infusion that was stopped: what went in, and whether the rest ends inside every clock. The prescriber decides."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from posology.dose.clocks import Times, clocks
from posology.dose.infusion import delivered_mg, delivered_ml, duration_min
from posology.knowledge import Preparation


@dataclass(frozen=True, slots=True)
class Stop:
    """One interruption: when it ran, when it might run again, and what the bag held."""

    started: datetime
    stopped: datetime
    resume: datetime
    dose_mg: Decimal
    volume_ml: Decimal
    rate_ml_per_h: Decimal

    def __post_init__(self) -> None:
        if not self.started <= self.stopped <= self.resume:
            raise ValueError("an infusion starts, stops and resumes in that order: check the three times")


@dataclass(frozen=True, slots=True)
class Resumed:
    """What the rest of a stopped infusion comes to. `may_resume`: inside every clock; the prescriber still decides."""

    delivered_ml: Decimal
    delivered_mg: Decimal
    recomputed_end: datetime
    latest_end: datetime | None
    may_resume: bool
    observe_until: datetime


def resumed(times: Times, stop: Stop, rules: Preparation) -> Resumed:
    """The rest at the same rate from `resume` on. The remainder is never made anew without a new order."""
    elapsed = Decimal((stop.stopped.astimezone(UTC) - stop.started.astimezone(UTC)) // timedelta(microseconds=1))
    volume = delivered_ml(elapsed / _MICROSECONDS_PER_MINUTE, stop.rate_ml_per_h, stop.volume_ml)
    left = stop.volume_ml - volume
    rest = _span(duration_min(left, stop.rate_ml_per_h)) if left else timedelta(0)
    end = stop.resume.astimezone(UTC) + rest
    found = clocks(replace(times, started=stop.started, ended=end), rules)
    return Resumed(
        delivered_ml=volume,
        delivered_mg=delivered_mg(stop.dose_mg, volume, stop.volume_ml),
        recomputed_end=end,
        latest_end=found.latest_end,
        may_resume=found.valid and found.latest_end is not None,
        observe_until=end + timedelta(minutes=rules.observe_minutes),
    )


_MICROSECONDS_PER_MINUTE = Decimal(timedelta(minutes=1) // timedelta(microseconds=1))


def _span(minutes: Decimal) -> timedelta:
    """Minutes as a span, a begun microsecond counting as one."""
    return timedelta(microseconds=math.ceil(minutes * _MICROSECONDS_PER_MINUTE))
