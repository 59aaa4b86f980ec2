"""Is a condition well formed against a dictionary of facts? Names, kinds, units and words; no evaluation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from posology.language.nodes import Claim, Compare, Condition, Known, Leaf, OneOf, facts_of, leaves


class Described(Protocol):
    """What the checker must know of a fact."""

    @property
    def kind(self) -> str: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def words(self) -> tuple[str, ...]: ...


Dictionary = Mapping[str, Described]


def faults(condition: Condition, dictionary: Dictionary) -> Iterator[str]:
    """One line for each fault: what, and what to write instead."""
    for leaf in leaves(condition):
        unknown = [name for name in facts_of(leaf) if name not in dictionary]
        yield from (_nobody_knows(name, dictionary) for name in unknown)
        if not unknown:
            yield from _misused(leaf, dictionary)


def _nobody_knows(name: str, dictionary: Dictionary) -> str:
    from difflib import get_close_matches  # here, because it is for mistakes alone

    near = get_close_matches(name, dictionary, n=1)
    return f"no fact is called {name!r}" + (f"; did you mean {near[0]!r}?" if near else "; see facts.toml")


def _misused(leaf: Leaf, dictionary: Dictionary) -> Iterator[str]:
    fact = dictionary[leaf.fact]
    match leaf:
        case Known():
            return
        case Claim(name) if fact.kind != "yes_no":
            yield f"{name!r} is a {fact.kind}: compare it, for example {_example(name, fact)}"
        case OneOf(name, words) if fact.kind == "word":
            for word in words:
                if word not in fact.words:
                    yield f"{name!r} is never {word!r}; its words are {', '.join(fact.words)}"
        case OneOf(name):
            yield f"{name!r} is a {fact.kind}, not a word: write {_example(name, fact)}"
        case Compare(name) if fact.kind != "number":
            yield f"{name!r} is a {fact.kind}, not a number: write {_example(name, fact)}"
        case Compare(name, _, limit) if limit.of:
            yield from _disagreeing(name, fact, limit.of, dictionary[limit.of])


def _disagreeing(name: str, fact: Described, of: str, other: Described) -> Iterator[str]:
    if other.kind != "number":
        yield f"{of!r} is a {other.kind}, not a number"
    elif other.unit != fact.unit:
        yield f"{name!r} is in {fact.unit}, {of!r} in {other.unit}: units must agree"


def _example(name: str, fact: Described) -> str:
    if fact.kind == "yes_no":
        return f"{name} or NOT {name}"
    return f"{name} = '{fact.words[0]}'" if fact.kind == "word" else f"{name} > 1"
