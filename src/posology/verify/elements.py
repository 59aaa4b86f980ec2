"""The sheet as the elements of an order, by the names of label/orders.toml: what is compared, written and printed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from posology.answer import Evidence, cut
from posology.record import Written
from posology.units import normalise
from posology.verify.sheet import Criterion, OrderSheet

ALLERGIES = {True: "known", False: "none_known", None: "not_asked"}


def elements(sheet: OrderSheet) -> dict[str, Written]:
    """Every element that the sheet has; what is not known is not there."""
    found = {**_course(sheet), **_dose(sheet), **_infusion(sheet), **_around(sheet)}
    return {name: value for name, value in found.items() if value is not None and value != ()}


def _course(sheet: OrderSheet) -> dict[str, Written | None]:
    return {
        "drug": ("drug",),
        "written-on": sheet.written_at.date(),
        "on": sheet.on,
        "diagnosis": sheet.diagnosis_observed or None,
        "regimen": sheet.regimen,
        "edition": sheet.edition,
        "knowledge": sheet.knowledge,
        "cycle": Decimal(sheet.cycle),
        "dose-number": Decimal(sheet.dose),
        "day": Decimal(sheet.day),
        "intent": sheet.intent,
        "planned-cycles": _count(sheet.planned_cycles),
        "cycles-counted": _count(sheet.cycles_counted),
        "allergies": ALLERGIES[sheet.hypersensitivity],
    }


def _dose(sheet: OrderSheet) -> dict[str, Written | None]:
    dose, made = sheet.figures, sheet.figures.amounts
    return {
        "reference-mg-per-m2": sheet.reference_mg_per_m2,
        "mg-per-m2": made.mg_per_m2,
        "dose": made.rounded.mg,
        "change-percent": sheet.change_percent,
        "change-reason": (sheet.change_reason,) if sheet.change_reason else None,
        "level": dose.level,
        "height": dose.height_cm,
        "weight": dose.weight_kg,
        "measured-on": dose.weight_on,
        "bsa": made.bsa_m2,
        "bsa-formula": dose.bsa_formula,
        "vials": Decimal(made.vials),
        "volume": made.volume_ml,
    }


def _infusion(sheet: OrderSheet) -> dict[str, Written | None]:
    return {
        "route": sheet.route,
        "diluent": sheet.diluent,
        "final-volume": sheet.final_volume_ml,
        "concentration": sheet.concentration_mg_per_ml,
        "path": sheet.path.value if sheet.path else None,
        "rate": sheet.rate_ml_per_h,
        "minutes": Decimal(sheet.minutes),
        "observe-minutes": _count(sheet.observe_minutes),
        "sequence": tuple(sequence(sheet)),
        "handling": tuple(step.says for step in sheet.handling),
    }


def _around(sheet: OrderSheet) -> dict[str, Written | None]:
    return {
        "premedication": sheet.premedication_classes,
        "treatment-criteria": tuple(criterion(one) for one in sheet.criteria if one.because),
        "monitoring": tuple(f"{one.what} (by {one.by})" for one in sheet.monitoring if one.state != "done"),
    }


def _count(number: int | None) -> Decimal | None:
    return None if number is None else Decimal(number)


def sequence(sheet: OrderSheet) -> Iterator[str]:
    """What comes after what, with the gaps that the source knows."""
    if sheet.premedication_classes:
        named = ", ".join(sheet.premedication_classes)
        yield f"First the premedication ({named}), before the infusion starts."
    yield f"Then the infusion over {sheet.minutes} minutes."
    if sheet.observe_minutes is not None:
        yield f"Then observation for at least {sheet.observe_minutes} minutes from the actual end."
    yield from (step.says for step in sheet.sequence)


def criterion(one: Criterion) -> str:
    """One treatment criterion in a line: the question, its answer, and the values that allow the dose."""
    values = "; ".join(_value(part) for part in one.because)
    return f"{one.question.replace('_', ' ')}: {one.action.replace('_', ' ')}; {values}"


def _value(part: Evidence) -> str:
    when = f" ({part.when:%Y-%m-%d})" if part.when else ""
    return f"{part.fact.replace('_', ' ')} {cut(part.value)}{_unit(part.unit)}{when}"


def _unit(unit: str | None) -> str:
    return f" {unit}" if unit and unit != "1" else ""


def instruction(sheet: OrderSheet) -> str:
    """The order in one sentence: no shorthand, no trailing zero, units written out. From the same numbers as the rest."""
    mg = normalise(sheet.figures.amounts.rounded.mg)
    share = normalise(sheet.figures.amounts.mg_per_m2)
    area = normalise(sheet.figures.amounts.bsa_m2)
    volume = f" in a final volume of {normalise(sheet.final_volume_ml)} mL" if sheet.final_volume_ml is not None else ""
    if sheet.syringe_ml is not None:
        volume = " in a syringe whose volume the pharmacist confirms,"
    rate = f" at {normalise(sheet.rate_ml_per_h)} mL per hour" if sheet.rate_ml_per_h is not None else ""
    return (
        f"{sheet.drug} {mg} mg ({share} mg/m2 for {area} m2) by {sheet.route.replace('_', ' ')}"
        f"{volume} over {sheet.minutes} minutes{rate}, on {sheet.on}, cycle {sheet.cycle}, Day {sheet.day}."
    )
