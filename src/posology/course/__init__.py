"""Events → cycles, planned and given doses, holds, levels: one fold. No rules, no clock."""

from posology.course.course import Course, fold
from posology.course.holds import COUNTS, TOXICITY, UNSTATED, Interruption
from posology.course.level import Level
from posology.course.slots import Cycle, Slot

__all__ = ["COUNTS", "TOXICITY", "UNSTATED", "Course", "Cycle", "Interruption", "Level", "Slot", "fold"]
