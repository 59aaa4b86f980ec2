"""Who signs, what counts unsigned, and what two contradicting words leave: the safer of every reading."""

from typing import Any

import pytest

from posology.record import Quality
from tests.fixtures.fhir.build import (
    DOCTOR,
    OWN,
    SNOMED,
    bundle,
    coded,
    component,
    condition,
    load,
    noted,
    own,
    quantity,
    read,
    the,
)
from tests.fixtures.fhir.green import DAY_8, FIRST, GREEN, decided, each, facts, sent

PRACTITIONER = {"resourceType": "Practitioner", "id": "x"}
DEVICE = {"resourceType": "Device", "id": "x"}
SIGN = {
    "a practitioner": ({"reference": "Practitioner/7"}, True),
    "a role": ({"reference": "PractitionerRole/7"}, True),
    "by version": ({"reference": "Practitioner/7/_history/2"}, True),
    "by address": ({"reference": "https://a.example/fhir/Practitioner/7"}, True),
    "by identifier": ({"type": "Practitioner", "identifier": {"value": "7"}}, True),
    "by a type as address": (
        {"type": "http://hl7.org/fhir/StructureDefinition/PractitionerRole", "identifier": {"value": "7"}},
        True,
    ),
    "by an unknown urn with a type": ({"reference": "urn:uuid:1", "type": "Practitioner"}, True),
    "by an unknown urn": ({"reference": "urn:uuid:1"}, True),
    "an organisation": ({"reference": "Organization/7"}, False),
    "a device": ({"reference": "Device/7"}, False),
    "a relative": ({"reference": "RelatedPerson/7"}, False),
    "the patient": ({"reference": "Patient/p1"}, False),
    "a care team": ({"reference": "CareTeam/7"}, False),
    "a device that says it is a practitioner": ({"reference": "Device/7", "type": "Practitioner"}, False),
    "a practitioner said to be a device": ({"reference": "Practitioner/7", "type": "Device"}, False),
    "an identifier of nobody knows whom": ({"identifier": {"value": "7"}}, True),
    "an identifier of a device": ({"type": "Device", "identifier": {"value": "7"}}, False),
    "an empty identifier": ({"type": "Practitioner", "identifier": {}}, False),
    "a type alone": ({"type": "Practitioner"}, False),
    "a name alone": ({"display": "Dr Who"}, True),
    "an empty reference": ({"reference": "", "type": "Practitioner"}, False),
    "a reference without an id": ({"reference": "Practitioner/"}, False),
    "a word": ({"reference": "Practitioner"}, False),
    "something not there": ({"reference": "#x", "type": "Practitioner"}, False),
    "a number": ({"reference": 7}, False),
}


@pytest.mark.parametrize("performer, counts", SIGN.values(), ids=SIGN)
def test_a_practitioner_or_somebody_not_said_to_be_another_signs(performer: Any, counts: bool) -> None:
    judged = own("severe-liver-toxicity", valueBoolean=False, performer=[performer])
    assert the("severe_liver_toxicity", judged).signed is counts


@pytest.mark.parametrize("held, counts", [(PRACTITIONER, True), (DEVICE, False)])
def test_a_contained_or_bundled_signer_counts_by_what_it_is(held: dict[str, Any], counts: bool) -> None:
    judged = own("severe-liver-toxicity", valueBoolean=False, performer=[{"reference": "#x"}], contained=[held])
    assert the("severe_liver_toxicity", judged).signed is counts
    named = bundle(own("severe-liver-toxicity", valueBoolean=False, performer=[{"reference": "urn:uuid:9"}]), held)
    named["entry"][-1]["fullUrl"] = "urn:uuid:9"
    assert load(named).of("severe_liver_toxicity")[0].signed is counts


def test_one_practitioner_among_others_signs() -> None:
    both = [{"reference": "Device/1"}, *DOCTOR]
    assert the("severe_liver_toxicity", own("severe-liver-toxicity", valueBoolean=False, performer=both)).signed


