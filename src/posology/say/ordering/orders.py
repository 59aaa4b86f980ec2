"""The order sheet as JSON and in words: no shorthand, ISO dates, units written out. The same figures in both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from textwrap import wrap
from typing import Any

from posology.answer import plain
from posology.answer.advice import Advised
from posology.knowledge import Step
from posology.knowledge.orders import orders
from posology.record import Written
from posology.say.shape import Json, cites, due, evidence, found, heading, missing, note, scalar
from posology.say.shape import dose as figures
from posology.say.words import SEEN, WIDTH, source, verdict_line
from posology.units import normalise
from posology.verify import Criterion, Drawn, Identity, NoOrder, OrderSheet, elements, instruction
from posology.verify.elements import criterion as in_a_line
from posology.verify.elements import sequence

SPELT = {"mL": "mL", "mL/h": "mL per hour", "mg/m2": "mg per square metre", "m2": "square metres", "min": "minutes",
         "%": "percent", "mg/mL": "mg per mL"}  # fmt: skip
BLANK = "________________"
LABEL = len("treatment criteria  ")
EARLIER = ("on", "mg", "cycle", "dose", "weight_kg", "weight_on")


def element(value: Written) -> Any:
    """One element as JSON: decimals and dates as text, lists as lists."""
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Decimal):
        return normalise(value)
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def said(name: str, value: Written) -> str:
    """One element in words, its unit written out."""
    if isinstance(value, tuple):
        return "; ".join(one.replace("_", " ") for one in value)
    known = orders().elements.get(name)
    unit = known.unit if known else ""
    text = normalise(value) if isinstance(value, Decimal) else str(value).replace("_", " ")
    if isinstance(value, (date, datetime)):
        text = value.isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()
    return f"{text} {SPELT.get(unit, unit)}".strip()


def document(drawn: Drawn) -> Json:
    """`order --json`."""
    return {
        **heading(drawn.report),
        "verdict": drawn.report.verdict,
        "could_be": drawn.report.could_be,
        "order": shape(drawn.sheet),
        "reasons": reasons(drawn.sheet),
        "warnings": [note(one) for one in drawn.report.warnings],
    }


def line(drawn: Drawn) -> str:
    """Whose order, of which dose, when."""
    point, found = drawn.report.decision_point, drawn.report
    dose = f"cycle {point.cycle}, dose {point.dose} (Day {point.day})" if point.cycle else "treatment not yet recorded"
    return f"{found.patient} · {dose} · {found.at:%Y-%m-%d %H:%M} {found.zone} · edition {found.edition.upper()}"


def shape(sheet: OrderSheet | NoOrder) -> Json | None:
    """The order, or null where there is none. Names of the patient are not in it."""
    if isinstance(sheet, NoOrder):
        return None
    known = elements(sheet)
    return {
        "order_id": sheet.order_id,
        "status": "draft",
        "text": instruction(sheet),
        "drug": sheet.drug,
        "brand": sheet.brand,
        "codes": {"rxnorm": sheet.rxnorm, "atc": sheet.atc},
        "written_at": sheet.written_at.isoformat(),
        "not_before": sheet.not_before.isoformat() if sheet.not_before else None,
        "elements": {name: element(known[name]) if name in known else None for name in written_elements()},
        "dose": figures(sheet.figures),
        "remeasure": sheet.remeasure,
        "earlier": {name: scalar(getattr(sheet.earlier, name)) for name in EARLIER},
        "reaction_grade": None if sheet.reaction_grade is None else normalise(sheet.reaction_grade),
        "review": [found(one) for one in sheet.review],
        "criteria": [criterion(one) for one in sheet.criteria],
        "premedication": [_advised(one) for one in sheet.premedication_lines],
        "supportive": [_advised(one) for one in sheet.supportive],
        "handling": [_step(one) for one in (*sheet.sequence, *sheet.handling)],
        "due": [due(one) for one in (*sheet.premedication, *sheet.monitoring)],
        "regimen_cites": cites(sheet.regimen_cites),
        "product_cites": cites(sheet.product_cites),
    }


def written_elements() -> list[str]:
    """The elements that an order of ours can have."""
    return [one.id for one in orders().elements.values() if not one.stated]


def reasons(sheet: OrderSheet | NoOrder) -> list[Json]:
    """Why there is no order; empty where there is one."""
    return [criterion(one) for one in sheet.reasons] if isinstance(sheet, NoOrder) else []


def criterion(one: Criterion) -> Json:
    return {
        "question": one.question,
        "asks": one.asks,
        "action": one.action,
        "findings": [found(row) for row in one.findings],
        "missing": [missing(lack) for lack in one.missing],
        "because": [evidence(part) for part in one.because],
        "limits": [{"row": row.id, "says": row.states, "cites": cites(row.cites), "seen": row.seen} for row in one.limits],
    }


def _advised(one: Advised) -> Json:
    return {"id": one.line.id, "says": one.line.says, "basis": one.line.basis, "cites": cites(one.line.cites),
            "seen": one.line.seen}  # fmt: skip


def _step(one: Step) -> Json:
    return {"id": one.id, "says": one.says, "basis": "label", "cites": cites(one.cites), "seen": one.seen}


def words(sheet: OrderSheet | NoOrder, identity: Identity, heading: str, colour: bool = False) -> str:
    """The order for a person, or why there is none."""
    lines = _refused(sheet, heading, colour) if isinstance(sheet, NoOrder) else _order(sheet, identity, heading, colour)
    return "\n".join(lines) + "\n"


def _refused(sheet: NoOrder, heading: str, colour: bool) -> Iterator[str]:
    yield heading
    yield f"NO ORDER. {verdict_line(sheet.verdict, sheet.could_be, colour)}"
    rows = [row for one in sheet.reasons for row in one.findings if row.then != "give"]
    for row in sorted(rows, key=lambda one: one.state == "open"):
        yield from _line("", f"{row.then.replace('_', ' ')}{' (open)' if row.state == 'open' else ''}: {row.states}")
        yield f"    [{source(row.cites)}; {SEEN[row.seen]}]"
    asks = {lack.fact: f"{lack.ask} ({lack.fact.replace('_', ' ')}: {lack.why.replace('_', ' ')})"
            for one in sheet.reasons for lack in one.missing}  # fmt: skip
    if asks:
        yield "Settle first"
        for ask in dict.fromkeys(asks.values()):
            yield from _line("", ask)


def _line(label: str, text: str) -> Iterator[str]:
    first = f"  {label:{LABEL}}" if label else "  "
    yield from wrap(text, WIDTH, initial_indent=first, subsequent_indent=" " * (LABEL + 2) if label else "    ") or [first]


def _order(sheet: OrderSheet, identity: Identity, heading: str, colour: bool) -> Iterator[str]:
    yield heading
    stands = verdict_line(sheet.verdict, sheet.could_be, colour)
    yield f"DRAFT ORDER {sheet.order_id}: not an order until a prescriber signs it. {stands}"
    yield ""
    yield from _line("", instruction(sheet))
    for title, part in (("Look first", _review), ("Patient", _patient), ("Course", _course), ("Dose", _dose),
                        ("Infusion", _infusion), ("Around the dose", _around), ("Signatures", _signatures)):  # fmt: skip
        lines = list(part(sheet, identity))
        if lines:
            yield ""
            yield title
            yield from lines


def _review(sheet: OrderSheet, identity: Identity) -> Iterator[str]:
    for row in sheet.review:
        yield from _line("", f"{row.states} [{source(row.cites)}; {SEEN[row.seen]}]")
    if sheet.figures.amounts.mixture.alert:
        yield from _line("", f"Pharmacist: {sheet.figures.amounts.mixture.alert}")


def _patient(sheet: OrderSheet, identity: Identity) -> Iterator[str]:
    others = [f"{kind} {value}" for kind, _, value in identity.identifiers]
    yield from _line("name", identity.name or BLANK)
    yield from _line("identifiers", "; ".join([*others, f"record {sheet.patient}"]))
    born = identity.birth or sheet.birth
    yield from _line("born, sex", f"{born or BLANK}, {sheet.sex or BLANK}")
    yield from _line("diagnosis", recorded(sheet, identity) or BLANK)
    yield from _line("indication", f"{sheet.diagnosis} (edition {sheet.edition.upper()})")
    known = {True: "KNOWN", False: "none known", None: "not asked: ask"}[sheet.hypersensitivity]
    allergies = "; ".join(identity.allergies) or BLANK
    yield from _line("allergies", f"hypersensitivity to this drug: {known}; other allergies: {allergies}")
    yield from _line("last dose", last_dose(sheet))
    if sheet.earlier.on is not None:
        grade = "none on record" if sheet.reaction_grade is None else f"grade {normalise(sheet.reaction_grade)}"
        yield from _line("earlier reactions", f"last infusion: {grade}")


def recorded(sheet: OrderSheet, identity: Identity) -> str:
    """The diagnosis in the words of the record."""
    return dict(identity.diagnoses).get(sheet.diagnosis_from or "", "")


def last_dose(sheet: OrderSheet) -> str:
    """When, how much, and which of the course; or that there was none."""
    last = sheet.earlier
    if last.on is None:
        return "none before this one"
    amount = "amount not recorded" if last.mg is None else f"{normalise(last.mg)} mg"
    return f"{last.on}: {amount}" + (f", cycle {last.cycle}, dose {last.dose}" if last.cycle else "")


def weight_before(sheet: OrderSheet) -> str:
    """The weight before the one that doses."""
    last = sheet.earlier
    return "none on record" if last.weight_kg is None else f"{said('weight', last.weight_kg)}, measured on {last.weight_on}"


def _course(sheet: OrderSheet, identity: Identity) -> Iterator[str]:
    yield from _line("written", f"{sheet.written_at:%Y-%m-%d %H:%M} ({sheet.zone})")
    yield from _line("to be given on", f"{sheet.on}" + (f", not before {sheet.not_before}" if sheet.not_before else ""))
    yield from _line("regimen", f"{sheet.regimen}; edition {sheet.edition.upper()} [{source(sheet.regimen_cites)}]")
    yield from _line("cycle and day", f"cycle {sheet.cycle}, dose {sheet.dose}, Day {sheet.day}")
    intent = (sheet.intent or "not asked").replace("_", " ")
    planned = "to be decided" if sheet.planned_cycles is None else str(sheet.planned_cycles)
    so_far = plain(sheet.cycles_counted)
    yield from _line("intent", f"transplant: {intent}; planned cycles: {planned}; cycles so far: {so_far}")


def _dose(sheet: OrderSheet, identity: Identity) -> Iterator[str]:
    known, dose = elements(sheet), sheet.figures
    made = dose.amounts
    yield from _line("drug", f"{sheet.drug} ({sheet.brand})")
    yield from _line("reference dose", said("reference-mg-per-m2", known["reference-mg-per-m2"]))
    change = f"{normalise(sheet.change_percent)} percent" if sheet.change_percent else "none"
    yield from _line("change", f"{change}; level {dose.level.replace('_', ' ')}. {sheet.change_reason or ''}".strip())
    yield from _line("height, weight", f"{said('height', dose.height_cm)}, {said('weight', dose.weight_kg)}, measured on "
                     f"{dose.weight_on or BLANK}; {sheet.remeasure}")  # fmt: skip
    yield from _line("weight before", weight_before(sheet))
    low, high = (normalise(one) for one in dose.spread_m2)
    area, mg, percent = (normalise(one) for one in (made.bsa_m2, made.rounded.mg, made.rounded.percent))
    yield from _line("body surface", f"{area} square metres by {dose.bsa_formula} (published formulas: {low} to {high})")
    share = said("mg-per-m2", made.mg_per_m2)
    yield from _line("calculated", f"{share} times {area} = {normalise(made.exact_mg)} mg")
    yield from _line("ORDERED DOSE", f"{mg} mg (rounded by {percent} percent: {made.rounded.policy})")
    drawn = f"{made.vials} vial(s); {normalise(made.volume_ml)} mL hold the dose, drawn at the marks of the syringe in use"
    yield from _line("vials, volume", f"{drawn} [{source(dose.cites)}]")


def _infusion(sheet: OrderSheet, identity: Identity) -> Iterator[str]:
    yield from _line("route", f"{sheet.route.replace('_', ' ')} only")
    yield from _line("diluent", sheet.diluent or BLANK)
    if sheet.path is not None:
        yield from _line("from", sheet.path.value)
    for name, label in (("final-volume", "final volume"), ("concentration", "concentration"), ("rate", "rate")):
        value = elements(sheet).get(name)
        if value is not None:
            yield from _line(label, said(name, value))
    yield from _line("duration", f"{sheet.minutes} minutes [{source(sheet.product_cites)}]")
    yield from _lines("sequence", sequence(sheet))
    yield from _lines("handling", (f"{step.says} [{source(step.cites)}]" for step in sheet.handling))


def _around(sheet: OrderSheet, identity: Identity) -> Iterator[str]:
    for due_ in sheet.premedication_classes:
        yield from _line("premedication", f"{due_}: medicine {BLANK} dose {BLANK} at {BLANK}")
    for label, lines in (("premedication", sheet.premedication_lines), ("supportive care", sheet.supportive)):
        yield from _lines(label, (f"{one.line.says} [{source(one.line.cites)}]" for one in lines))
    yield from _lines("criteria", _criteria(sheet))
    open_ = [one for one in sheet.monitoring if one.state != "done"]
    yield from _lines("monitoring", (f"{one.what}: {one.state}, by {one.by} [{source(one.cites)}]" for one in open_))
    done = "; ".join(dict.fromkeys(one.what for one in sheet.monitoring if one.state == "done"))
    yield from _lines("done", [done] if done else [])


def _criteria(sheet: OrderSheet) -> Iterator[str]:
    """The values that allow the dose, and the limits that they stand within."""
    for one in (one for one in sheet.criteria if one.because and (one.limits or one.findings)):
        yield in_a_line(one)
        yield from (f"within: {row.states} [{source(row.cites)}; {SEEN[row.seen]}]" for row in one.limits)


def _lines(label: str, lines: Iterable[str]) -> Iterator[str]:
    """Several lines under one label, which stands before the first."""
    for place, line in enumerate(lines):
        yield from _line(label if not place else " ", line)


def _signatures(sheet: OrderSheet, identity: Identity) -> Iterator[str]:
    yield from _line("prescriber", f"{BLANK}  date and time {BLANK}")
    yield from _line("", "No start on a spoken order. Checked by a second person before it is prepared.")
    yield from _line("", f"posology {sheet.version}, knowledge {sheet.knowledge}. Check against the current label.")
