"""Facts → CTCAE grades, each with its version; a range while something that decides is unknown."""

from posology.grading.grade import Arm, Graded, grade
from posology.grading.grades import ACTS, Grades, Versions, grades

__all__ = ["ACTS", "Arm", "Graded", "Grades", "Versions", "grade", "grades"]
