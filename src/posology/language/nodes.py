"""What a condition may say: seven frozen nodes and nothing else. No evaluation, no text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Value = Decimal | str | bool
Operator = Literal["<", "<=", ">", ">=", "="]


@dataclass(frozen=True, slots=True)
class Limit:
    """A number (`1.0`), a fact (`platelets_prior_cycle`) or a number of times a fact (`1.5 * bilirubin_uln`)."""

    number: Decimal
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A yes/no fact, claimed to be true."""

    fact: str


@dataclass(frozen=True, slots=True)
class Compare:
    """A number compared with a limit in the fact's canonical unit."""

    fact: str
    operator: Operator
    limit: Limit


@dataclass(frozen=True, slots=True)
class OneOf:
    """A word fact is one of these words."""

    fact: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """Is anything known of this fact? The only condition that an unknown fact can answer."""

    fact: str


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Condition, ...]


Leaf = Claim | Compare | OneOf | Known
Condition = Leaf | Not | And | Or


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Every leaf, left to right."""
    match condition:
        case Not(part):
            yield from leaves(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case leaf:
            yield leaf


def facts_of(leaf: Leaf) -> tuple[str, ...]:
    """The facts one leaf looks at."""
    if isinstance(leaf, Compare) and leaf.limit.of:
        return (leaf.fact, leaf.limit.of)
    return (leaf.fact,)


def facts_in(condition: Condition) -> tuple[str, ...]:
    """Every fact a condition looks at, once each, in order of appearance."""
    return tuple(dict.fromkeys(name for leaf in leaves(condition) for name in facts_of(leaf)))


def numbers_in(condition: Condition) -> tuple[Decimal, ...]:
    """Every number a condition states; the silent 1 of `x >= y` is not one."""
    limits = [leaf.limit for leaf in leaves(condition) if isinstance(leaf, Compare)]
    return tuple(limit.number for limit in limits if not (limit.of and limit.number == 1))
