"""label/ (and a site file handed in) as frozen objects; refuses what is uncited, misspelt or numerically unstated."""

from posology.knowledge.advice import Line, Section
from posology.knowledge.claims import Contested, Voice
from posology.knowledge.dictionary import CodeRow, FactEntry, Observable, Pick, code_rows, codes, facts, observables
from posology.knowledge.edition import Edition, Site, Source, load_edition, sources
from posology.knowledge.faults import KnowledgeError, UnknownName
from posology.knowledge.files import editions
from posology.knowledge.grades import VERSIONS, ClinicalTerm, Ctcae, GradeRow, Reached, Term, ctcae
from posology.knowledge.medicines import Interaction, QtDrug, QtLimit, QtList, When, interactions, qt_limits, qt_list
from posology.knowledge.monitoring import Item
from posology.knowledge.parameters import Freshness, Policy, Regimen
from posology.knowledge.preparation import Clock, Figure, Preparation, Step
from posology.knowledge.rates import Counted, Rate, Rated, rates, terms
from posology.knowledge.rules import RANK, SCALE, SEEN, Cites, Row, Table
from posology.knowledge.signs import Sign

__all__ = [
    "RANK",
    "SCALE",
    "SEEN",
    "VERSIONS",
    "Cites",
    "ClinicalTerm",
    "Clock",
    "CodeRow",
    "Contested",
    "Counted",
    "Ctcae",
    "Edition",
    "FactEntry",
    "Figure",
    "Freshness",
    "GradeRow",
    "Interaction",
    "Item",
    "KnowledgeError",
    "Line",
    "Observable",
    "Pick",
    "Policy",
    "Preparation",
    "QtDrug",
    "QtLimit",
    "QtList",
    "Rate",
    "Rated",
    "Reached",
    "Regimen",
    "Row",
    "Section",
    "Sign",
    "Site",
    "Source",
    "Step",
    "Table",
    "Term",
    "UnknownName",
    "Voice",
    "When",
    "code_rows",
    "codes",
    "ctcae",
    "editions",
    "facts",
    "interactions",
    "load_edition",
    "observables",
    "qt_limits",
    "qt_list",
    "rates",
    "sources",
    "terms",
]
