"""Laboratory values of CTCAE v3 grade 2 or above that the signed review does not reach, as warnings. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator

from posology.facts import Gathered
from posology.grading import ORGANS, Graded, unmentioned
from posology.knowledge import Edition
from posology.record import Note


def laboratory(facts: Gathered, edition: Edition) -> Iterator[Note]:
    """One warning a value. Until the review is signed again, no rule hears of it."""
    for term, graded in unmentioned(facts, edition.observables):
        if term.group in ORGANS:
            ask = "an organ finding of grade 2 or above holds the dose by the general row (R15): sign the review again"
        else:
            ask = "sign its cause in a new review (R15)"
        text = f"{term.means}: CTCAE {graded.version} {_grade(graded)}, which the signed review does not mention: {ask}"
        yield Note("laboratory_grade", text, facts[term.value].origin or None)


def _grade(graded: Graded) -> str:
    if graded.grade is not None:
        return f"grade {graded.grade}"
    unknown = ", ".join(name.replace("_", " ") for name in graded.missing)
    return f"grade {graded.at_least} to {graded.at_most} (unknown: {unknown})"
