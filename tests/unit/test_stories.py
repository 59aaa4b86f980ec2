"""Stories: told from TOML, plausible, deterministic, and current in examples/."""

from __future__ import annotations

import csv
import json
import re
import time
from datetime import datetime
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from posology import stories
from posology.stories.clinic import clinic
from posology.stories.script import Day, script, visit

EXAMPLES = Path(__file__).parents[2] / "examples"
VERDICTS = {"give", "give_with_review", "wait", "omit", "interrupt", "discontinue", "not_eligible", "ask"}
NAMES = stories.names()


def resources(bundle: dict[str, Any], kind: str | None = None) -> list[dict[str, Any]]:
    found = [entry["resource"] for entry in bundle["entry"]]
    return [each for each in found if kind in (None, each["resourceType"])]


def coded(bundle: dict[str, Any], code: str) -> list[dict[str, Any]]:
    return [o for o in resources(bundle, "Observation") if o["code"]["coding"][0]["code"] == code]


def moments(resource: dict[str, Any]) -> list[datetime]:
    stamped = [resource.get("effectiveDateTime"), *resource.get("effectivePeriod", {}).values()]
    return [datetime.fromisoformat(each) for each in stamped if each]


def test_at_least_sixteen_stories_are_told() -> None:
    assert len(NAMES) >= 16
    assert len({stories.tale(name).title for name in NAMES}) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_tale_says_when_where_and_what_a_pharmacist_expects(name: str) -> None:
    told = stories.tale(name)
    assert told.at.tzinfo is not None
    assert str(told.at.tzinfo) == told.zone
    assert told.expect.verdict in VERDICTS
    assert told.expect.because
    assert told.expect.sentence.endswith(".")
    assert (told.expect.dose_mg_per_m2 is not None) == told.expect.verdict.startswith("give")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_a_bundle_is_later_than_the_decision(name: str) -> None:
    at = stories.tale(name).at
    for resource in resources(stories.bundle(name)):
        assert all(moment <= at for moment in moments(resource)), resource["id"]


@pytest.mark.parametrize("name", NAMES)
def test_ids_are_unique_short_and_all_about_one_patient(name: str) -> None:
    found = resources(stories.bundle(name))
    ids = [(each["resourceType"], each["id"]) for each in found]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z0-9.-]{1,64}", id) for _, id in ids)
    (patient,) = [each for each in found if each["resourceType"] == "Patient"]
    assert patient["id"] == name.replace("_", "-")
    subjects = {each["subject"]["reference"] for each in found if each is not patient}
    assert subjects <= {f"Patient/{patient['id']}"}


@pytest.mark.parametrize("name", NAMES)
def test_what_an_observation_is_derived_from_is_in_the_bundle(name: str) -> None:
    bundle = stories.bundle(name)
    here = {f"Observation/{each['id']}" for each in resources(bundle, "Observation")}
    for observation in resources(bundle, "Observation"):
        assert {each["reference"] for each in observation.get("derivedFrom", ())} <= here


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_example_is_what_the_story_writes_today(name: str) -> None:
    assert (EXAMPLES / f"{name}.json").read_text("utf-8") == stories.as_text(stories.bundle(name))


def test_no_example_is_left_over_from_a_story_that_is_gone() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.json")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_written_bundle_reads_back_digit_for_digit(name: str) -> None:
    bundle = stories.bundle(name)
    text = stories.as_text(bundle)
    assert json.loads(text, parse_float=Decimal, parse_int=Decimal) == bundle
    assert stories.as_text(json.loads(text, parse_float=Decimal, parse_int=Decimal)) == text


def test_writing_makes_the_folder_and_one_file_a_story(tmp_path: Path) -> None:
    written = stories.write(tmp_path / "new" / "folder")
    assert [path.stem for path in written] == list(NAMES)
    assert all(path.is_file() for path in written)


def test_another_seed_draws_other_values_and_keeps_the_stated_ones() -> None:
    first, second = stories.bundle("late_platelets", 0), stories.bundle("late_platelets", 1)
    assert first != second
    for bundle in (first, second):
        last = coded(bundle, clinic().analytes["platelets"].code)[-1]
        assert last["valueQuantity"]["value"] == 38


