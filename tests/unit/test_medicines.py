"""The medicines of a record beside the lists: what is not certainly over counts, and what no list has is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from posology.course import fold
from posology.facts import Gathered, gather
from posology.knowledge import load_edition
from posology.knowledge.medicines import qt_drug, qt_list
from posology.medicines import Checked, Concern, Used, checked, used
from posology.record import Medicine, Record, Taken
from tests.fixtures.fhir.build import ATC, MORNING, RXNORM, SUBJECT, coded, own, read

US = load_edition("us")
ZONE = ZoneInfo("America/New_York")
AT = datetime.fromisoformat(MORNING) + timedelta(hours=1)
RECENT = int(US.policy.rows["medicines"]["recent_days"])
VINCRISTINE, FLUCONAZOLE, ISAVUCONAZOLE, PALONOSETRON = "L01CA02", "J02AC01", "J02AC05", "A04AA05"


def medicine(code: str, kind: str = "Request", status: str | None = "active", **more: Any) -> dict[str, Any]:
    when = {"Request": "authoredOn", "Statement": "effectiveDateTime", "Administration": "effectiveDateTime"}[kind]
    plain = {
        "resourceType": f"Medication{kind}",
        "id": f"{code}-{kind}".lower(),
        "status": status,
        "medicationCodeableConcept": coded(ATC, code),
        "subject": SUBJECT,
        when: "2026-03-01",
    }
    return {key: value for key, value in {**plain, **more}.items() if value is not None}


def kept(*resources: dict[str, Any]) -> tuple[Medicine, ...]:
    return read(*resources).medicines


def facts(record: Record) -> Gathered:
    return gather(record, fold(record, US.regimen, AT, ZONE), US, AT, ZONE)


def look(*resources: dict[str, Any]) -> Checked:
    record = read(*resources)
    return checked(record, facts(record), AT, RECENT)


def concerns(found: Checked) -> dict[str, Concern]:
    return {one.interaction.id: one for one in found.concerns}


# --- read from FHIR -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "status", "taken"),
    [
        ("Request", "active", Taken.ACTIVE),
        ("Request", "on-hold", Taken.UNCLEAR),
        ("Request", "draft", Taken.UNCLEAR),
        ("Request", "completed", Taken.ENDED),
        ("Request", "stopped", Taken.ENDED),
        ("Request", None, Taken.UNCLEAR),
        ("Statement", "active", Taken.ACTIVE),
        ("Statement", "intended", Taken.UNCLEAR),
        ("Statement", "unknown", Taken.UNCLEAR),
        ("Statement", "completed", Taken.ENDED),
        ("Administration", "completed", Taken.GIVEN),
        ("Administration", "in-progress", Taken.GIVEN),
        ("Administration", "unknown", Taken.UNCLEAR),
    ],
)
def test_a_status_says_whether_a_medicine_is_taken_and_any_other_leaves_it_unclear(
    kind: str, status: str | None, taken: Taken
) -> None:
    (found,) = kept(medicine(VINCRISTINE, kind, status))
    assert (found.name, found.taken) == ("vincristine", taken)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("Request", "cancelled"),
        ("Statement", "not-taken"),
        ("Administration", "not-done"),
        ("Request", "entered-in-error"),
        ("Statement", "entered-in-error"),
        ("Administration", "entered-in-error"),
    ],
)
def test_what_was_never_taken_is_not_kept(kind: str, status: str) -> None:
    assert kept(medicine(VINCRISTINE, kind, status)) == ()


def test_an_order_not_to_give_a_medicine_is_no_medicine_and_a_wish_is_unclear() -> None:
    assert kept(medicine(VINCRISTINE, doNotPerform=True)) == ()
    (wish,) = kept(medicine(VINCRISTINE, intent="proposal"))
    assert wish.taken is Taken.UNCLEAR


def test_a_medicine_that_no_list_has_is_kept_without_a_name_and_the_drug_itself_is_not() -> None:
    (found,) = kept(medicine("X99ZZ99"))
    assert found.name is None and found.id == "MedicationRequest/x99zz99-request"
    assert kept(medicine("L01FB01", "Administration", "completed")) == ()


def test_two_codings_of_one_medicine_are_one_and_of_two_medicines_are_two() -> None:
    same = {"coding": [*coded(ATC, FLUCONAZOLE)["coding"], {"system": RXNORM, "code": "4450"}]}
    two = {"coding": [*coded(ATC, FLUCONAZOLE)["coding"], {"system": RXNORM, "code": "121243"}]}
    assert [one.name for one in kept(medicine("a", medicationCodeableConcept=same))] == ["fluconazole"]
    assert [one.name for one in kept(medicine("a", medicationCodeableConcept=two))] == ["fluconazole", "voriconazole"]


def test_a_medicine_known_by_its_ingredient_is_kept_by_that_name() -> None:
    contained = {"resourceType": "Medication", "id": "m", "ingredient": [{"itemCodeableConcept": coded(ATC, FLUCONAZOLE)}]}
    order = medicine("x", medicationCodeableConcept=None, contained=[contained], medicationReference={"reference": "#m"})
    assert [one.name for one in kept(order)] == ["fluconazole"]


def test_a_medicine_whose_medication_is_not_in_the_bundle_is_kept_as_not_checked() -> None:
    order = medicine("x", medicationCodeableConcept=None, medicationReference={"reference": "Medication/gone"})
    assert [one.name for one in kept(order)] == [None]


# --- taken now ------------------------------------------------------------------------------------------------------
def state(taken: Taken, begun: int | None, ended: int | None = None) -> str:
    """The state of a medicine that began and ended so many days ago."""
    at, until = (None if days is None else AT - timedelta(days=days) for days in (begun, ended))
    record = replace(read(), medicines=(Medicine("m", "vincristine", taken, at, until),))
    (found,) = used(record, AT, RECENT)
    return found.state


@pytest.mark.parametrize(
    ("taken", "begun", "ended", "wanted"),
    [
        (Taken.ACTIVE, 400, None, "active"),
        (Taken.ACTIVE, None, None, "active"),
        (Taken.ACTIVE, 400, 14, "recent"),
        (Taken.ACTIVE, 400, 15, "past"),
        (Taken.ACTIVE, 400, -1, "active"),
        (Taken.GIVEN, 14, None, "recent"),
        (Taken.GIVEN, 15, None, "past"),
        (Taken.GIVEN, 20, 14, "recent"),
        (Taken.GIVEN, None, None, "unclear"),
        (Taken.ENDED, 400, 14, "recent"),
        (Taken.ENDED, 400, 15, "past"),
        (Taken.ENDED, 400, None, "unclear"),
        (Taken.UNCLEAR, 400, 300, "unclear"),
    ],
)
def test_a_medicine_is_past_only_where_its_last_use_is_known_to_lie_14_days_back(
    taken: Taken, begun: int | None, ended: int | None, wanted: str
) -> None:
    assert state(taken, begun, ended) == wanted


def test_what_is_dated_after_the_moment_is_not_seen() -> None:
    record = replace(read(), medicines=(Medicine("m", "vincristine", Taken.ACTIVE, AT + timedelta(seconds=1)),))
    assert used(record, AT, RECENT) == ()


def test_several_resources_of_one_medicine_are_one_medicine_in_its_gravest_state() -> None:
    times = [AT - timedelta(days=days) for days in (30, 3)]
    given = tuple(Medicine(f"m{n}", "vincristine", Taken.GIVEN, at) for n, at in enumerate(times))
    assert used(replace(read(), medicines=given), AT, RECENT) == (Used("vincristine", "recent", *times, ("m0", "m1")),)


# --- the QT list ----------------------------------------------------------------------------------------------------
def category(*resources: dict[str, Any]) -> dict[str, str]:
    return {str(one.name): drug.category if drug else "none of ours" for one, drug in look(*resources).qt}


def test_a_medicine_taken_has_its_category_and_one_without_an_entry_is_said_to_have_none() -> None:
    found = category(medicine(FLUCONAZOLE), medicine(ISAVUCONAZOLE), medicine(VINCRISTINE), medicine("R06AA02"))
    assert found == {"fluconazole": "known", "isavuconazole": "shortens", "vincristine": "none of ours",
                     "diphenhydramine": "conditional"}  # fmt: skip


def test_diphenhydramine_says_that_it_is_a_usual_premedication() -> None:
    assert "premedication" in qt_list().drugs["diphenhydramine"].note


def test_not_listed_is_said_only_beside_a_dated_copy_of_the_list() -> None:
    assert qt_list().copy_of is None and category(medicine(PALONOSETRON)) == {"palonosetron": "unknown"}
    words = {"not_listed": "not on the list", "unknown": "unknown"}
    table = {"category": "not_listed", "confidence": "R"}
    assert qt_drug("palonosetron", table, words, None, "").category == "unknown"
    assert qt_drug("palonosetron", table, words, date(2026, 11, 1), "").category == "not_listed"


def test_a_medicine_of_the_past_is_listed_and_no_longer_counts() -> None:
    ended = medicine(FLUCONAZOLE, "Statement", "completed", effectiveDateTime=None,
                     effectivePeriod={"start": "2025-01-01", "end": "2025-02-01"})  # fmt: skip
    found = look(ended)
    assert [one.state for one in found.used] == ["past"] and found.qt == ()


# --- what else matters ----------------------------------------------------------------------------------------------
def test_vincristine_matters_only_beside_an_azole() -> None:
    assert "vincristine_azole" not in concerns(look(medicine(VINCRISTINE)))
    assert "vincristine_azole" not in concerns(look(medicine(FLUCONAZOLE)))
    both = concerns(look(medicine(VINCRISTINE), medicine(FLUCONAZOLE)))["vincristine_azole"]
    assert (both.state, both.names) == ("holds", ("vincristine", "fluconazole"))


@pytest.mark.parametrize(
    ("intent", "wanted"), [("proceeding", "holds"), ("not-proceeding", None), ("undecided", None), (None, "open")]
)
def test_an_azole_around_conditioning_is_open_until_somebody_says_whether_a_transplant_is_planned(
    intent: str | None, wanted: str | None
) -> None:
    said = [own("transplant-intent", intent, effectiveDateTime="2026-03-01")] if intent else []
    found = concerns(look(medicine(FLUCONAZOLE), *said)).get("azole_transplant")
    assert (found.state if found else None) == wanted
    assert not found or wanted == "holds" or found.missing == ("transplant_intent",)


def test_two_alkylators_matter_and_one_does_not() -> None:
    assert "two_alkylators" not in concerns(look(medicine("L01AB01")))
    assert "two_alkylators" in concerns(look(medicine("L01AB01"), medicine("L01AA03")))


def test_an_earlier_gemtuzumab_matters_however_long_ago() -> None:
    old = medicine("L01FX02", "Administration", "completed", effectiveDateTime="2020-01-01")
    found = look(old)
    assert [one.state for one in found.used] == ["past"] and "same_payload" in concerns(found)


@pytest.mark.parametrize(
    ("code", "wanted"),
    [("V03AF07", "rasburicase"), ("L01XX05", "hydroxyurea"), ("B01AB05", "bleeding"), ("L01XX24", "hepatotoxic"),
     ("L01AC01", "thiotepa"), ("H02AB02", "dexamethasone_dose")],
)  # fmt: skip
def test_each_medicine_of_the_list_brings_up_its_concern(code: str, wanted: str) -> None:
    assert wanted in concerns(look(medicine(code)))


def test_live_vaccines_are_always_asked_about_because_immunisations_are_not_read() -> None:
    found = concerns(look())["live_vaccines"]
    assert found.state == "ask" and found.interaction.ask.startswith("Is a live vaccine planned?")


def test_a_medicine_that_no_list_has_is_said_to_be_unchecked() -> None:
    assert [one.origins for one in look(medicine("X99ZZ99")).unlisted] == [("MedicationRequest/x99zz99-request",)]


# --- the signed review ----------------------------------------------------------------------------------------------
def review(**more: Any) -> dict[str, Any]:
    return own("medicines-review", **{"valueBoolean": True, "effectiveDateTime": "2026-03-02T06:00:00-05:00", **more})


def test_a_signed_review_covers_what_was_recorded_before_it() -> None:
    assert look(medicine(FLUCONAZOLE), review()).review.state == "signed"


def test_a_medicine_recorded_after_the_review_makes_it_outdated() -> None:
    later = medicine(FLUCONAZOLE, authoredOn="2026-03-02T06:30:00-05:00")
    found = look(later, review()).review
    assert (found.state, found.since) == ("outdated", ("fluconazole",))


@pytest.mark.parametrize("more", [{"performer": None}, {"valueBoolean": False}])
def test_a_review_that_nobody_signed_or_that_says_no_is_none(more: dict[str, Any]) -> None:
    assert look(review(**more)).review.state == "none"


def test_without_a_review_there_is_none() -> None:
    assert look(medicine(FLUCONAZOLE)).review.state == "none"
