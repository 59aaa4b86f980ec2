"""One term, one version, the facts → its grade, or between which grades it lies and what would decide. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from posology.facts import Gathered
from posology.knowledge import Observable
from posology.knowledge.grades import Ctcae, GradeRow, Reached, Term
from posology.language import Value, why

Known = Mapping[str, Value | None]


@dataclass(frozen=True, slots=True)
class Arm:
    """One row that may apply, and the grades that it alone allows."""

    row: GradeRow
    at_least: int
    at_most: int


@dataclass(frozen=True, slots=True)
class Graded:
    """One grade with its version. `state` says what kind of answer it is:

    `graded` (`grade` is settled; 0 means measured and within what the version allows), `range` (between `at_least` and
    `at_most`), `unknown` (the value itself is unknown), `no_figure` (our sources give no figure for this version).
    `arms` are the rows it rests on: several while it is unknown which applies. `because` are the facts it rests on,
    `missing` those that would decide. `stale`: the value is too old to reassure, and `at_least` rests on it.
    `could_be` is the grade that a person's word, not yet given, would make it (`asks`); no number decides that.
    """

    term: str
    version: str
    state: str
    grade: int | None = None
    at_least: int = 0
    at_most: int = 0
    arms: tuple[Arm, ...] = ()
    because: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    could_be: int = 0
    asks: tuple[str, ...] = ()
    stale: bool = False

    @property
    def span(self) -> tuple[int, int]:
        """What is compared between versions."""
        return self.at_least, self.at_most


def grade(term: Term, version: str, facts: Gathered, knowledge: Ctcae, observables: Mapping[str, Observable]) -> Graded:
    """The grade of one term in one version.

    A version's conditions say from when on at least a grade is reached. Those that certainly hold give `at_least`, those
    not certainly false `at_most`; arms that could apply are all looked at. A value too old to reassure still proves.
    """
    rows = knowledge.rows.get((version, term.id), ())
    if not rows:
        return Graded(term.id, version, "no_figure")
    known: Known = {name: facts[name].value for row in rows for name in row.facts}
    old = _old(term, facts, observables)
    worst: Known = {**known, **old} if old else known
    arms = tuple(_arm(row, known, worst) for row in rows if row.arm is None or row.arm.test(known) is not False)
    possible = [arm.row for arm in arms]
    low, high = min(arm.at_least for arm in arms), max(arm.at_most for arm in arms)
    seen = tuple(name for name in _looked(possible) if worst.get(name) is not None)
    could_be, asks = _asked(possible, known, high)
    if known[term.value] is None and not low:
        return Graded(term.id, version, "unknown", None, 0, high, arms, seen, (term.value,), could_be)
    settled = low == high and known[term.value] is not None
    return Graded(
        term=term.id,
        version=version,
        state="graded" if settled else "range",
        grade=low if settled else None,
        at_least=low,
        at_most=high,
        arms=arms,
        because=seen,
        missing=() if settled else tuple(_missing(possible, known, low)) or (term.value,),
        could_be=could_be,
        asks=asks,
        stale=bool(old),
    )


def _arm(row: GradeRow, known: Known, worst: Known) -> Arm:
    """What one row allows. A judgement that is there counts in full, one that is not counts for nothing."""
    judged = _highest(row.judged, worst, (True,))
    certain, possible = _highest(row.grades, worst, (True,)), _highest(row.grades, known, (True, None))
    return Arm(row, max(judged, certain), max(judged, possible))


def _old(term: Term, facts: Gathered, observables: Mapping[str, Observable]) -> dict[str, Value]:
    """The measured value where it is kept only as a proof of danger: too old, or a bound (`> 80`) on the dangerous side."""
    fact = facts[term.value]
    if fact.value is not None or fact.stale is None:
        return {}
    observable = observables.get(term.value)
    proves = fact.why == "stale" or (observable is not None and observable.danger is not None)
    return {term.value: fact.stale} if proves else {}


def _highest(parts: Iterable[Reached], known: Known, states: Sequence[bool | None]) -> int:
    """The highest grade whose condition is in one of these states; 0 where none is."""
    return max((part.grade for part in parts if part.test(known) in states), default=0)


def _looked(rows: Iterable[GradeRow]) -> Iterable[str]:
    """The facts of the rows, each once, the measured one first."""
    return dict.fromkeys(name for row in rows for name in row.facts)


def _asked(rows: Sequence[GradeRow], known: Known, high: int) -> tuple[int, tuple[str, ...]]:
    """What a person's word, not yet given, could make it, and what to ask for."""
    open_parts = [part for row in rows for part in row.judged if part.grade > high and part.test(known) is None]
    names = dict.fromkeys(name for part in open_parts for name in why(part.when, known).missing)
    return max((part.grade for part in open_parts), default=high), tuple(names)


def _missing(rows: Sequence[GradeRow], known: Known, low: int) -> Iterable[str]:
    """The unknown facts of an undecided arm, and of each undecided condition above what is certain."""
    open_parts = [row.arm for row in rows if row.arm is not None and row.arm.test(known) is None]
    open_parts += [part for row in rows for part in row.grades if part.grade > low and part.test(known) is None]
    return dict.fromkeys(name for part in open_parts for name in why(part.when, known).missing)
