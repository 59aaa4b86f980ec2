"""Cases of pure arithmetic: public functions of measures, dose, units and the product's own figures. Decides nothing."""

from __future__ import annotations

from contextlib import redirect_stdout
from decimal import Decimal
from io import StringIO
from pathlib import Path as FilePath
from tempfile import TemporaryDirectory

from pypdf import PdfReader

from posology.answer.dosing import product, rounding
from posology.api import load_edition, order
from posology.cli import main
from posology.dose import (
    Amounts,
    Direction,
    Fill,
    Method,
    Path,
    RoundingPolicy,
    amounts,
    bag,
    cycle_total,
    judge_target,
    underdose_percent,
    vials,
    volume_ml,
    wasted_mg,
)
from posology.fhir import draft
from posology.fhir.text import as_json
from posology.knowledge import KnowledgeError, Site
from posology.measures import Implausible, bsa, qtc
from posology.say.ordering import orders as saying
from posology.say.shape import written
from posology.units import convert, rounded
from posology.verify import Identity, NoOrder
from tests.cases.asking import ask, row_says
from tests.cases.charts import ZONE, Bundle, course, decided, moment, reply
from tests.cases.words import Case, Shown, number, said

SEX = {"F": "female", "M": "male", None: None}


def surface(case: Case) -> Shown:
    given = case["given"]
    try:
        area = bsa(number(given["height_cm"]), number(given["weight_kg"]), given["formula"], SEX[given.get("sex")])
    except Implausible as refused:
        line = str(refused)
        shown = "implausible" in line and "metres entered as centimetres" in line and line.startswith("height")
        return {"error": said(case, "error", shown, line)}
    return {"bsa_m2": area, "bsa_2dp": rounded(area, 2)}


def no_cap(case: Case) -> Shown:
    """Through the whole answer: the weight on record doses, whatever it is."""
    given = case["given"]
    heavy = course("2025-03-03", "C1D1", patient={"height_cm": given["height_cm"], "weight_kg": given["weight_kg"]},
                   visit={"C1D1": {"values": {"weight": given["weight_kg"]}}})  # fmt: skip
    dose = decided(heavy, "2025-03-03T09:00").dose
    assert dose is not None
    exact = bsa(number(given["height_cm"]), number(given["weight_kg"]), given["formula"])
    return {
        "bsa_m2": dose.amounts.bsa_m2,
        "dose_0_8_mg": dose.amounts.exact_mg,
        "capped": dose.amounts.bsa_m2 < exact,
        "weight_used": "actual" if dose.weight_kg == given["weight_kg"] else str(dose.weight_kg),
    }


def _dosed(case: Case) -> Amounts:
    edition = load_edition("us")
    per_m2, area = number(case["given"]["dose_mg_per_m2"]), number(case["given"]["bsa_m2"])
    return amounts(per_m2, area, product(edition), rounding(edition), fill=Fill())


def dose(case: Case) -> Shown:
    """Volume, waste and concentration of the case are those of the calculated dose; vials those of the rounded one."""
    found, made = _dosed(case), product(load_edition("us"))
    of_exact = bag(found.exact_mg, made, Fill())
    alert = found.mixture.alert or ""
    enough = found.vials * made.vial_withdrawable_mg >= found.exact_mg
    drawn = found.exact_mg if enough else found.rounded.mg
    return {
        "dose_mg": found.exact_mg,
        "dose_mg_2dp": found.rounded.mg,
        "rounded_mg": found.rounded.mg,
        "volume_ml_of_0_25": volume_ml(found.exact_mg, made.concentration_mg_per_ml),
        "vials_0_9mg": found.vials,
        "vials_if_1mg_assumed_WRONG": vials(found.rounded.mg, Decimal(1)),
        "wasted_mg": wasted_mg(drawn, found.vials, made.vial_withdrawable_mg),
        "bag50_conc_mg_ml": of_exact.bag_mg_per_ml,
        "bag50_conc_ok": of_exact.path is Path.BAG and found.mixture.path is Path.BAG,
        "action": said(case, "action", found.mixture.path is Path.SYRINGE and "do not use this bag" in alert, alert),
    }


