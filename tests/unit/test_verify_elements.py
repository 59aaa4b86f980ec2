"""What holds for every element of every order: leave one out or change one, and it is found; nothing breaks the check."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from posology import stories
from posology.knowledge.orders import SEVERITIES, Element, orders
from posology.record import Order, Written
from posology.verify import CHECKS, compare, derived, elements
from tests.unit.ordered import GIVEN, Resource, drawn, drop, findings, held, request, sheet, unsay, verified
from tests.unit.ordered import at as at_of

STANDARD = ("drug", "written-on", "on", "diagnosis", "dose", "rate", "route")
BOOK = orders()


def other(element: Element, value: Written) -> Written:
    """A value that is not the right one."""
    if isinstance(value, Decimal):
        return value + (Decimal("0.3") if element.places == 2 and element.unit == "m2" else 1)
    if isinstance(value, tuple):
        return value[1:] if len(value) > 1 else ("another",)
    if isinstance(value, str):
        return {"intravenous_infusion": "oral"}.get(value, "another")
    return value.replace(day=value.day % 27 + 1)  # type: ignore[union-attr]


def written(name: str, **changes: Written | None) -> Order:
    """The derived order as if somebody had written it, with some elements changed or left out."""
    said: dict[str, Any] = {**elements(sheet(name)), **{key.replace("_", "-"): value for key, value in changes.items()}}
    kept = {key: value for key, value in said.items() if value is not None}
    return Order("MedicationRequest/x", "draft", "order", route=kept.get("route"), said={**kept, "subject": True})


@pytest.mark.parametrize("name", GIVEN)
def test_every_element_of_an_order_that_is_changed_is_found(name: str) -> None:
    found = drawn(name)
    unseen = []
    for key, value in elements(sheet(name)).items():
        element = BOOK.elements[key]
        if element.kind == "lines" or key in ("drug", "written-on"):
            continue  # words of another hand; the drug and the day of writing are looked at by themselves
        changed = written(name, **{key.replace("-", "_"): other(element, value)})
        if key not in {one.element for one in compare(found, changed)}:
            unseen.append(key)
    assert unseen == []


@pytest.mark.parametrize("name", GIVEN)
def test_every_required_element_that_is_left_out_is_found_as_missing_and_nothing_else_is(name: str) -> None:
    found = drawn(name)
    for key in elements(sheet(name)):
        if key in ("drug", "minutes", "rate"):
            continue  # an order without a drug is none of this drug; a rate and a duration stand for each other
        ids = {one.id for one in compare(found, written(name, **{key.replace("-", "_"): None}))}
        required = bool(BOOK.elements[key].missing)
        assert ids == ({f"E20:{key}"} if required and not key.startswith(("premed", "observe")) else ids & {f"E15:{key}"})
        assert bool(ids) == required


def test_a_rate_and_a_duration_stand_for_each_other_and_without_both_one_is_missing() -> None:
    found = drawn("first_dose")
    assert compare(found, written("first_dose", rate=None)) == compare(found, written("first_dose", minutes=None)) == ()
    both = compare(found, written("first_dose", rate=None, minutes=None))
    assert {one.id for one in both} == {"E20:rate", "E20:minutes"}


@pytest.mark.parametrize("name", ["first_dose", "cycle_2_remission", "child"])
def test_each_part_of_a_fhir_order_that_is_left_out_is_found_unless_it_may_be(name: str) -> None:
    """Through FHIR, extension by extension."""
    for key in elements(sheet(name)):
        if key not in STANDARD:
            ids = {one.partition(":")[2] for one in findings(name, unsay(key))}
            assert ids == ({key} if BOOK.elements[key].missing and key != "minutes" else set()) or key == "minutes"


def test_what_is_derived_is_what_is_written_and_neither_has_an_element_that_is_not_in_the_table() -> None:
    for name in GIVEN:
        assert derived(drawn(name)) == elements(sheet(name))
        assert set(elements(sheet(name))) <= set(BOOK.elements)


def test_every_class_of_error_is_detected_by_something_or_says_why_not() -> None:
    assert list(BOOK.classes) == [f"E{number:02}" for number in range(1, 25)]
    assert all(one.detects for one in BOOK.classes.values())
    assert all(element.cites.source == "order-safety" for element in BOOK.elements.values())
    assert set(BOOK.severity.values()) <= set(SEVERITIES)
    assert len(set(CHECKS)) == len(CHECKS)


def test_every_question_of_the_decision_stands_for_a_class() -> None:
    for edition in ("us", "eu"):
        from posology.api import load_edition

        tables = load_edition(edition).tables
        assert set(tables) <= set(BOOK.concerns)
        rows = {row.id for table in tables.values() for row in table.rows}
        named = {row for concerns in BOOK.concerns.values() for row in concerns if row}
        assert named <= rows | {"ecg", "electrolytes"}


JUNK: tuple[Any, ...] = (
    None,
    [],
    {},
    "",
    "x",
    0,
    -1,
    Decimal("1E+9"),
    True,
    [None],
    {"value": None},
    [{"x": [[]]}],
    "2026-99-99",
)


def spoilt(made: Resource, chance: Random) -> Resource:
    """A few random places of an order replaced by junk."""
    for _ in range(chance.randint(1, 3)):
        place: Any = made
        while True:
            key = chance.choice(list(place) if isinstance(place, dict) else list(range(len(place))))
            inner = place[key]
            if not isinstance(inner, (dict, list)) or not inner or chance.random() < 0.3:
                if (place is made) and key in ("resourceType", "id", "subject"):
                    break
                place[key] = chance.choice(JUNK)
                break
            place = inner
    return made


@pytest.mark.parametrize("seed", range(120))
def test_an_order_of_any_shape_is_read_or_refused_and_never_breaks_the_check(seed: int) -> None:
    made = spoilt(deepcopy(request("first_dose")), Random(seed))
    try:
        found = held(stories.bundle("first_dose"), at_of("first_dose"), made)
    except ValueError as error:
        assert str(error).count("\n") == 0
        return
    for one in found:
        assert len({part.id for part in one.findings}) == len(one.findings)


def test_an_order_whose_dosage_is_gone_is_found_and_stops() -> None:
    made = deepcopy(request("first_dose"))
    drop("dosageInstruction")(made)
    (found,) = verified("first_dose", made)
    assert {"E20:dose", "E20:route", "E20:on"} <= {one.id for one in found.findings} and found.stops
