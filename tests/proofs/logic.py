"""The rule language for a solver: every fact a value and whether it is known, every condition what makes it true and false.

Written apart from `language.evaluate`, so that the two can convict each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import z3

from posology.knowledge import FactEntry, Table
from posology.language import And, Claim, Compare, Condition, Known, Not, OneOf, Or, Value

OTHER = "another word"
OPERATORS = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
    "=": lambda one, other: one == other,
}


@dataclass
class World:
    """One assignment of all facts, known or not. `name` tells two worlds apart that a law compares."""

    dictionary: Mapping[str, FactEntry]
    name: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    knowns: dict[str, Any] = field(default_factory=dict)

    def value(self, fact: str) -> Any:
        if fact not in self.values:
            sort = z3.Real if self.dictionary[fact].kind == "number" else z3.Int if self._worded(fact) else z3.Bool
            self.values[fact] = sort(f"{fact}{self.name}")
        return self.values[fact]

    def known(self, fact: str) -> Any:
        if fact not in self.knowns:
            self.knowns[fact] = z3.Bool(f"known {fact}{self.name}")
        return self.knowns[fact]

    def _worded(self, fact: str) -> bool:
        return self.dictionary[fact].kind == "word"

    def words(self, fact: str) -> tuple[str, ...]:
        return (*self.dictionary[fact].words, OTHER)

    def possible(self, facts: Iterator[str] | frozenset[str]) -> list[Any]:
        """Words are those of the dictionary (or one it does not have); limits of normal are above zero."""
        bounds = []
        for fact in facts:
            if self._worded(fact):
                bounds.append(z3.And(self.value(fact) >= 0, self.value(fact) < len(self.words(fact))))
            elif fact.endswith("_uln"):
                bounds.append(self.value(fact) > 0)
        return bounds

    def meaning(self, condition: Condition) -> tuple[Any, Any]:
        """What makes it true, what makes it false; neither is unknown."""
        match condition:
            case Not(part):
                true, false = self.meaning(part)
                return false, true
            case And(parts):
                each = [self.meaning(part) for part in parts]
                return z3.And([true for true, _ in each]), z3.Or([false for _, false in each])
            case Or(parts):
                each = [self.meaning(part) for part in parts]
                return z3.Or([true for true, _ in each]), z3.And([false for _, false in each])
            case Known(fact):
                return self.known(fact), z3.Not(self.known(fact))
            case Claim(fact):
                return self._settled(self.known(fact), self.value(fact))
            case OneOf(fact, words):
                places = [place for place, word in enumerate(self.words(fact)) if word in words]
                return self._settled(self.known(fact), z3.Or([self.value(fact) == place for place in places]))
            case Compare(fact, operator, limit):
                number = z3.RealVal(str(limit.number))
                known = self.known(fact) if limit.of is None else z3.And(self.known(fact), self.known(limit.of))
                against = number if limit.of is None else number * self.value(limit.of)
                return self._settled(known, OPERATORS[operator](self.value(fact), against))

    @staticmethod
    def _settled(known: Any, true: Any) -> tuple[Any, Any]:
        return z3.And(known, true), z3.And(known, z3.Not(true))

    def same_but(self, other: World, fact: str, facts: frozenset[str]) -> list[Any]:
        """The two worlds agree on every fact but this one."""
        rest = [name for name in facts if name != fact]
        return [self.value(name) == other.value(name) for name in rest] + [
            self.known(name) == other.known(name) for name in rest
        ]

    def facts(self, model: Any, names: frozenset[str]) -> dict[str, Value]:
        """What a model of the solver says of these facts, in the shape the evaluator takes: unknown ones left out."""
        return {name: self._read(model, name) for name in names if z3.is_true(model.eval(self.known(name), True))}

    def _read(self, model: Any, fact: str) -> Value:
        found = model.eval(self.value(fact), True)
        if self.dictionary[fact].kind == "number":
            return Decimal(found.numerator_as_long()) / Decimal(found.denominator_as_long())
        return self.words(fact)[found.as_long()] if self._worded(fact) else z3.is_true(found)


def rows(table: Table, world: World) -> list[tuple[Any, Any]]:
    """For each row of a table what makes it hold, and what makes it fail."""
    return [world.meaning(row.when) for row in table.rows]


def impossible(*claims: Any) -> Any | None:
    """None where no assignment satisfies all of these; otherwise one that does. Undecided counts as a fault."""
    solver = z3.Solver()
    solver.add(*claims)
    answer = solver.check()
    assert answer != z3.unknown, "the solver gave up"
    return None if answer == z3.unsat else solver.model()
