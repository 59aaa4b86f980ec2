"""What the words of an order say beside its codes and numbers is found; what they deny, or say rightly, is not."""

from __future__ import annotations

from typing import Any

import pytest

from posology.knowledge.orders import orders
from posology.knowledge.phrases import named
from tests.unit.ordered import DOSAGE, OWN, Change, findings, mg, no_words, put, say, unsay, words

RIGHT = (
    "INOtuzumab ozogamicin 1.36 mg (0.8 mg/m2 for 1.6969 m2) by intravenous infusion in a final volume of 50 mL "
    "over 60 minutes at 50 mL per hour, on 2026-03-02, cycle 1, Day 1."
)


def reworded(old: str, new: str) -> Change:
    assert old in RIGHT
    return words(RIGHT.replace(old, new))


def further(text: str) -> Change:
    return words(f"{RIGHT} {text}")


def noted(text: str) -> Change:
    return put("note", to=[{"text": text}])


WRONG: list[tuple[str, Change, str, str]] = [
    ("intrathecal", reworded("by intravenous infusion", "by intrathecal injection"), "E16:spinal-words", "stop"),
    ("into the spine", further("No food; give into the spine."), "E16:spinal-words", "stop"),
    ("spinal canal", reworded("by intravenous infusion", "into the spinal canal"), "E16:spinal-words", "stop"),
    ("IT", words("INOtuzumab ozogamicin 1.36 mg IT"), "E16:spinal-words", "stop"),
    ("hidden in the word", further("Intra\u00adthecal."), "E16:spinal-words", "stop"),
    ("denied of something else", further("No premedication, give intrathecally."), "E16:spinal-words", "stop"),
    ("not oral but", further("Not oral but intrathecal."), "E16:spinal-words", "stop"),
    ("subcutaneous", reworded("intravenous infusion", "subcutaneous injection"), "E16:route-words", "stop"),
    ("by mouth", reworded("intravenous infusion", "mouth"), "E16:route-words", "stop"),
    ("site", put(*DOSAGE, "site", to={"text": "Ommaya reservoir"}), "E16:spinal-words", "stop"),
    ("method", put(*DOSAGE, "method", to={"text": "intrathecal injection"}), "E16:spinal-words", "stop"),
    ("text of the route", put(*DOSAGE, "route", "text", to="intrathecal"), "E16:spinal-words", "stop"),
    ("display of the route", put(*DOSAGE, "route", "coding", 0, "display", to="Intrathecal"), "E16:spinal-words", "stop"),
    ("route in words alone", put(*DOSAGE, "route", to={"text": "intrathecal"}), "E16:spinal-words", "stop"),
    ("advice", put(*DOSAGE, "additionalInstruction", to=[{"text": "intrathecal"}]), "E16:spinal-beside", "confirm"),
    ("to the patient", put(*DOSAGE, "patientInstruction", to="into your spinal fluid"), "E16:spinal-beside", "confirm"),
    ("note", noted("Give intrathecally with methotrexate"), "E16:spinal-beside", "confirm"),
    ("note of another route", noted("Paracetamol by mouth first"), "E16:route-beside", "note"),
    ("glucose", further("Dilute in glucose 5 %."), "E16:diluent-words", "stop"),
    ("look-alike", reworded("INOtuzumab", "GEMtuzumab"), "E02:words", "stop"),
    ("look-alike in a note", noted("gemtuzumab today"), "E02:beside", "confirm"),
    ("another medicine", further("With vincristine in the same bag."), "E02:others-in-words", "confirm"),
    ("weekly", further("Repeat weekly for 3 doses."), "E08:repeat-words", "confirm"),
    ("do not give", further("DO NOT GIVE."), "E13:against-words", "confirm"),
    ("hold", words(f"HOLD. {RIGHT}"), "E13:against-words", "confirm"),
    ("a comma", reworded("1.36 mg ", "1,63 mg "), "E23:text", "stop"),
    ("micrograms", reworded("1.36 mg ", "2360 micrograms "), "E23:text", "stop"),
    ("grams", reworded("1.36 mg ", "1.36 g "), "E23:text", "stop"),
    ("number in letters", reworded("1.36 mg ", "two milligrams "), "E23:text", "stop"),
    ("times", reworded("1.36 mg ", "10 x 1.36 mg "), "E23:text", "stop"),
    ("mg / m^2", reworded("0.8 mg/m2", "1.8 mg / m^2"), "E23:text", "stop"),
    ("hours", reworded("60 minutes", "2 hours"), "E23:text", "stop"),
    ("mins", reworded("60 minutes", "15 mins"), "E23:text", "stop"),
    ("litres", reworded("50 mL over", "0.5 L over"), "E23:text", "stop"),
    ("vials", further("Use 3 vials."), "E23:text", "stop"),
    ("kilograms", further("Weight 136 kg."), "E23:text", "stop"),
    ("C2D1", reworded("cycle 1, Day 1", "C2D1"), "E23:text", "stop"),
    ("day eight", reworded("Day 1", "Day eight"), "E23:text", "stop"),
    ("month in letters", reworded("2026-03-02", "3 March 2026"), "E23:text", "stop"),
    ("American day", reworded("2026-03-02", "March 3, 2026"), "E23:text", "stop"),
    ("a later day too", further("And on 2026-03-09."), "E23:text", "stop"),
    ("two-way day", reworded("2026-03-02", "02/03/2026"), "E20:shorthand", "confirm"),
    ("right in micrograms", reworded("1.36 mg ", "1360 micrograms "), "E05:unit-words", "confirm"),
    ("right with a comma", reworded("1.36 mg ", "1,36 mg "), "E05:numeral", "confirm"),
    ("digits of another script", reworded("1.36 mg ", "\u0661.\u0663\u0666 mg "), "E05:numeral", "confirm"),
    ("amount to the patient", put(*DOSAGE, "patientInstruction", to="You get 5 mg"), "E23:beside", "confirm"),
    ("amount in a note", noted("Give 5 mg"), "E23:beside", "confirm"),
    ("name", put("medicationCodeableConcept", "text", to="the usual"), "E02:unnamed", "confirm"),
    ("another name", put("medicationCodeableConcept", "text", to="trastuzumab"), "E02:products", "stop"),
    ("intra thecal", further("Intra thecal."), "E16:spinal-words", "stop"),
    ("a letter of another script", further("Intr\u0430thecal."), "E20:letters", "confirm"),
    ("the line turned round", further("\u202eesod"), "E20:letters", "confirm"),
    ("dose after its unit", reworded("1.36 mg ", "mg 13.6 "), "E23:unsaid", "confirm"),
    ("dose in Roman numbers", reworded("1.36 mg ", "II mg "), "E23:unsaid", "confirm"),
    ("mg/dose", reworded("1.36 mg ", "13.6 mg/dose "), "E23:text", "stop"),
    ("mL/min", reworded("50 mL per hour", "50 mL/min"), "E23:text", "stop"),
    ("day with strokes", reworded("2026-03-02", "2026/03/03"), "E23:text", "stop"),
    ("day in short", reworded("2026-03-02", "2026-3-3"), "E23:text", "stop"),
    ("day of another visit alone", reworded("2026-03-02", "2026-02-27"), "E23:text", "stop"),
    ("03-03-2026", reworded("2026-03-02", "03-03-2026"), "E20:shorthand", "confirm"),
    ("cycle no.", reworded("cycle 1", "cycle no. 2"), "E23:text", "stop"),
    ("2nd cycle", reworded("cycle 1", "2nd cycle"), "E23:text", "stop"),
    ("Day: 8", reworded("Day 1", "Day: 8"), "E23:text", "stop"),
    ("several days", reworded("Day 1", "Days 1, 8 and 15"), "E08:repeat-words", "confirm"),
    ("d1, d8", reworded("Day 1", "d1, d8, d15"), "E08:repeat-words", "confirm"),
    ("mg/kg", further("0.02 mg/kg."), "E05:unit-words", "confirm"),
    ("pounds", further("Weight 136 lb."), "E05:unit-words", "confirm"),
    ("no premedication", further("No premedication."), "E15:words", "confirm"),
    ("nylon", further("Use a nylon filter."), "E16:material-words", "confirm"),
    ("undiluted", further("Give undiluted."), "E16:diluent-words", "stop"),
    ("cancelled", further("Cancel this order."), "E13:against-words", "confirm"),
    ("by telephone", further("Telephone order."), "E20:verbal", "confirm"),
    ("with another drug", further("Run with cytarabine."), "E02:others-in-words", "confirm"),
    ("display", put("medicationCodeableConcept", "text", to="vinCRIStine 2 mg"), "E02:products", "stop"),
]


