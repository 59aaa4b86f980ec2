"""Cases of one visit: liver tests with a signed cause, missing and stale results, premedication. Bundles, decided whole."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from posology.api import decide, load_edition
from posology.stories import resources as fhir
from posology.stories.clinic import clinic
from tests.cases import charts
from tests.cases.asking import row_says
from tests.cases.charts import asked_for, changed, course, decided, facts_of, observed, reply, rows, with_
from tests.cases.words import Case, Shown, acted, said

DAY_1, DAY_8 = "2025-03-31", "2025-04-07"
ULN = {"bilirubin": Decimal("1.2"), "bilirubin_direct": Decimal("0.3"), "ast": Decimal(40), "alt": Decimal(40)}
GIVEN = {"bili_x_uln": "bilirubin", "direct_bili_x_uln": "bilirubin_direct", "ast_x_uln": "ast", "alt_x_uln": "alt"}
PANELS = {"CBC": ("anc", "platelets", "haemoglobin", "wbc", "peripheral_blasts"), "ALT": ("alt",), "AST": ("ast",),
          "total bilirubin": ("bilirubin", "bilirubin_direct"), "ALP": ("alp",)}  # fmt: skip
NAMES = {"alt": "ALT", "ast": "AST", "bilirubin": "total bilirubin", "anc": "CBC", "platelets": "CBC"}


def exempted(case: Case) -> Shown:
    """Sampled at 16:00 on its day; Day 8 is the day of the judgement, if there is one, and the decision follows it.

    A judgement of the next day is signed in the morning: an abnormal liver test is fresh for 24 h.
    """
    given = case["given"]
    assert given["vod_signs"] == "none"
    judged, sampled = given["cause_judgement"], given["bili_sampled"]
    day = date.fromisoformat(judged["dated"] if judged else sampled)
    signed_at, decided_at = ("17:00", "18:00") if str(day) == sampled else ("08:30", "09:00")
    values = {ours: given[theirs] * ULN[ours] for theirs, ours in GIVEN.items() if given[theirs] is not None}
    absent = ["bilirubin_direct"] if given["direct_bili_x_uln"] is None else []
    visit = {"C1D8": {"values": values, "without": absent}}
    bundle = course((day - timedelta(days=7)).isoformat(), "C1D8", visit=visit)
    for test in values:
        bundle = changed(bundle, f"case-c1d8-{test.replace('_', '-')}", effectiveDateTime=charts.stamp(f"{sampled}T16:00"))
    if judged:
        cause = "gilbert" if "Gilbert" in judged["says"] else "haemolysis"
        signature = observed("bilirubin-cause", cause, f"{day}T{signed_at}", signed=judged["signed"])
        bundle = with_(bundle, signature | {"derivedFrom": [{"reference": "Observation/case-c1d8-bilirubin"}]})
    for _ in given.get("problem_list", ()):
        bundle = with_(bundle, _gilbert_on_the_problem_list())
    return _judged(case, decided(bundle, f"{day}T{decided_at}"))


def _gilbert_on_the_problem_list() -> charts.Resource:
    return {
        "resourceType": "Condition",
        "id": "problem-list",
        "subject": {"reference": "Patient/case"},
        "verificationStatus": {"coding": [fhir.coding("verification", "confirmed")]},
        "code": {"coding": [fhir.coding("icd10cm", "E80.4")]},
        "recordedDate": DAY_8,
        "asserter": {"reference": "Practitioner/1"},
    }


def _judged(case: Case, report: Any) -> Shown:
    asks = asked_for(report).get("bilirubin_direct", ("", ""))[1]
    exempt = "bilirubin_exempt" in rows(report) and "liver_chemistry" not in rows(report) | rows(report, "open")
    return {
        "action": acted(case, report.verdict),
        "could_be": reply(report, "liver").could_be,
        "ask": said(case, "ask", "direct bilirubin of the same sample" in asks, asks),
        "reason": said(case, "reason", exempt, rows(report)),
        "never": case["expect"].get("never") if report.verdict != "give" else "is give",
    }


def before_treatment(case: Case) -> Shown:
    """The same AST before the first dose and now."""
    given = case["given"]
    values = {ours: given[theirs] * ULN[ours] for theirs, ours in GIVEN.items() if theirs in given}
    at_first = {"ast": given["pretreatment_ast_x_uln"] * ULN["ast"]}
    bundle = course(DAY_1, "C1D8", visit={"C1D1": {"values": at_first}, "C1D8": {"values": values}})
    report = decided(bundle, f"{DAY_8}T09:00")
    generic = reply(report, "other_toxicity").action == "give" and "liver tests never take this way" in row_says(
        "other_toxicity", "grade_2_or_more"
    )
    never = "never of baseline" in row_says("liver", "liver_chemistry")
    return {"action": acted(case, report.verdict), "rule": said(case, "rule", generic and never)}


def graded_by_another_version(case: Case) -> Shown:
    given = case["given"]
    version = int(Decimal(given["ctcae_version"]))
    review = {"toxicity-grade": given["grade"], "ctcae-version": version, "toxicity-kind": "organ"}
    unknown = {} if given["qtcf_ms"] is None else {"values": {"qtcf_reported": given["qtcf_ms"]}}
    bundle = course(DAY_1, "C1D8", visit={"C1D8": {"review": review, **unknown}})
    report = decided(bundle, f"{DAY_8}T09:00")
    return {"action": acted(case, report.verdict), "could_be": reply(report, "other_toxicity").could_be}


def available(case: Case) -> Shown:
    """Of the day's tests only those of the case were done."""
    given = case["given"]
    done = {name for panel in given["labs_available"] for name in PANELS[panel]}
    absent = [name for names in PANELS.values() for name in names if name not in done]
    cycle, day = given.get("cycle", 1), given["day"]
    day_1 = course("2025-03-03", f"C{cycle}D{day}", course={"responses": ["CR"]},
                   visit={f"C{cycle}D{day}": {"without": absent}})  # fmt: skip
    at = f"2025-{'03-10' if (cycle, day) == (1, 8) else '04-07'}T12:00"
    report = decided(day_1, at)
    lacking = [fact for fact in asked_for(report) if fact in NAMES]
    blocks = reply(report, "freshness").action == "wait"
    facts = facts_of(day_1, at)
    return {
        "missing": [name for fact, name in NAMES.items() if fact in lacking],
        "block": report.verdict not in ("give", "give_with_review"),
        "warn_missing": ["ALP" for note in report.warnings if note.code == "alp_missing"],
        "action": acted(case, report.verdict),
        "obtain": ["CBC"] if blocks and not {"anc", "platelets"} & done else [],
        "interruption_day": facts["days_interrupted"].value != 0 or reply(report, "interruption_now").action != "give",
    }


