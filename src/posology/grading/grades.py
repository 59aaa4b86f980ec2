"""All terms in all versions side by side: where versions part, and what the signed review does not mention. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from posology.facts import Gathered
from posology.grading.grade import Graded, grade
from posology.knowledge import VERSIONS, ClinicalTerm, Observable, Term, ctcae

ACTS = 2
"""The grade from which the label's general row holds a dose."""

LABEL_VERSION = VERSIONS[0]
"""The version of that row (R05)."""


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


def unmentioned(facts: Gathered, observables: Mapping[str, Observable]) -> tuple[tuple[Term, Graded], ...]:
    """Laboratory values of grade 2 or above by the label's version that no rule judges and the signed review does not reach.

    Blood counts and liver tests have rules of their own, and so has the QTc. Of an organ a measured value that only might
    reach it counts too. A review that records at least this grade has said it, or something as bad.
    """
    known, reviewed = ctcae(), facts["toxicity_grade"].value
    found = []
    for term in known.terms.values():
        value = facts[term.value]
        if term.group not in JUDGED and not (value.value is None and value.stale is None):
            graded = grade(term, LABEL_VERSION, facts, known, observables)
            might = term.group in ORGANS and value.value is not None and graded.at_most >= ACTS
            said = isinstance(reviewed, Decimal) and reviewed >= max(graded.at_least, ACTS)
            if (graded.at_least >= ACTS or might) and not said:
                found.append((term, graded))
    return tuple(found)


JUDGED = ("blood", "liver", "heart")
"""Groups whose values are judged by rules of their own, whatever the review says."""

ORGANS = ("kidney", "pancreas")
"""Groups whose grade 2 holds the dose without a signed cause (R15)."""
