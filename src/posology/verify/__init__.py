"""An order against the order that the record supports, and what follows from it: preparation, checks, chair, certificate."""

from posology.verify.derive import derive
from posology.verify.sheet import Criterion, NoOrder, OrderSheet

__all__ = ["Criterion", "NoOrder", "OrderSheet", "derive"]
