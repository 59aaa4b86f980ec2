"""All terms in all versions side by side: and where versions part. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from posology.facts import Gathered
from posology.grading.grade import Graded, grade
from posology.knowledge import VERSIONS, ClinicalTerm, Observable, Term, ctcae

ACTS = 2
"""The grade from which the label's general row holds a dose."""


@dataclass(frozen=True, slots=True)
class Versions:
    """One term in every version asked for. `part`: two versions cannot both be right, whatever is still unknown."""

    term: Term
    says: str
    by_version: tuple[Graded, ...]

    @property
    def part(self) -> bool:
        spans = [one.span for one in self.by_version if one.state in ("graded", "range")]
        return bool(spans) and max(low for low, _ in spans) > min(high for _, high in spans)

    def of(self, version: str) -> Graded | None:
        return next((one for one in self.by_version if one.version == version), None)


@dataclass(frozen=True, slots=True)
class Grades:
    """Every laboratory term graded, the clinical terms to ask a person about, and the facts behind them."""

    versions: tuple[str, ...]
    terms: tuple[Versions, ...]
    clinical: tuple[ClinicalTerm, ...]
    facts: Gathered


def grades(facts: Gathered, observables: Mapping[str, Observable], versions: Sequence[str] = VERSIONS) -> Grades:
    """Every term in each version."""
    known = ctcae()
    terms = tuple(
        Versions(
            term,
            known.groups[term.group],
            tuple(grade(term, version, facts, known, observables) for version in versions),
        )
        for term in known.terms.values()
    )
    return Grades(tuple(versions), terms, tuple(known.clinical.values()), facts)
