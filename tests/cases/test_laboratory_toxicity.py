"""Kidney, pancreas and isolated laboratory values before a dose, through the public function, hostile charts included."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from posology.answer import Report
from tests.cases import charts

NOW = "2025-04-07T09:00"
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
GREEN = ("give", "give_with_review")
ORGAN = {"creatinine": ("2160-0", "mg/dL", "1.2"), "lipase": ("3040-3", "U/L", "60"), "amylase": ("1798-8", "U/L", "100")}
OTHER = {"glucose": ("2345-7", "mg/dL"), "potassium": ("2823-3", "mmol/L"), "magnesium": ("19123-9", "mg/dL"),
         "albumin": ("1751-7", "g/dL"), "uric_acid": ("3084-1", "mg/dL")}  # fmt: skip
Resource = dict[str, Any]


def quantity(value: Any, unit: str) -> Resource:
    return {"value": value if isinstance(value, int) else Decimal(str(value)), "unit": unit, "system": UCUM, "code": unit}


def result(code: str, value: Any, unit: str, uln: Any = None, at: str = "2025-04-07T07:20", **more: Any) -> Resource:
    ranges = {} if uln is None else {"referenceRange": [{"high": quantity(uln, more.pop("uln_unit", unit))}]}
    return {
        "resourceType": "Observation", "id": f"lab-{code}-{at[5:].replace(':', '')}", "status": "final",
        "code": {"coding": [{"system": LOINC, "code": code}]}, "subject": {"reference": "Patient/case"},
        "effectiveDateTime": charts.stamp(at), "valueQuantity": quantity(value, unit), **ranges, **more,
    }  # fmt: skip


def day_8(*more: Resource, **told: Any) -> Report:
    """A patient who is well on day 8, without any chemistry but what is given here."""
    bundle = charts.course("2025-03-31", "C1D8", **told)
    return charts.decided(charts.with_(charts.without(bundle, _chemistry), *more), NOW)


def _chemistry(resource: Resource) -> bool:
    return str(resource["id"]).endswith(("creatinine", "potassium", "magnesium", "calcium"))


def of(name: str, value: Any, at: str = "2025-04-07T07:20", **more: Any) -> Resource:
    return result(*((code := ORGAN[name])[0], value, code[1], code[2]), at=at, **more)


def judged(cause: str, at: str = "2025-04-07T08:30") -> Resource:
    return charts.observed("toxicity-attribution", cause, at)


def other(name: str, value: Any, **more: Any) -> Resource:
    return result(OTHER[name][0], value, OTHER[name][1], **more)


def test_what_was_never_measured_holds_no_dose() -> None:
    assert day_8().verdict == "give"


@pytest.mark.parametrize(
    ("name", "at_limit", "above"), [("creatinine", "1.8", "1.81"), ("lipase", 90, "90.1"), ("amylase", 150, "150.1")]
)
def test_an_organ_value_above_one_and_a_half_times_its_limit_holds_the_dose_at_once(
    name: str, at_limit: Any, above: Any
) -> None:
    assert day_8(of(name, at_limit)).verdict == "give"
    report = day_8(of(name, above))
    assert (report.verdict, report.could_be) == ("interrupt", "interrupt") and report.dose is None
    assert f"{name}_grade_2" in charts.rows(report)


def test_a_creatinine_of_2_5_before_day_8_is_no_longer_given_with_a_warning() -> None:
    report = day_8(of("creatinine", "2.5"))
    assert report.verdict == "interrupt"
    (row,) = [one for one in charts.reply(report, "other_toxicity").findings if one.row == "creatinine_grade_2"]
    assert any("at most 1.8" in line for line in row.would_change)


@pytest.mark.parametrize("at", ["2025-04-01T07:00", "2025-03-30T07:00", "2024-11-01T07:00"])
def test_an_old_adverse_value_still_holds_until_a_later_one_says_otherwise(at: str) -> None:
    assert day_8(of("creatinine", "2.5", at)).verdict == "interrupt"
    assert day_8(of("creatinine", "2.5", at), of("creatinine", "1.0", "2025-04-05T07:00")).verdict == "give"
    assert day_8(of("creatinine", "1.0", at), of("creatinine", "2.5", "2025-04-05T07:00")).verdict == "interrupt"


def test_an_old_value_within_its_limit_reports_nothing() -> None:
    assert day_8(of("lipase", 40, "2025-03-30T07:00")).verdict == "give"


def before(grade: int, value: Any, now: Any) -> str:
    bundle = charts.without(charts.course("2025-03-31", "C1D8"), _chemistry)
    for each in bundle["entry"]:
        if each["resource"]["id"].endswith("baseline-review"):
            parts = each["resource"]["component"]
            parts[:] = [part for part in parts if part["code"]["coding"][0]["code"] != "toxicity-grade"]
            parts.append({"code": {"coding": [{"system": charts.OWN, "code": "toxicity-grade"}]}, "valueInteger": grade})
    return charts.decided(
        charts.with_(bundle, of("creatinine", value, "2025-03-30T07:00"), of("creatinine", now)), NOW
    ).verdict


@pytest.mark.parametrize(
    ("grade", "value", "now", "verdict"),
    [
        (2, "2.5", "2.5", "give"),
        (2, "2.5", "3.6", "give"),
        (2, "2.5", "3.61", "interrupt"),  # grade 3 now
        (3, "3.7", "3.61", "give"),
        (3, "2.5", "3.61", "interrupt"),  # signed as 3, measured as 2
        (0, "2.5", "2.5", "interrupt"),  # nobody signed it
        (2, "1.0", "2.5", "interrupt"),  # a signed grade 2 of something else
    ],
)
def test_a_grade_from_before_treatment_releases_where_it_is_signed_and_measured(
    grade: int, value: str, now: str, verdict: str
) -> None:
    assert before(grade, value, now) == verdict


# --- an isolated laboratory value -----------------------------------------------------------------------------------
ADVERSE = [("glucose", 160, 161), ("potassium", "3.0", "2.9"), ("potassium", "5.5", "5.6"), ("magnesium", "1.2", "1.1"),
           ("albumin", "3.0", "2.9"), ("uric_acid", 10, "10.1")]  # fmt: skip


@pytest.mark.parametrize(("name", "mild", "adverse"), ADVERSE)
def test_an_isolated_value_of_grade_2_asks_for_its_signed_cause(name: str, mild: Any, adverse: Any) -> None:
    assert day_8(other(name, mild)).verdict == "give"
    report = day_8(other(name, adverse))
    assert (report.verdict, report.could_be) == ("ask", "interrupt")
    assert "laboratory_attribution" in charts.asked_for(report)
    assert day_8(other(name, adverse), judged("drug")).verdict == "interrupt"
    assert day_8(other(name, adverse), judged("disease")).verdict == "give"
    assert day_8(other(name, adverse), judged("other", "2025-04-07T07:00")).verdict == "ask", "signed before the value"


def test_a_low_calcium_is_corrected_for_the_albumin_where_there_is_one() -> None:
    calcium = result("17861-6", "7.8", "mg/dL")
    assert day_8(calcium).verdict == "ask"
    assert day_8(calcium, other("albumin", "3.5")).verdict == "give"  # 8.2 corrected
    assert day_8(calcium, other("albumin", "4.0")).verdict == "ask"


# --- what cannot be read is not a no --------------------------------------------------------------------------------
def twisted(**fields: Any) -> Resource:
    kept = {**of("creatinine", "2.5"), **fields}
    return {key: value for key, value in kept.items() if value is not None}


HOSTILE = {
    "no upper limit": twisted(referenceRange=None),
    "no unit": twisted(valueQuantity={"value": Decimal("2.5")}),
    "another substance's unit": twisted(valueQuantity=quantity("2.5", "U/L")),
    "umol/L written as mg/dL": twisted(valueQuantity=quantity(221, "mg/dL")),
    "mg/dL written as umol/L": twisted(valueQuantity=quantity("2.5", "umol/L")),
    "decimal comma in a string": twisted(valueQuantity=None, valueString="2,5 mg/dL"),
    "no value and a reason": twisted(valueQuantity=None, dataAbsentReason={"text": "haemolysed"}),
    "no value at all": twisted(valueQuantity=None),
    "status unknown": twisted(status="unknown"),
    "limits that contradict": twisted(referenceRange=[{"high": quantity("1.2", "mg/dL")}, {"high": quantity("9", "mg/dL")}]),
    "limit of another unit": twisted(referenceRange=[{"high": quantity("1.2", "U/L")}]),
    "greater than a bound below the threshold": twisted(valueQuantity={**quantity("1.5", "mg/dL"), "comparator": ">"}),
    "value in a component": twisted(
        valueQuantity=None,
        component=[{"code": {"text": "creatinine"}, "valueQuantity": quantity("2.5", "mg/dL")}],
    ),
    "no date": twisted(effectiveDateTime=None),
}


@pytest.mark.parametrize("resource", HOSTILE.values(), ids=HOSTILE)
def test_a_creatinine_that_cannot_be_used_is_asked_about_even_behind_an_older_good_one(resource: Resource) -> None:
    for older in ((), (of("creatinine", "1.0", "2025-04-05T07:00"),)):
        report = day_8(*older, resource)
        assert report.verdict not in GREEN and report.dose is None


def in_a_component(code: Resource) -> Resource:
    alt = result("1742-6", 300, "U/L", 40)
    part = {"code": code, "valueQuantity": alt.pop("valueQuantity"), "referenceRange": alt.pop("referenceRange")}
    return {**alt, "component": [part]}


def test_an_alt_hidden_in_a_component_does_not_leave_the_older_one_standing() -> None:
    assert day_8().verdict == "give"
    unread = day_8(in_a_component({"text": "ALT"}))
    assert unread.verdict == "ask" and "alt" in charts.asked_for(unread)
    assert day_8(in_a_component({"coding": [{"system": LOINC, "code": "1742-6"}]})).verdict == "interrupt"


@pytest.mark.parametrize(
    "resource",
    [
        twisted(valueQuantity=quantity(221, "umol/L"), referenceRange=[{"high": quantity(106, "umol/L")}]),
        twisted(valueQuantity=quantity(221, "umol/L")),  # its limit in mg/dL
        twisted(code={"coding": [{"system": LOINC, "code": "14682-9"}]}, valueQuantity=quantity(221, "umol/L")),
        twisted(status="preliminary"),
        twisted(status="corrected"),
        twisted(valueQuantity={**quantity("1.9", "mg/dL"), "comparator": ">"}),
    ],
    ids=["amount", "amount, limit as mass", "its code for amounts", "preliminary", "corrected", "a bound above"],
)
def test_a_raised_creatinine_holds_however_it_is_written(resource: Resource) -> None:
    assert day_8(resource).verdict == "interrupt"


def test_a_result_entered_in_error_does_not_hold_and_does_not_hide_the_one_before() -> None:
    void = of("creatinine", "2.5", status="entered-in-error")
    assert day_8(void).verdict == "give"
    assert day_8(
        of("creatinine", "2.6", "2025-04-06T07:00"), of("creatinine", "1.0", status="entered-in-error")
    ).verdict == ("interrupt")


def test_a_result_of_the_future_reassures_nobody() -> None:
    report = day_8(of("creatinine", "2.5"), of("creatinine", "1.0", "2025-04-07T18:00"))
    assert report.verdict == "interrupt" and any(note.code == "after_at" for note in report.warnings)


def test_two_values_of_one_moment_are_asked_about() -> None:
    twice = {**of("creatinine", "1.0"), "id": "lab-again"}
    assert day_8(of("creatinine", "2.5"), twice).verdict == "ask"


def test_before_the_first_dose_a_value_that_the_review_does_not_sign_holds_too() -> None:
    bundle = charts.without(charts.course("2025-03-31", "C1D1"), _chemistry)
    codes = (("2823-3", "4.0", "mmol/L"), ("17861-6", "9.2", "mg/dL"), ("19123-9", "2.0", "mg/dL"))
    electrolytes = [result(*one, at="2025-03-31T07:10") for one in codes]
    well = charts.with_(bundle, *electrolytes)
    assert charts.decided(well, "2025-03-31T09:00").verdict in GREEN
    raised = charts.with_(well, of("creatinine", "2.5", "2025-03-31T07:10"))
    assert charts.decided(raised, "2025-03-31T09:00").verdict == "interrupt"
