"""What is made quickly is the frozen object that its own name makes, and as frozen."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from posology.decide import Answer
from posology.facts import Fact
from posology.quickly import quickly
from posology.record import Quality, Reading

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MADE = [
    (Fact, (Decimal(3), None, NOON, "Observation/a", "3 g/dL", None, "")),
    (Reading, ("Observation/a", "anc", NOON, Decimal(1), None, Decimal(8), Quality.OK, True, "1 10*9/L", None)),
    (Answer, ("liver", "ask", "interrupt", (), ("ast",), {})),
]


@pytest.mark.parametrize(("kind", "values"), MADE)
def test_it_is_the_object_that_the_class_makes(kind: Any, values: tuple[Any, ...]) -> None:
    one, other = quickly(kind)(*values), kind(*values)
    assert type(one) is kind and one == other and repr(one) == repr(other)
    assert [getattr(one, field.name) for field in fields(kind)] == list(values)
    assert replace(one, **{fields(kind)[0].name: "b"}) == replace(other, **{fields(kind)[0].name: "b"})


@pytest.mark.parametrize(("kind", "values"), MADE)
def test_it_is_as_frozen_as_the_class_says(kind: Any, values: tuple[Any, ...]) -> None:
    one = quickly(kind)(*values)
    for field in fields(kind):
        with pytest.raises(FrozenInstanceError):
            setattr(one, field.name, None)
    assert not hasattr(one, "__dict__")


def test_fields_with_a_default_may_be_left_out_and_the_others_not() -> None:
    assert quickly(Fact)() == Fact()
    assert quickly(Reading)("Observation/a", "anc", NOON, None) == Reading("Observation/a", "anc", NOON, None)
    with pytest.raises(TypeError):
        quickly(Reading)("Observation/a")


def test_a_class_that_checks_itself_when_made_is_refused() -> None:
    @dataclass(frozen=True, slots=True)
    class Checked:
        number: int

        def __post_init__(self) -> None:
            raise ValueError("never")

    with pytest.raises(TypeError, match="checks itself"):
        quickly(Checked)
