"""CTCAE grades as JSON and in words: all versions side by side, and where they part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from textwrap import wrap
from typing import Any

from posology.answer import Evidence, Missing
from posology.facts import Fact, Gathered
from posology.grading import ACTS, Arm, Graded, Grades, Versions
from posology.knowledge import FactEntry
from posology.knowledge.grades import ClinicalTerm
from posology.say import shape
from posology.say import words as sayings
from posology.say.words import WIDTH, datum, source

Json = dict[str, Any]
NAMES = {"v3": "CTCAE v3", "v5": "CTCAE v5", "v6": "CTCAE v6"}
NO_FIGURE = "no figure in our sources"
SEEN = {**sayings.SEEN, "recalled": "recalled, not verified"}
"""How a line was seen, for criteria that are no label."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is needed to tell of facts: the facts, the dictionary, and the clinic's zone for times."""

    facts: Gathered
    dictionary: Mapping[str, FactEntry]
    zone: tzinfo | None = None

    def evidence(self, name: str) -> Evidence:
        """One fact as evidence; a value too old to reassure is told as such."""
        fact = self.facts[name]
        when = fact.when.astimezone(self.zone) if fact.when and self.zone else fact.when
        old = fact.value is None and fact.stale is not None
        value = fact.stale if old else fact.value
        return Evidence(name, value, self.dictionary[name].unit, when, fact.origin, fact.reported, old)

    def lacking(self, name: str) -> Missing:
        fact: Fact = self.facts[name]
        return Missing(name, fact.why or "missing", fact.ask or self.dictionary[name].ask)


# --- JSON -----------------------------------------------------------------------------------------------------------
def grades(found: Grades, told: Told, heading: Json) -> Json:
    """`grade --json`."""
    return {
        **heading,
        "versions": list(found.versions),
        "terms": [_term(one, told) for one in found.terms],
        "clinical": [_clinical(one, told) for one in found.clinical],
    }


def _term(one: Versions, told: Told) -> Json:
    return {
        "term": one.term.id,
        "means": one.term.means,
        "group": one.term.group,
        "for_the_dose": one.says,
        "value": shape.evidence(told.evidence(one.term.value)),
        "part": one.part,
        "grades": [grade(graded, told) for graded in one.by_version],
    }


def grade(graded: Graded, told: Told) -> Json:
    """One grade with its version; null where it is not settled, and then between which grades it lies."""
    silent = graded.state == "no_figure"
    return {
        "version": graded.version,
        "state": graded.state,
        "grade": graded.grade,
        "at_least": None if silent else graded.at_least,
        "at_most": None if silent else graded.at_most,
        "could_be": None if silent else graded.could_be,
        "stale": graded.stale,
        "rests_on": [_arm(arm) for arm in graded.arms],
        "because": [shape.evidence(told.evidence(name)) for name in graded.because],
        "missing": [shape.missing(told.lacking(name)) for name in graded.missing],
        "asks": [shape.missing(told.lacking(name)) for name in graded.asks],
    }


def _arm(arm: Arm) -> Json:
    row = arm.row
    return {
        "if": row.arm.text if row.arm else None,
        "at_least": arm.at_least,
        "at_most": arm.at_most,
        "states": row.states,
        "reading": row.reading or None,
        "cites": shape.cites(row.cites),
        "seen": row.seen,
        "confidence": row.confidence,
    }


def _clinical(term: ClinicalTerm, told: Told) -> Json:
    recorded = told.facts[term.recorded].value if term.recorded else None
    return {
        "term": term.id,
        "version": term.version,
        "ask": term.ask,
        "grades": {str(number): text for number, text in term.grades.items()},
        "recorded": shape.scalar(recorded),
        "cites": shape.cites(term.cites),
        "seen": term.seen,
    }


# --- words ----------------------------------------------------------------------------------------------------------
def words(found: Grades, told: Told, heading: str) -> str:
    """The grades as a reader wants them: first where versions part, then each term, then what to ask a person."""
    return "\n".join(_words(found, told, heading)) + "\n"


