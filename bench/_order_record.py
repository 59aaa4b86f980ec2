"""Slips that lie in the record: a clean order although a value is missing, old, or forbids the dose; and signatures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from _order_moments import TOLD, Json, Moment, is_dose, with_
from _order_slips import Book, Spoilt, beyond, clean, dosed, mosteller, number, says, to_mg
from _order_written import last_given

book = Book()
OWN, UCUM, ATC = "urn:posology:codes", "http://unitsofmeasure.org", "http://www.whocc.no/atc"
LIVER = ("alt", "ast", "bilirubin")
COUNTS = ("anc", "platelets")
HOLDS = frozenset({"E03", "E09", "E10", "E12", "E13", "E19"})
"""A hold, the value that is missing behind it, and the dose repeated in spite of it: one fact, told as several classes."""

Change = Callable[[Json], Json | None]


def edited(at: Moment, change: Change, about: Callable[[Json], bool]) -> Json | None:
    """The bundle with some resources changed, or left out where `change` gives None. None where there is none."""
    found, entries = False, []
    for entry in at.bundle["entry"]:
        resource = entry["resource"]
        if about(resource):
            found, resource = True, change(resource)
        if resource is not None:
            entries.append({"resource": resource})
    return {**at.bundle, "entry": entries} if found else None


def of_today(at: Moment, *names: str) -> Callable[[Json], bool]:
    """Is it today's result of one of these?"""
    ends = tuple(f"-{name}" for name in names)

    def about(resource: Json) -> bool:
        stamp = resource.get("effectiveDateTime", "")
        seen = resource["resourceType"] == "Observation" and resource["id"].endswith(ends)
        return seen and datetime.fromisoformat(stamp).date() == at.today

    return about


def valued(value: Decimal) -> Callable[[Json], Json]:
    return lambda one: {**one, "valueQuantity": {**one["valueQuantity"], "value": value}}


def spoilt(at: Moment, error: str, bundle: Json | None, also: str = "") -> Spoilt | None:
    """A clean order on this record. What a record that holds a dose brings with it is the same fact told again."""
    held = HOLDS if error in HOLDS else frozenset()
    return None if bundle is None else Spoilt(clean(at), frozenset({error}), held | {*also.split()}, bundle=bundle)


def _gone(resource: Json) -> None:
    return None


def cycle_start(at: Moment) -> bool:
    return at.sheet.cycle > 1 and at.sheet.dose == 1


# --- E12: what the decision rests on ------------------------------------------------------------------------------------


@book.slip("E12", "a liver test not done")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return spoilt(at, "E12", edited(at, _gone, of_today(at, luck.choice(LIVER))))


@book.slip("E12", "counts not done at the start of a cycle")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return spoilt(at, "E12", edited(at, _gone, of_today(at, luck.choice(COUNTS)))) if cycle_start(at) else None


@book.slip("E12", "liver tests of five days ago")
def _(at: Moment, luck: Random) -> Spoilt | None:
    def older(one: Json) -> Json:
        then = datetime.fromisoformat(one["effectiveDateTime"]) - timedelta(days=5)
        return {**one, "effectiveDateTime": then.isoformat()}

    return spoilt(at, "E12", edited(at, older, of_today(at, luck.choice(LIVER))))


@book.slip("E12", "no upper limit of normal anywhere")
def _(at: Moment, luck: Random) -> Spoilt | None:
    name = f"-{luck.choice(LIVER)}"

    def bare(one: Json) -> Json:
        return {key: value for key, value in one.items() if key != "referenceRange"}

    return spoilt(at, "E12", edited(at, bare, lambda one: one["id"].endswith(name)))


@book.slip("E12", "a unit of another kind")
def _(at: Moment, luck: Random) -> Spoilt | None:
    def strange(one: Json) -> Json:
        return {**one, "valueQuantity": {**one["valueQuantity"], "unit": "kg", "code": "kg"}}

    return spoilt(at, "E12", edited(at, strange, of_today(at, luck.choice(LIVER))))


