"""Slips in the size and the dose that somebody wrote: the record is right. Each is wrong by construction or is not made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from random import Random

from _order_moments import Moment
from _order_slips import (
    CENT,
    FOUR,
    Book,
    Spoilt,
    beyond,
    clean,
    dosed,
    mosteller,
    number,
    one,
    says,
    to_mg,
)

from posology.record import Written

book = Book()
FULL = (Decimal("0.8"), Decimal("0.5"))
POUND, INCH = Decimal("0.45359237"), Decimal("2.54")
TENTH = Decimal("0.1")

# --- E03, E04: size -----------------------------------------------------------------------------------------------------


def _sized(at: Moment, height: Decimal, weight: Decimal) -> Spoilt | None:
    """All that a system computes from a size that was typed wrong."""
    if (height, weight) == (number(at, "height"), number(at, "weight")):
        return None
    area = mosteller(height, weight)
    mg = to_mg(number(at, "mg-per-m2"), area)
    return one(dosed(clean(at), mg, height=height, weight=weight, bsa=area), "E03")


@book.slip("E03", "height and weight exchanged")
def _(at: Moment, luck: Random) -> Spoilt | None:
    height, weight = number(at, "height"), number(at, "weight")
    return one(says(clean(at), height=weight, weight=height), "E03") if height != weight else None


@book.slip("E03", "pounds as kilograms")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return _sized(at, number(at, "height"), (number(at, "weight") / POUND).quantize(TENTH))


@book.slip("E03", "kilograms taken for pounds")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return _sized(at, number(at, "height"), (number(at, "weight") * POUND).quantize(TENTH))


@book.slip("E03", "inches as centimetres")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return _sized(at, (number(at, "height") / INCH).quantize(Decimal(1)), number(at, "weight"))


@book.slip("E03", "a digit of the weight off")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return _sized(at, number(at, "height"), number(at, "weight") + luck.choice((-10, -3, 3, 10)))


@book.slip("E03", "weight of the visit before")
def _(at: Moment, luck: Random) -> Spoilt | None:
    if at.last is None or number(at.last, "weight") == number(at, "weight"):
        return None
    found = _sized(at, number(at, "height"), number(at.last, "weight"))
    if found is None:
        return None
    order = says(found.order, measured_on=clean(at.last).said["measured-on"])
    return replace(found, order=order, also=frozenset({"E10"}))  # where the amount is that of the visit before too


def _area(at: Moment, area: Decimal, formula: str | None = None, follow: bool = True) -> Spoilt | None:
    if abs(area - number(at, "bsa")) < CENT:
        return None
    order = dosed(clean(at), to_mg(number(at, "mg-per-m2"), area)) if follow else clean(at)
    return one(says(order, bsa=area, bsa_formula=formula or clean(at).said["bsa-formula"]), "E04")


@book.slip("E04", "area typed a tenth off, the dose with it")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return _area(at, number(at, "bsa").quantize(CENT) + luck.choice((-TENTH, TENTH)))


@book.slip("E04", "area typed a tenth off, the dose without it")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return _area(at, number(at, "bsa").quantize(CENT) + luck.choice((-TENTH, TENTH)), follow=False)


def _power(height: float, weight: float, k: float, a: float, b: float) -> Decimal:
    return Decimal(k * height**a * weight**b).quantize(FOUR)


FORMULAS: dict[str, tuple[float, float, float]] = {
    "dubois": (0.007184, 0.725, 0.425),
    "haycock": (0.024265, 0.3964, 0.5378),
    "gehan_george": (0.0235, 0.42246, 0.51456),
}


def _formula(name: str, told: bool) -> Callable[[Moment, Random], Spoilt | None]:
    def make(at: Moment, luck: Random) -> Spoilt | None:
        area = _power(float(number(at, "height")), float(number(at, "weight")), *FORMULAS[name])
        return _area(at, area, name if told else None)

    return make


for _name in FORMULAS:
    book.slip("E04", f"area by {_name}, said so")(_formula(_name, True))
    book.slip("E04", f"area by {_name}, not said")(_formula(_name, False))

# --- E05: size of the dose ----------------------------------------------------------------------------------------------


def _amount(at: Moment, mg: Decimal, error: str = "E05", also: str = "") -> Spoilt | None:
    mg = mg.quantize(CENT)
    due = number(at, "dose")
    return one(dosed(clean(at), mg), error, also=also) if mg > 0 and beyond(mg, due) else None


@book.slip("E05", "ten times too high")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return _amount(at, number(at, "dose") * 10)


@book.slip("E05", "ten times too low")
def _(at: Moment, luck: Random) -> Spoilt | None:
    mg = number(at, "dose") / 10
    return one(dosed(clean(at), mg), "E05")


@book.slip("E05", "mg/m² written as mg")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return _amount(at, number(at, "mg-per-m2"))


@book.slip("E05", "two digits exchanged")
def _(at: Moment, luck: Random) -> Spoilt | None:
    units, tenths, cents = tuple(f"{number(at, 'dose'):.2f}".replace(".", ""))
    return _amount(at, Decimal(luck.choice((f"{units}.{cents}{tenths}", f"{tenths}.{units}{cents}"))))


def _other_doses(at: Moment) -> set[Decimal]:
    """What the regimen gives elsewhere, and what was given before: wrong as another class, and not made here."""
    per = {full * factor for full in FULL for factor in (Decimal(1), Decimal("0.75"), Decimal("0.5"))}
    given = {dose.mg for dose in at.drawn.case.record.doses if dose.mg is not None}
    return {to_mg(one_, number(at, "bsa")) for one_ in per} | given


@book.slip("E05", "any amount from half to twice")
def _(at: Moment, luck: Random) -> Spoilt | None:
    mg = (number(at, "dose") * luck.randint(50, 200) / 100).quantize(CENT)
    near = any(abs(mg - other) <= CENT for other in _other_doses(at))
    return None if near else _amount(at, mg)


@book.slip("E05", "rounded to a whole milligram")
def _(at: Moment, luck: Random) -> Spoilt | None:
    mg = max(Decimal(1), number(at, "dose").quantize(Decimal(1)))
    return None if any(abs(mg - other) <= CENT for other in _other_doses(at)) else _amount(at, mg)


@book.slip("E05", "in micrograms")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return one(says(clean(at), dose_unit="ug"), "E05")


@book.slip("E05", "the number of mg in micrograms")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return one(says(clean(at), dose=number(at, "dose") / 1000, dose_unit="ug"), "E05", also="E16 E18")


@book.slip("E05", "dose as text")
def _(at: Moment, luck: Random) -> Spoilt | None:
    order = says(clean(at), dose=None)
    return one(replace(order, unread={"dose": f"{number(at, 'dose')} mg"}), "E05")


@book.slip("E05", "a zero at the end of the words' number")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return one(says(clean(at), text=f"{number(at, 'dose'):.2f}0 mg by intravenous infusion"), "E05")


# --- E06, E07: another day, another branch ------------------------------------------------------------------------------


def _exchanged(at: Moment, error: str, share_too: bool) -> Spoilt | None:
    """0.8 for 0.5 or the other way round: another day's dose in cycle 1 and on later doses, another branch on a Day 1."""
    sheet = at.sheet
    branch = sheet.cycle > 1 and sheet.dose == 1
    if branch != (error == "E07") or sheet.reference_mg_per_m2 not in FULL:
        return None
    other = FULL[1 - FULL.index(sheet.reference_mg_per_m2)]
    share = other * number(at, "mg-per-m2") / sheet.reference_mg_per_m2
    mg = to_mg(share, number(at, "bsa"))
    if not beyond(mg, number(at, "dose")):
        return None
    more = {"mg_per_m2": share, "reference_mg_per_m2": other} if share_too else {}
    return one(dosed(clean(at), mg, **more), error)


