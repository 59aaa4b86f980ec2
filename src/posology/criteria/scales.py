"""Published scales of severity: the class that is sure, and the worst that the unknown still allows."""

from __future__ import annotations

from collections.abc import Sequence

from posology.criteria.items import holds
from posology.criteria.scene import Scene
from posology.criteria.standing import Graded, Placed
from posology.knowledge.panel import Criterion, Item, Scale
from posology.language import why

NOWHERE = -1


def graded(scale: Scale, scene: Scene) -> Graded:
    """The scale on this scene."""
    sure = [_reached(criterion, scale, scene, for_sure=True) for criterion in scale.criteria]
    worst = [_reached(criterion, scale, scene, for_sure=False) for criterion in scale.criteria]
    outright, lifted = _flag(scale.outright, scene), _flag(scale.lifted_if, scene)
    low = _class(scale, sure, outright is True, lifted is True)
    high = _class(scale, worst, outright is not False, lifted is not False)
    shown_sure, shown_worst = _softened(scale, sure), _softened(scale, worst)
    return Graded(
        id=scale.id,
        title=scale.title,
        applies=scale.applies.test(scene.known) if scale.applies else True,
        at_least=_named(scale, low),
        could_be=_named(scale, high),
        lifted=lifted if scale.lifted_if else False,
        outright=outright if scale.outright else False,
        criteria=tuple(
            _placed(criterion, scale, scene, least, most)
            for criterion, least, most in zip(scale.criteria, shown_sure, shown_worst, strict=True)
        ),
        starred_met=tuple(c.title for c, at in zip(scale.criteria, sure, strict=True) if _counts_double(scale, c, at)),
        said=scale.said,
    )


def _flag(item: Item | None, scene: Scene) -> bool | None:
    return False if item is None else holds(item, scene)


def _named(scale: Scale, place: int) -> str | None:
    return None if place == NOWHERE else scale.classes[place]


def _reached(criterion: Criterion, scale: Scale, scene: Scene, *, for_sure: bool) -> int:
    """The worst class whose item holds, or that it could hold."""
    for place in reversed(range(len(scale.classes))):
        item = criterion.classes.get(scale.classes[place])
        state = False if item is None else holds(item, scene)
        if state is True or (state is None and not for_sure):
            return place
    return NOWHERE


def _softened(scale: Scale, places: Sequence[int]) -> list[int]:
    """A criterion that counts fully only in company stands one class lower while no other reaches its class."""
    found = list(places)
    for at, criterion in enumerate(scale.criteria):
        if criterion.unless_alone and places[at] == scale.classes.index(criterion.unless_alone):
            company = any(place >= places[at] for other, place in enumerate(places) if other != at)
            found[at] -= 0 if company else 1
    return found


def _class(scale: Scale, reached: Sequence[int], outright: bool, lifted: bool) -> int:
    """The class these criteria come to."""
    top = len(scale.classes) - 1
    if outright:
        return top
    if scale.rule == "two_or_more":
        ranked = sorted(_softened(scale, reached), reverse=True)
        place = ranked[scale.at_least - 1] if len(ranked) >= scale.at_least else NOWHERE
        return min(place + 1, top) if lifted and place != NOWHERE else place
    double = [c for c, at in zip(scale.criteria, reached, strict=True) if _counts_double(scale, c, at)]
    return top if scale.starred and len(double) >= scale.at_least else max(reached, default=NOWHERE)


def _counts_double(scale: Scale, criterion: Criterion, place: int) -> bool:
    return criterion.id in scale.starred and scale.starred_at is not None and place >= scale.classes.index(scale.starred_at)


def _placed(criterion: Criterion, scale: Scale, scene: Scene, least: int, most: int) -> Placed:
    items = list(criterion.classes.values())
    facts = [name for item in items for name in item.facts]
    lacks = [name for item in items for name in why(item.when, scene.known).missing] if least != most else []
    return Placed(
        id=criterion.id,
        title=criterion.title,
        at_least=_named(scale, least),
        could_be=_named(scale, most),
        starred=criterion.id in scale.starred,
        said=items[0].said,
        because=scene.evidence(facts),
        missing=scene.lacks(lacks),
    )
