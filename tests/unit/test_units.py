"""UCUM conversion: exact, case-sensitive, and never a guess."""

import json
import tomllib
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from posology.units import (
    Quantity,
    UnknownUnit,
    UnusableNumber,
    accepted_units,
    canonical_units,
    convert,
    converts_exactly,
    decimal,
    exactly,
    normalise,
    rounded,
)
from posology.units.table import CANONICAL, UNITS

ROOT = Path(__file__).parents[2]
CASES = {
    case["id"]: case
    for case in json.loads((ROOT / "tests/cases/cases-public.json").read_text(encoding="utf-8"), parse_float=Decimal)
}
PROPERTY = settings(derandomize=True, max_examples=300, deadline=None)
D = Decimal
values = st.decimals(min_value=0, max_value=100_000, places=3)


@pytest.mark.parametrize(
    ("value", "unit", "to", "substance", "expected"),
    [
        ("17.104", "umol/L", "mg/dL", "bilirubin", "1"),
        ("17.104", "umol/L", "mg/dL", "bilirubin_direct", "1"),
        ("88.42", "umol/L", "mg/dL", "creatinine", "1"),
        ("59.48", "umol/L", "mg/dL", "uric_acid", "1"),
        ("0.2495", "mmol/L", "mg/dL", "calcium", "1"),
        ("0.3229", "mmol/L", "mg/dL", "phosphate", "1"),
        ("0.4114", "mmol/L", "mg/dL", "magnesium", "1"),
        ("0.05551", "mmol/L", "mg/dL", "glucose", "1"),
        ("4.2", "meq/L", "mmol/L", "potassium", "4.2"),
        ("2", "meq/L", "mmol/L", "magnesium", "1"),
        ("3", "meq/L", "mmol/L", "calcium", "1.5"),
        ("10000", "/mm3", "10*9/L", "peripheral_blasts", "10"),
        ("1500", "/uL", "10*9/L", "anc", "1.5"),
        ("1500", "{cells}/uL", "10*9/L", "anc", "1.5"),
        ("1500", "10*6/L", "10*9/L", "anc", "1.5"),
        ("50", "10*3/uL", "10*9/L", "platelets", "50"),
        ("50", "10*3/mm3", "10*9/L", "platelets", "50"),
        ("50", "10^3/uL", "10*9/L", "platelets", "50"),
        ("92", "g/L", "g/dL", "haemoglobin", "9.2"),
        ("3.5", "g/dL", "g/L", "albumin", "35"),
        ("1", "mg/dL", "mg/L", "creatinine", "10"),
        ("2", "ukat/L", "U/L", "alt", "120"),
        ("40", "[IU]/L", "U/L", "ast", "40"),
        ("1", "[lb_av]", "kg", "weight", "0.45359237"),
        ("70000", "g", "kg", "weight", "70"),
        ("70", "[in_i]", "cm", "height", "177.8"),
        ("1.7", "m", "cm", "height", "170"),
        ("1700", "mm", "cm", "height", "170"),
        ("0.36", "s", "ms", "qt", "360"),
        ("72", "{Beats}/min", "/min", "heart_rate", "72"),
        ("72", "{beats}/min", "/min", "heart_rate", "72"),
        ("0.0001", "1", "%", "mrd", "0.01"),
        ("5", "%", "1", None, "0.05"),
        ("1.2", "{INR}", "1", "inr", "1.2"),
        ("98.6", "[degF]", "Cel", "temperature", "37"),
        ("37", "Cel", "[degF]", "temperature", "98.6"),
        ("2", "d", "h", None, "48"),
        ("900", "ug", "mg", None, "0.9"),
        ("0.05", "L", "mL", None, "50"),
        ("12", "mm[Hg]", "mm[Hg]", "hvpg", "12"),
        ("59", "mL/min/{1.73_m2}", "mL/min/{1.73_m2}", "gfr", "59"),
        ("0.25", "mg/mL", "mg/L", None, "250"),
    ],
)
def test_a_value_converts_exactly(value: str, unit: str, to: str, substance: str | None, expected: str) -> None:
    assert convert(D(value), unit, to, substance) == D(expected)


def test_a_quotient_that_does_not_terminate_is_rounded_once_to_nine_decimals() -> None:
    assert convert(D("34.2"), "umol/L", "mg/dL", "bilirubin") == D("1.999532273")
    assert convert(D("34.2"), "umol/L", "mg/dL", "bilirubin", rounding=ROUND_CEILING) == D("1.999532274")


def test_a_value_already_in_its_unit_keeps_its_digits() -> None:
    assert str(convert(D("1.80"), "mg/dL", "mg/dL", "bilirubin")) == "1.80"


