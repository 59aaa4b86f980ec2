"""One item on one scene: does it hold, and on what. In the unit of the report where the source states its limit there."""

from __future__ import annotations

from decimal import Decimal

from posology.criteria.scene import Scene, reported
from posology.criteria.standing import Held, ItemState
from posology.knowledge.panel import InUnit, Item, beside
from posology.language import Facts, why
from posology.units import UnknownUnit, convert

WORDS: dict[bool | None, Held] = {True: "holds", None: "open", False: "fails"}


def holds(item: Item, scene: Scene) -> bool | None:
    """True, False, or None where what is known does not settle it. A stale value may prove it, never disprove it."""
    state = _test(item, scene, scene.known)
    return True if state is None and _test(item, scene, scene.worst) is True else state


def _test(item: Item, scene: Scene, values: Facts) -> bool | None:
    for unit in item.units:
        turned = _turned(unit, scene, values)
        if turned is not None:
            return unit.test(turned)
    return item.test(values)


def _turned(unit: InUnit, scene: Scene, values: Facts) -> Facts | None:
    """The values with this fact, and what is compared with it, in the unit of the limit; None if it came in another."""
    written = reported(scene.facts[unit.fact])
    if written is None or values.get(unit.fact) is None:
        return None
    try:
        number = convert(*written, unit.unit)
    except UnknownUnit:
        return None
    kept = scene.dictionary[unit.fact].unit or ""
    others = {
        name: convert(value, kept, unit.unit, unit.fact)
        for name, value in values.items()
        if beside(name, unit.fact) and name != unit.fact and isinstance(value, Decimal)
    }
    return {**values, **others, unit.fact: number}


def seen(item: Item, state: bool | None, scene: Scene) -> ItemState:
    """The item in this state as a reader is shown it."""
    unknown: tuple[str, ...] = ()
    if state is None:
        unknown = why(item.when, scene.known).missing or item.facts
    return ItemState(item.id, item.title, WORDS[state], item.said, scene.evidence(item.facts), scene.lacks(unknown))


def shown(item: Item, scene: Scene) -> ItemState:
    """The item on this scene."""
    return seen(item, holds(item, scene), scene)