for _error in ("E06", "E07"):
    for _words, _too in (("the mg and the mg/m²", True), ("the mg alone", False)):
        book.slip(_error, f"0.8 for 0.5 or 0.5 for 0.8: {_words}")(
            lambda at, luck, error=_error, too=_too: _exchanged(at, error, too)
        )


@book.slip("E07", "1.8 for 1.5 mg/m² or the other way round, the mg/m² alone")
def _(at: Moment, luck: Random) -> Spoilt | None:
    sheet = at.sheet
    if not (sheet.cycle > 1 and sheet.dose == 1) or sheet.reference_mg_per_m2 not in FULL:
        return None
    share = FULL[1 - FULL.index(sheet.reference_mg_per_m2)] * number(at, "mg-per-m2") / sheet.reference_mg_per_m2
    return one(says(clean(at), mg_per_m2=share), "E07")


# --- E10, E11: an earlier dose, a reduction -----------------------------------------------------------------------------


def raised_before(at: Moment) -> bool:
    """Was a dose given at the reduced level before? By the telling of the one course that goes on after its reduction."""
    return at.story == "reduced_in_force" and (at.sheet.cycle, at.sheet.dose) > (3, 1)


def _full(at: Moment, error: str, whole: bool) -> Spoilt | None:
    """The full dose in spite of a reduction: missed where it is due now, raised again where it is in force."""
    if at.sheet.change_percent >= 0 or (error == "E11") != raised_before(at):
        return None
    share = at.sheet.reference_mg_per_m2
    more: dict[str, Written | None] = {"mg_per_m2": share, "change_percent": Decimal(0), "level": "full"}
    more = {**more, "change_reason": None} if whole else {}
    return one(dosed(clean(at), to_mg(share, number(at, "bsa")), **more), error, also="E20" if whole else "")


for _error, _what in (("E10", "copied forward despite the reduction due"), ("E11", "raised again after a reduction")):
    book.slip(_error, f"{_what}, all of it")(lambda at, luck, error=_error: _full(at, error, True))
    book.slip(_error, f"{_what}, the mg alone")(lambda at, luck, error=_error: _full(at, error, False))
