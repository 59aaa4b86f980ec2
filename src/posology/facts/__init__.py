"""Record, course and dictionary → facts at one moment, each with its evidence or why it is absent."""

from posology.facts.fact import ABSENCE, Fact
from posology.facts.gather import Gathered, gather, moment_of, stated, values
from posology.facts.given import per_m2
from posology.facts.pick import BY_NAME, Moment

__all__ = ["ABSENCE", "BY_NAME", "Fact", "Gathered", "Moment", "gather", "moment_of", "per_m2", "stated", "values"]
