"""Published criteria that any regimen may use, beside the decision and never in its place: sets, severity, timeline."""

from posology.criteria.question import answered
from posology.criteria.standing import Day, Graded, ItemState, Placed, Shown, Standing, View
from posology.criteria.view import view

__all__ = ["Day", "Graded", "ItemState", "Placed", "Shown", "Standing", "View", "answered", "view"]
