"""The four verifications of an order: which are passed, by whom, which are open, and whether somebody may sign one now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from posology.knowledge.checks import Looked, Verification, verifications
from posology.record import PERSON, Check, Record, Written
from posology.verify.care.preparation import PrepSheet
from posology.verify.care.seen import Seen, differing, expected, faults
from posology.verify.compare import stopping, verify
from posology.verify.derive import Drawn, live

PASSED, FAILED, INTERRUPTED, OPEN = "passed", "failed", "interrupted", "open"
OUTCOMES = (PASSED, FAILED, INTERRUPTED)
ORDER = "MedicationRequest/"
BEFORE, FINISHED = "before-compounding", "finished-product"


@dataclass(frozen=True, slots=True)
class Stand:
    """One verification and where it stands: passed, failed, interrupted or open, and the signature that says so.

    `expects`: what each item is held against, by its id. `turn`: everything before it is passed.
    """

    step: Verification
    state: str
    check: Check | None
    turn: bool
    expects: dict[str, Written]


@dataclass(frozen=True, slots=True)
class Discounted:
    """A signature that does not count, and why."""

    check: Check
    why: str


@dataclass(frozen=True, slots=True)
class Checks:
    """The four verifications of one order. `stops`: findings on a written order that must not go out."""

    prep: PrepSheet
    stands: tuple[Stand, ...]
    discounted: tuple[Discounted, ...]
    voided: tuple[Check, ...]
    stops: tuple[str, ...]
    based_on: str
    people: dict[str, str]

    def stand(self, step: str) -> Stand:
        """One of the four by its id. Raises KeyError."""
        return {one.step.id: one for one in self.stands}[step]

    def saw(self, step: str) -> dict[str, str]:
        """What was seen where a step is passed; empty where it is not."""
        stand = self.stand(step)
        return dict(stand.check.seen) if stand.check is not None and stand.state == PASSED else {}

    @property
    def open(self) -> tuple[Stand, ...]:
        """Those not passed."""
        return tuple(one for one in self.stands if one.state != PASSED)


@dataclass(frozen=True)
class _Walk:
    """The signatures so far, in the order of their time."""

    drawn: Drawn
    prep: PrepSheet
    steps: dict[str, Verification]
    orders: tuple[str, ...]
    last: dict[str, Check] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    discounted: list[Discounted] = field(default_factory=list)

    def passed(self, step: str) -> bool:
        return step in self.last and self.last[step].outcome == PASSED

    def before(self, step: str) -> list[str]:
        """The steps before this one that are not passed."""
        names = list(self.steps)
        return [name for name in names[: names.index(step)] if not self.passed(name)]

    def place(self, check: Check) -> tuple[object, ...]:
        """By time, then by step; at one moment bad news last, and bad news without a time of day, or a day, after all."""
        names, bad = list(self.steps), check.outcome != PASSED
        step = names.index(check.step) if check.step in names else len(names)
        return bad and not check.timed, check.at or self.drawn.case.at, step, bad

    def take(self, check: Check) -> None:
        """Let one signature count: a failure or an interruption starts its step and all later ones again."""
        step = check.step if check.step in self.steps else next(iter(self.steps))
        if check.outcome != PASSED:
            self._again(step)
        self.last[step] = check
        if check.by is not None and check.by.startswith(PERSON):
            self.people.setdefault(check.by, step)

    def earlier(self, step: str) -> dict[str, str]:
        """What was seen in the other steps that are passed."""
        return {name: value for other in self.steps if other != step and self.passed(other)
                for name, value in self.last[other].seen}  # fmt: skip

    def doubt(self, check: Check) -> None:
        """How a step ended is not readable: it is done again."""
        if check.step in self.steps and check.outcome not in OUTCOMES:
            self._again(check.step)

    def _again(self, step: str) -> None:
        names = list(self.steps)
        for name in names[names.index(step) :]:
            self.last.pop(name, None)


def checks(drawn: Drawn, prep: PrepSheet, record: Record) -> Checks:
    """Where the four verifications of the derived order stand at the moment of the decision."""
    written = (f"{ORDER}{prep.order.order_id}", *(one.id for one in live(record)))
    walk = _Walk(drawn, prep, {one.id: one for one in verifications()}, written)
    known = [one for one in record.checks if one.at is None or one.at <= drawn.case.at]
    mine = [one for one in known if about(one, walk.orders) or _unplaced(one, drawn)]
    for check in sorted(mine, key=walk.place):
        why = _discount(check, walk)
        if why is None:
            walk.take(check)
        else:
            walk.doubt(check)
            walk.discounted.append(Discounted(check, why))
    return Checks(
        prep=prep,
        stands=tuple(_stands(walk)),
        discounted=tuple(walk.discounted),
        voided=tuple(one for one in known if one not in mine and _since_last_dose(one, drawn)),
        stops=stopping(verify(drawn, record)),
        based_on=_based_on(record, prep),
        people=walk.people,
    )


def about(check: Check, orders: tuple[str, ...]) -> bool:
    """Was it signed for this order? The derived id or the order that it is based on says so; even where they part."""
    return check.order in orders or f"{ORDER}{(check.derived or '').lower()}" == orders[0]


def _unplaced(check: Check, drawn: Drawn) -> bool:
    """Bad news about no order that anybody knows may be about this one."""
    return check.outcome != PASSED and check.order is None and check.derived is None and _since_last_dose(check, drawn)


def _discount(check: Check, walk: _Walk) -> str | None:
    """Why a signature does not count, or None. A failure or an interruption counts whoever says it."""
    if check.outcome in OUTCOMES and check.outcome != PASSED:
        return None
    if check.step not in walk.steps or check.outcome != PASSED:
        return "it does not say which step, or how it ended"
    if check.by is None:
        return "nobody signed it"
    if not check.by.startswith(PERSON):
        return "it names no person by reference, so nobody knows whether it is another one"
    other = walk.people.get(check.by)
    if other not in (None, check.step):
        return f"the same person signed {other}"
    return _untimely(check, walk) or _unlike(check, walk)


def _unlike(check: Check, walk: _Walk) -> str | None:
    """What it lacks, or says and is not so."""
    assert check.step is not None and check.at is not None
    step, earlier = walk.steps[check.step], walk.earlier(check.step)
    return next(differing(step, dict(check.seen), walk.drawn, walk.prep, check.at, earlier), None)


def _untimely(check: Check, walk: _Walk) -> str | None:
    """Was it signed in its turn, at a time of the day of the order, and for no other order?"""
    if check.order not in (None, *walk.orders) or f"{ORDER}{(check.derived or '').lower()}" not in (walk.orders[0], ORDER):
        return "it is based on another order"
    if check.at is None or not check.timed:
        return "it has no time of the day"
    if check.at.astimezone(walk.drawn.case.zone).date() < walk.prep.order.on:
        return "it was signed before the day of the order"
    before = walk.before(str(check.step))
    return f"signed before {before[0]} was passed" if before else None


def _stands(walk: _Walk) -> Iterator[Stand]:
    due = expected(walk.prep)
    for name, step in walk.steps.items():
        check = walk.last.get(name)
        expects = {item.id: due[item.element] for item in step.items if item.element in due}
        state = (check.outcome if check else None) or OPEN
        yield Stand(step, state, check, not walk.before(name), expects)


def _since_last_dose(check: Check, drawn: Drawn) -> bool:
    last = drawn.case.course.last_dose_at
    return last is None or check.at is None or check.at > last


def _based_on(record: Record, prep: PrepSheet) -> str:
    """The written order, where there is exactly one; else the derived one."""
    written = {one.id for one in live(record)}
    return written.pop() if len(written) == 1 else f"{ORDER}{prep.order.order_id}"


def refusal(found: Checks, drawn: Drawn, step: str, by: str, outcome: str, seen: Seen, at: datetime) -> str | None:
    """Why this person may not sign this step so, in one line; None where they may."""
    stand = found.stand(step)
    other = found.people.get(by)
    if other not in (None, step):
        return f"{by} already signed {other}: another person signs {step}"
    if outcome != PASSED:
        return None
    if found.stops:
        return f"the written order has findings that stop ({', '.join(found.stops)}): see posology verify"
    if found.prep.stops or found.prep.otherwise:
        return f"the preparation must not go out: {(*found.prep.stops, *found.prep.otherwise)[0]}"
    if not stand.turn:
        before = next(one.step.id for one in found.stands if one.state != PASSED)
        return f"{before} comes first: it is {found.stand(before).state}"
    earlier = {name: value for one in found.stands if one.step.id != step for name, value in found.saw(one.step.id).items()}
    return next(faults(stand.step, MappingProxyType(dict(seen)), drawn, found.prep, earlier, at), None)


def looked(found: Checks, step: str) -> dict[str, Looked]:
    """The items of one step by their ids."""
    return {item.id: item for item in found.stand(step).step.items}
