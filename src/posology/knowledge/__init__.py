"""label/ (and a site file handed in) as frozen objects; refuses what is uncited, misspelt or numerically unstated."""

from posology.knowledge.advice import Line, Section
from posology.knowledge.dictionary import CodeRow, FactEntry, Observable, Pick, code_rows, codes, facts, observables
from posology.knowledge.edition import Edition, Site, Source, load_edition, sources
from posology.knowledge.faults import KnowledgeError
from posology.knowledge.files import editions
from posology.knowledge.monitoring import Item
from posology.knowledge.parameters import Freshness, Policy, Regimen
from posology.knowledge.preparation import Clock, Figure, Preparation, Step
from posology.knowledge.rates import Counted, Rate, Term, rates, terms
from posology.knowledge.rules import RANK, SCALE, SEEN, Cites, Row, Table

__all__ = [
    "RANK",
    "SCALE",
    "SEEN",
    "Cites",
    "Clock",
    "CodeRow",
    "Counted",
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
    "Rate",
    "Regimen",
    "Row",
    "Section",
    "Site",
    "Source",
    "Step",
    "Table",
    "Term",
    "code_rows",
    "codes",
    "editions",
    "facts",
    "load_edition",
    "observables",
    "rates",
    "sources",
    "terms",
]
