"""The course ahead: next dose, windows, earliest safe date, what is due."""

from posology.plan.due import Due, due
from posology.plan.earliest import Earliest, calendar, earliest
from posology.plan.looks import Looks
from posology.plan.reproductive import Window, windows
from posology.plan.schedule import Visit, amount, dropped, schedule, window

__all__ = [
    "Due",
    "Earliest",
    "Looks",
    "Visit",
    "Window",
    "amount",
    "calendar",
    "dropped",
    "due",
    "earliest",
    "schedule",
    "window",
    "windows",
]
