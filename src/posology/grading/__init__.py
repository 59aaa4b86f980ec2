"""Facts → CTCAE grades, each with its version; a range while something that decides is unknown."""

from posology.grading.grade import Arm, Graded, grade
from posology.grading.grades import ACTS, ORGANS, Grades, Versions, grades, unmentioned

__all__ = ["ACTS", "ORGANS", "Arm", "Graded", "Grades", "Versions", "grade", "grades", "unmentioned"]
