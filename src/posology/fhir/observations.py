"""Observation resources as readings: laboratory, vital signs, reviews, judgements, recorded decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from posology.fhir import quantity, words
from posology.fhir.intake import MALFORMED, OWN, Intake, Json, Occasion, own_code, rows_of, signed
from posology.fhir.refusal import BadBundle, shown
from posology.fhir.results import SETTLED, read_result
from posology.fhir.signatures import read_signature
from posology.fhir.unplaced import matters
from posology.record import Dose, Given, Quality, Reading, Value

if TYPE_CHECKING:
    from posology.knowledge import CodeRow, Observable

VOID = frozenset({"entered-in-error", "cancelled", "registered"})
REASONS = frozenset({"toxicity", "counts", "convenience", "other"})
DEFERRED, REVIEW = "dose_deferred", "pre_dose_review"
WORDED = frozenset({"valueCodeableConcept", "valueBoolean"})


def read_observation(intake: Intake, resource: Json, ref: str) -> None:
    """All readings of one Observation and its components; what cannot be used is noted."""
    if read_result(intake, resource, ref) or read_signature(intake, resource, ref):
        return
    code = resource["code"]
    rows, parts = rows_of(intake.codes, code), resource.get("component")
    if not rows and not parts:
        unknown(intake, code, ref)
        if matters(intake, resource):
            intake.lose(ref)
        return
    status = resource.get("status")
    usable = status in SETTLED or settle(intake, status, ref)
    if usable is None:
        return
    at = intake.dated(intake.moment(effective(resource)), ref)
    if at is None:
        intake.lose(ref)
        return
    by = signed(intake, resource, resource.get("performer")) and intake.span(effective(resource)) is not None
    seen, before = Occasion(ref, at, by, samples(intake, resource)), len(intake.readings)
    valued = "dataAbsentReason" in resource or any(key.startswith("value") for key in resource)
    open_rows = read_code(intake, resource, rows, seen, valued or not usable)
    if open_rows and (valued or not parts or not usable):
        read_value(intake, resource, open_rows, seen)
    if parts:
        read_components(intake, parts, own_code(code), seen)
        hidden(intake, () if valued else open_rows, seen, before)
    elif any(row.observable == REVIEW for row in rows):
        intake.note("no_value", "a review without components says nothing; add what was looked at", ref)
        intake.lose(ref)
    if not usable:
        intake.doubt(before, Quality.MISSING)
    contradictions(intake, before)


def contradictions(intake: Intake, since: int) -> None:
    """Two findings of one Observation that cannot both be true leave none; an adverse one still counts as a bound."""
    said: dict[str, set[Value | None]] = {}
    for reading in intake.readings[since:]:
        if reading.value is not None and judged(intake.observables[reading.observable]):
            said.setdefault(reading.observable, set()).add(reading.value)
    for name in [name for name, values in said.items() if len(values) > 1]:
        text = f"{name} is said in two ways that contradict each other: neither counts; keep the right one"
        intake.note("contradictory", text, intake.readings[since].id)
        intake.doubt(since, Quality.CONFLICTING, name)


def judged(observable: Observable) -> bool:
    """Is it found or judged by somebody, rather than measured?"""
    return observable.kind != "number" or observable.signed


def unknown(intake: Intake, code: Json, ref: str) -> None:
    """A code in our own system that we do not have is a slip to be told; any other is only counted."""
    ours = own_code(code)
    if ours is None:
        intake.unread += 1
    else:
        intake.note("unknown_code", f"set aside: {OWN} has no code {shown(ours)}; check its spelling", ref)


def settle(intake: Intake, status: object, ref: str) -> bool | None:
    """True: its values count. False: they do not, and are missing. None: the resource is set aside."""
    if status in VOID:
        intake.note(str(status).replace("-", "_"), f"set aside: its status is {status}", ref)
        return None
    if status == "preliminary":
        intake.note("preliminary", "read although preliminary; look for the final result", ref)
        return True
    intake.note("status_unknown", "its values are not used: the status is not final; correct the status", ref)
    return False


def effective(resource: Json) -> object:
    """When it was true of the patient: the instant, or the end of the period, or its start."""
    text = resource.get("effectiveDateTime") or resource.get("effectiveInstant")
    if text is None and "effectivePeriod" in resource:
        period = resource["effectivePeriod"]
        text = period.get("end") or period.get("start")
    return text


def samples(intake: Intake, resource: Json) -> tuple[str | None, ...]:
    """The results or the specimen that it rests on."""
    derived = resource.get("derivedFrom")
    if derived:
        return tuple(intake.resolve(one.get("reference")) for one in derived)
    specimen = resource.get("specimen")
    return (intake.resolve(specimen.get("reference")) if specimen else None,)


def read_code(intake: Intake, resource: Json, rows: Sequence[CodeRow], seen: Occasion, valued: bool) -> Sequence[CodeRow]:
    """What the code itself says; the rows that are left take their value from the resource."""
    open_rows = []
    for row in rows:
        if row.observable == DEFERRED:
            defer(intake, resource, seen)
        elif row.observable in intake.observables:
            if row.value and not valued:
                intake.keep(seen, row.observable, words.fixed(row))
            else:
                open_rows.append(row)
    return open_rows


def read_value(intake: Intake, resource: Json, rows: Sequence[CodeRow], seen: Occasion) -> None:
    """The value of an Observation or of one component, under every row whose kind it fits."""
    before = len(intake.readings)
    try:
        quantities = [resource["valueQuantity"]] if "valueQuantity" in resource else []
        quantities += [{"value": resource["valueInteger"], "code": "1"}] if "valueInteger" in resource else []
        for given in quantities:
            from_quantity(intake, resource, given, rows, seen)
        if not quantities or WORDED & resource.keys():
            from_words(intake, resource, rows, seen)
    except BadBundle:
        raise
    except MALFORMED:
        del intake.readings[before:]
        intake.note("unreadable", "its value is not shaped as FHIR says; correct it", seen.ref)
        absent(intake, rows, seen)


def absent(intake: Intake, rows: Sequence[CodeRow], seen: Occasion) -> None:
    """A result that cannot be used does not vanish behind an older one: it stands there, and its value is missing."""
    for row in rows:
        intake.keep(seen, row.observable, None, Quality.MISSING)
        if intake.observables[row.observable].adverse is not None:
            intake.lose(seen.ref)


def from_quantity(intake: Intake, resource: Json, given: Json, rows: Sequence[CodeRow], seen: Occasion) -> None:
    """A measured number, with the laboratory's limits; or a yes/no where the observable says which numbers mean yes."""
    known = intake.observables
    fitting = [row for row in rows if known[row.observable].kind == "number"]
    if not fitting:
        thresholded(intake, given, rows, seen)
        return
    if len(fitting) > 1:
        intake.note("codes_disagree", "its codes name different tests; keep the right one", seen.ref)
        absent(intake, fitting, seen)
        return
    observable = known[fitting[0].observable]
    value, quality, reported = quantity.measured(intake, given, observable, seen)
    ranges = resource.get("referenceRange") if value is not None else None
    low, high = quantity.limits(intake, ranges, observable, seen.ref) if ranges else (None, None)
    by = seen.signed and observable.signed
    for sample in seen.samples:
        intake.add(Reading(seen.ref, observable.name, seen.at, value, low, high, quality, by, reported, sample))


