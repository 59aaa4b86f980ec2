"""Everything known of every decision point as one wide SQL table: value, stale value, why absent. Runs nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from posology.columns import derive
from posology.columns.condition import exact
from posology.columns.names import can_be_stale, first, is_given, listed, looked, of_sql, quoted, stale, text, why, worst
from posology.columns.pick import EVER, LIMITS
from posology.knowledge import Edition, FactEntry


@dataclass(frozen=True, slots=True)
class Instead:
    """Where `when` is true, `value` stands for the fact, or `why` says why nothing does; `stale` may still prove."""

    when: str
    value: str
    why: str = "NULL"
    stale: str = "NULL"


def steps(edition: Edition) -> list[tuple[str, str]]:
    """Named queries from `points`, `values_picked` and `ever` to `facts`."""
    derived = [fact for fact in edition.facts.values() if _is_derived(fact)]
    known = [fact for fact in edition.facts.values() if not _is_derived(fact)]
    columns = [column for fact in known for column in _known(fact, edition)]
    return [
        (
            "known",
            f"SELECT {listed(['p.patient', 'p.point', 'p.at', *columns])}\nFROM points AS p\n"
            "LEFT JOIN values_picked AS v ON v.point = p.point\nLEFT JOIN ever AS e ON e.point = p.point",
        ),
        *derive.steps(derived),
    ]


def columns(edition: Edition) -> list[str]:
    """The columns of `facts` worth showing, in the order of the dictionary."""
    shown = [quoted(name) for name in ("patient", "point", "at")]
    for fact in edition.facts.values():
        shown.append(quoted(fact.name))
        shown += [stale(fact.name)] if can_be_stale(fact) else []
        shown.append(why(fact.name))
    return shown


def _is_derived(fact: FactEntry) -> bool:
    return fact.pick.how == "derived" and not is_given(fact)


def _known(fact: FactEntry, edition: Edition) -> Iterable[str]:
    name = quoted(fact.name)
    if is_given(fact):
        yield from (f"p.{name}", f"p.{why(fact.name)}")
    elif fact.pick.how in EVER:
        yield from _ever(fact, edition)
    elif fact.pick.how == "reported":
        yield from _reported(fact)
    else:
        yield from _picked(fact, edition)


def _ever(fact: FactEntry, edition: Edition) -> Iterable[str]:
    """Of a signature, its absence is a no once it is known where the course stands; of a value it is not."""
    value, absent = f"e.{worst(fact.name)}", _absent(fact, edition)
    if fact.pick.how == "ever_signed":
        value, absent = f"CASE WHEN p.has_point THEN COALESCE({value}, FALSE) END", "'not_asked'"
    yield f"{value} AS {quoted(fact.name)}"
    yield f"CASE WHEN {value} IS NULL THEN {absent} END AS {why(fact.name)}"


def _reported(fact: FactEntry) -> Iterable[str]:
    """A yes, or unknown where one of them cannot be used, or no report: once it is known where the course stands."""
    yes, because = f"v.{quoted(fact.name)}", f"v.{why(fact.name)}"
    known = f"CASE WHEN {yes} THEN TRUE WHEN {because} IS NULL THEN FALSE END"
    yield f"CASE WHEN p.has_point THEN {known} END AS {quoted(fact.name)}"
    yield f"CASE WHEN NOT p.has_point THEN 'not_asked' WHEN {yes} THEN NULL ELSE {because} END AS {why(fact.name)}"


def _picked(fact: FactEntry, edition: Edition) -> Iterable[str]:
    name, instead = f"v.{quoted(fact.name)}", list(_instead(fact, edition))
    yield f"CAST({_case([(i.when, i.value) for i in instead], name)} AS {of_sql(fact.kind)}) AS {quoted(fact.name)}"
    if can_be_stale(fact):
        yield f"{_case([(i.when, i.stale) for i in instead], f'v.{stale(fact.name)}')} AS {stale(fact.name)}"
    because = f"CASE WHEN {name} IS NULL THEN {_why(fact, edition)} END"
    yield f"{_case([(i.when, i.why) for i in instead], because)} AS {why(fact.name)}"


def _case(pairs: list[tuple[str, str]], otherwise: str) -> str:
    cases = " ".join(f"WHEN {when} THEN {then}" for when, then in pairs)
    return f"CASE {cases} ELSE {otherwise} END" if cases else otherwise


def _why(fact: FactEntry, edition: Edition) -> str:
    return f"COALESCE(v.{why(fact.name)}, {_absent(fact, edition)})"


def _instead(fact: FactEntry, edition: Edition) -> Iterable[Instead]:
    """What stands for a fact: a danger that stays, what holds before the first dose, a look that found nothing."""
    pick, since_dose = fact.pick, fact.pick.how == "since_last_dose"
    if pick.sticky is not None:
        ever = f"e.{worst(fact.name)}"
        reached = f">= {exact(pick.sticky)}" if isinstance(pick.sticky, Decimal) else f"= {text(pick.sticky)}"
        yield Instead(f"{ever} {reached}", ever)
    silent = "= 'not_asked'" if since_dose else "IN ('missing', 'not_asked')"
    unsaid = f"v.{quoted(fact.name)} IS NULL AND {_why(fact, edition)} {silent}"
    before = f"{unsaid} AND p.last_dose_at IS NULL AND p.has_point"
    if since_dose and pick.before_first is not None:
        yield Instead(before, exact(pick.before_first))
    elif since_dose and pick.first is not None:
        value = f"v.{first(fact.name)}"
        word = text("not_asked" if edition.observables[pick.first].asked else "missing")
        because = f"COALESCE(v.{why(f'first_{fact.name}')}, {word})"
        bound = f"v.{stale(f'first_{fact.name}')}"
        yield Instead(before, value, f"CASE WHEN {value} IS NULL THEN {because} END", bound)
    if pick.cleared_by:
        yield Instead(f"{unsaid} AND v.{looked(fact.name)}", "FALSE")


def _absent(fact: FactEntry, edition: Edition) -> str:
    """Why there is nothing at all: nobody was asked, nobody measured it, or there was no such time."""
    pick = fact.pick
    limit = pick.how in LIMITS
    word = "missing" if limit or not edition.observables[pick.of[0]].asked else "not_asked"
    if pick.how == "prior_cycle_before":
        return f"CASE WHEN p.prior_day1_at IS NULL THEN 'not_applicable' ELSE {text(word)} END"
    if pick.how == "signed_for_sample" and word == "missing":
        raise ValueError(f"{fact.name}: a judgement of a sample is asked for; say so in observables.toml")
    return text(word)
