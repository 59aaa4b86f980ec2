"""What must be looked at before and after the dose, and after the last one. Unknown is never done; no verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from posology.course import Slot
from posology.knowledge import Cites, Item
from posology.measures import months_after
from posology.plan.looks import Looks
from posology.plan.reproductive import unrecorded
from posology.record import Given


@dataclass(frozen=True, slots=True)
class Due:
    """One item of monitoring. `state` is done, due, overdue or upcoming; `phase` before, after, follow_up.

    `since_days`: days since the latest value that counts; `day` and `until`: of what repeats, days after its anchor and end.
    """

    id: str
    what: str
    why: str
    phase: str
    by: date
    state: str
    because: str
    cites: Cites
    seen: str
    confidence: str
    basis: str
    panel: str
    missing: tuple[str, ...] = ()
    since_days: int | None = None
    day: int | None = None
    until: date | None = None


def due(looks: Looks) -> tuple[Due, ...]:
    """Every item that belongs to the dose at hand, to the last one given, and to the time after treatment."""
    if looks.course.point is None:
        return ()
    return tuple(
        one for item in looks.edition.monitoring if looks.stands(item) for one in _of(item, looks, looks.course.point)
    )


def _of(item: Item, looks: Looks, point: Slot) -> Iterator[Due]:
    if item.before:
        if applies(item, point):
            yield _before(item, looks, point)
    elif item.every_days:
        yield from _repeated(item, looks)
    elif item.after == "qt drug":
        yield from _once(item, looks, looks.last_yes("qt_drug"), "after a QT-prolonging drug was started")
    else:
        yield from _after_dose(item, looks, point)


def applies(item: Item, point: Slot) -> bool:
    """Does this item belong to this dose?"""
    first = point.cycle == 1 and point.number == 1
    when = {
        "every dose": True,
        "first dose": first,
        "later dose": not first,
        "cycle start": point.cycle > 1 and point.number == 1,
    }
    return when[item.before or item.after]


def _before(item: Item, looks: Looks, point: Slot) -> Due:
    lacking = looks.lacking(item)
    passed = point.planned_on < looks.today and point.state == "planned"
    by = point.planned_on if passed else max(point.planned_on, looks.today)
    state = "done" if not lacking else _state(by, looks.today)
    because = f"before dose {point.number} of cycle {point.cycle}" + (f"; open: {', '.join(lacking)}" if lacking else "")
    missing = tuple(dict.fromkeys(one.partition(" ")[0] for one in lacking))
    return _made(item, "before", by, state, because, missing=missing)


def _state(by: date, today: date) -> str:
    return "overdue" if by < today else "due" if by == today else "upcoming"


def _after_dose(item: Item, looks: Looks, point: Slot) -> Iterator[Due]:
    """For the last dose given, and for the one at hand once it is given."""
    given = looks.course.given
    if given and (item.after == "every dose" or len(given) == 1):
        slot = given[-1]
        assert slot.dose
        yield from _once(item, looks, slot.dose.end, f"after dose {slot.number} of cycle {slot.cycle}")
    if point.state != Given.UNKNOWN and (item.after == "every dose" or not given):
        on = max(point.planned_on, looks.today)
        place = f"after dose {point.number} of cycle {point.cycle}, once it is given"
        yield _made(item, "after", on + timedelta(days=looks.days(item)), "upcoming", place)


def _once(item: Item, looks: Looks, anchor: datetime | None, place: str) -> Iterator[Due]:
    """Once since an instant: done, or open from that day and overdue when its days have passed."""
    if anchor is None:
        return
    on = looks.local(anchor)
    by = on + timedelta(days=looks.days(item))
    open_ = looks.unread(item, anchor)
    state = "done" if not open_ else "overdue" if by < looks.today else "due"
    because = place + (f" ({on}); not seen since: {', '.join(open_)}" if open_ else f" ({on})")
    yield _made(item, "after", by, state, because, missing=open_)


def _repeated(item: Item, looks: Looks) -> Iterator[Due]:
    """At least every so many days from the last dose, or from a transplant after it, until its end."""
    transplant = looks.transplant_on
    anchor = transplant if item.after == "transplant" else None if transplant else looks.last_dose_on
    if anchor is None:
        return
    until = months_after(anchor, item.until_months) if item.until_months else anchor + timedelta(days=item.until_days)
    if looks.today > until:
        return
    seen = looks.latest_day(item)
    last = max(anchor, seen) if seen else anchor
    by = min(last + timedelta(days=item.every_days), until)
    done = last == until or (seen == looks.today and by > looks.today)
    day = (looks.today - anchor).days
    never = f"none since the {'transplant' if transplant else 'last dose'}"
    ago = f"last {(looks.today - seen).days} days ago ({seen})" if seen and seen >= anchor else never
    because = f"day {day} after {_anchor(item, anchor)}, until {until}; {ago}{unrecorded(looks.course, looks.facts)}"
    state = "done" if done else _state(by, looks.today)
    since = (looks.today - seen).days if seen else None
    yield _made(item, "follow_up", by, state, because, since_days=since, day=day, until=until)


def _anchor(item: Item, on: date) -> str:
    return f"the transplant of {on}" if item.after == "transplant" else f"the last dose on record ({on})"


def _made(item: Item, phase: str, by: date, state: str, because: str, **more: object) -> Due:
    return Due(
        id=item.id,
        what=item.what,
        why=item.why,
        phase=phase,
        by=by,
        state=state,
        because=because,
        cites=item.cites,
        seen=item.seen,
        confidence=item.confidence,
        basis=item.basis,
        panel=item.panel,
        **more,  # type: ignore[arg-type]
    )
