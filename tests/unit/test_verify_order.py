"""Whether an order is one order to give one dose of the drug now: everything that makes another thing of it is found."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from posology import stories
from tests.unit.ordered import (
    DOSAGE,
    ELEMENT,
    OWN,
    Change,
    Resource,
    add,
    at,
    drop,
    findings,
    held,
    mg,
    no_words,
    put,
    request,
    route,
    say,
    unsay,
    verified,
)

ATC, RXNORM = "http://www.whocc.no/atc", "http://www.nlm.nih.gov/research/umls/rxnorm"
DRUG = {"coding": [{"system": ATC, "code": "L01FB01"}]}
OTHER = {"coding": [{"system": ATC, "code": "L01CA02"}]}
RATES = (*DOSAGE, "doseAndRate", 0)
FIVE = {"value": Decimal(5), "unit": "mg", "code": "mg"}


def repeat(**given: Any) -> Change:
    return put(*DOSAGE, "timing", "repeat", to=given)


def again(**changes: Any) -> Change:
    """A second instruction."""
    return lambda made: made["dosageInstruction"].append({**deepcopy(made["dosageInstruction"][0]), **changes})


def ratio(volume: int, time: int, unit: str) -> Change:
    given = {"numerator": {"value": volume, "code": "mL"}, "denominator": {"value": time, "code": unit}}

    def change(made: Resource) -> None:
        place = made["dosageInstruction"][0]["doseAndRate"][0]
        place.pop("rateQuantity", None)
        place["rateRatio"] = given

    return change


def dose(**given: Any) -> Change:
    return put(*RATES, "doseQuantity", to={"value": Decimal("1.36"), **given})


def made_of(*ingredients: dict[str, Any]) -> Change:
    """The medication as a contained resource with these ingredients."""

    def change(made: Resource) -> None:
        del made["medicationCodeableConcept"]
        made["contained"] = [
            {"resourceType": "Medication", "id": "bag", "ingredient": list(ingredients)},
            {"resourceType": "Medication", "id": "other", "code": OTHER},
        ]
        made["medicationReference"] = {"reference": "#bag"}

    return change


def stated(**times: str) -> tuple[Change, ...]:
    return tuple(add(name.replace("_", "-"), valueDateTime=f"{time}:00-05:00") for name, time in times.items())


WRONG: list[tuple[str, tuple[Change, ...], str, str]] = [
    ("on hold", (put("status", to="on-hold"),), "E20:status", "stop"),
    ("no status", (drop("status"),), "E20:status", "confirm"),
    ("proposal", (put("intent", to="proposal"),), "E20:not-an-order", "confirm"),
    ("no intent", (drop("intent"),), "E20:not-an-order", "confirm"),
    ("reported", (put("reportedBoolean", to=True),), "E20:reported", "confirm"),
    ("substitution", (put("substitution", to={"allowedBoolean": True}),), "E02:substitution", "confirm"),
    ("two instructions", (again(),), "E08:several-instructions", "stop"),
    ("two days in two instructions", (again(timing={"event": ["2026-03-09"]}),), "E08:several-dates", "stop"),
    ("twice on one day", (put(*DOSAGE, "timing", to={"event": ["2026-03-02"] * 2}),), "E08:several-dates", "stop"),
    ("three times", (repeat(count=3),), "E08:repeats", "stop"),
    ("daily", (repeat(frequency=1, period=1, periodUnit="d"),), "E08:repeats", "stop"),
    ("for two weeks", (repeat(boundsPeriod={"start": "2026-03-02", "end": "2026-03-16"}),), "E08:repeats", "stop"),
    ("scheme", (put(*DOSAGE, "timing", "code", to={"text": "weekly"}),), "E08:repeats", "stop"),
    ("as needed", (put(*DOSAGE, "asNeededBoolean", to=True),), "E08:as-needed", "stop"),
    ("handed out again", (put("dispenseRequest", to={"numberOfRepeatsAllowed": 3}),), "E08:again", "stop"),
    ("expired", (put("dispenseRequest", to={"validityPeriod": {"end": "2026-03-01"}}),), "E08:validity", "confirm"),
    ("five vials handed out", (put("dispenseRequest", to={"quantity": {"value": 5, "unit": "vial"}}),), "E18:vials", "stop"),
    ("5 mg handed out", (put("dispenseRequest", to={"quantity": FIVE}),), "E18:dispensed", "confirm"),
    ("greatest amount", (put(*DOSAGE, "maxDosePerAdministration", to=FIVE),), "E05:maximum", "confirm"),
    ("a year ago", (put("authoredOn", to="2025-03-02"),), "E20:written-on", "confirm"),
    ("a bound", (dose(unit="mg", code="mg", comparator="<"),), "E05:unreadable", "stop"),
    ("g shown beside mg", (dose(unit="g", code="mg"),), "E05:unit", "stop"),
    ("rate as a ratio", (no_words, ratio(100, 1, "h")), "E16:rate", "stop"),
    ("range of rates", (put(*RATES, "rateRange", to={"low": {"value": 50}}),), "E20:rate", "confirm"),
    ("longest duration", (repeat(duration=60, durationMax=120, durationUnit="min"),), "E20:minutes", "confirm"),
    ("route as an element", (add("route", valueCode="intrathecal"),), "E16:route", "stop"),
    ("unknown code of a route", (route("424494006", "http://snomed.info/sct"),), "E16:route-unknown", "stop"),
    ("unknown code that is a word", (route("intramuscular"),), "E16:route", "stop"),
    ("unknown code with words", (put(*DOSAGE, "route", to={"coding": [{"code": "78421000"}], "text": "IM"}),),
     "E16:route", "stop"),
    ("infusion in words alone", (put(*DOSAGE, "route", to={"text": "intravenous infusion"}),),
     "E16:route-unknown", "confirm"),
    ("IV by a code that is not known", (route("IV", "urn:hl7"),), "E16:route-unknown", "confirm"),
    ("push in words alone", (put(*DOSAGE, "route", to={"text": "IV push"}),), "E16:route", "stop"),
    ("route in words alone", (put(*DOSAGE, "route", to={"text": "a vein"}),), "E16:route-unknown", "stop"),
    ("an extension of the instruction", (put(*DOSAGE, "modifierExtension", to=[{"url": "x"}]),), "E20:order", "stop"),
    ("an extension of the order", (put("modifierExtension", to=[{"url": "x"}]),), "E20:order", "stop"),
    ("unreadable day", (put(*DOSAGE, "timing", to={"event": ["on Monday"]}),), "E20:on", "stop"),
    ("no patient but a name", (put("subject", to={"display": "Ann Other"}),), "E01:subject", "stop"),
    ("two values of one element", (unsay("cycle"), add("cycle", valueInteger=1, valueDecimal=2)), "E20:cycle", "stop"),
    ("no cycles planned", (add("planned-cycles", valueInteger=0),), "E14:planned-cycles", "confirm"),
    ("diagnosis in words", (put("reasonCode", to=[{"text": "relapsed B-cell ALL"}]),), "E20:diagnosis", "confirm"),
    ("use-by alone", stated(use_by="2026-03-05T08:00"), "E17:unknown", "confirm"),
    ("reconstituted ten days ago", stated(reconstituted_at="2026-02-20T08:00"), "E17:day", "stop"),
    ("code that no list has", (lambda made: made["medicationCodeableConcept"]["coding"].append(
        {"system": RXNORM, "code": "99999999"}),), "E02:unknown-code", "stop"),
    ("ingredient by reference", (made_of({"itemCodeableConcept": DRUG}, {"itemReference": {"reference": "#other"}}),),
     "E02:products", "stop"),
    ("ingredient without a code", (made_of({"itemCodeableConcept": DRUG}, {"itemCodeableConcept": {"text": "x"}}),),
     "E02:uncoded-part", "confirm"),
    ("reference to nothing", (put("medicationReference", to={"reference": "Medication/none"}),),
     "E02:uncoded-part", "confirm"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "id", "severity"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_what_makes_another_thing_of_an_order_is_found(changes: tuple[Change, ...], id: str, severity: str) -> None:
    assert findings("first_dose", *changes).get(id) == severity


SALINE = {"itemCodeableConcept": {"coding": [{"system": ATC, "code": "B05BB01"}]}, "isActive": False}
HARMLESS: list[tuple[str, tuple[Change, ...]]] = [
    ("one time", (repeat(count=1, frequency=1, period=1, periodUnit="d"),)),
    ("once", (put(*DOSAGE, "timing", "code", to={"text": "once"}),)),
    ("period of the day", (repeat(boundsPeriod={"start": "2026-03-02", "end": "2026-03-02"}),)),
    ("duration in hours", (repeat(duration=1, durationUnit="h"),)),
    ("words as a second instruction", (lambda made: made["dosageInstruction"].append({"text": "Protect from light"}),)),
    ("ratio of an hour", (ratio(50, 1, "h"),)),
    ("ratio of minutes", (ratio(50, 60, "min"),)),
    ("mL in small letters", (put(*RATES, "rateQuantity", to={"value": 50, "unit": "ml/hr", "code": "ml/h"}),)),
    ("milligram in words", (dose(unit="milligram"),)),
    ("milligram beside its code", (dose(unit="Milligrams", code="mg"),)),
    ("1.360", (put(*RATES, "doseQuantity", "value", to=Decimal("1.360")),)),
    ("another zone", (put(*DOSAGE, "timing", to={"event": ["2026-03-03T01:00:00+09:00"]}),)),
    ("order of an instance", (put("intent", to="instance-order"),)),
    ("not forbidden", (put("doNotPerform", to=False),)),
    ("vials handed out", (put("dispenseRequest", to={"quantity": {"value": 2, "unit": "vials"}}),)),
    ("mg handed out", (put("dispenseRequest", to={"quantity": {"value": Decimal("1.8"), "code": "mg"}}),)),
    ("greatest amount", (put(*DOSAGE, "maxDosePerAdministration", to={"value": Decimal("1.36"), "code": "mg"}),)),
    ("written the day before", (put("authoredOn", to="2026-03-01"),)),
    ("saline injection", (say("diluent", "Sodium Chloride 0.9% Injection"),)),
    ("a bag with its diluent", (made_of({"itemCodeableConcept": DRUG}, SALINE),)),
]


@pytest.mark.parametrize("changes", [row[1] for row in HARMLESS], ids=[row[0] for row in HARMLESS])
def test_the_same_order_written_otherwise_has_no_finding(changes: tuple[Change, ...]) -> None:
    assert findings("first_dose", *changes) == {}


def test_a_bound_is_no_weight() -> None:
    bound = add("weight", valueQuantity={"value": Decimal("61.7"), "comparator": "<", "code": "kg"})
    assert findings("first_dose", unsay("weight"), bound) == {"E20:weight": "confirm"}


def test_an_order_not_to_give_the_drug_stops_and_stops_the_one_to_give_it() -> None:
    against = {**deepcopy(request("first_dose")), "id": "against", "doNotPerform": True}
    (alone,) = verified("first_dose", against)
    assert [one.id for one in alone.findings] == ["E13:not-to-give"] and alone.stops
    both = verified("first_dose", against, request("first_dose"))
    assert {one.order.id.endswith("against"): [part.id for part in one.findings] for one in both} == {
        True: ["E13:not-to-give"],
        False: ["E13:not-to-give"],
    }


def test_an_order_not_to_give_it_that_is_over_forbids_nothing() -> None:
    over = {**deepcopy(request("first_dose")), "id": "over", "doNotPerform": True, "status": "cancelled"}
    (found,) = verified("first_dose", over, request("first_dose"))
    assert found.findings == ()


def test_an_order_not_to_give_something_uncoded_is_asked_about_where_it_names_the_drug_or_nothing() -> None:
    against = {**deepcopy(request("first_dose")), "id": "against", "doNotPerform": True}
    for named, found in (("inotuzumab", {"E13:may-forbid"}), ("ibuprofen", set())):
        against["medicationCodeableConcept"] = {"text": named}
        seen = {
            one.order.id: {part.id for part in one.findings}
            for one in verified("first_dose", against, request("first_dose"))
        }
        assert seen.pop("MedicationRequest/against", {"E02:uncoded"}) == {"E02:uncoded"}
        assert list(seen.values()) == [found]


def test_a_reason_stays_one_printable_line_of_bearable_length() -> None:
    made = deepcopy(request("first_dose"))
    no_words(made)
    made["medicationCodeableConcept"]["text"] = "the usual\x1b[31m\n" * 1000
    made["dosageInstruction"][0]["text"] = "5 mg\n" * 1000
    (found,) = verified("first_dose", made)
    assert {part.id for part in found.findings} == {"E23:text", "E02:unnamed"}
    for part in found.findings:
        assert all(text.isprintable() and len(text) < 1100 for text in (part.reason, str(part.written)))


def test_of_a_dose_that_cannot_be_read_the_vials_are_asked_about_and_not_accused() -> None:
    text = put(*RATES, "doseQuantity", to={"value": "2.2 mg"})
    found = findings("first_dose", no_words, text, say("vials", 3), say("volume", "8.8"))
    assert found == {"E05:unreadable": "stop", "E18:vials": "confirm", "E18:volume": "confirm"}


def test_an_order_that_cannot_be_read_is_said_to_be_so_and_nothing_of_it_is_called_missing() -> None:
    assert findings("first_dose", put("modifierExtension", to=[{"url": "x"}])) == {"E20:order": "stop"}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ((add("final-volume", valueQuantity={"value": 10, "code": "mL"}),), {}),
        ((add("final-volume", valueQuantity={"value": 18, "code": "mL"}),), {"E16:final-volume": "stop"}),
        (
            (
                add("final-volume", valueQuantity={"value": 10, "code": "mL"}),
                put(*RATES, "rateQuantity", to={"value": 10, "code": "mL/h"}),
                add("concentration", valueQuantity={"value": Decimal("0.044"), "code": "mg/mL"}),
            ),
            {},
        ),
        (
            (
                add("final-volume", valueQuantity={"value": 10, "code": "mL"}),
                put(*RATES, "rateQuantity", to={"value": 50, "code": "mL/h"}),
            ),
            {"E16:rate": "stop"},
        ),
    ],
)
def test_the_pharmacist_may_write_a_volume_of_a_syringe_inside_its_window(
    changes: tuple[Change, ...], found: dict[str, str]
) -> None:
    """0.44 mg: 4.4 to 17.6 mL."""
    assert findings("child", no_words, *changes) == found


@pytest.mark.parametrize(
    ("display", "found"),
    [("DOE, Jane", set()), ("J. Doe", set()), ("Jane Dòe", set()), ("Jane Roe", {"E01:name"}), ("Mary Doe", {"E01:name"})],
)
def test_a_name_is_the_patients_by_its_family_name_and_a_given_one(display: str, found: set[str]) -> None:
    bundle, made = deepcopy(stories.bundle("first_dose")), deepcopy(request("first_dose"))
    bundle["entry"][0]["resource"]["name"] = [{"family": "Doe", "given": ["Jane"]}]
    made["subject"]["display"] = display
    (one,) = held(bundle, at("first_dose"), made)
    assert {part.id for part in one.findings} == found


def test_too_soon_is_said_in_days_after_the_last_dose() -> None:
    made = deepcopy(request("responder_day_8"))
    for change in (no_words, put(*DOSAGE, "timing", to={"event": ["2026-03-07"]})):
        change(made)
    (found,) = verified("responder_day_8", made)
    (soon,) = [one for one in found.findings if one.id == "E09:on"]
    assert soon.reason.startswith("5 days after the last dose") and not soon.overridable


@pytest.mark.parametrize("unit", ["mL", "mg/m2", "{vial}"])
def test_only_between_units_of_mass_is_a_factor_of_a_thousand_spoken_of(unit: str) -> None:
    made = deepcopy(request("first_dose"))
    for change in (no_words, mg("1.36", unit)):
        change(made)
    (found,) = verified("first_dose", made)
    assert [one.id for one in found.findings] == ["E05:unit"] and "thousand" not in found.findings[0].reason


def test_our_element_of_a_route_and_its_code_are_both_looked_at() -> None:
    same = {"url": f"{ELEMENT}route", "valueCode": "intravenous_infusion"}
    assert findings("first_dose", lambda made: made["extension"].append(same)) == {}
    assert findings("first_dose", route("intravenous-infusion", OWN)) == {}