@pytest.mark.parametrize("when, counts", [("2026-03-02", True), ("2026-03", False), ("2026", False)])
def test_a_signature_has_a_day(when: str, counts: bool) -> None:
    judged = own("severe-liver-toxicity", valueBoolean=False, effectiveDateTime=when)
    assert the("severe_liver_toxicity", judged).signed is counts


@pytest.mark.parametrize("story", [DAY_8, FIRST])
@pytest.mark.parametrize(
    "performer", [[{"reference": "Device/7"}], [{"reference": "Organization/7"}], [{"reference": "RelatedPerson/7"}]]
)
def test_a_review_that_no_practitioner_signed_gives_no_green_light(performer: Any, story: str) -> None:
    found = sent(story=story)
    for review in each(found, "Observation", "pre-dose-review") + each(found, "Observation", "baseline-review"):
        review["performer"] = performer
    assert decided(found, story)[0] == "ask"


def reviewed(*parts: dict[str, Any], when: str = "2026-03-09T08:15:00-04:00", **more: Any) -> dict[str, Any]:
    plain = own("pre-dose-review", component=list(parts), effectiveDateTime=when, performer=None, **more)
    return {**plain, "id": "unsigned"}


def reaction(grade: int) -> dict[str, Any]:
    return reviewed(component("infusion-reaction-grade", valueInteger=grade))


UNSIGNED = {
    "suspected disease": (reviewed(component("vod", "suspected")), ("interrupt", "discontinue")),
    "confirmed disease": (reviewed(component("vod", "confirmed")), ("discontinue", "discontinue")),
    # A toxicity that nobody named may be an encephalopathy: only grade 0 rules that out.
    "a toxicity of grade 2": (reviewed(component("toxicity-grade", valueInteger=2)), ("interrupt", "discontinue")),
    "a reaction of grade 2": (reaction(2), ("ask", "discontinue")),
    "a reaction of grade 3": (reaction(3), ("discontinue", "discontinue")),
    "severe liver toxicity": (
        own("severe-liver-toxicity", valueBoolean=True, performer=None, effectiveDateTime="2026-03-09T08:15:00-04:00"),
        ("discontinue", "discontinue"),
    ),
}


@pytest.mark.parametrize("resource, expected", UNSIGNED.values(), ids=UNSIGNED)
def test_a_danger_needs_no_signature(resource: dict[str, Any], expected: tuple[str, str]) -> None:
    assert decided(sent(resource)) == expected
    assert "unsigned_danger" in noted(load(sent(resource)))


@pytest.mark.parametrize(
    "part",
    [component("vod", "ruled-out"), component("toxicity-grade", valueInteger=0), component("toxicity-kind", "laboratory")],
)
def test_an_unsigned_reassurance_is_not_heard(part: dict[str, Any]) -> None:
    assert not any(reading.signed for reading in read(reviewed(part)).readings)


def test_an_unsigned_danger_rules_nothing_worse_out() -> None:
    reading = the("toxicity_review", reviewed(component("toxicity-grade", valueInteger=2)))
    assert (reading.value, reading.quality, reading.signed) == (2, Quality.BOUNDED, True)


def test_an_unsigned_grade_2_is_not_released_by_a_grade_2_from_before_treatment() -> None:
    before = own("baseline-review", component=[component("toxicity-grade", valueInteger=2)])
    found = sent({**before, "id": "before", "effectiveDateTime": "2026-03-01"}, UNSIGNED["a toxicity of grade 2"][0])
    assert decided(found) != GREEN


def test_a_later_signed_look_clears_an_unsigned_suspicion() -> None:
    earlier = reviewed(component("vod", "suspected"), when="2026-03-08T08:00:00-04:00")
    assert decided(sent(earlier)) == GREEN


def test_a_danger_counts_where_its_status_cannot_be_read() -> None:
    assert decided(sent({**reviewed(component("vod", "confirmed")), "status": "finale"}))[0] == "discontinue"


