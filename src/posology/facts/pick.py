"""The pickers: readings → one fact, at one moment. Each exists once here and once as columns, and the two are tested equal.

All of them see the readings of one observable up to `at`. The latest moment decides; two different values at one moment
are `conflicting`; a reading that cannot be used gives its word of absence; an unsigned judgement was not asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from posology.course import Course
from posology.facts.fact import MISSING, NOT_APPLICABLE, NOT_ASKED, Fact, fact_of
from posology.knowledge import Edition, Observable, Pick, Sign
from posology.record import Quality, Reading


@dataclass(frozen=True, slots=True)
class Moment:
    """Where pickers stand: the readings that count, by observable, the course, the knowledge.

    The readings are in time order, none after `at`, and signed where they must be.
    """

    at: datetime
    zone: ZoneInfo
    readings: Mapping[str, Sequence[Reading]]
    course: Course
    edition: Edition


USABLE = (Quality.OK, Quality.BOUNDED)


def seen(moment: Moment, observable: str, until: datetime | None = None, after: datetime | None = None) -> Sequence[Reading]:
    """The readings of one observable in (after, until] that count."""
    readings = moment.readings.get(observable, ())
    if readings and until is not None and until is not moment.at:
        readings = [reading for reading in readings if reading.at <= until]
    if readings and after is not None:
        readings = [reading for reading in readings if reading.at > after]
    return readings


def absent(observable: Observable) -> Fact:
    """Why there is nothing: only a person could have said it, or nobody measured it."""
    return NOT_ASKED if observable.asked else MISSING


def latest(readings: Sequence[Reading]) -> Sequence[Reading]:
    """The readings of the latest moment: the end of what is in time order."""
    if not readings:
        return ()
    first, at = len(readings) - 1, readings[-1].at
    while first and readings[first - 1].at == at:
        first -= 1
    return readings[first:]


def settled(group: Sequence[Reading], observable: Observable) -> Fact:
    """One fact from the readings of one moment."""
    if not group:
        return absent(observable)
    first = group[0]
    if len(group) == 1 and first.quality is Quality.OK:
        return fact_of(first.value, None, first.at, first.id, first.reported)
    faults = sorted(reading.quality for reading in group if reading.quality not in USABLE)
    if faults:
        return Fact(why=str(faults[0]), when=first.at, origin=first.id, reported=first.reported)
    if len({reading.value for reading in group}) > 1:
        return Fact(why="conflicting", when=first.at, origin=first.id, reported=" / ".join(r.reported for r in group))
    fact = Fact(value=first.value, when=first.at, origin=first.id, reported=first.reported)
    if any(reading.quality is Quality.BOUNDED for reading in group):
        return replace(fact, value=None, why="missing", stale=first.value)
    return fact


def normal(group: Sequence[Reading]) -> bool:
    """Does every reading lie within limits that the laboratory gave? Without limits nobody can say so."""
    for reading in group:
        limits = reading.low is not None or reading.high is not None
        below = isinstance(reading.value, Decimal) and reading.low is not None and reading.value < reading.low
        above = isinstance(reading.value, Decimal) and reading.high is not None and reading.value > reading.high
        if not limits or below or above:
            return False
    return True


def aged(fact: Fact, group: Sequence[Reading], pick: Pick, moment: Moment, at: datetime) -> Fact:
    """The fact, or `stale` where it is older than policy allows."""
    if pick.fresh_for is None or fact.value is None or fact.when is None:
        return fact
    fresh = moment.edition.policy.freshness[pick.fresh_for]
    other_day = fresh.same_day and at.astimezone(moment.zone).date() != fact.when.astimezone(moment.zone).date()
    differs = fresh.normal != fresh.abnormal
    if not other_day and at - fact.when <= (fresh.normal if differs and normal(group) else fresh.abnormal):
        return fact
    return fact_of(None, "stale", fact.when, fact.origin, fact.reported, fact.value, fact.ask)


def worded(fact: Fact, pick: Pick) -> Fact:
    """With `is`: whether the word is one of these."""
    if not pick.words or (fact.value is None and fact.stale is None):
        return fact
    value = None if fact.value is None else fact.value in pick.words
    return replace(fact, value=value, stale=None if fact.stale is None else fact.stale in pick.words)


def _pick(pick: Pick, moment: Moment, until: datetime, after: datetime | None = None) -> Fact:
    observable = moment.edition.observables[pick.of[0]]
    group = latest(seen(moment, observable.name, until, after))
    if not group:
        return absent(observable)
    fact = settled(group, observable)
    if pick.fresh_for is not None:
        fact = aged(fact, group, pick, moment, until)
    if pick.words:
        fact = worded(fact, pick)
    if pick.reaches is not None:
        fact = reached(fact, group, pick, moment)
    return _older_than_judged(fact, pick, moment) if pick.judges else fact


def reached(fact: Fact, group: Sequence[Reading], pick: Pick, moment: Moment) -> Fact:
    """With `reaches`: whether a value of that moment reaches the limit of the sign, in its reported unit."""
    sign, observable = moment.edition.policy.signs[str(pick.reaches)], moment.edition.observables[pick.of[0]]
    yes = any(isinstance(r.value, Decimal) and sign.reached(r.value, r.reported, observable) for r in group)
    return replace(fact, value=None if fact.value is None else yes, stale=None if fact.stale is None else yes)


def _older_than_judged(fact: Fact, pick: Pick, moment: Moment) -> Fact:
    """With `judges`: a signature older than the latest of what it speaks of is stale."""
    judged = [readings[-1].at for name in pick.judges if (readings := seen(moment, name, moment.at))]
    return _overtaken(fact, judged)


def _overtaken(fact: Fact, by: Sequence[datetime]) -> Fact:
    """Stale where one of these moments is later."""
    if fact.value is not None and fact.when is not None and by and max(by) > fact.when:
        return replace(fact, value=None, why="stale", stale=fact.value)
    return fact


def latest_before(pick: Pick, moment: Moment) -> Fact:
    """The latest value up to the moment of the decision."""
    fact = _pick(pick, moment, moment.at)
    return _cleared(fact, pick, moment) if pick.cleared_by else fact


def _cleared(fact: Fact, pick: Pick, moment: Moment, after: datetime | None = None) -> Fact:
    """With `cleared_by`: where nothing was said of it, looks that all found the mildest also found this absent."""
    if not pick.cleared_by or fact.why not in ("missing", "not_asked"):
        return fact
    observables = [moment.edition.observables[name] for name in pick.cleared_by]
    groups = [(latest(seen(moment, one.name, moment.at, after)), one) for one in observables]
    looks = [(settled(group, one), one) for group, one in groups if group]
    if not looks or not all(_mild(look, one, pick) for look, one in looks):
        return fact
    return replace(max((look for look, _ in looks), key=lambda look: look.when or moment.at), value=False, reported="")


def _mild(look: Fact, observable: Observable, pick: Pick) -> bool:
    if isinstance(look.value, Decimal):
        return pick.cleared_below is not None and look.value < pick.cleared_below
    return look.value == observable.words[0] if observable.words else look.value is False


def baseline_before(pick: Pick, moment: Moment) -> Fact:
    """The value nearest before the first dose ever; before that dose, the present one."""
    until = moment.course.first_dose_at or moment.at
    if pick.same_as is None:
        return _pick(pick, moment, until)
    other = latest(seen(moment, pick.same_as, until))
    group = [r for r in seen(moment, pick.of[0], until) if other and r.at == other[0].at]
    return aged(settled(group, moment.edition.observables[pick.of[0]]), group, pick, moment, until)


def prior_cycle_before(pick: Pick, moment: Moment) -> Fact:
    """The value that Day 1 of the prior cycle was given on."""
    anchor = moment.course.prior_day1_at
    return _pick(pick, moment, anchor) if anchor else NOT_APPLICABLE


def since_last_dose(pick: Pick, moment: Moment) -> Fact:
    """The latest value after the last dose, no older than a sign it would clear; what is sticky stays."""
    stuck = _stuck(pick, moment)
    if stuck is not None:
        return stuck
    last = moment.course.last_dose_at
    fact = _older_than_sign(_pick(pick, moment, moment.at, last), pick, moment)
    if fact.why != "not_asked":
        return fact
    if last is None and moment.course.point is not None:
        return _before_first(fact, pick, moment)
    return _cleared(fact, pick, moment, last)


def _stuck(pick: Pick, moment: Moment) -> Fact | None:
    """With `sticky`: the worst value ever, if it reaches that value."""
    if pick.sticky is None:
        return None
    worst = highest_ever(pick, moment)
    if isinstance(pick.sticky, Decimal):
        return worst if isinstance(worst.value, Decimal) and worst.value >= pick.sticky else None
    return worst if worst.value == pick.sticky else None


def _older_than_sign(fact: Fact, pick: Pick, moment: Moment) -> Fact:
    """With `not_before`: stale where a sign after the last dose is later."""
    if not pick.not_before or fact.value is None:
        return fact
    return _overtaken(fact, [at for name in pick.not_before for at in _signs(name, moment)])


def _signs(name: str, moment: Moment) -> list[datetime]:
    """When there was a sign after the last dose: a yes, or a number that policy says is one."""
    sign, last = moment.edition.policy.signs.get(name), moment.course.last_dose_at
    readings = seen(moment, name, moment.at, last)
    if sign is None:
        return [reading.at for reading in readings if reading.value is True]
    if last is None or not readings:
        return []
    if _explained(sign, moment):
        readings = [reading for reading in readings if reading.at != readings[-1].at]
    return [reading.at for reading in readings if _is_sign(reading, sign, moment)]


def _is_sign(reading: Reading, sign: Sign, moment: Moment) -> bool:
    if not isinstance(reading.value, Decimal):
        return False
    observable = moment.edition.observables[reading.observable]
    if sign.above_percent is None:
        return sign.reached(reading.value, reading.reported, observable)
    group = latest(seen(moment, observable.name, moment.course.first_dose_at))
    baseline = settled(group, observable).value
    return isinstance(baseline, Decimal) and sign.over(reading.value, baseline)


def _explained(sign: Sign, moment: Moment) -> bool:
    """Is the latest sample explained by a signed cause?"""
    by = moment.edition.facts.get(sign.unless or "")
    return by is not None and signed_for_sample(by.pick, moment).value is True


def _before_first(fact: Fact, pick: Pick, moment: Moment) -> Fact:
    """While no dose was given: nothing can have come of one, or the baseline review stands for the look."""
    if pick.before_first is not None:
        return Fact(pick.before_first)
    if pick.first is not None:
        observable = moment.edition.observables[pick.first]
        return settled(latest(seen(moment, observable.name, moment.at)), observable)
    return _cleared(fact, pick, moment)


def since_anti_cd22(pick: Pick, moment: Moment) -> Fact:
    """The latest value after the last other treatment against the same target, and after the disease was last first-line."""
    earlier = [reading.at for reading in seen(moment, "earlier_anti_cd22", moment.at) if reading.value is True]
    earlier += [reading.at for reading in seen(moment, "disease_status", moment.at) if reading.value == "first_line"]
    return _pick(pick, moment, moment.at, max(earlier, default=None))


def highest_ever(pick: Pick, moment: Moment) -> Fact:
    """The worst usable value ever: the highest number, the last word of the dictionary, or a yes."""
    observable = moment.edition.observables[pick.of[0]]
    readings = [r for r in seen(moment, observable.name, moment.at) if r.quality in USABLE and r.value is not None]
    if not readings:
        return absent(observable)
    worst = max(readings, key=lambda reading: _rank(reading, observable))
    return Fact(worst.value, None, worst.at, worst.id, worst.reported)


def ever_signed(pick: Pick, moment: Moment) -> Fact:
    """Was it ever signed with yes? The record itself answers; while nobody has said that treatment began, nobody has."""
    if moment.course.point is None:
        return NOT_ASKED
    yes = [reading for reading in seen(moment, pick.of[0], moment.at) if reading.value is True]
    return Fact(True, None, yes[-1].at, yes[-1].id) if yes else Fact(False)


def _rank(reading: Reading, observable: Observable) -> Decimal:
    if isinstance(reading.value, Decimal):
        return reading.value
    return Decimal(observable.words.index(str(reading.value)) if observable.words else reading.value is True)


def _of_sample(pick: Pick, moment: Moment) -> Sequence[Reading]:
    """The readings taken at the same moment as the latest reading of another observable."""
    other = latest(seen(moment, str(pick.same_as), moment.at))
    return [r for r in seen(moment, pick.of[0], moment.at) if other and r.at == other[0].at]


def same_sample(pick: Pick, moment: Moment) -> Fact:
    return settled(_of_sample(pick, moment), moment.edition.observables[pick.of[0]])


def _upper(group: Sequence[Reading]) -> Fact:
    return _limit(group, {reading.high for reading in group if reading.high is not None})


def _limit(group: Sequence[Reading], limits: set[Decimal]) -> Fact:
    if not limits or any(reading.quality not in USABLE for reading in group):
        return MISSING
    if len(limits) > 1:
        return Fact(why="conflicting", when=group[0].at, origin=group[0].id)
    return fact_of(limits.pop(), None, group[0].at, group[0].id)


def upper_limit(pick: Pick, moment: Moment) -> Fact:
    """The laboratory's own upper limit of the latest reading; never a default."""
    return _upper(latest(seen(moment, pick.of[0], moment.at)))


