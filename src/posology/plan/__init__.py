"""The course ahead: next dose, windows, earliest safe date, what is due."""

from posology.plan.due import Due, due
from posology.plan.earliest import Earliest, calendar, earliest
from posology.plan.schedule import Visit, amount, dropped, schedule, window

__all__ = ["Due", "Earliest", "Visit", "amount", "calendar", "dropped", "due", "earliest", "schedule", "window"]
