"""Orders judged and counted: which class was named, which alarm was false, and how sure a share is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import sqrt
from random import Random

from _order_amounts import book as in_amounts
from _order_clean import rewritten
from _order_moments import Moment, drawn, read
from _order_record import book as in_record
from _order_simple import off_template, out_of_range
from _order_slips import Slip, Spoilt, clean, says
from _order_words import book as in_words
from _order_written import book as in_writing

from posology.verify import Finding, compare

SLIPS: tuple[Slip, ...] = (*in_writing.slips, *in_words.slips, *in_amounts.slips, *in_record.slips)
CLASSES = tuple(sorted({slip.error for slip in SLIPS}))
ALARMS = ("stop", "confirm")
Z = 1.959964


@dataclass
class Tally:
    """Injected errors of one class or form, and how many of them each check found."""

    injected: int = 0
    named: int = 0
    caught: int = 0
    by_range: int = 0
    by_template: int = 0


@dataclass
class Score:
    """Everything that is counted. `false` are alarms of a class on orders that do not hold it."""

    forms: dict[tuple[str, str], Tally] = field(default_factory=dict)
    true: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    astray: Counter[tuple[str, str]] = field(default_factory=Counter)
    clean: int = 0
    false_stops: int = 0
    false_alarms: int = 0
    range_stops: int = 0
    template_stops: int = 0
    pairs: int = 0
    pairs_caught: int = 0
    pairs_named: int = 0


def wilson(found: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    if of == 0:
        return (0.0, 1.0)
    share, square = found / of, Z * Z
    middle, half = share + square / (2 * of), Z * sqrt(share * (1 - share) / of + square / (4 * of * of))
    low, high = (middle - half) / (1 + square / of), (middle + half) / (1 + square / of)
    return (max(0.0, low), min(1.0, high))


def judged(at: Moment, case: Spoilt) -> tuple[Finding, ...]:
    """What the verifier finds, on the record as the slip left it."""
    found = at.drawn
    if case.bundle is not None:
        found = drawn(read(case.bundle, at.zone), case.at or at.at, at.edition, at.zone)
    return compare(found, case.order, case.others, case.routes)


def alarms(found: tuple[Finding, ...]) -> set[str]:
    return {one.error for one in found if one.severity in ALARMS}


def injections(slip: Slip, moments: tuple[Moment, ...], each: int, seed: int) -> Iterator[tuple[Moment, Spoilt]]:
    """Up to so many orders with this slip, over moments drawn by the seed."""
    luck = Random(f"{slip.error} {slip.form} {seed}")
    fit = [one for one in moments if slip.held == (one.order is None)]
    made = 0
    for at in luck.sample(fit, len(fit)):
        case = slip.make(at, luck)
        if case is not None:
            yield at, case
            made += 1
        if made == each:
            return


def count_errors(score: Score, moments: tuple[Moment, ...], each: int, seed: int) -> None:
    forms = Counter(slip.error for slip in SLIPS)
    for slip in SLIPS:
        tally = score.forms.setdefault((slip.error, slip.form), Tally())
        for at, case in injections(slip, moments, -(-each // forms[slip.error]), seed):
            seen = alarms(judged(at, case))
            tally.injected += 1
            tally.named += slip.error in seen
            tally.caught += bool(seen)
            tally.by_range += out_of_range(case.order)
            tally.by_template += off_template(case.order)
            _attribute(score, seen, case, slip.form)


def _attribute(score: Score, seen: set[str], case: Spoilt, form: str) -> None:
    """Each class named is right, wrong, or a consequence that says nothing of precision."""
    for error in seen:
        if error in case.errors:
            score.true[error] += 1
        elif error not in case.also:
            score.false[error] += 1
            score.astray[(form, error)] += 1


def count_clean(score: Score, moments: tuple[Moment, ...], many: int, seed: int) -> None:
    luck, fit = Random(f"clean {seed}"), [one for one in moments if one.order is not None]
    for _ in range(many):
        at = luck.choice(fit)
        order = rewritten(at, luck)
        found = compare(at.drawn, order)
        seen = alarms(found)
        score.clean += 1
        score.false_stops += any(one.stops for one in found)
        score.false_alarms += bool(seen)
        score.range_stops += out_of_range(order)
        score.template_stops += off_template(order)
        score.false.update(seen)
        score.astray.update(("a clean order", f"{one.id} {one.reason}"[:90]) for one in found if one.severity in ALARMS)


def count_pairs(score: Score, moments: tuple[Moment, ...], many: int, seed: int) -> None:
    """Two slips in one order, neither of which touches what the other wrote."""
    luck, fit = Random(f"pairs {seed}"), [one for one in moments if one.order is not None]
    written = (*in_writing.slips, *in_words.slips, *in_amounts.slips)
    while score.pairs < many:
        at, (first, second) = luck.choice(fit), luck.sample(written, 2)
        case = paired(at, first, second, luck)
        if case is not None:
            seen = alarms(judged(at, case))
            score.pairs += 1
            score.pairs_caught += bool(seen)
            score.pairs_named += case.errors <= seen


def paired(at: Moment, first: Slip, second: Slip, luck: Random) -> Spoilt | None:
    one, other = first.make(at, luck), second.make(at, luck)
    if one is None or other is None or first.error == second.error:
        return None
    mine, theirs = changes(at, one), changes(at, other)
    if (mine & theirs) - {"text"} or {"E02", "E23"} & {first.error, second.error}:
        return None  # of another drug nothing more is compared, and other numbers make other words
    said = {name: value for name, value in one.order.said.items() if name not in theirs}
    said |= {name: value for name, value in other.order.said.items() if name in theirs}
    if "text" in other.order.said or "text" in one.order.said:
        return None
    unread = {**one.order.unread, **other.order.unread}
    status = one.order.status if one.order.status != clean(at).status else other.order.status
    order = replace(says(one.order, **{name.replace("-", "_"): value for name, value in said.items()}), said=said)
    order = replace(order, unread=unread, status=status)
    return Spoilt(order, one.errors | other.errors, one.also | other.also, one.others + other.others)


def changes(at: Moment, case: Spoilt) -> set[str]:
    """The elements that a slip wrote, left out, or made unreadable."""
    before, after = clean(at).said, case.order.said
    return {name for name in {*before, *after} if before.get(name) != after.get(name)} | set(case.order.unread)
