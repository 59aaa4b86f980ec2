"""The run sheet of an infusion and its reactions: what holds the start, the clock of the day, what the record is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from posology import decide, stories
from posology.api import load_bundle, load_edition
from posology.dose import Fill, Method
from posology.dose.clocks import Times
from posology.fhir.reaction import reaction
from posology.fhir.signing import order_check, own
from posology.knowledge import KnowledgeError
from posology.knowledge.chair import Reaction, chair
from posology.verify import Drawn, order
from posology.verify.care.chair import RunSheet, run_sheet
from posology.verify.care.preparation import Hood, PrepSheet, prepare
from posology.verify.care.reaction import Delivered, ran_in, react
from tests.unit.ordered import request
from tests.unit.test_checks import SEEN, STEPS, bare, who

ZONE = ZoneInfo("America/New_York")
US = load_edition("us")
DAY = "2026-03-02"
D = Decimal
MINUTE = timedelta(minutes=1)
ATC = {"corticosteroid": "H02AB02", "antipyretic": "N02BE01", "antihistamine": "R06AA02"}
CLASSES = tuple(ATC)


def at(clock: str, day: str = DAY) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZONE)


def given(medicine: str, clock: str) -> dict[str, Any]:
    return {
        "resourceType": "MedicationAdministration",
        "id": f"{medicine}-{clock.replace(':', '')}",
        "status": "completed",
        "medicationCodeableConcept": {"coding": [{"system": "http://www.whocc.no/atc", "code": ATC[medicine]}]},
        "subject": {"reference": "Patient/first-dose"},
        "effectiveDateTime": at(clock).isoformat(),
    }


def premedicated(clock: str) -> list[dict[str, Any]]:
    return [given(one, clock) for one in CLASSES]


def signed(count: int = 4) -> list[dict[str, Any]]:
    return [order_check(bare(), step, who(n), "passed", SEEN[step], at("10:35") + n * MINUTE)
            for n, step in enumerate(STEPS[:count])]  # fmt: skip


def written(**more: Any) -> dict[str, Any]:
    """The order that the record supports, as somebody wrote and signed it."""
    return {**request("first_dose"), "status": "active", "requester": {"reference": "Practitioner/dr1"}, **more}


def drew(
    *resources: dict[str, Any], now: str = "11:00", story: str = "first_dose", ordered: bool = True
) -> tuple[Drawn, Any]:
    bundle = stories.bundle(story)
    resources = (*resources, written()) if story == "first_dose" and ordered else resources
    record = load_bundle({**bundle, "entry": [*bundle["entry"], *({"resource": one} for one in resources)]}, zone=str(ZONE))
    when = at(now) if story == "first_dose" else stories.tale(story).at
    return order(record, at=when, edition=US, zone=ZONE), record


def prepped(made: Drawn, hood: Hood | None = None, record: Any = None) -> PrepSheet:
    prep = prepare(made, record or made.case.record, hood)
    assert isinstance(prep, PrepSheet)
    return prep


def ran(*resources: dict[str, Any], start: str | None = "11:00", now: str = "11:00", hood: Hood | None = None) -> RunSheet:
    made, record = drew(*resources, now=now)
    return run_sheet(made, prepped(made, hood, record), record, at(start) if start else None)


# --- what holds the start --------------------------------------------------------------------------------------------


def test_nothing_holds_the_start_once_premedicated_and_signed_four_times() -> None:
    assert ran(*premedicated("10:20"), *signed()).holds == ()


@pytest.mark.parametrize("medicine", CLASSES)
def test_a_class_of_premedication_that_is_not_on_record_holds_the_start(medicine: str) -> None:
    rest = [one for one in premedicated("10:20") if not one["id"].startswith(medicine)]
    assert ran(*rest, *signed()).holds == (
        f"premedication not on record: {medicine}; record each with its time (MedicationAdministration)",
    )


@pytest.mark.parametrize("count", range(4))
def test_a_verification_that_is_open_holds_the_start(count: int) -> None:
    (hold,) = ran(*premedicated("10:20"), *signed(count)).holds
    assert hold.startswith("not signed: ") and hold.count(",") == 3 - count


def test_the_premedication_of_yesterday_is_not_that_of_today() -> None:
    old = [{**one, "effectiveDateTime": at("23:59", "2026-03-01").isoformat()} for one in premedicated("10:20")]
    assert "premedication not on record" in ran(*old, *signed()).holds[0]


@pytest.mark.parametrize(
    ("clock", "state"),
    [("09:59", "early"), ("10:00", "in_time"), ("10:30", "in_time"), ("10:31", "late"), ("11:00", "late")],
)
def test_premedication_is_in_time_from_60_to_30_minutes_before_the_start(clock: str, state: str) -> None:
    sheet = ran(*premedicated(clock), *signed())
    assert {one.state for one in sheet.premedication} == {state} and sheet.holds == ()
    assert len(sheet.notes) == (0 if state == "in_time" else 3)


def test_what_is_given_after_the_start_is_no_premedication() -> None:
    assert "premedication not on record" in ran(*premedicated("11:01"), *signed(), now="11:30").holds[0]


def test_without_a_planned_start_no_time_of_day_is_made_up() -> None:
    sheet = ran(start=None)
    assert (sheet.start, sheet.end, sheet.observe_until) == (None, None, None)
    assert {one.at for one in sheet.timeline} == {None} and {one.state for one in sheet.premedication} == {"not_on_record"}
    assert {one.state for one in ran(*premedicated("10:20"), start=None).premedication} == {"given"}


MIXED = Times(at("09:00"), at("09:30"), "room")


@pytest.mark.parametrize(("start", "allowed"), [("12:30", True), ("12:31", False)])
def test_a_start_after_the_latest_start_is_stopped(start: str, allowed: bool) -> None:
    """Diluted 09:30 at room temperature: end by 13:30, start by 12:30."""
    stops = ran(start=start, hood=Hood(times=MIXED)).stops
    assert any("after the latest start" in one for one in stops) is not allowed


def test_a_drug_that_is_not_diluted_yet_is_not_started() -> None:
    assert "not diluted yet" in ran(hood=Hood(times=Times(at("09:00")))).holds


@pytest.mark.parametrize(("start", "allowed"), [("13:30", True), ("13:31", False)])
def test_an_infusion_that_would_end_after_the_signed_use_by_is_stopped(start: str, allowed: bool) -> None:
    assert any("after the use-by" in one for one in ran(*signed(), start=start).stops) is not allowed  # use by 14:30


def test_an_order_is_for_one_day_and_a_start_after_midnight_is_stopped() -> None:
    made, record = drew(now="11:00")
    for start, held in ((at("23:59"), False), (at("00:00", "2026-03-03"), True)):
        stops = run_sheet(made, prepped(made), record, start).stops
        assert any("decide again" in one for one in stops) is held


def test_the_public_functions_give_the_sheets_of_the_commands() -> None:
    from posology import prepare as public_prepare
    from posology import run_sheet as public_run
    from posology.verify import NoOrder

    bundle, where = stories.bundle("first_dose"), {"at": at("11:00"), "edition": "us", "zone": str(ZONE)}
    prep, run = public_prepare(bundle, **where), public_run(bundle, start=at("11:00"), **where)
    assert isinstance(prep, PrepSheet) and prep.draw.drawn_ml == D("5.4")
    made, record = drew(ordered=False)
    assert isinstance(run, RunSheet) and run == run_sheet(made, prepped(made, None, record), record, at("11:00"))
    late, tale = stories.bundle("late_platelets"), stories.tale("late_platelets")
    where["at"] = tale.at
    assert isinstance(public_prepare(late, **where), NoOrder) and isinstance(public_run(late, **where), NoOrder)


# --- the clock of the day --------------------------------------------------------------------------------------------


def test_the_hour_the_stop_and_one_hour_of_observation_follow_the_start() -> None:
    sheet = ran()
    assert (sheet.end, sheet.observe_until) == (at("12:00"), at("13:00"))
    plan = {one.minutes: one for one in sheet.timeline}
    assert list(plan) == [-60, -30, 0, 15, 30, 45, 60, 90, 120]
    assert plan[0].does == ("vital signs", "START: 50 mL per hour") and plan[0].at == at("11:00")
    assert "STOP" in plan[60].does and "END OF OBSERVATION" in plan[120].does[-1]
    assert all("vital signs" in one.does for one in sheet.timeline if one.minutes >= 0)


def test_the_policy_of_the_chair_is_what_the_table_says() -> None:
    kit = chair()
    assert [(one.medicine, one.earliest_minutes, one.latest_minutes) for one in kit.premedication] == [
        (name, 60, 30) for name in CLASSES
    ]
    assert (kit.vitals.during_minutes, kit.vitals.after_minutes) == (15, 30)
    assert [(one.id, one.grades, one.resume) for one in kit.reactions] == [
        ("mild", (1, 2), True), ("severe", (3, 4, 5), False)
    ]  # fmt: skip


def test_a_syringe_runs_its_volume_in_the_hour_and_the_line_is_flushed() -> None:
    made, record = drew(story="child")
    sheet = run_sheet(made, prepped(made, Hood(final_ml=D(10))), record)
    plan = {one.minutes: one.does for one in sheet.timeline}
    assert "START: 10 mL per hour" in plan[0] and any("flush" in text for text in plan[60])
    assert "flush_small_volumes" in {step.id for step in sheet.steps} and "infuse" not in {step.id for step in sheet.steps}
    bag = ran()
    assert not any("flush the line" in text for one in bag.timeline for text in one.does)
    assert "infuse" in {step.id for step in bag.steps}


def test_a_syringe_whose_volume_is_not_settled_is_not_started() -> None:
    made, record = drew(story="child")
    assert any("has not settled" in one for one in run_sheet(made, prepped(made), record).holds)


# --- reactions -------------------------------------------------------------------------------------------------------


def part(grade: int = 2, stopped: str = "11:20", ml: str | None = None, hood: Hood | None = None) -> Delivered:
    made, _ = drew()
    return ran_in(prepped(made, hood), US, grade, at("11:00"), at(stopped), None if ml is None else D(ml))


@pytest.mark.parametrize("edition", ["us", "eu"])
@pytest.mark.parametrize(("grade", "resume"), [(1, True), (2, True), (3, False), (4, False), (5, False)])
def test_up_to_grade_2_the_prescriber_may_let_it_go_on_and_from_grade_3_nobody(
    grade: int, resume: bool, edition: str
) -> None:
    found = react(grade, load_edition(edition))
    assert found.resume is resume and found.means
    rules = {row.id: row for row in load_edition(edition).tables["infusion_reaction"].rows}
    last = rules["reaction_unreviewed" if resume else "severe_reaction"]
    assert (found.steps[-1].says, found.steps[-1].cites) == (last.states, last.cites)
    assert found.steps[0].says.startswith("STOP")


@pytest.mark.parametrize("grade", [0, 6])
def test_a_grade_that_no_reaction_has_is_refused(grade: int) -> None:
    with pytest.raises(ValueError, match=f"grade {grade}"):
        react(grade, US)


def test_a_step_in_the_words_of_a_rule_that_is_not_there_is_refused() -> None:
    odd = Reaction("odd", (1,), True, (("infusion_reaction", "nowhere"),))
    with pytest.raises(KnowledgeError, match="nowhere"):
        odd.read(US)


def test_the_pump_says_what_ran_in_and_without_it_rate_and_time_do() -> None:
    assert (part(ml="16").ml, part(ml="16").mg) == (16, D("0.432"))  # 1.35 mg in 50 mL
    by_rate = part(stopped="11:30")
    assert (by_rate.ml, by_rate.mg, by_rate.left_ml) == (25, D("0.675"), 25)


def test_the_rest_may_go_on_until_it_would_still_end_inside_every_clock() -> None:
    """End by 13:30; 25 mL at 50 mL/h need 30 minutes, 25.1 mL a begun minute more."""
    assert part(ml="25", hood=Hood(times=MIXED)).resume_by == at("13:00")
    assert part(ml="24.9", hood=Hood(times=MIXED)).resume_by == at("12:59")


def test_the_worked_case_of_a_stopped_infusion_may_go_on_until_half_past_twelve() -> None:
    """IRR-resume-inside: diluted 09:00, stopped at 25 mL; end by 13:00, so 12:20 is inside."""
    times = Times(at("08:00"), at("09:00"), "room")
    assert part(stopped="11:30", hood=Hood(times=times)).resume_by == at("12:30")


def test_without_the_times_of_the_preparation_nothing_goes_on() -> None:
    found = part(ml="25")
    assert found.resume_by is None and "does not go on" in found.asks[0]


@pytest.mark.parametrize("grade", [3, 4, 5])
def test_after_a_severe_reaction_no_time_to_go_on_is_given(grade: int) -> None:
    found = part(grade, ml="25", hood=Hood(times=MIXED))
    assert found.resume_by is None and found.asks == () and found.mg == D("0.675")


def test_the_observation_starts_again_from_the_actual_end() -> None:
    assert part(stopped="11:20").observe_until == at("12:20")


@pytest.mark.parametrize(
    ("stopped", "ml", "says"),
    [("10:59", None, "stopped before it started"), ("11:00", None, "nothing ran in"), ("11:20", "0", "nothing ran in"),
     ("11:20", "50.1", "check both")],
)  # fmt: skip
def test_times_and_volumes_that_cannot_be_are_refused(stopped: str, ml: str | None, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        part(stopped=stopped, ml=ml)


@pytest.mark.parametrize(
    ("stopped", "by_rate", "mg"),
    [("11:20", "16.67", "0.45"), ("11:01", "0.83", "0.022"), ("11:59", "49.17", "1.328"), ("12:30", "50", "1.35")],
)
def test_what_ran_in_is_counted_by_the_clock_to_a_hundredth_of_a_millilitre(stopped: str, by_rate: str, mg: str) -> None:
    """50 mL per hour of 1.35 mg in 50 mL: one minute is 0.8333 mL and 0.0224 mg."""
    found = part(stopped=stopped)
    assert (found.by_rate_ml, found.ml, found.mg) == (D(by_rate), D(by_rate), D(mg))


@pytest.mark.parametrize(("ml", "mg"), [("16.1", "0.435"), ("16.05", "0.433"), ("0.01", "0.00027")])
def test_what_the_pump_says_is_counted_to_a_thousandth_of_a_milligram_and_never_to_nothing(ml: str, mg: str) -> None:
    assert part(ml=ml).mg == D(mg)


def test_a_concentration_is_rounded_down_to_the_hundred_thousandth() -> None:
    """1.35 mg in 62.4 mL is 0.0216346… mg/mL."""
    made, record = drew()
    assert prepped(made, Hood(Fill(Method.OVERFILLED, D(7))), record).concentration == D("0.02163")


# --- the record and the next decision --------------------------------------------------------------------------------


def recorded(grade: int, ml: str = "16", by: str = "Practitioner/rn1") -> dict[str, Any]:
    made, _ = drew(now="11:50")
    prep = prepped(made)
    found = react(grade, US, ran_in(prep, US, grade, at("11:00"), at("11:20"), D(ml)))
    assert found.delivered is not None
    return reaction(prep.order, found, found.delivered, by, at("11:50"))


def next_decision(grade: int, clock: str, day: str = "2026-03-09", ml: str = "16", *more: dict[str, Any]) -> Any:
    bundle = stories.bundle("first_dose")
    entries = [*bundle["entry"], *recorded(grade, ml)["entry"], *({"resource": one} for one in more)]
    return decide({**bundle, "entry": entries}, at=at(clock, day), edition="us", zone=str(ZONE))


def answer(report: Any, question: str) -> Any:
    return next(one for one in report.answers if one.question == question)


@pytest.mark.parametrize("grade", [1, 2])
def test_a_recorded_mild_reaction_asks_for_a_review_of_the_premedication(grade: int) -> None:
    """Grade 1 by the infusion that was stopped for it; from grade 2 on by the grade too."""
    report = next_decision(grade, "08:30")
    assert "partial_dose" in [one.row for one in answer(report, "record").findings]
    found = answer(report, "infusion_reaction")
    assert (found.action, [one.fact for one in found.missing]) == (
        ("give", []) if grade == 1 else ("ask", ["premedication_reviewed"])
    )
    review = {"resourceType": "Observation", "id": "looked", "status": "final", "code": own("premedication-reviewed"),
              "subject": {"reference": "Patient/first-dose"}, "effectiveDateTime": at("08:00", "2026-03-09").isoformat(),
              "performer": [{"reference": "Practitioner/dr1"}], "valueBoolean": True}  # fmt: skip
    reviewed = answer(next_decision(grade, "08:30", "2026-03-09", "16", review), "infusion_reaction")
    assert reviewed.action == ("give" if grade == 1 else "give_with_review")


@pytest.mark.parametrize("grade", [3, 4])
def test_a_recorded_severe_reaction_ends_the_treatment(grade: int) -> None:
    report = next_decision(grade, "08:30")
    assert answer(report, "infusion_reaction").action == "discontinue" and report.verdict == "discontinue"


def test_the_part_that_ran_in_counts_as_a_dose_for_the_interval_and_the_cycle() -> None:
    for day, action in (("2026-03-07", "wait"), ("2026-03-08", "give")):
        report = next_decision(1, "08:30", day)
        assert (report.decision_point.cycle, report.decision_point.dose) == (1, 2)
        assert answer(report, "interval").action == action
    bundle = stories.bundle("first_dose")
    entries = [*bundle["entry"], *recorded(2)["entry"]]
    (dose,) = load_bundle({**bundle, "entry": entries}, zone=str(ZONE)).doses
    assert (dose.mg, dose.partial) == (D("0.432"), True)


def test_a_reaction_after_the_whole_dose_records_a_completed_one() -> None:
    whole, stopped = (recorded(2, ml)["entry"][0]["resource"]["status"] for ml in ("50", "49.9"))
    assert (whole, stopped) == ("completed", "stopped")


def test_what_is_recorded_of_a_reaction_names_nobody() -> None:
    dose, review = (one["resource"] for one in recorded(2)["entry"])
    assert dose["performer"] == [{"actor": {"reference": "Practitioner/rn1"}}]
    assert review["performer"] == [{"reference": "Practitioner/rn1"}] and "display" not in str(review)