@pytest.mark.parametrize(("change", "id", "severity"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_words_that_say_something_else_are_found(change: Change, id: str, severity: str) -> None:
    assert findings("first_dose", change).get(id) == severity


HARMLESS: list[tuple[str, tuple[Change, ...]]] = [
    ("denied routes", (further("Never intrathecal. Not for push or bolus."),)),
    ("denied list", (further("Never as push, bolus or intrathecally."),)),
    ("fatal if", (further("For intravenous use only; fatal if given intrathecally."),)),
    ("capital letters", (words(RIGHT.upper()),)),
    ("area to two decimals", (reworded("1.6969", "1.7"),)),
    ("area to two decimals by number", (say("bsa", "1.7"),)),
    ("an hour", (reworded("60 minutes", "1 hour"),)),
    ("what is drawn", (further("Draw 5.44 mL from 2 vials of 0.9 mg."),)),
    ("what a millilitre holds", (further("Reconstituted 0.25 mg/mL."),)),
    ("a laboratory value", (further("Creatinine 0.6 mg/dL, ALT 35 U/L."),)),
    ("a finding of the spine", (further("History of spinal compression."),)),
    ("flush", (further("Flush with 20 mL sodium chloride 0.9 %."),)),
    ("before it", (further("Premedication 30 minutes before."),)),
    ("an earlier day", (further("Laboratory values of 2026-03-01."),)),
    ("no nylon", (further("Never nylon or mixed cellulose ester."),)),
    ("days of the cycle after it", (further("Day 1, 60 minutes."),)),
    ("size", (further("Height 168 cm, weight 61.7 kg."),)),
    ("advice that denies", (put(*DOSAGE, "additionalInstruction", to=[{"text": "never intrathecal"}]),)),
    ("name of the brand", (put("medicationCodeableConcept", "text", to="Besponsa (not gemtuzumab)"),)),
    ("rounded site", (no_words, mg("1.37"), unsay("volume"), unsay("concentration"))),
]


@pytest.mark.parametrize("changes", [row[1] for row in HARMLESS], ids=[row[0] for row in HARMLESS])
def test_words_that_say_the_same_or_deny_the_other_are_not_found(changes: tuple[Change, ...]) -> None:
    assert {id for id, severity in findings("first_dose", *changes).items() if severity != "note"} == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Premedicate with acetaminophen 650 mg by mouth 30 minutes before.", {"E02:others-in-words": "confirm"}),
        ("Premedicate by mouth, then give 13.6 mg.", {"E02:others-in-words": "confirm"}),
        ("Dexamethasone 8 mg. Then 13.6 mg.", {"E02:others-in-words": "confirm", "E23:text": "stop"}),
        ("Dexamethasone 8 mg intrathecally.", {"E02:others-in-words": "confirm", "E16:spinal-words": "stop"}),
        ("Dexamethasone with inotuzumab 8 mg.", {"E02:others-in-words": "confirm", "E23:text": "stop"}),
        ("Vincristine 2 mg.", {"E02:others-in-words": "confirm", "E23:text": "stop"}),
    ],
)
def test_a_sentence_about_the_premedication_alone_is_asked_about_and_hides_nothing_else(
    text: str, found: dict[str, str]
) -> None:
    assert findings("first_dose", further(text)) == found