def thresholded(intake: Intake, given: Json, rows: Sequence[CodeRow], seen: Occasion) -> None:
    """A number under a yes/no observable: yes below its `negative_below`; without one the value is missing."""
    for row in rows:
        observable = intake.observables[row.observable]
        limit = observable.negative_below
        if limit is None:
            misfit(intake, row, seen)
            continue
        value, quality, reported = quantity.measured(intake, given, share(observable, row), seen)
        below = None if value is None else _below(value, str(given.get("comparator") or "="), limit)
        quality = Quality.MISSING if below is None and quality in (Quality.OK, Quality.BOUNDED) else quality
        intake.keep(seen, observable.name, below, Quality.OK if below is not None else quality, reported)


def _below(value: Decimal, comparator: str, limit: Decimal) -> bool | None:
    """Is a value, or anything within this bound, below the limit? None where the bound leaves it open."""
    if comparator == "=":
        return value < limit
    if comparator in ("<", "<="):
        return True if value < limit or (comparator == "<" and value == limit) else None
    return False if value >= limit else None


def share(observable: Observable, row: CodeRow) -> Observable:
    """The same observable as the plain share that its code carries, named as the units table names it."""
    return replace(observable, name=row.code, kind="number", unit="1", plausible=(Decimal(0), Decimal(1)))


