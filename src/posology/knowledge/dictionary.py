"""Observables (what can be read from a record), facts (what may be asked of a patient) and codes, as frozen objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

from posology.knowledge.faults import KnowledgeError, entry, only
from posology.knowledge.files import Root, names, rows, toml

DRUG = "drug"
"""What the codes of a regimen's own drug stand for."""
KINDS = ("number", "word", "yes_no")
Range = tuple[Decimal, Decimal]
Adverse = tuple[str, ...] | bool | Decimal
FITTING: Mapping[str, type] = MappingProxyType({"number": Decimal, "word": tuple, "yes_no": bool})


@dataclass(frozen=True, slots=True)
class Observable:
    """Something a record can hold: its kind, unit (UCUM), hard limits, words (mildest first), and what it takes to count.

    `danger` says which side is the dangerous one (high, low), so that `< 0.2` is read as the worst it can be. `adverse`
    says which findings need no signature to count: these words, this yes or no, or this number and what lies above.
    `upper_limit` bounds what a laboratory's own upper limit can be.
    """

    name: str
    means: str
    kind: str
    unit: str | None = None
    plausible: Range | None = None
    adult: Range | None = None
    words: tuple[str, ...] = ()
    signed: bool = False
    asked: bool = False
    negative_below: Decimal | None = None
    danger: str | None = None
    adverse: Adverse | None = None
    upper_limit: Range | None = None

    def is_adverse(self, value: object) -> bool:
        """Is this a finding that counts, as a danger, even where nobody signed it?"""
        if isinstance(self.adverse, tuple):
            return value in self.adverse
        if isinstance(self.adverse, bool) or self.adverse is None:
            return value is self.adverse and value is not None
        return isinstance(value, Decimal) and value >= self.adverse


@dataclass(frozen=True, slots=True)
class Pick:
    """How a fact is found: one picker, what it looks at, and its options.

    `fresh_for`: a key of policy.toml. `same_as`: the observable whose sample it must share. `words`: is it one of
    these? `reaches`: a sign of policy.toml; does the value reach its limit? `not_before`: signs after the last dose that
    the reading must not be older than. `judges`: what a signature speaks of; older than the latest of it, it is stale.
    `sticky`: from this value on the worst ever stays. `before_first`: the value while no dose was given; `first`: the
    observable read instead while none was given. `cleared_by`: the looks that find this absent where all of them are
    the mildest word, a no, or a number below `cleared_below`. `since`: count only what came after the first dose, or
    the last.
    """

    how: str
    of: tuple[str, ...]
    fresh_for: str | None = None
    same_as: str | None = None
    words: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    sticky: str | Decimal | None = None
    before_first: Decimal | None = None
    first: str | None = None
    cleared_by: tuple[str, ...] = ()
    cleared_below: Decimal | None = None
    judges: tuple[str, ...] = ()
    reaches: str | None = None
    since: str | None = None


