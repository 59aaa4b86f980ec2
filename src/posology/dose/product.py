"""What the arithmetic must be told of a product: numbers from the label, none of them written here."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from posology.dose.amount import above_zero


@dataclass(frozen=True, slots=True)
class Product:
    """One vial, the bag it goes into, and the concentrations allowed there.

    `vial_withdrawable_mg` is what comes out of a vial, whatever the carton prints. The syringe limits are None where
    no syringe is known. Raises ValueError unless every number is above zero and every window the right way round.
    """

    vial_withdrawable_mg: Decimal
    concentration_mg_per_ml: Decimal
    bag_volume_ml: Decimal
    bag_min_mg_per_ml: Decimal
    bag_max_mg_per_ml: Decimal
    syringe_min_mg_per_ml: Decimal | None = None
    syringe_max_mg_per_ml: Decimal | None = None

    def __post_init__(self) -> None:
        above_zero("vial_withdrawable_mg", self.vial_withdrawable_mg)
        above_zero("concentration_mg_per_ml", self.concentration_mg_per_ml)
        above_zero("bag_volume_ml", self.bag_volume_ml)
        _check_window("bag", self.bag_min_mg_per_ml, self.bag_max_mg_per_ml)
        if self.syringe_window is not None:
            _check_window("syringe", *self.syringe_window)
        elif self.syringe_min_mg_per_ml is not None or self.syringe_max_mg_per_ml is not None:
            raise ValueError("syringe window: give both limits, or neither")

    @property
    def syringe_window(self) -> tuple[Decimal, Decimal] | None:
        """Least and most mg/mL in a syringe, or None where not known."""
        if self.syringe_min_mg_per_ml is None or self.syringe_max_mg_per_ml is None:
            return None
        return self.syringe_min_mg_per_ml, self.syringe_max_mg_per_ml


def _check_window(name: str, least: Decimal, most: Decimal) -> None:
    if above_zero(f"least {name} concentration", least) > above_zero(f"most {name} concentration", most):
        raise ValueError(f"{name} window: {least} is above {most} mg/mL")
