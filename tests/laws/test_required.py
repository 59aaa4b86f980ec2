"""No dose is let through while something it must know is unknown, whatever was lost, spoilt or put before its time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from posology import stories
from posology.facts import Gathered
from posology.record import Reading
from tests.laws.patients import Change, Patient, chance, changed, spoilt, told

LETS_THROUGH = ("give", "give_with_review")
ALWAYS = (
    *("anc", "platelets", "bilirubin", "bilirubin_uln", "ast", "ast_uln", "alt", "alt_uln", "weight", "height"),
    *("weight_change_percent", "vod_status", "infusion_reaction_grade", "toxicity_grade", "qtcf", "level", "route"),
    *(
        "age_years",
        "b_all",
        "relapsed_or_refractory",
        "cd22_positive",
        "hypersensitivity",
        "prior_vod",
        "pregnancy_reported",
    ),
    *("ascites", "encephalopathy", "coagulopathy", "nodular_regenerative_hyperplasia"),
)
"""What every dose must know: the label's tests before each dose, its population, and what a signed look must have seen."""
FIRST = ("peripheral_blasts", "ecg_age_days", "electrolytes_age_days", "cns_status", "hbv_positive", "pregnancy_settled")
LATER = ("days_since_last_dose", "days_into_cycle", "response_lost")
START = ("response", "platelets_transfusion_independent", "cycles_without_remission")


def lost(reading: Reading) -> Reading | None:
    return None


def unlimited(reading: Reading) -> Reading:
    return replace(reading, low=None, high=None)


def unsigned(reading: Reading) -> Reading:
    return replace(reading, signed=False)


def a_month_older(reading: Reading) -> Reading:
    return replace(reading, at=reading.at - timedelta(days=30))


CHANGES: tuple[Change, ...] = (lost, spoilt, unlimited, unsigned, a_month_older)


def unknown(facts: Gathered) -> list[str]:
    """What this dose must know and does not."""
    point = (facts["cycle"].value, facts["dose_number"].value)
    needed = [*ALWAYS, *(FIRST if point == (1, 1) else LATER), *(START if point[0] != 1 and point[1] == 1 else ())]
    return [name for name in needed if facts[name].value is None]


def let_through() -> Iterator[Patient]:
    """Every story and some random courses whose dose is let through as they stand."""
    for patient in [*map(told, stories.names()), *map(chance, range(60))]:
        if patient.bare()[0] in LETS_THROUGH:
            yield patient


PATIENTS = list(let_through())


def test_what_is_let_through_covers_first_doses_later_doses_and_starts_of_a_cycle() -> None:
    points = {(facts["cycle"].value == 1, facts["dose_number"].value == 1) for facts in (p.facts() for p in PATIENTS)}
    assert points >= {(True, True), (True, False), (False, True)} and len(PATIENTS) > 15


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_no_dose_is_let_through_without_what_it_must_know(change: Change) -> None:
    stopped = 0
    for patient in PATIENTS:
        for observable in sorted({reading.observable for reading in patient.record.readings}):
            other = changed(patient, observable, change)
            if other.bare()[0] in LETS_THROUGH:
                assert unknown(other.facts()) == [], f"{patient.name} with every {observable} {change.__name__}"
            else:
                stopped += 1
    assert stopped > len(PATIENTS), "the change was of no consequence: it tests nothing"


def test_a_release_without_a_needed_fact_would_be_found() -> None:
    facts = PATIENTS[0].facts()
    assert unknown(facts) == []
    assert unknown({**facts, "anc": replace(facts["anc"], value=None)}) == ["anc"]
