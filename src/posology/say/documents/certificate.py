"""The certificate of one answer on paper: what it rests on and came to, with the seal that its JSON bears."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from posology.answer import Evidence
from posology.knowledge import Edition
from posology.language import facts_in
from posology.say.documents.ordered import born, first, overrides, says, signed
from posology.say.documents.paper import Block, Row, Says, Section, Sheet, Warn
from posology.say.shape import Json
from posology.say.words import VERDICTS, cut, source, verdict_line
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
        Section("To check it", tuple(_digests(one, sealed))),
        Section("", (signed("checked by"),)),
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
    if not one.orders:
        yield Row("Written orders", "none in the record that is still to be carried out")


def _rows(one: Certificate) -> Iterator[Block]:
    """Every row that holds with its data, and by question what is still missing."""
    for item in one.answers:
        for row in item.findings:
            if row.state == "holds":
                data = "; ".join(map(_datum, row.because))
                told = f"{row.then.replace('_', ' ')}: {row.states}{f' Data: {data}.' if data else ''}"
                yield says(told, row.cites, row.seen)
    lacking: dict[str, dict[str, None]] = {}
    for lack in (lack for item in one.answers for lack in item.missing):
        lacking.setdefault(lack.why.replace("_", " "), {})[lack.fact.replace("_", " ")] = None
    for why, facts in lacking.items():
        yield Says(f"{why.capitalize()}: {', '.join(facts)}.")


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
            yield Row(item.question.replace("_", " "), "; ".join(_at_once(mine, one, edition)))
    known = sum(fact.value is not None for fact in one.facts.values())
    yield Says(f"{known} of {len(one.facts)} facts are known; the JSON holds each with its value, time and origin.")


def _at_once(names: list[str], one: Certificate, edition: Edition) -> Iterator[str]:
    """The values of one moment together, and the moment after them."""
    moments: dict[str, list[str]] = {}
    for name in names:
        fact, unit = one.facts[name], edition.facts[name].unit
        when = f"{fact.when.astimezone(one.at.tzinfo):%Y-%m-%d %H:%M}" if fact.when else ""
        shown = f" {unit.replace('10*9/L', '×10⁹/L')}" if unit and unit != "1" else ""
        moments.setdefault(when, []).append(f"{name.replace('_', ' ')} {cut(fact.value)}{shown}")
    yield from (f"{', '.join(listed)}{f' ({when})' if when else ''}" for when, listed in moments.items())


def _datum(part: Evidence) -> str:
    unit = f" {part.unit}" if part.unit and part.unit != "1" else ""
    when = f" ({part.when:%Y-%m-%d %H:%M})" if part.when and part.origin else ""
    value = "unknown" if part.value is None else f"{cut(part.value)}{unit}{when}"
    return f"{part.fact.replace('_', ' ')} {value}"


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
    yield Says("The same line with --json is the certificate itself; posology verify --certificate FILE derives it again.")
