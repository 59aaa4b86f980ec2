"""The regimen page and the pocket card: from the label's tables alone, about no patient."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from posology.knowledge import Cites, Edition
from posology.say.documents.ordered import UNVERIFIED, says
from posology.say.documents.paper import Block, Row, Says, Section, Sheet
from posology.say.words import source
from posology.units import convert, normalise
from posology.version import VERSION

DOSES, PREMEDICATION = "regimen", "premedication"
HOLD, STOP, DOSE, WHOM = ("interrupt", "wait", "omit"), ("discontinue",), ("give",), ("not_eligible",)
REVIEW = ("give_with_review",)
BEFORE = {
    "every dose": "every dose",
    "first dose": "the first dose",
    "later dose": "later doses",
    "cycle start": "dose 1 of a cycle",
}


def regimen(edition: Edition) -> Sheet:
    """The whole course on paper, as the label lays it out."""
    parts = (
        Section("For whom", tuple(_rules(edition, WHOM))),
        Section("Dose", tuple(_rules(edition, DOSE, (DOSES,)))),
        Section("Course", tuple(_course(edition))),
        Section("Infusion", tuple(_infusion(edition))),
        Section("Premedication", tuple(_advice(edition, PREMEDICATION))),
        Section("Before each dose", tuple(_looks(edition))),
        Section("Do not give now", tuple(_rules(edition, HOLD))),
        Section("Give, with a review", tuple(_rules(edition, REVIEW))),
        Section("Stop for good", tuple(_rules(edition, STOP))),
        Section("Preparation", tuple(_steps(edition))),
    )
    return _sheet("Regimen", edition, parts, 1)


def pocket(edition: Edition) -> Sheet:
    """The same in short, to fold into a pocket."""
    parts = (
        Section("Dose", tuple(_rules(edition, DOSE, (DOSES,)))),
        Section("Course", tuple(_course(edition))),
        Section("Infusion", tuple(_infusion(edition))),
        Section("Hold", tuple(_rules(edition, HOLD[:1]))),
        Section("Stop for good", tuple(_rules(edition, STOP))),
        Section("After an interruption", tuple(_rules(edition, REVIEW, ("level_next_cycle",)))),
        Section("Before and beside", (*_advice(edition, PREMEDICATION, 1), *_vial(edition))),
    )
    return _sheet("Pocket card", edition, parts, 2)


def _sheet(kind: str, edition: Edition, parts: tuple[Section, ...], columns: int) -> Sheet:
    product = edition.product
    return Sheet(
        kind=kind,
        title=f"{kind}: {product['tall_man']}, edition {edition.id.upper()}",
        edition=edition.id.upper(),
        version=VERSION,
        knowledge=edition.knowledge,
        sections=tuple(one for one in parts if one.blocks),
        whose=f"{product['tall_man']} ({product['brand']})",
        columns=columns,
    )


def _rules(edition: Edition, actions: tuple[str, ...], questions: tuple[str, ...] = ()) -> Iterator[Block]:
    """The label's own rows that lead to one of these actions."""
    for name, table in edition.tables.items():
        for rule in table.rows if not questions or name in questions else ():
            if rule.then in actions and (questions or name != DOSES) and _labelled(rule.cites, edition):
                yield says(rule.states, rule.cites, rule.seen)


def _labelled(cites: Cites, edition: Edition) -> bool:
    return edition.sources[cites.source].kind == "label"


def _course(edition: Edition) -> Iterator[Row]:
    known, page = edition.regimen, edition.documents["regimen"]
    where, unsure = source(Cites(**page["cites"])), page["seen"] == UNVERIFIED
    days = ", ".join(f"Day {day}" for day in known.days)
    yield Row("Doses", f"{len(known.days)} a cycle: {days}", where, unsure)
    most = f", up to {known.first_length_max}" if known.first_length_max != known.first_length else ""
    yield Row("Cycle", f"first {known.first_length} days{most}; later {known.later_length} days")
    yield Row("Between doses", f"at least {known.min_days} days; each movable by {known.window_days} days")
    yield Row("Cycles", f"at most {known.max_cycles}")


def _infusion(edition: Edition) -> Iterator[Row]:
    product, bag = edition.product, edition.product["bag"]
    where, unsure = source(Cites(**bag["cites"])), bag["seen"] == UNVERIFIED
    volume, rate = (normalise(Decimal(str(bag[name]))) for name in ("volume_ml", "rate_ml_per_h"))
    yield Row("Route", f"{product['route'].replace('_', ' ').upper()} ONLY", strong=True)
    diluent = edition.preparation.diluent if edition.preparation else ""
    yield Row("In", f"{volume} mL {diluent}".strip(), where, unsure)
    yield Row("Rate", f"{rate} mL per hour, over {bag['infusion_minutes']} minutes", where, unsure)
    if edition.preparation:
        seen = source(edition.preparation.observation)
        yield Row("Then", f"observation for {edition.preparation.observe_minutes} minutes from the actual end", seen)


def _advice(edition: Edition, section: str, most: int | None = None) -> Iterator[Says]:
    for part in edition.advice:
        for line in [one for one in part.lines if part.id == section and _labelled(one.cites, edition)][:most]:
            yield says(line.says, line.cites, line.seen)


def _vial(edition: Edition) -> Iterator[Says]:
    """What a vial gives, and the longest that each clock of the prepared drug runs."""
    vial = edition.product["vial"]
    gives, of = (normalise(Decimal(str(vial[name]))) for name in ("withdrawable_mg", "withdrawable_ml"))
    yield says(f"A vial gives {gives} mg in {of} mL.", Cites(**vial["cites"]), vial["seen"])
    for clock in edition.preparation.clocks if edition.preparation else ():
        hours = normalise(convert(Decimal(clock.minutes), "min", "h"))
        yield says(f"{clock.means}: at most {hours} hours", clock.cites, clock.seen)


def _steps(edition: Edition) -> Iterator[Says]:
    for step in edition.preparation.steps if edition.preparation else ():
        yield says(step.says, step.cites, step.seen)


def _looks(edition: Edition) -> Iterator[Says]:
    for item in edition.monitoring:
        if item.before and _labelled(item.cites, edition):
            yield says(f"{item.what} (before {BEFORE[item.before]})", item.cites, item.seen)
