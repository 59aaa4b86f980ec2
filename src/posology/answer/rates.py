"""Published figures side by side, and in words why two of them differ. Never one number made of several."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from posology.knowledge import Rate, Rated, UnknownName, rates, terms
from posology.units import exactly, rounded

PERCENT = "%"


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure, its percentage worked out from its counts, and how it differs from the first one shown."""

    rate: Rate
    percent: Decimal | None
    printed_differs: bool
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Every figure of one term. `why`: in our words, why they differ."""

    term: Rated
    compared: tuple[Compared, ...]


def figures(kind: str, words: str) -> Figures:
    """Every figure of what somebody calls by these words. Raises UnknownName with the line to print."""
    found = [term for term in terms(kind).values() if term.called(words)]
    if not found:
        near = [term.id for term in terms(kind).values() if words.lower() in f"{term.id} {term.name}".lower()]
        listed = ", ".join(near or terms(kind))
        raise UnknownName(f"no figures of {words!r}; {'did you mean' if near else 'there are'}: {listed}")
    own = [rate for rate in rates(kind) if rate.term == found[0].id]
    return Figures(found[0], tuple(compared(rate, own[0]) for rate in own))


def compared(rate: Rate, first: Rate) -> Compared:
    """One figure beside the first of its term."""
    return Compared(rate, percent(rate), misprinted(rate), tuple(_differs(rate, first)) if rate is not first else ())


def percent(rate: Rate, places: int = 1) -> Decimal | None:
    """From the counts, half-up; None where they are not known."""
    return rounded(exactly(Decimal(rate.count * 100)) / rate.of, places) if rate.of and rate.count is not None else None


def misprinted(rate: Rate) -> bool:
    """Is the printed percentage another than that of the counts, at its own places?"""
    if rate.value is None or rate.unit != PERCENT or rate.bound:
        return False
    return percent(rate, _places(rate.value)) not in (None, rate.value)


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _differs(rate: Rate, first: Rate) -> Iterator[str]:
    """In what the two are not the same thing counted in the same people."""
    if rate.arm != first.arm:
        yield f"arm: {rate.arm} treatment"
    if rate.counted.population != first.counted.population or (rate.arm == first.arm and rate.n != first.n):
        yield f"people: {rate.counted.population}{f' (n = {rate.n})' if rate.n else ''}"
    if rate.counted.cut_off != first.counted.cut_off:
        yield f"cut-off: {rate.counted.cut_off}"
    for name, mine, theirs in (
        ("grade", rate.grade, first.grade),
        ("when", rate.timing, first.timing),
        ("counted as", rate.grouping, first.grouping),
    ):
        if mine != theirs:
            yield f"{name}: {mine or 'not said'}"
    if rate.unit != first.unit:
        yield f"measured in: {rate.unit}"
    if rate.source != first.source:
        yield f"source: {rate.source}"