def test_in_capital_letters_alone_a_word_that_may_be_an_abbreviation_is_asked_about() -> None:
    assert findings("first_dose", words("GIVE 1.36 MG. GIVE IT OVER 60 MINUTES")) == {"E20:shorthand": "confirm"}


def test_the_spinal_route_in_words_is_never_overridden() -> None:
    assert {"E16:route", "E16:spinal-words"} <= orders().hard


def test_a_push_that_is_denied_is_no_push_and_one_that_is_named_is() -> None:
    assert "E16:route" not in findings("first_dose", words("1.36 mg, never intrathecally, as a push or a bolus"))
    assert "E16:route" in findings("first_dose", words("1.36 mg as a slow push"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("oral", ("oral",)),
        ("ORALLY and IT", ("ORALLY", "IT")),
        ("it is temporal", ()),
        ("do not give by mouth", ()),
        ("don't give by mouth", ()),
        ("not only by mouth", ("by mouth",)),
        ("never by mouth: oral", ("oral",)),
        ("no fever, oral", ("oral",)),
    ],
)
def test_a_text_names_a_word_that_stands_whole_and_undenied(text: str, found: tuple[str, ...]) -> None:
    assert named(("oral*", "by mouth", "IT"), text) == found


def test_every_word_of_the_table_is_found_where_it_stands_alone() -> None:
    unseen: list[Any] = [
        (kind, word)
        for kind in ("spinal", "spinal_short", "other_routes", "other_short", "diluents", "repeats", "against")
        for word in orders().words[kind]
        if not named((word,), f"x {word.removesuffix('*')} x")
    ]
    assert unseen == []


def test_a_route_that_is_coded_otherwise_is_not_told_a_second_time_by_its_words() -> None:
    both = put(*DOSAGE, "route", to={"coding": [{"system": OWN, "code": "intrathecal", "display": "intrathecal"}]})
    assert findings("first_dose", both) == {"E16:route": "stop"}
