"""Documents for paper: of an order its preparation, run sheet and certificate; the regimen and the pocket card of nobody."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from posology.commands.hood import prepared
from posology.commands.opened import drawn_from
from posology.commands.settings import Refused, Settings, Settle, moment_of

if TYPE_CHECKING:
    from posology.say.documents.paper import Sheet

OF_NO_PATIENT = ("regimen", "pocket")
Said = tuple[str, bool | str]
STOPPED = "stopped"
PDF = b"%PDF-"


class Case(NamedTuple):
    """Whose document it is, and what it rests on."""

    drawn: Any
    record: Any
    identity: Any
    standing: tuple[str, ...]
    written: tuple[str, ...]


def print(arguments: Namespace, settle_: Settle, colour: bool) -> Said:
    if (arguments.bundle is None) != (arguments.what in OF_NO_PATIENT):
        named = "no bundle" if arguments.what in OF_NO_PATIENT else "a bundle, such as examples/first_dose.json"
        raise Refused(f"print {arguments.what} takes {named}")
    settings = _settled(arguments, settle_)
    from posology.say.documents.press import PrinterMissing, Unprintable

    try:
        if arguments.what in OF_NO_PATIENT:
            return _printed(_of_no_patient(arguments.what, settings), arguments, None), False
        if arguments.what == "certificate":
            return _certificate(arguments, settings)
        return _of_an_order(arguments, settings, colour)
    except (PrinterMissing, Unprintable) as fault:
        raise Refused(str(fault)) from None


def _settled(arguments: Namespace, settle_: Settle) -> Settings:
    """Without a patient neither moment nor zone is asked for."""
    if arguments.what in OF_NO_PATIENT:
        arguments = Namespace(edition=arguments.edition, site=arguments.site)
    return settle_(arguments)


def _of_no_patient(what: str, settings: Settings) -> Sheet:
    from posology.say.documents import regimen

    return regimen.pocket(settings.edition) if what == "pocket" else regimen.regimen(settings.edition)


def _case(arguments: Namespace, settings: Settings, bundle: Any = None) -> Case:
    from posology.say.ordering.verified import overridden
    from posology.verify import verify
    from posology.verify.compare import stopping

    drawn, record, identity = drawn_from(arguments, settings, bundle)
    found = verify(drawn, record)
    return Case(drawn, record, identity, overridden(found), stopping(found))


def _certificate(arguments: Namespace, settings: Settings) -> Said:
    """It is printed for every verdict: it says what was decided, and shows a dose only where one is released."""
    from posology.commands.certifying import certified
    from posology.commands.opened import bundle_of
    from posology.commands.pharmacy import person
    from posology.say.documents.certificate import certificate
    from posology.say.ordering import certified as saying

    bundle = bundle_of(arguments)
    case = _case(arguments, settings, bundle)
    made = certified(arguments, settings, person(arguments.by) if arguments.by else None, bundle)
    sealed = saying.document(made, settings.edition)
    sheet = certificate(made, sealed, case.identity, settings.edition, case.standing)
    return _printed(sheet, arguments, case.drawn), made.verdict == "ask"


def _of_an_order(arguments: Namespace, settings: Settings, colour: bool) -> Said:
    """The document, or why there is none: then the exit code is never that of an answer."""
    from posology.say.documents.order import order as ordered
    from posology.say.documents.preparation import preparation as on_paper
    from posology.say.documents.run_sheet import run_sheet as run_on_paper
    from posology.say.ordering import infusion, orders, preparation
    from posology.verify import NoOrder

    case = _case(arguments, settings)
    drawn, identity, line = case.drawn, case.identity, orders.line(case.drawn)
    if isinstance(drawn.sheet, NoOrder):
        said = orders.words(drawn.sheet, identity, line, colour)
        return _refused(said, arguments, drawn), drawn.report.verdict == "ask" or STOPPED
    if arguments.what == "order":
        return _printed(ordered(drawn.sheet, identity, case.standing, case.written), arguments, drawn), False
    prep, run = _prepared(case, arguments, settings)
    if prep.mixture.path is None or (arguments.what == "preparation" and prep.barred):
        said = preparation.words(drawn, prep, identity, line, colour)
        return _refused(said, arguments, drawn, prep.barred or prep.asks), STOPPED if prep.barred else True
    if arguments.what == "preparation":
        return _printed(on_paper(prep, identity, settings.edition, case.standing), arguments, drawn), False
    if run.stops:
        said = infusion.words(drawn, run, identity, line, colour)
        return _refused(said, arguments, drawn, run.stops), STOPPED
    return _printed(run_on_paper(run, identity, settings.edition, case.standing), arguments, drawn), False


def _prepared(case: Case, arguments: Namespace, settings: Settings) -> tuple[Any, Any]:
    """The preparation and the run sheet. Raises Refused."""
    from posology.verify.care.chair import run_sheet

    assert settings.zone
    prep = prepared(case.drawn, case.record, arguments, settings)
    start = moment_of(arguments.start, "start", settings.zone)
    return prep, run_sheet(case.drawn, prep, case.record, start)


def _refused(said: str, arguments: Namespace, drawn: Any, stops: tuple[str, ...] = ()) -> str:
    """Why nothing was printed, as the command of the same name says it."""
    from posology.say.ordering.printed import shape
    from posology.say.shape import written

    return written(shape(arguments.what, drawn, None, None, stops)) if arguments.json else f"NOTHING PRINTED\n{said}"


def _printed(sheet: Sheet, arguments: Namespace, drawn: Any) -> str:
    """Write the PDF. Its name is that of the order, never of a patient."""
    from posology.say.documents.press import pdf
    from posology.say.ordering.printed import shape
    from posology.say.shape import written

    file = arguments.out or f"{sheet.order or sheet.edition.lower()}-{arguments.what}.pdf"
    _writable(file)
    made, whole = pdf(sheet, arguments.paper, arguments.large_print)
    try:
        _write(Path(file), made)
    except (OSError, ValueError) as error:
        raise Refused(f"{file}: {getattr(error, 'strerror', None) or error}; name another file with --out") from None
    if arguments.json:
        return written(shape(arguments.what, drawn, file, made, whole=whole))
    return f"{file}: {sheet.title}" + ("" if whole else "; letters that could not be printed stand as ▯, write them by hand")


def _writable(file: str) -> None:
    """A document replaces a document and nothing else. Raises Refused."""
    path = Path(file)
    try:
        with path.open("rb") as known:
            if path.is_file() and known.read(len(PDF)) not in (PDF, b""):
                raise Refused(f"{file}: this is no PDF, and is not written over; name another file with --out")
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise Refused(f"{file}: {getattr(error, 'strerror', None) or error}; name another file with --out") from None


def _write(path: Path, made: bytes) -> None:
    """Whole or not at all: beside it first, then in its place."""
    if path.exists() and not path.is_file():
        path.write_bytes(made)
        return
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(made)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
