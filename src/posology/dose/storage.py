"""Was a vial kept as the label says? A pure comparison of temperatures; never says that a doubtful vial may be used."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from posology.knowledge import Preparation

FREEZING_C = Decimal(0)
USE, ASK, DISCARD = "use", "ask", "discard"


@dataclass(frozen=True, slots=True)
class Kept:
    """use, ask (the pharmacist decides) or discard, and why."""

    verdict: str
    says: str


def kept(rules: Preparation, lowest_c: Decimal | None, highest_c: Decimal | None, frozen: bool | None) -> Kept:
    """One vial's lowest and highest temperature in °C, None where nobody measured, and whether it was seen frozen.

    Raises ValueError where the lowest is above the highest.
    """
    if lowest_c is not None and highest_c is not None and lowest_c > highest_c:
        raise ValueError(f"lowest {lowest_c} °C is above highest {highest_c} °C: check both")
    if frozen or any(known is not None and known <= FREEZING_C for known in (lowest_c, highest_c)):
        return Kept(DISCARD, "frozen, or cold enough to freeze: discard")
    if highest_c is not None and highest_c > rules.high_c:
        return Kept(
            ASK, f"above {rules.high_c} °C: quarantine it and ask the pharmacist; no time out of range is allowed for"
        )
    if lowest_c is not None and lowest_c < rules.low_c:
        return Kept(ASK, f"below {rules.low_c} °C: look whether it froze, quarantine it and ask the pharmacist")
    if lowest_c is None or highest_c is None:
        return Kept(ASK, "lowest and highest temperature are both needed: ask whoever kept it")
    return Kept(USE, f"kept at {rules.low_c}-{rules.high_c} °C")


def right_diluent(rules: Preparation, given: str) -> bool:
    """Is this the one diluent for the bag? Spelling that is not known is not accepted."""
    words = " ".join(given.lower().replace("%", " % ").split())
    return any(words == " ".join(known.lower().replace("%", " % ").split()) for known in rules.written)
