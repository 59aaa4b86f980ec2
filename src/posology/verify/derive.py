"""The order sheet from the answer. Decides nothing: where the verdict lets no dose through there is no sheet."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from posology.answer import Case, DecisionPoint, DoseFigures, Evidence, Reply, Report, case, reported
from posology.answer.advice import parts
from posology.answer.explain import evidence
from posology.decide import LETS_THROUGH
from posology.dose import Path
from posology.knowledge import Cites, Edition, Step
from posology.knowledge.orders import orders
from posology.knowledge.rules import Row
from posology.language import facts_in
from posology.record import Order, Quality, Record
from posology.units import decimal, exactly
from posology.verify.sheet import Criterion, Earlier, NoOrder, OrderSheet

INTENT, PROCEEDING, NOT_PROCEEDING = "transplant_intent", "proceeding", "not_proceeding"
PREMEDICATION = "premedication"
ID_LENGTH = len("0123456789abcdef")
OVER = frozenset({"completed", "cancelled", "stopped", "entered-in-error"})
"""What is no longer to be carried out, and so is not checked; an order of any other status is."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The order that the record supports without the orders still to be carried out, and all that it rests on."""

    case: Case
    report: Report
    sheet: OrderSheet | NoOrder


def live(record: Record) -> tuple[Order, ...]:
    """The orders that may still be carried out."""
    return tuple(order for order in record.orders if order.status not in OVER)


def draw(record: Record, *, at: datetime, edition: Edition, zone: ZoneInfo) -> Drawn:
    """The order from everything but the orders under check: what was written proves nothing about what should be."""
    kept = tuple(order for order in record.orders if order.status in OVER)
    found = case(replace(record, orders=kept), at=at, edition=edition, zone=zone)
    report = reported(found)
    return Drawn(found, report, derive(report, found))


def order(record: Record, *, at: datetime, edition: Edition, zone: ZoneInfo) -> Drawn:
    """The order to write. Where a live order of the record itself stands in the way (its route, say), there is none."""
    drawn = draw(record, at=at, edition=edition, zone=zone)
    if not live(record):
        return drawn
    whole = case(record, at=at, edition=edition, zone=zone)
    report = reported(whole)
    return drawn if report.dose is not None else Drawn(whole, report, derive(report, whole))


def derive(report: Report, found: Case) -> OrderSheet | NoOrder:
    """The order for the decision point of `report`, or why there is none."""
    if report.verdict not in LETS_THROUGH or report.dose is None:
        reasons = (one for one in report.answers if one.findings or one.missing)
        return NoOrder(report.verdict, report.could_be, tuple(_criterion(one, found) for one in reasons))
    return OrderSheet(**_whose(report, found), **_course(report, found), **_figures(report, found), **_around(report, found))


def _whose(report: Report, found: Case) -> dict[str, Any]:
    """Whose order it is, when and by what knowledge it was written."""
    return {
        "order_id": order_id(report, found.today),
        "patient": report.patient,
        "birth": found.record.patient.birth,
        "sex": found.record.patient.sex,
        "written_at": report.at.astimezone(found.zone),
        "zone": report.zone,
        "version": report.version,
        "knowledge": report.knowledge,
        "edition": report.edition,
        "verdict": report.verdict,
        "could_be": report.could_be,
        "hypersensitivity": _yes(found.known.get("hypersensitivity")),
        "reaction_grade": _number(found.known.get("infusion_reaction_grade")) if found.course.administered else None,
        "review": tuple(row for one in report.answers for row in one.findings if _to_review(row.then, row.state)),
    }


def _to_review(then: str, state: str) -> bool:
    return state == "holds" and then == "give_with_review"


def _course(report: Report, found: Case) -> dict[str, Any]:
    """Which dose of which course."""
    point, edition, intent = report.decision_point, found.edition, found.known.get(INTENT)
    regimen = edition.documents["regimen"]
    return {
        "diagnosis": edition.product["indication"],
        "diagnosis_observed": edition.product.get("indication_observed", ""),
        "diagnosis_from": _origin(edition.product.get("indication_observed"), found),
        "earlier": earlier(report, found),
        "regimen": regimen["name"],
        "regimen_cites": Cites(**regimen["cites"]),
        "intent": intent if isinstance(intent, str) else None,
        "planned_cycles": planned_cycles(intent, point.cycle or 0, edition),
        "cycle": point.cycle,
        "dose": point.dose,
        "day": point.day,
        "on": found.today,
        "not_before": point.earliest_on,
        "cycles_counted": _whole(found.known.get("cycles_counted")),
    }


