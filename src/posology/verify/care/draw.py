"""What is drawn up: the volume at the marks of a syringe, the mg that it really gives, and by how much that differs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from posology.dose.amount import above_zero, percent_of_difference
from posology.knowledge.chair import Chair, Syringe
from posology.units import decimal, exactly


@dataclass(frozen=True, slots=True)
class Draw:
    """`volume_ml` holds the ordered dose; `drawn_ml` is that at the marks of the syringe and gives `gives_mg`.

    `percent` is the difference from the ordered dose, signed, two decimals; `count` how many such syringes are filled.
    """

    volume_ml: Decimal
    syringe: Syringe
    count: int
    drawn_ml: Decimal
    gives_mg: Decimal
    percent: Decimal


def syringe_of(size_ml: Decimal, graduation_ml: Decimal | None, chair: Chair) -> Syringe:
    """The syringe in somebody's hand; its marks as the table has them unless they are said. Raises ValueError."""
    above_zero("syringe", size_ml)
    known = {one.size_ml: one.graduation_ml for one in chair.syringes}
    marks = graduation_ml if graduation_ml is not None else known.get(size_ml)
    if marks is None:
        raise ValueError(f"a syringe of {size_ml} mL is not in the table: say its marks too, in mL")
    finest = min(one.graduation_ml for one in chair.syringes)
    if marks < finest:
        raise ValueError(f"marks of {marks} mL are finer than any syringe has: check them")
    if above_zero("graduation", marks) > size_ml:
        raise ValueError(f"marks of {marks} mL are wider than the syringe of {size_ml} mL")
    return Syringe(size_ml, marks)


def draw_up(
    ordered_mg: Decimal,
    mg_per_ml: Decimal,
    most_ml: Decimal,
    chair: Chair,
    *,
    own: Syringe | None = None,
    never_up: bool = False,
) -> Draw:
    """The draw for an ordered dose, out of vials that hold `most_ml`. A tie between two marks goes down.

    Without `own`: the smallest syringe that the volume does not overfill, else several of the largest. Raises ValueError
    where the marks are too wide to draw anything.
    """
    exact = exactly(ordered_mg) / above_zero("concentration", mg_per_ml)
    syringe, count = (own, math.ceil(exact / exactly(own.size_ml))) if own else _chosen(exact, chair)
    steps = exact / exactly(syringe.graduation_ml)
    marks = math.floor(steps) if never_up else math.ceil(steps - Fraction(1, 2))
    if marks * exactly(syringe.graduation_ml) > exactly(most_ml):
        marks = math.floor(steps)
    if not marks:
        raise ValueError(f"marks of {syringe.graduation_ml} mL are too wide for {decimal(exact)} mL: take a finer syringe")
    drawn = marks * exactly(syringe.graduation_ml)
    gives = drawn * exactly(mg_per_ml)
    return Draw(
        volume_ml=decimal(exact),
        syringe=syringe,
        count=count,
        drawn_ml=decimal(drawn),
        gives_mg=decimal(gives),
        percent=percent_of_difference(gives, exactly(ordered_mg)),
    )


def _chosen(volume: Fraction, chair: Chair) -> tuple[Syringe, int]:
    """The smallest syringe that holds it without being overfilled, or how many of the largest."""
    share = exactly(chair.fill_at_most_percent) / 100
    for one in chair.syringes:
        if volume <= exactly(one.size_ml) * share:
            return one, 1
    largest = chair.syringes[-1]
    return largest, math.ceil(volume / (exactly(largest.size_ml) * share))