def overfill(case: Case) -> Shown:
    given, made = case["given"], product(load_edition("us"))
    assert given["nominal_ml"] == made.bag_volume_ml
    found = bag(number(given["dose_mg"]), made, Fill(Method.OVERFILLED, number(given["overfill_ml"])))
    line = found.alert or ""
    return {
        "final_volume_ml": found.final_volume_ml,
        "conc_mg_ml_5dp": rounded(number(given["dose_mg"]) / found.final_volume_ml, 5),
        "bag_ok": found.path is Path.BAG,
        "worksheet_states": said(case, "worksheet_states", given["bag_method"] in line and "57 mL" in line, line),
    }


def whole_cycle(case: Case) -> Shown:
    edition, given = load_edition("us"), case["given"]
    doses = [number(each) for each in given["doses_mg_per_m2"]]
    found = cycle_total(doses, number(given["bsa_m2"]), product(edition).vial_withdrawable_mg, rounding(edition))
    return {
        "total_mg_per_m2": found.mg_per_m2,
        "total_mg": found.mg,
        "vials_by_day": list(found.vials_by_day),
        "vials_total": found.vials,
    }


def rounding_target(case: Case) -> Shown:
    """`allow`: what the answer's own rounding does with a raised bilirubin, and the judgement of the proposed amount."""
    given = case["given"]
    policy = RoundingPolicy("case", Decimal(1), Direction.HALF_UP, number(given["limit_percent"]), Decimal("0.01"))
    calculated, target = number(given["calculated_mg"]), number(given["target_mg"])
    raised = given.get("bilirubin_x_uln", 0) > 1
    found = judge_target(calculated, target, policy, never_up=raised)
    ours = load_edition("us").policy.rounding
    unsigned = Site(policy={"rounding": {"step_mg": "0.9", "limit_percent": given["limit_percent"]}})
    return {
        "change_percent": found.percent,
        "within_limit": found.within_limit,
        "vials": vials(target, product(load_edition("us")).vial_withdrawable_mg),
        "requires": said(case, "requires", "author and reason" in refusal(unsigned), ours),
        "allow": found.allowed,
        "reason": said(case, "reason", "up" in found.because and ours["never_up_with_raised_liver_tests"], found.because),
    }


def refusal(site: Site) -> str:
    """The line that refuses a site's override; empty where it is taken."""
    try:
        load_edition("us", site)
    except KnowledgeError as refused:
        return str(refused)
    return ""


def held_dose(case: Case) -> Shown:
    """184 cm and 66.24 kg are 1.84 m²; ALT holds the dose of Day 8."""
    size = {"height_cm": Decimal(184), "weight_kg": Decimal("66.24")}
    body = {"values": {"weight": size["weight_kg"]}}
    held = course("2025-03-03", "C1D8", patient=size, visit={"C1D1": body, "C1D8": {"values": {"alt": 164}}})
    report = decided(held, "2025-03-10T09:00")
    assert report.verdict == case["given"]["verdict"], report.verdict
    estimate = report.not_releasable_estimate
    assert estimate is not None and estimate.amounts.bsa_m2 == case["given"]["bsa_m2"]
    mg = estimate.amounts.rounded.mg
    return {"dose": report.dose, "not_releasable_estimate_mg": mg, "never_on": _never_on(held, "2025-03-10T09:00", mg)}


def _never_on(held: Bundle, at: str, mg: Decimal) -> list[str]:
    """Where the amount does not stand: neither in what is asked for, nor in a file that appears."""
    drawn = order(held, at=moment(at), edition="us", zone=ZONE)
    texts = {
        "label": _printed("preparation", held, at),
        "sheet": saying.words(drawn.sheet, Identity(), "") + written(saying.document(drawn)),
        "FHIR order": as_json(draft.refusal(drawn.sheet)) if isinstance(drawn.sheet, NoOrder) else str(mg),
        "PDF": _printed("order", held, at) + _printed("run-sheet", held, at),
    }
    return [place for place, text in texts.items() if str(mg) not in text]


