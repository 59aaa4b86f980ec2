"""Why a written dose is not the derived one: which single slip explains it. Names a class; judges no severity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from posology.answer import rounding
from posology.dose import RoundingRefused, exact_mg, round_dose
from posology.knowledge import Edition
from posology.record import Given
from posology.verify.against.alike import same
from posology.verify.against.size import follows
from posology.verify.findings import Look

FULL = "full"
COPIED = "E10:copied"


@dataclass(frozen=True, slots=True)
class Cause:
    """The class of error that explains the dose, in words; `id` where the finding has a name of its own."""

    error: str
    says: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Another dose of the regimen: the full mg/m², the level, and what choosing it would mean."""

    reference: Decimal
    level: str
    mg_per_m2: Decimal


def table(edition: Edition) -> dict[str, Decimal]:
    """The mg/m² of the regimen, by the row that sets them."""
    rows = edition.tables["regimen"].rows
    return {row.id: Decimal(row.sets["mg_per_m2"]) for row in rows if "mg_per_m2" in row.sets}


def choices(look: Look) -> Iterator[Choice]:
    """Every dose of the regimen but the right one."""
    regimen = look.drawn.case.edition.regimen
    for reference in dict.fromkeys(table(look.drawn.case.edition).values()):
        for level in regimen.levels:
            factor = regimen.factors[level]
            if factor and reference * factor != look.due("mg-per-m2"):
                yield Choice(reference, level, reference * factor)


def of_dose(look: Look) -> Cause:
    """What explains the written mg; `E05` where nothing more particular does."""
    written, due, share = look.number("dose"), look.due("dose"), look.due("mg-per-m2")
    assert written is not None and due is not None
    if _tenfold(written, due):
        return Cause(
            "E05", f"the point is in the wrong place: the dose is too {'high' if written > due else 'low'}", "E05:tenfold"
        )
    if share is not None and written == share and share != due:
        return Cause("E05", "the mg per square metre stand where the mg belong", "E05:per-m2")
    for test in (_by_share, _by_size, _by_choice, _copied):
        found = test(look, written)
        if found is not None:
            return found
    return Cause("E05", "the dose is not the one that the record supports")


def _tenfold(written: Decimal, due: Decimal) -> bool:
    """The same digits with the point elsewhere?"""
    one, other = (value.normalize().as_tuple() for value in (written, due))
    return written > 0 and one.digits == other.digits and one.exponent != other.exponent


def of_share(look: Look, written: Decimal) -> Cause:
    """What explains a wrong mg/m²."""
    for choice in choices(look):
        if choice.mg_per_m2 == written:
            return _meaning(look, choice)
    return Cause("E05", "no dose of the regimen has these mg per square metre")


def _by_share(look: Look, written: Decimal) -> Cause | None:
    """The mg follow from a wrong mg/m²."""
    share, area = look.number("mg-per-m2"), look.number("bsa") or look.due("bsa")
    if share is None or area is None or share == look.due("mg-per-m2") or written not in _ordered(look, share, area):
        return None
    return of_share(look, share)


def _by_size(look: Look, written: Decimal) -> Cause | None:
    """The mg follow from a wrong area, and that perhaps from a wrong size."""
    share, area = look.due("mg-per-m2"), look.number("bsa")
    if share is None or area is None or _right_area(look, area) or written not in _ordered(look, share, area):
        return None
    return Cause("E03" if follows(look) else "E04", "the dose follows from the body surface area as written")


def _right_area(look: Look, area: Decimal) -> bool:
    due = look.due("bsa")
    return due is not None and same(look.book.elements["bsa"], area, due)


def _by_choice(look: Look, written: Decimal) -> Cause | None:
    """The mg are those of another dose of the regimen, on the right area."""
    area = look.due("bsa")
    for choice in choices(look) if area is not None else ():
        if area is not None and written in _ordered(look, choice.mg_per_m2, area):
            return _meaning(look, choice)
    return None


def _copied(look: Look, written: Decimal) -> Cause | None:
    """The mg of an earlier dose."""
    return Cause("E10", "the dose is the one given before, copied forward", COPIED) if earlier(look, written) else None


def earlier(look: Look, mg: Decimal) -> bool:
    """Was this very amount given before?"""
    doses = look.drawn.case.course.administered
    return any(dose.given is Given.GIVEN and dose.mg == mg and not dose.partial for dose in doses)


def _ordered(look: Look, share: Decimal, area: Decimal) -> set[Decimal]:
    """The orderable mg of a dose: rounded as the policy does, either way that it may have gone."""
    found = set()
    for down in (False, True):
        try:
            found.add(round_dose(exact_mg(share, area), look.drawn.case.edition.once(rounding), never_up=down).mg)
        except (RoundingRefused, ValueError):
            continue
    return found


def _meaning(look: Look, choice: Choice) -> Cause:
    """What it means to have chosen this dose: another level, another branch of the response, another day."""
    sheet = look.sheet
    assert sheet is not None
    regimen = look.drawn.case.edition.regimen
    if choice.reference == sheet.reference_mg_per_m2:
        if regimen.factors[choice.level] < regimen.factors[sheet.figures.level]:
            named = choice.level.replace("_", " ")
            return Cause("E05", f"the dose is that of level {named}, for which the record has no reason")
        return raised(look)
    if choice.level not in (FULL, sheet.figures.level):
        return Cause("E05", "no dose of the regimen has these mg per square metre here")
    if sheet.dose == 1 and sheet.cycle > 1:
        return Cause("E07", "the dose is that of the other branch of the response")
    return Cause("E06", "the dose is that of another day of the cycle")


def raised(look: Look) -> Cause:
    """A full dose where the level is reduced: raised again, or the reduction due now was missed."""
    case = look.drawn.case
    in_force = case.course.level.name
    if case.edition.regimen.factors[in_force] < 1:
        return Cause("E11", "the dose was reduced and is not raised again")
    return Cause("E10", "the dose is copied forward: the reduction due now is missed")
