"""Random courses for property tests: branches and oddities of `oddities.toml`, the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any, TypeVar

from posology.stories.charting import resources
from posology.stories.clinic import exact, read_toml
from posology.stories.resources import Product, Resource
from posology.stories.script import Day, Finding, Person, Script, Visit
from posology.stories.tales import decision, product
from posology.stories.writing import bundle_of

_T = TypeVar("_T")
_Change = Callable[[Visit, "_Luck", Script], Visit]


@cache
def _odd() -> Mapping[str, Any]:
    return read_toml("oddities.toml")


class _Luck:
    """Seeded draws in whole numbers."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def happens(self, what: str) -> bool:
        return self._random.randrange(100) < int(_odd()["percent"][what])

    def up_to(self, most: int) -> int:
        return 1 + self._random.randrange(most)

    def one(self, of: Sequence[_T]) -> _T:
        return of[self._random.randrange(len(of))]

    def pair(self, table: Mapping[str, Sequence[Any]]) -> tuple[str, Any]:
        key = self.one(tuple(table))
        return key, exact(self.one(table[key]))


def random_bundle(seed: int, edition: str = "us") -> tuple[dict[str, Any], datetime]:
    """A random course as a FHIR bundle (numbers are `Decimal`) and its moment of decision; equal for equal seeds.

    Now and then the bundle holds events later than that moment.
    """
    luck = _Luck(seed)
    story = _course(seed, luck)
    written = list(_spoilt(resources(story, seed, _product(edition)), luck))
    early = luck.one(_odd()["days_before_the_last"]) if luck.happens("beyond") else 0
    return bundle_of(written), decision(story) - timedelta(days=early)


@cache
def _product(edition: str) -> Product:
    return product(edition)


def _course(seed: int, luck: _Luck) -> Script:
    odd = _odd()
    at = Day(luck.one(odd["cycles"]), luck.one(odd["decision_days"]))
    days = (odd["last_start"] - odd["first_start"]).days
    story = Script(
        name=f"random_{seed}",
        start=odd["first_start"] + timedelta(days=luck.up_to(days)),
        zone=luck.one(odd["zones"]),
        at=at,
        person=_person(luck),
        blank=luck.happens("blank"),
        transplant_intent=luck.one(odd["transplant_intent"]) or None,
        responses=tuple(luck.one(odd["responses"]) for _ in range(1, at.cycle)),
        mrd=tuple(luck.one(odd["mrd"]) for _ in range(1, at.cycle)),
        extended=luck.one(odd["extended"]) or None,
        late_starts=_late_starts(at, luck),
    )
    return replace(story, visits=_visits(story, luck), screening=_screening(luck), findings=_findings(story, luck))


def _person(luck: _Luck) -> Person:
    row = luck.one(_odd()["odd_persons" if luck.happens("odd_person") else "persons"])
    numbers = {key: Decimal(row[key]) for key in ("height_cm", "weight_kg") if key in row}
    return Person(sex=row.get("sex"), age_years=row.get("age_years"), **numbers)


def _late_starts(at: Day, luck: _Luck) -> dict[int, int]:
    late = _odd()["late_start_days"]
    return {cycle: luck.one(late) for cycle in range(2, at.cycle + 1) if luck.happens("late_start")}


def _findings(story: Script, luck: _Luck) -> tuple[Finding, ...]:
    if not luck.happens("finding"):
        return ()
    return (Finding("vod", story.at, luck.one(_odd()["finding"]["verification"])),)


def _visits(story: Script, luck: _Luck) -> dict[Day, Visit]:
    visits = {}
    for day in story.planned():
        if luck.happens("odd_visit"):
            visits[day] = _odd_visit(day, story, luck)
    if luck.happens("extra_visit"):
        extra = _odd()["extra_visit"]
        day = Day(luck.up_to(story.at.cycle), luck.one(extra["days"]))
        visits[day] = _changed(Visit(panels=tuple(luck.one(extra["panels"]))), story, luck)
    return visits


def _odd_visit(day: Day, story: Script, luck: _Luck) -> Visit:
    ordinary = Visit()
    spoilt = _changed(ordinary, story, luck)
    later = luck.one(_odd()["dose"]["later_days"])
    moved = day.day > 1 and spoilt.given == ordinary.given and luck.happens("late_start")
    return replace(spoilt, on=day.day + later) if moved else spoilt


