"""What happened: a patient's record as frozen events. No I/O, no knowledge."""

from posology.record.events import (
    Dose,
    Given,
    Medicine,
    Note,
    Patient,
    Quality,
    Reading,
    Record,
    Taken,
    Unplaced,
    Value,
    reading_of,
)
from posology.record.orders import PERSON, Beside, Check, Order, Override, Written

__all__ = [
    "PERSON",
    "Beside",
    "Check",
    "Dose",
    "Given",
    "Medicine",
    "Note",
    "Order",
    "Override",
    "Patient",
    "Quality",
    "Reading",
    "Record",
    "Taken",
    "Unplaced",
    "Value",
    "Written",
    "reading_of",
]
