"""The public answer as the JSON of the contract: decimals as strings with their digits, every key always present."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from posology.answer import DoseFigures, Evidence, Found, Missing, Reply, Report
from posology.knowledge import Cites
from posology.plan import Due, Visit, Window
from posology.record import Note
from posology.units import normalise

if TYPE_CHECKING:
    from posology.answer.advice import Advice
    from posology.knowledge import Line

Json = dict[str, Any]


def scalar(value: Any) -> Any:
    """Decimals and dates as text; everything else as it is."""
    if isinstance(value, Decimal):
        return normalise(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value


def written(shape: Json) -> str:
    """JSON text as the command line prints it."""
    return json.dumps(shape, ensure_ascii=False, indent=2)


def report(answer: Report) -> Json:
    """`decide --json`."""
    return {
        **heading(answer),
        "decision_point": {name: scalar(getattr(answer.decision_point, name)) for name in POINT},
        "verdict": answer.verdict,
        "could_be": answer.could_be,
        "answers": {item.question: reply(item) for item in answer.answers},
        "dose": dose(answer.dose),
        "not_releasable_estimate": dose(answer.not_releasable_estimate),
        "earliest": {"date": scalar(answer.earliest.date), "because": answer.earliest.because},
        "due": [due(item) for item in answer.due],
        "reproductive": [window(item) for item in answer.reproductive],
        "next": {"if_given": answer.next.if_given, "if_not": answer.next.if_not},
        "warnings": [note(item) for item in answer.warnings],
        "changes": [
            {"fact": item.fact, "condition": item.condition, "verdict_then": item.verdict_then} for item in answer.changes
        ],
        "disputed": [{"claim": item.claim, "text": item.text} for item in answer.disputed],
    }


POINT = ("cycle", "dose", "day", "planned_on", "earliest_on")


def heading(answer: Report | Advice) -> Json:
    """What every answer begins with."""
    return {
        "version": answer.version,
        "knowledge": answer.knowledge,
        "edition": answer.edition,
        "zone": answer.zone,
        "at": answer.at.isoformat(),
        "patient": answer.patient,
    }


def plan(answer: Report) -> Json:
    """`plan --json`."""
    return {
        **heading(answer),
        "verdict": answer.verdict,
        "could_be": answer.could_be,
        "earliest": {"date": scalar(answer.earliest.date), "because": answer.earliest.because},
        "visits": [visit(item) for item in answer.visits],
        "would_be_omitted": list(answer.omitted),
        "due": [due(item) for item in answer.due],
        "reproductive": [window(item) for item in answer.reproductive],
        "next": {"if_given": answer.next.if_given, "if_not": answer.next.if_not},
        "warnings": [note(item) for item in answer.warnings],
    }


def reply(item: Reply) -> Json:
    """One answered question."""
    return {
        "action": item.action,
        "could_be": item.could_be,
        "findings": [found(finding) for finding in item.findings],
        "missing": [missing(lack) for lack in item.missing],
    }


def found(item: Found) -> Json:
    return {
        "row": item.row,
        "state": item.state,
        "then": item.then,
        "cites": cites(item.cites),
        "seen": item.seen,
        "confidence": item.confidence,
        "states": item.states,
        "reading": item.reading or None,
        "because": [evidence(part) for part in item.because],
        "would_change": list(item.would_change),
    }


def cites(item: Cites) -> Json:
    return {"source": item.source, "section": item.section, "row": item.row or None}


def evidence(item: Evidence) -> Json:
    return {
        "fact": item.fact,
        "value": scalar(item.value),
        "unit": item.unit,
        "when": scalar(item.when),
        "from": item.origin or None,
        "reported": item.reported or None,
        "stale": item.stale,
    }


def missing(item: Missing) -> Json:
    return {"fact": item.fact, "why": item.why, "ask": item.ask}


def note(item: Note) -> Json:
    return {"code": item.code, "text": item.text, "resource": item.resource}


def due(item: Due) -> Json:
    return {
        "id": item.id,
        "what": item.what,
        "why": item.why or None,
        "phase": item.phase,
        "by": item.by.isoformat(),
        "state": item.state,
        "because": item.because,
        "missing": list(item.missing),
        "since_days": item.since_days,
        "day": item.day,
        "until": scalar(item.until),
        "panel": item.panel or None,
        "basis": item.basis,
        **cited(item),
    }


def window(item: Window) -> Json:
    """One protection after the last dose."""
    return {
        "id": item.id,
        "what": item.what,
        "until": item.until.isoformat(),
        "over": item.over,
        "because": item.because,
        "says": item.says,
        **cited(item),
    }


def cited(item: Due | Window | Line) -> Json:
    """Where it stands, how that was seen, and how sure it is."""
    return {"cites": cites(item.cites), "seen": item.seen, "confidence": item.confidence}


def visit(item: Visit) -> Json:
    return {
        "cycle": item.cycle,
        "dose": item.dose,
        "day": item.day,
        "planned_on": item.planned_on.isoformat(),
        "window": [item.from_on.isoformat(), scalar(item.to_on)],
        "state": item.state,
        "mg_per_m2": scalar(item.mg_per_m2),
        "mg_per_m2_in_remission": scalar(item.in_remission),
        "mg_per_m2_without_remission": scalar(item.without_remission),
        "level": item.level,
    }


def dose(item: DoseFigures | None) -> Json | None:
    """The figures of a dose, or null."""
    if item is None:
        return None
    made = item.amounts
    return {
        "mg_per_m2": scalar(made.mg_per_m2),
        "level": item.level,
        "bsa_m2": scalar(made.bsa_m2),
        "bsa_formula": item.bsa_formula,
        "bsa_spread_m2": [scalar(limit) for limit in item.spread_m2],
        "weight_kg": scalar(item.weight_kg),
        "weight_on": scalar(item.weight_on),
        "height_cm": scalar(item.height_cm),
        "exact_mg": scalar(made.exact_mg),
        "rounded_mg": scalar(made.rounded.mg),
        "rounding": {"policy": made.rounded.policy, "percent": scalar(made.rounded.percent)},
        "vials": made.vials,
        "volume_ml": scalar(made.volume_ml),
        "wasted_mg": scalar(made.wasted_mg),
        "path": made.mixture.path.value if made.mixture.path else None,
        "concentration_mg_per_ml": scalar(made.mixture.concentration_mg_per_ml),
        "final_volume_ml": scalar(made.mixture.final_volume_ml),
        "alert": made.mixture.alert,
        "cites": cites(item.cites),
    }
