"""Assembles the public object of the contract."""

from posology.answer.assemble import answer_question, decide
from posology.answer.explain import condition, plain
from posology.answer.report import DoseFigures, Found, Reply, Report
from posology.facts import Evidence, Missing

__all__ = [
    "DoseFigures",
    "Evidence",
    "Found",
    "Missing",
    "Reply",
    "Report",
    "answer_question",
    "condition",
    "decide",
    "plain",
]
