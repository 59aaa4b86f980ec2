"""The pickers as SQL: the readings of the latest moment → one value a fact, or why there is none. Runs nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from posology.columns import signs
from posology.columns.condition import exact
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
from posology.columns.spans import AGES, LATEST, SPANS
from posology.knowledge import Edition, FactEntry
from posology.units.clock import SECONDS_PER_HOUR

UPPER = ("upper_limit", "same_sample_upper_limit", "baseline_upper_limit")
LIMITS = (*UPPER, "lower_limit")
SETTLED = (*LIMITS, "reported")
"""Pickers that look at a limit, or at several values, instead of the one value."""

EVER = ("highest_ever", "ever_signed")
"""Pickers that look at every reading up to the decision point."""


def steps(edition: Edition) -> list[tuple[str, str]]:
    """Named queries from `newest` to `picked` (one row a fact), then `values_picked` and `ever` (one row a point)."""
    ages = [fact for fact in edition.facts.values() if fact.pick.how in AGES]
    facts = [fact for fact in edition.facts.values() if fact.pick.how in SPANS]
    highest = [fact for fact in edition.facts.values() if fact.pick.how in EVER or fact.pick.sticky is not None]
    return [
        ("settled", _settled(edition)),
        ("overtaking", signs.overtaking(edition)),
        ("picks", _picks(facts, edition)),
        ("ages", _ages(ages)),
        ("checked", signs.checked(ages)),
        ("picked", "\nUNION ALL\n".join([_values(), *_limits(), _reports(), _hours(), _days("MIN"), _days("MAX")])),
        ("values_picked", _wide([*facts, *ages], edition)),
        ("ever", _ever(highest, edition)),
    ]


def _settled(edition: Edition) -> str:
    """One row for the readings of one moment: its fault, whether they differ, whether all lie within given limits."""
    return f"""SELECT point, span, observable, MAX("at") AS "at", MAX(until) AS until, MAX(on_date) AS on_date,
  MAX(number) AS number, MAX(word) AS word, BOOL_OR(flag) AS flag, MAX(low) AS low, MAX(high) AS high,
  MIN(CASE WHEN quality NOT IN ('ok', 'bounded') THEN quality END) AS fault,
  BOOL_OR(quality = 'bounded') AS bounded, BOOL_OR({signs.reaches(edition, "newest")}) AS reached,
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
        observed = pick.of if pick.how == "reported" else pick.of[:1]
        rows += [_row(fact.name, pick.how, span, name, *kept) for name in observed]
        rows += [_row(f"looked_{fact.name}", "look", span, look) for look in pick.cleared_by]
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
        f"({text(fact.name)}, {text(fact.pick.how)}, {text(name)}, {len(fact.pick.of)})"
        for fact in facts
        for name in fact.pick.of
    ]
    return f"SELECT * FROM (VALUES\n  {listed(rows)}\n) AS k (fact, how, observable, parts)"


def _values() -> str:
    """The settled value; older than policy allows, or overtaken by a later sign, it is stale; a bound is kept apart."""
    return f"""SELECT s.point, k.fact, s.number, s.word, s.flag, s.reached,
  CASE WHEN s.fault IS NOT NULL THEN s.fault WHEN s.differ THEN 'conflicting' WHEN s.bounded THEN 'bounded'
    WHEN k.same_day AND s.on_date <> p.on_date THEN 'stale'
    WHEN s.at + CASE WHEN s.normal THEN k.normal_for ELSE k.abnormal_for END < s.until THEN 'stale'
    WHEN g.at > s.at THEN 'stale' END AS why
FROM settled AS s JOIN picks AS k ON k.span = s.span AND k.observable = s.observable
JOIN points AS p ON p.point = s.point
LEFT JOIN overtaking AS g ON g.point = s.point AND g.fact = k.fact
WHERE k.how NOT IN {words(SETTLED)}"""


def _limits() -> Iterable[str]:
    """The laboratory's own limits; never a default."""
    for side, hows in (("high", UPPER), ("low", ("lower_limit",))):
        yield f"""SELECT s.point, k.fact, s.{side}, NULL, NULL, NULL,
  CASE WHEN s.fault IS NOT NULL OR s.{side} IS NULL THEN 'missing' WHEN s.{side}s_differ THEN 'conflicting' END
FROM settled AS s JOIN picks AS k ON k.span = s.span AND k.observable = s.observable
WHERE k.how IN {words(hows)}"""


def _reports() -> str:
    """What the latest readings of several say: whatever of them still counts, each with its fault."""
    return """SELECT s.point, k.fact, s.number, s.word, s.flag, s.reached,
  CASE WHEN s.fault IS NOT NULL THEN s.fault WHEN s.differ THEN 'conflicting' END
FROM settled AS s JOIN picks AS k ON k.span = s.span AND k.observable = s.observable
WHERE k.how = 'reported' AND COALESCE(s.at + k.normal_for >= s.until, TRUE)"""


