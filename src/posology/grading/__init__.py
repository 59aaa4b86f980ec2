"""Facts → CTCAE grades, each with its version; a range while something that decides is unknown."""

from posology.grading.grade import Arm, Graded, grade
from posology.grading.grades import Grades, Versions, grades

__all__ = ["Arm", "Graded", "Grades", "Versions", "grade", "grades"]
