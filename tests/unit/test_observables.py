"""What can be a result at all: each hard limit of the facts sheet (§18), or ours where it is silent, on both sides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from posology.knowledge import code_rows, observables
from posology.record import Quality
from tests.fixtures.fhir.build import OWN, PATIENT, bundle, load, observation, own, quantity

SHEET = """
anc 0 100, platelets 0 2000, haemoglobin 2 25, wbc 0 1000, lymphocytes 0 500, peripheral_blasts_percent 0 100,
peripheral_blasts 0 1000, marrow_blasts 0 100, cd22_percent 0 100, alt 0 20000, ast 0 20000, bilirubin 0 60,
bilirubin_direct 0 50, alp 0 5000, ggt 0 5000, albumin 0.5 7, creatinine 0.1 20, potassium 1 10, magnesium 0.3 10,
calcium 3 20, uric_acid 0 40, phosphate 0.3 25, ldh 0 50000, lipase 0 20000, amylase 0 20000, glucose 10 1500,
qtcf_reported 200 800, qtc_unspecified 200 800, qt 200 800, heart_rate 20 300, weight 2 400, height 45 230,
bsa_recorded 0.2 3.5
"""
OURS = """
inr 0.5 20, tki_failures 0 10, infusion_reaction_review 0 5, toxicity_review 0 5, toxicity_before_treatment 0 5,
second_dose_day 8 15, hvpg 0 60, gfr 0 250, salvage_line 1 10
"""
ADULT = "weight 25 400, height 100 230"
UPPER = """
bilirubin 0.5 2, bilirubin_direct 0.1 1, alt 15 100, ast 15 100, alp 40 700, ggt 5 150, lipase 10 700, amylase 20 400,
ldh 80 1000, creatinine 0.2 2
"""
CHILD = {**PATIENT, "birthDate": "2019-06-15"}
CODES = {row.observable: row.code for row in code_rows() if row.system == OWN}


def limits(sheet: str) -> list[tuple[str, str, str]]:
    return [tuple(line.split()) for line in sheet.split(",") if line.strip()]  # type: ignore[misc]


def quality(name: str, value: Decimal, patient: Any) -> Quality:
    known = observables()[name]
    made = own(CODES[name], valueQuantity=quantity(str(value), known.unit or "1"))
    (reading,) = load(bundle(made, patient=patient)).of(name)
    return reading.quality


def beyond(low: str, high: str) -> tuple[Decimal, Decimal]:
    step = Decimal("0.01")
    return Decimal(low) - step, Decimal(high) + step


@pytest.mark.parametrize(("name", "low", "high"), limits(SHEET + "," + OURS))
def test_a_result_may_stand_at_its_hard_limits_and_not_past_them(name: str, low: str, high: str) -> None:
    within = {quality(name, Decimal(value), CHILD) for value in (low, high)}
    past = {quality(name, value, CHILD) for value in beyond(low, high)}
    assert (within, past) == ({Quality.OK}, {Quality.IMPLAUSIBLE})


@pytest.mark.parametrize(("name", "low", "high"), limits(ADULT))
def test_an_adult_has_narrower_limits(name: str, low: str, high: str) -> None:
    assert quality(name, Decimal(low), PATIENT) is Quality.OK
    assert quality(name, beyond(low, high)[0], PATIENT) is Quality.IMPLAUSIBLE
    assert quality(name, beyond(low, high)[0], CHILD) is Quality.OK


@pytest.mark.parametrize(("name", "low", "high"), limits(UPPER))
def test_an_upper_limit_of_normal_may_stand_at_its_bounds_and_not_past_them(name: str, low: str, high: str) -> None:
    def kept(limit: Decimal) -> bool:
        unit = observables()[name].unit or "1"
        made = observation(
            CODES[name], OWN, valueQuantity=quantity("1", unit), referenceRange=[{"high": quantity(str(limit), unit)}]
        )
        (reading,) = load(bundle(made, patient=CHILD)).of(name)
        return reading.high is not None

    assert [kept(Decimal(limit)) for limit in (low, high)] == [True, True]
    assert [kept(limit) for limit in beyond(low, high)] == [False, False]


def test_every_number_that_can_be_read_has_its_limits_pinned_here() -> None:
    pinned = {name for name, _, _ in limits(SHEET + "," + OURS)}
    assert pinned == {name for name, one in observables().items() if one.plausible is not None}
    assert {name for name, _, _ in limits(ADULT)} == {name for name, one in observables().items() if one.adult}
    assert {name for name, _, _ in limits(UPPER)} == {name for name, one in observables().items() if one.upper_limit}
    assert sorted(name for name, one in observables().items() if isinstance(one.adverse, Decimal)) == [
        "infusion_reaction_review",
        "toxicity_review",
    ]


@pytest.mark.parametrize(("grade", "counts"), [("1", False), ("2", True)])
@pytest.mark.parametrize("name", ["infusion_reaction_review", "toxicity_review"])
def test_a_grade_that_nobody_signed_counts_as_a_danger_from_2_on(name: str, grade: str, counts: bool) -> None:
    assert observables()[name].is_adverse(Decimal(grade)) is counts
