"""Preparation: the draw at the marks of a syringe, fill and path, clocks, lots, what is left. Both sides of each limit."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from posology import stories
from posology.api import load_bundle, load_edition
from posology.dose import Fill, Method, Path
from posology.dose.clocks import Times
from posology.knowledge.chair import Chair, Syringe, chair
from posology.verify import NoOrder, order
from posology.verify.care.draw import Draw, draw_up, syringe_of
from posology.verify.care.preparation import Hood, Lot, PrepSheet, prepare
from tests.unit.ordered import GIVEN, drawn

ZONE = ZoneInfo("America/New_York")
D = Decimal
STRENGTH, VIAL = D("0.25"), D("3.6")
OVER = Fill(Method.OVERFILLED, D(5))


def drew(mg: str, vials: int = 3, **more: object) -> Draw:
    return draw_up(D(mg), STRENGTH, vials * VIAL, chair(), **more)  # type: ignore[arg-type]


def sheet(name: str, hood: Hood | None = None) -> PrepSheet:
    found = prepare(drawn(name), drawn(name).case.record, hood)
    assert isinstance(found, PrepSheet)
    return found


# --- the draw --------------------------------------------------------------------------------------------------------


def test_the_table_of_syringes_is_what_the_policy_says() -> None:
    kit: Chair = chair()
    assert kit.fill_at_most_percent == 75
    assert [(one.size_ml, one.graduation_ml) for one in kit.syringes] == [
        (D(1), D("0.01")), (D(3), D("0.1")), (D(5), D("0.2")), (D(10), D("0.2"))
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("mg", "size", "drawn_ml"),
    [
        ("0.1875", "1", "0.75"), ("0.19", "3", "0.8"),  # 0.75 mL is three quarters of 1 mL
        ("0.5625", "3", "2.2"), ("0.565", "5", "2.2"),  # 2.25 mL of 3 mL
        ("0.9375", "5", "3.8"), ("0.94", "10", "3.8"),  # 3.75 mL of 5 mL
        ("1.875", "10", "7.4"),  # 7.5 mL of 10 mL; the tie between 7.4 and 7.6 goes down
    ],
)  # fmt: skip
def test_the_smallest_syringe_that_is_not_filled_beyond_three_quarters_is_taken(mg: str, size: str, drawn_ml: str) -> None:
    found = drew(mg)
    assert (found.syringe.size_ml, found.count, found.drawn_ml) == (D(size), 1, D(drawn_ml))


def test_a_volume_beyond_the_largest_syringe_is_split_over_several() -> None:
    assert (drew("1.88").count, drew("1.88").drawn_ml) == (2, D("7.6"))
    assert drew("1.875").count == 1


@pytest.mark.parametrize(
    ("mg", "drawn_ml", "gives", "percent"),
    [("1.36", "5.4", "1.35", "-0.74"), ("1.37", "5.4", "1.35", "-1.46"), ("1.375", "5.4", "1.35", "-1.82"),
     ("1.38", "5.6", "1.4", "1.45"), ("1.35", "5.4", "1.35", "0")],
)  # fmt: skip
def test_the_draw_stands_at_the_nearest_mark_and_says_what_it_gives(
    mg: str, drawn_ml: str, gives: str, percent: str
) -> None:
    found = drew(mg)
    assert (found.drawn_ml, found.gives_mg, found.percent) == (D(drawn_ml), D(gives), D(percent))


def test_where_a_dose_is_never_rounded_up_the_draw_is_not_either() -> None:
    assert drew("1.38", never_up=True).drawn_ml == D("5.4")
    assert drew("1.40", never_up=True).drawn_ml == D("5.6")


def test_never_more_is_drawn_than_the_vials_give() -> None:
    wide = Syringe(D(5), D(1))
    assert drew("0.9", vials=1, own=wide).drawn_ml == 3
    assert drew("0.9", vials=2, own=wide).drawn_ml == 4
    assert drew("0.9", vials=1).drawn_ml == D("3.6")


def test_marks_too_wide_for_the_dose_are_refused() -> None:
    with pytest.raises(ValueError, match="finer syringe"):
        drew("0.1", own=Syringe(D(10), D(1)))


def test_a_syringe_of_the_table_needs_no_marks_and_another_does() -> None:
    assert syringe_of(D(5), None, chair()).graduation_ml == D("0.2")
    assert syringe_of(D(5), D("0.1"), chair()).graduation_ml == D("0.1")
    assert syringe_of(D(20), D(1), chair()).graduation_ml == 1
    for size, marks in ((D(20), None), (D(1), D(2)), (D(0), D("0.1")), (D(5), D(0))):
        with pytest.raises(ValueError, match=r"marks|above zero"):
            syringe_of(size, marks, chair())


def test_a_syringe_in_hand_is_filled_to_its_size_and_no_further() -> None:
    assert drew("1.25", own=Syringe(D(5), D("0.2"))).count == 1
    assert drew("1.26", own=Syringe(D(5), D("0.2"))).count == 2


# --- the sheet -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GIVEN)
def test_every_order_has_a_preparation_that_agrees_with_it(name: str) -> None:
    found, made = sheet(name), drawn(name).sheet
    assert not isinstance(made, NoOrder)
    assert found.vials == made.figures.amounts.vials and found.draw.volume_ml == made.figures.amounts.volume_ml
    assert found.mixture.path is made.path
    limit = abs(found.draw.gives_mg - made.figures.amounts.exact_mg) / made.figures.amounts.exact_mg
    assert limit * 100 <= 5 and found.stops == ()
    assert found.vials * found.withdrawable_mg == found.draw.gives_mg + found.left_mg
    assert found.left_ml * found.mg_per_ml == found.left_mg


@pytest.mark.parametrize("name", [name for name in stories.names() if name not in GIVEN])
def test_without_an_order_there_is_no_preparation(name: str) -> None:
    assert isinstance(prepare(drawn(name), drawn(name).case.record), NoOrder)


def test_an_exact_bag_holds_its_nominal_volume_and_runs_for_the_labels_hour() -> None:
    found = sheet("first_dose")
    assert (found.final_ml, found.diluent_ml, found.concentration) == (50, D("44.6"), D("0.027"))
    assert (found.rate_ml_per_h, found.minutes) == (50, 60)


def test_an_overfilled_bag_runs_longer_and_never_faster_than_the_label() -> None:
    found = sheet("first_dose", Hood(OVER))
    assert (found.final_ml, found.diluent_ml, found.rate_ml_per_h) == (D("60.4"), 55, 50)
    assert found.minutes == 73  # 60.4 mL at 50 mL/h are 72.48 minutes
    assert any("73 minutes" in text for text in found.alerts)


def test_an_overfill_can_push_a_dose_out_of_the_bag_and_the_order_must_then_be_written_again() -> None:
    """0.7 mg: 0.014 mg/mL in exactly 50 mL, below 0.01 mg/mL from 70 mL on."""
    name = "interruption_15_days_cycle_2"
    inside = sheet(name, Hood(Fill(Method.OVERFILLED, D("17.2"))))
    outside = sheet(name, Hood(Fill(Method.OVERFILLED, D("17.3"))))
    assert (inside.mixture.path, inside.concentration) == (Path.BAG, D("0.01"))
    assert outside.mixture.path is Path.SYRINGE and any("the order says bag" in text for text in outside.stops)


def test_the_final_volume_of_a_syringe_is_the_pharmacists_and_stays_in_its_window() -> None:
    open_ = sheet("child")
    assert (open_.final_ml, open_.rate_ml_per_h, open_.concentration) == (None, None, None)
    assert any("which final volume" in text for text in open_.asks)
    for volume, allowed in (("4.4", False), ("4.5", True), ("18", True), ("18.1", False)):
        assert (sheet("child", Hood(final_ml=D(volume))).stops == ()) is allowed, volume
    ten = sheet("child", Hood(final_ml=D(10)))
    assert (ten.rate_ml_per_h, ten.minutes, ten.concentration) == (10, 60, D("0.045"))


def test_a_final_volume_of_a_syringe_is_refused_for_a_bag() -> None:
    assert any("does not go into a syringe" in text for text in sheet("first_dose", Hood(final_ml=D(10))).stops)


def test_an_edition_without_a_syringe_asks_the_pharmacist() -> None:
    found = sheet_of_small_adult_in_europe()
    assert found.mixture.path is None and found.final_ml is None and found.rate_ml_per_h is None
    assert any("how is this dose to be given" in text for text in found.asks)


def sheet_of_small_adult_in_europe() -> PrepSheet:
    """A European order whose bag the overfill pushes below the window: no syringe is known there."""
    name = "interruption_15_days_cycle_2"
    record = load_bundle(stories.bundle(name), zone=str(ZONE))
    made = order(record, at=stories.tale(name).at, edition=load_edition("eu"), zone=ZONE)
    found = prepare(made, made.case.record, Hood(Fill(Method.OVERFILLED, D(30))))
    assert isinstance(found, PrepSheet)
    return found


def test_a_draw_beyond_the_rounding_limit_stops_the_preparation() -> None:
    """1.36 mg calculated as 1.3594 mg or so: 5.44 mL; marks of 1 mL give 5 mL, 8 percent less."""
    assert any("finer marks" in text for text in sheet("first_dose", Hood(syringe=Syringe(D(10), D(1)))).stops)
    assert sheet("first_dose", Hood(syringe=Syringe(D(10), D("0.5")))).stops == ()


def test_any_diluent_but_the_labels_stops_the_preparation() -> None:
    assert any("WRONG DILUENT" in text for text in sheet("first_dose", Hood(diluent="dextrose 5 %")).stops)
    assert sheet("first_dose", Hood(diluent="0.9% NaCl")).stops == ()


# --- lots ------------------------------------------------------------------------------------------------------------


def test_a_vial_is_good_on_its_last_day_and_refused_the_day_after() -> None:
    day = date(2026, 3, 2)
    assert sheet("first_dose", Hood(lots=(Lot("A", day),))).hood.lots
    with pytest.raises(ValueError, match="lot A expired on 2026-03-01"):
        sheet("first_dose", Hood(lots=(Lot("A", day - timedelta(days=1)),)))


def test_the_last_day_is_held_against_the_local_day_of_reconstitution() -> None:
    """2026-03-03 03:30 UTC is still 2 March in New York."""
    late = Times(datetime.fromisoformat("2026-03-03T03:30+00:00"))
    assert sheet("first_dose", Hood(lots=(Lot("A", date(2026, 3, 2)),), times=late)).hood.lots


def test_a_lot_for_each_vial_is_asked_for_and_one_too_many_refused() -> None:
    lots = tuple(Lot(name, date(2027, 1, 1)) for name in "ABC")
    assert any("1 more vial" in text for text in sheet("first_dose", Hood(lots=lots[:1])).asks)
    assert not any("lot" in text for text in sheet("first_dose", Hood(lots=lots[:2])).asks)
    with pytest.raises(ValueError, match="3 lots for 2 vial"):
        sheet("first_dose", Hood(lots=lots))


# --- clocks ----------------------------------------------------------------------------------------------------------


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def timed(at: str, *times: str) -> PrepSheet:
    moments = [local(one) for one in times]
    record = load_bundle(stories.bundle("first_dose"), zone=str(ZONE))
    made = order(record, at=local(at), edition=load_edition("us"), zone=ZONE)
    diluted = moments[1] if len(moments) > 1 else None
    found = prepare(made, made.case.record, Hood(times=Times(moments[0], diluted, "room" if diluted else None)))
    assert isinstance(found, PrepSheet)
    return found


def test_a_vial_not_diluted_four_hours_after_its_reconstitution_is_discarded() -> None:
    assert timed("2026-03-02T12:30", "2026-03-02T08:30").stops == ()
    assert any("not diluted in time" in text for text in timed("2026-03-02T12:31", "2026-03-02T08:30").stops)


def test_a_bag_not_started_at_its_latest_start_is_discarded() -> None:
    """Diluted at 09:00 and kept at room temperature: end by 13:00, start by 12:00."""
    times = ("2026-03-02T08:30", "2026-03-02T09:00")
    assert timed("2026-03-02T12:00", *times).stops == ()
    assert any("latest start" in text for text in timed("2026-03-02T12:01", *times).stops)


def test_a_preparation_over_midnight_keeps_its_clocks() -> None:
    found = timed("2026-03-02T23:30", "2026-03-02T23:00")
    assert found.clocks is not None and found.clocks.dilute_by == local("2026-03-03T03:00")
    assert not any("another day" in text for text in found.alerts)


def test_what_was_reconstituted_on_another_day_is_doubted_for_the_order_of_today() -> None:
    found = timed("2026-03-02T08:30", "2026-03-01T23:30")
    assert found.stops != () and any("another day" in text for text in found.alerts)


def test_what_was_reconstituted_on_a_later_day_is_not_for_this_order() -> None:
    made = drawn("first_dose")
    for first, stops in (("2026-03-02T23:59", False), ("2026-03-03T00:00", True)):
        found = prepare(made, made.case.record, Hood(times=Times(local(first))))
        assert isinstance(found, PrepSheet) and any("on a later day" in text for text in found.stops) is stops


def test_the_clocks_count_hours_that_pass_when_the_clocks_are_changed() -> None:
    """In the night to 8 March 2026 New York skips 02:00 to 03:00: four hours after 23:00 it is 04:00."""
    made = drawn("first_dose")
    found = prepare(made, made.case.record, Hood(times=Times(local("2026-03-07T23:00"))))
    assert isinstance(found, PrepSheet) and found.clocks is not None
    assert found.clocks.dilute_by.astimezone(ZONE).isoformat() == "2026-03-08T04:00:00-04:00"


def test_a_raised_liver_test_keeps_the_draw_from_going_up_as_it_keeps_the_dose() -> None:
    """Both orders are 1 mg, 4 mL; marks of 0.7 mL leave 3.5 and 4.2 mL, and 4.2 is the nearer one."""
    wide = Hood(syringe=Syringe(D(10), D("0.7")))
    assert sheet("extended_cycle_1", wide).draw.drawn_ml == D("4.2")
    assert sheet("gilbert", wide).draw.drawn_ml == D("3.5")
