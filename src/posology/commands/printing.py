"""Documents for paper: an order, its preparation, its run sheet; the regimen and the pocket card, about no patient."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posology.commands.ordering import opened
from posology.commands.settings import Refused, Settings, Settle, Text

if TYPE_CHECKING:
    from posology.say.documents.paper import Sheet

OF_NO_PATIENT = ("regimen", "pocket")
OF_AN_ORDER = ("order", "preparation", "run-sheet")


def print(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    if (arguments.bundle is None) != (arguments.what in OF_NO_PATIENT):
        named = "no bundle" if arguments.what in OF_NO_PATIENT else "a bundle, such as examples/first_dose.json"
        raise Refused(f"print {arguments.what} takes {named}")
    settings = _settled(arguments, settle_)
    if arguments.what in OF_NO_PATIENT:
        return _printed(_of_no_patient(arguments.what, settings), arguments, None), False
    return _of_an_order(arguments, settings, colour)


def _settled(arguments: Namespace, settle_: Settle) -> Settings:
    """Without a patient neither moment nor zone is asked for."""
    if arguments.what in OF_NO_PATIENT:
        arguments = Namespace(edition=arguments.edition, site=arguments.site)
    return settle_(arguments)


def _of_no_patient(what: str, settings: Settings) -> Sheet:
    from posology.say.documents import regimen

    return regimen.pocket(settings.edition) if what == "pocket" else regimen.regimen(settings.edition)


def _of_an_order(arguments: Namespace, settings: Settings, colour: bool) -> Text:
    """The document, or as `order` why there is none and the same exit code. Raises Refused."""
    from posology.decide import TableError
    from posology.say import orders as saying
    from posology.say.documents.ordered import overridden
    from posology.say.printed import shape
    from posology.say.shape import written
    from posology.verify import NoOrder, verify
    from posology.verify import order as drawn_from

    assert settings.zone and settings.at
    record, identity = opened(arguments, settings)
    try:
        drawn = drawn_from(record, at=settings.at, edition=settings.edition, zone=settings.zone)
        if isinstance(drawn.sheet, NoOrder):
            asks = drawn.report.verdict == "ask"
            said = shape(arguments.what, drawn, None, None) if arguments.json else None
            return written(said) if said else saying.words(drawn.sheet, identity, saying.line(drawn), colour), asks
        standing = overridden(verify(drawn, record))
    except TableError as error:
        raise Refused(f"{arguments.bundle}: {error}") from None
    return _printed(_sheet(arguments.what, drawn.sheet, identity, settings, standing), arguments, drawn), False


def _sheet(what: str, order: Any, identity: Any, settings: Settings, standing: tuple[str, ...]) -> Sheet:
    from posology.say.documents.order import order as ordered
    from posology.say.documents.preparation import preparation
    from posology.say.documents.press import PrinterMissing
    from posology.say.documents.run_sheet import run_sheet

    if what == "order":
        return ordered(order, identity, standing)
    made = preparation if what == "preparation" else run_sheet
    try:
        return made(order, identity, settings.edition, standing)
    except PrinterMissing as missing:
        raise Refused(str(missing)) from None


def _printed(sheet: Sheet, arguments: Namespace, drawn: Any) -> str:
    """Write the PDF. Its name is that of the order, never of a patient."""
    from posology.say.documents.press import PrinterMissing, Unprintable, pdf
    from posology.say.printed import shape
    from posology.say.shape import written

    file = arguments.out or f"{sheet.order or sheet.edition.lower()}-{arguments.what}.pdf"
    try:
        made = pdf(sheet, arguments.paper, arguments.large_print)
        Path(file).write_bytes(made)
    except (PrinterMissing, Unprintable) as fault:
        raise Refused(str(fault)) from None
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}; name another file with --out") from None
    if arguments.json:
        return written(shape(arguments.what, drawn, file, made))
    return f"{file}: {sheet.title}"