@dataclass(frozen=True, slots=True)
class FactEntry:
    """One fact of the dictionary. `ask` is what to write to the person who can settle it; a `position` nobody can change."""

    name: str
    means: str
    kind: str
    pick: Pick
    unit: str | None = None
    words: tuple[str, ...] = ()
    ask: str = ""
    position: bool = False


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One code of one code system: what it observes and, where the code itself says so, the value."""

    system: str
    code: str
    observable: str
    value: str
    display: str
    provenance: str
    confidence: str


PICKERS: Mapping[str, str | None] = MappingProxyType(
    {
        "latest_before": None,
        "baseline_before": None,
        "prior_cycle_before": None,
        "since_last_dose": None,
        "since_anti_cd22": None,
        "highest_ever": None,
        "ever_signed": "yes_no",
        "reported": "yes_no",
        "same_sample": None,
        "upper_limit": None,
        "lower_limit": None,
        "baseline_upper_limit": None,
        "same_sample_upper_limit": None,
        "signed_for_sample": "yes_no",
        "given_today": "yes_no",
        "hours_since": "h",
        "days_since": "d",
        "days_since_any": "d",
        "days_since_all": "d",
        "course": None,
        "patient": None,
        "record": None,
        "derived": None,
    }
)
OPTIONS = {
    *("fresh_for", "as", "is", "not_before", "from", "sticky", "before_first", "first", "cleared_by", "cleared_below"),
    *("judges", "reaches", "since"),
}
SINCE = ("first_dose", "last_dose")


@cache
def observables() -> Mapping[str, Observable]:
    """Every observable of label/observables.toml."""
    found = {}
    for name, table in toml("observables.toml").items():
        where = f"observables.toml [{name}]"
        only(table, set(Observable.__slots__) - {"name"}, where)
        kind = str(entry(table, "kind", where))
        if kind not in KINDS or (kind == "number") != ("unit" in table) or (kind == "word") != ("words" in table):
            raise KnowledgeError(where, ["a number has a unit, a word has words, a yes_no has neither"])
        adverse = _adverse(table.get("adverse"))
        if adverse is not None and (not isinstance(adverse, FITTING[kind]) or not table.get("signed")):
            raise KnowledgeError(where, ["adverse is for what must be signed: words, yes or no, or the lowest number"])
        found[name] = Observable(
            name=name,
            means=str(entry(table, "means", where)),
            kind=kind,
            unit=table.get("unit"),
            plausible=_range(table.get("plausible")),
            adult=_range(table.get("adult")),
            words=tuple(table.get("words", ())),
            signed=table.get("signed", False),
            asked=table.get("asked", False),
            negative_below=table.get("negative_below"),
            danger=table.get("danger"),
            adverse=adverse,
            upper_limit=_range(table.get("upper_limit")),
        )
    return MappingProxyType(found)


def _adverse(found: list[str] | bool | int | None) -> Adverse | None:
    if isinstance(found, bool) or found is None:
        return found
    return tuple(found) if isinstance(found, list) else Decimal(found)


def _range(pair: list[Any] | None) -> Range | None:
    return (Decimal(pair[0]), Decimal(pair[1])) if pair else None


@cache
def facts() -> Mapping[str, FactEntry]:
    """Every fact of label/facts.toml, kind and unit taken over from its observable where it states none."""
    return MappingProxyType({name: _fact(name, table) for name, table in toml("facts.toml").items()})


def _fact(name: str, table: dict[str, Any]) -> FactEntry:
    where = f"facts.toml [{name}]"
    only(table, {"means", "kind", "unit", "words", "pick", "ask", "position"}, where)
    pick = _pick(table["pick"], where)
    first = observables().get(pick.of[0])
    unit = table.get("unit") or PICKERS[pick.how] or (first.unit if first else None)
    unit = None if unit == "yes_no" else unit
    kind = table.get("kind") or _kind(pick, first)
    words = tuple(table.get("words") or (first.words if first and kind == "word" else ()))
    if kind not in KINDS or (kind == "word" and not words) or (kind == "number" and not unit):
        raise KnowledgeError(where, ["state kind, and unit for a number or words for a word"])
    ask = table.get("ask", f"record: {table['means']}")
    return FactEntry(
        name=name,
        means=str(entry(table, "means", where)),
        kind=kind,
        pick=pick,
        unit=unit if kind == "number" else None,
        words=words,
        ask=ask,
        position=table.get("position", pick.how in ("baseline_before", "prior_cycle_before")),
    )


def _kind(pick: Pick, first: Observable | None) -> str:
    given = PICKERS[pick.how]
    if given:
        return "yes_no" if given == "yes_no" else "number"
    return first.kind if first else ""


def _pick(table: dict[str, Any], where: str) -> Pick:
    hows = [key for key in table if key in PICKERS]
    if len(hows) != 1:
        raise KnowledgeError(where, [f"exactly one picker of {', '.join(PICKERS)}"])
    only(table, {hows[0], *OPTIONS}, where)
    target = table[hows[0]]
    of = tuple(target) if isinstance(target, list) else (target,)
    if hows[0] == "derived":
        of += tuple(table["from"])
    elif hows[0] not in ("course", "patient", "record"):
        for name in of:
            if name not in observables():
                raise KnowledgeError(where, [f"no observable is called {name!r}"])
    if table.get("since", SINCE[0]) not in SINCE:
        raise KnowledgeError(where, [f"since is one of {', '.join(SINCE)}"])
    return Pick(
        how=hows[0],
        of=of,
        fresh_for=table.get("fresh_for"),
        same_as=table.get("as"),
        words=tuple(table.get("is", ())),
        not_before=tuple(table.get("not_before", ())),
        sticky=_exact(table.get("sticky")),
        before_first=Decimal(table["before_first"]) if "before_first" in table else None,
        first=table.get("first"),
        cleared_by=_several(table.get("cleared_by", ())),
        cleared_below=Decimal(table["cleared_below"]) if "cleared_below" in table else None,
        judges=tuple(table.get("judges", ())),
        reaches=table.get("reaches"),
        since=table.get("since"),
    )


def _several(names: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def _exact(value: str | int | None) -> str | Decimal | None:
    return Decimal(value) if isinstance(value, int) else value


@cache
def codes(root: Root | None = None) -> Mapping[tuple[str, str], tuple[CodeRow, ...]]:
    """Every code of label/codes/*.csv by (system, code); one code may say two things."""
    found: dict[tuple[str, str], tuple[CodeRow, ...]] = {}
    for row in code_rows(root):
        found[row.system, row.code] = (*found.get((row.system, row.code), ()), row)
    return MappingProxyType(found)


def code_rows(root: Root | None = None) -> Iterator[CodeRow]:
    """Every row of every code list, in file order. A regimen kept at `root` names its own drug, and no other is its drug."""
    shared = (CodeRow(**row) for name in names("codes", ".csv") for row in rows(f"codes/{name}"))
    if root is None:
        yield from shared
        return
    yield from (row for row in shared if row.observable != DRUG)
    yield from (CodeRow(**row) for name in names("codes", ".csv", root) for row in rows(f"codes/{name}", root))
