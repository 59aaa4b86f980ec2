"""Every class of error that the record shows is found on a written order, each on both sides of its limit."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from posology import stories
from posology.verify import NoOrder
from tests.unit.ordered import (
    DOSAGE,
    GIVEN,
    OWN,
    Change,
    add,
    at,
    borrowed,
    drawn,
    drop,
    findings,
    held,
    mg,
    no_words,
    put,
    request,
    route,
    say,
    sheet,
    unsay,
    verified,
    words,
)

ATC = "http://www.whocc.no/atc"
RATES = (*DOSAGE, "doseAndRate")
LOOK_ALIKE = {"system": ATC, "code": "L01FX02"}


@pytest.mark.parametrize("name", GIVEN)
def test_the_order_that_the_record_supports_has_no_finding(name: str) -> None:
    (found,) = verified(name, request(name))
    assert found.findings == () and not found.stops
    assert {one.state for one in found.checked} == {"same"} and len(found.checked) > 35


FIRST: list[tuple[str, tuple[Change, ...], dict[str, str]]] = [
    ("no subject", (drop("subject"),), {"E01:subject": "stop"}),
    ("look-alike", (put("medicationCodeableConcept", to={"coding": [LOOK_ALIKE]}),), {"E02:drug": "stop"}),
    (
        "look-alike in words alone",
        (put("medicationCodeableConcept", "text", to="GEMtuzumab ozogamicin"),),
        {"E02:products": "stop"},
    ),
    (
        "two products",
        (lambda made: made["medicationCodeableConcept"]["coding"].append(LOOK_ALIKE),),
        {"E02:products": "stop"},
    ),
    ("no code", (put("medicationCodeableConcept", to={"text": "the usual"}),), {"E02:uncoded": "confirm"}),
    ("exchanged", (say("height", "61.7"), say("weight", "168")), {"E03:exchanged": "stop"}),
    ("pounds", (say("weight", "136"),), {"E03:weight": "stop"}),
    ("a tenth of a kilogram", (say("weight", "61.8"),), {"E03:weight": "stop"}),
    ("inches", (say("height", "66.1"),), {"E03:height": "stop"}),
    ("another day", (say("measured-on", "2026-02-27"),), {"E03:measured-on": "confirm"}),
    ("area by hand", (no_words, say("bsa", "1.8")), {"E04:bsa": "stop"}),
    ("area to two decimals", (no_words, say("bsa", "1.70")), {}),
    ("area a hundredth off", (no_words, say("bsa", "1.71")), {"E04:bsa": "stop"}),
    ("formula", (say("bsa-formula", "dubois"),), {"E04:bsa-formula": "confirm"}),
    ("tenfold", (no_words, mg("13.6")), {"E05:tenfold": "stop"}),
    ("tenth", (no_words, mg("0.136")), {"E05:tenfold": "stop"}),
    ("mg/m² as mg", (no_words, mg("0.8")), {"E05:per-m2": "stop"}),
    ("micrograms", (no_words, mg("1360", "ug")), {"E05:unit": "stop"}),
    ("micrograms as people write them", (no_words, mg("1360", "mcg")), {"E05:unit": "stop"}),
    (
        "dose as text",
        (put(*DOSAGE, "doseAndRate", to=[{"doseQuantity": {"value": "1.36 mg"}}]),),
        {"E05:unreadable": "stop"},
    ),
    (
        "a range",
        (no_words, put(*DOSAGE, "doseAndRate", to=[{"doseRange": {"low": {"value": 1}}}])),
        {"E05:unreadable": "stop"},
    ),
    (
        "rounded otherwise",
        (no_words, mg("1.37"), say("volume", "5.48"), say("concentration", "0.0274")),
        {"E05:rounding": "note"},
    ),
    ("rounded otherwise, the rest not", (no_words, mg("1.37")), {"E05:rounding": "note", "E18:another-dose": "confirm"}),
    ("five percent", (no_words, mg("1.42"), unsay("volume"), unsay("concentration")), {"E05:rounding": "note"}),
    ("beyond five percent", (no_words, mg("1.43")), {"E05:dose": "stop"}),
    ("another day's dose", (no_words, mg("0.85"), say("mg-per-m2", "0.5")), {"E06:dose": "stop", "E06:mg-per-m2": "stop"}),
    ("another day's milligrams", (no_words, mg("0.85")), {"E06:dose": "stop"}),
    ("cycle", (no_words, say("cycle", 2)), {"E08:cycle": "stop"}),
    ("day", (no_words, say("day", 8)), {"E08:day": "stop"}),
    ("dose number", (say("dose-number", 2),), {"E08:dose-number": "stop"}),
    ("a later day", (no_words, put(*DOSAGE, "timing", to={"event": ["2026-03-04"]})), {"E08:on": "confirm"}),
    (
        "several days",
        (no_words, put(*DOSAGE, "timing", to={"event": ["2026-03-02", "2026-03-09"]})),
        {"E08:several-dates": "stop"},
    ),
    ("level of a reduction", (no_words, mg("1.02"), say("mg-per-m2", "0.6")), {"E05:dose": "stop", "E05:mg-per-m2": "stop"}),
    ("seven cycles", (add("planned-cycles", valueInteger=7),), {"E14:planned-cycles": "stop"}),
    ("six cycles", (add("planned-cycles", valueInteger=6),), {}),
    ("intent", (say("intent", "proceeding"),), {"E14:intent": "confirm"}),
    ("cycles so far", (say("cycles-counted", 1),), {"E14:cycles-counted": "confirm"}),
    ("observation", (say("observe-minutes", "30"),), {"E15:observe-minutes": "confirm"}),
    ("intrathecal", (route("intrathecal"),), {"E16:route": "stop"}),
    ("push in words", (words("INOtuzumab ozogamicin 1.36 mg as a push"),), {"E16:route": "stop"}),
    ("glucose", (say("diluent", "glucose 5 %"),), {"E16:diluent": "stop"}),
    ("the diluent by another name", (say("diluent", "Normal saline"),), {}),
    ("volume", (no_words, say("final-volume", "100")), {"E16:final-volume": "stop"}),
    ("concentration", (say("concentration", "0.0273"),), {"E16:concentration": "stop"}),
    ("rate", (no_words, put(*DOSAGE, "doseAndRate", 0, "rateQuantity", "value", to=Decimal(100))), {"E16:rate": "stop"}),
    ("concentration to four decimals", (say("concentration", "0.02721"),), {}),
    ("path", (say("path", "syringe"),), {"E16:path": "stop"}),
    ("duration", (no_words, say("minutes", "30")), {"E16:minutes": "stop"}),
    ("vials of 1 mg would be two too", (say("vials", 3),), {"E18:vials": "stop"}),
    ("volume to draw", (say("volume", "5.4"),), {"E18:volume": "stop"}),
    ("regimen", (say("regimen", "R-CHOP"),), {"E22:regimen": "stop"}),
    ("edition", (say("edition", "eu"),), {"E22:edition": "stop"}),
    ("library", (say("knowledge", "0" * 16),), {"E22:knowledge": "confirm"}),
    ("figure that no table has", (say("reference-mg-per-m2", "0.9"),), {"E22:reference-mg-per-m2": "stop"}),
    ("words", (words("INOtuzumab ozogamicin 1.63 mg"),), {"E23:text": "stop"}),
    ("words that agree", (words("Give 1.36 mg in 50 mL at 50 mL per hour over 60 minutes"),), {}),
    ("day in words", (words("1.36 mg on 2026-03-03"),), {"E23:text": "stop"}),
    ("trailing zero", (no_words, mg("1"), words("1.0 mg")), {"E05:dose": "stop", "E05:numeral": "confirm"}),
    ("shorthand", (words("1.36 mg IV QD"),), {"E20:shorthand": "confirm"}),
    ("3/7", (words("1.36 mg for 3/7"),), {"E20:shorthand": "confirm"}),
    ("naked point", (words("1.36 mg in .05 L"),), {"E05:numeral": "confirm"}),
    ("no date", (drop("authoredOn"), drop(*DOSAGE, "timing")), {"E20:on": "stop", "E20:written-on": "confirm"}),
    ("no route", (drop(*DOSAGE, "route"),), {"E20:route": "stop"}),
    ("no diagnosis", (drop("reasonCode"),), {"E20:diagnosis": "confirm"}),
    ("another diagnosis", (put("reasonCode", to=[{"text": "lymphoma"}]),), {"E20:diagnosis": "confirm"}),
    ("allergies", (say("allergies", "known"),), {"E20:allergies": "stop"}),
    ("active and unsigned", (put("status", to="active"),), {"E20:prescriber": "confirm"}),
    ("active and signed", (put("status", to="active"), put("requester", to={"reference": "Practitioner/x"})), {}),
    ("an element said twice", (add("bsa", valueQuantity={"value": Decimal("1.8"), "code": "m2"}),), {"E20:bsa": "confirm"}),
    ("an element in words", (unsay("bsa"), add("bsa", valueString="about 1.7")), {"E20:bsa": "confirm"}),
    ("a unit of another kind", (unsay("bsa"), add("bsa", valueQuantity={"value": 1, "code": "kg"})), {"E20:bsa": "confirm"}),
]


@pytest.mark.parametrize(("changes", "found"), [row[1:] for row in FIRST], ids=[row[0] for row in FIRST])
def test_a_slip_on_the_first_order_is_found_as_its_class_and_nothing_else(
    changes: tuple[Change, ...], found: dict[str, str]
) -> None:
    assert findings("first_dose", *changes) == found


NAMED = {"name": [{"family": "Doe", "given": ["Jane"]}], "identifier": [{"system": "urn:mrn", "value": "123"}]}


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        ({"display": "DOE, Jane A."}, set()),
        ({"display": "Ann Other"}, {"E01:name"}),
        ({"identifier": {"system": "urn:mrn", "value": "123"}}, set()),
        ({"identifier": {"system": "urn:mrn", "value": "124"}}, {"E01:identifier"}),
    ],
)
def test_an_order_is_about_the_patient_whose_name_and_identifier_it_bears(subject: dict[str, Any], found: set[str]) -> None:
    bundle, made = deepcopy(stories.bundle("first_dose")), deepcopy(request("first_dose"))
    bundle["entry"][0]["resource"] |= NAMED
    made["subject"] |= subject
    (one,) = held(bundle, at("first_dose"), made)
    assert {part.id for part in one.findings} == found


@pytest.mark.parametrize(
    ("name", "changes", "found"),
    [
        ("cycle_2_remission", (mg("1.39"), say("mg-per-m2", "0.8")), {"E07:dose": "stop", "E07:mg-per-m2": "stop"}),
        ("cycle_2_no_remission", (mg("0.95"), say("mg-per-m2", "0.5")), {"E07:dose": "stop", "E07:mg-per-m2": "stop"}),
        ("interruption_15_days_cycle_2", (say("level", "full"),), {"E10:level": "stop"}),
        ("interruption_15_days_cycle_2", (unsay("change-reason"),), {"E20:change-reason": "confirm"}),
        ("interruption_15_days_cycle_2", (say("change-percent", "-25.004"),), {}),
        ("interruption_15_days_cycle_2", (say("change-percent", "-25.04"),), {"E05:change-percent": "stop"}),
        ("child", (add("final-volume", valueQuantity={"value": Decimal(50), "code": "mL"}),), {"E16:final-volume": "stop"}),
        ("cycle_2_remission", (say("vials", 2),), {"E18:vials": "stop"}),
    ],
)
def test_a_slip_of_a_later_cycle_is_found_as_its_class(
    name: str, changes: tuple[Change, ...], found: dict[str, str]
) -> None:
    assert findings(name, no_words, *changes) == found


def test_a_dose_copied_from_the_one_before_is_said_to_be_copied() -> None:
    """Cycle 2 in remission, an order of an amount given in cycle 1 that no branch of the regimen gives now."""
    before = {dose.mg for dose in drawn("cycle_2_remission").case.course.administered}
    due = sheet("cycle_2_remission").figures.amounts.rounded.mg
    copied = max(mg_ for mg_ in before if mg_ is not None and mg_ != due)
    found = findings("cycle_2_remission", no_words, mg(str(copied)))
    assert set(found) & {"E10:copied", "E07:dose"}


NOT_DUE = {
    "late_platelets": "E13:cycle_start_counts",
    "gilbert_unsigned": "E13:liver",
    "grade_2_nausea": "E13:other_toxicity",
    "severe_infusion_reaction": "E13:infusion_reaction",
    "vod_suspected": "E13:vod",
    "weight_gain": "E03:weight_change",
    "stale_labs": "E12:freshness",
    "six_cycles_done": "E14:course_limits",
    "non_responder_cycle_3_done": "E14:course_limits",
    "responder_to_transplant": "E14:course_limits",
    "day_8_held_for_alt_10_days": "E10:interruption_now",
    "first_dose_high_blasts": "E13:first_dose_readiness",
}


@pytest.mark.parametrize(("name", "id"), NOT_DUE.items(), ids=NOT_DUE)
def test_an_order_that_ignores_what_holds_the_dose_is_stopped(name: str, id: str) -> None:
    assert isinstance(drawn(name).sheet, NoOrder)
    (found,) = verified(name, borrowed(name))
    assert {one.id: one.severity for one in found.findings}[id] == "stop" and found.stops


ASKED = {
    "missing_uln": "E12:alt_uln",
    "wrong_unit_bilirubin": "E12:bilirubin",
    "pregnant_unknown": "E12:pregnant",
    "unsigned_review": "E12:vod_status",
    "blank": "E12:b_all",
}


@pytest.mark.parametrize(("name", "id"), ASKED.items(), ids=ASKED)
def test_what_the_record_lacks_is_named_and_asked_for(name: str, id: str) -> None:
    (found,) = verified(name, borrowed(name))
    assert {one.id: one.severity for one in found.findings}[id] == "confirm"


def test_what_a_hard_question_lacks_is_not_overridden_either() -> None:
    (found,) = verified("unsigned_review", borrowed("unsigned_review"))
    vod = [one for one in found.findings if one.element in ("vod", "vod_status")]
    assert vod and not any(one.overridable for one in vod)


@pytest.mark.parametrize("name", [name for name in NOT_DUE])
def test_beside_a_verdict_against_it_no_figure_of_a_dose_is_derived(name: str) -> None:
    (found,) = verified(name, borrowed(name))
    figures = {"dose", "mg-per-m2", "reference-mg-per-m2", "vials", "volume", "concentration", "level"}
    assert not [one for one in found.findings if one.element in figures and one.derived is not None]
    assert not [one for one in found.checked if one.element in figures and one.derived is not None]


def test_where_no_dose_is_due_the_numbers_of_the_order_must_still_fit_each_other() -> None:
    made = borrowed("late_platelets")
    mg("8.5")(made)
    no_words(made)
    (found,) = verified("late_platelets", made)
    assert "E05:arithmetic" in {one.id for one in found.findings}


def observed(code: str, value: Any, unit: str, at: str, name: str) -> dict[str, Any]:
    return {
        "resourceType": "Observation", "id": f"{code}-x", "status": "final", "subject": {"reference": f"Patient/{name}"},
        "code": {"coding": [{"system": OWN, "code": code}]}, "effectiveDateTime": at,
        "valueQuantity": {"value": Decimal(value), "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
    }  # fmt: skip


@pytest.mark.parametrize(("area", "found"), [("1.714", set()), ("1.72", {"E04:recorded"}), ("1.63", {"E04:recorded"})])
def test_an_area_filed_by_somebody_must_lie_within_the_published_formulas(area: str, found: set[str]) -> None:
    filed = observed("bsa-recorded", area, "m2", "2026-03-02T06:00:00-05:00", "first-dose")
    assert set(findings("first_dose", more=(filed,))) == found


def test_two_live_orders_for_the_drug_stop_each_other() -> None:
    second = {**deepcopy(request("first_dose")), "id": "second"}
    found = verified("first_dose", request("first_dose"), second)
    assert [{one.id for one in order.findings} for order in found] == [{"E08:twice"}, {"E08:twice"}]


def test_an_order_that_is_over_is_not_checked() -> None:
    over = {**deepcopy(request("first_dose")), "id": "second", "status": "cancelled"}
    (found,) = verified("first_dose", request("first_dose"), over)
    assert found.findings == ()


@pytest.mark.parametrize(
    ("until", "found"), [("13:00", set()), ("13:01", {"E17:use-by"})]
)  # reconstituted 08:00, diluted 09:00, kept at room temperature
def test_a_use_by_beyond_the_clocks_is_found(until: str, found: set[str]) -> None:
    times = [("reconstituted-at", "08:00"), ("diluted-at", "09:00"), ("use-by", until)]
    stated = [add(name, valueDateTime=f"2026-03-02T{clock}:00-05:00") for name, clock in times]
    assert set(findings("first_dose", *stated, add("held", valueCode="room"))) == found


@pytest.mark.parametrize(("mixed", "found"), [("12:00", set()), ("12:01", {"E17:dilution"})])
def test_a_dilution_beyond_four_hours_is_found(mixed: str, found: set[str]) -> None:
    times = [("reconstituted-at", "08:00"), ("diluted-at", mixed)]
    stated = [add(name, valueDateTime=f"2026-03-02T{clock}:00-05:00") for name, clock in times]
    assert set(findings("first_dose", *stated)) == found


def test_a_class_of_premedication_that_is_not_ordered_is_named() -> None:
    def one_less(made: dict[str, Any]) -> None:
        made["extension"] = [one for one in made["extension"] if one.get("valueCode") != "antipyretic"]

    assert findings("first_dose", one_less) == {"E15:premedication": "confirm"}


def test_what_another_order_of_the_record_says_changes_nothing_of_what_is_derived() -> None:
    other = {**deepcopy(request("first_dose")), "id": "second"}
    say("bsa-formula", "dubois")(other)
    found = {
        one.order.id: {part.id for part in one.findings} for one in verified("first_dose", request("first_dose"), other)
    }
    assert found[f"MedicationRequest/{request('first_dose')['id']}"] == {"E08:twice"}
    assert found["MedicationRequest/second"] == {"E08:twice", "E04:bsa-formula"}


def medicine(atc: str, on: str) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest", "id": f"pre-{atc}", "status": "active", "intent": "order", "authoredOn": on,
        "subject": {"reference": "Patient/first-dose"},
        "medicationCodeableConcept": {"coding": [{"system": ATC, "code": atc}]},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("codes", "on", "found"),
    [
        (("H02AB02", "N02BE01", "R06AA02"), "2026-03-02", {}),
        (("H02AB02", "N02BE01"), "2026-03-02", {"E15:premedication": "confirm"}),
        (("H02AB02", "N02BE01", "R06AA02"), "2026-03-01", {"E15:premedication": "confirm"}),
    ],
)
def test_premedication_may_stand_on_orders_of_its_own_for_that_day(
    codes: tuple[str, ...], on: str, found: dict[str, str]
) -> None:
    assert findings("first_dose", unsay("premedication"), more=tuple(medicine(code, on) for code in codes)) == found
