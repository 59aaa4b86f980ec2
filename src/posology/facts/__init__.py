"""Record, course and dictionary → facts at one moment, each with its evidence or why it is absent."""

from posology.facts.evidence import Evidence, Missing, evidence, missing
from posology.facts.fact import ABSENCE, Fact
from posology.facts.gather import Gathered, gather, moment_of, stated, values
from posology.facts.given import per_m2
from posology.facts.pick import Moment, latest, seen, settled
from posology.facts.pickers import BY_NAME

__all__ = [
    "ABSENCE",
    "BY_NAME",
    "Evidence",
    "Fact",
    "Gathered",
    "Missing",
    "Moment",
    "evidence",
    "gather",
    "latest",
    "missing",
    "moment_of",
    "per_m2",
    "seen",
    "settled",
    "stated",
    "values",
]
