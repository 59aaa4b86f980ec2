"""What follows from an amount of the drug: vials, volume, concentration. A wrong amount is told elsewhere, once."""

from __future__ import annotations

from decimal import Decimal

from posology.answer import product
from posology.dose import vials, volume_ml
from posology.record import Written
from posology.units import convert, decimal, exactly
from posology.verify.against.alike import same
from posology.verify.findings import Look


def portions(look: Look) -> dict[str, Decimal]:
    """By the amount as written; nothing where none is written or no dose is due."""
    mg = look.number("dose")
    if look.sheet is None or mg is None or mg <= 0:
        return {}
    made = look.drawn.case.edition.once(product)
    return {
        "vials": Decimal(vials(mg, made.vial_withdrawable_mg)),
        "volume": volume_ml(mg, made.concentration_mg_per_ml),
        "concentration": decimal(exactly(mg) / exactly(made.bag_volume_ml)),
    }


def fits(look: Look, name: str, given: Written, due: Written) -> bool:
    """Is it that of the dose which the record supports, or that of the dose as written?"""
    return same(look.book.elements[name], given, due) or follows(look, name, given)


def follows(look: Look, name: str, given: Written) -> bool:
    """Is it that of the dose as written?"""
    right = portions(look).get(name)
    return right is not None and same(look.book.elements[name], given, right)


def of_the_syringe(look: Look, name: str, given: Written) -> bool:
    """Where the pharmacist chooses the volume of a syringe: is it inside its window, and does the rest follow from it?"""
    final, minutes, mg = look.number("final-volume"), look.due("minutes"), look.number("dose")
    window = look.sheet.syringe_ml if look.sheet else None
    if window is None or final is None or not window[0] <= final <= window[1]:
        return False
    if name == "rate" and minutes:
        return same(look.book.elements[name], given, decimal(exactly(final) / exactly(convert(minutes, "min", "h"))))
    if name == "concentration" and mg is not None:
        return same(look.book.elements[name], given, decimal(exactly(mg) / exactly(final)))
    return name == "final-volume"
