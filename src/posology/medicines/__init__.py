"""The medicines of a record beside the lists: what is taken, QT, what else matters, the signed review."""

from posology.medicines.checked import Checked, Concern, Review, checked
from posology.medicines.heart import Corrected, Heart, Limit, heart
from posology.medicines.used import Used, used

__all__ = ["Checked", "Concern", "Corrected", "Heart", "Limit", "Review", "Used", "checked", "heart", "used"]