def _words(found: Grades, told: Told, heading: str) -> Iterator[str]:
    yield heading
    yield "Grades by CTCAE, each with its version. 0 is measured and within limits; unknown is never 0."
    apart = [one for one in found.terms if one.part]
    if apart:
        yield ""
        yield "Versions part"
        yield from (f"  {parting(one)}" for one in apart)
    yield ""
    columns = [NAMES[version] for version in found.versions]
    yield "  ".join([f"{'':38}", *(f"{name:12}" for name in columns)]).rstrip()
    for one in found.terms:
        yield "  ".join([f"{_value(one, told):38}", *(f"{short(graded):12}" for graded in one.by_version)]).rstrip()
    yield from _details(found, told)
    yield from _asked(found, told)


def parting(one: Versions) -> str:
    """`ALT, high: v3 grade 2, v5 grade 1`."""
    said = [f"{graded.version} {long(graded)}" for graded in one.by_version if graded.state in ("graded", "range")]
    return f"{one.term.means}: {', '.join(said)}"


def _value(one: Versions, told: Told) -> str:
    evidence = told.evidence(one.term.value)
    if evidence.value is None:
        return one.term.means
    unit = f" {evidence.unit}" if evidence.unit and evidence.unit != "1" else ""
    return f"{one.term.means}: {shape.scalar(evidence.value)}{unit}{' (stale)' if evidence.stale else ''}"


def short(graded: Graded) -> str:
    """For a table."""
    if graded.state == "no_figure":
        return "no figure"
    if graded.state == "unknown":
        return "unknown"
    mark = f" ({graded.could_be}?)" if _worth_asking(graded) else ""
    return f"{graded.grade}{mark}" if graded.grade is not None else f"{graded.at_least} to {graded.at_most}"


def _worth_asking(graded: Graded) -> bool:
    """A mild value does not make anybody ask whether it threatens life; JSON tells it all the same."""
    return bool(graded.asks) and graded.at_least >= ACTS


def long(graded: Graded) -> str:
    """For a sentence."""
    if graded.state == "no_figure":
        return NO_FIGURE
    if graded.state == "unknown":
        return "grade unknown"
    return f"grade {graded.grade}" if graded.grade is not None else f"grade {graded.at_least} to {graded.at_most}"


def _details(found: Grades, told: Told) -> Iterator[str]:
    """What each abnormal or unsettled grade rests on and what would decide it."""
    for one in found.terms:
        seen = [graded for graded in one.by_version if graded.state in ("graded", "range") and graded.at_most]
        if not seen:
            continue
        yield ""
        yield from _wrapped(f"{one.term.means}: {one.says}", 0)
        for graded in seen:
            yield from _wrapped(f"{NAMES[graded.version]}, {long(graded)}: {'; '.join(_basis(graded))}", 1)
            because = "; ".join(datum(told.evidence(name)) for name in graded.because)
            yield from _wrapped(f"Data: {because}", 2)
            for lack in graded.missing:
                yield from _wrapped(f"Would decide: {told.lacking(lack).ask}", 2)
            for lack in graded.asks if _worth_asking(graded) else ():
                yield from _wrapped(f"Grade {graded.could_be} if so: {told.lacking(lack).ask}", 2)


def _basis(graded: Graded) -> Iterable[str]:
    for arm in graded.arms:
        only = f" [{arm.at_least} to {arm.at_most} if so]" if len(graded.arms) > 1 else ""
        yield f"{arm.row.states}{only} [{source(arm.row.cites)}; {SEEN[arm.row.seen]}]"


def _asked(found: Grades, told: Told) -> Iterator[str]:
    yield ""
    yield "Only a person can grade (CTCAE v5, in our words, not verified)"
    for term in found.clinical:
        recorded = told.facts[term.recorded].value if term.recorded else None
        said = f"recorded: grade {shape.scalar(recorded)}. " if recorded is not None else ""
        levels = "; ".join(f"{number}: {text}" for number, text in term.grades.items())
        yield from _wrapped(f"{term.id.replace('_', ' ')}: {said}{term.ask} ({levels})", 1)


def _wrapped(text: str, depth: int) -> list[str]:
    return wrap(text, WIDTH, initial_indent="  " * depth, subsequent_indent="  " * (depth + 1))