def lower_limit(pick: Pick, moment: Moment) -> Fact:
    """The laboratory's own lower limit of the latest reading; never a default."""
    group = latest(seen(moment, pick.of[0], moment.at))
    return _limit(group, {reading.low for reading in group if reading.low is not None})


def baseline_upper_limit(pick: Pick, moment: Moment) -> Fact:
    """The laboratory's own upper limit of the reading that is the baseline."""
    return _upper(latest(seen(moment, pick.of[0], moment.course.first_dose_at or moment.at)))


def same_sample_upper_limit(pick: Pick, moment: Moment) -> Fact:
    return _upper(_of_sample(pick, moment))


def signed_for_sample(pick: Pick, moment: Moment) -> Fact:
    """A signed judgement about the latest sample of another observable, dated on or after it."""
    other = latest(seen(moment, str(pick.same_as), moment.at))
    if not other:
        return NOT_ASKED
    at, day = other[0].at, other[0].at.astimezone(moment.zone).date()
    samples = {reading.id for reading in other}

    def about(reading: Reading) -> bool:
        """Named, its day must not be before the sample's; unnamed, it must have been signed after the sample."""
        if reading.sample is None:
            return reading.at >= at
        return reading.sample in samples and reading.at.astimezone(moment.zone).date() >= day

    judged = [reading for reading in seen(moment, pick.of[0], moment.at) if about(reading)]
    return worded(settled(latest(judged), moment.edition.observables[pick.of[0]]), pick)


def given_today(pick: Pick, moment: Moment) -> Fact:
    """Was it given on the local day of `at`?"""
    today = [r for r in seen(moment, pick.of[0], moment.at) if r.at.astimezone(moment.zone).date() == moment.course.today]
    return settled(latest(today), moment.edition.observables[pick.of[0]])
