"""One set or one scale on stated facts: absent is unknown. No record, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from posology.criteria.scales import graded
from posology.criteria.scene import Chart, scene
from posology.criteria.sets import judged
from posology.criteria.standing import Graded, Standing
from posology.criteria.trends import FROM_FACTS
from posology.facts import Fact, stated
from posology.knowledge import Edition
from posology.knowledge.criteria import panel_of
from posology.knowledge.panel import Panel
from posology.language import Value


def answered(question: str, given: Mapping[str, Value], edition: Edition) -> Standing | Graded:
    """The set or the scale of this name. Raises KeyError where there is none."""
    panel = panel_of(question)
    if panel is None:
        raise KeyError(question)
    return of_panel(question, given, edition, panel)


def of_panel(question: str, given: Mapping[str, Value], edition: Edition, panel: Panel) -> Standing | Graded:
    """The set or the scale of this panel, on these facts and the trends that follow from them."""
    facts = stated({name: value for name, value in given.items() if name in edition.facts}, edition)
    for name, trend in panel.trends.items():
        if name in given:
            facts[name] = Fact(given[name])
        elif trend.kind in FROM_FACTS:
            facts[name] = FROM_FACTS[trend.kind](trend, facts)
        else:
            facts.setdefault(name, Fact(why="missing"))
    if facts["transplanted"].value is None and isinstance(facts["days_since_transplant"].value, Decimal):
        facts["transplanted"] = Fact(facts["days_since_transplant"].value >= 0)
    seen = scene(facts, panel)
    if question in panel.scales:
        return graded(panel.scales[question], seen)
    return judged(panel.sets[question], panel, Chart(seen))
