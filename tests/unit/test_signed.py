"""What was signed binds the preparation and the chair; what is no signature binds nothing, and bad news counts unsigned."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, date
from typing import Any

import pytest

from posology.dose import Fill, Method
from posology.dose.clocks import Times, clocks
from posology.fhir.signing import order_check, own
from posology.verify.care.chair import RunSheet, run_sheet
from posology.verify.care.checks import checks
from posology.verify.care.preparation import Hood, Lot, PrepSheet, prepare
from posology.verify.care.reaction import ran_in, react
from posology.verify.care.signed import as_signed
from tests.unit.ordered import add, request
from tests.unit.test_chair import DAY, US, D, at, drew, premedicated, prepped, signed, written
from tests.unit.test_checks import SEEN, STEPS, bare, who


@pytest.mark.parametrize(("now", "late"), [("13:30", False), ("13:31", True)])
def test_the_clocks_that_were_signed_hold_without_being_typed_again(now: str, late: bool) -> None:
    """Signed: reconstituted 10:00, diluted 10:30, room: end by 14:30, start by 13:30."""
    made, record = drew(*premedicated("10:20"), *signed(), now=now)
    prep = as_signed(made, record)
    assert isinstance(prep, PrepSheet) and prep.clocks is not None
    assert prep.clocks.latest_start == at("13:30").astimezone(UTC) and [one.lot for one in prep.hood.lots] == ["A1", "A1"]
    assert bool(prep.stops) is late and bool(run_sheet(made, prep, record).stops) is late


@pytest.mark.parametrize(
    ("order", "stops", "holds"),
    [
        ({}, (), ()),
        ({"requester": None}, (), ("to be confirmed on the written order: E20:prescriber",)),
        ({"status": "draft"}, (), ("is a draft: a prescriber signs it first",)),
        ({"status": "cancelled"}, ("is cancelled: ask the prescriber",), ("no written order",)),
        ({"status": "stopped"}, ("is stopped: ask the prescriber",), ("no written order",)),
        ({"status": "on-hold"}, ("E20:status", "is on-hold: ask the prescriber"), ()),
        ({"doNotPerform": True}, ("E13:not-to-give",), ("no written order",)),
        (None, (), ("no written order is in the record",)),
    ],
)
def test_what_became_of_the_written_order_is_seen_at_the_chair(
    order: dict[str, Any] | None, stops: tuple[str, ...], holds: tuple[str, ...]
) -> None:
    more = () if order is None else ({key: value for key, value in written(**order).items() if value is not None},)
    made, record = drew(*premedicated("10:20"), *signed(), *more, ordered=False)
    prep = as_signed(made, record)
    assert isinstance(prep, PrepSheet)
    found = run_sheet(made, prep, record)
    for said, told in ((found.stops, stops), (found.holds, holds)):
        assert len(said) == len(told) and all(part in text for part, text in zip(told, said, strict=True))


def changed(one: dict[str, Any], *path: Any, to: Any) -> dict[str, Any]:
    made = deepcopy(one)
    inner: Any = made
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = to
    return made


def sheets(*resources: dict[str, Any], now: str = "11:00", hood: Hood | None = None) -> RunSheet:
    made, record = drew(*premedicated("10:20"), *resources, now=now)
    prep = as_signed(made, record, hood)
    assert isinstance(prep, PrepSheet)
    return run_sheet(made, prep, record)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "by", [{"reference": "Practitioner/p3"}, {"reference": "PractitionerRole/r"}, {"display": "Jo"}, None], ids=str
)
def test_a_check_that_failed_stops_it_whoever_says_so(step: str, by: dict[str, str] | None) -> None:
    bad = order_check(bare(), step, "Practitioner/x", "failed", {}, at("10:50"))
    bad["performer"] = [by] if by else []
    assert any("failed: pass it first" in text for text in sheets(*signed(), bad).stops)


def test_a_failure_dated_by_day_alone_comes_after_all() -> None:
    bad = order_check(bare(), STEPS[2], "Practitioner/x", "failed", {}, at("10:50"))
    assert any("failed" in text for text in sheets(*signed(), {**bad, "effectiveDateTime": DAY}).stops)


@pytest.mark.parametrize("outcome", ["FAILED", "perhaps", None])
def test_a_check_that_does_not_say_how_it_ended_is_done_again(outcome: str | None) -> None:
    odd = order_check(bare(), STEPS[1], "Practitioner/x", "failed", {}, at("10:50"))
    place = next(n for n, part in enumerate(odd["component"]) if part["code"]["coding"][0]["code"] == "outcome")
    odd["component"][place : place + 1] = [{"code": own("outcome"), "valueCodeableConcept": own(outcome)}] if outcome else []
    assert any("not signed: before compounding, finished product" in text for text in sheets(*signed(), odd).holds)


def test_what_was_signed_of_the_filling_is_held_against_how_it_is_filled() -> None:
    assert sheets(*signed()).stops == ()
    over = sheets(*signed(), hood=Hood(Fill(Method.OVERFILLED, D(5)))).stops
    assert any("finished product was signed otherwise: final-volume=50" in text for text in over)
    good = signed()
    for step, item, value in ((1, "seen-draw", "54"), (2, "seen-final-volume", "nothing"), (3, "seen-rate", "sNaN")):
        place = next(n for n, part in enumerate(good[step]["component"]) if part["code"]["coding"][0]["code"] == item)
        odd = [*good[:step], changed(good[step], "component", place, "valueString", to=value), *good[step + 1 :]]
        assert any("was signed otherwise" in text for text in sheets(*odd).stops)


@pytest.mark.parametrize(("now", "late"), [("11:05", False), ("11:06", True)])
def test_a_use_by_earlier_than_the_clocks_is_the_limit(now: str, late: bool) -> None:
    early = {**SEEN[STEPS[2]], "use-by": at("12:05").isoformat()}
    first, second, _, _ = signed()
    third = order_check(bare(), STEPS[2], who(2), "passed", early, at("10:40"))
    found = sheets(first, second, third, now=now)
    assert found.prep.clocks is not None and found.prep.clocks.latest_end == at("12:05").astimezone(UTC)
    assert any("latest start has passed" in text for text in found.stops) is late


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        (("status",), "preliminary", "nobody signed it"),
        (("status",), "unknown", "nobody signed it"),
        (("status",), None, "nobody signed it"),
        (("performer",), [{"display": "Practitioner/Jane 1"}], "names no person by reference"),
        (("performer",), [{"identifier": {"value": "Practitioner/1"}}], "names no person by reference"),
        (("basedOn",), [{"reference": "MedicationRequest/other"}], "based on another order"),
        (("effectiveDateTime",), "2026-03-01T10:00:00-05:00", "before the day of the order"),
        (("effectiveDateTime",), DAY, "no time of the day"),
    ],
)
def test_a_signature_that_is_not_one_does_not_count(path: tuple[Any, ...], value: Any, why: str) -> None:
    made, record = drew(changed(signed(1)[0], *path, to=value))
    (discounted,) = checks(made, prepped(made, None, record), record).discounted
    assert why in discounted.why


def test_a_signature_that_says_two_things_says_neither() -> None:
    one = signed(1)[0]
    for name in ("outcome", "step"):
        part = next(part for part in one["component"] if part["code"]["coding"][0]["code"] == name)
        other = changed(part, "valueCodeableConcept", "coding", 0, "code", to="failed")
        made, record = drew({**one, "component": [other, *one["component"]]})
        found = checks(made, prepped(made, None, record), record)
        assert found.stands[0].state == "open" and "does not say" in found.discounted[0].why


def test_steps_signed_at_one_moment_count_in_their_order() -> None:
    both = [{**one, "effectiveDateTime": at("10:50").isoformat()} for one in reversed(signed())]
    made, record = drew(*both)
    assert [one.state for one in checks(made, prepped(made, None, record), record).stands] == ["passed"] * 4


def test_other_lots_than_those_that_were_checked_stop_it() -> None:
    made, record = drew(*signed(), now="11:00")
    for lots, stops in ((("A1", "A1"), False), (("A1", "Q7"), True)):
        prep = as_signed(made, record, Hood(lots=tuple(Lot(one, date(2027, 6, 30)) for one in lots)))
        assert isinstance(prep, PrepSheet)
        assert any("other lots than those checked before compounding: A1, A1" in one for one in prep.stops) is stops


def flush(**more: Any) -> dict[str, Any]:
    """Another medicine's order, named in words alone."""
    return {"resourceType": "MedicationRequest", "id": "flush", "status": "active", "intent": "order",
            "medicationCodeableConcept": {"text": "Saline flush"}, "subject": {"reference": "Patient/first-dose"},
            **more}  # fmt: skip


