"""Counterfactuals: the smallest single changes of one fact that would alter the verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from posology.answer.explain import condition
from posology.answer.report import Change
from posology.answer.suppose import supposed
from posology.decide import Decision, verdict
from posology.knowledge import Edition
from posology.language import Facts, Leaf, Value


def changes(decision: Decision, edition: Edition, known: Facts, stale: Mapping[str, Value]) -> tuple[Change, ...]:
    """Each single fact whose change alone alters the verdict, with the verdict that follows."""
    found: dict[tuple[str, str], Change] = {}
    for leaf, to in _single(decision):
        changed = supposed(((leaf, to),), {**known, **stale}, edition.facts)
        if changed is None:
            continue
        fresh = {name: old for name, old in stale.items() if name not in changed}
        then, _ = verdict(edition.tables, {**known, **changed}, fresh)
        if then != decision.verdict:
            words = condition(leaf, to, edition.facts, {**known, **stale})
            found.setdefault((leaf.fact, words), Change(leaf.fact, words, then))
    return tuple(found.values())


def _single(decision: Decision) -> Iterator[tuple[Leaf, bool]]:
    for answer in decision.answers.values():
        for finding in answer.findings:
            yield from (way[0] for way in finding.changes if len(way) == 1)
