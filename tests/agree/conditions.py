"""Random conditions of the language, and facts that lie on, one step beside, or nowhere near their thresholds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from posology.language import And, Claim, Compare, Condition, Known, Leaf, Limit, Not, OneOf, Or, leaves
from posology.language.nodes import Operator

KINDS = {
    **dict.fromkeys(("anc", "alt", "alt_uln", "cycle"), "number"),
    **dict.fromkeys(("pregnant", "exempt"), "yes_no"),
    **dict.fromkeys(("status", "intent"), "word"),
}
NUMBERS = tuple(name for name, kind in KINDS.items() if kind == "number")
CLAIMS = tuple(name for name, kind in KINDS.items() if kind == "yes_no")
WORDED = tuple(name for name, kind in KINDS.items() if kind == "word")
WORDS = ("clear", "suspected", "it's confirmed")
STEPS = (Decimal("0.001"), Decimal("0.001"), Decimal("1E-18"))
"""A step a laboratory can report, and the last digit a column holds."""
THRESHOLDS = tuple(Decimal(text) for text in ("0", "1", "1.5", "2.5", "3", "14", "0.125", "2", "50", "5"))
OPERATORS: tuple[Operator, ...] = ("<", "<=", ">", ">=", "=")
Facts = dict[str, Any]


def leaf(choose: Random) -> Leaf:
    """Any one of the four leaves."""
    kind = choose.randrange(6)
    if kind == 0:
        return Claim(choose.choice(CLAIMS))
    if kind == 1:
        return Known(choose.choice(tuple(KINDS)))
    if kind == 2:
        return OneOf(choose.choice(WORDED), tuple(choose.sample(WORDS, choose.randint(1, len(WORDS)))))
    of = choose.choice((None, None, *NUMBERS))
    number = choose.choice(THRESHOLDS[1:] if of else THRESHOLDS)
    return Compare(choose.choice(NUMBERS), choose.choice(OPERATORS), Limit(number, of))


def condition(choose: Random, depth: int = 3) -> Condition:
    """A condition of at most `depth` levels."""
    kind = choose.randrange(4) if depth else 0
    if kind == 0:
        return leaf(choose)
    if kind == 1:
        return Not(condition(choose, depth - 1))
    parts = tuple(condition(choose, depth - 1) for _ in range(choose.randint(2, 3)))
    return And(parts) if kind == 2 else Or(parts)


def beside(number: Decimal, choose: Callable[[Sequence[Decimal]], Decimal]) -> Decimal:
    """The number itself, or one step below or above."""
    step, held = choose(STEPS), number.quantize(STEPS[-1])
    return choose((held - step, held, held + step))


def facts(asked: Sequence[Condition], choose: Random) -> Facts:
    """Facts around the thresholds of these conditions, a fifth of them unknown; some exactly on `n * fact`."""
    compared = [each for one in asked for each in leaves(one) if isinstance(each, Compare)]
    limits = [each.limit.number for each in compared if each.limit.of is None] or list(THRESHOLDS)
    found: Facts = {name: beside(choose.choice(limits), choose.choice) for name in NUMBERS}
    for each in choose.sample(compared, min(2, len(compared))):
        if each.limit.of and each.limit.of != each.fact:
            found[each.fact] = beside(each.limit.number * found[each.limit.of], choose.choice)
    found |= {name: choose.random() < 0.5 for name in CLAIMS}
    found |= {name: choose.choice((*WORDS, "another word")) for name in WORDED}
    return {name: value for name, value in found.items() if choose.random() > 0.2}


@cache
def seeded(seed: int, many: int, size: int) -> tuple[list[Condition], list[Facts]]:
    """`many` conditions and `size` rows of facts."""
    choose = Random(seed)
    asked = [condition(choose) for _ in range(many)]
    return asked, [facts(choose.sample(asked, min(3, many)), choose) for _ in range(size)]
