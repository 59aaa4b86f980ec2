"""A condition of the language as a nested list in words. Evaluates nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from posology.answer import condition as leaf_in_words
from posology.answer.explain import MEANS, OPPOSITE
from posology.knowledge import FactEntry
from posology.language import And, Compare, Condition, Known, Leaf, Not, Or, facts_in
from posology.units import normalise

Dictionary = Mapping[str, FactEntry]


def listed(condition: Condition, facts: Dictionary, depth: int = 0) -> Iterator[str]:
    """The condition as lines of a nested Markdown list."""
    match condition:
        case And(parts):
            yield from _all(parts, facts, depth, ("known to be so:", "all of these:"))
        case Not(And(parts)):
            yield from _all(parts, facts, depth, ("not known to be so:", "not all of these:"))
        case Or(parts):
            yield from _under("at least one of these:", parts, facts, depth)
        case Not(Or(parts)):
            yield from _under("none of these:", parts, facts, depth)
        case Not(Not(inner)):
            yield from listed(inner, facts, depth)
        case Not(part):
            assert isinstance(part, Leaf)
            yield _line(leaf(part, False, facts), depth)
        case part:
            yield _line(leaf(part, True, facts), depth)


def leaf(part: Leaf, to: bool, facts: Dictionary) -> str:
    """One leaf in words; a multiple of another fact keeps that fact's meaning."""
    if not isinstance(part, Compare) or part.limit.of is None:
        return leaf_in_words(part, to, facts, {})
    sign = MEANS[part.operator if to else OPPOSITE[part.operator]]
    times = "" if part.limit.number == 1 else f"{normalise(part.limit.number)} × the "
    return f"{facts[part.fact].means} {sign} {times}{facts[part.limit.of].means}"


def _all(parts: tuple[Condition, ...], facts: Dictionary, depth: int, heads: tuple[str, str]) -> Iterator[str]:
    """`x IS KNOWN AND x` is one thing to say: it is known that x. Only where nothing else is asked it needs no list."""
    known, several = heads
    asked = {part.fact for part in parts if isinstance(part, Known)}
    sure = [part for part in parts if _about_one(part, asked)]
    named = {facts_in(part)[0] for part in sure}
    rest = [part for part in parts if part not in sure and not (isinstance(part, Known) and part.fact in named)]
    if len(sure) == 1 and not rest:
        yield _line(f"{known} {_said(sure[0], facts)}", depth)
        return
    yield _line(several, depth)
    for part in parts:
        if part in sure:
            yield _line(f"known to be so: {_said(part, facts)}", depth + 1)
        elif part in rest:
            yield from listed(part, facts, depth + 1)


def _about_one(part: Condition, asked: set[str]) -> bool:
    """Is it one leaf, perhaps denied, about a fact that is also asked to be known?"""
    inner = part.part if isinstance(part, Not) else part
    return isinstance(inner, Leaf) and not isinstance(inner, Known) and facts_in(inner) in {(name,) for name in asked}


def _said(part: Condition, facts: Dictionary) -> str:
    return next(listed(part, facts)).removeprefix("- ")


def _under(head: str, parts: tuple[Condition, ...], facts: Dictionary, depth: int) -> Iterator[str]:
    yield _line(head, depth)
    for part in parts:
        yield from listed(part, facts, depth + 1)


def _line(text: str, depth: int) -> str:
    return f"{'  ' * depth}- {text}"
