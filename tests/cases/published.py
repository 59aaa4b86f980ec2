"""Cases of published criteria: sets, scales and tumour lysis, through `answer_question` and the panels. Expects nothing."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from posology.api import answer_question, vod
from posology.criteria import Graded, Standing, View
from posology.language import Value
from posology.say.panels import panel
from tests.cases import charts
from tests.cases.charts import course, decided, observed, reply, with_
from tests.cases.words import Case, Shown, number, said

STATES = {"met": True, "not_met": False, "could_be_met": "undecided", "not_applicable": "not_applicable"}
SETS = {"seattle": "modified_seattle", "baltimore": "baltimore", "ebmt_ped2018": "ebmt_2018_paediatric"}
ULN = Decimal(40)


def of_set(name: str, facts: dict[str, Value]) -> Standing:
    found = answer_question(name, facts, edition="us")
    assert isinstance(found, Standing)
    return found


def of_scale(name: str, facts: dict[str, Value]) -> Graded:
    found = answer_question(name, facts, edition="us")
    assert isinstance(found, Graded)
    return found


# --- diagnosis ------------------------------------------------------------------------------------------------------
SIGNS = {
    "day_post_hsct": "days_since_transplant",
    "days_since_last_ino": "days_since_last_dose",
    "bili_mg_dl": "bilirubin",
    "painful_hepatomegaly": "painful_hepatomegaly",
    "weight_gain_pct": "weight_change_percent",
    "ascites": "ascites",
    "age": "age_years",
    "refractory_thrombocytopenia": "platelet_refractory",
    "vod_status": "vod_status",
}


def signs(given: dict[str, Any]) -> dict[str, Value]:
    """The picture in our facts. A day after transplant of null says that there was no transplant: VOD-9's id does."""
    found = {SIGNS[key]: exact(value) for key, value in given.items() if key in SIGNS and value is not None}
    if "day_post_hsct" in given and given["day_post_hsct"] is None:
        found["transplanted"] = False
    if given.get("after_first_ino_dose"):
        found["first_dose_ever"] = False
    return found


def exact(value: Any) -> Any:
    return number(value) if isinstance(value, int) and not isinstance(value, bool) else value


def diagnosis(case: Case) -> Shown:
    facts = signs(case["given"])
    standings = {name: of_set(name, facts) for name in _names()}
    met = [name for name, one in standings.items() if one.state == "met"]
    spoken = "\n".join(panel.one_set(one) for one in standings.values()).lower()
    never = str(case["expect"].get("never_says", "no VOD")).lower()
    return {
        **{key: STATES[standings[name].state] for key, name in SETS.items()},
        "ebmt2016": next((word for word in ("classical", "late") if f"ebmt_2016_{word}" in met), None),
        "ebmt2023": next((word for word in ("proven", "clinical", "probable") if f"ebmt_2023_{word}" in met), None),
        "could_be": next((one.could_be for one in standings.values() if one.could_be), None),
        "never_says": said(case, "never_says", never not in spoken and "absent" not in spoken, spoken),
    }


def _names() -> list[str]:
    from posology.knowledge.criteria import panels

    return list(panels()["vod"].sets)


def without_transplant(case: Case) -> Shown:
    """Through a record: the last dose so many days ago, no transplant, the signs of today; nobody has signed anything."""
    given, first = case["given"], date(2025, 3, 3)
    day = (first + timedelta(days=14 + given["days_since_last_ino"])).isoformat()
    bundle = with_(
        course(first.isoformat(), "C1D20", visit={"C1D15": {"review": {}}}),
        observed("transplant", False, f"{day}T08:00"),
        observed("painful-hepatomegaly", given["painful_hepatomegaly"], f"{day}T08:00"),
        observed("ascites", given["ascites"], f"{day}T08:00"),
        observed("bilirubin", {"value": given["bili_mg_dl"], "unit": "mg/dL"}, f"{day}T08:00"),
    )
    found = vod(bundle, at=charts.moment(f"{day}T09:00"), edition="us", zone=charts.ZONE)
    by_id = {one.id: one for one in found.sets}
    patterns = [one.id for one in found.sets if one.state == "met" and one.pattern]
    report = decided(bundle, f"{day}T09:00")
    advice = " ".join(found.advice)
    stops = (
        reply(report, "vod").action == "interrupt" and "no further dose" in advice and "for good once confirmed" in advice
    )
    calls = "call hepatology or the transplant team urgently" in advice
    return {
        **{key: STATES[by_id[name].state] for key, name in SETS.items()},
        "ebmt2023_pattern": "clinical" if "ebmt_2023_clinical" in patterns else patterns,
        "ino_window_56d": {"holds": True, "fails": False}.get(signal(found, "within_56_days")),
        "action": said(case, "action", stops and calls and report.could_be == "discontinue", advice),
        "vod_status": said(case, "vod_status", "suspected until somebody signs" in advice, advice),
        "could_be": found.could_be,
    }


