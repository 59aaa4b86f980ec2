"""The laws under the European edition, in fewer courses, and what it alone must know before a dose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from posology.knowledge import load_edition
from tests.laws.patients import Patient, everybody
from tests.laws.test_monotone import GREEN, LAWS, MANY
from tests.laws.test_required import CHANGES, LETS_THROUGH, Change, changed, unknown

EU = load_edition("eu")
ALONE = ("serious_liver_disease", "cirrhosis", "active_hepatitis", "age_at_first_dose")
"""What only this edition must know before every dose; of chromosome and failed inhibitors, one that settles it."""
READ = ("ph_positive", "tki_failures", "serious_liver_disease", "vod_history", "hypersensitivity", "cd22_percent")


def in_europe(seeds: range) -> Iterator[Patient]:
    for patient in everybody(seeds):
        yield replace(patient, edition=EU)


@cache
def let_through() -> tuple[Patient, ...]:
    return tuple(patient for patient in in_europe(range(20)) if patient.bare()[0] in LETS_THROUGH)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_law_holds_for_every_story_and_a_few_courses(law) -> None:
    for patient in in_europe(range(10)):
        law(patient)


@pytest.mark.long
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_law_holds_for_many_courses(law) -> None:
    for patient in in_europe(MANY[:400]):
        law(patient)


def test_some_doses_are_let_through_and_some_are_green() -> None:
    assert len(let_through()) > 8 and any(patient.bare() == GREEN for patient in let_through())
    assert all(patient.facts()["age_years"].value >= 18 for patient in let_through())


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_no_dose_is_let_through_without_what_this_edition_must_know(change: Change) -> None:
    stopped = 0
    for patient in let_through():
        for observable in READ:
            other = changed(patient, observable, change)
            if other.bare()[0] in LETS_THROUGH:
                facts = other.facts()
                assert [*unknown(facts), *(name for name in ALONE if facts[name].value is None)] == [], patient.name
                failed = facts["tki_failures"].value
                assert facts["ph_positive"].value is False or (failed is not None and failed >= 1), patient.name
            else:
                stopped += 1
    assert stopped or change.__name__ in ("unlimited", "unsigned", "a_month_older")
