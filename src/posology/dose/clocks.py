"""How long the prepared drug may be used: every clock from its own moment, and the one that binds. No time zones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from posology.knowledge import Clock, Preparation

ROOM, REFRIGERATED = "room", "refrigerated"
ORDER = ("reconstituted", "diluted", "out_of_fridge", "started", "ended")


@dataclass(frozen=True, slots=True)
class Times:
    """The moments of one preparation; None where it has not happened, or nobody said. `held`: room, refrigerated, None."""

    reconstituted: datetime
    diluted: datetime | None = None
    held: str | None = None
    out_of_fridge: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None

    def __post_init__(self) -> None:
        known = [(name, moment) for name in ORDER if (moment := getattr(self, name)) is not None]
        for name, moment in known:
            if moment.tzinfo is None:
                raise ValueError(f"{name} {moment}: add the offset from UTC")
        for (first, earlier), (second, later) in pairwise(known):
            if later < earlier:
                raise ValueError(f"{second} stands before {first}: check both times")
        if self.held not in (None, ROOM, REFRIGERATED):
            raise ValueError(f"held {self.held}: write {ROOM} or {REFRIGERATED}, or leave it out where nobody knows")
        if self.diluted is None and len(known) > 1:
            raise ValueError("say when it was diluted")
        if self.out_of_fridge is not None and self.held != REFRIGERATED:
            raise ValueError(f"a bag that left the refrigerator was held {REFRIGERATED}: say so")


@dataclass(frozen=True, slots=True)
class Limit:
    """One clock and the moment by which what it stops at must have happened."""

    clock: Clock
    by: datetime


@dataclass(frozen=True, slots=True)
class Clocks:
    """Every limit in UTC. `latest_end` and `latest_start` are None until the drug is diluted, and where that came too late.

    `binding` is the limit that gives the latest end; `limits` all that run; `broken` those already overrun.
    """

    valid: bool
    dilute_by: datetime
    out_of_fridge_by: datetime | None
    latest_start: datetime | None
    latest_end: datetime | None
    binding: Limit | None
    limits: tuple[Limit, ...]
    broken: tuple[Limit, ...]
    asks: tuple[str, ...]


def clocks(times: Times, rules: Preparation, infusion_minutes: int | None = None) -> Clocks:
    """The clocks of one preparation. Storage that nobody stated is read as room temperature, and asked for."""
    length = timedelta(minutes=infusion_minutes or rules.infusion_minutes)
    moments = _moments(times, length)
    held = times.held or ROOM
    running = [
        Limit(clock, moments[clock.starts] + timedelta(minutes=clock.minutes))
        for clock in rules.clocks
        if clock.held in ("any", held) and clock.starts in moments
    ]
    ends = [limit for running_limit in running for limit in _end(running_limit, rules, length)]
    dilute_by = min(limit.by for limit in running if limit.clock.stops == "diluted")
    usable = times.diluted is not None and times.diluted <= dilute_by
    binding = min(ends, key=lambda limit: limit.by) if usable else None
    broken = tuple(limit for limit in running if limit.clock.stops in moments and moments[limit.clock.stops] > limit.by)
    late = binding is not None and "ended" in moments and moments["ended"] > binding.by
    latest_start = binding.by - length if binding else None
    return Clocks(
        valid=not broken and not late,
        dilute_by=dilute_by,
        out_of_fridge_by=_out_by(running, latest_start, rules),
        latest_start=latest_start,
        latest_end=binding.by if binding else None,
        binding=binding,
        limits=tuple(running),
        broken=broken or ((binding,) if late and binding else ()),
        asks=("diluted_held_at",) if usable and times.held is None else (),
    )


def _moments(times: Times, length: timedelta) -> Mapping[str, datetime]:
    """What is known, in UTC. What runs has left the refrigerator, and ends when its length is over."""
    known = {name: moment.astimezone(UTC) for name in ORDER if (moment := getattr(times, name)) is not None}
    if times.held == REFRIGERATED and "started" in known:
        known.setdefault("out_of_fridge", known["started"])
    if "started" in known and "ended" not in known:
        known["ended"] = known["started"] + length
    return known


def _end(limit: Limit, rules: Preparation, length: timedelta) -> list[Limit]:
    """The end of infusion that a limit allows: out of the refrigerator, warming and the infusion follow."""
    if limit.clock.stops == "out_of_fridge":
        return [Limit(limit.clock, limit.by + timedelta(minutes=rules.warming_minutes) + length)]
    return [limit] if limit.clock.stops == "ended" else []


def _out_by(running: list[Limit], latest_start: datetime | None, rules: Preparation) -> datetime | None:
    """Out of the refrigerator in time for its own limit and for warming before the latest start."""
    cold = [limit.by for limit in running if limit.clock.stops == "out_of_fridge"]
    if not cold or latest_start is None:
        return None
    return min(*cold, latest_start - timedelta(minutes=rules.warming_minutes))
