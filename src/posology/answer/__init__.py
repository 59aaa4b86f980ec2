"""Assembles the public object of the contract."""

from posology.answer.assemble import answer_question, decide
from posology.answer.explain import condition, plain
from posology.answer.rates import Compared, Figures, figures, misprinted, percent
from posology.answer.report import DoseFigures, Evidence, Found, Missing, Reply, Report

__all__ = [
    "Compared",
    "DoseFigures",
    "Evidence",
    "Figures",
    "Found",
    "Missing",
    "Reply",
    "Report",
    "answer_question",
    "condition",
    "decide",
    "figures",
    "misprinted",
    "percent",
    "plain",
]
