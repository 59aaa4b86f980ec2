"""The product and the published criteria as lists to review: sets, scales, items, grades, medicines, limits of the QTc."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from posology.knowledge import Cites, Edition
from posology.knowledge.criteria import panels
from posology.knowledge.grades import GradeRow, ctcae
from posology.knowledge.medicines import interactions, qt_limits, qt_list
from posology.knowledge.panel import CriteriaSet, Item, Panel, Scale, Stated, Trend
from posology.units import normalise

Row = dict[str, Any]
NAMES = ("product", "criteria", "ctcae", "qt_drugs", "qt_limits", "interactions")


def named(name: str, edition: Edition) -> list[Row]:
    """What stands under one of NAMES, or the set, scale, item or trend of this name with its parts; else nothing."""
    if name == "criteria":
        sets = [one for panel in panels().values() for one in panel.sets.values()]
        scales = [one for panel in panels().values() for one in panel.scales.values()]
        return [*map(_summary, sets), *map(_summary, scales)]
    made = {"product": _product, "ctcae": _grades, "qt_drugs": _qt_drugs, "qt_limits": _qt_limits, "interactions": _beside}
    if name in made:
        return list(made[name](edition))
    return [row for panel in panels().values() for row in _of_panel(name, panel)]


def _summary(one: CriteriaSet | Scale) -> Row:
    return {"id": one.id, "asks": one.title, "rows": len(one.items if isinstance(one, CriteriaSet) else one.criteria)}


def _of_panel(name: str, panel: Panel) -> Iterator[Row]:
    if name in panel.sets:
        one = panel.sets[name]
        yield _stated(name, one.title, one.said, of=one.items)
        yield from (_item(panel.items[part]) for part in one.items)
    elif name in panel.scales:
        scale = panel.scales[name]
        yield _stated(name, scale.title, scale.said, of=scale.classes)
        for criterion in scale.criteria:
            yield from (_item(item, f"{criterion.id}: {word}") for word, item in criterion.classes.items())
    elif name in panel.trends:
        yield _trend(name, panel.trends[name])
    else:
        kinds = (panel.items, panel.risks, panel.signals, panel.alerts)
        yield from (_item(kind[name]) for kind in kinds if name in kind)


def _item(item: Item, name: str | None = None) -> Row:
    units = [f"{unit.fact} in {unit.unit} has a limit of its own" for unit in item.units]
    return _stated(name or item.id, item.title, item.said, when=item.text, of=units)


def _trend(name: str, trend: Trend) -> Row:
    return _stated(
        name, trend.fact.means, trend.said, of=[f"{key} {normalise(value)}" for key, value in trend.figures.items()]
    )


def _stated(name: str, title: str, said: Stated, *, when: str | None = None, of: Any = ()) -> Row:
    return _row(name, title, said.cites, said.seen, states=said.states, reading=said.reading, when=when, of=of)


def _row(name: str, title: str, cites: Cites, seen: str, **more: Any) -> Row:
    return {
        "id": name,
        "title": title,
        "states": more.get("states") or None,
        "reading": more.get("reading") or None,
        "when": more.get("when"),
        "of": list(more.get("of", ())),
        "source": f"{cites.source} {cites.section}",
        "seen": seen,
    }


def _product(edition: Edition) -> Iterator[Row]:
    parts = {key: part for key, part in edition.product.items() if isinstance(part, Mapping)}
    own = {key: part for key, part in edition.product.items() if key not in parts}
    cites, vial = Cites(**parts["vial"]["cites"]), parts["vial"]
    yield _row(own["name"], own.get("brand", ""), cites, vial["seen"], of=[f"{key} {part}" for key, part in own.items()])
    for key, part in parts.items():
        figures = [f"{name} {value}" for name, value in part.items() if name not in NOT_FIGURES]
        yield _row(key, key, Cites(**part["cites"]), part["seen"], reading=part.get("reading"), of=figures)


NOT_FIGURES = ("cites", "seen", "confidence", "reading", "settles")


def _grades(edition: Edition) -> Iterator[Row]:
    for rows in ctcae().rows.values():
        yield from map(_grade, rows)


def _grade(row: GradeRow) -> Row:
    arm = row.arm.text if row.arm else None
    grades = [f"{part.grade}: {part.text}" for part in (*row.grades, *row.judged)]
    title = f"CTCAE {row.version}, {row.term}"
    said = {"states": row.states, "reading": row.reading, "when": arm, "of": grades}
    return _row(f"{row.version} {row.term}", title, row.cites, row.seen, **said)


def _qt_drugs(edition: Edition) -> Iterator[Row]:
    listed = qt_list()
    for drug in listed.drugs.values():
        seen = "recalled" if drug.confidence == "R" else "secondary"
        yield _row(drug.name, drug.says, listed.cites, seen, reading=drug.note, of=[drug.category])


def _qt_limits(edition: Edition) -> Iterator[Row]:
    for one in qt_limits():
        yield _row(one.id, one.says, one.cites, one.seen, states=one.states, when=one.when.text if one.when else None)


def _beside(edition: Edition) -> Iterator[Row]:
    for one in interactions():
        when = one.when.text if one.when else None
        of = [", ".join(names) for names in one.each]
        yield _row(one.id, one.concern, one.cites, one.seen, reading=one.reading or one.ask, when=when, of=of)
