"""Record, course and dictionary → facts at one moment, each with its evidence or why it is absent."""

from posology.facts.fact import ABSENCE, Fact
from posology.facts.gather import Gathered, gather, stated, values
from posology.facts.pick import Moment
from posology.facts.pickers import BY_NAME

__all__ = ["ABSENCE", "BY_NAME", "Fact", "Gathered", "Moment", "gather", "stated", "values"]
