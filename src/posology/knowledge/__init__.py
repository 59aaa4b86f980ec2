"""label/ (and a site file handed in) as frozen objects; refuses what is uncited, misspelt or numerically unstated."""

from posology.knowledge.dictionary import CodeRow, FactEntry, Observable, Pick, code_rows, codes, facts, observables
from posology.knowledge.edition import Edition, Site, Source, load_edition, sources
from posology.knowledge.faults import KnowledgeError
from posology.knowledge.files import editions
from posology.knowledge.grades import VERSIONS, ClinicalTerm, Ctcae, GradeRow, Reached, Term, ctcae
from posology.knowledge.medicines import Interaction, QtDrug, QtLimit, QtList, When, interactions, qt_limits, qt_list
from posology.knowledge.parameters import Freshness, Policy, Regimen
from posology.knowledge.rules import RANK, SCALE, Cites, Row, Table

__all__ = [
    "RANK",
    "SCALE",
    "VERSIONS",
    "Cites",
    "ClinicalTerm",
    "CodeRow",
    "Ctcae",
    "Edition",
    "FactEntry",
    "Freshness",
    "GradeRow",
    "Interaction",
    "KnowledgeError",
    "Observable",
    "Pick",
    "Policy",
    "QtDrug",
    "QtLimit",
    "QtList",
    "Reached",
    "Regimen",
    "Row",
    "Site",
    "Source",
    "Table",
    "Term",
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
    "sources",
]
