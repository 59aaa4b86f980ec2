"""What happened: a patient's record as frozen events. No I/O, no knowledge."""

from posology.record.events import (
    Dose,
    Given,
    Medicine,
    Note,
    Order,
    Patient,
    Quality,
    Reading,
    Record,
    Taken,
    Unplaced,
    Value,
    reading_of,
)

__all__ = [
    "Dose",
    "Given",
    "Medicine",
    "Note",
    "Order",
    "Patient",
    "Quality",
    "Reading",
    "Record",
    "Taken",
    "Unplaced",
    "Value",
    "reading_of",
]
