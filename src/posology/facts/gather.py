"""Record, course and dictionary → every fact at one decision point, each with its evidence or why it is absent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from posology.course import Course
from posology.facts.derive import derive
from posology.facts.fact import MISSING, NOT_ASKED, Fact
from posology.facts.given import unexplained_doses
from posology.facts.history import COURSE
from posology.facts.pick import Moment
from posology.facts.pickers import BY_NAME, Picker
from posology.facts.recorded import RECORD, age, route
from posology.facts.response import best_response, cycles_without_remission, response, response_lost
from posology.knowledge import Edition, FactEntry, Pick
from posology.language import Facts, Value
from posology.record import Patient, Reading, Record

Gathered = Mapping[str, Fact]


def gather(record: Record, course: Course, edition: Edition, at: datetime, zone: ZoneInfo) -> Gathered:
    """Every fact of the dictionary for the decision point of this course."""
    moment = moment_of(record, course, edition, at, zone)
    found = {name: picker(pick, moment) for name, picker, pick in edition.once(_from_readings)}
    found |= {entry.name: _picked(entry, moment, record) for entry in edition.once(_from_the_course)}
    _derived(found, edition)
    known = values(found)
    if course.point is not None:
        found["unexplained_doses"] = unexplained_doses(moment, known["sex"])
    found["response"] = response(moment, known)
    found["best_response_remission"] = best_response(moment)
    found["response_lost"] = response_lost(moment)
    found["cycles_without_remission"] = cycles_without_remission(moment, found["response"])
    return found


def moment_of(record: Record, course: Course, edition: Edition, at: datetime, zone: ZoneInfo) -> Moment:
    """Where the pickers stand."""
    at = at.astimezone(UTC)  # readings are in UTC: two instants of one zone compare ten times faster than of two
    return Moment(at, zone, _that_count(record, at, edition.once(_to_be_signed)), course, edition)


def values(found: Gathered) -> dict[str, Value | None]:
    """The bare values, None where unknown: what conditions are evaluated on."""
    return {name: fact.value for name, fact in found.items()}


def stated(given: Mapping[str, Value], edition: Edition) -> dict[str, Fact]:
    """Facts as somebody states them, in canonical units; absent is unknown; derived facts follow from the rest."""
    found = {name: Fact(given[name]) if name in given else MISSING for name in edition.facts}
    _derived(found, edition)
    for name, value in _following(values(found), edition).items():
        if found[name].value is None:
            found[name] = Fact(value)
    return found


def _following(known: Facts, edition: Edition) -> dict[str, Value]:
    """What a stated fact says by itself about another: no more than its meaning."""
    found = _last_on_record(known, edition)
    if isinstance(known["dose_number"], Decimal):
        found["within_cycle"] = known["dose_number"] > 1
    if known["pregnant"] is not None:
        found["pregnant_last_known"] = found["pregnancy_reported"] = known["pregnant"]
    if isinstance(known["bilirubin"], Decimal):
        sign, observable = edition.policy.signs["bilirubin"], edition.observables["bilirubin"]
        found["bilirubin_sign"] = sign.reached(known["bilirubin"], f" {observable.unit}", observable)
    if known["severe_liver_toxicity"] is not None:
        found["severe_liver_toxicity_signed"] = known["severe_liver_toxicity"]
    if isinstance(known["weight_change_percent"], Decimal):
        found["weight_loss_percent"] = -known["weight_change_percent"]
    if isinstance(known["level"], str):
        found["level_for_dose"] = edition.regimen.lower(known["level"], str(known["level_decided"] or known["level"]))
    if known["level"] == "full":
        found["level_raised"] = False
    if known["response"] in ("cr", "cri", "none", "relapse"):
        lost = known["response"] == "none" and known["best_response_remission"] is True
        found["response_lost"] = known["response"] == "relapse" or lost
    return found


def _last_on_record(known: Facts, edition: Edition) -> dict[str, Value]:
    """A value stated is reported, and is the last one on record."""
    found: dict[str, Value] = {}
    for entry in edition.facts.values():
        value, pick = known.get(entry.pick.of[0]), entry.pick
        if isinstance(value, Decimal) and pick.how == "reported":
            found[entry.name] = True
        elif isinstance(value, Decimal) and pick.how == "latest_before" and not pick.fresh_for and not pick.words:
            found[entry.name] = value
    return found


def _to_be_signed(edition: Edition) -> frozenset[str]:
    """The observables of which only signed readings count."""
    return frozenset(name for name, observable in edition.observables.items() if observable.signed)


def _that_count(record: Record, at: datetime, to_be_signed: frozenset[str]) -> dict[str, list[Reading]]:
    found: dict[str, list[Reading]] = {}
    for reading in record.readings:
        name = reading.observable
        if reading.at <= at and (reading.signed or name not in to_be_signed):
            if name in found:
                found[name].append(reading)
            else:
                found[name] = [reading]
    return found


def _from_readings(edition: Edition) -> list[tuple[str, Picker, Pick]]:
    """The facts that a picker finds among the readings."""
    picks = [(name, entry.pick) for name, entry in edition.facts.items()]
    return [(name, BY_NAME[pick.how], pick) for name, pick in picks if pick.how in BY_NAME]


def _from_the_course(edition: Edition) -> list[FactEntry]:
    """The facts that the course, the patient or the record as a whole says."""
    return [entry for entry in edition.facts.values() if entry.pick.how in ("course", "patient", "record")]


def _computed(edition: Edition) -> list[FactEntry]:
    """The facts that follow from other facts, in the order of the dictionary."""
    return [entry for entry in edition.facts.values() if entry.pick.how == "derived"]


def _picked(entry: FactEntry, moment: Moment, record: Record) -> Fact:
    pick = entry.pick
    if pick.how == "patient":
        return _of_patient(pick.of[0], record.patient, moment)
    if pick.how == "record":
        return RECORD[pick.of[0]](record, moment)
    history = COURSE.get(pick.of[0])
    if history is None:
        return MISSING
    point = moment.course.point
    if point is None:
        return NOT_ASKED
    fact = history(moment, point)
    return route(fact, record, moment) if pick.of[0] == "route" else fact


def _of_patient(name: str, patient: Patient, moment: Moment) -> Fact:
    if name == "sex":
        return Fact(patient.sex) if patient.sex else MISSING
    return age(patient, moment.course.today)


def _derived(found: dict[str, Fact], edition: Edition) -> None:
    """Fill in what follows from other facts, in the order of the dictionary; a stated value stays."""
    for entry in edition.once(_computed):
        name = entry.name
        if name in found and found[name].value is not None:
            continue
        how, parts = entry.pick.of[0], entry.pick.of[1:]
        of = [found[part] for part in parts]
        known = _newest(parts, of) if how == "qtcf" else {part: found[part].value for part in (*parts, "sex")}
        value = derive(how, parts, known, edition.policy.bsa_formula)
        found[name] = Fact(value, when=of[0].when) if value is not None else _why_not(of, how)


def _newest(parts: tuple[str, ...], of: list[Fact]) -> dict[str, Value | None]:
    """A reported QTcF counts unless an ECG without one is newer."""
    reported, qt = of[0], of[1]
    older = reported.when is not None and qt.when is not None and qt.when > reported.when
    return {name: None if older and fact is reported else fact.value for name, fact in zip(parts, of, strict=True)}


def _why_not(parts: list[Fact], how: str) -> Fact:
    """Why a derived fact is unknown: the first absent part says."""
    absent = [part for part in parts if part.value is None]
    unusable = {"positive": "conflicting", "decided": "not_asked"}.get(how, "implausible")
    return Fact(why=absent[0].why if absent else unusable)
