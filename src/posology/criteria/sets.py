"""Published sets in Kleene logic: all of these and at least so many of those, inside the days a set was written for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from posology.criteria.items import holds, seen
from posology.criteria.scene import Chart, Scene
from posology.criteria.standing import Standing, State
from posology.knowledge.panel import ALWAYS, IN_WINDOW, CriteriaSet, Item, Panel, Way
from posology.language.evaluate import settle

STATES: dict[bool | None, State] = {True: "met", None: "could_be_met", False: "not_met"}
States = Mapping[str, bool | None]


def judged(one: CriteriaSet, panel: Panel, chart: Chart) -> Standing:
    """One set as it stands now."""
    states, scene = _states(one, panel, chart), chart.now
    fits, rule = inside(one, scene), _rule(one, panel, chart, states)
    state: State = "not_applicable" if fits is False else STATES[settle([fits, rule], by=False)]
    open_items = [name for name in one.items if states[name] is None]
    asked = _window_facts(one, scene) if fits is None else ()
    lacking = [lack for name in open_items for lack in seen(panel.items[name], None, scene).missing]
    missing = {lack.fact: lack for lack in (*scene.lacks(asked), *lacking)} if state == "could_be_met" else {}
    signs = [name for name in one.items if states[name] and is_sign(panel.items[name], fits, scene)]
    return Standing(
        id=one.id,
        title=one.title,
        state=state,
        pattern=bool(panel.written_for) and scene.known[panel.written_for or ""] is not True and fits is not False,
        onset=_onset(one, scene),
        holds=sum(state is True for state in states.values()),
        short=None if state == "not_applicable" else _short(one, states),
        items=tuple(seen(panel.items[name], states[name], scene) for name in one.items),
        missing=tuple(missing.values()),
        decides=_decisive(one, panel, chart, states) if state == "could_be_met" and fits else (),
        met_on=None,
        could_be=panel.could_be if signs and counts(panel, scene) else None,
        said=one.said,
        outside=scene.evidence(_looked_at(one)) if state == "not_applicable" else (),
    )


def is_sign(item: Item, fits: bool | None, scene: Scene) -> bool:
    """Does this item, where it holds, count as a sign by itself, in a set that fits or may fit?"""
    if item.explained_by is not None and scene.known[item.explained_by] is True:
        return False
    return item.sign == ALWAYS or (item.sign == IN_WINDOW and fits is not False)


def counts(panel: Panel, scene: Scene) -> bool:
    """Can a sign be of the drug or of a transplant, and has nobody signed since that the disease is ruled out?"""
    if panel.released_by is not None and scene.known[panel.released_by[0]] == panel.released_by[1]:
        return False
    return scene.known.get("first_dose_ever") is not True or scene.known.get("transplanted") is True


def state_of(one: CriteriaSet, panel: Panel, chart: Chart) -> State:
    """The state alone, for a replay."""
    fits = inside(one, chart.now)
    if fits is False:
        return "not_applicable"
    return STATES[settle([fits, _rule(one, panel, chart, _states(one, panel, chart))], by=False)]


def inside(one: CriteriaSet, scene: Scene) -> bool | None:
    """Was the set written for this day and this patient?"""
    window, states = one.window, []
    if window and window.only_if:
        states.append(scene.known[window.only_if] if isinstance(scene.known[window.only_if], bool) else None)
    if window:
        days = scene.known[window.days]
        within = isinstance(days, Decimal) and _between(days, window.first, window.last)
        states.append(within if isinstance(days, Decimal) else None)
    if one.applies:
        states.append(one.applies.test(scene.known))
    return settle([bool(state) if state is not None else None for state in states], by=False)


def _between(days: Decimal, first: Decimal | None, last: Decimal | None) -> bool:
    return (first is None or days >= first) and (last is None or days <= last)


def _looked_at(one: CriteriaSet) -> list[str]:
    """The facts that say whether the set was written for this day and this patient."""
    window = [one.window.only_if, one.window.days] if one.window else []
    return [name for name in (*window, *(one.applies.facts if one.applies else ())) if name]


def _window_facts(one: CriteriaSet, scene: Scene) -> list[str]:
    return [name for name in _looked_at(one) if scene.known[name] is None]


def _states(one: CriteriaSet, panel: Panel, chart: Chart) -> dict[str, bool | None]:
    return {name: _over(panel.items[name], one, chart) for name in one.items}


def _over(item: Item, one: CriteriaSet, chart: Chart) -> bool | None:
    """An item with `each` holds if it held at any sample of the span; quiet samples count only while they are fresh."""
    now = holds(item, chart.now)
    if not item.each or chart.earlier is None or chart.samples is None:
        return now
    moments = [at for name in item.each for at in chart.samples.get(name, ()) if _in_span(at, one, chart.now)]
    found = [holds(item, chart.earlier(at)) for at in moments]
    if True in found:
        return True
    return False if now is False and None not in found else None


def _in_span(at: datetime, one: CriteriaSet, scene: Scene) -> bool:
    assert scene.at is not None
    if at > scene.at or (one.within_h is not None and scene.at - at > timedelta(hours=one.within_h)):
        return False
    days = scene.known[one.window.days] if one.window else None
    if one.window is None or one.window.first is None or not isinstance(days, Decimal):
        return True
    began = scene.at.astimezone(scene.zone).date() - timedelta(days=int(days))
    return (at.astimezone(scene.zone).date() - began).days >= one.window.first


def _rule(one: CriteriaSet, panel: Panel, chart: Chart, states: States) -> bool | None:
    own = settle([_way(way, states) for way in one.ways], by=True)
    if one.on is None:
        return own
    ground = panel.sets[one.on]
    return settle([own, _rule(ground, panel, chart, _states(ground, panel, chart))], by=False)


def _way(way: Way, states: States) -> bool | None:
    """It holds if enough items hold, fails if too few can, and is open between."""
    certain = sum(states[name] is True for name in way.of)
    possible = sum(states[name] is not False for name in way.of)
    enough = True if certain >= way.at_least else None if possible >= way.at_least else False
    return settle([*(states[name] for name in way.all), enough], by=False)


def _short(one: CriteriaSet, states: States) -> int | None:
    """How many more items would have to hold, by the nearest way that is not closed."""
    ways = [way for way in one.ways if _way(way, states) is not False]
    lacks = [
        sum(states[name] is not True for name in way.all)
        + max(way.at_least - sum(states[name] is True for name in way.of), 0)
        for way in ways
    ]
    return min(lacks, default=None)


def _decisive(one: CriteriaSet, panel: Panel, chart: Chart, states: dict[str, bool | None]) -> tuple[str, ...]:
    """The open items each of which, if it held, would complete the set by itself."""
    return tuple(
        name for name, state in states.items() if state is None and _rule(one, panel, chart, {**states, name: True}) is True
    )


def _onset(one: CriteriaSet, scene: Scene) -> str | None:
    """Classical or late, where the set tells them apart and the day is known."""
    days = scene.known.get("days_since_transplant")
    if one.late_after is None or not isinstance(days, Decimal):
        return None
    return "late" if days > one.late_after else "classical"
