"""label/ (and a site file handed in) as frozen objects; refuses what is uncited, misspelt or numerically unstated."""

from posology.knowledge.dictionary import CodeRow, FactEntry, Observable, Pick, code_rows, codes, facts, observables
from posology.knowledge.edition import Edition, Site, Source, load_edition, sources
from posology.knowledge.faults import KnowledgeError
from posology.knowledge.files import editions
from posology.knowledge.parameters import Freshness, Policy, Regimen
from posology.knowledge.rules import RANK, SCALE, Cites, Row, Table
from posology.knowledge.signs import Sign

__all__ = [
    "RANK",
    "SCALE",
    "Cites",
    "CodeRow",
    "Edition",
    "FactEntry",
    "Freshness",
    "KnowledgeError",
    "Observable",
    "Pick",
    "Policy",
    "Regimen",
    "Row",
    "Sign",
    "Site",
    "Source",
    "Table",
    "code_rows",
    "codes",
    "editions",
    "facts",
    "load_edition",
    "observables",
    "sources",
]
