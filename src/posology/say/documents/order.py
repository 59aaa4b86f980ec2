"""The order on paper, as a draft for the prescriber to sign."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from posology.answer import plain
from posology.answer.advice import Advised
from posology.say.documents.ordered import UNVERIFIED, document, patient, reviewed, route, says, signed
from posology.say.documents.paper import Block, Cells, Row, Says, Section, Sheet, Warn
from posology.say.ordering.orders import last_dose, recorded, said, weight_before
from posology.say.words import source
from posology.units import normalise
from posology.verify import Identity, OrderSheet, elements
from posology.verify.elements import criterion, sequence

ALLERGY = {True: "KNOWN", False: "none known", None: "not asked: ask"}


def order(made: OrderSheet, identity: Identity, overridden: Iterable[str] = (), written: Iterable[str] = ()) -> Sheet:
    """The draft order. `written`: findings that stop an order already in the record."""
    parts = (
        Section("Look first", (*_beside(tuple(written)), *_review(made))),
        Section("Patient", (*patient(made, identity), *_patient(made, identity))),
        Section("Course", tuple(_course(made))),
        Section("Dose", tuple(_dose(made))),
        Section("Infusion", tuple(_infusion(made))),
        Section("Premedication", tuple(_premedication(made))),
        Section("Handling", tuple(says(one.says, one.cites, one.seen) for one in made.handling)),
        Section("What allows the dose", tuple(_criteria(made))),
        Section("Monitoring", tuple(_monitoring(made))),
        Section("Supportive care", advice(made.supportive)),
        Section("Signatures", (signed("prescriber", "second check"),
                               Says("A draft until a prescriber signs it. No start on a spoken order."))),
    )  # fmt: skip
    return document("Draft order", made, identity, overridden, parts)


def _beside(found: tuple[str, ...]) -> Iterator[Warn]:
    if found:
        yield Warn(f"An order in the record must not go out: {', '.join(found)}. Have it stopped before this one is signed.")


def _review(made: OrderSheet) -> Iterator[Block]:
    yield from reviewed(made)
    if made.figures.amounts.mixture.alert:
        yield Warn(f"Pharmacist: {made.figures.amounts.mixture.alert}")


def _patient(made: OrderSheet, identity: Identity) -> Iterator[Row]:
    yield Row("Sex", made.sex or "")
    yield Row("Diagnosis", recorded(made, identity))
    yield Row("Indication", f"{made.diagnosis}; edition {made.edition.upper()}", source(made.regimen_cites))
    yield Row("Hypersensitivity", f"to this drug: {ALLERGY[made.hypersensitivity]}")
    yield Row("Other allergies", "; ".join(identity.allergies), strong=bool(identity.allergies))
    yield Row("Last dose", last_dose(made))
    if made.earlier.on is not None:
        grade = "none on record" if made.reaction_grade is None else f"grade {normalise(made.reaction_grade)}"
        yield Row("Last infusion", f"reaction: {grade}")


def _course(made: OrderSheet) -> Iterator[Row]:
    not_before = f", not before {made.not_before}" if made.not_before else ""
    yield Row("To be given on", f"{made.on}{not_before}", strong=True)
    yield Row("Cycle and day", f"cycle {made.cycle}, dose {made.dose}, Day {made.day}", strong=True)
    yield Row("Regimen", f"{made.regimen}; edition {made.edition.upper()}", source(made.regimen_cites))
    planned = "to be decided" if made.planned_cycles is None else str(made.planned_cycles)
    intent = (made.intent or "not asked").replace("_", " ")
    yield Row("Intent", f"transplant: {intent}; planned cycles: {planned}; cycles so far: {plain(made.cycles_counted)}")
    yield Row("Written", f"{made.written_at:%Y-%m-%d %H:%M} ({made.zone})")


def _dose(made: OrderSheet) -> Iterator[Row]:
    known, dose = elements(made), made.figures
    amounts = dose.amounts
    area, low, high = (normalise(one) for one in (amounts.bsa_m2, *dose.spread_m2))
    formula = dose.bsa_formula.capitalize()
    yield Row("Ordered dose", f"{normalise(amounts.rounded.mg)} mg", strong=True)
    yield Row("Calculated", f"{said('mg-per-m2', amounts.mg_per_m2)} times {area} square metres = "
              f"{normalise(amounts.exact_mg)} mg", source(dose.cites))  # fmt: skip
    yield Row("Rounded", f"by {normalise(amounts.rounded.percent)} percent: {amounts.rounded.policy}")
    yield Row("Reference dose", said("reference-mg-per-m2", known["reference-mg-per-m2"]))
    change = f"{normalise(made.change_percent)} percent" if made.change_percent else "none"
    yield Row("Change", f"{change}; level {dose.level.replace('_', ' ')}. {made.change_reason or ''}".strip())
    yield Row("Body surface", f"{area} square metres by {formula} (published formulas: {low} to {high})")
    measured = f", measured on {dose.weight_on}" if dose.weight_on else ""
    yield Row("Height, weight", f"{said('height', dose.height_cm)}, {said('weight', dose.weight_kg)}{measured}")
    yield Row("Weight before", weight_before(made))
    yield Row("Measure again", made.remeasure)


def _infusion(made: OrderSheet) -> Iterator[Row]:
    known = elements(made)
    yield Row("Route", f"{route(made)} ONLY", strong=True)
    yield Row("Diluent", made.diluent or "")
    if made.syringe_ml is not None:
        least, most = (normalise(one) for one in made.syringe_ml)
        yield Row("From", f"a syringe of {least} to {most} mL; the volume that the pharmacist confirms, in mL:")
        yield Row("Final volume")
    for name, label in (("path", "From"), ("final-volume", "Final volume"), ("concentration", "Concentration"),
                        ("rate", "Rate")):  # fmt: skip
        if name in known and not (name == "path" and made.syringe_ml):
            yield Row(label, said(name, known[name]))
    yield Row("Duration", f"{made.minutes} minutes", source(made.product_cites))
    held = normalise(made.figures.amounts.volume_ml)
    yield Row("Vials", f"{made.figures.amounts.vials}; {held} mL hold the dose, drawn at the marks of the syringe in use")
    for place, line in enumerate(sequence(made), 1):
        yield Row("Sequence" if place == 1 else " ", line)


def _premedication(made: OrderSheet) -> Iterator[Block]:
    rows = tuple((one, "", "", "") for one in made.premedication_classes)
    yield Cells(("class", "medicine", "dose and route", "when"), rows, (2, 2, 2, 1))
    yield from advice(made.premedication_lines)


def advice(lines: Iterable[Advised]) -> tuple[Block, ...]:
    """Lines of advice with their sources."""
    return tuple(says(one.line.says, one.line.cites, one.line.seen) for one in lines)


def _criteria(made: OrderSheet) -> Iterator[Block]:
    for one in made.criteria:
        if one.because and (one.limits or one.findings):
            question, _, answer = criterion(one).partition(": ")
            yield Row(question.capitalize(), answer.replace("10*9/L", "×10⁹/L"))
            yield from (Row(" ", limit.states, source(limit.cites), limit.seen == UNVERIFIED) for limit in one.limits)


def _monitoring(made: OrderSheet) -> Iterator[Block]:
    for one in made.monitoring:
        if one.state != "done":
            yield says(f"{one.what}: {one.state}, by {one.by}", one.cites, one.seen)
    done = "; ".join(dict.fromkeys(one.what for one in made.monitoring if one.state == "done"))
    if done:
        yield Says(f"Done: {done}")
