"""Counterfactuals: the smallest single changes of one fact that would alter the verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from posology.answer.explain import condition
from posology.answer.report import Change
from posology.answer.suppose import supposed, ways_out
from posology.decide import Decision, combined, outcome
from posology.knowledge import Edition
from posology.language import Facts, Leaf, Value


def changes(decision: Decision, edition: Edition, known: Facts, stale: Mapping[str, Value]) -> tuple[Change, ...]:
    """Each single fact whose change alone alters the verdict, with the verdict that follows."""
    found: dict[tuple[str, str], Change] = {}
    for leaf, to in _single(decision, {**known, **stale}):
        changed = supposed(((leaf, to),), {**known, **stale}, edition.facts)
        if changed is None:
            continue
        then = _verdict_with(changed, decision, edition, known, stale)
        if then != decision.verdict:
            words = condition(leaf, to, edition.facts, {**known, **stale})
            found.setdefault((leaf.fact, words), Change(leaf.fact, words, then))
    return tuple(found.values())


def _verdict_with(
    changed: Mapping[str, Value], decision: Decision, edition: Edition, known: Facts, stale: Mapping[str, Value]
) -> str:
    """The verdict with these facts changed: only the tables that look at them are asked again."""
    facts = {**known, **changed}
    old = {name: value for name, value in stale.items() if name not in changed}
    worst = {**facts, **old} if old else None
    return combined(
        outcome(edition.tables[name], facts, worst)
        if changed.keys() & edition.tables[name].facts
        else (a.action, a.could_be)
        for name, a in decision.answers.items()
    )[0]


def _single(decision: Decision, known: Facts) -> Iterator[tuple[Leaf, bool]]:
    for answer in decision.answers.values():
        for finding in answer.findings:
            yield from (way[0] for way in ways_out(finding, known) if len(way) == 1)
