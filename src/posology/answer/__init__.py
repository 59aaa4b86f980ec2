"""Assembles the public object of the contract."""

from posology.answer.advice import Advice, Advised, Countdown, Part, Premedicated, advise
from posology.answer.assemble import answer_question, decide
from posology.answer.explain import condition, plain
from posology.answer.handover import CycleGiven, Given, Handover, Result, Stated
from posology.answer.rates import Compared, Figures, figures, misprinted, percent
from posology.answer.report import DoseFigures, Found, Reply, Report
from posology.facts import Evidence, Missing

__all__ = [
    "Advice",
    "Advised",
    "Compared",
    "Countdown",
    "CycleGiven",
    "DoseFigures",
    "Evidence",
    "Figures",
    "Found",
    "Given",
    "Handover",
    "Missing",
    "Part",
    "Premedicated",
    "Reply",
    "Report",
    "Result",
    "Stated",
    "advise",
    "answer_question",
    "condition",
    "decide",
    "figures",
    "misprinted",
    "percent",
    "plain",
]
