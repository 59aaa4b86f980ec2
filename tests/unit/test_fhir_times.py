"""Dates and times: instants for clocks, local days for the course."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from posology.fhir.times import moment, span
from tests.fixtures.fhir.build import ZONE, noted, observation, quantity, read, the


def test_an_offset_decides_the_instant() -> None:
    assert moment("2026-03-02T08:00:00-05:00", ZONE) == moment("2026-03-02T13:00:00Z", ZONE)


def test_a_day_alone_stands_at_the_start_of_the_local_day() -> None:
    assert moment("2026-03-02", ZONE) == datetime(2026, 3, 2, 5, tzinfo=UTC)


def test_a_month_and_a_year_stand_at_their_first_instant() -> None:
    assert moment("2026-03", ZONE) == moment("2026-03-01", ZONE)
    assert moment("2026", ZONE) == moment("2026-01-01", ZONE)


def test_a_dose_known_by_day_spans_the_local_day_of_a_clock_change() -> None:
    found = span("2026-03-08", ZONE)
    assert found is not None
    assert (found[1] - found[0]).total_seconds() > 22 * 3600
    assert (found[1] - found[0]).total_seconds() < 23 * 3600


def test_a_midnight_that_does_not_exist_still_belongs_to_its_day() -> None:
    zone = ZoneInfo("America/Havana")
    first = moment("2026-03-08", zone)
    assert first is not None
    assert first.astimezone(zone).date().isoformat() == "2026-03-08"


@pytest.mark.parametrize("text", ["2026-03", "2026"])
def test_a_dose_known_by_month_or_year_has_no_span(text: str) -> None:
    assert span(text, ZONE) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-02-30",
        "20260302",
        "2026-W01-1",
        "2026-03-02 08:00:00",
        "2026-W01-1T08:00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31",
    ],
)
def test_what_is_no_fhir_date_is_no_date(text: str) -> None:
    assert span(text, ZONE) is None


def test_a_time_without_offset_is_read_in_the_zone_and_said_once() -> None:
    at = "2026-03-02T08:00:00"
    one = observation("29463-7", effectiveDateTime=at, valueQuantity=quantity(70, "kg"))
    other = observation("8302-2", effectiveDateTime="2026-03-02T09:00:00", valueQuantity=quantity(170, "cm"))
    record = read(one, other)
    assert record.of("weight")[0].at == datetime(2026, 3, 2, 13, tzinfo=UTC)
    assert [note.code for note in record.notes].count("no_offset") == 1


def test_a_period_counts_from_its_end() -> None:
    period = {"start": "2026-03-01", "end": "2026-03-02"}
    weight = observation("29463-7", effectiveDateTime=None, effectivePeriod=period, valueQuantity=quantity(70, "kg"))
    assert the("weight", weight).at == datetime(2026, 3, 2, 5, tzinfo=UTC)


def test_a_result_without_a_date_is_set_aside() -> None:
    record = read(observation("29463-7", effectiveDateTime=None, valueQuantity=quantity(70, "kg")))
    assert record.readings == ()
    assert "no_date" in noted(record)


def test_a_result_after_receipt_is_set_aside() -> None:
    weight = observation("29463-7", valueQuantity=quantity(70, "kg"))
    before, after = datetime(2026, 3, 2, 12, 59, tzinfo=UTC), datetime(2026, 3, 2, 13, tzinfo=UTC)
    assert noted(read(weight, received=before)) == {"future"}
    assert len(read(weight, received=after).readings) == 1
