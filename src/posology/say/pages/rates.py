"""Rates of reactions and efficacy, as JSON and in words: one line a figure, never one number made of several."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from textwrap import wrap

from posology.answer.rates import Compared, Figures, misprinted, percent
from posology.knowledge.rates import Rate, rates, terms
from posology.say.shape import Json, scalar
from posology.say.words import SEEN, WIDTH
from posology.units import normalise

NEVER = "No figure here is an average: people, cut-off and grouping differ."


def shape(found: Figures) -> Json:
    """`reactions TERM --json`."""
    return {
        "id": found.term.id,
        "name": found.term.name,
        "why": found.term.why or None,
        "claims": list(found.term.claims),
        "figures": [_figure(one) for one in found.compared],
    }


def _figure(one: Compared) -> Json:
    rate, counted = one.rate, one.rate.counted
    return {
        "source": rate.source,
        "section": rate.section,
        "population": counted.population,
        "cut_off": counted.cut_off,
        "window": counted.window or None,
        "arm": rate.arm,
        "grade": rate.grade or None,
        "timing": rate.timing or None,
        "grouping": rate.grouping or None,
        "n": rate.count,
        "of": rate.n,
        "percent_of_counts": scalar(one.percent),
        "printed": scalar(rate.value),
        "bound": rate.bound or None,
        "unit": rate.unit,
        "interval": [scalar(rate.low), scalar(rate.high)] if rate.low is not None or rate.high is not None else None,
        "printed_differs": one.printed_differs,
        "differs": list(one.differs),
        "note": rate.note or None,
        "seen": rate.seen,
        "confidence": rate.confidence,
    }


def index(kind: str) -> list[Json]:
    """`reactions --json`: every term, and how many figures it has."""
    every = rates(kind)
    return [
        {"id": term.id, "name": term.name, "also": list(term.also), "figures": sum(rate.term == term.id for rate in every)}
        for term in terms(kind).values()
    ]


def listed(kind: str) -> str:
    """Every term in words, with its first figure."""
    lines = []
    for term in terms(kind).values():
        own = [rate for rate in rates(kind) if rate.term == term.id]
        more = f"  (and {len(own) - 1} more)" if len(own) > 1 else ""
        lines.append(f"  {term.id:26} {term.name}: {figure(own[0])}{more}")
    return "\n".join([*lines, NEVER]) + "\n"


def figure(rate: Rate) -> str:
    """One figure: counts first where they are known, then the percentage or the value as printed."""
    printed = f"{rate.bound} {normalise(rate.value)}".strip() + f" {rate.unit}" if rate.value is not None else ""
    if rate.count is None:
        return f"{printed}{_interval(rate)}"
    worked = percent(rate)
    told = printed if not misprinted(rate) and printed else f"{worked} %" if worked is not None else printed
    quoted = f"; printed as {printed}" if misprinted(rate) else ""
    counts = f"{rate.count}/{rate.of}" if rate.of else str(rate.count)
    return f"{counts} ({told}{quoted}){_interval(rate)}" if told else counts


def _interval(rate: Rate) -> str:
    if rate.low is None and rate.high is None:
        return ""
    if rate.low is None:
        return f" (up to {_end(rate.high)})"
    return f" ({_end(rate.low)} to {_end(rate.high)})"


def _end(value: Decimal | None) -> str:
    return "not reached" if value is None else normalise(value)


def words(found: Figures) -> str:
    """Every figure side by side, and why they differ."""
    return "\n".join(_words(found)) + "\n"


def _words(found: Figures) -> Iterator[str]:
    yield found.term.name
    if found.term.why:
        yield from wrap(f"Why they differ: {found.term.why}", WIDTH, initial_indent="  ", subsequent_indent="  ")
    if found.term.claims:
        yield f"  Where sources differ: {', '.join(found.term.claims)} of `posology sources conflicts`"
    for one in found.compared:
        yield from _line(one)
    yield NEVER


def _line(one: Compared) -> Iterator[str]:
    rate, counted = one.rate, one.rate.counted
    parts = [rate.arm, f"grade {rate.grade}" if rate.grade else "", rate.timing, rate.grouping]
    yield f"  {figure(rate)} · {', '.join(filter(None, parts))}"
    people = f"{counted.population}{f', n = {rate.n}' if rate.n else ''}; {counted.cut_off}"
    basis = f"[{rate.source} {rate.section}; {SEEN[rate.seen]}]"
    yield from wrap(f"{people} {basis}", WIDTH, initial_indent="      ", subsequent_indent="      ")
    for text in (f"differs from the first by {'; '.join(one.differs)}" if one.differs else "", rate.note):
        yield from wrap(text, WIDTH, initial_indent="      ", subsequent_indent="      ") if text else ()
