"""Bag or syringe: the concentration in the volume that is really there. Writes no worksheet and runs no clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, Decimal
from enum import StrEnum
from fractions import Fraction

from posology.dose.amount import above_zero
from posology.dose.product import Product
from posology.dose.vial import volume_ml
from posology.units import decimal, exactly, normalise

_ASK = "no syringe window is known: ask the pharmacist"


class Path(StrEnum):
    """What the dose is infused from."""

    BAG = "bag"
    SYRINGE = "syringe"


class Method(StrEnum):
    """How the bag is filled; it decides the final volume."""

    EXACT = "exact final volume"
    OVERFILLED = "nominal + overfill + drug"


@dataclass(frozen=True, slots=True)
class Fill:
    """The method of filling; `overfill_ml` is what the maker puts in beyond the nominal volume."""

    method: Method = Method.EXACT
    overfill_ml: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        Method(self.method)
        if exactly(self.overfill_ml) < 0:
            raise ValueError(f"an overfill of {self.overfill_ml} mL is below zero")
        if self.method == Method.EXACT and self.overfill_ml:
            raise ValueError("an exact final volume has no overfill: leave it out, or name the other method")


@dataclass(frozen=True, slots=True)
class Mixture:
    """Which path the dose takes and why.

    `path` is None where neither bag nor syringe is known to fit. `bag_mg_per_ml` is the concentration the bag has or
    would have; where it does not terminate, nine decimals cut off, so that it never prints as the floor it misses.
    `syringe_ml` is the least and most final volume, on the syringe path alone. `alert` is one line for the pharmacist.
    """

    path: Path | None
    method: Method
    final_volume_ml: Decimal
    bag_mg_per_ml: Decimal
    syringe_ml: tuple[Decimal, Decimal] | None = None
    alert: str | None = None

    @property
    def concentration_mg_per_ml(self) -> Decimal | None:
        """In the bag, if the bag is the path; a syringe's depends on the volume the pharmacist picks."""
        return self.bag_mg_per_ml if self.path is Path.BAG else None


def final_volume_ml(nominal_ml: Decimal, drug_ml: Decimal, fill: Fill) -> Decimal:
    """What the bag really holds, in mL: the nominal volume made up exactly, or that with overfill and drug on top.

    Raises ValueError when the drug alone fills an exact bag.
    """
    nominal, drug = above_zero("bag volume", nominal_ml), above_zero("drug volume", drug_ml)
    if fill.method == Method.OVERFILLED:
        return decimal(nominal + exactly(fill.overfill_ml) + drug)
    if drug > nominal:
        raise ValueError(f"{drug_ml} mL of drug does not fit into {nominal_ml} mL")
    return nominal_ml


def _syringe_ml(mg: Fraction, product: Product) -> tuple[Decimal, Decimal] | None:
    if product.syringe_window is None:
        return None
    least, most = (exactly(limit) for limit in product.syringe_window)
    return decimal(mg / most, ROUND_CEILING), decimal(mg / least, ROUND_FLOOR)


def _below_floor(in_bag: Mixture, product: Product, mg: Fraction) -> Mixture:
    said = (
        f"{normalise(in_bag.bag_mg_per_ml)} mg/mL in {normalise(in_bag.final_volume_ml)} mL ({in_bag.method}) is below"
        f" {normalise(product.bag_min_mg_per_ml)} mg/mL: do not use this bag; "
    )
    syringe = _syringe_ml(mg, product)
    if syringe is None:
        return replace(in_bag, path=None, alert=said + _ASK)
    least, most = (normalise(volume) for volume in syringe)
    said += f"a syringe holds it in {least} to {most} mL, which the pharmacist confirms"
    return replace(in_bag, path=Path.SYRINGE, syringe_ml=syringe, alert=said)


def bag(rounded_mg: Decimal, product: Product, fill: Fill) -> Mixture:
    """Where the ordered dose goes. Both limits of the bag's window are allowed; they are judged on exact numbers.

    Below the window: a syringe, if the product has one, and an alert. Above it: no path, and an alert.
    """
    mg = above_zero("ordered dose", rounded_mg)
    final = final_volume_ml(product.bag_volume_ml, volume_ml(rounded_mg, product.concentration_mg_per_ml), fill)
    exact = mg / exactly(final)
    in_bag = Mixture(Path.BAG, fill.method, final, decimal(exact, ROUND_DOWN))
    if exact < exactly(product.bag_min_mg_per_ml):
        return _below_floor(in_bag, product, mg)
    if exact > exactly(product.bag_max_mg_per_ml):
        said = f"the bag is above {normalise(product.bag_max_mg_per_ml)} mg/mL: do not use it; ask the pharmacist"
        return replace(in_bag, path=None, alert=said)
    return in_bag
