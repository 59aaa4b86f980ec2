"""The day of the infusion as a run sheet: what holds the start, premedication, vital signs, start, stop, observation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from posology.dose import Path
from posology.knowledge import Step
from posology.knowledge.chair import Before, Chair, chair
from posology.knowledge.orders import orders
from posology.record import Quality, Record
from posology.units import normalise
from posology.verify.care.checks import FINISHED, PASSED, Checks, checks
from posology.verify.care.preparation import PrepSheet
from posology.verify.care.seen import moment
from posology.verify.derive import Drawn

IN_TIME, GIVEN_TODAY, EARLY, LATE, NOT_ON_RECORD = "in_time", "given", "early", "late", "not_on_record"
GIVEN = (IN_TIME, GIVEN_TODAY, EARLY, LATE, NOT_ON_RECORD)


@dataclass(frozen=True, slots=True)
class Premedicated:
    """One class of premedication: when it is to be given before the planned start, and when it was given today.

    `state`: in_time, early or late for the planned start; given where no start is planned; not_on_record.
    """

    before: Before
    earliest: datetime | None
    latest: datetime | None
    given: tuple[datetime, ...]
    state: str


@dataclass(frozen=True, slots=True)
class Moment:
    """What is done so many minutes from the start; `at` where the start is known."""

    minutes: int
    at: datetime | None
    does: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunSheet:
    """One infusion. `stops`: it must not be given; `holds`: what is still to be done before the start; `notes` keep nothing.

    Moments are None where no start is planned.
    """

    prep: PrepSheet
    checks: Checks
    start: datetime | None
    end: datetime | None
    observe_minutes: int
    observe_until: datetime | None
    premedication: tuple[Premedicated, ...]
    timeline: tuple[Moment, ...]
    stops: tuple[str, ...]
    holds: tuple[str, ...]
    notes: tuple[str, ...]
    steps: tuple[Step, ...]


def run_sheet(drawn: Drawn, prep: PrepSheet, record: Record, start: datetime | None = None) -> RunSheet:
    """The run sheet of a prepared order. It decides no dose; it says what is still to be done before the start."""
    rules, kit = drawn.case.edition.preparation, chair()
    assert rules is not None
    signed = checks(drawn, prep, record)
    start = start.astimezone(UTC) if start else None
    end = start + timedelta(minutes=prep.minutes) if start else None
    given = tuple(_premedicated(one, drawn, record, start) for one in kit.premedication)
    return RunSheet(
        prep=prep,
        checks=signed,
        start=start,
        end=end,
        observe_minutes=rules.observe_minutes,
        observe_until=end + timedelta(minutes=rules.observe_minutes) if end else None,
        premedication=given,
        timeline=tuple(_timeline(prep, kit, rules.observe_minutes, start)),
        stops=tuple(dict.fromkeys(_stops(drawn, prep, signed, start, end))),
        holds=tuple(_holds(prep, signed, given)),
        notes=tuple(_notes(given)),
        steps=(kit.ready, *_steps(drawn, prep, kit)),
    )


def _premedicated(before: Before, drawn: Drawn, record: Record, start: datetime | None) -> Premedicated:
    zone, today = drawn.case.zone, drawn.case.today
    given = tuple(
        reading.at
        for reading in record.of(before.medicine)
        if reading.at <= drawn.case.at
        and reading.at.astimezone(zone).date() == today
        and reading.value is True
        and reading.quality is Quality.OK
    )
    if start is None:
        return Premedicated(before, None, None, given, GIVEN_TODAY if given else NOT_ON_RECORD)
    earliest, latest = (start - timedelta(minutes=m) for m in (before.earliest_minutes, before.latest_minutes))
    return Premedicated(before, earliest, latest, given, _state([one for one in given if one <= start], earliest, latest))


def _state(given: list[datetime], earliest: datetime, latest: datetime) -> str:
    if not given:
        return NOT_ON_RECORD
    if any(earliest <= one <= latest for one in given):
        return IN_TIME
    return LATE if max(given) > latest else EARLY


def _timeline(prep: PrepSheet, kit: Chair, observe: int, start: datetime | None) -> Iterator[Moment]:
    """Premedication, start, vital signs, stop, flush, end of the observation."""
    plan: dict[int, list[str]] = {}
    for minutes, until in sorted({(one.earliest_minutes, one.latest_minutes) for one in kit.premedication}):
        named = [one.medicine for one in kit.premedication if (one.earliest_minutes, one.latest_minutes) == (minutes, until)]
        plan.setdefault(-minutes, []).append(f"from now on: {', '.join(named)}")
        plan.setdefault(-until, []).append(f"given by now: {', '.join(named)}")
    rate = "at the rate that the pharmacist confirms"
    if prep.rate_ml_per_h is not None:
        rate = f"{normalise(prep.rate_ml_per_h)} mL per hour"
    vitals, over = "vital signs", prep.minutes + observe
    plan[0] = [vitals, f"START: {rate}"]
    for minutes in range(kit.vitals.during_minutes, prep.minutes, kit.vitals.during_minutes):
        plan.setdefault(minutes, []).append(vitals)
    flush = ["flush the line: the dose in it counts"] if prep.mixture.path is Path.SYRINGE else []
    plan.setdefault(prep.minutes, []).extend(["STOP", *flush, vitals])
    for minutes in range(prep.minutes + kit.vitals.after_minutes, over, kit.vitals.after_minutes):
        plan.setdefault(minutes, []).append(vitals)
    plan.setdefault(over, []).extend([vitals, "END OF OBSERVATION, counted from the actual stop"])
    for minutes in sorted(plan):
        yield Moment(minutes, start + timedelta(minutes=minutes) if start else None, tuple(plan[minutes]))


def _stops(drawn: Drawn, prep: PrepSheet, signed: Checks, start: datetime | None, end: datetime | None) -> Iterator[str]:
    """What forbids it: the preparation with the written order behind it, and a start at the wrong time."""
    yield from prep.barred
    begins = start or drawn.case.at
    yield from _too_late(drawn, prep, signed, begins, end or begins + timedelta(minutes=prep.minutes))


def _holds(prep: PrepSheet, signed: Checks, given: tuple[Premedicated, ...]) -> Iterator[str]:
    """What is still to be settled, given or signed."""
    yield from prep.to_confirm
    if prep.final_ml is None:
        yield "the pharmacist has not settled how it is given, or its final volume"
    if prep.clocks is not None and prep.clocks.latest_start is None:
        yield "not diluted yet"
    lacking = [one.before.medicine for one in given if one.state == NOT_ON_RECORD]
    if lacking:
        yield f"premedication not on record: {', '.join(lacking)}; record each with its time (MedicationAdministration)"
    still = [one.step.title.lower() for one in signed.open]
    if still:
        yield f"not signed: {', '.join(still)}"


def _too_late(drawn: Drawn, prep: PrepSheet, signed: Checks, start: datetime, end: datetime) -> Iterator[str]:
    """A start after the latest start, after the use-by of the label, or on another day than the order's."""
    if prep.clocks is not None and prep.clocks.latest_start is not None and start > prep.clocks.latest_start:
        yield "DISCARD: this start is after the latest start"
    made = signed.stand(FINISHED)
    until = moment(dict(made.check.seen).get("use-by", "")) if made.check and made.state == PASSED else None
    if until is not None and end > until:
        yield "DISCARD: it would end after the use-by that was signed"
    if start.astimezone(drawn.case.zone).date() != prep.order.on:
        yield f"the order is for {prep.order.on}: on another day decide again"


def _notes(given: tuple[Premedicated, ...]) -> Iterator[str]:
    says = {EARLY: "given long before this start", LATE: "given close to this start: wait, or ask"}
    yield from (f"{one.before.medicine}: {says[one.state]}" for one in given if one.state in says)


def _steps(drawn: Drawn, prep: PrepSheet, kit: Chair) -> Iterator[Step]:
    """Lines for the chair, without those of the other path."""
    left_out = orders().lines["only_bag" if prep.mixture.path is Path.SYRINGE else "only_syringe"]
    rules = drawn.case.edition.preparation
    known = {step.id: step for step in rules.steps} if rules else {}
    yield from (known[id] for id in kit.lines["infuse"] if id in known and id not in left_out)
