"""The exposure preview in words and JSON: always beside the course as the label lays it out, always marked as research."""

from __future__ import annotations

import json

from posology.exposure import Preview, Scenario
from posology.units import normalise

NOTICE = "Research view: a typical patient of a published model. It is no advice and feeds no decision."


def shape(view: Preview) -> dict[str, object]:
    """The preview as JSON values, numbers as text."""
    model = view.model
    return {
        "notice": NOTICE,
        "model": model.id,
        "population": model.population,
        "reading": model.reading,
        "cites": {"source": model.cites.source, "section": model.cites.section, "row": model.cites.row},
        "seen": model.seen,
        "confidence": model.confidence,
        "bsa_m2": normalise(view.bsa_m2),
        "parameters": {name: normalise(value) for name, value in view.parameters.items()},
        "cycles": [
            {
                "cycle": one.cycle,
                "auc_ng_h_per_ml": normalise(one.auc),
                "cmax_ng_per_ml": normalise(one.cmax),
                "changed_auc_ng_h_per_ml": normalise(one.changed_auc),
                "changed_cmax_ng_per_ml": normalise(one.changed_cmax),
                "changed_auc_percent": None if one.percent is None else normalise(one.percent),
            }
            for one in view.cycles
        ],
    }


def written(view: Preview) -> str:
    return json.dumps(shape(view), ensure_ascii=False, indent=2)


def words(view: Preview) -> str:
    """The preview for a terminal."""
    model, of = view.model, {name: f"{value:.4g}" for name, value in view.parameters.items()}
    lines = [
        NOTICE,
        "",
        f"{model.title} ({model.id}): {model.population}",
        f"BSA {normalise(view.bsa_m2)} m² · CL1 {of['cl1_l_per_h']} L/h · CL2 {of['cl2_l_per_h']} L/h, falling at"
        f" {of['kdes_per_h']}/h · V1 {of['v1_l']} L · Q {of['q_l_per_h']} L/h · V2 {of['v2_l']} L · terminal half-life"
        f" {of['half_life_days']} d",
        f"[{model.cites.source} {model.cites.section}]",
        "",
        f"{'':5}  {'as the label':>24}   {'changed':>24}",
        f"{'Cycle':>5}  {'AUC ng·h/mL':>12}  {'Cmax ng/mL':>10}   {'AUC ng·h/mL':>12}  {'Cmax ng/mL':>10}  {'AUC':>8}",
    ]
    for one in view.cycles:
        percent = "–" if one.percent is None else f"{one.percent:+.1f} %"
        lines.append(
            f"{one.cycle:>5}  {one.auc:>12,.0f}  {one.cmax:>10,.0f}   {one.changed_auc:>12,.0f}  {one.changed_cmax:>10,.0f}"
            f"  {percent:>8}"
        )
    return "\n".join([*lines, "", f"Changed: {_changes(view.changed)}.", f"Read as: {model.reading}"])


def _changes(changed: Scenario) -> str:
    said = [f"dose {dose} of cycle {cycle} {days} days late" for (cycle, dose), days in changed.late.items()]
    said += [f"dose {dose} of cycle {cycle} left out" for cycle, dose in sorted(changed.omitted)]
    said += [f"level {changed.level.replace('_', ' ')}"] if changed.level != "full" else []
    return "; ".join(said) or "nothing (add --late, --omit or --level)"