def _origin(observed: str | None, found: Case) -> str | None:
    fact = found.facts.get(observed or "")
    return fact.origin if fact is not None and fact.origin else None


def earlier(report: Report, found: Case) -> Earlier:
    """What went before: the last dose given, and the last weight of a day before the one dosed on."""
    last, place = found.course.administered[-1:], {slot.dose.id: slot for slot in found.course.given if slot.dose}
    weight = _weight_before(report.dose.weight_on if report.dose else None, found)
    if not last:
        return Earlier(**weight)
    slot, on = place.get(last[0].id), last[0].start.astimezone(found.zone).date()
    return Earlier(on, last[0].mg, slot.cycle if slot else None, slot.number if slot else None, **weight)


def _weight_before(day: date | None, found: Case) -> dict[str, Any]:
    known = [
        (one.value, on)
        for one in found.record.of("weight")
        if one.quality is Quality.OK and day is not None and (on := one.at.astimezone(found.zone).date()) < day
    ]
    return {"weight_kg": known[-1][0], "weight_on": known[-1][1]} if known else {}


def planned_cycles(intent: object, cycle: int, edition: Edition) -> int | None:
    """How many cycles the source plans for; one more than that only where the record has reached it. None: undecided."""
    limits = {PROCEEDING: edition.regimen.cycles_before_transplant, NOT_PROCEEDING: edition.regimen.max_cycles}
    most = limits.get(str(intent))
    return None if most is None else max(most, cycle)


def _figures(report: Report, found: Case) -> dict[str, Any]:
    """The product, the dose with its arithmetic, and the infusion."""
    edition, dose = found.edition, report.dose
    assert dose is not None
    product, mixture = edition.product, dose.amounts.mixture
    reference, change = _reference(dose, edition)
    in_bag = mixture.path is Path.BAG
    return {
        **{name: product[name] for name in ("brand", "rxnorm", "atc", "route")},
        "drug": product["tall_man"],
        "figures": dose,
        "reference_mg_per_m2": reference,
        "change_percent": change,
        "change_reason": change_reason(dose, report, found) if change else None,
        "diluent": edition.preparation.diluent if edition.preparation else None,
        "path": mixture.path,
        "final_volume_ml": mixture.final_volume_ml if in_bag else None,
        "syringe_ml": mixture.syringe_ml,
        "concentration_mg_per_ml": mixture.concentration_mg_per_ml,
        "rate_ml_per_h": Decimal(product["bag"]["rate_ml_per_h"]) if in_bag else None,
        "minutes": int(product["bag"]["infusion_minutes"]),
        "observe_minutes": edition.preparation.observe_minutes if edition.preparation else None,
        "product_cites": Cites(**product["bag"]["cites"]),
    }


def _around(report: Report, found: Case) -> dict[str, Any]:
    """Premedication, supportive care, sequence, criteria, monitoring."""
    edition, lines = found.edition, orders().lines
    advised = {part.id: part.lines for part in parts(edition, found.facts, found.zone)}
    return {
        "premedication": tuple(one for one in report.due if one.id == PREMEDICATION),
        "premedication_classes": premedication_classes(edition),
        "premedication_lines": tuple(
            one for one in advised.get(PREMEDICATION, ()) if one.line.id in lines[PREMEDICATION] and one.state != "open"
        ),
        "supportive": tuple(
            one for name in lines["supportive"] for one in advised.get(name, ()) if one.state in ("standing", "applies")
        ),
        "sequence": _steps(edition, lines["sequence"], report),
        "handling": _steps(edition, lines["handling"], report),
        "monitoring": tuple(one for one in report.due if one.id != PREMEDICATION),
        "criteria": tuple(_criterion(one, found) for one in report.answers if one.question in lines["criteria"]),
        "remeasure": _remeasure(edition),
    }


