"""Cases told as a course: a bundle built from the case, decided whole. Returns what we say in the case's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from posology.answer import Report
from posology.api import load_bundle, load_edition
from posology.language import Value
from posology.measures import percent_change
from posology.stories import resources as fhir
from posology.units import rounded
from tests.cases import charts
from tests.cases.asking import row_says
from tests.cases.charts import amounts, asked_for, course, decided, facts_of, observed, reply, rows, with_
from tests.cases.stated import response_rows
from tests.cases.words import LEVELS, RESPONSES, Case, Shown, acted, number, said

NOON = "T12:00"
WRITTEN = {"cr": "CR", "cri": "CRi", "none": "none", "relapse": "relapse", None: ""}


def fact(bundle: charts.Bundle, at: str, name: str) -> Value | None:
    return facts_of(bundle, at)[name].value


def days_after(start: str, days: int) -> str:
    return (date.fromisoformat(start) + timedelta(days=days)).isoformat()


def told(case: Case) -> str:
    """The case's word for a response as the course writes it."""
    return WRITTEN[RESPONSES[case["given"]["response"]]]


def overall(case: Case, report: Report) -> Shown:
    """The whole verdict: what a case means that speaks of an action without naming a question."""
    return {"action": acted(case, report.verdict), "could_be": report.could_be, "dose": report.dose}


# --- schedule -------------------------------------------------------------------------------------------------------
def first_cycle(case: Case) -> Shown:
    day1 = case["given"]["day1"]
    report = decided(course(day1, "C1D2"), days_after(day1, 1) + NOON)
    seen = {(visit.cycle, visit.dose): visit for visit in report.visits}

    def window(dose: int) -> list[str]:
        return [str(seen[1, dose].from_on), str(seen[1, dose].to_on)]

    return {
        "day8": str(seen[1, 2].planned_on),
        "day8_window": window(2),
        "day15": str(seen[1, 3].planned_on),
        "day15_window_nominal": window(3),
        "next_cycle_day1": str(seen[2, 1].planned_on),
    }


def extended_cycle(case: Case) -> Shown:
    day1, longest = case["given"]["day1"], load_edition("us").regimen.first_length_max
    over = course(day1, "C2D1", course={"extended": "remission", "responses": ["CR"]})
    point = decided(over, days_after(day1, longest - 1) + NOON).decision_point
    return {"cycle_length_max": longest, "next_cycle_day1_latest": str(point.planned_on)}


def interval(case: Case) -> Shown:
    """The proposed day is the day of the decision."""
    given = case["given"]
    day1 = given.get("day1") or given["last_dose"]
    day8 = given.get("day8_actual")
    at = given.get("proposed") or given["proposed_day15"]
    moved = {"C1D8": {"on": (date.fromisoformat(day8) - date.fromisoformat(day1)).days + 1}} if day8 else {}
    bundle = course(day1, "C1D15" if day8 else "C1D5", visit=moved)
    report = decided(bundle, at + NOON)
    return {
        "allowed": {"wait": False, "give": True}[reply(report, "interval").action],
        "days_between": fact(bundle, at + NOON, "days_since_last_dose"),
        "earliest": str(report.earliest.date),
        "within_day15_window": reply(report, "window").action == "give",
    }


def toxicity_shift(case: Case) -> Shown:
    given = case["given"]
    held, day1 = given["day8_held_days"], date.fromisoformat(given["day1"])
    put_off = {"C1D8": {"values": {"alt": 164}, "given": "deferred", "reason": "toxicity"}}
    recovery = {"panels": ["counts", "liver", "chemistry", "body"], "review": {"vod": "ruled-out"},
                "say": {"toxicity-recovered": True}, "dose": 2}  # fmt: skip
    told_ = {"C1D8": put_off["C1D8"], f"C1D{8 + held}": recovery}
    late = day1 + timedelta(days=7 + held)
    then = decided(course(given["day1"], f"C1D{8 + held}", visit=told_), f"{late}{NOON}")
    after = decided(course(given["day1"], f"C1D{9 + held}", visit=told_), f"{late + timedelta(days=1)}{NOON}")
    seen = {(visit.cycle, visit.dose): visit.planned_on for visit in after.visits}
    given_on = [day1, late if then.verdict == "give" else day1, seen[1, 3]]
    return {
        "day8_given": str(then.earliest.date),
        "day15_given": str(seen[1, 3]),
        "cycle_days": [(on - day1).days + 1 for on in given_on],
        "next_day1_earliest": str(seen[2, 1]),
        "next_day1_cycle_day": (seen[2, 1] - day1).days + 1,
    }


