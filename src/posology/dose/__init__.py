"""Dose arithmetic as pure functions: mg to vials, bag and infusion. Holds no number of any policy or product."""

from posology.dose.amount import exact_mg, reduced_mg_per_m2, underdose_percent
from posology.dose.infusion import delivered_mg, delivered_ml, duration_min
from posology.dose.mixture import Fill, Method, Mixture, Path, bag, final_volume_ml
from posology.dose.order import Amounts, CycleTotal, amounts, cycle_total
from posology.dose.product import Product
from posology.dose.rounding import (
    Direction,
    Rounded,
    RoundingPolicy,
    RoundingRefused,
    Target,
    judge_target,
    round_dose,
)
from posology.dose.vial import vials, volume_ml, wasted_mg

__all__ = [
    "Amounts",
    "CycleTotal",
    "Direction",
    "Fill",
    "Method",
    "Mixture",
    "Path",
    "Product",
    "Rounded",
    "RoundingPolicy",
    "RoundingRefused",
    "Target",
    "amounts",
    "bag",
    "cycle_total",
    "delivered_mg",
    "delivered_ml",
    "duration_min",
    "exact_mg",
    "final_volume_ml",
    "judge_target",
    "reduced_mg_per_m2",
    "round_dose",
    "underdose_percent",
    "vials",
    "volume_ml",
    "wasted_mg",
]