@book.slip("E12", "nobody looked for signs before the dose")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return spoilt(at, "E12", edited(at, _gone, of_today(at, "pre-dose-review")))


# --- E13: values that hold the dose -------------------------------------------------------------------------------------


def _liver(name: str, times: Decimal) -> Callable[[Moment, Random], Spoilt | None]:
    def make(at: Moment, luck: Random) -> Spoilt | None:
        if name == "bilirubin" and at.story.startswith("gilbert"):
            return None  # a signed exemption; the value alone holds nothing

        def high(one: Json) -> Json:
            limit = Decimal(one["referenceRange"][0]["high"]["value"])
            return valued((limit * (times + Decimal(luck.randint(1, 30)) / 10)).quantize(Decimal("0.1")))(one)

        return spoilt(at, "E13", edited(at, high, of_today(at, name)))

    return make


book.slip("E13", "ALT above 2.5 times its limit")(_liver("alt", Decimal("2.5")))
book.slip("E13", "AST above 2.5 times its limit")(_liver("ast", Decimal("2.5")))
book.slip("E13", "bilirubin above 1.5 times its limit")(_liver("bilirubin", Decimal("1.5")))


def _counts(name: str, least: Decimal, share: int) -> Callable[[Moment, Random], Spoilt | None]:
    """Below the limit at the start of a later cycle; only where the count before treatment was above it."""

    def make(at: Moment, luck: Random) -> Spoilt | None:
        before = [one for one in at.drawn.case.record.of(name) if isinstance(one.value, Decimal)]
        first = before[0].value if before else None
        if not cycle_start(at) or not isinstance(first, Decimal) or first < 2 * least or at.story == "low_baseline_counts":
            return None
        low = (least * luck.randint(10, share) / 100).quantize(Decimal("0.1"))
        return spoilt(at, "E13", edited(at, valued(low), of_today(at, name)))

    return make


book.slip("E13", "platelets below 50 at the start of a cycle")(_counts("platelets", Decimal(50), 98))
book.slip("E13", "ANC below 1 at the start of a cycle")(_counts("anc", Decimal(1), 90))


def _reviewed(form: str, part: str, values: tuple[Json, ...]) -> None:
    def make(at: Moment, luck: Random) -> Spoilt | None:
        value = luck.choice(values)

        def seen(one: Json) -> Json:
            parts = [
                {"code": each["code"], **value} if each["code"]["coding"][0]["code"] == part else each
                for each in one["component"]
            ]
            return {**one, "component": parts}

        return spoilt(at, "E13", edited(at, seen, of_today(at, "pre-dose-review")))

    book.slip("E13", form)(make)


def _word(code: str) -> Json:
    return {"valueCodeableConcept": {"coding": [{"system": OWN, "code": code}]}}


_reviewed("veno-occlusive disease suspected or confirmed", "vod", (_word("suspected"), _word("confirmed")))
_reviewed("toxicity of grade 2 to 4", "toxicity-grade", tuple({"valueInteger": grade} for grade in (2, 3, 4)))
_reviewed("infusion reaction of grade 3 or 4", "infusion-reaction-grade", ({"valueInteger": 3}, {"valueInteger": 4}))


# --- E03, E04, E09, E10: what changed since the last dose ---------------------------------------------------------------


def _weighed(at: Moment, factor: Decimal) -> Json | None:
    was = number(at.last, "weight") if at.last else None
    if was is None:
        return None
    return edited(at, valued((was * factor).quantize(Decimal("0.1"))), of_today(at, "weight"))


@book.slip("E03", "a weight 12 to 30 % below the last dose's, ordered without asking")
def _(at: Moment, luck: Random) -> Spoilt | None:
    """A loss: a gain of that size is also a sign of veno-occlusive disease, which holds."""
    return spoilt(at, "E03", _weighed(at, Decimal(luck.randint(70, 88)) / 100))


