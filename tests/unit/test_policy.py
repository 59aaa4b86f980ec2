"""What we decided ourselves (rulings R18c to R31, policy.toml), on both sides of each figure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from posology.api import load_edition
from posology.course import fold
from posology.facts import Gathered, gather
from posology.knowledge import code_rows, observables
from tests.fixtures.fhir.build import DOCTOR, OWN, PATIENT, ZONE, administration, bundle, load, observation, own, quantity

US = load_edition("us")
CODES = {row.observable: row.code for row in code_rows() if row.system == OWN}
NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
"""At noon of the clinic; hours are counted in elapsed time, over the change of its clocks too."""


def facts(*resources: Any, at: datetime) -> Gathered:
    record = load(bundle(*resources, patient=PATIENT))
    return gather(record, fold(record, US.regimen, at, ZONE), US, at, ZONE)


def result(name: str, value: str, **more: Any) -> Any:
    unit = observables()[name].unit or "1"
    return observation(CODES[name], OWN, effectiveDateTime=NOON.isoformat(), valueQuantity=quantity(value, unit), **more)


@cache
def within(high: str, unit: str) -> Any:
    return [{"low": quantity("0", unit), "high": quantity(high, unit)}]


# R20a: counts and liver tests 72 h, 24 h if the last was abnormal; blasts 24 h; ECG and electrolytes 14 days
FRESH = [
    ("anc", "2", "8", 72),
    ("anc", "9", "8", 24),
    ("alt", "20", "40", 72),
    ("alt", "50", "40", 24),
    ("creatinine", "1", "1.2", 72),
    ("potassium", "4", "5", 14 * 24),
    ("peripheral_blasts", "2", "", 24),
]


@pytest.mark.parametrize(("name", "value", "high", "hours"), FRESH)
def test_a_result_counts_for_so_many_hours_and_not_a_minute_longer(name: str, value: str, high: str, hours: int) -> None:
    unit = observables()[name].unit or "1"
    made = result(name, value, **({"referenceRange": within(high, unit)} if high else {}))
    at = NOON + timedelta(hours=hours)
    assert facts(made, at=at)[name].value == Decimal(value)
    late = facts(made, at=at + timedelta(minutes=1))[name]
    assert (late.value, late.why) == (None, "stale")


def test_an_ecg_is_of_use_for_14_days() -> None:
    made = own("qtcf-reported", valueQuantity=quantity("410", "ms"), effectiveDateTime=NOON.isoformat())
    made["code"]["coding"][0]["code"] = CODES["qtcf_reported"]
    assert facts(made, at=NOON + timedelta(days=14))["qtcf"].value == 410
    assert US.policy.freshness["ecg"].normal == timedelta(days=14)


def test_a_pregnancy_test_counts_for_seven_days() -> None:
    part = {**own("pregnancy"), "valueBoolean": False}
    made = own("baseline-review", component=[part], effectiveDateTime=NOON.isoformat(), performer=DOCTOR)
    assert facts(made, at=NOON + timedelta(days=7))["pregnant"].value is False
    assert facts(made, at=NOON + timedelta(days=7, minutes=1))["pregnant"].value is None


@pytest.mark.parametrize(("minutes", "known"), [(0, True), (1, False)])
def test_a_baseline_is_no_older_than_14_days_before_the_first_dose(minutes: int, known: bool) -> None:
    measured = (NOON - timedelta(days=14, minutes=minutes)).isoformat()
    made = {**result("weight", "70"), "effectiveDateTime": measured}
    given = administration("completed", effectiveDateTime=NOON.isoformat())
    assert (facts(made, given, at=NOON + timedelta(days=7))["weight_baseline"].value is not None) is known


# R20a and EC34: a look is no older than the liver tests it is read with
@pytest.mark.parametrize(("hours", "why"), [(72, None), (73, "stale")])
def test_a_look_counts_for_72_hours(hours: int, why: str | None) -> None:
    part = {"code": own("vod")["code"], "valueCodeableConcept": {"coding": [{"system": OWN, "code": "ruled-out"}]}}
    look = own("pre-dose-review", component=[part], effectiveDateTime=(NOON + timedelta(days=4)).isoformat())
    given = administration("completed", effectiveDateTime=NOON.isoformat())
    found = facts(given, look, at=NOON + timedelta(days=4, hours=hours))["vod_status"]
    assert found.why == why and (found.value == "ruled_out") is (why is None)


# R26: 2 mg/dL or 34 µmol/L, in the unit of the report; R24a: a gain above 5 %
@pytest.mark.parametrize(
    ("value", "unit", "sign"),
    [("1.99", "mg/dL", False), ("2", "mg/dL", True), ("33.9", "umol/L", False), ("34", "umol/L", True)],
)
def test_a_bilirubin_at_its_limit_in_the_unit_of_the_report_is_a_sign(value: str, unit: str, sign: bool) -> None:
    given = administration("completed", effectiveDateTime=NOON.isoformat())
    made = observation(
        "1975-2", valueQuantity=quantity(value, unit), effectiveDateTime=(NOON + timedelta(days=7)).isoformat()
    )
    assert facts(given, made, at=NOON + timedelta(days=7, hours=1))["bilirubin_sign"].value is sign


def test_freshness_that_only_a_panel_or_a_report_looks_at_is_what_the_rulings_say() -> None:
    assert US.policy.freshness["lysis"].normal == timedelta(hours=24)
    assert US.policy.freshness["live_vaccine"].normal == timedelta(days=14)
    assert US.policy.freshness["weight"].same_day and US.policy.freshness["weight"].normal == timedelta(hours=24)
    assert US.policy.freshness["blasts"].normal == timedelta(hours=24)


# EC45: 0.01 mg, never more than 5 % from the exact dose; a site may go to 10 %
def test_a_dose_is_rounded_to_a_hundredth_within_5_percent_and_a_site_may_allow_10() -> None:
    rounding = US.policy.rounding
    assert (rounding["step_mg"], rounding["finest_step_mg"], rounding["limit_percent"]) == (
        Decimal("0.01"),
        Decimal("0.01"),
        5,
    )
    assert rounding["most"]["limit_percent"] == 10


def test_the_days_after_which_an_open_look_is_overdue_and_how_far_a_site_may_stretch_them() -> None:
    days = US.policy.rows["monitoring"]
    assert [days[name] for name in ("watch_days", "after_dose_days", "first_dose_labs_days", "qt_drug_days")] == [1, 3, 2, 7]
    assert list(days["most"].values()) == [1, 7, 3, 14]
    assert US.policy.rows["medicines"]["recent_days"] == 14
    size = US.policy.rows["body_size"]
    assert (size["lowest_kg_per_m2"], size["highest_kg_per_m2"]) == (10, 80)
    assert US.policy.signs["weight"] is not None and US.policy.rows["sign.weight"]["above_percent"] == 5


# the label's table of infusion reactions: severe (grade 3) and life-threatening end treatment, and stay so
@pytest.mark.parametrize(("grade", "stays"), [("2", False), ("3", True), ("4", True)])
def test_a_severe_infusion_reaction_stays_on_record_after_a_later_dose_without_one(grade: str, stays: bool) -> None:
    def look(days: int, grade_: str) -> Any:
        part = {**own("infusion-reaction-grade"), "valueInteger": int(grade_)}
        when = (NOON + timedelta(days=days, hours=3)).isoformat()
        return {**own("pre-dose-review", component=[part], effectiveDateTime=when), "id": f"look-{days}"}

    doses = [
        administration("completed", f"dose-{day}", effectiveDateTime=(NOON + timedelta(days=day)).isoformat())
        for day in (0, 7)
    ]
    found = facts(*doses, look(1, grade), look(8, "0"), at=NOON + timedelta(days=8, hours=4))
    assert found["infusion_reaction_grade"].value == (Decimal(grade) if stays else 0)


def test_before_the_first_infusion_there_was_no_reaction_to_one() -> None:
    review = own("baseline-review", effectiveDateTime=NOON.isoformat(), performer=DOCTOR)
    assert facts(review, at=NOON + timedelta(hours=1))["infusion_reaction_grade"].value == 0