def test_the_ambient_decimal_context_changes_nothing() -> None:
    with localcontext() as context:
        context.prec = 2
        assert convert(D("123.456"), "[lb_av]", "kg") == D("55.99869963072")


@pytest.mark.parametrize(
    ("unit", "to", "substance"),
    [
        ("10*3/µL", "10*9/L", "anc"),
        ("K/uL", "10*9/L", "platelets"),
        ("MG/DL", "mg/dL", "bilirubin"),
        ("Mg/dL", "mg/dL", "bilirubin"),
        ("μmol/L", "mg/dL", "bilirubin"),
        (" mg/dL", "mg/dL", "bilirubin"),
        ("", "mg/dL", "bilirubin"),
        ("lbs", "kg", "weight"),
        ("M", "cm", "height"),
        ("u/l", "U/L", "alt"),
    ],
)
def test_a_unit_spelt_otherwise_is_refused_and_never_guessed(unit: str, to: str, substance: str) -> None:
    with pytest.raises(UnknownUnit):
        convert(D(1), unit, to, substance)


@pytest.mark.parametrize(
    ("unit", "to", "substance"),
    [
        ("umol/L", "mg/dL", None),
        ("umol/L", "mg/dL", "billirubin"),
        ("mmol/L", "g/dL", "haemoglobin"),
        ("mg/dL", "mmol/L", "potassium"),
        ("meq/L", "mg/dL", "phosphate"),
        ("%", "1", "inr"),
        ("%", "1", "infusion_reaction_review"),
        ("{INR}", "1", "mrd"),
        ("kg", "cm", None),
        ("U/L", "mg/dL", "alt"),
        ("%", "10*9/L", "peripheral_blasts"),
    ],
)
def test_units_that_only_another_analyte_could_join_are_refused(unit: str, to: str, substance: str | None) -> None:
    with pytest.raises(UnknownUnit):
        convert(D(1), unit, to, substance)


def test_a_refusal_is_one_line_that_says_the_unit_the_analyte_and_what_is_accepted() -> None:
    with pytest.raises(UnknownUnit) as refused:
        convert(D(5), "10*3/µL\nmore", "10*9/L", "anc")
    line = str(refused.value)
    assert "\n" not in line
    assert "10*3/\\xb5L" in line
    assert "anc" in line
    assert all(code in line for code in accepted_units("10*9/L", "anc"))


def test_an_endless_unit_does_not_make_an_endless_message() -> None:
    with pytest.raises(UnknownUnit) as refused:
        convert(D(5), "x" * 100_000, "kg", "weight")
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+999999999", "1E-999999999", "0E+999999"])
def test_a_number_that_is_none_is_refused_at_once(value: str) -> None:
    with pytest.raises(UnusableNumber):
        convert(D(value), "g", "kg", "weight")
    with pytest.raises(UnusableNumber):
        convert(D(value), "kg", "kg", "weight")
    with pytest.raises(UnusableNumber):
        normalise(D(value))


def test_the_published_table_lists_only_units_that_convert() -> None:
    for name, accepted in canonical_units().items():
        assert accepted.units[0] == accepted.canonical
        for unit in accepted.units:
            assert isinstance(convert(D(1), unit, accepted.canonical, name), Decimal)


def test_a_unit_absent_from_the_published_list_is_refused_for_that_analyte() -> None:
    for name, accepted in canonical_units().items():
        for unit in UNITS.keys() - set(accepted.units):
            with pytest.raises(UnknownUnit):
                convert(D(1), unit, accepted.canonical, name)


def test_the_canonical_units_are_those_of_the_dictionary_of_observables() -> None:
    observables = tomllib.loads((ROOT / "src/posology/label/observables.toml").read_text(encoding="utf-8"))
    units = {name: row["unit"] for name, row in observables.items() if "unit" in row}
    assert units.keys() & CANONICAL.keys()
    assert {unit for unit in units.values() if not accepted_units(unit)} == set()
    assert {name: (unit, CANONICAL[name]) for name, unit in units.items() if CANONICAL.get(name, unit) != unit} == {}


@pytest.mark.parametrize(
    ("value", "text"),
    [("1.50", "1.5"), ("1E+2", "100"), ("1E-9", "0.000000001"), ("-0.00", "0"), ("0E+3", "0"), ("100", "100"),
     ("-2.170", "-2.17"), ("0.90", "0.9"), ("1.0E+1", "10")],
)  # fmt: skip
def test_a_decimal_prints_without_exponent_or_idle_zeros(value: str, text: str) -> None:
    assert normalise(D(value)) == text


def test_a_quantity_keeps_its_unit_through_a_conversion() -> None:
    assert Quantity(D("1.70"), "m").to("cm") == Quantity(D(170), "cm")
    assert str(Quantity(D("1.470"), "mg")) == "1.47 mg"
    assert str(Quantity(D("1.20"), "1")) == "1.2"


