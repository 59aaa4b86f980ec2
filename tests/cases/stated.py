"""Cases asked as questions on stated facts. One reviewed function a kind of case; each returns what we say in its words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from posology.api import answer_question, load_edition
from posology.facts import stated as facts_stated
from posology.knowledge import Site
from posology.units import convert
from tests.cases import graded
from tests.cases.asking import Asked, ask, row_says
from tests.cases.figures import refusal
from tests.cases.words import ELIGIBLE, INTENTS, LEVELS, RESPONSES, Case, Shown, acted, number, said

US = load_edition("us")
ULN = {"bilirubin": Decimal("1.2"), "ast": Decimal(40), "alt": Decimal(40), "bilirubin_direct": Decimal("0.3")}


def _main(case: Case, asked: Asked, question: str) -> Shown:
    """The action of the question, which the verdict over all questions must share."""
    reply = asked.replies[question]
    agreed = reply.action if asked.verdict == reply.action else f"{reply.action}, but the verdict is {asked.verdict}"
    return {"action": acted(case, agreed), "could_be": reply.could_be}


# --- response -------------------------------------------------------------------------------------------------------
def response_rows(given: dict[str, Any]) -> str:
    """The response that marrow, blood and counts show, by the published criteria."""
    facts = {
        "marrow_blasts": given["bm_blasts_pct"],
        "peripheral_blasts": given["pb_blasts_pct"],
        "extramedullary_resolved": given["emd_resolved"],
        "anc": given["anc"],
        "platelets": given["plt"],
    }
    known = {k: v if isinstance(v, bool) else number(v) for k, v in facts.items() if v is not None}
    reply = answer_question("response", known, edition="us")
    words = {"complete_remission": "CR", "incomplete_recovery": "CRi", "no_remission": "no_CR"}
    holding = [words[finding.row] for finding in reply.findings if finding.state == "holds"]
    return holding[0] if reply.action == "give" and len(holding) == 1 else "not_assessable"


def response(case: Case) -> Shown:
    return {"status": response_rows(case["given"])}


# --- regimen and course limits --------------------------------------------------------------------------------------
def limits(case: Case) -> Shown:
    given = case["given"]
    done, answer = given["cycles_completed"], RESPONSES[given["response"]]
    asked = ask(
        "day_1",
        cycle=done + 1,
        cycles_counted=done,
        cycles_without_remission=done if answer == "none" else 0,
        response=answer,
        transplant_intent=INTENTS.get(given.get("intent"), "not_proceeding"),
        mrd_negative={"negative": True, "positive": False, None: None}[given.get("mrd")],
        third_cycle_before_transplant=None,
    )
    return _main(case, asked, "course_limits")


# --- blood counts ---------------------------------------------------------------------------------------------------
COUNTS = {
    "anc": "anc",
    "plt": "platelets",
    "baseline_anc": "anc_before_treatment",
    "baseline_plt": "platelets_before_treatment",
    "prior_cycle_baseline_anc": "anc_prior_cycle",
    "prior_cycle_baseline_plt": "platelets_prior_cycle",
    "attributed_to": "cytopenia_attribution",
    "days_interrupted": "days_interrupted",
    "days_low": "days_low",
    "cycle": "cycle",
}
MARROW = {"improved": True, "stable": True, "progressing": False, None: None}


def _counts(given: dict[str, Any]) -> Shown:
    facts = {ours: given[theirs] for theirs, ours in COUNTS.items() if theirs in given}
    facts = {name: number(value) if isinstance(value, int) else value for name, value in facts.items()}
    facts |= {"stable_or_improved_disease": MARROW[given["marrow"]]} if "marrow" in given else {}
    if "days_interrupted" in given:  # the notes: recovery is not yet documented, the fall is the drug's
        low = given.get("days_low", given["days_interrupted"])
        facts |= {"anc": Decimal("0.7"), "days_low": low, "days_interrupted_at_least": given["days_interrupted"]}
        facts |= {"interruption_for_counts": True, "cytopenia_attribution": "drug" if given["suspected_related"] else None}
    return facts


BASES = {(1, 1): "first_dose", (1, 8): "day_8"}


def counts(case: Case) -> Shown:
    given = case["given"]
    within = given.get("day", 1) != 1
    base = "day_8" if within else BASES.get((given.get("cycle", 2), given.get("day", 1)), "day_1")
    facts = _counts(given)
    asked = ask(base, **facts)
    reply = asked.replies["cycle_start_counts"]
    until = [line for finding in reply.findings for line in finding.would_change]
    spoken = row_says("cycle_start_counts", "normal_before")
    never = "never held for counts" in spoken if within else "cycle 1 has no limit" in spoken
    return {
        **_held_for_long(case, asked),
        "until": said(case, "until", any("neutrophil count at least 1 ×10⁹/L" in line for line in until), until),
        "reason": said(case, "reason", never and not reply.findings, spoken),
        "met": said(case, "met", _met(base, facts), facts),
        "ask": said(case, "ask", bool(asked.asks("cycle_start_counts", "stop_decided")), reply.missing),
    }


def _held_for_long(case: Case, asked: Asked) -> Shown:
    """28 days to the day: the hold goes on, and stopping is no answer of this question."""
    found = _main(case, asked, "cycle_start_counts")
    if "not yet >28" in str(case["expect"]["action"]) and found["could_be"] != "interrupt":
        return {**found, "action": f"could be {found['could_be']}"}
    return found


def _met(base: str, facts: Shown) -> bool:
    """Own row for platelets, way (a) for the ANC: each counterfactual changes the answer, the other way round none."""

    def action(**other: Any) -> str:
        return ask(base, **{**facts, **other}).replies["cycle_start_counts"].action

    return (
        action(platelets=49) != "give"
        and action(anc_prior_cycle=Decimal("0.6")) == "interrupt"
        and action(platelets_prior_cycle=100) == "give"
    )


# --- liver and other toxicity ---------------------------------------------------------------------------------------
def chemistry(given: dict[str, Any]) -> Shown:
    """Multiples of the upper limit as values with their limit."""
    names = {"bili_x_uln": "bilirubin", "ast_x_uln": "ast", "alt_x_uln": "alt"}
    return {ours: given[theirs] * ULN[ours] for theirs, ours in names.items() if theirs in given}


def liver(case: Case) -> Shown:
    given = case["given"]
    held = given.get("held_days", 0)
    asked = ask("day_8", **chemistry(given), days_interrupted=held, days_interrupted_at_least=held, toxicity_recovered=None)
    spoken = row_says("liver", "liver_chemistry")
    rule = asked.holds("liver_chemistry") and "both must be back" in spoken and "recovery needs both" in spoken
    reason = asked.holds("no_recovery") and "Either value failing to recover" in row_says("liver", "no_recovery")
    return {
        **_main(case, asked, "liver"),
        "rule": said(case, "rule", rule, spoken),
        "reason": said(case, "reason", reason, asked.replies["liver"].findings),
    }


JUDGED = {"yes": True, "no": False}


def severe_liver(case: Case) -> Shown:
    given = case["given"]
    judged = given["severe_liver_toxicity_judgement"]
    asked = ask(
        "day_8",
        **chemistry(given),
        severe_liver_toxicity=JUDGED[judged["answer"]] if judged and judged["signed"] else None,
        **({"vod_status": given["vod"]} if "vod" in given else {}),
    )
    question = asked.asks("severe_liver_toxicity", "severe_liver_toxicity")
    phrase = str(case["expect"].get("ask", ""))
    return {
        **_main(case, asked, "severe_liver_toxicity"),
        "ctcae_v3_grade": graded.transaminases(case)["ctcae_v3_grade"] if "ast_x_uln" in given else None,
        "ask": said(case, "ask", bool(question) and question.startswith(phrase), question),
    }


def vod(case: Case) -> Shown:
    status = case["given"]["vod"]
    asked = ask("day_8", vod_status=status)
    return {**_main(case, asked, "vod"), "vod_status": asked.evidence("vod_status")}


KINDS = {"nausea": "organ", "glucose raised": "laboratory", "lipase raised": "organ"}


def toxicity(case: Case) -> Shown:
    """The v3 grade is what a reader grades, as stated or by the figures; which kind an event is, is reviewed in KINDS."""
    given = case["given"]
    by_figures = graded.times_uln("lipase", given["x_uln"])["v3"] if given["event"] == "lipase raised" else None
    grade = given.get("grade") or given.get("ctcae_v3_grade") or by_figures
    kind = KINDS[given["event"]]
    asked = ask("day_8", toxicity_grade=grade, toxicity_kind=kind, toxicity_attribution=given.get("attribution"))
    request = asked.asks("other_toxicity", "toxicity_attribution")
    spoken = row_says("other_toxicity", "grade_2_or_more")
    until = asked.holds("grade_2_or_more") and "until grade 1 or the grade from before treatment" in spoken
    return {
        **_main(case, asked, "other_toxicity"),
        "ctcae_v3_grade": by_figures,
        "until": said(case, "until", until, spoken),
        "ask": said(case, "ask", request.startswith("sign the cause"), request),
    }


def reaction(case: Case) -> Shown:
    grade = case["given"]["grade"]
    return _main(case, ask("day_8", infusion_reaction_grade=grade), "infusion_reaction")


def heart(case: Case) -> Shown:
    """`flag_delta60`: the change alone, whatever the QTcF itself, reaches the row."""
    given = case["given"]
    asked = ask("day_8", qtcf=given["current_qtcf"], qtcf_baseline=given["baseline_qtcf"])
    delta = change(given)
    alone = ask("day_8", qtcf=None, qtcf_change=delta)
    assert asked.verdict == asked.replies["other_toxicity"].action
    return {
        "delta": delta,
        **graded.qtc(case),
        "flag_delta60": alone.verdict == "interrupt" and alone.holds("qtc_grade_2"),
        "generic_row": {"give": "not reached"}.get(asked.verdict, asked.verdict),
    }


def change(given: dict[str, Any]) -> Decimal:
    """The derived fact itself."""
    found = facts_stated({"qtcf": number(given["current_qtcf"]), "qtcf_baseline": number(given["baseline_qtcf"])}, US)
    value = found["qtcf_change"].value
    assert isinstance(value, Decimal)
    return value


# --- interruption ---------------------------------------------------------------------------------------------------
def interruption(case: Case) -> Shown:
    """`interruption_now` on Day 8, `level_next_cycle` at the start that follows."""
    days = number(case["given"]["days"])
    recovered = case["given"].get("toxicity_recovered")
    said_days = {"days_interrupted": days, "days_interrupted_at_least": days, "recovery_date_confirmed": True}
    now = ask("day_8", **said_days, toxicity_recovered=recovered)
    next_ = ask("day_1", **said_days, toxicity_recovered=recovered)
    resumed = ask("day_1", **said_days, toxicity_recovered=recovered, stop_decided=False)
    dropped = now.replies["interruption_now"].action
    if now.holds("omit_due_dose", "omit_remaining_doses"):
        dropped = "omit_due_dose and remaining doses of the running cycle"
    level = "-25 %" if next_.holds("reduce_25") else "unchanged"
    return {
        "action": said(case, "action", _table_action(case, now, next_), (now.verdict, next_.verdict)),
        "interruption_now": acted(case, dropped, "interruption_now"),
        "min_gap_days": US.regimen.min_days,
        "level_next_cycle": level,
        "level_next_cycle_if_resumed": "-25 %" if resumed.holds("reduce_25") else "unchanged",
        "reduce": level != "unchanged",
        "permanent": next_.could_be == "discontinue",
    }


def _table_action(case: Case, now: Asked, next_: Asked) -> bool:
    """What each phrase of the table means for the two questions."""
    level = next_.replies["level_next_cycle"]
    return {
        "delay next dose": now.verdict == "wait" and now.holds("delay"),
        "omit the dose that was due when the hold began": now.verdict == "omit" and not now.found("omit_remaining_doses"),
        "after adequate recovery reduce total dose 25 percent in the next cycle": level.action == "give_with_review"
        and next_.holds("reduce_25"),
        "14-day rule": next_.verdict == "give_with_review" and next_.holds("reduce_25"),
        "consider permanent discontinuation; require prescriber decision": next_.verdict == "ask"
        and level.could_be == "discontinue"
        and bool(next_.asks("level_next_cycle", "stop_decided")),
    }[case["expect"]["action"]]


def raised_again(case: Case) -> Shown:
    given = case["given"]
    in_force = ("full", "reduced_25", "two_doses")[given["previous_reductions"]]
    wanted = {"full dose": "full"}[given["request"]]
    asked = ask("day_1", level=in_force, level_decided=wanted, level_raised=wanted != in_force)
    told = asked.holds("raised_again") and "not raised again" in row_says("level_next_cycle", "raised_again")
    return {**_main(case, asked, "level_next_cycle"), "reason": said(case, "reason", told, LEVELS[in_force])}


# --- eligibility, first dose, route ---------------------------------------------------------------------------------
def eligibility(case: Case) -> Shown:
    """The label's population; the whole verdict must agree, and every case is a first dose."""
    given = case["given"]
    cd22 = {"cd22_percent": given["cd22_pct"], "cd22_positive": None}
    cns = {"cns_status": given["cns_status"]} if "cns_status" in given else {}
    ph = {"ph_positive": given["ph"]} if "ph" in given else {}
    label = {"edition": given["region"].lower(), "relapsed_or_refractory": given["rr"], "b_all": given["dx"] == "B-ALL"}
    asked = ask("first_dose", age_years=number(given["age"]), **label, **cd22, **cns, **ph, **_tki(given))
    action = asked.replies["eligibility"].action
    question = "first_dose_readiness" if cns else "eligibility"
    asks = asked.asks("first_dose_readiness", "cns_status")
    spoken = next((row_says("eligibility", row, asked.edition) for row in POPULATION if asked.holds(row)), "")
    return {
        **_main(case, asked, question),
        "eligible": ELIGIBLE[action],
        "reason": said(case, "reason", REASONS.get(case["expect"].get("reason", ""), "?") in spoken, spoken),
        "ask": said(case, "ask", "CNS status" in asks, asks),
    }


