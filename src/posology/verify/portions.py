"""What follows from an amount of the drug: vials, volume, concentration. A wrong amount is told elsewhere, once."""

from __future__ import annotations

from decimal import Decimal

from posology.answer import product
from posology.dose import vials, volume_ml
from posology.record import Written
from posology.units import decimal, exactly
from posology.verify.alike import same
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
    element, follows = look.book.elements[name], portions(look).get(name)
    return same(element, given, due) or (follows is not None and same(element, given, follows))
