"""Orders late in a course: raised again, copied forward, too soon, on a weight that moved; signed checks and overrides."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from posology import stories
from posology.knowledge.orders import orders
from posology.verify import Finding, Verified
from tests.cases.charts import course, moment
from tests.unit.ordered import (
    Change,
    Resource,
    at,
    borrowed,
    drafted,
    findings,
    held,
    mg,
    no_words,
    request,
    say,
    signed,
    unsay,
    verified,
)

HELD = {"values": {"alt": 164}, "given": "not-done", "reason": "toxicity"}


def reduced(seen: str, **visits: Any) -> Resource:
    """Both later doses of cycle 2 held; cycle 3 at a quarter less, by a signed decision."""
    told: dict[str, Any] = {
        "C2D8": HELD,
        "C2D15": HELD,
        "C2D22": {"panels": ["liver"], "values": {"alt": 120}, "say": {"toxicity-recovered": False}},
        "C2D23": {"panels": ["liver"], "say": {"toxicity-recovered": True}},
        "C3D1": {"mg_per_m2": Decimal("0.375"), "say": {"dose-level": "reduced-25"}},
        **visits,
    }
    story = {"transplant_intent": "not-proceeding", "responses": ["CR", "CR"]}
    return course("2025-03-03", seen, visit=told, course=story)


def changed(made: Resource, *changes: Change) -> Resource:
    for change in changes:
        change(made)
    return made


def ids(found: tuple[Verified, ...]) -> dict[str, Finding]:
    (one,) = found
    return {part.id: part for part in one.findings}


def test_a_reduced_dose_that_is_raised_again_is_stopped_as_such() -> None:
    bundle, when = reduced("C3D8"), moment("2025-04-28T09:00")
    made = drafted(bundle, when)
    full = {"E11:dose", "E11:mg-per-m2", "E11:level", "E11:change-percent"}
    raised = changed(made, no_words, mg("0.94"), say("mg-per-m2", "0.5"), say("level", "full"), say("change-percent", "0"))
    found = ids(held(bundle, when, raised))
    assert full <= set(found) and all(found[id].severity == "stop" for id in full)


def test_the_reduced_dose_itself_is_clean_and_says_since_when() -> None:
    bundle, when = reduced("C3D8"), moment("2025-04-28T09:00")
    made = drafted(bundle, when)
    assert ids(held(bundle, when, made)) == {}
    (why,) = [one["valueString"] for one in made["extension"] if one["url"].endswith(":change-reason")]
    assert "reduced 25" in why and "2025-04-21" in why


@pytest.mark.parametrize(("day", "stopped"), [("2026-03-07", True), ("2026-03-08", False)])
def test_an_order_under_six_days_after_the_last_dose_is_stopped_for_good(day: str, stopped: bool) -> None:
    when = moment(f"{day}T09:00")
    made = borrowed("responder_day_8")
    found = ids(verified("responder_day_8", made, when=when))
    assert ("E09:interval" in found) == stopped
    assert not stopped or not found["E09:interval"].overridable


@pytest.mark.parametrize(("weight", "found"), [("79.2", False), ("79.3", True), ("64.7", True)])
def test_a_weight_that_moved_since_the_last_dose_is_asked_about(weight: str, found: bool) -> None:
    """72 kg on Day 1: 79.2 is 10 percent more, 79.3 is 10.1."""
    day_1, day_8 = {"values": {"weight": Decimal(72)}}, {"values": {"weight": Decimal(weight)}}
    bundle, when = course("2025-03-03", "C1D8", visit={"C1D1": day_1, "C1D8": day_8}), moment("2025-03-10T09:00")
    made = borrowed("responder_day_8")
    made["subject"] = {"reference": "Patient/case"}
    assert ("E03:change" in ids(held(bundle, when, made))) == found


# --- signed --------------------------------------------------------------------------------------------------------


def overridden(finding: str, reason: str, *changes: Change, by: str | None = "Practitioner/ph1") -> Verified:
    made = changed(request("first_dose"), *changes)
    note = signed("override", made, {"finding": finding, "reason": reason}, "first_dose", by)
    (found,) = verified("first_dose", made, more=(note,))
    return found


@pytest.mark.parametrize("reason", orders().reasons)
def test_a_stop_with_a_signed_coded_reason_stands_no_more_and_is_counted(reason: str) -> None:
    found = overridden("E05:dose", reason, no_words, mg("1.43"))
    assert not found.stops and [one.reason for one in found.overrides] == [reason]
    assert [one.id for one in found.findings] == ["E05:dose"] and found.findings[0].severity == "stop"


@pytest.mark.parametrize(
    ("finding", "reason", "by"),
    [
        ("E05:dose", "because", "Practitioner/ph1"),
        ("E05:dose", "already-done", None),
        ("E05:dose", "already-done", "Patient/first-dose"),
        ("E05:dose", "already-done", "Device/pump"),
    ],
)
def test_an_override_without_a_coded_reason_or_a_person_counts_for_nothing_and_is_told(
    finding: str, reason: str, by: str | None
) -> None:
    found = overridden(finding, reason, no_words, mg("1.43"), by=by)
    assert found.stops and found.overrides == () and "E24:override" in {one.id for one in found.findings}


def test_an_override_of_another_finding_or_of_another_order_changes_nothing() -> None:
    assert overridden("E05:tenfold", "already-done", no_words, mg("1.43")).stops
    made = changed(request("first_dose"), no_words, mg("1.43"))
    elsewhere = signed("override", {"id": "another"}, {"finding": "E05:dose", "reason": "already-done"}, "first_dose")
    (found,) = verified("first_dose", made, more=(elsewhere,))
    assert found.stops and {one.id for one in found.findings} == {"E05:dose"}


def test_an_override_signed_after_the_moment_of_the_check_does_not_count() -> None:
    made = changed(request("first_dose"), no_words, mg("1.43"))
    late = signed("override", made, {"finding": "E05:dose", "reason": "already-done"}, "first_dose")
    late["effectiveDateTime"] = (at("first_dose") + timedelta(minutes=1)).isoformat()
    (found,) = verified("first_dose", made, more=(late,))
    assert found.stops


HARD = {
    "E16:route": lambda made: made["dosageInstruction"][0].update(
        route={"coding": [{"system": "urn:posology:codes", "code": "intrathecal"}]}
    ),
    "E01:subject": lambda made: made.pop("subject"),
    "E02:products": lambda made: made["medicationCodeableConcept"].update(text="GEMtuzumab ozogamicin"),
}


@pytest.mark.parametrize("id", HARD)
def test_a_hard_stop_is_never_overridden_and_the_attempt_is_told(id: str) -> None:
    found = overridden(id, "benefit-outweighs-risk", HARD[id])
    assert found.stops and {id, "E24:override"} <= {one.id for one in found.findings}


@pytest.mark.parametrize(("name", "id"), [("vod_suspected", "E13:vod"), ("six_cycles_done", "E14:course_limits")])
def test_what_ends_treatment_or_may_be_veno_occlusive_disease_is_never_overridden(name: str, id: str) -> None:
    made = borrowed(name)
    note = signed("override", made, {"finding": id, "reason": "benefit-outweighs-risk"}, name)
    (found,) = verified(name, made, more=(note,))
    assert found.stops and not {one.id: one.overridable for one in found.findings}[id]


def test_two_steps_by_one_person_are_found_and_by_two_are_not() -> None:
    made = request("first_dose")
    steps = ("order-review", "before-compounding")

    def checks(*people: str) -> tuple[Resource, ...]:
        return tuple(
            signed("order-check", made, {"step": step, "outcome": "passed"}, "first_dose", person, n)
            for n, (step, person) in enumerate(zip(steps, people, strict=True))
        )

    assert findings("first_dose", more=checks("Practitioner/a", "Practitioner/b")) == {}
    assert findings("first_dose", more=checks("Practitioner/a", "Practitioner/a")) == {"E21:checks": "stop"}


def test_signatures_about_an_order_are_no_observation_of_the_patient() -> None:
    made = request("first_dose")
    note = signed("override", made, {"finding": "E05:dose", "reason": "already-done"}, "first_dose")
    from posology.api import decide

    bundle = stories.bundle("first_dose")
    with_note = {**bundle, "entry": [*bundle["entry"], {"resource": note}]}
    plain, noted = (decide(one, at=at("first_dose"), edition="us", zone="America/New_York") for one in (bundle, with_note))
    assert plain == noted


def test_every_reason_is_short_and_one_of_them_means_later() -> None:
    reasons = orders().reasons
    assert 5 <= len(reasons) <= 12 and reasons["will-do-later"].open
    assert all(len(one.says) < 100 and one.says.endswith(".") for one in reasons.values())


def test_an_element_left_out_is_missing_only_where_the_record_has_it() -> None:
    assert "E20:planned-cycles" not in findings("first_dose")
    assert findings("cycle_2_remission", unsay("planned-cycles")) == {"E20:planned-cycles": "confirm"}


# --- the heart ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "found"), [("2026-02-16", False), ("2026-02-14", True)])
def test_an_ecg_older_than_its_limit_stops_a_first_order_under_the_class_of_the_heart(day: str, found: bool) -> None:
    bundle = deepcopy(stories.bundle("first_dose"))
    (ecg,) = [one["resource"] for one in bundle["entry"] if one["resource"]["id"].endswith("qtcf-reported")]
    ecg["effectiveDateTime"] = f"{day}T07:40:00-05:00"
    assert ("E19:ecg" in ids(held(bundle, at("first_dose"), request("first_dose")))) == found


@pytest.mark.parametrize(("since", "found"), [("2026-03-01", set()), ("2026-03-02T08:00:00-05:00", {"E19:due"})])
def test_a_qt_drug_begun_after_the_last_ecg_asks_for_another(since: str, found: set[str]) -> None:
    begun = {
        "resourceType": "MedicationStatement", "id": "qt", "status": "active", "effectiveDateTime": since,
        "subject": {"reference": "Patient/first-dose"}, "informationSource": {"reference": "Practitioner/x"},
        "medicationCodeableConcept": {"coding": [{"system": "http://www.whocc.no/atc", "code": "A04AA01"}]},
    }  # fmt: skip
    assert set(findings("first_dose", more=(begun,))) == found


@pytest.mark.parametrize(
    ("when", "by", "counts"),
    [
        ("2026-03-02T08:00:00-05:00", "Practitioner/ph1", True),
        ("2026-03-01T23:00:00-05:00", "Practitioner/ph1", False),
        ("2026-03-02T08:00:00-05:00", "PractitionerRole/ph1", False),
    ],
)
def test_an_override_counts_from_the_day_of_the_order_on_and_from_a_person(when: str, by: str, counts: bool) -> None:
    made = deepcopy(request("first_dose"))
    for change in (no_words, mg("1.43")):
        change(made)
    note = {**signed("override", made, {"finding": "E05:dose", "reason": "local-protocol"}, "first_dose", by)}
    (found,) = verified("first_dose", made, more=({**note, "effectiveDateTime": when},))
    assert found.stops is not counts and (found.overrides != ()) is counts
    assert ("E24:override" in {one.id for one in found.findings}) is not counts


def test_a_dose_of_another_power_of_ten_is_never_let_stand() -> None:
    found = overridden("E05:tenfold", "local-protocol", no_words, mg("13.6"))
    assert found.stops and found.overrides == ()
