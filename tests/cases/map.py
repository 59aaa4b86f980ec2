"""The reviewed map: which function answers which worked case. What is not covered yet stands in not_yet.toml."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.cases import aftercare, bedside, commanded, courses, figures, graded, published, simulated, stated
from tests.cases.words import Case, Shown

Runner = Callable[[Case], Shown]

BY_AREA: Mapping[str, Runner] = {
    "bsa": figures.surface,
    "dose": figures.dose,
    "dose_rounding": figures.rounding_target,
    "response": stated.response,
    "hematologic": stated.counts,
    "nonhematologic": stated.liver,
    "interruption": stated.interruption,
    "eligibility": stated.eligibility,
    "cytoreduction": stated.blasts,
    "premed": bedside.premedicated,
    "qtc": stated.heart,
    "units": figures.bilirubin,
    "monitoring": bedside.available,
    "stability": commanded.clocks,
    "reproductive": aftercare.protected,
    "vod_dx": published.diagnosis,
    "vod_severity": published.adult_severity,
    "tls": published.tumour_lysis,
    "ctcae": graded.graded,
}

BY_ID: Mapping[str, tuple[Runner, ...]] = {
    "BSA-no-cap": (figures.no_cap,),
    "CYCLE-1-total": (figures.whole_cycle,),
    "CONFLICT-cycle1-total": (figures.cycle_1_total,),
    "CONFLICT-vial": (figures.vial,),
    "QT-arsenic-threshold-trap": (figures.arsenic,),
    "QT-100": (figures.heart,),
    "REWEIGH-gain-is-vod-sign": (courses.gained_weight,),
    "DOSE-not-releasable": (figures.held_dose,),
    "DOSE-bag-overfill": (figures.overfill,),
    "SCHED-C1": (courses.first_cycle,),
    "SCHED-C1-extended": (courses.extended_cycle,),
    "INTERVAL-5-days": (courses.interval,),
    "INTERVAL-6-days": (courses.interval,),
    "INTERVAL-late-D8": (courses.interval,),
    "SCHED-toxicity-shift": (courses.toxicity_shift,),
    "SCHED-infusion": (commanded.infusion,),
    "PREP-diluent": (commanded.diluent,),
    "IRR-resume-inside": (commanded.resumed,),
    "ROUTE-intrathecal": (stated.route,),
    "RESP-no-marrow": (courses.response_on_day_1,),
    "RESP-marrow-too-early": (courses.response_on_day_1,),
    "RESP-conflicting": (courses.response_on_day_1,),
    "MRD-neg": (courses.mrd,),
    "MRD-boundary": (courses.mrd,),
    "REG-C1": (courses.regimen,),
    "REG-C2-CR": (courses.regimen,),
    "REG-C2-noCR": (courses.regimen,),
    "REG-stop-3": (stated.limits,),
    "REG-HSCT-2": (stated.limits,),
    "REG-HSCT-4": (stated.limits,),
    "REG-relapse-after-CR": (courses.relapse,),
    "REG-truncated-counts": (courses.truncated,),
    "HEM-delay14-drug": (courses.delayed_cycle,),
    "HEM-delay14-unattributed": (courses.delayed_cycle,),
    "LFT-gilbert": (bedside.exempted,),
    "LFT-gilbert-no-judgement": (bedside.exempted,),
    "LFT-gilbert-direct-missing": (bedside.exempted,),
    "LFT-gilbert-ast-high": (bedside.exempted,),
    "LFT-haemolysis-boundary": (bedside.exempted,),
    "LFT-transaminase-only": (stated.liver, graded.transaminases),
    "LFT-pretreatment-no-release": (bedside.before_treatment,),
    "SLT-grade3": (stated.severe_liver,),
    "SLT-alt-with-bilirubin": (stated.severe_liver,),
    "SLT-judged-yes": (stated.severe_liver,),
    "VOD-any": (stated.vod,),
    "IRR-severe": (stated.reaction,),
    "NH-grade2": (stated.toxicity,),
    "NH-lab-isolated": (stated.toxicity,),
    "NH-lipase-organ": (stated.toxicity,),
    "NH-grade-version": (bedside.graded_by_another_version,),
    "INT-14d": (stated.interruption, courses.reduced_cycle),
    "INT-no-reescalate": (stated.raised_again,),
    "INT-two-doses-1.8": (courses.reduced_cycle,),
    "INT-7d-dates": (courses.held_dose,),
    "INT-recovery-gap": (courses.held_dose,),
    "UNIT-x-uln-shared": (figures.shared_limit,),
    "UNIT-uln-missing": (bedside.without_limit,),
    "MON-no-hsct-weekly": (aftercare.weekly,),
    "MON-stale-reassuring": (bedside.stale,),
    "VOD-9-no-hsct": (published.without_transplant,),
    "SEV-ped-starred": (published.child_severity,),
    "UNIT-bili-34": (figures.bilirubin, published.reported_unit),
    "PRE-hbv-positive": (stated.hepatitis,),
    "PK-CL-ALL": (simulated.parameters,),
    "PK-AUC-C4-1.8": (simulated.four_cycles,),
}


def runners(case: Case) -> tuple[Runner, ...]:
    """The functions that answer a case, none where no area of this map covers it. Two of them must agree."""
    return BY_ID.get(case["id"]) or tuple(filter(None, [BY_AREA.get(case["area"])]))


def shown(case: Case) -> list[Shown]:
    """What each function says of the case, in the case's keys."""
    return [run(case) for run in runners(case)]
