"""When two elements say the same. Numbers to the places of the element; words and texts without regard to case."""

from __future__ import annotations

from decimal import Decimal

from posology.knowledge.orders import Element
from posology.record import Written
from posology.units import rounded


def same(element: Element, written: Written, due: Written) -> bool:
    """Does the order say what the record supports?

    A number that was rounded once may differ from one rounded twice: half of the last place is allowed as well.
    """
    if element.kind == "lines":
        return True  # words of another hand; whether they are there is what counts
    if isinstance(written, Decimal) and isinstance(due, Decimal):
        places = element.places
        if places is None:
            return written == due
        return rounded(written, places) == rounded(due, places) or abs(written - due) * 2 <= Decimal(1).scaleb(-places)
    if isinstance(written, tuple) and isinstance(due, tuple):
        return set(due) <= set(written)
    if isinstance(written, str) and isinstance(due, str):
        return plainly(written) == plainly(due)
    return written == due


def plainly(text: str) -> str:
    """A text as it is compared."""
    return " ".join(text.replace("_", " ").replace("-", " ").casefold().split())