@book.slip("E10", "the mg of the dose before although the weight changed")
def _(at: Moment, luck: Random) -> Spoilt | None:
    """At the start of a cycle, which doses on the weight of that day; within one the weight of its first day doses."""
    factor = Decimal(luck.randint(70, 84)) / 100
    bundle = _weighed(at, factor)
    if bundle is None or at.last is None or not cycle_start(at) or number(at.last, "mg-per-m2") != number(at, "mg-per-m2"):
        return None
    weight = (number(at.last, "weight") * factor).quantize(Decimal("0.1"))
    area, copied = mosteller(number(at, "height"), weight), number(at.last, "dose")
    if not beyond(copied, to_mg(number(at, "mg-per-m2"), area)):
        return None
    order = dosed(clean(at), copied, weight=weight, bsa=area)
    return Spoilt(order, frozenset({"E10"}), HOLDS | {"E05"}, bundle=bundle)


@book.slip("E04", "an area filed today that no formula gives")
def _(at: Moment, luck: Random) -> Spoilt | None:
    """A quarter off: for no size in the stories do two published formulas lie that far apart."""
    area = (number(at, "bsa") * luck.choice((Decimal("0.75"), Decimal("1.25")))).quantize(Decimal("0.01"))
    filed = _observation(at, "bsa-recorded", {"valueQuantity": _quantity(area, "m2")})
    return spoilt(at, "E04", with_(at.bundle, filed))


@book.slip("E09", "the last dose 1 to 5 days ago")
def _(at: Moment, luck: Random) -> Spoilt | None:
    """The last dose moved towards today; not the first of a cycle, which would move the cycle with it."""
    last = last_given(at)
    if last is None or at.sheet.dose != 3 or (at.today - last).days > 10:
        return None
    later = timedelta(days=(at.today - last).days - luck.randint(1, 5))

    def moved(one: Json) -> Json:
        period = {key: (datetime.fromisoformat(stamp) + later).isoformat() for key, stamp in one["effectivePeriod"].items()}
        return {**one, "effectivePeriod": period}

    def about(one: Json) -> bool:
        return is_dose(one) and datetime.fromisoformat(one["effectivePeriod"]["start"]).date() == last

    return spoilt(at, "E09", edited(at, moved, about), also="E08")  # a dose the day before may be counted as this one


# --- E19: the heart -----------------------------------------------------------------------------------------------------


@book.slip("E19", "no ECG before the first dose")
def _(at: Moment, luck: Random) -> Spoilt | None:
    first = at.sheet.cycle == 1 and at.sheet.dose == 1
    return spoilt(at, "E19", edited(at, _gone, of_today(at, "qtcf-reported")), also="E12") if first else None


@book.slip("E19", "an ECG older than 14 days before the first dose")
def _(at: Moment, luck: Random) -> Spoilt | None:
    def older(one: Json) -> Json:
        then = datetime.fromisoformat(one["effectiveDateTime"]) - timedelta(days=luck.randint(15, 60))
        return {**one, "effectiveDateTime": then.isoformat()}

    first = at.sheet.cycle == 1 and at.sheet.dose == 1
    return spoilt(at, "E19", edited(at, older, of_today(at, "qtcf-reported")), also="E12") if first else None


@book.slip("E19", "potassium or magnesium not done before the first dose")
def _(at: Moment, luck: Random) -> Spoilt | None:
    first = at.sheet.cycle == 1 and at.sheet.dose == 1
    gone = edited(at, _gone, of_today(at, luck.choice(("potassium", "magnesium"))))
    return spoilt(at, "E19", gone, also="E12") if first else None


@book.slip("E19", "a drug that prolongs QT, begun after the last ECG")
def _(at: Moment, luck: Random) -> Spoilt | None:
    if not at.drawn.case.record.of("qtcf_reported"):
        return None
    begun = {
        "resourceType": "MedicationStatement", "id": "qt", "status": "active", "subject": _subject(at),
        "effectiveDateTime": (at.at - timedelta(minutes=30)).isoformat(),
        "informationSource": {"reference": "Practitioner/x"},
        "medicationCodeableConcept": {"coding": [{"system": ATC, "code": "A04AA01"}]},
    }  # fmt: skip
    return spoilt(at, "E19", with_(at.bundle, begun))


# --- E21, E24: who signed -----------------------------------------------------------------------------------------------

