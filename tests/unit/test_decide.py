"""Deciding by the real tables: a blank patient, complete patients, one dose each, nothing released without a verdict."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from posology import stories
from posology.answer import Report, decide
from posology.decide import LETS_THROUGH, TableError, answered, decide_facts, outcome, verdict
from posology.knowledge import RANK, Table, load_edition
from posology.language import Value, facts_in
from posology.record import Patient, Record
from tests.laws.patients import told
from tests.unit.pins import pins

US = load_edition("us")
TABLES = {**US.tables, **US.criteria}
AT, ZONE = datetime(2026, 3, 2, 9, tzinfo=UTC), ZoneInfo("Europe/Berlin")
PINS = [pin for pin in pins() if Decimal(0) not in (pin.facts.get("cycle"), pin.facts.get("dose_number"))]
Facts = dict[str, Value | None]


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.id)
def test_of_a_patient_of_whom_nothing_is_known_every_question_asks(table: Table) -> None:
    answer = answered(table, {}, {})
    assert answer.action in ("ask", "undetermined")
    assert answer.missing and {finding.state for finding in answer.findings} == {"open"}


def test_an_empty_record_is_asked_everywhere_and_gets_no_dose() -> None:
    report = decide(Record(Patient("nobody")), at=AT, edition=US, zone=ZONE)
    assert {reply.question: reply.action for reply in report.answers if reply.action not in ("ask", "undetermined")} == {}
    assert report.verdict == "ask" and report.dose is None and report.not_releasable_estimate is None


# --- one dose for each complete patient ------------------------------------------------------------------------------

RESPONSES = ("cr", "cri", "none", "relapse", "not_assessable")


@pytest.mark.parametrize(("cycle", "dose", "response"), list(product(range(1, 7), (1, 2, 3), RESPONSES)))
def test_every_complete_patient_has_exactly_one_dose_by_the_table(cycle: int, dose: int, response: str) -> None:
    facts: Facts = {"cycle": Decimal(cycle), "dose_number": Decimal(dose), "response": response, "response_lost": False}
    answer = answered(US.tables["regimen"], facts, {})
    first = Decimal("0.8") if cycle == 1 or response == "none" else Decimal("0.5") if response in ("cr", "cri") else None
    assert answer.sets.get("mg_per_m2") == (Decimal("0.5") if dose > 1 else first)


@pytest.mark.parametrize(("cycle", "dose", "response"), list(product(range(1, 7), (1, 2, 3), RESPONSES)))
def test_a_remission_that_was_lost_leaves_no_dose_from_cycle_2_on(cycle: int, dose: int, response: str) -> None:
    facts: Facts = {"cycle": Decimal(cycle), "dose_number": Decimal(dose), "response": response, "response_lost": True}
    answer = answered(US.tables["regimen"], facts, {})
    first_cycle = Decimal("0.8") if dose == 1 else Decimal("0.5")
    assert answer.sets.get("mg_per_m2") == (first_cycle if cycle == 1 else None)


@pytest.mark.parametrize("cycle", [2, 3, 6])
def test_without_a_response_no_later_cycle_has_a_dose_on_day_1(cycle: int) -> None:
    facts: Facts = {"cycle": Decimal(cycle), "dose_number": Decimal(1), "response_lost": False}
    answer = answered(US.tables["regimen"], facts, {})
    assert answer.action == "undetermined" and answer.sets == {} and answer.missing == ("response",)


@pytest.mark.parametrize("cycle", [0, -1])
def test_a_cycle_that_cannot_be_is_an_error_of_the_table_and_no_dose(cycle: int) -> None:
    with pytest.raises(TableError, match="regimen: no row applies with cycle"):
        answered(US.tables["regimen"], {"cycle": Decimal(cycle), "dose_number": Decimal(1), "response": "cr"}, {})


GRID = list(
    product(
        (Decimal("4.9"), Decimal(5)),
        (True, False),
        (True, False),
        (Decimal("0.99"), Decimal(1)),
        (Decimal(99), Decimal(100)),
    )
)


@pytest.mark.parametrize(("marrow", "blood", "outside", "anc", "platelets"), GRID)
def test_every_complete_set_of_components_shows_exactly_one_response(
    marrow: Decimal, blood: bool, outside: bool, anc: Decimal, platelets: Decimal
) -> None:
    facts: Facts = {
        "marrow_blasts": marrow,
        "peripheral_blasts_absent": blood,
        "extramedullary_resolved": outside,
        "anc": anc,
        "platelets": platelets,
    }
    clear = marrow < 5 and blood and outside
    expected = "none" if not clear else "cr" if anc >= 1 and platelets >= 100 else "cri"
    assert answered(US.criteria["response"], facts, {}).sets == {"response": expected}


# --- the answer to one question, with and without its reasons ----------------------------------------------------------


@pytest.mark.parametrize("table", US.tables.values(), ids=lambda table: table.id)
def test_the_short_way_to_an_answer_says_the_same_as_the_long_one(table: Table) -> None:
    patients = [pin.facts for pin in PINS if pin.row.startswith(f"{table.id}.")]
    assert len(patients) > 1
    for facts in patients:
        answer = answered(table, facts, {})
        assert (answer.action, answer.could_be) == outcome(table, facts)
        assert RANK[answer.could_be] >= RANK.get(answer.action, 0)


def test_the_verdict_without_reasons_is_the_verdict_of_the_decision() -> None:
    for pin in PINS:
        decision = decide_facts(US.tables, pin.facts)
        assert verdict(US.tables, pin.facts) == (decision.verdict, decision.could_be)
        assert list(decision.answers) == list(US.tables)


def test_a_finding_says_what_made_it_so_or_what_would_settle_it() -> None:
    for pin in PINS:
        question, _, row = pin.row.partition(".")
        found = {finding.row.id: finding for finding in answered(TABLES[question], pin.facts, {}).findings}
        if pin.expected is False:
            assert row not in found
        elif pin.expected:
            looked_at = {name for leaf in found[row].because for name in facts_in(leaf)}
            assert found[row].state == "holds" and looked_at and found[row].missing == ()
        else:
            assert found[row].state == "open" and found[row].missing and found[row].because == ()


# --- what is released ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    return {name: told(name).decide() for name in stories.names()}


def test_a_dose_is_released_only_beside_a_verdict_that_lets_it_through(reports: dict[str, Report]) -> None:
    for name, report in reports.items():
        assert (report.dose is not None) == (report.verdict in LETS_THROUGH), name
        assert report.dose is None or report.not_releasable_estimate is None, name
    assert {report.verdict in LETS_THROUGH for report in reports.values()} == {True, False}
    assert any(report.not_releasable_estimate for report in reports.values())


def test_a_green_light_has_nothing_missing_that_could_forbid_the_dose(reports: dict[str, Report]) -> None:
    green = [report for report in reports.values() if report.verdict == report.could_be == "give"]
    assert green
    for report in green:
        assert {reply.action for reply in report.answers} == {"give"}
        assert not any(reply.findings for reply in report.answers if reply.question != "regimen")


def test_premedication_is_due_before_every_dose_and_blocks_no_decision(reports: dict[str, Report]) -> None:
    premedication = {"corticosteroid", "antipyretic", "antihistamine"}
    assert not premedication & {name for row in US.rows() for name in row.facts}
    for name, report in reports.items():
        if report.decision_point.cycle is not None:
            assert "premedication" in {item.id for item in report.due}, name
