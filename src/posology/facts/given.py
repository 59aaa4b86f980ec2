"""Do regimen and level explain every dose that was given? Amounts in mg/m², by the weight and height of their cycle."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from posology.course import Slot
from posology.facts.fact import Fact
from posology.facts.pick import Moment, latest, seen, settled
from posology.language import Value
from posology.measures import Implausible, SexNeeded, bsa
from posology.record import Quality


def unexplained_doses(moment: Moment, sex: Value | None) -> Fact:
    """How many doses differ, beyond the rounding limit, from every amount that regimen, response and level allow.

    A partial dose and a dose whose weight, height or milligrams are not known are not judged. A signed explanation
    covers the doses before it, none after.
    """
    signed = [r.at for r in seen(moment, "dose_difference_explained", moment.at) if r.value is True]
    open_since = max(signed, default=None)
    asked = [slot for slot in moment.course.given if slot.dose and (open_since is None or slot.dose.start > open_since)]
    judged = [(slot, per_m2(slot, moment, sex)) for slot in asked]
    odd = [slot for slot, amount in judged if amount is not None and not _explained(slot, amount, moment)]
    days = ", ".join(f"cycle {slot.cycle} dose {slot.number}" for slot in odd)
    return Fact(Decimal(len(odd)), reported=days)


def per_m2(slot: Slot, moment: Moment, sex: Value | None) -> Decimal | None:
    """The dose as given, in mg/m² by the weight and height of its cycle; None where one of them is not known."""
    dose = slot.dose
    if dose is None or dose.partial or dose.mg is None:
        return None
    first = moment.course.cycles[slot.cycle - 1].given[0].dose
    weight, height = (_measured(name, moment, first.start if first else dose.start) for name in ("weight", "height"))
    if weight is None or height is None:
        return None
    try:
        return dose.mg / bsa(height, weight, moment.edition.policy.bsa_formula, str(sex) if sex else None)
    except (Implausible, SexNeeded):
        return None


def _measured(name: str, moment: Moment, until: datetime) -> Decimal | None:
    group = latest(seen(moment, name, until))
    usable = [r.value for r in group if r.quality is Quality.OK and isinstance(r.value, Decimal)]
    return usable[0] if usable and len(set(usable)) == 1 else None


def _explained(slot: Slot, found: Decimal, moment: Moment) -> bool:
    limit = Decimal(moment.edition.policy.rounding["limit_percent"])
    return any(abs(found - amount) * 100 <= limit * amount for amount in _allowed(slot, moment))


def _allowed(slot: Slot, moment: Moment) -> Iterable[Decimal]:
    """Every amount of the regimen table for this dose and its response, at the levels from full to the one in force."""
    regimen = moment.edition.regimen
    levels = regimen.levels[: regimen.levels.index(moment.course.level.name) + 1]
    for row in moment.edition.tables["regimen"].rows:
        amount = row.sets.get("mg_per_m2")
        place = {"cycle": Decimal(slot.cycle), "dose_number": Decimal(slot.number), **_responded(slot, moment)}
        if isinstance(amount, Decimal) and row.test(place) is not False:
            yield from (amount * regimen.factors[level] for level in levels)


def _responded(slot: Slot, moment: Moment) -> dict[str, Value | None]:
    """For Day 1 of a later cycle, the response that was on record when it was given; nothing where none was."""
    if slot.number > 1 or slot.cycle == 1 or slot.dose is None:
        return {}
    before = [other.dose.end for other in moment.course.given if other.dose and other.dose.end < slot.dose.start]
    group = latest(seen(moment, "response", slot.dose.start, max(before, default=None)))
    response = settled(group, moment.edition.observables["response"]).value
    return {} if response is None else {"response": response, "response_lost": False}