def test_every_drawn_laboratory_value_of_an_ordinary_first_day_suits_its_limits() -> None:
    for seed in range(100):
        for key in ("bilirubin", "ast", "alt", "alp", "potassium"):
            (result,) = coded(stories.bundle("first_dose", seed), clinic().analytes[key].code)
            limits = result["referenceRange"][0]
            assert limits["low"]["value"] <= result["valueQuantity"]["value"] <= limits["high"]["value"]


def test_leucocytes_are_never_fewer_than_neutrophils_and_blasts_together() -> None:
    analytes = clinic().analytes
    for name in NAMES:
        bundle = stories.bundle(name)
        for key in ("anc", "peripheral_blasts"):
            part = {o["effectiveDateTime"]: o for o in coded(bundle, analytes[key].code)}
            for total in coded(bundle, analytes["wbc"].code):
                at = total["effectiveDateTime"]
                assert total["valueQuantity"]["value"] >= part[at]["valueQuantity"]["value"]


def test_a_first_dose_of_0_8_mg_per_m2_is_given_in_mg_on_the_surface_of_that_day() -> None:
    bundle = stories.bundle("weight_gain")  # weight stated: 61.5 kg at 168 cm, 1.6941 m2 by Mosteller
    doses = [each for each in resources(bundle, "MedicationAdministration") if "dosage" in each]
    assert [each["dosage"]["dose"]["value"] for each in doses] == [Decimal("1.36"), Decimal("0.85")]
    assert {each["dosage"]["dose"]["code"] for each in doses} == {"mg"}


def test_a_dose_that_nobody_recorded_leaves_no_trace() -> None:
    bundle = stories.bundle("missed_day_8")
    given = [e for e in resources(bundle, "MedicationAdministration") if "-c1d8-" in e["id"]]
    assert given == []
    assert coded(bundle, "dose-deferred") == []


def test_a_dose_put_off_is_a_signed_reason_and_no_administration() -> None:
    bundle = stories.bundle("day_8_held_for_alt_10_days")
    first, second = coded(bundle, "dose-deferred")
    assert first["valueCodeableConcept"]["coding"][0]["code"] == "toxicity"
    assert first["performer"] and second["performer"]


def test_an_omitted_dose_says_not_done_and_why() -> None:
    bundle = stories.bundle("interruption_15_days_cycle_2")
    omitted = [e for e in resources(bundle, "MedicationAdministration") if e["status"] == "not-done"]
    assert [e["statusReason"][0]["coding"][0]["code"] for e in omitted] == ["toxicity", "toxicity"]


def test_the_signed_cause_of_a_bilirubin_points_at_that_sample() -> None:
    bundle = stories.bundle("gilbert")
    cause = coded(bundle, "bilirubin-cause")[-1]
    sample = coded(bundle, clinic().analytes["bilirubin"].code)[-1]
    assert cause["derivedFrom"] == [{"reference": f"Observation/{sample['id']}"}]
    assert cause["performer"]
    assert len(coded(stories.bundle("gilbert_unsigned"), "bilirubin-cause")) == 1


def test_a_limit_the_laboratory_left_out_is_not_written() -> None:
    alt = coded(stories.bundle("missing_uln"), clinic().analytes["alt"].code)
    assert "referenceRange" in alt[0]
    assert "referenceRange" not in alt[-1]


def test_a_child_has_the_limits_of_children() -> None:
    (alp, *_) = coded(stories.bundle("child"), clinic().analytes["alp"].code)
    assert alp["referenceRange"][0]["high"]["value"] == clinic().child_analytes["alp"].limits[1]  # type: ignore[index]


def test_the_blank_story_holds_one_patient_of_whom_nothing_is_known() -> None:
    assert resources(stories.bundle("blank")) == [{"resourceType": "Patient", "id": "blank"}]


def test_days_after_a_change_of_clocks_keep_the_clinics_own_time() -> None:
    bundle = stories.bundle("responder_day_8")
    morning = {each["effectiveDateTime"][10:] for each in coded(bundle, clinic().analytes["anc"].code)}
    assert morning == {"T07:10:00-05:00", "T07:10:00-04:00"}


def test_a_misspelt_key_of_a_tale_is_refused_by_name() -> None:
    with pytest.raises(stories.BadTale, match="vales"):
        visit({"vales": {}}, "tale: visit.C1D1")
    with pytest.raises(stories.BadTale, match="respones"):
        table = {"start": datetime(2026, 3, 2).date(), "zone": "UTC", "at": "C1D1", "course": {"respones": ["CR"]}}
        script("misspelt", table)


