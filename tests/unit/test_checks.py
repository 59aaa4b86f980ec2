"""The four verifications: their order, four people, interruptions, a changed order, and what must have been seen."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from posology import stories
from posology.api import load_bundle, load_edition
from posology.fhir.signing import order_check
from posology.knowledge.checks import verifications
from posology.verify import Drawn, order
from posology.verify.care.checks import Checks, checks, refusal
from posology.verify.care.preparation import Hood, PrepSheet, prepare
from posology.verify.care.seen import expected

ZONE = ZoneInfo("America/New_York")
AT = datetime(2026, 3, 2, 11, 0, tzinfo=ZONE)
STEPS = [one.id for one in verifications()]
REVIEW, BEFORE, FINISHED, CHAIR = STEPS
YES = dict.fromkeys
SEEN: dict[str, dict[str, str]] = {
    REVIEW: {**YES(("identifiers", "regimen", "interval", "change", "criteria", "supportive", "medicines", "allergies",
                    "consent"), "yes"), "dose": "1.36", "bsa": "1.70", "cycle": "1", "day": "1",
             "route": "intravenous infusion"},
    BEFORE: {"vials": "2", "lot": "A1, A1", "expires": "2027-06-30", "draw": "5.4", "reconstitute": "4", "strength": "0.25",
             "diluent": "0.9 % sodium chloride", "name": "yes"},
    FINISHED: {**YES(("identifiers", "name", "look", "light"), "yes"), "dose": "1.36", "lot": "A1, A1", "final-volume": "50",
               "route": "intravenous infusion", "reconstituted": "2026-03-02T10:00-05:00",
               "diluted": "2026-03-02T10:30-05:00", "held": "room", "use-by": "2026-03-02T14:30-05:00"},
    CHAIR: {**YES(("identifiers", "premedication", "line", "vitals", "no-new-symptom", "whole"), "yes"), "dose": "1.36",
            "rate": "50", "route": "intravenous infusion", "final-volume": "50", "use-by": "2026-03-02T14:30-05:00"},
}  # fmt: skip
Signed = tuple[str, str, str]
"""A step, who signed it, and how it ended."""


def looked(*resources: dict[str, Any], at: datetime = AT, hood: Hood | None = None) -> tuple[Checks, Drawn]:
    bundle = stories.bundle("first_dose")
    entries = [*bundle["entry"], *({"resource": one} for one in resources)]
    record = load_bundle({**bundle, "entry": entries}, zone=str(ZONE))
    made = order(record, at=at, edition=load_edition("us"), zone=ZONE)
    prep = prepare(made, record, hood)
    assert isinstance(prep, PrepSheet)
    return checks(made, prep, record), made


@cache
def bare() -> Checks:
    return looked()[0]


def resource(signed: Signed, minute: int, **more: Any) -> dict[str, Any]:
    step, by, outcome = signed
    seen = SEEN[step] if outcome == "passed" else {}
    return {**order_check(bare(), step, by, outcome, seen, AT - timedelta(minutes=30 - minute)), **more}


def after(*signed: Signed) -> Checks:
    return looked(*(resource(one, minute) for minute, one in enumerate(signed)))[0]


def states(found: Checks) -> list[str]:
    return [one.state for one in found.stands]


def who(n: int) -> str:
    return f"Practitioner/p{n}"


ALL: list[Signed] = [(step, who(n), "passed") for n, step in enumerate(STEPS)]


def test_nothing_signed_leaves_all_four_open_and_the_first_one_next() -> None:
    assert states(bare()) == ["open"] * 4
    assert [one.turn for one in bare().stands] == [True, False, False, False]


@pytest.mark.parametrize("count", range(5))
def test_each_signature_read_back_passes_its_step_and_opens_the_next(count: int) -> None:
    found = after(*ALL[:count])
    assert states(found) == ["passed"] * count + ["open"] * (4 - count)
    assert [one.turn for one in found.stands] == [n <= count for n in range(4)]
    assert found.discounted == () and [one.check.by for one in found.stands if one.check] == [who(n) for n in range(count)]


def test_a_later_step_does_not_count_before_the_earlier_ones() -> None:
    found = after(ALL[0], ALL[2])
    assert states(found) == ["passed", "open", "open", "open"]
    assert [one.why for one in found.discounted] == ["signed before before-compounding was passed"]


@pytest.mark.parametrize("first", STEPS[:3])
def test_nobody_signs_two_steps(first: str) -> None:
    place = STEPS.index(first)
    same = [*ALL[: place + 1], (STEPS[place + 1], who(place), "passed")]
    found = after(*same)
    assert found.stand(STEPS[place + 1]).state == "open"
    assert [one.why for one in found.discounted] == [f"the same person signed {first}"]


def test_whoever_found_a_fault_in_one_step_signs_no_other() -> None:
    found = after((REVIEW, who(7), "failed"), (REVIEW, who(0), "passed"), (BEFORE, who(7), "passed"))
    assert states(found)[:2] == ["passed", "open"]


@pytest.mark.parametrize("outcome", ["interrupted", "failed"])
def test_an_interruption_or_a_fault_starts_its_step_and_all_later_ones_again(outcome: str) -> None:
    found = after(*ALL[:3], (BEFORE, who(1), outcome))
    assert states(found) == ["passed", outcome, "open", "open"]
    again = after(*ALL[:3], (BEFORE, who(1), outcome), ALL[1])
    assert states(again) == ["passed", "passed", "open", "open"]


def test_an_unsigned_check_counts_for_nothing() -> None:
    unsigned = {key: value for key, value in resource(ALL[0], 0).items() if key != "performer"}
    found = looked(unsigned)[0]
    assert states(found)[0] == "open" and [one.why for one in found.discounted] == ["nobody signed it"]


def test_no_order_is_reviewed_without_the_list_of_medicines() -> None:
    found, made = looked()
    for answer, says in (({}, "medicines was not seen"), ({"medicines": "no"}, "medicines=no")):
        seen = {name: value for name, value in SEEN[REVIEW].items() if name != "medicines"} | answer
        assert says in str(refusal(found, made, REVIEW, who(0), "passed", seen, AT))
    assert refusal(found, made, REVIEW, who(0), "passed", SEEN[REVIEW], AT) is None


@pytest.mark.parametrize("by", [{"reference": "PractitionerRole/p1"}, {"type": "Practitioner", "display": "Jo Bell"}])
def test_who_names_no_person_by_reference_may_be_anybody_and_does_not_count(by: dict[str, str]) -> None:
    found = looked(resource(ALL[0], 0, performer=[by]))[0]
    assert states(found)[0] == "open" and "no person by reference" in found.discounted[0].why


def test_a_person_counts_beside_the_role_that_was_filled() -> None:
    found = looked(resource(ALL[0], 0, performer=[{"reference": "PractitionerRole/r"}, {"reference": who(0)}]))[0]
    assert states(found)[0] == "passed" and list(found.people) == [who(0)]


def test_a_check_of_the_future_does_not_count_yet() -> None:
    assert states(looked(resource(ALL[0], 31))[0])[0] == "open"
    assert states(looked(resource(ALL[0], 30))[0])[0] == "passed"


def test_a_step_or_an_outcome_that_nobody_knows_is_discounted() -> None:
    for place in (0, 1):
        odd = deepcopy(resource(ALL[0], 0))
        odd["component"][place]["valueCodeableConcept"]["coding"][0]["code"] = "dance"
        (found,) = looked(odd)[0].discounted
        assert found.why == "it does not say which step, or how it ended"


def test_a_changed_order_voids_what_was_signed_for_the_old_one() -> None:
    """A new weight of the same morning makes another dose, and so another order."""
    bundle = stories.bundle("first_dose")
    (weight,) = [
        one["resource"] for one in bundle["entry"]
        if any(c.get("code") == "29463-7" for c in one["resource"].get("code", {}).get("coding", ()))
        and one["resource"]["effectiveDateTime"].startswith("2026-03-02")
    ]  # fmt: skip
    later = deepcopy(weight)
    later |= {"id": "heavier", "effectiveDateTime": "2026-03-02T10:45:00-05:00"}
    later["valueQuantity"]["value"] = float(Decimal(str(weight["valueQuantity"]["value"])) + 2)
    found = looked(*(resource(one, minute) for minute, one in enumerate(ALL[:2])), later)[0]
    assert found.prep.order.order_id != bare().prep.order.order_id
    assert states(found) == ["open"] * 4 and len(found.voided) == 2 and found.discounted == ()


def test_a_signature_that_names_no_derived_order_counts_by_the_order_it_is_based_on() -> None:
    plain = resource(ALL[0], 0)
    plain["component"] = [one for one in plain["component"] if one["code"]["coding"][0]["code"] != "order-id"]
    assert states(looked(plain)[0])[0] == "passed"
    other = {**plain, "basedOn": [{"reference": "MedicationRequest/other"}]}
    assert states(looked(other)[0])[0] == "open" and len(looked(other)[0].voided) == 1


def test_a_signature_over_another_value_than_the_derived_one_is_discounted() -> None:
    odd = deepcopy(resource(ALL[0], 0))
    for part in odd["component"]:
        if part["code"]["coding"][0]["code"] == "seen-dose":
            part["valueString"] = "13.6"
    (found,) = looked(odd)[0].discounted
    assert found.why == "dose=13.6: the order and its preparation say 1.36 mg"


# --- signing ---------------------------------------------------------------------------------------------------------


def refused(step: str, seen: dict[str, str], *signed: Signed, by: str = who(9), outcome: str = "passed",
            hood: Hood | None = None) -> str | None:  # fmt: skip
    resources = [resource(one, minute) for minute, one in enumerate(signed)]
    found, made = looked(*resources, hood=hood)
    return refusal(found, made, step, by, outcome, seen, AT)


@pytest.mark.parametrize("place", range(4))
def test_a_person_who_has_seen_everything_signs_the_step_whose_turn_it_is(place: int) -> None:
    assert refused(STEPS[place], SEEN[STEPS[place]], *ALL[:place]) is None


@pytest.mark.parametrize(("step", "item"), [(step, item) for step in STEPS for item in SEEN[step]])
def test_without_a_value_that_must_be_seen_nothing_is_signed(step: str, item: str) -> None:
    seen = {name: value for name, value in SEEN[step].items() if name != item}
    assert f"{item} was not seen" in str(refused(step, seen, *ALL[: STEPS.index(step)]))


def test_the_values_of_this_test_are_all_that_must_be_seen() -> None:
    must = {step.id: {item.id for item in step.items} for step in verifications()}
    assert must == {step: set(seen) for step, seen in SEEN.items()}


@pytest.mark.parametrize(
    ("step", "item", "value", "says"),
    [
        (REVIEW, "identifiers", "no", "answer yes"),
        (REVIEW, "dose", "13.6", "say 1.36 mg"),
        (REVIEW, "dose", "1.4 mg", "say 1.36 mg"),
        (REVIEW, "bsa", "1.69", "say 1.6969 m2"),
        (REVIEW, "cycle", "2", "say 1"),
        (REVIEW, "route", "intrathecal", "the order says intravenous infusion"),
        (REVIEW, "colour", "blue", "colour is not looked at here"),
        (BEFORE, "vials", "1", "say 2"),
        (BEFORE, "lot", " ", "name the lot of each of the 2 vial(s)"),
        (BEFORE, "lot", "A1", "name the lot of each of the 2 vial(s)"),
        (FINISHED, "lot", "A1, A2", "before compounding it was A1, A1"),
        (CHAIR, "no-new-symptom", "no", "answer yes, or sign the step as failed"),
        (BEFORE, "expires", "2026-03-01", "that day has passed"),
        (BEFORE, "expires", "soon", "not a day"),
        (BEFORE, "draw", "5.44", "say 5.4 mL"),
        (BEFORE, "diluent", "glucose 5 %", "the order says sodium chloride"),
        (FINISHED, "final-volume", "55", "say 50 mL"),
        (FINISHED, "held", "warm", "write room or refrigerated"),
        (FINISHED, "reconstituted", "2026-03-02T11:01-05:00", "still to come"),
        (FINISHED, "diluted", "2026-03-02T09:30-05:00", "diluted stands before reconstituted"),
        (FINISHED, "reconstituted", "2026-03-02T06:29-05:00", "diluted too late"),
        (FINISHED, "use-by", "2026-03-02T14:31-05:00", "the clocks end at 2026-03-02T14:30:00-05:00"),
        (FINISHED, "use-by", "2026-03-02T10:59-05:00", "that has passed"),
        (FINISHED, "use-by", "2026-03-02T14:00", "not a moment"),
        (CHAIR, "rate", "500", "say 50 mL/h"),
        (CHAIR, "use-by", "2026-03-02T14:00-05:00", "the finished product was signed with"),
        (CHAIR, "premedication", "no", "answer yes"),
    ],
)
def test_what_was_seen_and_is_not_so_is_refused_in_one_line(step: str, item: str, value: str, says: str) -> None:
    why = refused(step, {**SEEN[step], item: value}, *ALL[: STEPS.index(step)])
    assert why is not None and says in why and "\n" not in why


@pytest.mark.parametrize(
    ("step", "item", "value"),
    [(REVIEW, "bsa", "1.6969"), (BEFORE, "expires", "2026-03-02"), (FINISHED, "reconstituted", "2026-03-02T06:30-05:00"),
     (FINISHED, "use-by", "2026-03-02T11:00-05:00"), (REVIEW, "dose", "1.360")],
)  # fmt: skip
def test_the_other_side_of_each_limit_is_signed(step: str, item: str, value: str) -> None:
    assert refused(step, {**SEEN[step], item: value}, *ALL[: STEPS.index(step)]) is None


def test_a_person_who_signed_another_step_is_refused_whatever_the_outcome() -> None:
    for outcome in ("passed", "failed", "interrupted"):
        why = refused(BEFORE, SEEN[BEFORE], ALL[0], by=who(0), outcome=outcome)
        assert why == "Practitioner/p0 already signed order-review: another person signs before-compounding"


def test_a_step_out_of_turn_is_refused_and_an_interruption_never() -> None:
    assert refused(FINISHED, SEEN[FINISHED], ALL[0]) == "before-compounding comes first: it is open"
    assert refused(FINISHED, {}, ALL[0], outcome="interrupted") is None


def test_a_preparation_that_must_not_go_out_is_not_signed() -> None:
    assert "WRONG DILUENT" in str(refused(REVIEW, SEEN[REVIEW], hood=Hood(diluent="water")))


def test_a_written_order_with_a_finding_that_stops_is_not_signed() -> None:
    from posology.fhir.draft import medication_request
    from tests.unit.ordered import mg, sheet

    right = medication_request(bare().prep.order)
    found, made = looked(right)
    assert refusal(found, made, REVIEW, who(9), "passed", SEEN[REVIEW], AT) is None
    assert found.based_on == f"MedicationRequest/{right['id']}"
    wrong = deepcopy(medication_request(sheet("first_dose")))
    mg("13.6")(wrong)
    found, made = looked(wrong)
    assert "E05:tenfold" in str(refusal(found, made, REVIEW, who(9), "passed", SEEN[REVIEW], AT))


def test_a_syringe_whose_volume_is_not_settled_is_not_signed_at_the_chair() -> None:
    tale = stories.tale("child")
    record = load_bundle(stories.bundle("child"), zone=tale.zone)
    made = order(record, at=tale.at, edition=load_edition("us"), zone=ZoneInfo(tale.zone))
    for final, known in ((None, False), (Decimal(10), True)):
        prep = prepare(made, record, Hood(final_ml=final))
        assert isinstance(prep, PrepSheet)
        assert ("rate" in expected(prep)) is known and ("final-volume" in expected(prep)) is known


def test_a_signature_holds_a_reference_and_no_name() -> None:
    made = resource(ALL[0], 0)
    assert made["performer"] == [{"reference": who(0)}] and made["subject"] == {"reference": "Patient/first-dose"}
