"""label/ (and a site file handed in) as frozen objects; refuses what is uncited, misspelt or numerically unstated."""

from typing import TYPE_CHECKING, Any

from posology.knowledge.claims import Contested, Voice
from posology.knowledge.dictionary import CodeRow, FactEntry, Observable, Pick, code_rows, codes, facts, observables
from posology.knowledge.edition import Edition, Site, Source, load_edition, sources
from posology.knowledge.faults import KnowledgeError, UnknownName
from posology.knowledge.files import editions
from posology.knowledge.monitoring import Item
from posology.knowledge.parameters import Freshness, Policy, Regimen
from posology.knowledge.rules import RANK, SCALE, SEEN, Cites, Row, Table
from posology.knowledge.signs import Sign

if TYPE_CHECKING:
    from posology.knowledge.advice import Line, Section
    from posology.knowledge.preparation import Clock, Figure, Preparation, Step

__all__ = [
    "RANK",
    "SCALE",
    "SEEN",
    "Cites",
    "Clock",
    "CodeRow",
    "Contested",
    "Edition",
    "FactEntry",
    "Figure",
    "Freshness",
    "Item",
    "KnowledgeError",
    "Line",
    "Observable",
    "Pick",
    "Policy",
    "Preparation",
    "Regimen",
    "Row",
    "Section",
    "Sign",
    "Site",
    "Source",
    "Step",
    "Table",
    "UnknownName",
    "Voice",
    "code_rows",
    "codes",
    "editions",
    "facts",
    "load_edition",
    "observables",
    "sources",
]


def __getattr__(name: str) -> Any:
    """Advice and preparation are imported when first asked for: no decision needs them."""
    if name in ("Line", "Section"):
        from posology.knowledge import advice

        return getattr(advice, name)
    if name in ("Clock", "Figure", "Preparation", "Step"):
        from posology.knowledge import preparation

        return getattr(preparation, name)
    raise AttributeError(f"module 'posology.knowledge' has no attribute {name!r}")
