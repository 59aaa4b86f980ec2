"""The clocks of one preparation held against the moment of asking. Names what is over; the limits are `dose`'s."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from posology.dose.clocks import Clocks, Times


def overdue(times: Times, found: Clocks, at: datetime) -> Iterator[str]:
    """What the clocks no longer allow, in words without a time of day: broken clocks, and steps not done in time."""
    for limit in found.broken:
        yield f"{limit.clock.means} took too long"
    if found.broken:
        return
    if times.diluted is None:
        if at > found.dilute_by:
            yield "not diluted in time"
    elif found.latest_start is not None and times.started is None and at > found.latest_start:
        yield "the latest start has passed"
    elif found.latest_end is not None and times.ended is None and times.started is not None and at > found.latest_end:
        yield "the latest end has passed"
