"""Numbers computed from measured numbers, by published formulas. Judges none of them and knows no drug."""

from posology.measures.age import age_years, whole_months, whole_years
from posology.measures.body_surface import Formula, SexNeeded, Spread, belong_together, bsa, bsa_spread
from posology.measures.change import (
    NORMAL_ALBUMIN,
    PER_ALBUMIN,
    absolute_from_percent,
    change_per_day,
    corrected_calcium,
    percent_change,
)
from posology.measures.months import months_after
from posology.measures.qt_interval import Correction, qtc
from posology.measures.settle import Implausible

__all__ = [
    "NORMAL_ALBUMIN",
    "PER_ALBUMIN",
    "Correction",
    "Formula",
    "Implausible",
    "SexNeeded",
    "Spread",
    "absolute_from_percent",
    "age_years",
    "belong_together",
    "bsa",
    "bsa_spread",
    "change_per_day",
    "corrected_calcium",
    "months_after",
    "percent_change",
    "qtc",
    "whole_months",
    "whole_years",
]
