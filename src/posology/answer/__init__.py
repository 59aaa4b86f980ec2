"""Assembles the public object of the contract."""

from posology.answer.advice import Advice, Advised, Countdown, Part, Premedicated, advise, parts
from posology.answer.assemble import answer_question, decide, reported
from posology.answer.case import Case, case
from posology.answer.dosing import never_up, product, rounding
from posology.answer.explain import condition, plain
from posology.answer.handover import CycleGiven, Given, Handover, Result, Stated
from posology.answer.rates import Compared, Figures, figures, misprinted, percent
from posology.answer.report import DoseFigures, Found, Reply, Report
from posology.facts import Evidence, Missing

__all__ = [
    "Advice",
    "Advised",
    "Case",
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
    "case",
    "condition",
    "decide",
    "figures",
    "misprinted",
    "never_up",
    "parts",
    "percent",
    "plain",
    "product",
    "reported",
    "rounding",
]
