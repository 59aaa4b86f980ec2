"""One dose, and one cycle of doses, from mg/m² to vials. Never says that it may be given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from posology.dose.amount import exact_mg
from posology.dose.mixture import Fill, Mixture, bag
from posology.dose.product import Product
from posology.dose.rounding import Rounded, RoundingPolicy, round_dose
from posology.dose.vial import vials, volume_ml, wasted_mg
from posology.units import decimal, exactly


@dataclass(frozen=True, slots=True)
class Amounts:
    """Every figure of one dose. Vials, volume, waste and concentration are those of the rounded dose."""

    mg_per_m2: Decimal
    bsa_m2: Decimal
    exact_mg: Decimal
    rounded: Rounded
    vials: int
    volume_ml: Decimal
    wasted_mg: Decimal
    mixture: Mixture


@dataclass(frozen=True, slots=True)
class CycleTotal:
    """One cycle added up: mg are calculated ones, vials those of each rounded dose."""

    mg_per_m2: Decimal
    mg: Decimal
    vials_by_day: tuple[int, ...]
    vials: int


def amounts(
    mg_per_m2: Decimal,
    bsa_m2: Decimal,
    product: Product,
    policy: RoundingPolicy,
    *,
    fill: Fill,
    never_up: bool = False,
) -> Amounts:
    """The figures of one dose, rounded once. Raises ValueError and `RoundingRefused` as its parts do."""
    exact = exact_mg(mg_per_m2, bsa_m2)
    rounded = round_dose(exact, policy, never_up=never_up)
    count = vials(rounded.mg, product.vial_withdrawable_mg)
    return Amounts(
        mg_per_m2=mg_per_m2,
        bsa_m2=bsa_m2,
        exact_mg=exact,
        rounded=rounded,
        vials=count,
        volume_ml=volume_ml(rounded.mg, product.concentration_mg_per_ml),
        wasted_mg=wasted_mg(rounded.mg, count, product.vial_withdrawable_mg),
        mixture=bag(rounded.mg, product, fill),
    )


def _sum(values: Sequence[Decimal]) -> Decimal:
    return decimal(sum((exactly(value) for value in values), exactly(Decimal(0))))


def cycle_total(
    doses_mg_per_m2: Sequence[Decimal],
    bsa_m2: Decimal,
    withdrawable_mg: Decimal,
    policy: RoundingPolicy,
    *,
    never_up: bool = False,
) -> CycleTotal:
    """A cycle's doses (mg/m², in order) for one body surface area, added up."""
    exact = [exact_mg(dose, bsa_m2) for dose in doses_mg_per_m2]
    by_day = tuple(vials(round_dose(mg, policy, never_up=never_up).mg, withdrawable_mg) for mg in exact)
    return CycleTotal(_sum(doses_mg_per_m2), _sum(exact), by_day, sum(by_day))