def _changed(visit: Visit, story: Script, luck: _Luck) -> Visit:
    for _ in range(luck.up_to(_odd()["most"]["oddities_of_a_visit"])):
        visit = luck.one(_CHANGES)(visit, luck, story)
    return visit


def _near_a_limit(visit: Visit, luck: _Luck, story: Script) -> Visit:
    key, value = luck.pair(_odd()["values"])
    if key == "weight_percent":
        if story.person.weight_kg is None:
            return visit
        key, value = "weight", story.person.weight_kg * (100 + value) / 100
    return replace(visit, values={**visit.values, key: value})


def _left_out(visit: Visit, luck: _Luck, story: Script) -> Visit:
    odd = _odd()
    gone = luck.one([*odd["values"], *odd["review"], "pre-dose-review", *odd["say"], "weight", "height"])
    return replace(visit, without=(*visit.without, gone))


def _without_limit(visit: Visit, luck: _Luck, story: Script) -> Visit:
    return replace(visit, no_limit=(*visit.no_limit, luck.one(_odd()["limits_missing"]["analytes"])))


def _odd_unit(visit: Visit, luck: _Luck, story: Script) -> Visit:
    key = luck.one(tuple(_odd()["values"]))
    return replace(visit, units={**visit.units, key: luck.one(_odd()["units"]["codes"])})


def _sampled_earlier(visit: Visit, luck: _Luck, story: Script) -> Visit:
    key, days = luck.one(tuple(_odd()["values"])), luck.one(_odd()["sampled_days_before"]["days"])
    return replace(visit, sampled_days_before={**visit.sampled_days_before, key: days})


def _found(visit: Visit, luck: _Luck, story: Script) -> Visit:
    key, value = luck.pair(_odd()["review"])
    return replace(visit, review={**visit.review, key: value})


def _unsigned(visit: Visit, luck: _Luck, story: Script) -> Visit:
    return replace(visit, unsigned=(*visit.unsigned, luck.one(["pre-dose-review", *visit.say])))


def _spoken(visit: Visit, luck: _Luck, story: Script) -> Visit:
    code, value = luck.pair(_odd()["say"])
    return replace(visit, say={**visit.say, code: value})


def _not_plainly_given(visit: Visit, luck: _Luck, story: Script) -> Visit:
    dose = _odd()["dose"]
    return replace(visit, given=luck.one(dose["given"]), reason=luck.one(dose["reasons"]) or None)


def _other_amount(visit: Visit, luck: _Luck, story: Script) -> Visit:
    return replace(visit, mg_per_m2=luck.one(_odd()["dose"]["mg_per_m2"]))


_CHANGES: tuple[_Change, ...] = (
    _near_a_limit,
    _near_a_limit,
    _near_a_limit,
    _left_out,
    _without_limit,
    _odd_unit,
    _sampled_earlier,
    _found,
    _unsigned,
    _spoken,
    _not_plainly_given,
    _other_amount,
)


def _screening(luck: _Luck) -> Visit:
    if not luck.happens("odd_screening"):
        return Visit()
    odd = _odd()
    review, said = luck.pair(odd["baseline_review"]), luck.pair(odd["screening_say"])
    gone = luck.one([*odd["baseline_review"], *odd["screening_say"], "pregnant", "leukaemia", "baseline-review"])
    return luck.one(
        (
            Visit(review=dict([review])),
            Visit(say=dict([said])),
            Visit(without=(gone,)),
            Visit(unsigned=("baseline-review",)),
        )
    )


def _spoilt(written: Iterator[Resource], luck: _Luck) -> Iterator[Resource]:
    whole = list(written)
    odd: dict[int, str] = {}
    if len(whole) > 1 and luck.happens("odd_resource"):
        for _ in range(luck.up_to(_odd()["most"]["odd_resources"])):
            odd[luck.up_to(len(whole) - 1)] = luck.one(_odd()["resource"]["kinds"])
    for place, resource in enumerate(whole):
        yield from _as_spoilt(resource, odd.get(place))


def _as_spoilt(resource: Resource, kind: str | None) -> Iterator[Resource]:
    if kind == "lost":
        return
    if kind == "entered-in-error" and "status" in resource:
        yield {**resource, "status": kind}
        return
    yield resource
    if kind == "twice":
        yield dict(resource)
    if kind == "conflicting" and "valueQuantity" in resource:
        other = resource["valueQuantity"]
        yield {**resource, "id": resource["id"] + "-again", "valueQuantity": {**other, "value": other["value"] + 1}}
