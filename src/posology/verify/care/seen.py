"""What a signer saw against what was derived: one line for a value that is missing, wrong or cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import MAXYEAR, MINYEAR, date, datetime
from decimal import Decimal, InvalidOperation

from posology.dose.clocks import REFRIGERATED, ROOM, Times, clocks
from posology.dose.storage import right_diluent
from posology.knowledge.checks import Looked, Verification
from posology.knowledge.orders import orders
from posology.record import Written
from posology.units import normalise, rounded
from posology.verify.against.alike import plainly
from posology.verify.care.preparation import PrepSheet
from posology.verify.derive import Drawn
from posology.verify.elements import elements

AT_THE_HOOD = frozenset({"draw", "final-volume", "rate"})
"""Elements that depend on how it was filled: held against the flags when they are signed, and not again later."""

YES = "yes"
REACH = 100
"""Years from the ends of the calendar, so that every clock can be counted."""
Seen = Mapping[str, str]


def expected(prep: PrepSheet) -> dict[str, Written]:
    """Every element that a verification is held against: those of the order and those of the preparation."""
    known: dict[str, Written | None] = {
        **elements(prep.order),
        "vials": Decimal(prep.vials),
        "reconstitute": prep.reconstitute_ml,
        "strength": prep.mg_per_ml,
        "draw": prep.draw.drawn_ml,
        "final-volume": prep.final_ml,
        "rate": prep.rate_ml_per_h,
    }
    return {name: value for name, value in known.items() if value is not None}


def faults(step: Verification, seen: Seen, drawn: Drawn, prep: PrepSheet, earlier: Seen, at: datetime) -> Iterator[str]:
    """What keeps a step from being signed as passed. `earlier`: what the finished product was signed with."""
    strangers = sorted(set(seen) - {item.id for item in step.items})
    if strangers:
        yield f"{', '.join(strangers)} is not looked at here; there are: {', '.join(item.id for item in step.items)}"
    due = expected(prep)
    for item in step.items:
        if item.id in seen:
            yield from _wrong(item, seen[item.id], due, drawn, at)
        else:
            yield f"{item.id} was not seen ({item.says})"
    yield from _times(seen, drawn, prep, earlier)
    yield from _lots(seen, prep, earlier)


def _lots(seen: Seen, prep: PrepSheet, earlier: Seen) -> Iterator[str]:
    """A lot for each vial, and the same ones from step to step and as the hood says."""
    found = lots(seen.get("lot", ""))
    if "lot" in seen and len(found) != prep.vials:
        yield f"lot={seen['lot']}: name the lot of each of the {prep.vials} vial(s), with commas between"
    elif "lot" in seen and prep.hood.lots and found != sorted(one.lot for one in prep.hood.lots):
        yield f"lot={seen['lot']}: the hood says {', '.join(one.lot for one in prep.hood.lots)}"
    elif "lot" in seen and "lot" in earlier and found != lots(earlier["lot"]):
        yield f"lot={seen['lot']}: before compounding it was {earlier['lot']}"


def lots(text: str) -> list[str]:
    """The lots of a text, in order, one for each vial."""
    return sorted(part.strip() for part in text.split(",") if part.strip())


def differing(step: Verification, seen: Seen, drawn: Drawn, prep: PrepSheet, at: datetime, earlier: Seen) -> Iterator[str]:
    """What a signature lacks, and what stands in it and is not what is derived now."""
    due = {name: value for name, value in expected(prep).items() if name not in AT_THE_HOOD}
    for item in step.items:
        if item.id not in seen:
            yield f"it does not say what was seen: {item.id}"
        elif item.element not in AT_THE_HOOD:
            yield from _wrong(item, seen[item.id], due, drawn, at)
    yield from _times(seen, drawn, prep, earlier)
    yield from _lots(seen, replace(prep, hood=replace(prep.hood, lots=())), earlier)


def at_the_hood(step: Verification, seen: Seen, drawn: Drawn, prep: PrepSheet) -> Iterator[str]:
    """What was signed of the filling and is not so as it is filled now."""
    due = expected(prep)
    for item in step.items:
        if item.id in seen and item.element in AT_THE_HOOD:
            yield from _differs(item, seen[item.id], due.get(item.element), drawn)


def _wrong(item: Looked, value: str, due: Mapping[str, Written], drawn: Drawn, at: datetime) -> Iterator[str]:
    if item.element:
        yield from _differs(item, value, due.get(item.element), drawn)
    elif item.kind == "confirm" and value != YES:
        yield f"{item.id}={value}: answer {YES}, or sign the step as failed"
    elif item.kind == "held" and value not in (ROOM, REFRIGERATED):
        yield f"{item.id}={value}: write {ROOM} or {REFRIGERATED}"
    elif item.kind == "day":
        yield from _passed(item, value, at.astimezone(drawn.case.zone).date())
    elif item.kind in ("moment", "use_by"):
        yield from _moment(item, value, at)


def _differs(item: Looked, value: str, right: Written | None, drawn: Drawn) -> Iterator[str]:
    unit = f" {item.unit}" if item.unit else ""
    if right is None:
        yield f"{item.id} is not settled yet: the pharmacist says the final volume (--final)"
    elif isinstance(right, Decimal):
        if not _same(item, value, right):
            yield f"{item.id}={value}: the order and its preparation say {normalise(right)}{unit}"
    elif plainly(value) != plainly(str(right)) and not _the_diluent(item, value, drawn):
        yield f"{item.id}={value}: the order says {str(right).replace('_', ' ')}"


def _the_diluent(item: Looked, value: str, drawn: Drawn) -> bool:
    rules = drawn.case.edition.preparation
    return item.element == "diluent" and rules is not None and right_diluent(rules, value)


def _same(item: Looked, value: str, right: Decimal) -> bool:
    """The same number; a body surface area also as people write it down, to two decimals."""
    found = _number(value)
    if found is None:
        return False
    places = orders().limits["recorded_bsa_places"] if item.element == "bsa" else None
    return found == right or (places is not None and found == rounded(right, places))


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _passed(item: Looked, value: str, today: date) -> Iterator[str]:
    try:
        if date.fromisoformat(value) < today:
            yield f"{item.id}={value}: that day has passed, do not use it"
    except ValueError:
        yield f"{item.id}={value}: not a day; write it as 2027-06-30"


def _moment(item: Looked, value: str, at: datetime) -> Iterator[str]:
    found = moment(value)
    if found is None:
        yield f"{item.id}={value}: not a moment; write it as 2026-03-02T09:00-05:00"
    elif item.kind == "moment" and found > at:
        yield f"{item.id}={value}: that is still to come"
    elif item.kind == "use_by" and found < at:
        yield f"{item.id}={value}: that has passed, discard it"


def moment(text: str) -> datetime | None:
    """An instant with its offset, or None."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    within = MINYEAR + REACH <= found.year <= MAXYEAR - REACH
    return found if found.tzinfo and within else None


def _times(seen: Seen, drawn: Drawn, prep: PrepSheet, earlier: Seen) -> Iterator[str]:
    """The use-by stays inside the clocks of the times that were seen, and is the one of the finished product."""
    first, mixed, until = (moment(seen.get(name, "")) for name in ("reconstituted", "diluted", "use-by"))
    rules, made_until = drawn.case.edition.preparation, moment(earlier.get("use-by", ""))
    if until is not None and made_until is not None and until != made_until:
        yield f"use-by={seen['use-by']}: the finished product was signed with {earlier['use-by']}"
    if first is None or mixed is None or rules is None or seen.get("held") not in (ROOM, REFRIGERATED):
        return
    try:
        found = clocks(replace(Times(first), diluted=mixed, held=seen["held"]), rules, prep.minutes)
    except ValueError as error:
        yield str(error)
        return
    if found.latest_end is None:
        yield f"diluted={seen['diluted']}: diluted too late, discard it"
    elif until is not None and until > found.latest_end:
        yield f"use-by={seen['use-by']}: the clocks end at {found.latest_end.astimezone(drawn.case.zone).isoformat()}"