def test_case_unit_bili_reads_two_at_one_decimal() -> None:
    case = CASES["UNIT-bili"]
    found = convert(D(case["given"]["bili_umol_l"]), "umol/L", "mg/dL", "bilirubin")
    assert rounded(found, 1, ROUND_HALF_UP) == case["expect"]["bili_mg_dl"]
    assert found < 2


def test_case_unit_bili_34_converts_to_less_than_two() -> None:
    case = CASES["UNIT-bili-34"]
    found = convert(D(case["given"]["bili_umol_l"]), "umol/L", "mg/dL", "bilirubin")
    assert rounded(found, 2) == case["expect"]["converted_mg_dl_2dp"]


def test_case_unit_x_uln_shared_is_not_above_its_limit_in_either_unit() -> None:
    case = CASES["UNIT-x-uln-shared"]
    value, uln, times = (D(case["given"][key]) for key in ("bili_umol_l", "uln_umol_l", "limit_x_uln"))
    mg_value = convert(value, "umol/L", "mg/dL", "bilirubin", rounding=ROUND_FLOOR)
    mg_uln = convert(uln, "umol/L", "mg/dL", "bilirubin", rounding=ROUND_CEILING)
    assert (value > times * uln) is case["expect"]["above_limit"]
    assert (mg_value > times * mg_uln) is case["expect"]["above_limit"]


@PROPERTY
@given(st.sampled_from(sorted(CANONICAL)), st.data(), values)
def test_there_and_back_again_is_the_same_number(name: str, data: st.DataObject, value: Decimal) -> None:
    canonical = CANONICAL[name]
    unit = data.draw(st.sampled_from(accepted_units(canonical, name)))
    there = convert(value, unit, canonical, name)
    back = convert(there, canonical, unit, name)
    slack = abs(convert(D("1E-9"), canonical, unit, name) - convert(D(0), canonical, unit, name)) + D("1E-9")
    assert abs(back - value) <= slack
    if converts_exactly(value, unit, canonical, name):
        assert back == value


@PROPERTY
@given(
    st.sampled_from([D("1.5"), D(2), D("2.5"), D(3), D(5), D(20)]),
    st.decimals(min_value=1, max_value=500, places=2),
    st.sampled_from([("umol/L", "mg/dL", "bilirubin"), ("nkat/L", "U/L", "alt"), ("[oz_av]", "[lb_av]", None)]),
)
def test_exactly_n_times_the_limit_never_reads_as_above_it(
    times: Decimal, uln: Decimal, way: tuple[str, str, str | None]
) -> None:
    unit, to, name = way
    most = times * convert(uln, unit, to, name, rounding=ROUND_CEILING)
    assert convert(times * uln, unit, to, name, rounding=ROUND_FLOOR) <= most


@PROPERTY
@given(st.sampled_from([D("1.5"), D("2.5")]), st.decimals(min_value=1, max_value=500, places=2))
def test_one_hundredth_more_than_n_times_the_limit_reads_as_above_it(times: Decimal, uln: Decimal) -> None:
    most = times * convert(uln, "umol/L", "mg/dL", "bilirubin", rounding=ROUND_CEILING)
    assert convert(times * uln + D("0.01"), "umol/L", "mg/dL", "bilirubin", rounding=ROUND_FLOOR) > most


@PROPERTY
@given(values, values, st.sampled_from(["umol/L", "g/L", "mmol/L"]))
def test_conversion_never_changes_which_of_two_values_is_larger(one: Decimal, two: Decimal, unit: str) -> None:
    assume(one < two)
    assert convert(one, unit, "mg/dL", "bilirubin") < convert(two, unit, "mg/dL", "bilirubin")


@PROPERTY
@given(st.decimals(min_value=-1000, max_value=1000, places=6), st.integers(0, 5), st.sampled_from(
    ["ROUND_HALF_EVEN", "ROUND_HALF_UP", "ROUND_HALF_DOWN", "ROUND_FLOOR", "ROUND_CEILING", "ROUND_DOWN", "ROUND_UP"]
))  # fmt: skip
def test_rounding_agrees_with_the_decimal_module(value: Decimal, places: int, rounding: str) -> None:
    assert rounded(value, places, rounding) == value.quantize(D(1).scaleb(-places), rounding)


@PROPERTY
@given(st.fractions(min_value=-1000, max_value=1000, max_denominator=5000))
def test_a_fraction_becomes_itself_or_lies_within_half_a_last_place(exact: Fraction) -> None:
    assert abs(exactly(decimal(exact)) - exact) <= Fraction(1, 2 * 10**9)