# --- response and regimen -------------------------------------------------------------------------------------------
def mrd(case: Case) -> Shown:
    quantity = {"value": number(case["given"]["mrd_fraction"]), "unit": "1"}
    bundle = with_(course("2025-03-03", "C1D1"), observed("mrd", quantity, "2025-03-02T09:00"))
    found = [r.value for r in load_bundle(bundle, zone=charts.ZONE).readings if r.observable == "mrd_negative"]
    return {"mrd_negative": found[-1]}


BLOOD = {"pb_blasts_pct": "peripheral_blasts", "anc": "anc", "plt": "platelets"}


def response_on_day_1(case: Case) -> Shown:
    """Day 1 of cycle 2, the components as the case gives them; null is not there."""
    given = case["given"]
    last = given.get("last_dose_of_previous_cycle", "2025-03-17")
    day1 = days_after(last, -14)
    values = {ours: given[theirs] for theirs, ours in BLOOD.items() if given[theirs] is not None}
    documented = RESPONSES[given.get("documented")]
    told_: dict[str, Any] = {"responses": [WRITTEN[documented]]} if documented else {}
    absent = ["extramedullary"] if not given["emd_resolved"] else []
    bundle = course(day1, "C2D1", course=told_, visit={"C2D1": {"values": values, "without": absent}})
    bundle = _marrow(bundle, given, days_after(last, 5))
    report = decided(bundle, days_after(day1, 21) + NOON)
    c2 = [visit.mg_per_m2 for visit in report.visits if (visit.cycle, visit.dose) == (2, 1)]
    why = facts_of(bundle, days_after(day1, 21) + NOON)["response"].why
    computed = response_rows(given)
    return {
        **overall(case, report),
        "computed": computed,
        "status": why if documented and why else computed,
        "no_default": said(case, "no_default", c2 == [None] and report.not_releasable_estimate is None, c2),
    }


def _marrow(bundle: charts.Bundle, given: Mapping[str, Any], usual: str) -> charts.Bundle:
    """The marrow of the course with the case's blasts on the case's day; none where the case has none."""
    day = given.get("marrow_date", usual)
    if given["bm_blasts_pct"] is None:
        return charts.without(bundle, lambda one: one["id"] == "case-c2marrow-marrow-blasts")
    quantity = fhir.quantity(number(given["bm_blasts_pct"]), "%")
    at = charts.stamp(f"{day}T09:00")
    return charts.changed(bundle, "case-c2marrow-marrow-blasts", valueQuantity=quantity, effectiveDateTime=at)


def regimen(case: Case) -> Shown:
    cycle, parameters = case["given"]["cycle"], load_edition("us").regimen
    responses = [told(case)] if cycle > 1 else []
    report = decided(course("2025-03-03", f"C{cycle}D1", course={"responses": responses}),
                     days_after("2025-03-03", 21 * (cycle - 1)) + NOON)  # fmt: skip
    length = [parameters.first_length, parameters.first_length_max] if cycle == 1 else parameters.length(cycle)
    return {"doses": amounts(report, cycle), "length": length}


