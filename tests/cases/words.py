"""The words of the worked cases and ours. Reviewed: an expectation is translated here and nowhere loosened."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

Case = dict[str, Any]
Shown = dict[str, Any]

ACTIONS = {
    "hold": "interrupt",
    "hold_cycle": "interrupt",
    "continue hold; not yet >28": "interrupt",
    "refuse": "interrupt",
    "interrupt pending VOD review; never raises the dose within the cycle": "interrupt",
    "proceed": "give",
    "discontinue_permanently": "discontinue",
    "stop_infusion; discontinue_permanently": "discontinue",
    "stop; proceed to HSCT": "discontinue",
    "block; no label support for a 4th cycle before HSCT": "discontinue",
    "blocked until CD22 resulted": "ask",
    "cytoreduce: hydroxyurea, steroids and/or vincristine": "wait",
    "delay next dose": "wait",
    "delay": "wait",
    "omit the dose that was due when the hold began": "omit",
    "omit_due_dose": "omit",
}
RESPONSES = {"CR": "cr", "CRi": "cri", "no_CR": "none", "relapse": "relapse", None: None}
INTENTS = {"HSCT": "proceeding", "no_HSCT": "not_proceeding"}
ELIGIBLE = {"give": True, "not_eligible": False, "ask": None}
LEVELS = {"full": "unchanged", "reduced_25": "-25 %", "two_doses": "-25 % and two doses"}


def acted(case: Case, ours: str, key: str = "action") -> str:
    """Our action in the case's word for it, where the two mean the same; otherwise ours as it is."""
    theirs = case["expect"].get(key)
    return theirs if isinstance(theirs, str) and ACTIONS.get(theirs, theirs) == ours else ours


def said(case: Case, key: str, shown: bool, found: object = "nothing of the kind") -> Any:
    """The case's own phrase where the answer shows what it means; otherwise what was found instead."""
    return case["expect"].get(key) if shown else f"not shown; found: {found}"


def number(value: Any) -> Decimal:
    return Decimal(value)
