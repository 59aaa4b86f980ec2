"""What one decision rested on and came to, so that anybody can derive it again from the inputs alone. No words, no JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from posology.answer import DecisionPoint, DoseFigures, Reply
from posology.answer.dosing import Measured, measured, released, worked_out
from posology.answer.explain import Scene, reply
from posology.decide import decide_facts
from posology.facts import Fact, Gathered, values
from posology.knowledge import Edition
from posology.record import Record
from posology.verify.compare import Verified, verify
from posology.verify.derive import Drawn, identified
from posology.version import VERSION


@dataclass(frozen=True, slots=True)
class Certificate:
    """One answer with everything it was derived from.

    `record` is the digest of the patient's bundle, `by` who asked for it. `facts` and `size` are the inputs; `verdict`,
    `could_be`, `answers`, `dose` and `order_id` follow from them. `orders` are the findings on written orders: these
    follow from the record, not from the facts. `dose` stands only where the verdict lets one through.
    """

    version: str
    knowledge: str
    edition: str
    zone: str
    at: datetime
    patient: str
    by: str | None
    record: str
    point: DecisionPoint
    facts: Gathered
    size: Measured | None
    verdict: str
    could_be: str
    answers: tuple[Reply, ...]
    dose: DoseFigures | None
    order_id: str | None
    orders: tuple[Verified, ...]


def certificate(drawn: Drawn, record: Record, digest: str, by: str | None = None) -> Certificate:
    """The certificate of the order that the record supports, or of the refusal of one. `digest` binds the bundle."""
    case, report = drawn.case, drawn.report
    inputs = Certificate(
        version=VERSION,
        knowledge=report.knowledge,
        edition=report.edition,
        zone=report.zone,
        at=report.at.astimezone(case.zone),
        patient=report.patient,
        by=by,
        record=digest,
        point=report.decision_point,
        facts=case.facts,
        size=measured(case.record, case.course, case.facts, case.edition, case.zone),
        verdict="ask",
        could_be="ask",
        answers=(),
        dose=None,
        order_id=None,
        orders=verify(drawn, record),
    )
    return derived_again(inputs, case.edition, case.zone)


def derived_again(one: Certificate, edition: Edition, zone: ZoneInfo) -> Certificate:
    """The same inputs decided again here: by this version, this knowledge and nothing but the facts of the certificate.

    Raises `TableError` for facts that no table can have.
    """
    facts = _known_here(one.facts, edition)
    known = values(facts)
    stale = {name: fact.stale for name, fact in facts.items() if fact.stale is not None}
    decision = decide_facts(edition.tables, known, stale)
    verdict, dose = released(decision, worked_out(decision, facts, edition, one.size))
    scene = Scene(facts, {**known, **stale}, edition.facts, zone)
    on = one.at.astimezone(zone).date()
    return replace(
        one,
        version=VERSION,
        knowledge=edition.knowledge,
        facts=facts,
        verdict=verdict,
        could_be=decision.could_be,
        answers=tuple(reply(answer, edition.tables[name], scene) for name, answer in decision.answers.items()),
        dose=dose,
        order_id=identified(one.patient, edition.id, one.point, on, edition.knowledge, dose) if dose else None,
    )


def _known_here(found: Mapping[str, Fact], edition: Edition) -> Gathered:
    """The facts that this knowledge has; one that the certificate does not say is missing."""
    return {name: found.get(name, Fact(why="missing")) for name in edition.facts}
