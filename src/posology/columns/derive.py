"""Facts computed from facts, as SQL: exact arithmetic by name. An unknown part leaves the whole unknown."""

from __future__ import annotations

from collections.abc import Iterable

from posology.columns.names import NUMBER, listed, quoted, text, why
from posology.knowledge import FactEntry
from posology.measures import NORMAL_ALBUMIN, PER_ALBUMIN

FINE, FINE_STEP = "100000000000000000", "0.000000000000001"
COARSE, COARSE_STEP = "100000000000", "0.000000001"
"""Percent in steps of fifteen decimals where the quotient ends there, else of nine; the factors count the percent in."""

RATIO = ("percent_change", "percent_loss")

LOGIC = {
    "possible": "COALESCE({0}, {1} IS DISTINCT FROM 'male')",
    "settled": "CASE WHEN {0} IS NOT NULL OR NOT COALESCE({1}, {2} IS DISTINCT FROM 'male') THEN TRUE END",
    "decided": "CASE {0} WHEN 'confirmed' THEN TRUE WHEN 'ruled_out' THEN FALSE END",
}
UNUSABLE = {"decided": "not_asked"}
"""Why a derived fact is unknown although all its parts are known; else they conflict."""


def steps(derived: Iterable[FactEntry]) -> list[tuple[str, str]]:
    """Named queries from `known` to `facts`."""
    ratios = [fact for fact in derived if fact.pick.of[0] in RATIO]
    return [
        ("whole", f"SELECT {listed(['*', *(column for fact in ratios for column in _wholes(fact))])}\nFROM known"),
        ("valued", f"SELECT {listed(['*', *(_valued(fact) for fact in derived)])}\nFROM whole"),
        ("facts", f"SELECT {listed(['*', *(_why_not(fact) for fact in derived)])}\nFROM valued"),
    ]


def _wholes(fact: FactEntry) -> Iterable[str]:
    """Both parts as whole numbers: the digits without their point, so that the division below is exact."""
    for side, part in zip(("after", "before"), fact.pick.of[1:], strict=True):
        digits = f"REPLACE(CAST({quoted(part)} AS VARCHAR), '.', '')"
        yield f"CAST({digits} AS HUGEINT) AS {quoted(f'{side}_{fact.name}')}"


def _valued(fact: FactEntry) -> str:
    """Derived arithmetic, exact."""
    how, parts = fact.pick.of[0], [quoted(part) for part in fact.pick.of[1:]]
    if how == "is_zero":
        return f"{parts[0]} = 0 AS {quoted(fact.name)}"
    if how == "difference":
        return f"{parts[0]} - {parts[1]} AS {quoted(fact.name)}"
    if how == "corrected_calcium":
        corrected = f"{parts[0]} + {PER_ALBUMIN} * ({NORMAL_ALBUMIN} - {parts[1]})"
        return f"CAST({corrected} AS {NUMBER}) AS {quoted(fact.name)}"
    if how == "positive":
        known, measured = parts[0], f"{parts[1]} > 0"
        agree = f"WHEN {parts[1]} IS NULL OR {known} = ({measured}) THEN {known}"
        return f"CASE WHEN {known} IS NULL THEN {measured} {agree} END AS {quoted(fact.name)}"
    if how in LOGIC:
        return f"{LOGIC[how].format(*parts)} AS {quoted(fact.name)}"
    if how not in RATIO:
        raise ValueError(f"{fact.name}: {how!r} is not written as SQL yet; add it to columns/derive.py")
    return _percent(fact, "-" if how == "percent_loss" else "")


def _percent(fact: FactEntry, sign: str) -> str:
    """As `measures.percent_change`: all digits where the quotient ends, else nine decimals away from zero."""
    after, before = quoted(f"after_{fact.name}"), quoted(f"before_{fact.name}")
    change = f"({after} - {before})"
    ends = f"{change} * {FINE} // {before}"
    away = f"SIGN({change}) * ((ABS({change}) * {COARSE} + {before} - 1) // {before})"
    exact = f"WHEN {change} * {FINE} % {before} = 0 THEN {sign}{_scaled(ends, FINE_STEP)}"
    return (
        f"CASE WHEN {before} <= 0 THEN NULL {exact}\n    ELSE {sign}{_scaled(away, COARSE_STEP)} END AS {quoted(fact.name)}"
    )


def _scaled(whole: str, step: str) -> str:
    """A whole number of steps. Cast in every branch: where branches differ in scale, DuckDB takes the coarser one."""
    return f"CAST(CAST({whole} AS DECIMAL(38, 0)) * {step} AS {NUMBER})"


def _why_not(fact: FactEntry) -> str:
    """The first absent part says."""
    cases = " ".join(f"WHEN {quoted(part)} IS NULL THEN {why(part)}" for part in fact.pick.of[1:])
    unusable = text(UNUSABLE.get(fact.pick.of[0], "conflicting"))
    return f"CASE WHEN {quoted(fact.name)} IS NULL THEN CASE {cases} ELSE {unusable} END END AS {why(fact.name)}"
