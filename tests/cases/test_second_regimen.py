"""A second regimen, of a drug that does not exist, is data alone: the same code reads, decides, doses and plans it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from posology import answer, fhir
from posology.answer import Report
from posology.api import decide as public_decide
from posology.course import fold
from posology.facts import gather
from posology.knowledge import KnowledgeError, UnknownName, codes, editions, load_edition, sources
from posology.say import shape, words
from posology.say.pages import coverage, unverified
from tests.house.sources import LABEL, SRC

ROOT = Path(__file__).parents[1] / "fixtures" / "label"
TERN = load_edition("tern", root=ROOT)
ZONE = ZoneInfo("Europe/Berlin")
DAY_1 = date(2026, 3, 2)
UCUM = "http://unitsofmeasure.org"
OWN = "urn:posology:codes"
TERNIMAB = ("urn:example:fictional", "ternimab")
OTHER = ("http://www.nlm.nih.gov/research/umls/rxnorm", "1942954")
Json = dict[str, Any]


def at(day: int, clock: str = "T07:00:00+00:00") -> str:
    return f"{DAY_1 + timedelta(days=day - 1)}{clock}"


def resource(kind: str, id: str, **rest: Any) -> Json:
    return {"resource": {"resourceType": kind, "id": id, "subject": {"reference": "Patient/p"}, **rest}}


def measured(code: str, day: int, value: str, unit: str) -> Json:
    quantity = {"value": Decimal(value), "system": UCUM, "code": unit, "unit": unit}
    concept = {"coding": [{"system": "http://loinc.org", "code": code}]}
    when = at(day, "T06:00:00+00:00")
    return resource(
        "Observation", f"{code}-{day}", status="final", code=concept, effectiveDateTime=when, valueQuantity=quantity
    )


def signed(code: str, day: int, **value: Any) -> Json:
    by = {"performer": [{"reference": "Practitioner/d"}], "effectiveDateTime": at(day, "T06:30:00+00:00")}
    concept = {"coding": [{"system": OWN, "code": code}]}
    return resource("Observation", f"{code}-{day}", status="final", code=concept, **by, **value)


def said(word: str) -> Json:
    return {"valueCodeableConcept": {"coding": [{"system": OWN, "code": word}]}}


def dose(day: int, mg: str = "45", drug: tuple[str, str] = TERNIMAB) -> Json:
    concept = {"coding": [{"system": drug[0], "code": drug[1]}]}
    quantity = {"value": Decimal(mg), "system": UCUM, "code": "mg", "unit": "mg"}
    return resource(
        "MedicationAdministration", f"dose-{day}", status="completed", medicationCodeableConcept=concept,
        effectiveDateTime=at(day), dosage={"dose": quantity},
    )  # fmt: skip


def bundle(*more: Json, today: int = 1, birth: str = "1980-01-01") -> Json:
    patient = {"resource": {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": birth}}
    review = [{"code": {"coding": [{"system": OWN, "code": "hypersensitivity"}]}, "valueBoolean": False}]
    days = sorted({1, today, *(int(one["resource"]["id"].split("-")[-1]) for one in more)})
    body = [measured("29463-7", day, "72", "kg") for day in days]
    begun = [signed("baseline-review", 1, component=review), measured("8302-2", 1, "162", "cm")]
    return {"resourceType": "Bundle", "type": "collection", "entry": [patient, *begun, *body, *more]}


def decided(*more: Json, today: int, birth: str = "1980-01-01") -> Report:
    known = bundle(*more, today=today, birth=birth)
    record = fhir.load_bundle(known, observables=TERN.observables, codes=codes(ROOT), zone=ZONE)
    return answer.decide(record, at=datetime.fromisoformat(at(today, "T08:00:00+00:00")), edition=TERN, zone=ZONE)


def test_a_regimen_that_is_data_alone_is_decided_from_a_bundle_to_a_dose() -> None:
    """162 cm and 72 kg are 1.8 m² by Mosteller; 25 mg/m² are 45 mg, three vials of 18 mg, 22.5 mL of 2 mg/mL."""
    report = decided(today=1)
    assert (report.verdict, report.could_be) == ("give", "give")
    assert report.dose is not None
    made = report.dose.amounts
    assert (made.bsa_m2, made.rounded.mg, made.vials) == (Decimal("1.8"), 45, 3)
    assert (made.volume_ml, made.mixture.path and made.mixture.path.value) == (Decimal("22.5"), "bag")
    assert report.dose.cites.source == "tern-label"


def test_its_plan_has_two_doses_in_a_cycle_of_fourteen_days() -> None:
    visits = decided(today=1).visits
    shown = [(visit.cycle, visit.dose, visit.day, (visit.planned_on - DAY_1).days + 1, visit.mg_per_m2) for visit in visits]
    assert shown == [(1, 1, 1, 1, 25), (1, 2, 9, 9, 25), (2, 1, 1, 15, 25), (2, 2, 9, 23, 25)]


@pytest.mark.parametrize(("today", "verdict"), [(5, "wait"), (6, "give"), (9, "give")])
def test_its_own_days_between_doses_count_on_both_sides(today: int, verdict: str) -> None:
    report = decided(dose(1), today=today)
    assert (report.decision_point.cycle, report.decision_point.dose, report.verdict) == (1, 2, verdict)


@pytest.mark.parametrize(("today", "verdict"), [(14, "wait"), (15, "give")])
def test_its_next_cycle_begins_after_its_own_last_day(today: int, verdict: str) -> None:
    report = decided(dose(1), dose(9), today=today)
    assert (report.decision_point.cycle, report.decision_point.dose, report.verdict) == (2, 1, verdict)


def test_after_its_last_cycle_treatment_ends() -> None:
    given = [dose(14 * cycle + day) for cycle in range(4) for day in (1, 9)]
    assert decided(*given[:6], today=43).verdict == "give"
    assert decided(*given, today=57).verdict == "discontinue"


@pytest.mark.parametrize(("birth", "verdict"), [("2014-03-02", "give"), ("2014-03-03", "not_eligible")])
def test_its_own_age_counts(birth: str, verdict: str) -> None:
    assert decided(today=1, birth=birth).verdict == verdict


def test_an_amount_that_its_table_does_not_explain_shows_in_the_facts() -> None:
    for mg, odd in (("45", 0), ("43", 0), ("36", 1)):
        known = bundle(dose(1, mg), today=9)
        record = fhir.load_bundle(known, observables=TERN.observables, codes=codes(ROOT), zone=ZONE)
        moment = datetime.fromisoformat(at(9, "T08:00:00+00:00"))
        facts = gather(record, fold(record, TERN.regimen, moment, ZONE), TERN, moment, ZONE)
        assert facts["unexplained_doses"].value == odd, mg


def test_a_recorded_level_that_the_regimen_does_not_have_gets_no_dose_and_is_asked_about() -> None:
    report = decided(dose(1), signed("dose-level", 8, **said("reduced-25")), today=9)
    assert report.verdict == "ask" and report.dose is None and report.not_releasable_estimate is None
    assert "this regimen has no level reduced_25" in report.warnings[-1].text


def test_doses_of_another_drug_are_none_of_its_doses_and_the_reverse() -> None:
    assert decided(dose(1, drug=OTHER), today=1).decision_point.dose == 1
    record = fhir.load_bundle(bundle(dose(1)), observables=load_edition("us").observables, codes=codes(), zone=ZONE)
    assert record.doses == ()
    ours = {(row.system, row.code) for rows in codes(ROOT).values() for row in rows if row.observable == "drug"}
    assert ours == {TERNIMAB}


def test_it_says_nothing_of_another_drugs_tests_disputes_or_sources() -> None:
    report = decided(today=1)
    assert report.disputed == () and TERN.contested == {}
    assert [item.id for item in report.due] == ["weight"] and report.warnings == ()
    printed = words.decision(report) + shape.written(shape.report(report))
    assert "tern-label" in printed and "us-pi" not in printed and "otuzu" not in printed


def test_it_stands_apart_from_the_editions_of_label() -> None:
    assert editions(ROOT) == ["tern"] and "tern" not in editions()
    assert set(sources()) < set(sources(ROOT)) and "tern-label" not in sources()
    assert TERN.knowledge not in {load_edition(name).knowledge for name in editions()}
    with pytest.raises(KnowledgeError, match="there are: tern"):
        load_edition("us", root=ROOT)


def test_its_registers_are_its_own() -> None:
    assert unverified.unverified(TERN) == []
    with pytest.raises(UnknownName, match=r"no register of its sections: write label/tern/coverage.toml"):
        coverage.coverage(TERN)


def test_no_code_and_no_shared_knowledge_names_the_fictional_drug() -> None:
    files = [path for path in SRC.rglob("*") if path.suffix in (".py", ".toml", ".csv")]
    assert len(files) > 100 and LABEL in SRC.iterdir()
    assert [path for path in files if "ternimab" in path.read_text(encoding="utf-8").lower()] == []


def test_the_first_regimen_is_still_decided_by_the_public_function() -> None:
    report = public_decide(bundle(), at=datetime.fromisoformat(at(1)), edition="us", zone="Europe/Berlin")
    assert report.edition == "us" and report.verdict == "wait"