def relapse(case: Case) -> Shown:
    given = case["given"]
    before = [WRITTEN[RESPONSES[given["best_response"]]]] * (given["cycle"] - 2)
    bundle = course("2025-03-03", f"C{given['cycle']}D1",
                    course={"transplant_intent": "not-proceeding", "responses": [*before, told(case)]})  # fmt: skip
    report = decided(bundle, days_after("2025-03-03", 21 + 28 * (given["cycle"] - 2)) + NOON)
    none = report.not_releasable_estimate is None and set(amounts(report, given["cycle"])[:1]) == {None}
    advised = "loss_of_response" in rows(report, "open") and "discontinuing is recommended" in row_says(
        "course_limits", "loss_of_response"
    )
    recommended = report.could_be if advised and none else "nothing"
    return {**overall(case, report), "recommend": recommended}


def truncated(case: Case) -> Shown:
    given = case["given"]
    booked = (1, 8, 15)
    skipped = {
        f"C{cycle}D{booked[number_]}": {"given": "not-done", "reason": "other"}
        for cycle, doses in enumerate(given["cycles"], start=1)
        for number_ in range(len(doses), len(booked))
    }
    bundle = course("2025-03-03", "C4D1", visit=skipped,
                    course={"transplant_intent": "not-proceeding", "responses": [told(case)] * 3})  # fmt: skip
    report = decided(bundle, days_after("2025-03-03", 21 + 28 + 28) + NOON)
    notes = [note.text for note in report.warnings if note.code == "truncated_cycle"]
    return {
        **overall(case, report),
        "cycles_counted": fact(bundle, days_after("2025-03-03", 77) + NOON, "cycles_counted"),
        "truncated": [int(text.split()[1]) for text in notes],
        "ask": said(case, "ask", bool(notes) and all("confirm" in text for text in notes), notes),
    }


# --- counts and interruptions ---------------------------------------------------------------------------------------
def delayed_cycle(case: Case) -> Shown:
    """Day 1 of cycle 2 put off for counts; the decision on the day of the first result that shows recovery."""
    given = case["given"]
    day1, recovery = days_after(given["planned_day1"], -21), given["first_recovery_result"]
    assert given["planned"] == [Decimal("0.8"), Decimal("0.5"), Decimal("0.5")] and not given["previous_reductions"]
    late = (date.fromisoformat(recovery) - date.fromisoformat(given["planned_day1"])).days
    visits = {
        "C1D22": {"panels": ["counts"], "values": {"anc": Decimal("0.4")}},
        "C2D1": {"values": {"anc": Decimal("1.6"), "platelets": Decimal(90)}, "say": {"toxicity-recovered": True}},
    }
    bundle = course(day1, "C2D1", course={"responses": ["none"], "late_starts": {"2": late}}, visit=visits)
    bundle = with_(bundle, observed("dose-deferred", "counts", f"{given['planned_day1']}T10:00"))
    bundle = with_(bundle, observed("toxicity-recovered", False, f"{given['last_low_result']}T08:00"))
    if given["attributed_to"]:
        bundle = with_(bundle, observed("cytopenia-attribution", given["attributed_to"], f"{recovery}T08:00"))
    report = decided(bundle, recovery + NOON)
    question = asked_for(report).get("cytopenia_attribution", ("", ""))[1]
    level = next(visit.level for visit in report.visits if visit.cycle == 2)
    doses = amounts(report, 2)
    return {
        **overall(case, report),
        "days_interrupted": fact(bundle, recovery + NOON, "days_interrupted"),
        "level_next_cycle": LEVELS[level],
        "this_cycle": doses,
        "total": sum((each for each in doses if each is not None), Decimal(0)),
        "ask": said(case, "ask", "low counts" in question, question),
    }


LIVER = ["counts", "liver", "chemistry", "body"]