def signal(found: View, name: str) -> str:
    return next(one.state for one in found.signals if one.id == name)


# --- severity -------------------------------------------------------------------------------------------------------
def adult_severity(case: Case) -> Shown:
    given = case["given"]
    enzymes = number(given["transaminases_x"]) * ULN
    found = of_scale("ebmt_2016_severity", {
        "days_since_first_vod_symptom": number(given["days_since_first_symptom"]),
        "bilirubin": number(given["bili"]), "bilirubin_doubled_48h": given["doubling_48h"],
        "ast": enzymes, "alt": enzymes, "ast_uln": ULN, "alt_uln": ULN,
        "weight_change_percent": number(given["weight_pct"]),
        "creatinine": number(given["creat_ratio"]), "creatinine_baseline": Decimal(1),
        "vod_risk_factors": number(given["risk_factors"]), "multi_organ_dysfunction": given["mod"],
    })  # fmt: skip
    severe = [part.title for part in found.criteria if part.at_least == "severe"]
    return {"grade": found.at_least if found.settled else None, "severe_criteria": severe}


def child_severity(case: Case) -> Shown:
    given = case["given"]
    found = of_scale("ebmt_2018_paediatric_severity", {
        "age_years": number(given["age"]), "alt": number(given["alt_x"]) * ULN, "alt_uln": ULN,
        "bilirubin": number(given["bili"]), "platelet_refractory_days": number(given["refractory_thrombocytopenia_days"]),
        "ascites_grade": given["ascites"], "gfr": number(given["gfr"]),
    })  # fmt: skip
    return {"grade": found.at_least if found.settled else None, "starred_met": list(found.starred_met)}


# --- tumour lysis and units -----------------------------------------------------------------------------------------
LABS = {"uric_mg_dl": "uric_acid", "k": "potassium", "phos_mg_dl": "phosphate", "ca_mg_dl": "calcium"}


def tumour_lysis(case: Case) -> Shown:
    """The case asks nothing about a change: each baseline is the value itself."""
    given = case["given"]
    assert given["adult"] is True
    facts: dict[str, Value] = {"age_years": Decimal(40), "days_from_cycle_start": number(given["day"])}
    for theirs, ours in LABS.items():
        facts |= {ours: number(given[theirs]), f"{ours}_baseline": number(given[theirs])}
    found = of_set("cairo_bishop_laboratory", facts)
    return {"lab_tls": STATES[found.state], "count": found.holds}


def reported_unit(case: Case) -> Shown:
    """The laboratory reports µmol/L; the criterion of the sets is judged on the record."""
    assert case["given"]["criterion"] == ">=2 mg/dL | >=34 umol/L"
    value = {"value": number(case["given"]["bili_umol_l"]), "unit": "umol/L"}
    day_8 = course("2025-03-03", "C1D8", visit={"C1D8": {"without": ["bilirubin"]}})
    bundle = with_(day_8, observed("bilirubin", value, "2025-03-10T08:00"))
    found = vod(bundle, at=charts.moment("2025-03-10T09:00"), edition="us", zone=charts.ZONE)
    items = {item.state for one in found.sets for item in one.items if item.id == "bilirubin_from_2"}
    return {"met": items == {"holds"}}