def _printed(what: str, held: Bundle, at: str) -> str:
    """What `posology print` says, and the text of every document that it writes."""
    with TemporaryDirectory() as folder, redirect_stdout(StringIO()) as said:
        place = FilePath(folder)
        (place / "bundle.json").write_text(as_json(held), "utf-8")
        where = ["--at", at, "--edition", "us", "--zone", str(ZONE), "--out", str(place / "out.pdf")]
        assert main(["print", what, str(place / "bundle.json"), *where]) == 4
        written = [page.extract_text() for file in place.glob("*.pdf") for page in PdfReader(file).pages]
    return said.getvalue() + "".join(written)


def heart(case: Case) -> Shown:
    qt, rate = number(case["given"]["qt_ms"]), number(case["given"]["hr_bpm"])
    found = {formula: qtc(qt, rate, formula) for formula in ("bazett", "fridericia", "framingham", "hodges")}
    assert ask("day_8", qt=qt, heart_rate=rate, qtcf=None).facts.get("qtcf") is None
    return {**found, "rr_s": convert(1 / rate, "min", "s")}


def bilirubin(case: Case) -> Shown:
    found = convert(number(case["given"]["bili_umol_l"]), "umol/L", "mg/dL", "bilirubin")
    return {"bili_mg_dl": rounded(found, 1), "converted_mg_dl_2dp": rounded(found, 2)}


def shared_limit(case: Case) -> Shown:
    """The laboratory reports value and limit in µmol/L; the liver question must not hold the dose."""
    given = case["given"]
    molar = {"system": "http://unitsofmeasure.org", "code": "umol/L", "unit": "umol/L"}
    day_8 = course("2025-03-03", "C1D8", visit={"C1D8": {"without": ["bilirubin"]}})
    result = {
        "resourceType": "Observation", "id": "molar", "status": "final", "subject": {"reference": "Patient/case"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "1975-2"}]},
        "effectiveDateTime": "2025-03-10T07:10:00-04:00",
        "valueQuantity": {"value": number(given["bili_umol_l"]), **molar},
        "referenceRange": [{"high": {"value": number(given["uln_umol_l"]), **molar}}],
    }  # fmt: skip
    report = decided({**day_8, "entry": [*day_8["entry"], {"resource": result}]}, "2025-03-10T09:00")
    return {"above_limit": {"give": False, "interrupt": True}[reply(report, "liver").action]}


def cycle_1_total(case: Case) -> Shown:
    plan = decided(course("2025-03-03", "C1D1"), "2025-03-03T09:00")
    doses = [visit.mg_per_m2 for visit in plan.visits if visit.cycle == 1]
    total = sum((each for each in doses if each is not None), Decimal(0))
    printed = Decimal(case["given"]["statement"].split()[-2])
    claim = load_edition("us").documents["claims"]["K01"]["text"]
    wrong = printed != total and str(printed) in claim and str(total) in claim
    return {
        "verdict": "WRONG" if wrong else "RIGHT",
        "correct_total_mg_per_m2": total,
        "underdose_percent": rounded(underdose_percent(printed, total), 1),
    }


def arsenic(case: Case) -> Shown:
    """465 ms is above 450 and 460 and holds nothing, in either sex."""
    actions = {ask("day_8", sex=sex, qtcf=465).replies["other_toxicity"].action for sex in ("male", "female")}
    claim = load_edition("us").documents["claims"]["K08"]["text"]
    told = "arsenic" in claim and "no limit" in claim and "arsenic" in row_says("other_toxicity", "qtc_grade_2")
    return {"use_as_ino_rule": actions != {"give"}, "reason": said(case, "reason", told, claim)}


def vial(case: Case) -> Shown:
    row = load_edition("us").product["vial"]
    volume = Decimal(row["withdrawable_ml"])
    told = volume == Decimal("3.6") and row["diluent_ml"] == 4 and volume * row["concentration_mg_per_ml"] == Decimal("0.9")
    return {"use_for_vial_count_mg": Decimal(row["withdrawable_mg"]), "reason": said(case, "reason", told, row)}
