"""Cases of the research view. A figure is the case's own where ours lies within the tolerance its sheet states."""

from __future__ import annotations

from decimal import Decimal

from posology.exposure import Scenario, exposed, infusions, model, person
from posology.knowledge import load_edition
from tests.cases.words import Case, Shown

ONE_PERCENT = 0.01
FOUR_DIGITS = 0.0005


def _within(case: Case, key: str, found: float, tolerance: float) -> Decimal:
    wanted = Decimal(case["expect"][key])
    return wanted if abs(found - float(wanted)) <= tolerance * float(wanted) else Decimal(repr(found))


def parameters(case: Case) -> Shown:
    given = case["given"]
    assert given["all"] and not given["rituximab"] and given["model"] == "Garrett2019"
    one = person(model("garrett_2019"), {"bsa_m2": float(given["bsa"]), "blasts_percent": float(given["blasts_pct"])})
    found = {
        "CL1_L_h": one.cl1, "CL2_L_h": one.cl2, "V1_L": one.v1, "kdes_per_h": one.kdes, "Q_L_h": one.q, "V2_L": one.v2,
        "beta_half_life_days": one.half_life_days(),
    }  # fmt: skip
    return {key: _within(case, key, value, FOUR_DIGITS) for key, value in found.items()}


def four_cycles(case: Case) -> Shown:
    bsa = float(case["given"]["bsa"])
    cycles = exposed(person(model("garrett_2019"), {"bsa_m2": bsa}), *infusions(Scenario(4), bsa, load_edition("us")))
    first, last = cycles[0], cycles[3]
    found = {
        "AUC_cycle1_ng_h_ml": first.auc, "AUC_cycle4_ng_h_ml": last.auc, "Cmax_cycle4_ng_ml": last.cmax,
        "accumulation_C4_over_C1": last.auc / first.auc,
    }  # fmt: skip
    return {key: _within(case, key, value, ONE_PERCENT) for key, value in found.items()}
