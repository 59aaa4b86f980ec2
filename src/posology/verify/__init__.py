"""An order against the order that the record supports, and what follows from it: preparation, checks, chair, certificate."""

from posology.verify.compare import CHECKS, Checked, Verified, compare, derived, verify
from posology.verify.derive import Drawn, derive, draw, live, order
from posology.verify.elements import elements, instruction
from posology.verify.findings import Finding
from posology.verify.sheet import Criterion, Identity, NoOrder, OrderSheet

__all__ = [
    "CHECKS",
    "Checked",
    "Criterion",
    "Drawn",
    "Finding",
    "Identity",
    "NoOrder",
    "OrderSheet",
    "Verified",
    "compare",
    "derive",
    "derived",
    "draw",
    "elements",
    "instruction",
    "live",
    "order",
    "verify",
]
