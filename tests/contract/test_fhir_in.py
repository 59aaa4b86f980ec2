"""FHIR in, as the contract states it: one bundle with every kind of resource, and every code of its table."""

import json
from decimal import Decimal

import pytest

from posology.knowledge import codes, observables
from posology.record import Given
from tests.fixtures.fhir.build import ONE_PATIENT, OWN, coded, component, load, own, quantity, read

NOT_OBSERVED = {
    "drug", "yes_no", "gilbert", "no_known_allergy", "route", "ctcae_version", "dose_deferred", "pre_dose_review",
    "adult_from_years", "medicine",
}  # fmt: skip


def test_one_patient_from_bytes_is_the_expected_record() -> None:
    record = load(ONE_PATIENT.read_bytes())
    found = {(reading.observable, reading.at.date().isoformat()): reading.value for reading in record.readings}
    assert found["anc", "2026-03-02"] == Decimal("1.2")
    assert found["platelets", "2026-03-02"] == 140
    assert found["weight", "2026-03-02"] == Decimal("69.85322498")
    assert found["peripheral_blasts", "2026-03-02"] == Decimal("0.06")
    assert found["vod_review", "2026-02-01"] == "ruled_out"
    assert found["response", "2026-03-02"] == "cr"
    assert [dose.given for dose in record.doses] == [Given.GIVEN, Given.OMITTED]
    assert record.orders[0].mg == Decimal("0.9")


def test_the_same_object_parsed_by_a_plain_json_reader_gives_the_same_record() -> None:
    assert load(json.loads(ONE_PATIENT.read_bytes())) == load(ONE_PATIENT.read_bytes())


def test_every_code_row_names_an_observable_or_a_known_purpose() -> None:
    known = observables()
    for rows in codes().values():
        for row in rows:
            assert row.observable in known or row.observable in NOT_OBSERVED, row
            assert row.confidence in ("C", "R"), row
            assert row.provenance, row


def test_every_fixed_value_is_a_word_of_its_observable() -> None:
    known = observables()
    for rows in codes().values():
        for row in rows:
            observable = known.get(row.observable)
            if observable is not None and row.value and row.value != "unclear":
                allowed = observable.words if observable.kind == "word" else ("true", "false")
                assert row.value in allowed, row


def test_every_observable_has_a_code() -> None:
    coded_for = {row.observable for rows in codes().values() for row in rows}
    assert coded_for >= observables().keys()


@pytest.mark.parametrize("name", sorted(observables()))
def test_every_observable_can_be_sent(name: str) -> None:
    observable = observables()[name]
    rows = [row for rows in codes().values() for row in rows if row.observable == name and row.system == OWN]
    code = [row.code for row in rows if "=" not in row.code][-1]
    if observable.kind == "number":
        middle = observable.adult or observable.plausible
        assert middle is not None
        value = {"valueQuantity": quantity(middle[1], str(observable.unit))}
    elif observable.kind == "word":
        value = {"valueCodeableConcept": coded(OWN, observable.words[0].replace("_", "-"))}
    else:
        value = {"valueBoolean": True}
    parent, _, part = code.partition("#")
    if part:
        sent = own(parent, component=[component(part, **value), component("ctcae-version", valueString="3")])
    else:
        sent = own(code, **value)
    (reading,) = read(sent).of(name)
    assert reading.value is not None