def two(system: str, *words: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": word} for word in words]}


@pytest.mark.parametrize("words", [("ruled-out", "confirmed"), ("confirmed", "ruled-out"), ("ruled-out", "suspected")])
def test_two_contradicting_codings_are_no_reassurance(words: tuple[str, str]) -> None:
    part = component("vod", valueCodeableConcept=two(OWN, *words))
    record = read(reviewed(part, when="2026-03-02T08:00:00Z"))
    assert "contradictory" in noted(record)
    assert {one.value for one in record.of("vod_review")} == {None, next(word for word in words if word != "ruled-out")}
    green = sent()
    for review in each(green, "Observation", "pre-dose-review"):
        for one in review["component"]:
            if one["code"]["coding"][0]["code"] == "vod":
                one["valueCodeableConcept"] = two(OWN, *words)
    assert decided(green)[1] == "discontinue"
    assert decided(green)[0] in ("ask", "discontinue")


@pytest.mark.parametrize("words", [("CR", "none"), ("none", "CR")])
def test_two_contradicting_responses_are_none(words: tuple[str, str]) -> None:
    readings = read(own("response", valueCodeableConcept=two(OWN, *words))).of("response")
    assert {(one.value, one.quality) for one in readings} == {(None, Quality.CONFLICTING)}
    story = "cycle_2_remission"
    found = sent(story=story)
    for one in each(found, "Observation", "response"):
        one["valueCodeableConcept"] = two(OWN, *words)
    assert facts(found, story)["response"].why == "conflicting"
    assert decided(found, story)[0] == "ask"


def test_two_codings_that_say_the_same_are_one() -> None:
    both = {"coding": [*coded(SNOMED, "260385009")["coding"], *coded(OWN, "negative")["coding"]]}
    assert the("cd22_positive", own("cd22", valueCodeableConcept=both)).value is False


CONTRADICTIONS = {
    "a coding and a boolean": own("severe-liver-toxicity", "no", valueBoolean=True),
    "a value and a component": own("cd22", "positive", component=[component("cd22", "negative")]),
    "two components": own("pre-dose-review", component=[component("vod", "ruled-out"), component("vod", "confirmed")]),
    "two grades": own(
        "pre-dose-review",
        component=[component("infusion-reaction-grade", valueInteger=grade) for grade in (0, 4)],
    ),
    "a share and a word": own("mrd", "positive", valueQuantity=quantity("0.00001", "1")),
}


@pytest.mark.parametrize("resource", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_value_that_contradicts_another_of_the_same_observation_is_none(resource: dict[str, Any]) -> None:
    record = read(resource)
    assert "contradictory" in noted(record)
    assert {one.quality for one in record.readings} <= {Quality.CONFLICTING, Quality.BOUNDED}


def test_of_two_grades_the_worse_still_counts() -> None:
    assert {one.value for one in read(CONTRADICTIONS["two grades"]).readings} == {None, 4}


VOD, LEUKAEMIA = "65617004", "277571004"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"


@pytest.mark.parametrize("words", [("refuted", "confirmed"), ("entered-in-error", "confirmed"), ("unclear",), ()])
def test_a_verification_that_contradicts_itself_or_cannot_be_read_is_in_doubt(words: tuple[str, ...]) -> None:
    dated = {"recordedDate": "2026-01-12", "verificationStatus": two(VERIFICATION, *words)}
    vod = read({**condition(VOD, verified=None), **dated})
    assert vod.of("vod_review")[0].value == "suspected"
    assert read({**condition(LEUKAEMIA, verified=None), **dated}).of("b_all")[0].value is None


def test_a_state_that_is_over_and_not_over_goes_on() -> None:
    both = {"clinicalStatus": two("urn:x", "resolved", "active"), "abatementDateTime": "2026-02-01"}
    record = read(condition("77386006", recordedDate="2026-01-12", **both))
    assert [one.value for one in record.of("pregnant")] == [True]
