"""Numbers computed from measured numbers, by published formulas. Judges none of them and knows no drug."""

from posology.measures.age import age_years, whole_months, whole_years
from posology.measures.body_surface import Formula, SexNeeded, Spread, bsa, bsa_spread
from posology.measures.change import NORMAL_ALBUMIN, PER_ALBUMIN, absolute_from_percent, corrected_calcium, percent_change
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
    "bsa",
    "bsa_spread",
    "corrected_calcium",
    "percent_change",
    "qtc",
    "whole_months",
    "whole_years",
]
