"""Clocks of the prepared drug: both sides of each limit, unknown storage, DST, midnight, stopped infusions, storage."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from posology.dose.clocks import Times, clocks
from posology.dose.interrupted import Stop, resumed
from posology.dose.storage import kept, right_diluent
from posology.knowledge import KnowledgeError, Preparation, load_edition, sources
from posology.knowledge.preparation import preparation

RULES = load_edition("us").preparation
assert RULES is not None
RULE: Preparation = RULES
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2025-03-03T{text}").replace(tzinfo=UTC)


def shown(moment: datetime | None) -> str | None:
    return f"{moment:%H:%M}" if moment else None


def test_dilution_is_in_time_at_four_hours_and_not_a_minute_later() -> None:
    assert clocks(Times(at("08:00"), at("12:00"), "room"), RULE).valid
    late = clocks(Times(at("08:00"), at("12:01"), "room"), RULE)
    assert not late.valid and [limit.clock.id for limit in late.broken] == ["dilute_in_time"]


def test_a_vial_diluted_too_late_has_no_latest_end_and_asks_for_no_storage() -> None:
    late = clocks(Times(at("08:00"), at("12:01")), RULE)
    assert (late.latest_end, late.latest_start, late.binding, late.asks) == (None, None, None, ())


def test_before_dilution_no_start_and_no_end_is_shown_but_the_time_to_dilute_is() -> None:
    found = clocks(Times(at("08:00")), RULE)
    assert (found.latest_start, found.latest_end, shown(found.dilute_by)) == (None, None, "12:00")
    assert found.valid and found.asks == ()


@pytest.mark.parametrize("held", ["room", None])
def test_storage_that_nobody_stated_is_read_as_room_temperature_and_asked_for(held: str | None) -> None:
    found = clocks(Times(at("08:00"), at("09:00"), held), RULE)
    assert (shown(found.latest_end), shown(found.latest_start)) == ("13:00", "12:00")
    assert found.asks == (() if held else ("diluted_held_at",))


def test_no_room_temperature_end_is_later_than_eight_hours_after_reconstitution() -> None:
    for minutes in range(0, 241, 10):
        diluted = at("08:00") + minutes * MINUTE
        for held in ("room", "refrigerated", None):
            found = clocks(Times(at("08:00"), diluted, held), RULE)
            assert found.latest_end is not None and found.latest_end <= at("16:00")


def test_an_infusion_may_end_at_the_latest_end_and_not_a_minute_later() -> None:
    for held, end in (("room", "13:00"), ("refrigerated", "14:00")):
        out = None if held == "room" else at("12:00")
        fine = Times(at("08:00"), at("09:00"), held, out, at("12:00"), at(end))
        assert clocks(fine, RULE).valid
        late = Times(at("08:00"), at("09:00"), held, out, at("12:00"), at(end) + MINUTE)
        found = clocks(late, RULE)
        assert not found.valid and found.broken


def test_a_running_infusion_is_judged_by_the_end_it_will_have() -> None:
    assert clocks(Times(at("08:00"), at("09:00"), "room", None, at("12:00")), RULE).valid
    assert not clocks(Times(at("08:00"), at("09:00"), "room", None, at("12:01")), RULE).valid
    assert not clocks(Times(at("08:00"), at("09:00"), "room", None, at("12:00")), RULE, 61).valid


def test_a_bag_leaves_the_refrigerator_within_three_hours_or_is_overrun() -> None:
    assert clocks(Times(at("08:00"), at("09:00"), "refrigerated", at("12:00")), RULE).valid
    late = clocks(Times(at("08:00"), at("09:00"), "refrigerated", at("12:01")), RULE)
    assert [limit.clock.id for limit in late.broken] == ["diluted_in_fridge"]


def test_a_bag_that_left_the_refrigerator_early_has_the_room_limit_from_then() -> None:
    found = clocks(Times(at("08:00"), at("09:00"), "refrigerated", at("09:20")), RULE)
    assert shown(found.latest_end) == "13:20" and found.binding and found.binding.clock.id == "out_of_fridge_at_room"


def test_where_the_eight_hours_bind_a_cold_bag_leaves_in_time_to_warm() -> None:
    found = clocks(Times(at("08:00"), at("12:00"), "refrigerated"), RULE)
    assert [shown(moment) for moment in (found.out_of_fridge_by, found.latest_start, found.latest_end)] == [
        "14:00",
        "15:00",
        "16:00",
    ]


def test_a_longer_infusion_starts_earlier() -> None:
    found = clocks(Times(at("08:00"), at("09:00"), "room"), RULE, 90)
    assert (shown(found.latest_start), shown(found.latest_end)) == ("11:30", "13:00")


def test_clocks_run_in_elapsed_time_over_the_change_of_the_clocks() -> None:
    new_york = ZoneInfo("America/New_York")
    diluted = datetime(2025, 3, 9, 0, 30, tzinfo=new_york)
    found = clocks(Times(diluted - timedelta(minutes=10), diluted, "room"), RULE)
    assert found.latest_end is not None
    assert f"{found.latest_end.astimezone(new_york):%H:%M}" == "05:30"
    autumn = datetime(2025, 11, 2, 0, 30, tzinfo=new_york)
    found = clocks(Times(autumn, autumn, "room"), RULE)
    assert found.latest_end is not None and f"{found.latest_end.astimezone(new_york):%H:%M}" == "03:30"


def test_clocks_cross_midnight_and_the_end_of_a_year() -> None:
    found = clocks(Times(datetime(2025, 12, 31, 22, tzinfo=UTC), datetime(2025, 12, 31, 22, tzinfo=UTC), "room"), RULE)
    assert found.latest_end == datetime(2026, 1, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("times", "says"),
    [
        ({"diluted": at("07:59")}, "diluted stands before reconstituted"),
        ({"diluted": at("09:00"), "started": at("11:00"), "ended": at("10:00")}, "ended stands before started"),
        ({"started": at("11:00")}, "say when it was diluted"),
        ({"diluted": at("09:00"), "held": "freezer"}, "held freezer"),
        ({"diluted": at("09:00"), "out_of_fridge": at("10:00")}, "left the refrigerator"),
        ({"diluted": datetime(2025, 3, 3, 9)}, "add the offset"),
    ],
)
def test_times_that_contradict_one_another_are_refused(times: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Times(at("08:00"), **times)  # type: ignore[arg-type]


def stop(resume: str, **other: datetime) -> Stop:
    times = {"started": at("11:00"), "stopped": at("11:30"), **other}
    return Stop(resume=at(resume), dose_mg=Decimal("0.92"), volume_ml=Decimal(50), rate_ml_per_h=Decimal(50), **times)


def test_a_stopped_infusion_may_go_on_up_to_the_latest_end_and_not_a_minute_longer() -> None:
    times = Times(at("08:00"), at("09:00"), "room")
    assert resumed(times, stop("12:30"), RULE).may_resume
    over = resumed(times, stop("12:31"), RULE)
    assert not over.may_resume and shown(over.recomputed_end) == "13:01"


def test_a_stopped_infusion_of_a_vial_diluted_too_late_never_goes_on() -> None:
    assert not resumed(Times(at("06:00"), at("10:01"), "room"), stop("11:40"), RULE).may_resume


def test_observation_starts_again_from_the_actual_end() -> None:
    found = resumed(Times(at("08:00"), at("09:00"), "room"), stop("12:20"), RULE)
    assert (found.delivered_ml, found.delivered_mg, shown(found.observe_until)) == (Decimal(25), Decimal("0.46"), "13:50")


def test_an_infusion_stopped_after_its_end_has_nothing_left_to_run() -> None:
    found = resumed(Times(at("08:00"), at("09:00"), "room"), stop("12:10", stopped=at("12:05")), RULE)
    assert found.delivered_mg == Decimal("0.92") and shown(found.recomputed_end) == "12:10"


def test_an_infusion_that_resumes_before_it_stopped_is_refused() -> None:
    with pytest.raises(ValueError, match="in that order"):
        stop("11:29")


@pytest.mark.parametrize(
    ("low", "high", "frozen", "verdict"),
    [
        ("2", "8", None, "use"),
        ("2", "8.1", None, "ask"),
        ("1.9", "8", None, "ask"),
        ("0", "8", None, "discard"),
        ("-4", "12", None, "discard"),
        ("3", "5", True, "discard"),
        (None, "5", None, "ask"),
        ("3", None, None, "ask"),
        (None, "9", None, "ask"),
    ],
)
def test_a_vial_outside_its_range_is_asked_about_and_a_frozen_one_discarded(
    low: str | None, high: str | None, frozen: bool | None, verdict: str
) -> None:
    found = kept(RULE, Decimal(low) if low else None, Decimal(high) if high else None, frozen)
    assert found.verdict == verdict


def test_temperatures_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(ValueError, match="above highest"):
        kept(RULE, Decimal(9), Decimal(3), None)


@pytest.mark.parametrize(
    ("words", "right"),
    [
        ("sodium chloride 0.9%", True),
        ("0.9 % Sodium Chloride", True),
        ("NaCl 0.9%", True),
        ("sodium chloride 0.45%", False),
        ("dextrose 5%", False),
        ("ringer's lactate", False),
        ("", False),
    ],
)
def test_only_the_one_diluent_is_accepted(words: str, right: bool) -> None:
    assert right_diluent(RULE, words) is right


def test_a_clock_that_is_not_the_strictest_of_its_figures_is_refused() -> None:
    edition = load_edition("us")
    document = {**edition.documents["preparation"]}
    looser = [{**row, "minutes": 360} if row["id"] == "diluted_in_fridge" else row for row in document["clock"]]
    with pytest.raises(KnowledgeError, match="the strictest figure rules: 180 min"):
        preparation({**document, "clock": looser}, edition.product, sources())


def test_every_clock_shows_the_figures_of_other_sources_beside_its_own() -> None:
    ruling = {clock.id: clock for clock in RULE.clocks}
    assert {figure.minutes for figure in ruling["diluted_in_fridge"].figures} == {180, 360, None}
    assert all(clock.minutes in {figure.minutes for figure in clock.figures} for clock in RULE.clocks)


def test_what_ran_in_is_counted_in_hours_that_pass_when_the_clocks_are_changed() -> None:
    """New York, 8 March 2026: from 01:50 to 03:10 twenty minutes pass."""
    zone = ZoneInfo("America/New_York")
    first, stopped = (datetime(2026, 3, 8, *clock, tzinfo=zone) for clock in ((1, 50), (3, 10)))
    stop = Stop(first, stopped, stopped, Decimal(1), Decimal(50), Decimal(50))
    found = resumed(Times(first - timedelta(hours=1), first, "room"), stop, RULE)
    assert found.delivered_ml == Decimal("16.666666667")