def stale(case: Case) -> Shown:
    """One normal ALT, taken so many hours before the dose; everything else is of the day."""
    given = case["given"]
    assert given["item"] == "ALT" and not given["last_abnormal"]
    hours = int(given["hours_before_dose"])
    at = charts.moment(f"{DAY_8}T12:00")
    bundle = course(DAY_1, "C1D8", visit={"C1D8": {"values": {"alt": given["x_uln"] * ULN["alt"]}}})
    bundle = changed(bundle, "case-c1d8-alt", effectiveDateTime=(at - timedelta(hours=hours)).isoformat())
    fact = facts_of(bundle, f"{DAY_8}T12:00")["alt"]
    report = decide(bundle, at=at, edition="us", zone=charts.ZONE)
    return {
        "fact": "unknown" if fact.value is None else "known",
        "state": fact.why,
        "action": reply(report, "liver").action,
    }


def without_limit(case: Case) -> Shown:
    given = case["given"]
    values = {"alt": given["alt_u_l"]}
    bundle = course(DAY_1, "C1D8", visit={"C1D8": {"values": values, "no_limit": ["alt"]}})
    report = decided(bundle, f"{DAY_8}T09:00")
    why, asks = asked_for(report)["alt_uln"]
    others = facts_of(bundle, f"{DAY_8}T09:00")
    known = all(others[name].value is not None for name in ("ast", "ast_uln", "bilirubin", "anc", "weight"))
    unknown = report.verdict == "ask" and why == "missing"
    return {
        "alt_x_uln": others["alt_uln"].value,
        "state": "unknown" if unknown else f"{report.verdict}, {why}",
        "record_refused": not known,
        "ask": said(case, "ask", "laboratory's upper limit of normal" in asks and "ALT" in asks, asks),
    }


MEDICINES = {"acetaminophen": "antipyretic", "diphenhydramine": "antihistamine"}


def premedicated(case: Case) -> Shown:
    """Given this morning; the decision is at the chair."""
    bundle = course(DAY_1, "C1D8")
    for medicine in case["given"]["given"]:
        drug = clinic().premedication[MEDICINES[medicine]]
        at = charts.stamp(f"{DAY_8}T08:10")
        bundle = with_(bundle, fhir.premedicated(f"case-chair-{medicine}", "Patient/case", drug, at))
    report = decided(bundle, f"{DAY_8}T08:30")
    item = next(each for each in report.due if each.id == "premedication")
    listed = next(each for each in load_edition("us").documents["monitoring"]["item"] if each["id"] == "premedication")
    return {
        "complete": item.state == "done",
        "missing": list(item.missing),
        "due_before": listed["before"],
        "checked": said(case, "checked", "checked at the chair" in item.what, item.what),
        "blocks_decision": report.verdict != "give",
    }
