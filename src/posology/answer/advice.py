"""Advice around the doses for one patient: lines that apply or may apply, premedication of today, days counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from posology.answer.explain import Scene, evidence, lacking
from posology.answer.handover import Handover, handover
from posology.course import Course, fold
from posology.facts import Evidence, Gathered, Missing, gather, values
from posology.knowledge import Edition, Line
from posology.language import Value
from posology.plan import Due, Looks, Window, due, windows
from posology.record import Record
from posology.version import VERSION

CLASSES = ("corticosteroid", "antipyretic", "antihistamine")


@dataclass(frozen=True, slots=True)
class Advised:
    """One line. `state`: standing (always), applies, or open (it may apply); `ask`: what would settle an open one."""

    line: Line
    state: str
    because: tuple[Evidence, ...]
    ask: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The lines on one matter."""

    id: str
    title: str
    lines: tuple[Advised, ...]


@dataclass(frozen=True, slots=True)
class Premedicated:
    """One class of premedication today. `state`: given, after_start (too late for today's infusion), not_on_record."""

    what: str
    state: str
    at: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Countdown:
    """Where the patient stands before or after a transplant. None where nobody said or it does not apply."""

    intent: str | None
    cycles_counted: int | None
    last_dose_on: date | None
    days_since_last_dose: int | None
    transplant_on: date | None
    days_since_transplant: int | None
    follow_up: tuple[Due, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """All of it for one patient at one moment; no verdict and no dose."""

    version: str
    knowledge: str
    edition: str
    zone: str
    at: datetime
    patient: str
    parts: tuple[Part, ...]
    premedication: tuple[Premedicated, ...]
    transplant: Countdown
    reproductive: tuple[Window, ...]
    handover: Handover

    @property
    def premedicated(self) -> bool:
        """All three classes given today, none of them after the infusion began."""
        return all(one.state == "given" for one in self.premedication)


def advise(record: Record, *, at: datetime, edition: Edition, zone: ZoneInfo) -> Advice:
    """Every line of advice that applies or may apply, with the record's own times beside it."""
    course = fold(record, edition.regimen, at, zone)
    facts = gather(record, course, edition, at, zone)
    looks = Looks(record, course, facts, edition, at, zone)
    return Advice(
        version=VERSION,
        knowledge=edition.knowledge,
        edition=edition.id,
        zone=str(zone),
        at=at,
        patient=record.patient.id,
        parts=tuple(parts(edition, facts, zone)),
        premedication=tuple(_premedicated(name, looks) for name in CLASSES),
        transplant=_countdown(looks),
        reproductive=windows(course, facts, edition),
        handover=handover(record, course, facts, edition, at, zone),
    )


def parts(edition: Edition, facts: Gathered, zone: ZoneInfo) -> Iterator[Part]:
    """The lines of advice that apply or may apply, matter by matter."""
    known = values(facts)
    stale = {name: fact.stale for name, fact in facts.items() if fact.stale is not None}
    scene = Scene(facts, {**known, **stale}, edition.facts, zone)
    for section in edition.advice:
        lines = [_advised(line, known, stale, scene) for line in section.lines]
        yield Part(section.id, section.title, tuple(line for line in lines if line))


def _advised(line: Line, known: Mapping[str, Value | None], stale: Mapping[str, Value], scene: Scene) -> Advised | None:
    """The line with its state, or None where it certainly does not apply. A stale value may prove it, never rule it out."""
    if line.applies is None:
        return Advised(line, "standing", (), ())
    holds = line.applies(known)
    if holds is False:
        return None
    proved = holds or line.applies({**known, **stale}) is True
    because = tuple(evidence(name, scene) for name in line.facts if scene.known.get(name) is not None)
    ask = () if proved else tuple(lacking(name, scene) for name in line.facts if known.get(name) is None)
    return Advised(line, "applies" if proved else "open", because, ask)


def _premedicated(what: str, looks: Looks) -> Premedicated:
    """What the record says was given today, and whether it came before today's infusion, if there was one."""
    today = [dose.start for dose in looks.course.administered if looks.local(dose.start) == looks.today]
    given = sorted(one for one in looks.moments(what) if looks.local(one) == looks.today)
    late = bool(given and today) and min(given) > max(today)
    state = "not_on_record" if not given else "after_start" if late else "given"
    return Premedicated(what, state, tuple(one.astimezone(looks.zone) for one in given))


def _countdown(looks: Looks) -> Countdown:
    facts, course = looks.facts, looks.course
    intent, counted = facts["transplant_intent"].value, facts["cycles_counted"].value
    last, transplant = looks.last_dose_on, looks.transplant_on
    return Countdown(
        intent=str(intent) if intent is not None else None,
        cycles_counted=int(str(counted)) if counted is not None else None,
        last_dose_on=last,
        days_since_last_dose=_days(course, last),
        transplant_on=transplant,
        days_since_transplant=_days(course, transplant),
        follow_up=tuple(item for item in due(looks) if item.phase == "follow_up"),
    )


def _days(course: Course, since: date | None) -> int | None:
    return (course.today - since).days if since else None