def from_words(intake: Intake, resource: Json, rows: Sequence[CodeRow], seen: Occasion) -> None:
    """A coded or boolean value, under every row that takes words."""
    fitting = [row for row in rows if intake.observables[row.observable].kind != "number"]
    spoken = list(words.spoken_value(resource))
    for row in fitting or rows:
        observable = intake.observables[row.observable]
        values = words.said(intake.codes, row, observable, spoken) if observable.kind != "number" else []
        if not values:
            misfit(intake, row, seen)
        for value in values:
            intake.keep(seen, row.observable, value, reported=shown(spoken[0][1]))
            if isinstance(value, bool):
                for name, settled in words.implied(intake.codes, row, value):
                    intake.keep(seen, name, settled)


def misfit(intake: Intake, row: CodeRow, seen: Occasion) -> None:
    """No value, or one that this observable does not take."""
    observable = intake.observables[row.observable]
    takes = {
        "number": f"a number in {observable.unit}",
        "word": f"one of {', '.join(observable.words)}",
        "yes_no": "yes or no, as a boolean or a code",
    }[observable.kind]
    intake.note("no_value", f"{observable.name} has no value that can be used; it takes {takes}", seen.ref)
    absent(intake, [row], seen)


def read_components(intake: Intake, parts: list[Json], parent: str | None, seen: Occasion) -> None:
    """Every component by its own code, or by `parent#component` in our own system."""
    version = accepted_version(parts, intake)
    for part in parts:
        before = len(intake.readings)
        try:
            read_component(intake, part, parent, seen)
        except BadBundle:
            raise
        except MALFORMED:
            intake.note("unreadable", "a component is not shaped as FHIR says; correct it", seen.ref)
            intake.lose(seen.ref)
        if not version:
            only_if_graded(intake, before)


def hidden(intake: Intake, rows: Sequence[CodeRow], seen: Occasion, since: int) -> None:
    """A result without a value of its own, of which its components say nothing that can be read: its value is missing."""
    heard = {reading.observable for reading in intake.readings[since:]}
    for row in rows:
        if row.observable not in heard:
            misfit(intake, row, seen)


def read_component(intake: Intake, part: Json, parent: str | None, seen: Occasion) -> None:
    code = part["code"]
    ours = own_code(code)
    rows = intake.codes.get((OWN, f"{parent}#{ours}")) or rows_of(intake.codes, code)
    open_rows = [row for row in rows if not row.value and row.observable in intake.observables]
    if open_rows:
        read_value(intake, part, open_rows, seen)
    elif ours != "ctcae-version" and (parent is not None or matters(intake, part)):
        unknown(intake, code, seen.ref)
        intake.lose(seen.ref)


def accepted_version(parts: list[Json], intake: Intake) -> bool:
    """Is a component there that says the grades are in the version the label's rule is read in?"""
    try:
        return any(_is_accepted(part, intake) for part in parts)
    except MALFORMED:
        return False


def _is_accepted(part: Json, intake: Intake) -> bool:
    if own_code(part["code"]) != "ctcae-version":
        return False
    spoken = [code for _, code in words.spoken_value(part)]
    spoken += [str(part[key]) for key in ("valueString", "valueInteger") if key in part]
    return any((OWN, f"ctcae-version={one.lower()}") in intake.codes for one in spoken)


def only_if_graded(intake: Intake, since: int) -> None:
    """A toxicity grade 1 in another version, or in none named, may be a 2 in the right one: it is not used."""
    for place in range(since, len(intake.readings)):
        reading = intake.readings[place]
        if reading.observable == "toxicity_review" and isinstance(reading.value, Decimal) and 0 < reading.value < 2:
            text = "toxicity grade 1 is not used: its CTCAE version is another or not named; grade it by version 3"
            intake.note("ctcae_version", text, reading.id)
            intake.readings[place] = replace(reading, value=None, quality=Quality.MISSING)


def defer(intake: Intake, resource: Json, seen: Occasion) -> None:
    """A signed note that a planned dose was put off, and why."""
    days = intake.span(effective(resource))
    if days is None or not seen.signed:
        intake.note("unsigned", "set aside: a put-off dose needs a day and a performer", seen.ref)
        return
    spoken = [code for _, code in words.spoken_value(resource)]
    reason = next((code for code in spoken if code in REASONS), "unstated")
    intake.doses.append(Dose(seen.ref, *days, Given.DEFERRED, reason=reason))
