"""A written order against the one that the record supports: every difference a finding, most dangerous first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from posology.answer.dosing import dosing_measures
from posology.knowledge.orders import orders
from posology.measures import Implausible, bsa
from posology.record import PERSON, Order, Override, Record, Written
from posology.verify.against import around, course, dose, identity, process, size, words
from posology.verify.against import order as order_itself
from posology.verify.against.alike import same
from posology.verify.derive import Drawn, live, planned_cycles, premedication_classes
from posology.verify.elements import ALLERGIES, elements
from posology.verify.findings import GRAVITY, Finding, Look
from posology.verify.sheet import OrderSheet

FIRST: tuple[Callable[[Look], Iterator[Finding]], ...] = (identity.patient, identity.drug)
"""What is asked of an order that is not for the drug, or may not be."""

CHECKS: tuple[Callable[[Look], Iterator[Finding]], ...] = (
    *(*FIRST, around.route, words.routes, words.medicines, words.around, order_itself.forbidden),
    *(course.decision, dose.dose, dose.unit, dose.copied, dose.arithmetic, dose.share, dose.reference, dose.level),
    *(dose.maximum, order_itself.standing, order_itself.once, order_itself.age),
    *(course.place, course.days, course.twice, course.plan, course.outstanding),
    *(size.size, size.surface, size.measured, size.change, size.recorded),
    *(
        around.preparation,
        words.diluent,
        dose.vials,
        dose.portions_of_another,
        dose.dispensed,
        around.stability,
        around.premedication,
        around.stated,
    ),
    *(
        words.numbers,
        words.beside,
        words.numerals,
        words.more,
        words.name,
        process.library,
        process.checkers,
        process.dismissed,
    ),
    *(around.complete, words.shorthand),
)
"""Every check, in the order of danger."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One element beside its derived value. `state`: same, differs, not_written, not_derived."""

    element: str
    written: Written | None
    derived: Written | None
    state: str


@dataclass(frozen=True, slots=True)
class Verified:
    """One order held against the record: its findings, most dangerous first, and what was looked at."""

    order: Order
    findings: tuple[Finding, ...]
    checked: tuple[Checked, ...]
    overrides: tuple[Override, ...]

    @property
    def stops(self) -> bool:
        """Does a stop stand that nobody overrode, or that nobody may?"""
        return any(one.stops for one in self.findings)


def stopping(found: tuple[Verified, ...]) -> tuple[str, ...]:
    """The ids of the findings that keep a written order from going out."""
    return tuple(dict.fromkeys(one.id for checked in found for one in checked.findings if one.stops))


def compare(
    drawn: Drawn, written: Order, others: tuple[Order, ...] = (), routes: tuple[str | None, ...] = ()
) -> tuple[Finding, ...]:
    """Every difference between one written order and the order drawn from the record without it. Pure; overrides applied.

    `others`: further live orders of the drug; `routes`: all that the order names, where it has several instructions.
    """
    look = _look(drawn, written, others, routes or (written.route,))
    found: dict[str, Finding] = {}
    for check in _asked_of(written):
        for one in check(look):
            found.setdefault(one.id, one)
    applied = [_overridden(one, look) for one in found.values()]
    return tuple(sorted(applied, key=lambda one: (one.overridden is not None, GRAVITY[one.severity])))


def _asked_of(written: Order) -> tuple[Callable[[Look], Iterator[Finding]], ...]:
    if written.said.get(order_itself.NOT_TO_GIVE):
        return (order_itself.forbids, identity.drug)
    return CHECKS if is_the_drug(written) else FIRST


def verify(drawn: Drawn, record: Record) -> tuple[Verified, ...]:
    """Every live order of the record, each held against the one drawn without any of them."""
    by_id: dict[str, list[Order]] = {}
    for order in live(record):
        by_id.setdefault(order.id, []).append(order)
    others_too = [one for one in record.other_orders if order_itself.about_the_drug(one, drawn.case.edition.product)]
    for order in others_too:
        by_id.setdefault(order.id, []).append(order)
    found = []
    for id, same_id in by_id.items():
        against = (order for order in others_too if order.said.get(order_itself.NOT_TO_GIVE))
        others = tuple(order for order in (*live(record), *against) if order.id != id)
        routes = tuple(order.route for order in same_id)
        findings = compare(drawn, same_id[0], others, routes)
        read = _asked_of(same_id[0]) is CHECKS and "order" not in same_id[0].unread
        checked = _checked(drawn, same_id[0]) if read else ()
        found.append(Verified(same_id[0], findings, checked, _overrides(findings)))
    return tuple(sorted(found, key=lambda one: not one.stops))


