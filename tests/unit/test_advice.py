"""Advice around the doses: what applies, what is open, what is left out; premedication, countdown, hand-over sheet."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from posology import stories
from posology.answer.advice import Advice, advise
from posology.api import load_bundle, load_edition
from posology.cli import main
from posology.knowledge import KnowledgeError, sources
from posology.knowledge.advice import advice
from posology.knowledge.monitoring import Spoken
from posology.say.schemas import schema
from posology.stories import resources as fhir
from posology.stories.clinic import clinic
from tests.cases.aftercare import LIVER, ended, results
from tests.cases.charts import ZONE, Bundle, changed, course, moment, observed, stamp, with_, without

US = load_edition("us")
DAY_1 = "2025-03-31"
CHAIR = [f"case-c1d1-{what}" for what in ("corticosteroid", "antipyretic", "antihistamine")]


def told(bundle: Bundle, at: str) -> Advice:
    return advise(load_bundle(bundle, zone=ZONE), at=moment(at), edition=US, zone=ZoneInfo(ZONE))


def states(bundle: Bundle, at: str) -> dict[str, str]:
    """The state of every line that is shown."""
    return {one.line.id: one.state for part in told(bundle, at).parts for one in part.lines}


def premedicated(bundle: Bundle, *given: tuple[str, str]) -> Bundle:
    drugs = clinic().premedication
    made = [fhir.premedicated(f"chair-{what}-{at[-5:]}", "Patient/case", drugs[what], stamp(at)) for what, at in given]
    return with_(bundle, *made)


# --- cytoreduction --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("blasts", "state"), [("10", None), ("10.001", "applies")])
def test_blasts_above_the_limit_are_brought_down_before_the_first_dose(blasts: str, state: str | None) -> None:
    bundle = course(DAY_1, "C1D1", visit={"C1D1": {"values": {"peripheral_blasts": Decimal(blasts)}}})
    assert states(bundle, f"{DAY_1}T12:00").get("blasts_too_high") == state


def test_agents_are_named_with_the_warning_on_vincristine_while_blasts_circulate_or_nobody_counted_them() -> None:
    lines = {"agents", "vincristine_minibag", "hydroxyurea_may_run"}
    some = course(DAY_1, "C1D1", visit={"C1D1": {"values": {"peripheral_blasts": Decimal("0.1")}}})
    nobody = course(DAY_1, "C1D1", visit={"C1D1": {"without": ["peripheral_blasts"]}})
    none = course(DAY_1, "C1D1", visit={"C1D1": {"values": {"peripheral_blasts": Decimal(0)}}})
    assert lines <= states(some, f"{DAY_1}T12:00").keys() and lines <= states(nobody, f"{DAY_1}T12:00").keys()
    assert not lines & states(none, f"{DAY_1}T12:00").keys()
    says = {one.id: one.says for part in US.advice for one in part.lines}
    assert "hydroxyurea" in says["agents"] and "Never intrathecal" in says["vincristine_minibag"]


def test_later_doses_have_no_advice_on_cytoreduction() -> None:
    later = course(DAY_1, "C1D8", visit={"C1D8": {"values": {"peripheral_blasts": Decimal(50)}}})
    (part,) = [part for part in told(later, "2025-04-07T12:00").parts if part.id == "cytoreduction"]
    assert part.lines == ()


# --- premedication --------------------------------------------------------------------------------------------------
def test_all_three_classes_of_today_make_it_complete_and_two_do_not() -> None:
    bundle = course(DAY_1, "C1D8")
    two = premedicated(bundle, ("antipyretic", "2025-04-07T08:00"), ("antihistamine", "2025-04-07T08:00"))
    three = premedicated(two, ("corticosteroid", "2025-04-07T08:10"))
    assert not told(two, "2025-04-07T09:00").premedicated and told(three, "2025-04-07T09:00").premedicated
    absent = [one.what for one in told(two, "2025-04-07T09:00").premedication if one.state != "given"]
    assert absent == ["corticosteroid"]


def test_premedication_of_yesterday_is_not_that_of_today_and_a_later_one_is_not_seen_yet() -> None:
    classes = ("corticosteroid", "antipyretic", "antihistamine")
    bundle = course(DAY_1, "C1D8")
    old = premedicated(bundle, *((what, "2025-04-06T08:00") for what in classes))
    early = premedicated(bundle, *((what, "2025-04-07T09:30") for what in classes))
    for one in (old, early):
        assert {each.state for each in told(one, "2025-04-07T09:00").premedication} == {"not_on_record"}


def test_premedication_after_the_start_of_todays_infusion_is_not_complete() -> None:
    times = {"start": stamp(f"{DAY_1}T11:00"), "end": stamp(f"{DAY_1}T12:00")}
    bundle = changed(without(course(DAY_1, "C1D2"), lambda one: one["id"] in CHAIR), "case-c1d1-dose", effectivePeriod=times)
    late = told(premedicated(bundle, ("corticosteroid", f"{DAY_1}T11:01")), f"{DAY_1}T13:00")
    fine = told(premedicated(bundle, ("corticosteroid", f"{DAY_1}T10:59")), f"{DAY_1}T13:00")
    assert [advice.premedication[0].state for advice in (late, fine)] == ["after_start", "given"]
    assert not late.premedicated


@pytest.mark.parametrize(("grade", "state"), [(1, None), (2, "applies")])
def test_a_reaction_of_grade_2_asks_for_a_signed_review_of_the_premedication(grade: int, state: str | None) -> None:
    bundle = course(DAY_1, "C1D8", visit={"C1D8": {"review": {"infusion-reaction-grade": grade}}})
    assert states(bundle, "2025-04-07T12:00").get("after_a_reaction") == state
    signed = with_(bundle, observed("premedication-reviewed", True, "2025-04-07T08:30"))
    assert states(signed, "2025-04-07T12:00").get("after_a_reaction") is None


@pytest.mark.parametrize("at", ["C1D1", "C1D8", "C2D1"])
def test_on_the_day_of_any_dose_it_is_said_when_reactions_mostly_come(at: str) -> None:
    bundle = course(DAY_1, at)
    day = max(entry["resource"].get("effectiveDateTime", "")[:10] for entry in bundle["entry"])
    (line,) = [one.line for part in told(bundle, f"{day}T12:00").parts for one in part.lines
               if one.line.id == "mostly_after_the_first"]  # fmt: skip
    assert "mostly come in cycle 1" in line.says and "at least 1 h" in line.says and line.basis == "label"


# --- infection ------------------------------------------------------------------------------------------------------
def test_practice_is_never_printed_as_the_label() -> None:
    basis = {line.id: line.basis for part in US.advice for line in part.lines}
    assert basis["three_classes"] == basis["prophylaxis"] == basis["two_cycles"] == "label"
    assert basis["prophylaxis_plan"] == basis["screen_viruses"] == basis["no_minimum_interval"] == "policy"
    assert basis["ursodiol"] == basis["thiotepa"] == basis["live_vaccines"] == basis["urate_and_fluids"] == "practice"
    for part in US.advice:
        for line in part.lines:
            assert line.basis == "label" or "The label requires" not in line.says


def test_a_plan_of_prophylaxis_that_is_recorded_is_asked_for_no_more() -> None:
    bundle = course(DAY_1, "C1D1")
    assert states(bundle, f"{DAY_1}T12:00")["prophylaxis_plan"] == "applies"
    plans = [observed(f"{name}-plan", True, f"{DAY_1}T08:00") for name in ("pneumocystis", "herpes", "antifungal")]
    assert states(with_(bundle, *plans[:2]), f"{DAY_1}T12:00")["prophylaxis_plan"] == "applies"
    assert "prophylaxis_plan" not in states(with_(bundle, *plans), f"{DAY_1}T12:00")


def test_imaging_is_advised_where_infection_was_found_open_where_nobody_looked_and_left_out_where_none_was() -> None:
    found = {
        word: states(course(DAY_1, "C1D8", visit={"C1D8": seen}), "2025-04-07T12:00").get("imaging")
        for word, seen in {
            "yes": {"review": {"infection": True}},
            "no": {"review": {"infection": False, "bleeding": False}},
            "nobody": {"without": ["pre-dose-review"]},
        }.items()
    }
    assert found == {"yes": "applies", "no": None, "nobody": "open"}


# --- transplant -----------------------------------------------------------------------------------------------------
def intended(at: str, **told_: Any) -> dict[str, str]:
    bundle = course("2025-03-03", at, course={"responses": ["CR", "CR", "CR"], **told_.pop("course", {})}, **told_)
    day = max(entry["resource"].get("effectiveDateTime", "")[:10] for entry in bundle["entry"])
    going = with_(bundle, observed("transplant-intent", "proceeding", f"{day}T09:30"))
    return states(going, f"{day}T23:30")


def test_before_two_cycles_two_are_recommended_and_after_three_no_further_one() -> None:
    first, third = intended("C1D8"), intended("C4D1")
    assert first["two_cycles"] == "applies" and "no_fourth" not in first and "third_cycle" not in first
    assert third["no_fourth"] == "applies" and "two_cycles" not in third


def test_after_two_cycles_the_third_is_only_for_not_having_reached_remission_and_mrd_negativity_together() -> None:
    bundle = course("2025-03-03", "C3D1", course={"responses": ["CR", "CR"]})
    at = "2025-04-21"
    going = with_(bundle, observed("transplant-intent", "proceeding", f"{at}T09:30"))
    for mrd, third, reached in (("negative", None, "applies"), ("positive", "applies", None)):
        seen = states(with_(going, observed("mrd", mrd, f"{at}T10:00")), f"{at}T12:00")
        assert (seen.get("third_cycle"), seen.get("goal_reached")) == (third, reached), mrd


def test_conditioning_is_no_matter_for_a_patient_who_certainly_goes_to_no_transplant() -> None:
    lines = {"two_alkylators", "thiotepa", "azoles_with_alkylators", "ursodiol", "no_minimum_interval"}
    bundle = course(DAY_1, "C1D8")
    says = {word: states(with_(bundle, observed("transplant-intent", word, "2025-04-06T09:00")), "2025-04-07T12:00")
            for word in ("not-proceeding", "undecided", "proceeding")}  # fmt: skip
    assert not lines & says["not-proceeding"].keys()
    assert lines <= says["undecided"].keys() and lines <= says["proceeding"].keys()
    assert says["undecided"]["say_the_intent"] == "applies" and "say_the_intent" not in says["proceeding"]


@pytest.mark.parametrize(("bilirubin", "state"), [("1.19", None), ("1.2", "applies")])
def test_a_bilirubin_at_its_limit_is_to_be_corrected_before_transplant(bilirubin: str, state: str | None) -> None:
    bundle = course(DAY_1, "C1D8", visit={"C1D8": {"values": {"bilirubin": Decimal(bilirubin)}}})
    going = with_(bundle, observed("transplant-intent", "proceeding", "2025-04-06T09:00"))
    assert states(going, "2025-04-07T12:00").get("bilirubin_before_transplant") == state


def test_the_days_since_dose_and_transplant_are_counted_and_no_interval_is_made_up() -> None:
    bundle = with_(ended("2025-06-01"), observed("transplant", True, "2025-07-01T09:00"))
    found = told(bundle, "2025-07-10T12:00").transplant
    assert (found.days_since_last_dose, found.days_since_transplant, found.cycles_counted) == (39, 9, 1)
    assert {item.id for item in found.follow_up} == {"liver_tests_after_transplant", "weight_after_transplant"}
    says = next(line.says for part in US.advice for line in part.lines if line.id == "no_minimum_interval")
    assert "no minimum interval" in says and not any(letter.isdigit() for letter in says)


@pytest.mark.parametrize(
    ("intent", "wanted"), [("proceeding", "applies"), ("undecided", "applies"), ("not-proceeding", None)]
)
def test_on_the_way_to_transplant_the_deaths_without_relapse_are_told(intent: str, wanted: str | None) -> None:
    bundle = with_(course(DAY_1, "C1D8"), observed("transplant-intent", intent, "2025-04-06T09:00"))
    assert states(bundle, "2025-04-07T12:00").get("more_deaths") == wanted


# --- veno-occlusive disease -------------------------------------------------------------------------------------------
VOD = ("vod_stop_and_support", "vod_look_closer", "vod_defibrotide")


@pytest.mark.parametrize(("status", "wanted"), [("suspected", "applies"), ("confirmed", "applies"), ("ruled-out", None)])
def test_suspected_or_confirmed_disease_brings_up_stop_support_and_defibrotide(status: str, wanted: str | None) -> None:
    bundle = course("2025-03-31", "C1D8", visit={"C1D8": {"review": {"vod": status}}})
    found = states(bundle, "2025-04-07T12:00")
    assert [found.get(line) for line in VOD] == [wanted] * len(VOD)


def test_while_nobody_has_looked_the_advice_on_veno_occlusive_disease_stays_open() -> None:
    bundle = without(course("2025-03-31", "C1D8"), lambda one: "pre-dose-review" in one["id"])
    assert {states(bundle, "2025-04-07T12:00").get(line) for line in VOD} == {"open"}


# --- the hand-over sheet --------------------------------------------------------------------------------------------
def test_the_sheet_has_every_dose_with_its_mg_and_mg_per_m2_and_marks_what_was_cut_short() -> None:
    bundle = course("2025-03-03", "C2D8", course={"responses": ["CR"]}, visit={
        "C1D8": {"given": "not-done", "reason": "toxicity"}, "C1D15": {"given": "stopped"}})  # fmt: skip
    found = told(bundle, "2025-03-31T12:00").handover
    assert [(one.cycle, one.dose, one.partial) for one in found.doses] == [(1, 1, False), (1, 3, True), (2, 1, False)]
    assert found.doses[0].mg_per_m2 == Decimal("0.8") and found.doses[1].mg_per_m2 is None
    assert [(one.cycle, one.truncated, one.running) for one in found.cycles] == [(1, True, False), (2, False, True)]


def test_what_is_unknown_stands_on_the_sheet_with_why_and_never_as_no() -> None:
    found = {one.fact: one for one in told(ended("2025-06-01"), "2025-07-10T12:00").handover.values}
    assert (found["antiviral_plan"].value, found["antiviral_plan"].why) == (None, "not_asked")
    assert found["bilirubin"].why == "stale" and found["bilirubin"].value is not None
    assert {one.why for one in found.values() if one.value is None} <= {"missing", "stale", "not_asked", "not_applicable"}


def test_the_trend_holds_no_result_of_the_future_and_none_that_cannot_be_used() -> None:
    bundle = results(results(ended("2025-06-01"), LIVER, "2025-06-10"), LIVER, "2025-08-10")
    wrong = changed(bundle, "case-alt-2025-06-10", valueQuantity={"value": 30, "unit": "parsec", "code": "pc"})
    days = {name: [str(one.on) for one in told(wrong, "2025-07-10T12:00").handover.trend if one.what == name]
            for name in ("alt", "ast")}  # fmt: skip
    assert "2025-06-10" in days["ast"] and "2025-06-10" not in days["alt"]
    assert all(day <= "2025-07-10" for one in days.values() for day in one)


# --- the file and the command ---------------------------------------------------------------------------------------
SPOKEN = Spoken("us", sources(), US.facts, US.observables, US.policy.rows["monitoring"])
LINE = {"id": "x", "section": "s", "says": "A sentence.", "cites": {"source": "policy", "section": "x"}, "seen": "ours"}


@pytest.mark.parametrize(
    ("changed_", "says"),
    [
        ({"section": "elsewhere"}, "in no section"),
        ({"cites": {"source": "hearsay", "section": "x"}}, "cites a source"),
        ({"seen": "felt"}, "says how it was seen"),
        ({"when": "platelets > 50"}, "does not occur"),
        ({"when": "happiness"}, "happiness"),
        ({"wen": "b_all"}, "'wen' is not a key here"),
    ],
)
def test_a_line_that_is_uncited_misspelt_or_hides_a_number_is_refused(changed_: dict[str, Any], says: str) -> None:
    section = [{"id": "s", "title": "S"}]
    assert len(advice({"section": section, "line": [LINE]}, SPOKEN)[0].lines) == 1
    with pytest.raises(KnowledgeError, match=says):
        advice({"section": section, "line": [{**LINE, **changed_}]}, SPOKEN)


@pytest.mark.parametrize("name", stories.names())
def test_the_advice_of_every_story_is_what_the_schema_says(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one.json").write_text(stories.as_text(stories.bundle(name)), "utf-8")
    at = ["--at", stories.tale(name).at.isoformat(), "--edition", "us", "--zone", ZONE]
    assert main(["advice", str(tmp_path / "one.json"), "--json", *at]) == 0
    document = json.loads(capsys.readouterr().out)
    Draft202012Validator(schema.schemas()["advice"], format_checker=FormatChecker()).validate(document)
    assert main(["advice", str(tmp_path / "one.json"), "--section", "handover", *at]) == 0
    assert "Hand-over sheet" in capsys.readouterr().out


def test_one_section_alone_is_printed_and_an_unknown_one_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "one.json").write_text(stories.as_text(stories.bundle("first_dose")), "utf-8")
    at = ["--at", stories.tale("first_dose").at.isoformat(), "--edition", "us", "--zone", ZONE]
    assert main(["advice", str(tmp_path / "one.json"), "--section", "premedication", *at]) == 0
    shown = capsys.readouterr().out
    assert "Premedication" in shown and "Today: corticosteroid" in shown and "Transplant" not in shown
    assert main(["advice", str(tmp_path / "one.json"), "--section", "gossip", *at]) == 2
    assert "no section is called 'gossip'" in capsys.readouterr().err
