"""The monotone laws of the design, over every story and seeded random courses. Seeds are fixed: a failure repeats."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from posology.decide import decide_facts, verdict
from posology.facts import values
from posology.knowledge import RANK, observables
from posology.record import Reading
from tests.laws.patients import Patient, chance, changed, everybody, severity, spoilt, told

FEW = range(150)
MANY = range(150, 4000)
GREEN = ("give", "give")
LOOKS = {"vod_review", "infusion_reaction_review", "toxicity_review", "response", "transplant_intent"}
# Everything measured, and the looks that clear a danger. A recorded decision (to stop, say) is an event, not an analyte.
# Policy `unmeasured_chemistry`: of these, never measured is nothing reported; spoilt they are unknown, as any other.
UNMEASURED = {
    *("creatinine", "lipase", "amylase"),
    *("glucose", "potassium", "magnesium", "calcium", "albumin", "uric_acid", "inr"),
}
MEASURED = {name for name, seen in observables().items() if seen.kind == "number" and not seen.asked}
ERASABLE = LOOKS | (MEASURED - UNMEASURED)


def _stale(facts: dict) -> dict:
    return {name: fact.stale for name, fact in facts.items() if fact.stale is not None}


def law_of_one_unknown(patient: Patient) -> None:
    facts = patient.facts()
    known, stale, tables = values(facts), _stale(facts), patient.edition.tables
    before, could_be = verdict(tables, known, stale)
    for name, value in known.items():
        if value is None and name not in stale:
            continue
        old = {key: kept for key, kept in stale.items() if key != name}
        after, could_be_after = verdict(tables, {**known, name: None}, old)
        said = f"{patient.name}: without {name}={value}: {before}/{could_be} became {after}/{could_be_after}"
        assert RANK[could_be_after] >= RANK[could_be], said
        if (before, could_be) != GREEN:
            assert (after, could_be_after) != GREEN, said


def law_of_an_erased_analyte(patient: Patient) -> None:
    if patient.bare() == GREEN:
        return
    for observable in {reading.observable for reading in patient.record.readings} & ERASABLE:
        assert patient.without(observable).bare() != GREEN, f"{patient.name} without every {observable}"


def law_of_a_spoilt_analyte(patient: Patient) -> None:
    """Values that cannot be read never turn an answer green, those included whose silence is nothing reported."""
    if patient.bare() == GREEN:
        return
    for observable in {reading.observable for reading in patient.record.readings} & MEASURED:
        assert changed(patient, observable, spoilt).bare() != GREEN, f"{patient.name} with every {observable} spoilt"


WORSE = {
    **{"bilirubin": 1, "ast": 1, "alt": 1, "anc": -1, "platelets": -1, "peripheral_blasts": 1},
    **{"creatinine": 1, "lipase": 1, "amylase": 1, "glucose": 1, "inr": 1, "magnesium": -1, "calcium": -1, "albumin": -1},
}


def law_of_a_worse_value(patient: Patient) -> None:
    """A worse current liver test, Day-1 count or first-dose blast count: never a milder verdict or a larger dose."""
    before = patient.decide()
    for observable in WORSE:
        if observable in ("anc", "platelets") and before.decision_point.dose != 1:
            continue
        if observable == "peripheral_blasts" and (before.decision_point.cycle, before.decision_point.dose) != (1, 1):
            continue
        worse = _worsened(patient, observable)
        if worse is None:
            continue
        after = worse.decide()
        said = f"{patient.name}: worse {observable}: {before.verdict} became {after.verdict}"
        assert severity(after.verdict) >= severity(before.verdict), said
        assert _mg(after) <= _mg(before) or before.dose is None, said


def _mg(report) -> Decimal:
    return report.dose.amounts.rounded.mg if report.dose else Decimal(0)


def _worsened(patient: Patient, observable: str) -> Patient | None:
    readings = [r for r in patient.record.of(observable) if r.at <= patient.at]
    if not readings or not isinstance(readings[-1].value, Decimal):
        return None
    last = [r for r in readings if r.at == readings[-1].at]
    if any(not isinstance(r.value, Decimal) for r in last) or len({r.value for r in last}) > 1:
        return None  # there is no one current value that could become worse
    changed = {id(r): _worse(r, observable) for r in last}
    kept = tuple(changed.get(id(r), r) for r in patient.record.readings)
    return replace(patient, record=replace(patient.record, readings=kept))


def _worse(reading: Reading, observable: str) -> Reading:
    assert isinstance(reading.value, Decimal)
    if WORSE[observable] < 0:
        return replace(reading, value=reading.value / 2)
    limit = reading.high or Decimal(10)
    return replace(reading, value=max(reading.value * Decimal("1.3"), limit * Decimal("1.1")))


LAWS = [law_of_one_unknown, law_of_an_erased_analyte, law_of_a_spoilt_analyte, law_of_a_worse_value]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_law_holds_for_every_story_and_a_few_hundred_courses(law) -> None:
    for patient in everybody(FEW):
        law(patient)


@pytest.mark.long
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_law_holds_for_thousands_of_courses(law) -> None:
    for seed in MANY:
        law(chance.__wrapped__(seed))


def test_silence_is_nothing_reported_only_where_the_policy_says_so() -> None:
    edition = told("first_dose").edition
    reported = {fact.pick.of[0] for fact in edition.facts.values() if fact.pick.how == "reported"} & MEASURED
    assert reported == UNMEASURED and "unmeasured_chemistry" in edition.policy.rows


def test_a_law_can_fail_when_unknown_reads_as_no() -> None:
    """The harness convicts a broken engine: one that takes what is unknown for false."""
    patient = told("unsigned_review")
    known = values(patient.facts())
    careless = {name: False if value is None else value for name, value in known.items()}
    tables = {"vod": patient.edition.tables["vod"]}
    assert verdict(tables, known, {}) == ("ask", "discontinue")
    assert verdict(tables, {**careless, "weight_change_percent": Decimal(0), "bilirubin": Decimal(1)}, {})[0] == "give"


def test_a_blank_patient_is_asked_everywhere() -> None:
    blank = next(patient for patient in everybody(range(0)) if patient.name == "blank").decide()
    assert blank.verdict == "ask" and blank.dose is None
    assert {reply.action for reply in blank.answers} <= {"ask", "undetermined"}


def test_a_green_light_has_nothing_open() -> None:
    for patient in everybody(FEW):
        report = patient.decide()
        if report.green:
            assert all(finding.state == "holds" for reply in report.answers for finding in reply.findings)
            assert report.dose is not None and not any(reply.missing for reply in report.answers)


def test_the_verdict_without_reasons_is_the_verdict_with_them() -> None:
    for patient in everybody(FEW):
        facts = patient.facts()
        known, stale = values(facts), _stale(facts)
        full = decide_facts(patient.edition.tables, known, stale)
        assert (full.verdict, full.could_be) == verdict(patient.edition.tables, known, stale)
