"""Assembles the public object of the contract. Advice, rates and hand-over, which no decision needs, stand apart."""

from posology.answer.assemble import answer_question, decide, reported
from posology.answer.case import Case, case
from posology.answer.dosing import never_up, product, rounding
from posology.answer.explain import condition, cut, plain
from posology.answer.report import DecisionPoint, DoseFigures, Found, Reply, Report
from posology.facts import Evidence, Missing

__all__ = [
    "Case",
    "DecisionPoint",
    "DoseFigures",
    "Evidence",
    "Found",
    "Missing",
    "Reply",
    "Report",
    "answer_question",
    "case",
    "condition",
    "cut",
    "decide",
    "never_up",
    "plain",
    "product",
    "reported",
    "rounding",
]