def is_the_drug(order: Order) -> bool:
    """Is it an order for the drug? Of any other nothing more is compared."""
    said = order.said.get("drug")
    return not isinstance(said, tuple) or identity.DRUG in said


def _look(drawn: Drawn, written: Order, others: tuple[Order, ...], routes: tuple[str | None, ...]) -> Look:
    return Look(drawn, written, routes, derived(drawn), orders(), others)


def derived(drawn: Drawn) -> Mapping[str, Written]:
    """The elements of the sheet; where there is none, those that hold without a dose. Never a figure of a dose."""
    if isinstance(drawn.sheet, OrderSheet):
        return elements(drawn.sheet)
    case, point = drawn.case, drawn.report.decision_point
    edition = case.edition
    known: dict[str, Written | None] = {
        "drug": ("drug",),
        "regimen": edition.documents["regimen"]["name"],
        "edition": edition.id,
        "knowledge": edition.knowledge,
        "cycle": _number(point.cycle),
        "dose-number": _number(point.dose),
        "day": _number(point.day),
        "planned-cycles": _number(planned_cycles(case.known.get("transplant_intent"), point.cycle or 0, edition)),
        "cycles-counted": _decimal(case.known.get("cycles_counted")),
        "route": edition.product["route"],
        "diluent": edition.preparation.diluent if edition.preparation else None,
        "minutes": _number(int(edition.product["bag"]["infusion_minutes"])),
        "observe-minutes": _number(edition.preparation.observe_minutes if edition.preparation else None),
        "premedication": premedication_classes(edition) or None,
        "diagnosis": edition.product.get("indication_observed"),
        **_stated(drawn),
        **_size(drawn),
    }
    return {name: value for name, value in known.items() if value is not None}


def _stated(drawn: Drawn) -> dict[str, Written | None]:
    intent, known = drawn.case.known.get("transplant_intent"), drawn.case.known.get("hypersensitivity")
    return {
        "intent": intent if isinstance(intent, str) else None,
        "allergies": ALLERGIES[known] if isinstance(known, bool) else None,
    }


def _size(drawn: Drawn) -> dict[str, Written | None]:
    """The size that would dose, and its area: not yet a dose."""
    case = drawn.case
    found = dosing_measures(case.record, case.course, case.facts, case.zone)
    if found is None:
        return {}
    weight, height, on = found
    formula = case.edition.policy.bsa_formula
    try:
        area = bsa(height, weight, formula, case.record.patient.sex)
    except (Implausible, ValueError):
        return {"weight": weight, "height": height, "measured-on": on}
    return {"weight": weight, "height": height, "measured-on": on, "bsa": area, "bsa-formula": formula}


def _number(count: int | None) -> Decimal | None:
    return None if count is None else Decimal(count)


def _decimal(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _overridden(finding: Finding, look: Look) -> Finding:
    """The finding with the override that lets it stand: the last one, by a person, of a known reason, after the order."""
    for one in reversed(look.drawn.case.record.overrides):
        if one.order != look.order.id or one.finding != finding.id or one.at > look.drawn.case.at:
            continue
        signed = one.by is not None and one.by.startswith(PERSON) and process.after_the_order(look, one)
        counts = signed and finding.overridable and one.reason in look.book.reasons
        return replace(finding, overridden=one) if counts else finding
    return finding


def _overrides(findings: tuple[Finding, ...]) -> tuple[Override, ...]:
    return tuple(one.overridden for one in findings if one.overridden is not None)


def _checked(drawn: Drawn, order: Order) -> tuple[Checked, ...]:
    """Element by element: what stands there, and what the record supports."""
    due, found = derived(drawn), []
    for name, element in orders().elements.items():
        written, right = order.said.get(name), due.get(name)
        if written is None and right is None:
            continue
        if written is None or right is None:
            state = "not_written" if written is None else "not_derived"
        else:
            state = "same" if same(element, written, right) else "differs"
        found.append(Checked(name, written, right, state))
    return tuple(found)
