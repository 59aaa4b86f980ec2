"""A record at every moment that has data: the facts of the criteria, then each set on each local day. No clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from posology.course import fold
from posology.criteria.items import holds
from posology.criteria.scene import Chart, Scene, aged, scene
from posology.criteria.sets import inside, is_sign, state_of
from posology.criteria.standing import Day, State
from posology.criteria.trends import FROM_FACTS, FROM_READINGS
from posology.facts import Fact, gather, moment_of
from posology.knowledge import Edition, FactEntry
from posology.knowledge.panel import Panel
from posology.record import Given, Record


@dataclass(frozen=True, slots=True)
class Film:
    """One record through one panel: the facts of any moment, when each thing was read, and the first day shown."""

    panel: Panel
    edition: Edition
    zone: ZoneInfo
    scene: Callable[[datetime], Scene]
    samples: Mapping[str, Sequence[datetime]]
    start: date | None

    def chart(self, at: datetime) -> Chart:
        """What the sets are judged on at this moment."""
        return Chart(self.scene(at), self.scene, self.samples)


def film(record: Record, panel: Panel, edition: Edition, zone: ZoneInfo, until: datetime) -> Film:
    """The record up to `until`; every scene is worked out once."""
    samples = _samples(record, panel, edition, until)
    plain = cache(lambda at: _plain(record, panel, edition, zone, at))
    signs = cache(lambda: [(at, _signed(panel, plain(at))) for at in sorted({t for ts in samples.values() for t in ts})])
    whole = cache(lambda at: _whole(panel, plain(at), signs))
    return Film(panel, edition, zone, whole, samples, _start(record, panel, zone, until))


def _samples(record: Record, panel: Panel, edition: Edition, until: datetime) -> dict[str, list[datetime]]:
    """When each observable was read that a set or a signal looks at."""
    looked = {name for item in (*panel.items.values(), *panel.signals.values()) for name in item.facts}
    looked |= {name for one in panel.sets.values() if (w := one.window) for name in (w.days, w.only_if) if name}
    wanted = {seen for name in looked for seen in _observables(name, panel.dictionary, edition)}
    found: dict[str, list[datetime]] = {}
    for reading in record.readings:
        if reading.observable in wanted and reading.at <= until:
            found.setdefault(reading.observable, []).append(reading.at)
    return found


def _observables(name: str, dictionary: Mapping[str, FactEntry], edition: Edition) -> Iterator[str]:
    """The observables that a fact rests on."""
    for part in dictionary[name].pick.of:
        if part in edition.observables:
            yield part
        elif part in dictionary and part != name:
            yield from _observables(part, dictionary, edition)


def _plain(record: Record, panel: Panel, edition: Edition, zone: ZoneInfo, at: datetime) -> Scene:
    """The facts of the dictionary and the trends, but for what only the replay knows."""
    course = fold(record, edition.regimen, at, zone)
    facts = dict(gather(record, course, edition, at, zone))
    for name, key in panel.fresh.items():
        facts[name] = aged(facts[name], edition.policy, key, at)
    moment = moment_of(record, course, edition, at, zone)
    for name, trend in panel.trends.items():
        if trend.kind in FROM_READINGS:
            facts[name] = FROM_READINGS[trend.kind](trend, moment, facts)
    for name, trend in panel.trends.items():
        if trend.kind in FROM_FACTS:
            facts[name] = FROM_FACTS[trend.kind](trend, facts)
    return scene(facts, panel, at, zone)


def _whole(panel: Panel, plain: Scene, signs: Callable[[], list[tuple[datetime, bool]]]) -> Scene:
    """With the first sign of the record, where nobody recorded the first symptom, and the number of risk factors."""
    facts = dict(plain.facts)
    for name, trend in panel.trends.items():
        if trend.kind == "days_since_first_sign" and facts[name].value is None:
            facts[name] = _since_first(plain, signs) or facts[name]
        if trend.kind == "risk_factors":
            facts[name] = _risks(panel, plain)
    return scene(facts, panel, plain.at, plain.zone)


def _signed(panel: Panel, plain: Scene) -> bool:
    """Does any sign hold, after the drug or a transplant?"""
    if plain.known.get("first_dose_ever") is True and plain.known.get("transplanted") is not True:
        return False
    return bool(signs(panel, plain))


def signs(panel: Panel, plain: Scene) -> list[str]:
    """The items that are a sign by themselves and hold."""
    counting = {
        name: panel.items[name]
        for one in panel.sets.values()
        for name in one.items
        if is_sign(panel.items[name], inside(one, plain), plain)
    }
    return [name for name, item in counting.items() if holds(item, plain) is True]


def _since_first(plain: Scene, signs: Callable[[], list[tuple[datetime, bool]]]) -> Fact | None:
    """Since the first moment of the unbroken run of moments with a sign that reaches this one."""
    assert plain.at is not None
    first = None
    for at, there in reversed([pair for pair in signs() if pair[0] <= plain.at]):
        if not there:
            break
        first = at
    if first is None:
        return None
    days = (plain.at.astimezone(plain.zone).date() - first.astimezone(plain.zone).date()).days
    return Fact(Decimal(days), when=first, reported="first sign on record")


def _risks(panel: Panel, plain: Scene) -> Fact:
    """How many are present; while some are unknown, that many may prove and not reassure."""
    states = [holds(item, plain) for item in panel.risks.values()]
    present = Decimal(states.count(True))
    return Fact(present) if None not in states else Fact(why="missing", stale=present)


def timeline(tape: Film) -> tuple[Day, ...]:
    """Each set on each local day that has data since the first dose or transplant. Met at any time of a day is met."""
    days: dict[date, list[datetime]] = {}
    for at in sorted({at for times in tape.samples.values() for at in times}):
        days.setdefault(at.astimezone(tape.zone).date(), []).append(at)
    found: list[Day] = []
    for day, moments in days.items():
        if tape.start is not None and day >= tape.start:
            states = _on(tape, moments)
            before = found[-1].states if found else {}
            turned = tuple(name for name, state in states.items() if before.get(name, state) != state)
            found.append(Day(day, states, turned))
    return tuple(found)


def _start(record: Record, panel: Panel, zone: ZoneInfo, until: datetime) -> date | None:
    """The day of the first dose, or of the last transplant where no dose is on record; earlier if the panel says so."""
    doses = [dose.start for dose in record.doses if dose.given is Given.GIVEN and dose.start <= until]
    transplants = [r.at for r in record.of("transplant") if r.value is True and r.at <= until]
    first = min(doses) if doses else max(transplants, default=None)
    return first.astimezone(zone).date() - timedelta(days=panel.days_before) if first else None


def _on(tape: Film, moments: Sequence[datetime]) -> dict[str, State]:
    found: dict[str, State] = {}
    for name, one in tape.panel.sets.items():
        states = [state_of(one, tape.panel, tape.chart(at)) for at in moments]
        found[name] = "met" if "met" in states else states[-1]
    return found