def premedication_classes(edition: Edition) -> tuple[str, ...]:
    """The classes of premedication due before every dose."""
    return tuple(need for item in edition.monitoring if item.id == PREMEDICATION for need in item.needs)


def _steps(edition: Edition, ids: tuple[str, ...], report: Report) -> tuple[Step, ...]:
    """Lines of preparation by name, without those of the path that the dose does not take."""
    assert report.dose is not None
    other = Path.SYRINGE if report.dose.amounts.mixture.path is Path.BAG else Path.BAG
    left_out = orders().lines[f"only_{other.value}"]
    steps = edition.preparation.steps if edition.preparation else ()
    return tuple(step for step in steps if step.id in ids and step.id not in left_out)


def _remeasure(edition: Edition) -> str:
    percent = orders().limits["weight_change_percent"]
    return f"weigh on the day of each dose; compute again on each Day 1, and whenever the weight is {percent} % off"


def order_id(report: Report, on: date) -> str:
    """The same for the same dose of the same knowledge; says nothing of who the patient is. Needs a dose."""
    point, dose = report.decision_point, report.dose
    assert dose is not None
    return identified(report.patient, report.edition, point, on, report.knowledge, dose)


def identified(patient: str, edition: str, point: DecisionPoint, on: date, knowledge: str, dose: DoseFigures) -> str:
    """The id of an order, from all that makes it this one."""
    named = (patient, edition, point.cycle, point.dose, on, knowledge, dose.amounts.rounded.mg)
    return hashlib.sha256("|".join(map(str, named)).encode()).hexdigest()[:ID_LENGTH]


def change_reason(dose: DoseFigures, report: Report, found: Case) -> str:
    """Why the dose is not the full one: the row that lowers it now, or since when the level is in force."""
    level = dose.level.replace("_", " ")
    for row in (row for one in report.answers if one.question == "level_next_cycle" for row in one.findings):
        if row.state == "holds" and row.then in LETS_THROUGH:
            return f"{row.states} [{row.cites.source} {row.cites.section}, {row.cites.row}]"
    decided = found.facts["level_decided"]
    if decided.value == dose.level and decided.when is not None:
        return f"Level {level}, as decided and signed on {decided.when.astimezone(found.zone).date()}."
    since = found.course.level.since
    return (
        f"Level {level}, in force since {since}." if since else f"Level {level}, as the interruptions of the course demand."
    )


def _reference(dose: DoseFigures, edition: Edition) -> tuple[Decimal, Decimal]:
    """The full dose of the regimen in mg/m², and by how many percent the level changes it (below zero: less)."""
    factor = exactly(edition.regimen.factors[dose.level])
    return decimal(exactly(dose.amounts.mg_per_m2) / factor), decimal((factor - 1) * 100)


def _criterion(reply: Reply, found: Case) -> Criterion:
    because = tuple(_because(reply.question, found))
    return Criterion(reply.question, reply.asks, reply.action, reply.findings, reply.missing, because, _limits(reply, found))


def _limits(reply: Reply, found: Case) -> tuple[Row, ...]:
    """The rows within whose limits the values allow this dose."""
    point, known = found.course.point, orders().allows
    start = "first" if point and point.cycle == 1 else "start"
    named = known["every"].get(reply.question, ())
    if point is not None and point.number == 1:
        named = (*named, *known[start].get(reply.question, ()))
    return tuple(rule for rule in found.edition.tables[reply.question].rows if rule.id in named)


def _because(question: str, found: Case) -> Iterator[Evidence]:
    """The values that the question's rows look at, of the record and derived from it; counted days if it has no others."""
    rows = found.edition.tables[question].rows
    asked = dict.fromkeys(name for row in rows for name in facts_in(row.when))
    known = [name for name in asked if found.facts[name].value is not None]
    how = {name: found.edition.facts[name].pick.how for name in known}
    named = [name for name in known if how[name] == "derived" or (found.facts[name].origin and how[name] != "hours_since")]
    yield from (evidence(name, found.scene) for name in named or known)


def _yes(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _number(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, Decimal) else None