def test_a_day_is_written_with_its_cycle() -> None:
    assert Day.parse("C2D8") == Day(2, 8)
    with pytest.raises(stories.BadTale, match="C2D8"):
        Day.parse("day 8")


def test_an_unknown_story_is_refused_with_the_way_to_the_list() -> None:
    with pytest.raises(stories.BadTale, match="stories list"):
        stories.tale("no_such_story")


def test_tales_name_no_drug() -> None:
    folder = files("posology.stories")
    texts = [path.read_text("utf-8") for path in folder.joinpath("tales").iterdir()]
    texts += [folder.joinpath(name).read_text("utf-8") for name in ("ranges.toml", "oddities.toml")]
    assert not [text for text in texts if re.search("inotuzumab|besponsa", text, re.IGNORECASE)]


def label_codes() -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for path in files("posology.label").joinpath("codes").iterdir():
        if path.name.endswith(".csv"):
            for row in csv.DictReader(path.read_text("utf-8").splitlines()):
                found.setdefault((row["system"], row["code"]), set()).add(row["observable"])
    return found


def codes_of(resource: dict[str, Any]) -> set[tuple[str, str]]:
    code = resource.get("code") or resource.get("medicationCodeableConcept") or {"coding": []}
    whole = {(each["system"], each["code"]) for each in code["coding"]}
    parts = [c["code"]["coding"][0] for c in resource.get("component", ())]
    named = {(p["system"], f"{code['coding'][0]['code']}#{p['code']}") for p in parts if p["code"] != "ctcae-version"}
    return whole | named


def test_every_code_a_story_writes_stands_in_the_label() -> None:
    known = label_codes()
    bundles = [stories.bundle(name) for name in NAMES] + [stories.random_bundle(seed)[0] for seed in range(200)]
    written = {code for bundle in bundles for resource in resources(bundle) for code in codes_of(resource)}
    assert written - set(known) == set()


def test_every_analyte_carries_the_code_the_label_reads_it_by() -> None:
    known = label_codes()
    for key, analyte in clinic().analytes.items():
        assert known[clinic().systems["loinc"], analyte.code] == {key}


def test_equal_seeds_give_equal_random_courses_byte_for_byte() -> None:
    for seed in range(50):
        first, at = stories.random_bundle(seed)
        second, again = stories.random_bundle(seed)
        assert at == again
        assert stories.as_text(first) == stories.as_text(second)


def test_random_courses_have_the_oddities_they_are_drawn_for() -> None:
    many = [stories.random_bundle(seed)[0] for seed in range(400)]
    statuses = {r.get("status") for bundle in many for r in resources(bundle, "MedicationAdministration")}
    assert {"completed", "in-progress", "stopped", "not-done", "on-hold", "unknown"} <= statuses
    assert any(coded(bundle, "dose-deferred") for bundle in many)
    assert any("birthDate" not in resources(bundle, "Patient")[0] for bundle in many)
    answers = {o["valueCodeableConcept"]["coding"][0]["code"] for b in many for o in coded(b, "response")}
    assert {"CR", "CRi", "none", "relapse", "not-assessable"} <= answers


def test_every_random_course_can_be_written_and_read_back() -> None:
    for seed in range(200):
        bundle, at = stories.random_bundle(seed)
        assert at.tzinfo is not None
        assert json.loads(stories.as_text(bundle), parse_float=Decimal, parse_int=Decimal) == bundle


def test_random_courses_are_cheap_enough_for_thousands() -> None:
    stories.random_bundle(0)
    begun = time.process_time()
    for seed in range(200):
        stories.random_bundle(seed)
    assert (time.process_time() - begun) / 200 < Decimal("0.05"), "ten times the aim of 5 ms each"


def test_no_number_of_a_bundle_is_binary() -> None:
    def numbers(node: Any) -> list[Any]:
        if isinstance(node, dict):
            return [n for each in node.values() for n in numbers(each)]
        if isinstance(node, list):
            return [n for each in node for n in numbers(each)]
        return [node] if isinstance(node, int | float | Decimal) and not isinstance(node, bool) else []

    bundles = [stories.bundle(name) for name in NAMES] + [stories.random_bundle(seed)[0] for seed in range(100)]
    assert {type(number) for bundle in bundles for number in numbers(bundle)} == {Decimal}
