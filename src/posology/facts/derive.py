"""Facts computed from facts: plain arithmetic by name. An unknown part leaves the whole unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from posology.language import Value
from posology.measures import Implausible, SexNeeded, belong_together, bsa, corrected_calcium, percent_change, qtc

Known = Mapping[str, Value | None]


def derive(how: str, of: tuple[str, ...], known: Known, formula: str) -> Value | None:
    """One derived fact, or None where a part is unknown or implausible."""
    values = [known.get(name) for name in of]
    if how == "qtcf":
        return _qtcf(values)
    if how in LOGIC:
        return LOGIC[how](values)
    if any(not isinstance(value, Decimal) for value in values):
        return None
    if how == "bsa":
        sex = known.get("sex")
        return _bsa(values, formula, str(sex) if sex else None)
    try:
        return ARITHMETIC[how](*values)
    except ValueError:
        return None


def _positive(values: list[Value | None]) -> Value | None:
    """As documented, or by a share above zero; None where neither is known, or where the two disagree."""
    documented, share = values
    measured = share > 0 if isinstance(share, Decimal) else None
    if documented is None or measured is None:
        return measured if documented is None else documented
    return documented if documented is measured else None


def _possible(values: list[Value | None]) -> Value | None:
    """As somebody said; else not for the male sex, and possible wherever nothing excludes it."""
    said, sex = values
    return said if said is not None else sex != "male"


def _settled(values: list[Value | None]) -> Value | None:
    """Known, or not possible; None while it is possible and unknown."""
    tested, *who = values
    return True if tested is not None or _possible(who) is False else None


def _decided(values: list[Value | None]) -> Value | None:
    """Confirmed or ruled out; None while it is suspected."""
    return {"confirmed": True, "ruled_out": False}.get(str(values[0]))


def _qtcf(values: list[Value | None]) -> Value | None:
    """As reported, else by Fridericia from QT (ms) and heart rate (/min)."""
    reported, qt, rate = values
    if isinstance(reported, Decimal):
        return reported
    if not isinstance(qt, Decimal) or not isinstance(rate, Decimal):
        return None
    try:
        return qtc(qt, rate, "fridericia")
    except Implausible:
        return None


def _bsa(values: list[Value | None], formula: str, sex: str | None) -> Value | None:
    height, weight = values
    assert isinstance(height, Decimal) and isinstance(weight, Decimal)
    if not belong_together(height, weight):
        return None
    try:
        return bsa(height, weight, formula, sex)
    except (Implausible, SexNeeded):
        return None


def _loss(now: Decimal, before: Decimal) -> Decimal:
    return -percent_change(now, before)


def _difference(now: Decimal, before: Decimal) -> Decimal:
    return now - before


def _is_zero(value: Decimal) -> bool:
    return value == 0


ARITHMETIC: Mapping[str, Callable[..., Value]] = {
    "percent_change": percent_change,
    "percent_loss": _loss,
    "difference": _difference,
    "is_zero": _is_zero,
    "corrected_calcium": corrected_calcium,
}
LOGIC: Mapping[str, Callable[[list[Value | None]], Value | None]] = {
    "positive": _positive,
    "possible": _possible,
    "settled": _settled,
    "decided": _decided,
}
