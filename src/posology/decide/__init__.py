"""Facts and rules → answers to questions, and the verdict."""

from posology.decide.decision import LETS_THROUGH, combined, decide_facts, outcome, verdict
from posology.decide.finding import Answer, Decision, Finding
from posology.decide.table import TableError, answered, carried, states

__all__ = [
    "LETS_THROUGH",
    "Answer",
    "Decision",
    "Finding",
    "TableError",
    "answered",
    "carried",
    "combined",
    "decide_facts",
    "outcome",
    "states",
    "verdict",
]
