"""The certificate of one answer on paper: what it rests on and came to, with the seal that its JSON bears."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from posology.answer import Evidence, cut
from posology.knowledge import Edition
from posology.language import facts_in
from posology.say.documents.ordered import born, first, overrides, says
from posology.say.documents.paper import Block, Row, Says, Section, Sheet, Warn
from posology.say.shape import Json
from posology.say.words import VERDICTS, source, verdict_line
from posology.units import normalise
from posology.verify import Identity
from posology.verify.certificate import Certificate

SEALED = ("record", "seal")
DERIVED = ("hours_since", "reported")
"""Pickers whose fact only says that another one is there, or how old it is."""


def certificate(
    one: Certificate, sealed: Json, identity: Identity, edition: Edition, overridden: Iterable[str] = ()
) -> Sheet:
    """One page: verdict, dose, the rows that hold with their data, findings on written orders, digests, who and when."""
    listed = tuple(overridden)
    parts = (
        Section("Answer", tuple(_answer(one))),
        Section("Rests on", tuple(_rows(one))),
        Section("Further inputs", tuple(_inputs(one, edition))),
        Section("Written orders", tuple(_orders(one))),
        Section("", tuple(_digests(one, sealed))),
    )
    made = one.dose.amounts if one.dose else None
    product = edition.product
    return Sheet(
        kind="Certificate",
        title=f"Certificate {one.order_id or sealed['seal'].rpartition(':')[2][: len('0123456789abcdef')]}",
        edition=one.edition.upper(),
        version=one.version,
        knowledge=one.knowledge,
        sections=(*(part for part in parts if part.blocks), *overrides(listed)),
        order=one.order_id or "",
        whose=identity.name or "name: ____________",
        known=f"{first(identity, one.patient)} · born {born(identity, None)}",
        drug=f"{product['tall_man']} ({product['brand']})",
        lead=f"{normalise(made.rounded.mg)} mg" if made else VERDICTS[one.verdict],
        how=_point(one),
        overridden="; ".join(listed),
        made_at=one.at,
        fine=True,
    )


def _point(one: Certificate) -> str:
    point = one.point
    course = f"cycle {point.cycle}, dose {point.dose}, Day {point.day}" if point.cycle else "treatment not yet recorded"
    return f"{course}; decided for {one.at:%Y-%m-%d %H:%M} ({one.zone})"


def _answer(one: Certificate) -> Iterator[Block]:
    yield Row("Verdict", verdict_line(one.verdict, one.could_be, False), strong=True)
    if one.dose is None:
        yield Row("Dose", "none")
    else:
        made, dose = one.dose.amounts, one.dose
        sum_ = f"{normalise(made.mg_per_m2)} mg per square metre times {normalise(made.bsa_m2)} square metres"
        rounded = f"{normalise(made.exact_mg)} mg, rounded to {normalise(made.rounded.mg)} mg"
        yield Row("Dose", f"{sum_} = {rounded}", source(dose.cites))
        yield Row("Body surface", f"{dose.bsa_formula.capitalize()} from {normalise(dose.weight_kg)} kg, "
                  f"{normalise(dose.height_cm)} cm; level {dose.level.replace('_', ' ')}")  # fmt: skip
    yield Row("Asked for by", one.by or "")
    yield Row("Checked by, when")
    if not one.orders:
        yield Row("Written orders", "none in the record that is still to be carried out")


def _rows(one: Certificate) -> Iterator[Block]:
    """Every row that holds with its data, each value once, and what is still missing."""
    told: set[str] = set()
    for item in one.answers:
        for row in (row for row in item.findings if row.state == "holds"):
            fresh = [part for part in row.because if part.fact not in told]
            again = [_spelt(part.fact) for part in row.because if part.fact in told]
            told.update(part.fact for part in fresh)
            above = [f"{', '.join(again)} as above"] if again else []
            data = "; ".join([*_at_once([(part.fact, part.value, part.unit, _when(part, one)) for part in fresh]), *above])
            yield says(f"{_spelt(row.then)}: {row.states}{f' Data: {data}.' if data else ''}", row.cites, row.seen)
    lacking: dict[str, dict[str, None]] = {}
    for lack in (lack for item in one.answers for lack in item.missing):
        lacking.setdefault(_spelt(lack.why), {})[_spelt(lack.fact)] = None
    if lacking:
        yield Says(" ".join(f"{why.capitalize()}: {', '.join(facts)}." for why, facts in lacking.items()))


def _spelt(name: str) -> str:
    return name.replace("_", " ")


def _when(part: Evidence, one: Certificate) -> datetime | None:
    return part.when.astimezone(one.at.tzinfo) if part.when and part.origin else None


def _inputs(one: Certificate, edition: Edition) -> Iterator[Block]:
    """What else the record says of that which the rules look at, by the first question that asks for it and by its time."""
    left = {name for name, fact in one.facts.items() if fact.value is not None and fact.origin}
    shown = {part.fact for item in one.answers for row in item.findings if row.state == "holds" for part in row.because}
    left = {name for name in left if edition.facts[name].pick.how not in DERIVED} - shown
    for item in one.answers:
        asked = dict.fromkeys(name for rule in edition.tables[item.question].rows for name in facts_in(rule.when))
        mine = [name for name in asked if name in left]
        left.difference_update(mine)
        if mine:
            parts = [(name, one.facts[name].value, edition.facts[name].unit, _taken(name, one)) for name in mine]
            yield Row(_spelt(item.question), "; ".join(_at_once(parts)))
    known = sum(fact.value is not None for fact in one.facts.values())
    yield Says(f"{known} of {len(one.facts)} facts are known; the JSON holds each with its value, time and origin.")


def _taken(name: str, one: Certificate) -> datetime | None:
    when = one.facts[name].when
    return when.astimezone(one.at.tzinfo) if when else None


def _at_once(parts: list[tuple[str, Any, str | None, datetime | None]]) -> Iterator[str]:
    """Facts with their values and units: those of one moment together, and the moment after them."""
    moments: dict[str, list[str]] = {}
    for name, value, unit, when in parts:
        shown = f" {unit.replace('10*9/L', '×10⁹/L')}" if unit and unit != "1" and value is not None else ""
        moments.setdefault(f"{when:%Y-%m-%d %H:%M}" if when else "", []).append(
            f"{_spelt(name)} {'unknown' if value is None else cut(value)}{shown}"
        )
    yield from (f"{', '.join(listed)}{f' ({when})' if when else ''}" for when, listed in moments.items())


def _orders(one: Certificate) -> Iterator[Block]:
    for checked in one.orders:
        yield Row(checked.order.id, f"{checked.order.status or 'no status'}; {len(checked.findings)} findings")
        for found in checked.findings:
            text = f"{found.severity} {found.id}: {found.reason}"
            if found.stops:
                yield Warn(text, source(found.cites))
            else:
                yield Says(f"{text}{' (overridden)' if found.overridden else ''}", source(found.cites))


def _digests(one: Certificate, sealed: Json) -> Iterator[Block]:
    for name in SEALED:
        yield Row(name.capitalize(), str(sealed[name]))