POPULATION = ("infant", "child", "ph_without_tki")
REASONS = {
    "<1 year": "from 1 year",
    "EU: adults only": "For adults only",
    "needs >=1 failed TKI": "at least 1 tyrosine kinase inhibitor must have failed",
}


def _tki(given: dict[str, Any]) -> dict[str, Any]:
    return {"tki_failures": number(given["tki_failures"])} if "tki_failures" in given else {}


def blasts(case: Case) -> Shown:
    count = convert(number(case["given"]["pb_blasts_per_mm3"]), "/mm3", "10*9/L")
    asked = ask("first_dose", peripheral_blasts=count)
    spoken = row_says("first_dose_readiness", "high_blasts")
    named = all(word in spoken for word in ("hydroxyurea", "steroids", "vincristine"))
    found = _main(case, asked, "first_dose_readiness")
    proceed = {"give": True}.get(found["action"], False)
    return {"proceed": proceed, "action": found["action"] if named else spoken}


def route(case: Case) -> Shown:
    asked = ask("day_8", route=case["given"]["route"])
    hard = refusal_of_route()
    refused = asked.verdict == asked.replies["route"].action == "not_eligible"
    return {"allowed": not refused, "severity": "hard stop" if hard else "soft", "override": not hard}


def refusal_of_route() -> bool:
    return "hard" in refusal(Site(policy={"route": {"author": "a", "reason": "b"}}))


def hepatitis(case: Case) -> Shown:
    given = case["given"]
    asked = ask("first_dose", hbv_positive=given["anti_hbc"] == "positive", antiviral_plan=given["antiviral_plan"])
    spoken = row_says("first_dose_readiness", "hepatitis_b")
    request = asked.asks("first_dose_readiness", "antiviral_plan")
    return {
        **_main(case, asked, "first_dose_readiness"),
        "ask": said(case, "ask", "antiviral plan" in request, request),
        "printed_as": said(case, "printed_as", spoken.startswith("Practice, not label"), spoken),
    }
