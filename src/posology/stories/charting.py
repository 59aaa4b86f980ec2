"""A course as FHIR resources, one page after the other. Nothing after the moment of decision is written."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from posology.measures import Implausible, bsa
from posology.stories import resources as fhir
from posology.stories.clinic import Value, clinic
from posology.stories.dates import on, stamp, starts, years_before
from posology.stories.pages import Page, first_day, pages
from posology.stories.resources import Product, Resource
from posology.stories.script import Script

_GIVEN = ("completed", "in-progress", "stopped")


def resources(story: Script, seed: int, product: Product) -> Iterator[Resource]:
    """Every resource of the course: the patient, then visit by visit up to the moment of decision."""
    yield _patient(story, seed)
    if story.blank:
        return
    decision = on(starts(story), story.at)
    yield from _conditions(story)
    for page in pages(story, seed):
        yield from _measured(page)
        yield from _reviewed(page)
        yield from _said(page)
        if page.dose is not None and page.on < decision:
            yield from _dosed(page, product)


def slug(story: Script) -> str:
    """The logical id of the patient: the name of the story."""
    return story.name.replace("_", "-")


def _subject(story: Script) -> str:
    return f"Patient/{slug(story)}"


def _id(page: Page, key: str) -> str:
    short = clinic().short.get(key, key).replace("_", "-")
    return f"{slug(page.story)}-{page.tag}-{short}"


def _at(page: Page, clock: str) -> str:
    return stamp(page.on, clock, page.story.zone)


def _patient(story: Script, seed: int) -> Resource:
    person: Resource = {"resourceType": "Patient", "id": slug(story)}
    if story.person.sex is not None:
        person["gender"] = story.person.sex
    if story.person.age_years is not None:
        person["birthDate"] = years_before(story.start, story.person.age_years, 100 + seed % 100).isoformat()
    return person


def _conditions(story: Script) -> Iterator[Resource]:
    before = story.start.fromordinal(story.start.toordinal() - clinic().schedule.marrow_days_before).isoformat()
    if "leukaemia" not in story.screening.without:
        yield fhir.condition(f"{slug(story)}-leukaemia", _subject(story), "leukaemia", before, "confirmed")
    begun, last = starts(story), on(starts(story), story.at)
    for n, finding in enumerate(story.findings, start=1):
        if (day := on(begun, finding.on)) <= last:
            id = f"{slug(story)}-{finding.key}-{n}"
            yield fhir.condition(id, _subject(story), finding.key, day.isoformat(), finding.verification)


def _measured(page: Page) -> Iterator[Resource]:
    visit, house = page.visit, clinic()
    panels = page.holds.panels if visit.panels is None or page.kind == "marrow" else visit.panels
    keys = dict.fromkeys(key for panel in panels for key in house.panels[panel])
    if page.kind != "marrow":
        keys |= dict.fromkeys(visit.values)
    for key in keys:
        if key not in visit.without and (value := page.value(key)) is not None:
            yield _result(page, key, value)


def _result(page: Page, key: str, value: Decimal) -> Resource:
    analyte, visit = page.analyte(key), page.visit
    before = visit.sampled_days_before.get(key, 0)
    day = page.on.fromordinal(page.on.toordinal() - before)
    return fhir.measured(
        _id(page, key),
        _subject(page.story),
        analyte,
        value,
        stamp(day, analyte.clock, page.story.zone),
        unit=visit.units.get(key, analyte.unit),
        with_limits=key not in visit.no_limit,
    )


def _reviewed(page: Page) -> Iterator[Resource]:
    code, visit = page.holds.review, page.visit
    if code is None and visit.review and page.kind == "extra":
        code = "pre-dose-review"
    if code is None or code in visit.without:
        return
    parts = {**clinic().reviews[code], **visit.review}
    kept = {part: value for part, value in parts.items() if part not in visit.without}
    signed = code not in visit.unsigned
    yield fhir.review(_id(page, code), _subject(page.story), code, kept, _at(page, "say"), signed=signed)


def _said(page: Page) -> Iterator[Resource]:
    derived, visit = clinic().derived_from, page.visit
    own = {} if page.kind == "marrow" else visit.say
    spoken = {**clinic().say.get(page.kind, {}), **_of_the_course(page), **own}
    for code, value in spoken.items():
        if code in visit.without:
            continue
        source = _id(page, derived[code]) if code in derived else None
        yield fhir.said(
            _id(page, code),
            _subject(page.story),
            code,
            value,
            _at(page, "marrow" if page.kind == "marrow" else "say"),
            signed=code not in visit.unsigned,
            derived_from=source,
        )


def _of_the_course(page: Page) -> dict[str, Any]:
    if page.kind == "marrow":
        return _known(_response(page))
    if page.kind == "screening":
        return _known({"transplant-intent": page.story.transplant_intent, **_pregnancy(page.story)})
    return _known({"transplant-intent": page.story.transplant_intent} if page.kind == "start" else {})


def _known(spoken: dict[str, Value | None]) -> dict[str, Any]:
    return {code: value for code, value in spoken.items() if value is not None}


def _response(page: Page) -> dict[str, Value | None]:
    last, story = page.cycle - 2, page.story
    extension = story.extended if last == 0 else None
    mrd = story.mrd[last] or None if last < len(story.mrd) else None
    return {"response": story.response_before(page.cycle), "mrd": mrd, "cycle-extension": extension}


def _pregnancy(story: Script) -> dict[str, Value | None]:
    sex, age = story.person.sex, story.person.age_years
    if sex != "female" or age is None:
        return {}
    youngest, oldest = clinic().fertile_years
    could = youngest <= age <= oldest
    return {"could-be-pregnant": could, "pregnant": False if could else None}


def _dosed(page: Page, product: Product) -> Iterator[Resource]:
    visit, who, id = page.visit, _subject(page.story), _id(page, "dose")
    if visit.given == "deferred":
        reason = visit.reason or "other"
        yield fhir.said(_id(page, "deferred"), who, "dose-deferred", reason, _at(page, "infusion"), signed=True)
    elif visit.given == "not-done":
        yield fhir.not_done(id, who, product, _at(page, "infusion"), visit.reason)
    elif visit.given != "unrecorded":
        if visit.given in _GIVEN:
            yield from _premedicated(page)
        start, end = _at(page, "infusion"), _at(page, "infusion_end")
        yield fhir.administered(id, who, product, visit.given, start, end, _milligrams(page))


def _premedicated(page: Page) -> Iterator[Resource]:
    for key, medicine in clinic().premedication.items():
        if key not in page.visit.without:
            at = _at(page, "premedication")
            yield fhir.premedicated(_id(page, key), _subject(page.story), medicine, at)


def _milligrams(page: Page) -> Decimal | None:
    day, booked = first_day(page.story, page.seed, page.cycle), clinic().schedule
    height, weight = day.value("height"), day.value("weight")
    if height is None or weight is None or page.dose is None:
        return None
    remission = page.story.response_before(page.cycle) in booked.remission
    doses = booked.remission_mg_per_m2 if remission else booked.unremitted_mg_per_m2
    mg_per_m2 = page.visit.mg_per_m2 or doses[page.dose - 1]
    try:
        exact = mg_per_m2 * bsa(height, weight, booked.bsa_formula, page.story.person.sex)
    except Implausible:
        return None
    return exact.quantize(booked.mg_step, ROUND_HALF_UP)
