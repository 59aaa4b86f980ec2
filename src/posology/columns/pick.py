"""The pickers as SQL: the readings of the latest moment → one value a fact, or why there is none. Runs nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from posology.columns.names import (
    NUMBER,
    OF_READING,
    can_be_stale,
    first,
    listed,
    looked,
    quoted,
    stale,
    text,
    why,
    words,
    worst,
)
from posology.columns.spans import LATEST, SPANS
from posology.knowledge import Edition, FactEntry
from posology.units.clock import SECONDS_PER_HOUR

UPPER = ("upper_limit", "same_sample_upper_limit", "baseline_upper_limit")
LIMITS = (*UPPER, "lower_limit")
SETTLED = (*LIMITS, "hours_since", "days_since", "days_since_any", "days_since_all")
"""Pickers that look at a limit or a date instead of the value."""

SAID = "CASE why WHEN 'bounded' THEN 'missing' ELSE why END"
"""What is said of a value that is only a bound."""

EVER = ("highest_ever", "ever_signed")
"""Pickers that look at every reading up to the decision point."""


SAID = "CASE why WHEN 'bounded' THEN 'missing' ELSE why END"
"""A bound is no value: what is missing is the value."""


def steps(edition: Edition) -> list[tuple[str, str]]:
    """Named queries from `newest` to `picked` (one row a fact), then `values_picked` and `ever` (one row a point)."""
    facts = [fact for fact in edition.facts.values() if fact.pick.how in SPANS]
    highest = [fact for fact in edition.facts.values() if fact.pick.how in EVER or fact.pick.sticky is not None]
    return [
        ("settled", _settled()),
        ("picks", _picks(facts, edition)),
        ("ages", _ages(facts)),
        ("picked", "\nUNION ALL\n".join([_values(), *_limits(), _hours(), _days("MIN"), _days("MAX")])),
        ("values_picked", _wide(facts, edition)),
        ("ever", _ever(highest, edition)),
    ]


def _settled() -> str:
    """One row for the readings of one moment: its fault, whether they differ, whether all lie within given limits."""
    return """SELECT point, span, observable, MAX("at") AS "at", MAX(until) AS until, MAX(on_date) AS on_date,
  MAX(number) AS number, MAX(word) AS word, BOOL_OR(flag) AS flag, MAX(low) AS low, MAX(high) AS high,
  MIN(CASE WHEN quality NOT IN ('ok', 'bounded') THEN quality END) AS fault,
  BOOL_OR(quality = 'bounded') AS bounded,
  COALESCE(MIN(number) <> MAX(number), FALSE) OR COALESCE(MIN(word) <> MAX(word), FALSE)
    OR COALESCE(BOOL_OR(flag) AND NOT BOOL_AND(flag), FALSE) AS differ,
  COALESCE(MIN(low) <> MAX(low), FALSE) AS lows_differ, COALESCE(MIN(high) <> MAX(high), FALSE) AS highs_differ,
  BOOL_AND((low IS NOT NULL OR high IS NOT NULL)
    AND COALESCE(number >= low, TRUE) AND COALESCE(number <= high, TRUE)) AS normal
FROM newest GROUP BY point, span, observable"""


def _picks(facts: Iterable[FactEntry], edition: Edition) -> str:
    """Which fact looks at which observable in which span, and how long its value counts."""
    rows = []
    for fact in facts:
        pick, span = fact.pick, SPANS[fact.pick.how](fact.pick)
        fresh = edition.policy.freshness.get(pick.fresh_for or "")
        kept = (*map(_interval, (fresh.normal, fresh.abnormal)), str(fresh.same_day).upper()) if fresh else ()
        rows.append(_row(fact.name, pick.how, span, pick.of[0], *kept))
        rows += [_row(f"looked_{fact.name}", "look", span, pick.cleared_by)] if pick.cleared_by else []
        rows += [_row(f"first_{fact.name}", "look", LATEST, pick.first)] if pick.first else []
    return (
        f"SELECT * FROM (VALUES\n  {listed(rows)}\n) AS k (fact, how, span, observable, normal_for, abnormal_for, same_day)"
    )


def _row(fact: str, how: str, span: str, observable: str, *kept: str) -> str:
    return f"({', '.join([*map(text, (fact, how, span, observable)), *(kept or ('NULL', 'NULL', 'FALSE'))])})"


def _interval(length: timedelta) -> str:
    return f"INTERVAL '{length // timedelta(seconds=1)}' SECOND"


def _ages(facts: Iterable[FactEntry]) -> str:
    """The observables whose dates a fact counts from: the newest of any, or the oldest of all."""
    rows = [
        f"({text(fact.name)}, {text(name)}, {str(fact.pick.how == 'days_since_all').upper()}, {len(fact.pick.of)})"
        for fact in facts
        if fact.pick.how.startswith("days_since")
        for name in fact.pick.of
    ]
    return f"SELECT * FROM (VALUES\n  {listed(rows)}\n) AS k (fact, observable, of_all, parts)"


def _values() -> str:
    """The settled value; older than policy allows, or overtaken by a later sign, it is stale; a bound is kept apart."""
    return f"""SELECT s.point, k.fact, s.number, s.word, s.flag,
  CASE WHEN s.fault IS NOT NULL THEN s.fault WHEN s.differ THEN 'conflicting' WHEN s.bounded THEN 'bounded'
    WHEN k.same_day AND s.on_date <> p.on_date THEN 'stale'
    WHEN s.at + CASE WHEN s.normal THEN k.normal_for ELSE k.abnormal_for END < s.until THEN 'stale'
    WHEN g.at > s.at THEN 'stale' END AS why
