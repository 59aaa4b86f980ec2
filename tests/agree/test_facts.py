"""Every fact at every decision point, its stale value and its word of absence: Python and SQL find the same."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from posology.fhir import load_bundle
from posology.knowledge import codes, load_edition
from posology.measures import percent_change
from posology.record import Dose, Given, Patient, Reading, Record
from posology.runners.duckdb import run
from posology.stories import random_bundle
from tests.agree import check, database

ZONE = ZoneInfo("America/New_York")
AT = datetime(2026, 5, 4, 12, tzinfo=UTC)


def told(seeds: range) -> list[tuple[Record, datetime, ZoneInfo]]:
    """Records read from generated bundles."""
    edition, found = load_edition("us"), []
    for seed in seeds:
        bundle, at = random_bundle(seed)
        record = load_bundle(bundle, observables=edition.observables, codes=codes(), zone=ZONE)
        found.append((record, at, ZONE))
    return found


def compare(dated: list[tuple[Record, datetime, ZoneInfo]], name: str = "us") -> list[str]:
    edition = load_edition(name)
    rows = zip(dated, run(edition, dated), strict=True)
    return [line for (record, at, zone), row in rows for line in check.known(edition, record, at, zone, row)]


def test_every_fact_of_a_random_record_is_the_same_in_python_and_in_sql() -> None:
    assert list(check.seeded_records()) == []


@pytest.mark.long
def test_every_fact_of_many_random_records_is_the_same_in_python_and_in_sql() -> None:
    assert list(check.seeded_records(4000)) == []


def test_every_fact_read_from_a_generated_bundle_is_the_same_in_python_and_in_sql() -> None:
    assert compare(told(range(40))) == []


@pytest.mark.long
def test_every_fact_read_from_many_generated_bundles_is_the_same_in_python_and_in_sql() -> None:
    assert compare(told(range(1000, 2000))) == []
    assert compare(told(range(2000, 2200)), "eu") == []


def test_the_random_records_give_every_fact_a_value_and_reach_every_word_of_absence() -> None:
    rows = database.of_seeded_records(check.SEED, check.RECORDS)
    for name in load_edition("us").facts:
        assert any(row[name] is not None for row in rows), f"{name} never had a value"
    words = Counter(row[f"why_{name}"] for row in rows for name in load_edition("us").facts)
    assert {word for word, seen in words.items() if seen > 20} == {
        None, "missing", "stale", "implausible", "wrong_unit", "conflicting", "not_asked", "not_applicable"
    }  # fmt: skip


def weighed(before: str, now: str) -> Record:
    """A patient weighed ten days ago, before the first dose, and today."""
    then = AT - timedelta(days=10)
    pair = ((before, then), (now, AT))
    readings = tuple(Reading(f"w{n}", "weight", at, Decimal(kg)) for n, (kg, at) in enumerate(pair))
    return Record(Patient(f"{before} {now}"), readings)


@pytest.mark.parametrize(
    ("before", "now"),
    [("70", "73.5"), ("70", "73.501"), ("51.2", "70.3"), ("81.92", "70.31"), ("70.30000000000001", "61.7")],
)
def test_a_weight_change_has_the_same_digits_in_python_and_in_sql(before: str, now: str) -> None:
    given = AT - timedelta(days=9)
    record = replace(weighed(before, now), doses=(Dose("d", given, given, Given.GIVEN),))
    row = run(load_edition("us"), [(record, AT, ZONE)])[0]
    change = percent_change(Decimal(now), Decimal(before))
    assert (row["weight_change_percent"], row["weight_loss_percent"]) == (change, -change)


@pytest.mark.parametrize(("kg", "minutes", "stands"), [("73.5", 1, True), ("73.501", 1, False), ("73.501", -1, True)])
def test_a_weight_gain_after_the_look_outdates_it_in_python_and_in_sql(kg: str, minutes: int, stands: bool) -> None:
    given, look = AT - timedelta(days=7), AT - timedelta(hours=2)
    record = replace(weighed("70", "70"), doses=(Dose("d", given, given, Given.GIVEN),))
    review = Reading("look", "vod_review", look, "ruled_out", signed=True)
    gain = Reading("gain", "weight", look + timedelta(minutes=minutes), Decimal(kg))
    record = replace(record, readings=tuple(sorted((*record.readings, review, gain), key=lambda one: one.at)))
    row = run(load_edition("us"), [(record, AT, ZONE)])[0]
    assert compare([(record, AT, ZONE)]) == []
    assert (row["vod_status"], row["why_vod_status"]) == (("ruled_out", None) if stands else (None, "stale"))


def test_one_patient_at_two_moments_is_two_decision_points_over_one_set_of_readings() -> None:
    record = weighed("70", "71")
    rows = run(load_edition("us"), [(record, AT, ZONE), (record, AT - timedelta(days=1), ZONE)])
    assert [(row["weight"], row["stale_weight"]) for row in rows] == [(71, None), (None, 70)]


def test_two_records_under_one_patient_id_are_refused() -> None:
    one, other = weighed("70", "71"), weighed("70", "71")
    other = replace(other, readings=other.readings[:1])
    with pytest.raises(ValueError, match="two records under one id"):
        run(load_edition("us"), [(one, AT, ZONE), (other, AT, ZONE)])


def test_a_number_that_cannot_be_held_exactly_is_refused_rather_than_rounded() -> None:
    record = weighed("70", "70.0000000000000000001")
    with pytest.raises(ValueError, match="too many digits"):
        run(load_edition("us"), [(record, AT, ZONE)])


def test_no_record_gives_no_row() -> None:
    assert run(load_edition("us"), []) == []
