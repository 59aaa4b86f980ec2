"""The product of the United States: what a vial gives, and both ends of each concentration window (facts sheet §1, §7)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from posology.answer.dosing import product
from posology.api import load_edition
from posology.dose import Fill, Method, bag
from posology.dose.infusion import duration_min

US = load_edition("us")
PRODUCT = product(US)
EXACT = Fill(Method.EXACT)
D = Decimal


def test_a_vial_prints_and_gives_nine_tenths_of_a_milligram_in_3_6_of_4_millilitres() -> None:
    vial = US.product["vial"]
    assert (vial["printed_mg"], vial["withdrawable_mg"]) == (D("0.9"), D("0.9"))
    assert vial["withdrawable_ml"] * vial["concentration_mg_per_ml"] == vial["withdrawable_mg"] and vial["diluent_ml"] == 4


@pytest.mark.parametrize(("mg", "path"), [("0.49", "syringe"), ("0.5", "bag"), ("5", "bag"), ("5.01", None)])
def test_a_bag_of_50_holds_from_a_hundredth_to_a_tenth_of_a_milligram_a_millilitre(mg: str, path: str | None) -> None:
    assert bag(D(mg), PRODUCT, EXACT).path == path


def test_a_syringe_holds_from_a_fortieth_to_a_tenth_of_a_milligram_a_millilitre() -> None:
    assert bag(D("0.4"), PRODUCT, EXACT).syringe_ml == (4, 16)


def test_a_bag_runs_for_an_hour_at_its_rate() -> None:
    bag_ = US.product["bag"]
    assert duration_min(D(bag_["volume_ml"]), D(bag_["rate_ml_per_h"])) == bag_["infusion_minutes"] == 60
