"""Signs as SQL: a number at its limit in the reported unit, and what overtakes an older reassurance. Runs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from posology.columns.condition import exact
from posology.columns.names import NUMBER, text, words
from posology.columns.spans import AFTER_DOSE, BEFORE_TREATMENT, LATEST, SPANS
from posology.knowledge import Edition, FactEntry, Sign


def reaches(edition: Edition, alias: str) -> str:
    """Does a number reach the limit of the sign of its observable, in the unit it was reported in?"""
    cases = [
        f"WHEN {text(name)} THEN {_limited(sign, edition, name, alias)}"
        for name, sign in edition.policy.signs.items()
        if sign.at_least
    ]
    return f"CASE {alias}.observable {' '.join(cases)} END"


def _limited(sign: Sign, edition: Edition, name: str, alias: str) -> str:
    observable = edition.observables[name]
    limits = sign.limits(observable).items()
    units = [f"WHEN {alias}.reported LIKE {text(f'% {unit}')} THEN {_held(limit)}" for unit, limit in limits]
    return f"{alias}.number >= CASE {' '.join(units)} ELSE {_held(sign.strictest(observable))} END"


def _held(limit: Decimal) -> str:
    return f"CAST({text(f'{limit:f}')} AS {NUMBER})"


def overtaking(edition: Edition) -> str:
    """By fact, the latest moment that makes an older value of it stale: a sign after the last dose, or what it judges."""
    facts = [fact for fact in edition.facts.values() if fact.pick.how in SPANS]
    found = [one for fact in facts for one in (*_judged(fact), *_signs(fact, edition))]
    several = "\nUNION ALL\n".join(found or ["SELECT p.point, '' AS fact, p.at FROM points AS p WHERE FALSE"])
    return f'SELECT point, fact, MAX("at") AS "at" FROM (\n{several}\n) GROUP BY point, fact'


def _row(fact: FactEntry, where: str, joined: str = "") -> str:
    return f"SELECT s.point, {text(fact.name)} AS fact, s.at FROM seen AS s{joined}\nWHERE {where}"


def _judged(fact: FactEntry) -> Iterator[str]:
    if fact.pick.judges:
        yield _row(fact, f"s.observable IN {words(fact.pick.judges)}")


def _signs(fact: FactEntry, edition: Edition) -> Iterator[str]:
    plain = [name for name in fact.pick.not_before if name not in edition.policy.signs]
    if plain:
        yield _row(fact, f"s.observable IN {words(plain)} AND s.flag AND {AFTER_DOSE}")
    for name in fact.pick.not_before:
        sign = edition.policy.signs.get(name)
        if sign is not None:
            yield _of_number(fact, name, sign, edition)


def _of_number(fact: FactEntry, name: str, sign: Sign, edition: Edition) -> str:
    mine = f"s.observable = {text(name)} AND s.at > s.last_dose_at"
    if sign.above_percent is not None:
        joined = (
            f"\nJOIN settled AS b ON b.point = s.point AND b.span = {text(BEFORE_TREATMENT)} AND b.observable = {text(name)}"
            "\n  AND b.fault IS NULL AND NOT b.differ AND NOT b.bounded"
        )
        return _row(fact, f"{mine} AND s.number * 100 > b.number * {exact(100 + sign.above_percent)}", joined)
    explained = _explained(name, edition.facts[sign.unless]) if sign.unless else "FALSE"
    return _row(fact, f"{mine} AND {reaches(edition, 's')} AND NOT {explained}")


def _explained(name: str, by: FactEntry) -> str:
    """Is this reading of the latest sample, and did somebody sign what explains it?"""
    settled = "c.fault IS NULL AND NOT c.differ"
    return (
        "EXISTS (SELECT 1 FROM settled AS c JOIN settled AS b\n"
        f"  ON b.point = c.point AND b.span = {text(LATEST)} AND b.observable = {text(name)}\n"
        f"  WHERE c.point = s.point AND b.at = s.at AND c.span = {text(SPANS[by.pick.how](by.pick))}\n"
        f"  AND c.observable = {text(by.pick.of[0])} AND {settled} AND c.word IN {words(by.pick.words)})"
    )


def checked(facts: Iterable[FactEntry]) -> str:
    """The latest moment of each observable, its fault and whether it differs; of a yes/no, what does not say no."""
    looked = sorted({name for fact in facts for name in fact.pick.of})
    return (
        'SELECT s.point, s.observable, MAX(s.at) AS "at", MAX(s.on_date) AS on_date, MAX(s.now) AS until,\n'
        "  COALESCE(MIN(CASE WHEN s.quality NOT IN ('ok', 'bounded') THEN s.quality END),\n"
        "    CASE WHEN MIN(s.number) <> MAX(s.number) OR MIN(s.word) <> MAX(s.word) THEN 'conflicting' END) AS fault\n"
        "FROM seen AS s JOIN (\n"
        '  SELECT point, observable, MAX("at") AS "at" FROM seen\n'
        f"  WHERE observable IN {words(looked or [''])} AND flag IS DISTINCT FROM FALSE GROUP BY point, observable\n"
        ") AS m ON m.point = s.point AND m.observable = s.observable AND m.at = s.at\n"
        "WHERE s.flag IS DISTINCT FROM FALSE GROUP BY s.point, s.observable"
    )