@pytest.mark.parametrize(("status", "told"), [("cancelled", "is cancelled"), (None, "no written order")])
def test_an_order_for_something_else_stands_in_for_none(status: str | None, told: str) -> None:
    mine = (written(status=status),) if status else ()
    made, record = drew(*premedicated("10:20"), *signed(), *mine, flush(), ordered=False)
    prep = as_signed(made, record)
    assert isinstance(prep, PrepSheet)
    found = run_sheet(made, prep, record)
    assert any(told in text for text in (*found.stops, *found.holds))


def test_an_order_that_was_taken_back_without_a_day_is_seen_too() -> None:
    old = {**written(status="cancelled"), "authoredOn": "2026-03-01"}
    old["dosageInstruction"] = [{key: value for key, value in old["dosageInstruction"][0].items() if key != "timing"}]
    made, record = drew(*signed(), old, ordered=False)
    prep = as_signed(made, record)
    assert isinstance(prep, PrepSheet) and any("is cancelled" in text for text in prep.stops)


def failed_(**more: Any) -> dict[str, Any]:
    made = {**order_check(bare(), STEPS[2], "Practitioner/x", "failed", {}, at("10:57")), **more}
    return {key: value for key, value in made.items() if value is not None}


def without(one: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    return [part for part in one["component"] if part["code"]["coding"][0]["code"] not in names]


ORDER_ID = {"code": own("order-id"), "valueString": "0123456789abcdef"}


@pytest.mark.parametrize(
    "bad",
    [
        failed_(effectiveDateTime=None),
        failed_(effectiveDateTime="soon"),
        failed_(component=without(failed_(), "order-id")),
        failed_(component=[*without(failed_(), "order-id"), ORDER_ID]),
        failed_(component=without(failed_(), "order-id"), basedOn=None),
        failed_(component=without(failed_(), "step")),
    ],
    ids=["no date", "no usable date", "no derived order", "another derived order", "no order at all", "no step"],
)
def test_a_failure_that_cannot_be_placed_stops_it_all_the_same(bad: dict[str, Any]) -> None:
    assert any("failed: pass it first" in text for text in sheets(*signed(), bad).stops)


@pytest.mark.parametrize(
    ("step", "item", "value", "why"),
    [
        (2, "seen-lot", "X9, X9", "before compounding it was A1, A1"),
        (1, "seen-lot", "A1", "name the lot of each"),
        (3, "seen-use-by", "2026-03-02T18:00-05:00", "the finished product was signed with"),
        (2, "seen-use-by", "2026-03-02T18:00-05:00", "the clocks end at"),
    ],
)
def test_what_was_signed_is_held_against_what_was_signed_before(step: int, item: str, value: str, why: str) -> None:
    four = signed()
    place = next(n for n, part in enumerate(four[step]["component"]) if part["code"]["coding"][0]["code"] == item)
    four[step] = changed(four[step], "component", place, "valueString", to=value)
    made, record = drew(*four)
    assert why in checks(made, prepped(made, None, record), record).discounted[0].why


def test_times_that_are_typed_are_those_that_were_signed() -> None:
    right = Times(at("10:00"), diluted=at("10:30"), held="room")
    assert sheets(*signed(), hood=Hood(times=right)).stops == ()
    for wrong in (Times(at("10:10"), diluted=at("10:30"), held="room"), Times(at("10:00"), diluted=at("10:31"), held="room"),
                  Times(at("10:00"), diluted=at("10:30"), held="refrigerated")):  # fmt: skip
        assert any("with other times" in text for text in sheets(*signed(), hood=Hood(times=wrong)).stops)


@pytest.mark.parametrize(
    "people",
    [
        [{"reference": "Practitioner/p0"}, {"reference": "Practitioner/p9"}],
        [{"reference": "Practitioner/p0#a"}],
        [{"reference": "Practitioner/p0?x"}],
    ],
)
def test_one_person_signs_and_not_two_or_a_half(people: list[dict[str, str]]) -> None:
    made, record = drew(changed(signed(1)[0], "performer", to=people))
    assert "no person by reference" in checks(made, prepped(made, None, record), record).discounted[0].why


@pytest.mark.parametrize("dose", ["unread", "range", "none"])
def test_an_order_whose_dose_nobody_can_read_is_not_prepared_whatever_is_let_stand(dose: str) -> None:
    order = written()
    rates = order["dosageInstruction"][0]["doseAndRate"][0]
    amount = rates.pop("doseQuantity")
    if dose == "range":
        rates["doseRange"] = {"low": amount, "high": {**amount, "value": 13.6}}
    if dose == "unread":
        rates["doseQuantity"] = {**amount, "comparator": "<="}
    made, record = drew(order, ordered=False)
    assert any("cannot be read" in text for text in prepped(made, None, record).stops)


def test_a_syringe_is_filled_to_the_volume_of_the_order() -> None:
    order = {**deepcopy(request("child")), "status": "active"}
    add("final-volume", valueQuantity={"value": 5, "unit": "mL", "system": "http://unitsofmeasure.org", "code": "mL"})(order)
    made, record = drew(order, story="child")
    for final, stops in ((D(5), False), (D(10), True)):
        prep = prepare(made, record, Hood(final_ml=final))
        assert isinstance(prep, PrepSheet)
        assert any("another final volume than" in text for text in prep.stops) is stops


def test_an_infusion_that_started_had_left_the_refrigerator() -> None:
    """Diluted 09:05 and refrigerated, started 09:30: out of it by then, so over by 13:30, not by 14:05."""
    cold = Times(at("09:00"), diluted=at("09:05"), held="refrigerated", started=at("09:30"))
    found = clocks(cold, US.preparation)  # type: ignore[arg-type]
    assert found.latest_end == at("13:30").astimezone(UTC)


@pytest.mark.parametrize(("hood", "barred"), [(Hood(), False), (Hood(diluent="glucose 5 %"), True)])
def test_what_must_not_be_given_never_goes_on_after_a_reaction(hood: Hood, barred: bool) -> None:
    made, record = drew(*signed(), now="11:25")
    prep = as_signed(made, record, hood, at("11:00"))
    assert isinstance(prep, PrepSheet)
    part = ran_in(prep, US, 1, at("11:00"), at("11:20"), D(16))
    found = react(1, US, part, prep.barred)
    assert (part.resume_by is None) is barred and found.resume is not barred
    assert ("go_on" in {step.id for step in found.steps}) is not barred


@pytest.mark.parametrize("story", ["first_dose", "responder_day_8"])
def test_a_failure_that_names_neither_day_nor_order_stops_the_first_dose_and_a_later_one(story: str) -> None:
    about = {"subject": {"reference": f"Patient/{story.replace('_', '-')}"}}
    bad = failed_(component=without(failed_(), "order-id"), basedOn=None, effectiveDateTime=None, **about)
    made, record = drew(bad, story=story, ordered=False)
    prep = as_signed(made, record)
    assert isinstance(prep, PrepSheet) and any("failed" in text for text in prep.failed)


def test_a_failure_without_its_time_says_how_to_get_past_it() -> None:
    for when, told in (
        (None, "it does not say when"),
        (DAY, "it does not say when"),
        (at("10:57").isoformat(), "pass it first"),
    ):
        assert any(told in text for text in sheets(*signed(), failed_(effectiveDateTime=when)).stops)


def test_an_earlier_use_by_shortens_the_time_in_the_refrigerator_too() -> None:
    """Warming takes an hour: to start by 11:05 it is out of the refrigerator by 10:05."""
    cold = {**SEEN[STEPS[2]], "held": "refrigerated", "use-by": at("12:05").isoformat()}
    first, second, _, _ = signed()
    third = order_check(bare(), STEPS[2], who(2), "passed", cold, at("10:40"))
    found = sheets(first, second, third).prep.clocks
    assert found is not None and found.latest_start == at("11:05").astimezone(UTC)
    assert found.out_of_fridge_by == at("10:05").astimezone(UTC)
