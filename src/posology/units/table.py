"""Units of measure as UCUM codes, and what ties mass to amount for one analyte. Data only; converts nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType


class Kind(StrEnum):
    """What a unit measures. Only units of one kind convert without knowing the analyte."""

    COUNT_CONCENTRATION = "cells per volume"
    MASS_CONCENTRATION = "mass per volume"
    AMOUNT_CONCENTRATION = "amount per volume"
    CHARGE_CONCENTRATION = "charge per volume"
    ACTIVITY = "enzyme activity per volume"
    MASS = "mass"
    LENGTH = "length"
    AREA = "area"
    VOLUME = "volume"
    TIME = "time"
    RATE = "events per time"
    FLOW = "volume per time"
    DOSE_PER_AREA = "mass per area"
    FILTRATION = "volume per time and body surface"
    PRESSURE = "pressure"
    TEMPERATURE = "temperature"
    PERCENT = "percent"
    NUMBER = "number"
    INR = "normalised ratio"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: `value × factor + offset` is the value in the first unit listed for its kind."""

    kind: Kind
    factor: Fraction
    offset: Fraction = Fraction(0)


# fmt: off
_SCALED: dict[Kind, dict[str, str]] = {
    Kind.COUNT_CONCENTRATION: {
        "10*9/L": "1", "10^9/L": "1", "10*3/uL": "1", "10^3/uL": "1", "10*3/mm3": "1", "10^3/mm3": "1",
        "10*6/L": "1/1000", "10^6/L": "1/1000", "/uL": "1/1000", "{cells}/uL": "1/1000", "/mm3": "1/1000",
        "{cells}/mm3": "1/1000",
    },
    Kind.MASS_CONCENTRATION: {
        "mg/dL": "1", "g/dL": "1000", "g/L": "100", "mg/L": "1/10", "mg/mL": "100", "ug/dL": "1/1000",
        "ug/mL": "1/10", "ug/L": "1/10000",
    },
    Kind.AMOUNT_CONCENTRATION: {"mmol/L": "1", "umol/L": "1/1000", "nmol/L": "1/1000000"},
    Kind.CHARGE_CONCENTRATION: {"meq/L": "1"},
    Kind.ACTIVITY: {"U/L": "1", "[IU]/L": "1", "[iU]/L": "1", "ukat/L": "60", "nkat/L": "60/1000"},
    Kind.MASS: {"kg": "1", "g": "1/1000", "mg": "1/1000000", "ug": "1/1000000000", "[lb_av]": "0.45359237",
                "[oz_av]": "0.028349523125"},
    Kind.LENGTH: {"cm": "1", "m": "100", "mm": "1/10", "[in_i]": "2.54", "[ft_i]": "30.48"},
    Kind.AREA: {"m2": "1", "cm2": "1/10000"},
    Kind.VOLUME: {"mL": "1", "L": "1000", "uL": "1/1000"},
    Kind.TIME: {"ms": "1", "s": "1000", "min": "60000", "h": "3600000", "d": "86400000"},
    Kind.RATE: {"/min": "1", "{beats}/min": "1", "{Beats}/min": "1"},
    Kind.FLOW: {"mL/h": "1", "L/h": "1000", "mL/min": "60"},
    Kind.DOSE_PER_AREA: {"mg/m2": "1", "ug/m2": "1/1000"},
    Kind.FILTRATION: {"mL/min/{1.73_m2}": "1"},
    Kind.PRESSURE: {"mm[Hg]": "1"},
    Kind.PERCENT: {"%": "1"},
    Kind.NUMBER: {"1": "1"},
    Kind.INR: {"{INR}": "1"},
}
# fmt: on

UNITS = MappingProxyType(
    {code: Unit(kind, Fraction(factor)) for kind, codes in _SCALED.items() for code, factor in codes.items()}
    | {
        "Cel": Unit(Kind.TEMPERATURE, Fraction(1)),
        "[degF]": Unit(Kind.TEMPERATURE, Fraction(5, 9), Fraction(-160, 9)),
    }
)
"""Every accepted code, written exactly so. Case decides: `mg` is not `Mg`, `m` is not `M`."""

MMOL_PER_MG_DL = MappingProxyType(
    {
        "bilirubin": Fraction("0.017104"),
        "bilirubin_direct": Fraction("0.017104"),
        "creatinine": Fraction("0.08842"),
        "uric_acid": Fraction("0.05948"),
        "calcium": Fraction("0.2495"),
        "phosphate": Fraction("0.3229"),
        "magnesium": Fraction("0.4114"),
        "glucose": Fraction("0.05551"),
    }
)
"""mmol/L in one mg/dL, from the reference library (§18); glucose is ours, from a molar mass of 180.16 g/mol."""

CHARGE = MappingProxyType({"potassium": 1, "calcium": 2, "magnesium": 2})
"""Charges an ion carries: meq in one mmol."""

SHARES = frozenset({"peripheral_blasts_percent", "marrow_blasts", "cd22_percent", "mrd", "weight_change_percent"})
"""Analytes for which `1` and `%` say the same thing. For any other, 3 % is not 0.03 of a grade."""

# fmt: off
CANONICAL = MappingProxyType({
    "anc": "10*9/L", "platelets": "10*9/L", "wbc": "10*9/L", "lymphocytes": "10*9/L", "peripheral_blasts": "10*9/L",
    "haemoglobin": "g/dL", "albumin": "g/dL",
    "bilirubin": "mg/dL", "bilirubin_direct": "mg/dL", "creatinine": "mg/dL", "uric_acid": "mg/dL",
    "phosphate": "mg/dL", "calcium": "mg/dL", "magnesium": "mg/dL", "glucose": "mg/dL",
    "potassium": "mmol/L",
    "alt": "U/L", "ast": "U/L", "alp": "U/L", "ggt": "U/L", "lipase": "U/L", "amylase": "U/L", "ldh": "U/L",
    "inr": "1",
    "peripheral_blasts_percent": "%", "marrow_blasts": "%", "cd22_percent": "%", "weight_change_percent": "%",
    "mrd": "1",
    "weight": "kg", "height": "cm", "bsa": "m2", "temperature": "Cel", "hvpg": "mm[Hg]", "gfr": "mL/min/{1.73_m2}",
    "qt": "ms", "qtcf": "ms", "rr": "ms", "heart_rate": "/min",
})
# fmt: on
"""The unit in which each analyte of the contract is kept and compared with a rule."""
