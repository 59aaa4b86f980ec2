"""Slips in what somebody wrote: the record is right and the order is not. Each is wrong by construction or is not made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import ceil
from random import Random

from _order_moments import Moment
from _order_slips import (
    CENT,
    FOUR,
    MG_PER_ML,
    Book,
    Spoilt,
    clean,
    dosed,
    number,
    one,
    says,
    to_mg,
)

book = Book()
FULL = (Decimal("0.8"), Decimal("0.5"))
POUND, INCH = Decimal("0.45359237"), Decimal("2.54")
TENTH = Decimal("0.1")

# --- E01, E02: whose, and what ------------------------------------------------------------------------------------------

book.element("E01", "no patient named", subject=False)
book.element("E01", "another patient's identifier", identifier=False)
book.element("E01", "another patient's name", name=False)
book.element("E02", "the look-alike instead", drug=("gemtuzumab_ozogamicin",))
book.element("E02", "the look-alike beside it", drug=("drug", "gemtuzumab_ozogamicin"))
book.element("E02", "another product instead", drug=("another product",))


# --- E08, E09: when -----------------------------------------------------------------------------------------------------


@book.slip("E08", "cycle off by one")
def _(at: Moment, luck: Random) -> Spoilt | None:
    cycle = number(at, "cycle")
    return one(says(clean(at), cycle=cycle + (1 if cycle == 1 else luck.choice((-1, 1)))), "E08")


@book.slip("E08", "another day of the cycle")
def _(at: Moment, luck: Random) -> Spoilt | None:
    day = luck.choice([day for day in map(Decimal, (1, 8, 15)) if day != number(at, "day")])
    return one(says(clean(at), day=day), "E08")


@book.slip("E08", "another dose of the cycle")
def _(at: Moment, luck: Random) -> Spoilt | None:
    dose = luck.choice([dose for dose in map(Decimal, (1, 2, 3)) if dose != number(at, "dose-number")])
    return one(says(clean(at), dose_number=dose), "E08")


@book.slip("E08", "a later date")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return one(says(clean(at), on=at.today + timedelta(days=luck.randint(1, 3))), "E08")


@book.slip("E08", "several dates in one order")
def _(at: Moment, luck: Random) -> Spoilt | None:
    order = says(clean(at))
    return one(replace(order, unread={"on": "several dates"}), "E08")


@book.slip("E08", "ordered twice")
def _(at: Moment, luck: Random) -> Spoilt | None:
    twin = replace(clean(at), id="MedicationRequest/twin")
    return replace(one(clean(at), "E08"), others=(twin,))


def last_given(at: Moment) -> date | None:
    """The local day of the last dose before the moment."""
    days = [dose.start.astimezone(at.zone).date() for dose in at.drawn.case.record.doses if dose.start < at.at and dose.mg]
    return max(days, default=None)


@book.slip("E09", "the date moved forward to 1 to 5 days after the last dose")
def _(at: Moment, luck: Random) -> Spoilt | None:
    last = last_given(at)
    on = last + timedelta(days=luck.randint(1, 5)) if last else None
    return one(says(clean(at), on=on, written_on=min(on, at.today)), "E09") if on and on < at.today else None


# --- E14, E15, E16: plan, premedication, preparation --------------------------------------------------------------------

book.element("E14", "seven cycles planned", planned_cycles=Decimal(7))
book.element("E14", "another plan for a transplant", intent="proceeding")


@book.slip("E14", "cycles so far miscounted")
def _(at: Moment, luck: Random) -> Spoilt | None:
    if "cycles-counted" not in clean(at).said:
        return None
    return one(says(clean(at), cycles_counted=number(at, "cycles-counted") + 1), "E14")


@book.slip("E15", "a class of premedication not ordered")
def _(at: Moment, luck: Random) -> Spoilt | None:
    named = clean(at).said.get("premedication")
    if not isinstance(named, tuple):
        return None
    gone = luck.choice(named)
    return one(says(clean(at), premedication=tuple(name for name in named if name != gone)), "E15")


book.element("E15", "no premedication at all", premedication=None)
book.element("E15", "observation cut to 30 minutes", observe_minutes=Decimal(30))
book.element("E15", "no observation", observe_minutes=None)
book.element("E16", "glucose as diluent", diluent="glucose 5 %")
book.element("E16", "water as diluent", diluent="sterile water for injection")
book.element("E16", "over 30 minutes", minutes=Decimal(30), rate=Decimal(100))
for _route in ("intrathecal", "subcutaneous", "intravenous_push", "intramuscular"):
    book.element("E16", f"by {_route.replace('_', ' ')}", route=_route)


def _volume(ml: int) -> Callable[[Moment, Random], Spoilt | None]:
    def make(at: Moment, luck: Random) -> Spoilt | None:
        if "final-volume" not in clean(at).said:
            return None
        thin = (number(at, "dose") / ml).quantize(FOUR)
        return one(says(clean(at), final_volume=Decimal(ml), concentration=thin), "E16")

    return make


book.slip("E16", "in 250 mL")(_volume(250))
book.slip("E16", "in 100 mL")(_volume(100))


@book.slip("E16", "at 100 mL per hour")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return one(says(clean(at), rate=Decimal(100)), "E16") if "rate" in clean(at).said else None


@book.slip("E16", "another concentration")
def _(at: Moment, luck: Random) -> Spoilt | None:
    if "concentration" not in clean(at).said:
        return None
    return one(says(clean(at), concentration=number(at, "concentration") * 2), "E16")


# --- E17, E18: clocks and vials -----------------------------------------------------------------------------------------


def _clocked(at: Moment, dilute: int, use_by: int | None) -> Spoilt:
    """Reconstituted an hour ago; diluted and to be used so many minutes after that."""
    first: datetime = at.at - timedelta(hours=1)
    until = first + timedelta(minutes=use_by) if use_by is not None else None
    order = says(clean(at), reconstituted_at=first, diluted_at=first + timedelta(minutes=dilute), held="room", use_by=until)
    return one(order, "E17")


@book.slip("E17", "diluted more than 4 hours after reconstitution")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return _clocked(at, luck.randint(241, 600), None)


@book.slip("E17", "use-by more than 8 hours after reconstitution")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return _clocked(at, luck.randint(10, 200), luck.randint(481, 1440))


@book.slip("E18", "vials counted on 1 mg")
def _(at: Moment, luck: Random) -> Spoilt | None:
    wrong = Decimal(ceil(number(at, "dose")))
    return one(says(clean(at), vials=wrong), "E18") if wrong != number(at, "vials") else None


@book.slip("E18", "volume drawn as if 4 mL held 0.9 mg")
def _(at: Moment, luck: Random) -> Spoilt | None:
    wrong = (number(at, "dose") / MG_PER_ML * 10 / 9).quantize(CENT)
    return one(says(clean(at), volume=wrong), "E18") if wrong != number(at, "volume") else None


# --- E20, E22, E23: what is missing, the library, the words -------------------------------------------------------------

REQUIRED = (
    *("written-on", "on", "diagnosis", "regimen", "edition", "cycle", "day", "intent", "planned-cycles", "allergies"),
    *("reference-mg-per-m2", "mg-per-m2", "dose", "change-percent", "height", "weight", "measured-on", "bsa"),
    *("bsa-formula", "route", "diluent", "final-volume", "sequence", "treatment-criteria", "monitoring"),
)


@book.slip("E20", "one element left out")
def _(at: Moment, luck: Random) -> Spoilt | None:
    name = luck.choice([name for name in REQUIRED if name in clean(at).said])
    return one(says(clean(at), **{name: None}), "E20")


@book.slip("E20", "neither rate nor duration")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return one(says(clean(at), rate=None, minutes=None), "E20") if "rate" in clean(at).said else None


@book.slip("E20", "no reason for a reduced dose")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return one(says(clean(at), change_reason=None), "E20") if "change-reason" in clean(at).said else None


@book.slip("E20", "active and signed by nobody")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return one(replace(clean(at), status="active"), "E20")


@book.slip("E20", "shorthand in the words")
def _(at: Moment, luck: Random) -> Spoilt | None:
    word = luck.choice(("QD", "3/7", "IU", "cc", "IT", "HS"))
    return one(says(clean(at), text=f"{number(at, 'dose').normalize()} mg {word}"), "E20")


book.element("E22", "another regimen", regimen="R-CHOP")
book.element("E22", "another library", knowledge="0" * 16)


@book.slip("E22", "another edition of the label")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return one(says(clean(at), edition="us" if at.edition == "eu" else "eu"), "E22")


@book.slip("E22", "a regimen table with a wrong figure, and the dose from it")
def _(at: Moment, luck: Random) -> Spoilt | None:
    wrong = luck.choice((Decimal("0.9"), Decimal("0.6"), Decimal("1.8"), Decimal("1.5")))
    share = wrong * number(at, "mg-per-m2") / at.sheet.reference_mg_per_m2
    mg = to_mg(share, number(at, "bsa"))
    return one(dosed(clean(at), mg, reference_mg_per_m2=wrong, mg_per_m2=share), "E22", also="E05")


@book.slip("E22", "a regimen table with a wrong figure, the dose put right by hand")
def _(at: Moment, luck: Random) -> Spoilt | None:
    return one(says(clean(at), reference_mg_per_m2=luck.choice((Decimal("0.9"), Decimal("0.6"), Decimal("1.8")))), "E22")


@book.slip("E23", "other mg in the words")
def _(at: Moment, luck: Random) -> Spoilt | None:
    wrong = (number(at, "dose") * luck.choice((2, 10))).normalize()
    return one(says(clean(at), text=f"{wrong:f} mg by intravenous infusion over 60 minutes"), "E23")


@book.slip("E23", "another day in the words")
def _(at: Moment, luck: Random) -> Spoilt | None:
    day = at.today + timedelta(days=luck.choice((-7, -1, 1, 7)))
    return one(says(clean(at), text=f"{number(at, 'dose').normalize():f} mg on {day}"), "E23")


@book.slip("E23", "the words of the visit before")
def _(at: Moment, luck: Random) -> Spoilt | None:
    if at.last is None:
        return None
    return one(says(clean(at), text=clean(at.last).said["text"]), "E23")
