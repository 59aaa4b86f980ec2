"""Doses, orders, premedication: an unknown dose is never `not given`."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from posology.record import Dose, Given
from tests.fixtures.fhir.build import (
    ATC,
    DRUG,
    OWN,
    SNOMED,
    SUBJECT,
    administration,
    coded,
    noted,
    quantity,
    read,
    the,
)


def dose(*args: Any, **more: Any) -> Dose:
    (found,) = read(administration(*args, **more)).doses
    return found


@pytest.mark.parametrize("status, partial", [("completed", False), ("in-progress", True), ("stopped", True)])
def test_any_part_of_a_dose_counts_as_given(status: str, partial: bool) -> None:
    found = dose(status)
    assert (found.given, found.partial, found.mg) == (Given.GIVEN, partial, Decimal("1.44"))


@pytest.mark.parametrize("status", ["on-hold", "unknown", "not-done", "given", None, 5, []])
def test_a_dose_whose_status_does_not_settle_it_is_unknown(status: Any) -> None:
    found = read(administration(status=status))
    assert [one.given for one in found.doses] == [Given.UNKNOWN]
    assert "dose_unknown" in noted(found)


@pytest.mark.parametrize(
    "reason, word",
    [([coded(OWN, "toxicity")], "toxicity"), ([{"text": "felt ill"}], "unstated"), ([coded(SNOMED, "1")], "unstated")],
)
def test_a_dose_not_done_with_a_reason_is_omitted(reason: Any, word: str) -> None:
    found = dose("not-done", statusReason=reason)
    assert (found.given, found.reason, found.mg) == (Given.OMITTED, word, None)


def test_a_dose_entered_in_error_is_set_aside() -> None:
    record = read(administration("entered-in-error"))
    assert (record.doses, noted(record)) == ((), {"entered_in_error"})


def test_a_dose_known_by_day_spans_that_local_day() -> None:
    found = dose()
    assert found.start == datetime(2026, 2, 2, 5, tzinfo=UTC)
    assert found.end == datetime(2026, 2, 3, 4, 59, 59, 999999, tzinfo=UTC)


def test_a_dose_known_by_period_keeps_both_ends() -> None:
    period = {"start": "2026-02-02T10:00:00-05:00", "end": "2026-02-02T11:00:00-05:00"}
    found = dose(effectiveDateTime=None, effectivePeriod=period)
    assert (found.end - found.start).total_seconds() == 3600


@pytest.mark.parametrize("when", ["2026-02", "2026", "soon", None])
def test_a_dose_without_a_day_is_set_aside_and_said(when: Any) -> None:
    record = read(administration(effectiveDateTime=when))
    assert (record.doses, noted(record)) == ((), {"no_date"})


@pytest.mark.parametrize(
    "given, mg, code",
    [
        (quantity(1440, "ug"), Decimal("1.44"), None),
        (quantity(2, "mL"), None, "wrong_unit"),
        (quantity(-1, "mg"), None, "implausible"),
        (None, None, "no_amount"),
    ],
)
def test_an_amount_is_read_in_milligrams_or_not_at_all(given: Any, mg: Any, code: str | None) -> None:
    record = read(administration(dosage={"dose": given} if given else {}))
    assert record.doses[0].mg == mg
    assert noted(record) == ({code} if code else set())


@pytest.mark.parametrize(
    "system, code",
    [
        (ATC, "L01FB01"),
        ("http://hl7.org/fhir/sid/ndc", "0008-0100-01"),
        ("http://hl7.org/fhir/sid/ndc", "00008010001"),
        ("http://fdasis.nlm.nih.gov", "P93RUU11P7"),
    ],
)
def test_the_drug_is_known_by_any_of_its_codes(system: str, code: str) -> None:
    assert dose(medicationCodeableConcept=coded(system, code)).given is Given.GIVEN


MEDICATION = {"resourceType": "Medication", "id": "m1", "code": DRUG}
MIXED = {"resourceType": "Medication", "id": "m1", "ingredient": [{"itemCodeableConcept": DRUG}]}


@pytest.mark.parametrize("medication", [MEDICATION, MIXED])
def test_a_referenced_medication_is_found_in_the_bundle(medication: dict[str, Any]) -> None:
    given = administration(medicationCodeableConcept=None, medicationReference={"reference": "Medication/m1"})
    assert len(read(given, medication).doses) == 1


def test_a_contained_medication_is_found() -> None:
    given = administration(medicationCodeableConcept=None, medicationReference={"reference": "#m1"}, contained=[MEDICATION])
    assert len(read(given).doses) == 1


def test_a_medication_that_is_not_there_is_said() -> None:
    given = administration(medicationCodeableConcept=None, medicationReference={"reference": "Medication/m1"})
    assert "unresolved_medication" in noted(read(given))


def test_premedication_is_read_at_its_time() -> None:
    reading = the("corticosteroid", administration(medicationCodeableConcept=coded(ATC, "H02AB04")))
    assert (reading.value, reading.at) == (True, datetime(2026, 2, 2, 5, tzinfo=UTC))


def test_premedication_not_done_is_no_premedication() -> None:
    assert read(administration("not-done", medicationCodeableConcept=coded(ATC, "H02AB04"))).readings == ()


def request(kind: str, code: Any = DRUG, **more: Any) -> dict[str, Any]:
    found = {"resourceType": kind, "id": "r", "status": "active", "medicationCodeableConcept": code, "subject": SUBJECT}
    return {**found, **more}


def order(dosage: dict[str, Any], **more: Any) -> Any:
    (found,) = read(request("MedicationRequest", intent="order", dosageInstruction=[dosage], **more)).orders
    return found


def test_an_order_is_kept_as_written() -> None:
    dosage = {"route": coded(SNOMED, "47625008"), "doseAndRate": [{"doseQuantity": quantity("0.9", "mg")}]}
    formula = [{"url": "urn:posology:bsa-formula", "valueCode": "mosteller"}]
    found = order(dosage, authoredOn="2026-03-02T22:00:00-05:00", extension=formula)
    assert (found.status, found.intent, found.on) == ("active", "order", date(2026, 3, 2))
    assert (found.mg, found.route, found.bsa_formula) == (Decimal("0.9"), "intravenous_infusion", "mosteller")


@pytest.mark.parametrize(
    "dosage, route",
    [
        ({"route": coded(SNOMED, "72607000")}, "intrathecal"),
        ({"route": coded(SNOMED, "47625008"), "text": "give as IV push"}, "intravenous_push"),
        ({"route": coded(SNOMED, "0")}, "other"),
        ({}, None),
    ],
)
def test_any_route_but_infusion_shows(dosage: dict[str, Any], route: str | None) -> None:
    assert order(dosage).route == route


def test_an_active_drug_that_prolongs_qt_is_read_and_a_finished_one_is_not() -> None:
    ondansetron = coded(ATC, "A04AA01")
    asked = request("MedicationRequest", ondansetron, intent="order", authoredOn="2026-03-01")
    assert the("qt_drug", asked).value is True
    assert read({**asked, "status": "completed"}).readings == ()
    assert the("qt_drug", request("MedicationStatement", ondansetron, effectiveDateTime="2026-03-01")).value is True


def test_a_statement_of_the_drug_without_doses_is_a_dose_unknown() -> None:
    (found,) = read(request("MedicationStatement", effectivePeriod={"start": "2026-01-01"})).doses
    assert found.given is Given.UNKNOWN


def test_a_statement_covered_by_recorded_doses_adds_none() -> None:
    record = read(request("MedicationStatement", effectivePeriod={"start": "2026-01-01"}), administration())
    assert [one.given for one in record.doses] == [Given.GIVEN]