def _hours() -> str:
    """Whole hours, a begun one counting; a fraction of a second does not."""
    hours = f"(DATE_SUB('second', u.at, u.until) + {SECONDS_PER_HOUR - 1}) // {SECONDS_PER_HOUR}"
    return f"""SELECT u.point, k.fact, CAST({hours} AS {NUMBER}), NULL, NULL, NULL, u.fault
FROM checked AS u JOIN ages AS k ON k.observable = u.observable WHERE k.how = 'hours_since'"""


def _days(which: str) -> str:
    """Calendar days in the clinic's zone: since the newest of several, or since the oldest where all are there."""
    days, usable = f"{which}(CASE WHEN u.fault IS NULL THEN p.on_date - u.on_date END)", "COUNT(*) - COUNT(u.fault)"
    enough = f"{usable} = MAX(k.parts)" if which == "MAX" else f"{usable} > 0"
    hows = words(("days_since_all",) if which == "MAX" else ("days_since", "days_since_any"))
    return f"""SELECT u.point, k.fact, CAST({days} AS {NUMBER}), NULL, NULL, NULL,
  CASE WHEN NOT {enough} THEN COALESCE(MIN(u.fault), 'nothing') END
FROM checked AS u JOIN ages AS k ON k.observable = u.observable
JOIN points AS p ON p.point = u.point WHERE k.how IN {hows} GROUP BY u.point, k.fact"""


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
    yield f"MIN(CASE WHEN {mine} THEN {SAID} END) AS {why(fact.name)}"


SAID = "CASE why WHEN 'bounded' THEN 'missing' WHEN 'nothing' THEN NULL ELSE why END"
"""A bound is kept as stale and said to be missing; where nothing is there, the dictionary says why."""


def _beside(fact: FactEntry, edition: Edition) -> Iterable[str]:
    """The look that clears a fact, and what stands for it before the first dose."""
    if fact.pick.cleared_by:
        mild = f"COALESCE(why IS NULL AND {_mild(fact, edition)}, FALSE)"
        yield f"BOOL_AND(CASE WHEN fact = {text(f'looked_{fact.name}')} THEN {mild} END) AS {looked(fact.name)}"
    if fact.pick.first:
        mine, column = f"fact = {text(f'first_{fact.name}')}", OF_READING[fact.kind]
        aggregate = "BOOL_OR" if column == "flag" else "MAX"
        yield f"{aggregate}(CASE WHEN {mine} AND why IS NULL THEN {column} END) AS {first(fact.name)}"
        yield f"{aggregate}(CASE WHEN {mine} AND why = 'bounded' THEN {column} END) AS {stale(f'first_{fact.name}')}"
        yield f"MAX(CASE WHEN {mine} THEN {SAID} END) AS {why(f'first_{fact.name}')}"


def _mild(fact: FactEntry, edition: Edition) -> str:
    """The mildest word, a no, or a number below the one the fact names."""
    pick, kinds = fact.pick, {edition.observables[look].kind for look in fact.pick.cleared_by}
    if kinds == {"number"}:
        return f"number < {exact(pick.cleared_below)}" if pick.cleared_below is not None else "FALSE"
    if kinds == {"yes_no"}:
        return "NOT flag"
    mildest = {edition.observables[look].words[:1] for look in pick.cleared_by}
    if kinds != {"word"} or len(mildest) > 1:
        raise ValueError(f"{fact.name}: looks of different kinds are not written as SQL; let one kind clear it")
    return f"word = {text(mildest.pop()[0])}"


def _value(fact: FactEntry, where: str) -> str:
    """With `is`: whether the word is one of these; with `reaches`: whether a number reaches its limit."""
    if fact.pick.how == "reported":
        return f"BOOL_OR(CASE WHEN {where} THEN {_yes(fact)} END)"
    if fact.pick.reaches:
        return f"BOOL_OR(CASE WHEN {where} THEN reached END)"
    if fact.pick.words:
        return f"BOOL_OR(CASE WHEN {where} THEN word IN {words(fact.pick.words)} END)"
    if fact.kind == "yes_no":
        return f"BOOL_OR(CASE WHEN {where} THEN flag END)"
    return f"MAX(CASE WHEN {where} THEN {OF_READING[fact.kind]} END)"


def _yes(fact: FactEntry) -> str:
    """A yes, a number that reaches its limit (any number, where there is no limit), or one of the words."""
    worded = [f"word IN {words(fact.pick.words)}"] if fact.pick.words else []
    return f"COALESCE({', '.join(['flag', 'reached' if fact.pick.reaches else 'number = number', *worded])})"


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