def reduced_cycle(case: Case) -> Shown:
    """Both later doses of cycle 2 held for ALT; cycle 3 as it comes out."""
    given = case["given"]
    base = [number(each) for each in given.get("planned") or given["base"]]
    response = {Decimal("0.8"): "none", Decimal("0.5"): "CR"}[base[0]]
    held = {"values": {"alt": 164}, "given": "not-done", "reason": "toxicity"}
    end = 8 + given["days"]
    visits: dict[str, Any] = {"C2D8": held, "C2D15": held, "C3D1": {"say": {}}}
    visits[f"C2D{end - 1}"] = {"panels": ["liver"], "values": {"alt": 120}, "say": {"toxicity-recovered": False}}
    visits[f"C2D{end}"] = {"panels": ["liver"], "say": {"toxicity-recovered": given["toxicity_recovered"]}}
    if given["previous_reductions"]:
        visits["C2D1"] = {"say": {"dose-level": "reduced-25"}}
        visits["C3D1"] = {"say": {"dose-level": "two-doses", "second-dose-day": given["prescriber_picks"][1]}}
    bundle = course("2025-03-03", "C3D1", visit=visits,
                    course={"transplant_intent": "not-proceeding", "responses": [response, response]})  # fmt: skip
    report = decided(bundle, days_after("2025-03-03", 49) + NOON)
    doses = amounts(report, 3)
    return {
        "verdict": report.verdict,
        "level_next_cycle": LEVELS[next(visit.level for visit in report.visits if visit.cycle == 3)],
        "next_cycle": doses,
        "total": sum((each for each in doses if each is not None), Decimal(0)),
    }


def held_dose(case: Case) -> Shown:
    """Day 8 of cycle 2 held for ALT; the decision on the day of the first result that shows recovery."""
    given = case["given"]
    day1, recovery = given["day1"], given["first_recovery_result"]
    start = date.fromisoformat(day1)
    last = (date.fromisoformat(given["last_abnormal_result"]) - start).days + 1
    back = (date.fromisoformat(recovery) - start).days + 1
    visits = {
        "C2D8": {"values": {"alt": 164}, "given": "deferred", "reason": "toxicity"},
        f"C2D{last}": {"panels": ["liver"], "values": {"alt": 120}, "say": {"toxicity-recovered": False}},
        f"C2D{back}": {"panels": LIVER, "review": {"vod": "ruled-out"}, "say": {"toxicity-recovered": True}, "dose": 2},
    }
    if back > 15:  # not recovered on Day 15 either
        visits["C2D15"] = {"values": {"alt": 120}, "given": "deferred", "reason": "toxicity"}
    bundle = course(days_after(day1, -21), f"C2D{back}", visit=visits, course={"responses": ["CR"]})
    report = decided(bundle, recovery + NOON)
    facts = facts_of(bundle, recovery + NOON)
    third = [visit for visit in report.visits if (visit.cycle, visit.dose) == (2, 3)]
    state = "open" if "omit_due_dose" in rows(report, "open") else "holds" if "omit_due_dose" in rows(report) else "no"
    stepped = reply(report, "level_next_cycle").action
    return {
        **overall(case, report),
        "days": facts["days_interrupted"].value,
        "interruption_now": acted(case, reply(report, "interruption_now").action, "interruption_now"),
        "omitted": [line[line.index("(") + 1 : -1] for line in report.omitted],
        "day15": str(third[0].planned_on) if third else None,
        "level_next_cycle": "unchanged" if stepped == "give" else stepped,
        "row_ge_7": state,
        "earliest_possible_recovery_days": facts["days_interrupted_at_least"].value,
    }


def gained_weight(case: Case) -> Shown:
    given = case["given"]
    before, now = number(given["weight_at_calc_kg"]), number(given["weight_now_kg"])
    day = 1 + given["days"]
    visits = {"C1D1": {"values": {"weight": before}},
              f"C1D{day}": {"panels": LIVER, "values": {"weight": now}}}  # fmt: skip
    bundle = course("2025-03-03", f"C1D{day}", patient={"weight_kg": before}, visit=visits)
    report = decided(bundle, days_after("2025-03-03", given["days"]) + NOON)
    estimate = report.not_releasable_estimate
    asks = asked_for(report)["vod_status"][1]
    held = report.verdict if "gain" in rows(report) and "examine for veno-occlusive disease" in asks else "without review"
    return {
        "change_percent": rounded(percent_change(now, before), 2),
        "action": acted(case, held),
        "recalculate_dose": estimate is None or estimate.weight_kg != before,
        "could_be": report.could_be,
    }