FROM settled AS s JOIN picks AS k ON k.span = s.span AND k.observable = s.observable
JOIN points AS p ON p.point = s.point
LEFT JOIN signs AS g ON g.point = s.point AND g.fact = k.fact
WHERE k.how NOT IN {words(SETTLED)}"""


def _limits() -> Iterable[str]:
    """The laboratory's own limits; never a default."""
    for side, hows in (("high", UPPER), ("low", ("lower_limit",))):
        yield f"""SELECT s.point, k.fact, s.{side}, NULL, NULL,
  CASE WHEN s.fault IS NOT NULL OR s.{side} IS NULL THEN 'missing' WHEN s.{side}s_differ THEN 'conflicting' END
FROM settled AS s JOIN picks AS k ON k.span = s.span AND k.observable = s.observable
WHERE k.how IN {words(hows)}"""


def _hours() -> str:
    """Whole hours, a begun one counting; a fraction of a second does not."""
    hours = f"(DATE_SUB('second', s.at, s.until) + {SECONDS_PER_HOUR - 1}) // {SECONDS_PER_HOUR}"
    return f"""SELECT s.point, k.fact, CAST({hours} AS {NUMBER}), NULL, NULL, NULL
FROM settled AS s JOIN picks AS k ON k.span = s.span AND k.observable = s.observable
WHERE k.how = 'hours_since'"""


def _days(which: str) -> str:
    """Calendar days in the clinic's zone: since the newest of several, or the oldest of all; never since a no."""
    of_all = "k.of_all" if which == "MAX" else "NOT k.of_all"
    having = "HAVING COUNT(*) = MAX(k.parts)" if which == "MAX" else ""
    return f"""SELECT s.point, k.fact, CAST({which}(p.on_date - s.on_date) AS {NUMBER}), NULL, NULL, NULL
FROM settled AS s JOIN ages AS k ON s.span = 'latest' AND k.observable = s.observable
JOIN points AS p ON p.point = s.point
WHERE {of_all} AND s.flag IS DISTINCT FROM FALSE GROUP BY s.point, k.fact {having}"""


def _wide(facts: Iterable[FactEntry], edition: Edition) -> str:
    """One row a point: each fact's value, its stale value, its word of absence."""
    columns = [column for fact in facts for column in (*_columns(fact), *_beside(fact, edition))]
    return f"SELECT point,\n  {listed(columns)}\nFROM picked GROUP BY point"


def _columns(fact: FactEntry) -> Iterable[str]:
    """CASE inside the aggregate: databases run it many times faster than FILTER."""
    mine = f"fact = {text(fact.name)}"
    yield f"{_value(fact, f'{mine} AND why IS NULL')} AS {quoted(fact.name)}"
    if can_be_stale(fact):
        old = f"{mine} AND why IN ('stale', 'bounded')"
        yield f"{_value(fact, old)} AS {stale(fact.name)}"
    yield f"MAX(CASE WHEN {mine} THEN {SAID} END) AS {why(fact.name)}"


def _beside(fact: FactEntry, edition: Edition) -> Iterable[str]:
    """The look that clears a fact, and what stands for it before the first dose."""
    if fact.pick.cleared_by:
        observable = edition.observables[fact.pick.cleared_by]
        mildest = f"word = {text(observable.words[0])}" if observable.words else "NOT flag"
        found = f"fact = {text(f'looked_{fact.name}')} AND why IS NULL"
        yield f"BOOL_OR(CASE WHEN {found} THEN {mildest} END) AS {looked(fact.name)}"
    if fact.pick.first:
        mine, column = f"fact = {text(f'first_{fact.name}')}", OF_READING[fact.kind]
        aggregate = "BOOL_OR" if column == "flag" else "MAX"
        yield f"{aggregate}(CASE WHEN {mine} AND why IS NULL THEN {column} END) AS {first(fact.name)}"
        yield f"{aggregate}(CASE WHEN {mine} AND why = 'bounded' THEN {column} END) AS {stale(f'first_{fact.name}')}"
        yield f"MAX(CASE WHEN {mine} THEN {SAID} END) AS {why(f'first_{fact.name}')}"


def _value(fact: FactEntry, where: str) -> str:
    """With `is`: whether the word is one of these."""
    if fact.pick.words:
        return f"BOOL_OR(CASE WHEN {where} THEN word IN {words(fact.pick.words)} END)"
    if fact.kind == "yes_no":
        return f"BOOL_OR(CASE WHEN {where} THEN flag END)"
    return f"MAX(CASE WHEN {where} THEN {OF_READING[fact.kind]} END)"


def _ever(facts: Iterable[FactEntry], edition: Edition) -> str:
    """The worst value ever: the highest number, the last word of the dictionary, or a yes."""
    columns = [f"{_worst(fact, edition)} AS {worst(fact.name)}" for fact in facts]
    return f"SELECT {listed(['point', *columns])}\nFROM seen GROUP BY point"


def _worst(fact: FactEntry, edition: Edition) -> str:
    observable = edition.observables[fact.pick.of[0]]
    mine = f"observable = {text(observable.name)}"
    if fact.pick.how == "ever_signed":
        return f"BOOL_OR(CASE WHEN {mine} THEN flag END)"
    mine += " AND quality IN ('ok', 'bounded')"
    if observable.kind == "word":
        ordered = reversed(observable.words)
        cases = [f"WHEN BOOL_OR({mine} AND word = {text(word)}) THEN {text(word)}" for word in ordered]
        return f"CASE {' '.join(cases)} END"
    if observable.kind == "number":
        return f"MAX(CASE WHEN {mine} THEN number END)"
    return f"BOOL_OR(CASE WHEN {mine} THEN flag END)"