STEPS = ("order-review", "before-compounding", "finished-product", "at-the-chair")


@book.slip("E21", "one person signed two of the four checks")
def _(at: Moment, luck: Random) -> Spoilt | None:
    first, second = luck.sample(STEPS, 2)
    people = {step: f"Practitioner/{step}" for step in STEPS} | {first: "Practitioner/one", second: "Practitioner/one"}
    steps = [step for step in STEPS if step in (first, second) or luck.random() < 0.5]
    signed = [_signed(at, "order-check", {"step": step, "outcome": "passed"}, people[step]) for step in steps]
    return spoilt(at, "E21", with_(at.bundle, *signed))


@book.slip("E24", "dismissed in free text")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return _dismissed(at, luck.choice(("E05:dose", "E04:bsa", "E20:text")), luck.choice(("ok", "as discussed", "-")))


@book.slip("E24", "dismissed by nobody")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return _dismissed(at, "E05:dose", "already-done", None)


@book.slip("E24", "a hard stop dismissed")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return _dismissed(at, luck.choice(("E16:route", "E02:drug", "E09:interval", "E13:vod")), "already-done")


def _dismissed(at: Moment, finding: str, reason: str, by: str | None = "Practitioner/one") -> Spoilt | None:
    note = _signed(at, "override", {"finding": finding, "reason": reason}, by)
    return spoilt(at, "E24", with_(at.bundle, note))


def _subject(at: Moment) -> Json:
    return {"reference": f"Patient/{at.drawn.case.record.patient.id}"}


def _quantity(value: Decimal, unit: str) -> Json:
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


def _observation(at: Moment, code: str, more: Json) -> Json:
    when = (at.at - timedelta(minutes=20)).isoformat()
    coded = {"coding": [{"system": OWN, "code": code}]}
    head = {"resourceType": "Observation", "id": f"bench-{code}", "status": "final", "code": coded}
    return {**head, "subject": _subject(at), "effectiveDateTime": when, **more}


def _signed(at: Moment, code: str, parts: dict[str, str], by: str | None) -> Json:
    coded = [{"code": {"coding": [{"system": OWN, "code": part}]}, "valueString": text} for part, text in parts.items()]
    more: dict[str, Any] = {"component": coded, "basedOn": [{"reference": clean(at).id}]}
    if by:
        more["performer"] = [{"reference": by}]
    return {**_observation(at, code, more), "id": f"bench-{code}-{parts.get('step', 'one')}"}


# --- stories in which no dose is due, and somebody orders one all the same ----------------------------------------------


def in_spite(at: Moment, luck: Random) -> Spoilt | None:
    """The order of the visit before, dated today: at the end of a story that allows no dose."""
    told = TOLD["stories"].get(at.story)
    if told is None or not at.final or at.order is not None or at.last is None:
        return None
    point = at.drawn.report.decision_point
    placed = {"cycle": point.cycle, "dose_number": point.dose, "day": point.day}
    numbers = {name: Decimal(value) for name, value in placed.items() if value is not None}
    order = says(clean(at.last), on=at.today, written_on=at.today, treatment_criteria=("copied",), **numbers)
    # What a copy carries over from the visit before is wrong with it: dose, size, and the count of cycles.
    return Spoilt(order, frozenset({told["error"]}), frozenset({"E03", "E05", "E10", "E12", "E13", "E14", "E11"}))


@book.slip("E10", "the order before, repeated although no dose is due", held=True)
def _(at: Moment, luck: Random) -> Spoilt | None:
    found = in_spite(at, luck)
    if found is None or at.drawn.case.record.doses[-1].mg != clean(at.last or at).mg:
        return None
    return replace(found, errors=frozenset({"E10"}), also=found.also | found.errors)


for _error in ("E03", "E12", "E13", "E14"):

    def _told(at: Moment, luck: Random, error: str = _error) -> Spoilt | None:
        found = in_spite(at, luck)
        return found if found is not None and error in found.errors else None

    book.slip(_error, "a story that allows no dose, ordered all the same", held=True)(_told)
