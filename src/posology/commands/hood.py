"""What the person at the hood or the chair types: filling, syringe, times, lots; for `prepare`, `checks` and `chair`."""

from __future__ import annotations

from argparse import Namespace
from calendar import monthrange
from datetime import date
from decimal import Decimal
from typing import Any

from posology.commands.chair import number_of
from posology.commands.settings import Refused, Settings, moment_of

METHODS = {"exact": "EXACT", "overfilled": "OVERFILLED"}
TIMES = {"diluted": "diluted", "out_of_fridge": "out_of_fridge"}
MONTH = len("2027-06")


def hood_of(arguments: Namespace, settings: Settings) -> Any:
    """The flags as a Hood. Raises Refused."""
    from posology.dose import Fill, Method
    from posology.verify.care.preparation import Hood

    over = _overfill(arguments, settings)
    method = Method[METHODS[arguments.fill or ("overfilled" if over else "exact")]]
    try:
        fill = Fill(method) if over is None else Fill(method, over)
        final = number_of(arguments.final, "final")
        return Hood(fill, _syringe(arguments), final, arguments.diluent, _times(arguments, settings), _lots(arguments))
    except ValueError as error:
        raise Refused(str(error)) from None


def _overfill(arguments: Namespace, settings: Settings) -> Any:
    """What the maker put in beyond the nominal volume: never as much again."""
    over, bag = number_of(arguments.overfill, "overfill"), Decimal(str(settings.edition.product["bag"]["volume_ml"]))
    if over is not None and over >= bag:
        raise Refused(f"--overfill {arguments.overfill}: the bag itself holds {bag} mL; write what its maker prints")
    return over


def prepared(drawn: Any, record: Any, arguments: Namespace, settings: Settings) -> Any:
    """The preparation as typed and as signed, or the sheet that says why there is no order. Raises Refused."""
    from posology.verify.care.signed import as_signed

    assert settings.zone and settings.at
    start = moment_of(vars(arguments).get("start"), "start", settings.zone)
    begun = start if start is not None and start <= settings.at else None
    try:
        return as_signed(drawn, record, hood_of(arguments, settings), begun)
    except ValueError as error:
        raise Refused(str(error)) from None


def _syringe(arguments: Namespace) -> Any:
    from posology.knowledge.chair import chair
    from posology.verify.care.draw import syringe_of

    size, marks = number_of(arguments.syringe, "syringe"), number_of(arguments.graduation, "graduation")
    if size is None:
        if marks is not None:
            raise Refused("--graduation also needs --syringe, its size in mL")
        return None
    return syringe_of(size, marks, chair())


def _times(arguments: Namespace, settings: Settings) -> Any:
    from posology.dose.clocks import Times

    given, zone, at = vars(arguments), settings.zone, settings.at
    assert zone and at
    first = moment_of(arguments.reconstituted, "reconstituted", zone)
    if first is None:
        late = [f"--{name.replace('_', '-')}" for name in (*TIMES, "held") if given[name] is not None]
        if late:
            raise Refused(f"{late[0]} also needs --reconstituted, when the first vial was reconstituted")
        return None
    known = {name: moment_of(given[flag], flag, zone) for name, flag in TIMES.items()}
    for flag, when in (("reconstituted", first), *((TIMES[name], when) for name, when in known.items())):
        if when is not None and when > at:
            raise Refused(
                f"--{flag.replace('_', '-')} {given[flag]}: later than --at {at:%Y-%m-%dT%H:%M}; say what has happened"
            )
    start = moment_of(given.get("start"), "start", zone)
    begun = start if start is not None and known["diluted"] is not None and start <= at else None
    return Times(first, held=arguments.held, started=begun, **known)


def _lots(arguments: Namespace) -> tuple[Any, ...]:
    """The lots with their last day, in the order of the flags."""
    from posology.verify.care.preparation import Lot

    lots, ends = arguments.lot or [], arguments.expires or []
    if any(not lot.strip() or not lot.isprintable() or "," in lot for lot in lots):
        raise Refused("--lot: write the lot as the vial prints it, on one line and without a comma")
    if len(lots) != len(ends):
        raise Refused("each --lot needs its --expires, and the other way round")
    return tuple(Lot(lot, last_day(text, "expires")) for lot, text in zip(lots, ends, strict=True))


def last_day(text: str, flag: str) -> date:
    """A day, or the last day of a month as cartons print it."""
    try:
        if len(text) == MONTH:
            first = date.fromisoformat(f"{text}-01")
            return first.replace(day=monthrange(first.year, first.month)[1])
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"--{flag} {text}: not a day; write it as 2027-06-30, or 2027-06 for the end of a month") from None
