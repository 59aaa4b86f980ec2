"""A panel as a reader sees it: the timeline, what is never said, one mind with the decision, and severity."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from posology import stories
from posology.api import answer_question, decide, load_bundle, vod
from posology.criteria import Graded
from posology.record import Quality
from posology.say.panels import panel as words
from tests.unit.charted import DAY_0, at, item, named, picture, read, record, seen, state, told


# --- timeline -------------------------------------------------------------------------------------------------------
def test_the_story_after_transplant_turns_set_by_set_on_the_days_it_tells() -> None:
    found = told("vod_after_transplant")
    assert {one.id: str(one.met_on) for one in found.sets if one.met_on} == {
        "modified_seattle": "2026-05-13",
        "mcdonald_seattle": "2026-05-15",
        "cairo_cooke_2020": "2026-05-15",
        "ebmt_2023_probable": "2026-05-16",
        "baltimore": "2026-05-17",
        "ebmt_2016_classical": "2026-05-17",
        "ebmt_2023_clinical": "2026-05-17",
    }
    turned = {str(day.on): day.turned for day in found.timeline}
    assert "baltimore" in turned["2026-05-17"] and "baltimore" not in turned["2026-05-16"]
    assert {one.onset for one in found.sets if one.id.startswith("ebmt_2023")} == {"classical"}


def test_the_story_without_transplant_is_a_pattern_and_the_older_sets_do_not_apply() -> None:
    found = told("vod_without_transplant")
    assert found.state == "met" and found.could_be == "discontinue"
    outside = ("modified_seattle", "baltimore", "ebmt_2016_classical", "ebmt_2016_late", "mcdonald_seattle")
    assert {state(found, name) for name in outside} == {"not_applicable"}
    assert named(found.sets, "ebmt_2023_clinical").pattern and named(found.signals, "within_56_days").state == "holds"


def test_the_timeline_begins_with_the_first_dose_and_knows_nothing_of_later_days() -> None:
    given = record(*picture(10), read("bilirubin", -70, "1"), read("bilirubin", 12, "7"))
    days = [day.on for day in seen(given, 11).timeline]
    assert days == [DAY_0.date(), at(10).date()]
    assert state(seen(given, 9), "baltimore") == "could_be_met"


def test_met_at_any_time_of_a_day_is_met_on_that_day() -> None:
    given = record(*picture(10), read("ascites", 10, False, 20), read("painful_hepatomegaly", 10, False, 20))
    assert seen(given, 10, 23).timeline[-1].states["baltimore"] == "met"
    assert state(seen(given, 10, 23), "baltimore") != "met"


# --- what is never said, and what is never changed ------------------------------------------------------------------
FORBIDDEN = ("no vod", "no veno-occlusive", "vod excluded", "vod ruled out", "free of vod", "not vod")


@pytest.mark.parametrize("name", stories.names())
def test_no_panel_of_any_story_ever_says_that_the_disease_is_not_there(name: str) -> None:
    found = told(name)
    text = words.view(found).lower()
    assert [phrase for phrase in FORBIDDEN if phrase in text] == []
    outside = any(one.state == "not_applicable" for one in found.sets)
    assert ("the disease may be there all the same" in " ".join(text.split())) is outside


@pytest.mark.parametrize("name", stories.names())
def test_where_the_panel_keeps_a_permanent_stop_possible_so_does_the_decision(name: str) -> None:
    tale = stories.tale(name)
    report = decide(stories.bundle(name), at=tale.at, edition=tale.edition, zone=tale.zone)
    assert told(name).could_be is None or report.could_be in ("discontinue", "not_eligible")


def test_a_signed_look_after_the_signs_releases_the_stop_and_leaves_the_sets_as_they_are() -> None:
    signs = picture(10)
    looked = read("vod_review", 10, "ruled_out", 9)
    found = seen(record(*signs, looked), 10, hour=10)
    assert (found.could_be, state(found, "baltimore")) == (None, "met")
    assert any("Somebody signed after the signs" in line for line in found.advice)
    assert not any("Treat it as" in line for line in found.advice)
    before = seen(record(*signs, read("vod_review", 10, "ruled_out", 7)), 10, hour=10)
    assert before.could_be == "discontinue"


def test_a_bilirubin_with_a_signed_cause_is_no_sign_by_itself() -> None:
    raised = read("bilirubin", 10, "2.5")
    assert seen(record(raised), 10).could_be == "discontinue"
    cause = read("bilirubin_cause", 10, "gilbert")
    explained = seen(record(raised, cause), 10)
    assert explained.could_be is None and item(explained, "bilirubin_from_2") == "holds"


@pytest.mark.parametrize("name", ["vod_after_transplant", "vod_without_transplant", "weight_gain"])
def test_looking_at_the_panel_changes_no_verdict(name: str) -> None:
    tale = stories.tale(name)
    loaded = load_bundle(stories.bundle(name), zone=tale.zone)
    before = decide(loaded, at=tale.at, edition=tale.edition, zone=tale.zone)
    vod(loaded, at=tale.at, edition=tale.edition, zone=tale.zone)
    assert decide(loaded, at=tale.at, edition=tale.edition, zone=tale.zone) == before


def test_of_a_blank_patient_every_set_is_open_and_asks() -> None:
    found = told("blank")
    assert {one.state for one in found.sets} == {"could_be_met"} and found.next and not found.timeline
    assert {risk.state for risk in found.risk_factors} == {"open"}


def test_a_result_that_cannot_be_used_is_unknown_and_never_quiet() -> None:
    broken = replace(read("bilirubin", 10, "1"), value=None, quality=Quality.WRONG_UNIT)
    found = named(seen(record(broken, *picture(10)[1:]), 10).sets, "baltimore")
    assert found.state == "could_be_met" and ("bilirubin", "wrong_unit") in {(m.fact, m.why) for m in found.missing}


# --- severity -------------------------------------------------------------------------------------------------------
DAYS, BILIRUBIN, ALT, CREATININE = ("8", "6", "3"), ("1", "2", "3", "5", "8"), ("60", "120", "240", "400"), ("1", "1.2", "2")
ORDER = (None, "mild", "moderate", "severe", "very_severe")


def grade(**facts: Any) -> int:
    plain = {name: Decimal(value) if isinstance(value, str) else value for name, value in facts.items()}
    found = answer_question("ebmt_2016_severity", {**QUIET, **plain}, edition="us")
    assert isinstance(found, Graded)
    return ORDER.index(found.at_least)


QUIET = {"age_years": Decimal(40), "alt_uln": Decimal(40), "ast": Decimal(20), "ast_uln": Decimal(40),
         "creatinine_baseline": Decimal(1), "bilirubin_doubled_48h": False, "weight_change_percent": Decimal(1),
         "vod_risk_factors": Decimal(0), "multi_organ_dysfunction": False}  # fmt: skip


def test_a_worse_value_never_gives_a_milder_class() -> None:
    """Every criterion one step up, from every combination of the others: counting each class alone would fail this."""
    axes = {"days_since_first_vod_symptom": DAYS, "bilirubin": BILIRUBIN, "alt": ALT, "creatinine": CREATININE}
    for chosen in product(*axes.values()):
        here = dict(zip(axes, chosen, strict=True))
        for name, steps in axes.items():
            at_step = steps.index(here[name])
            if at_step + 1 < len(steps):
                assert grade(**{**here, name: steps[at_step + 1]}) >= grade(**here), (here, name)


def test_a_set_that_does_not_apply_says_for_whom_it_was_written_and_what_puts_this_patient_outside() -> None:
    found = told("vod_after_transplant")
    late, child = (next(one for one in found.sets if one.id == name) for name in ("ebmt_2016_late", "ebmt_2018_paediatric"))
    assert [(datum.fact, datum.value) for datum in late.outside] == [("transplanted", True), ("days_since_transplant", 14)]
    assert [datum.fact for datum in child.outside] == ["age_years"]
    assert all(one.outside == () for one in found.sets if one.state != "not_applicable")
    text = words.view(found)
    assert "days_since_transplant 14 d" in text and "Written for: From day 22 after transplant" in " ".join(text.split())
