"""Bag or syringe: the concentration in the volume that is really there."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posology.dose import Fill, Method, Product, bag, final_volume_ml
from posology.units import rounded

CASES = json.loads((Path(__file__).parents[1] / "cases/cases-public.json").read_text(encoding="utf-8"), parse_float=Decimal)
BY_ID = {case["id"]: case for case in CASES}
PROPERTY = settings(derandomize=True, max_examples=300, deadline=None)
D = Decimal

PRODUCT = Product(
    vial_withdrawable_mg=D("0.9"),
    concentration_mg_per_ml=D("0.25"),
    bag_volume_ml=D(50),
    bag_min_mg_per_ml=D("0.01"),
    bag_max_mg_per_ml=D("0.1"),
    syringe_min_mg_per_ml=D("0.025"),
    syringe_max_mg_per_ml=D("0.1"),
)
NO_SYRINGE = Product(D("0.9"), D("0.25"), D(50), D("0.01"), D("0.1"))
EXACT = Fill(Method.EXACT)
OVERFILLED = Fill(Method.OVERFILLED, D(5))


def test_half_a_milligram_passes_in_exactly_fifty_millilitres() -> None:
    case = BY_ID["DOSE-bag-floor-boundary"]
    mixed = bag(D("0.5"), PRODUCT, EXACT)
    assert mixed.final_volume_ml == case["given"]["final_volume_ml"]
    assert (mixed.path, mixed.bag_mg_per_ml, mixed.alert) == ("bag", D("0.01"), None)


def test_half_a_milligram_fails_in_a_bag_with_its_overfill() -> None:
    case = BY_ID["DOSE-bag-overfill"]
    mixed = bag(case["given"]["dose_mg"], PRODUCT, OVERFILLED)
    assert final_volume_ml(D(50), case["given"]["drug_volume_ml"], OVERFILLED) == case["expect"]["final_volume_ml"]
    assert mixed.final_volume_ml == case["expect"]["final_volume_ml"]
    assert rounded(mixed.bag_mg_per_ml, 5) == case["expect"]["conc_mg_ml_5dp"]
    assert mixed.path == "syringe"
    assert mixed.alert is not None and "nominal + overfill + drug" in mixed.alert


def test_a_small_reduced_dose_goes_to_a_syringe_with_its_volumes_and_no_concentration_of_a_bag() -> None:
    mixed = bag(D("0.4875"), PRODUCT, EXACT)
    assert mixed.path == "syringe"
    assert mixed.syringe_ml == (D("4.875"), D("19.5"))
    assert mixed.concentration_mg_per_ml is None
    assert mixed.alert is not None and "0.00975 mg/mL" in mixed.alert and "do not use this bag" in mixed.alert


def test_without_a_known_syringe_no_path_is_named_and_the_pharmacist_is_asked() -> None:
    mixed = bag(D("0.4875"), NO_SYRINGE, EXACT)
    assert mixed.path is None
    assert mixed.alert is not None and "ask the pharmacist" in mixed.alert


def test_a_dose_above_the_ceiling_of_the_bag_has_no_path() -> None:
    assert bag(D(5), PRODUCT, EXACT).path == "bag"
    above = bag(D("5.01"), PRODUCT, EXACT)
    assert above.path is None
    assert above.alert is not None and "above 0.1 mg/mL" in above.alert


def test_a_concentration_just_under_the_floor_never_prints_as_the_floor() -> None:
    """0.5 mg in 57 mL is 0.00877192982…: rounded half-even it would print as a floor of 0.00877193."""
    product = Product(D("0.9"), D("0.25"), D(50), D("0.00877193"), D("0.1"))
    mixed = bag(D("0.5"), product, OVERFILLED)
    assert mixed.path is None
    assert mixed.bag_mg_per_ml < product.bag_min_mg_per_ml


def test_the_least_syringe_volume_is_rounded_up_and_the_most_down() -> None:
    product = Product(D("0.9"), D("0.25"), D(50), D("0.01"), D("0.1"), D("0.03"), D("0.06"))
    assert bag(D("0.4"), product, EXACT).syringe_ml == (D("6.666666667"), D("13.333333333"))


@PROPERTY
@given(st.decimals(min_value=D("0.05"), max_value=D("6"), places=2), st.decimals(min_value=0, max_value=10, places=1))
def test_the_bag_is_the_path_just_when_its_real_concentration_is_in_the_window(mg: Decimal, overfill: Decimal) -> None:
    mixed = bag(mg, PRODUCT, Fill(Method.OVERFILLED, overfill))
    final = 50 + overfill + mg * 4
    assert mixed.final_volume_ml == final
    assert (mixed.path == "bag") is (D("0.01") * final <= mg <= D("0.1") * final)
    assert (mixed.alert is None) is (mixed.path == "bag")


@PROPERTY
@given(st.decimals(min_value=D("0.05"), max_value=D("0.49"), places=2))
def test_a_syringe_of_either_volume_keeps_to_its_window(mg: Decimal) -> None:
    mixed = bag(mg, PRODUCT, EXACT)
    assert mixed.syringe_ml is not None
    least, most = mixed.syringe_ml
    assert mg / least <= D("0.1")
    assert mg / most >= D("0.025")
    assert least <= most


@pytest.mark.parametrize(
    "change",
    [
        {"vial_withdrawable_mg": D(0)},
        {"bag_min_mg_per_ml": D("0.2")},
        {"syringe_max_mg_per_ml": None},
        {"syringe_min_mg_per_ml": D("0.2")},
        {"concentration_mg_per_ml": D("NaN")},
    ],
)
def test_a_product_that_cannot_be_is_refused(change: dict[str, Decimal | None]) -> None:
    known = {name: getattr(PRODUCT, name) for name in Product.__slots__}
    with pytest.raises(ValueError):
        Product(**(known | change))


def test_a_fill_that_contradicts_itself_is_refused() -> None:
    for method, overfill in ((Method.EXACT, "5"), (Method.OVERFILLED, "-1")):
        with pytest.raises(ValueError):
            Fill(method, D(overfill))
    with pytest.raises(ValueError):
        final_volume_ml(D(5), D(6), EXACT)
