"""What is looked up about one patient beside the decision: CTCAE grades, the QT, the medicines."""

from __future__ import annotations

from argparse import Namespace
from typing import Any, NamedTuple

from posology.commands.settings import Refused, Settings, Settle, Text, read


class Look(NamedTuple):
    """A record at one moment with its facts, how to tell of them, and what every answer begins with."""

    record: Any
    told: Any
    heading: dict[str, Any]
    line: str


def _look(arguments: Namespace, settings: Settings) -> Look:
    from posology.course import fold
    from posology.facts import gather
    from posology.fhir import BadBundle, load_bundle
    from posology.knowledge import codes, observables
    from posology.say.panels.graded import Told

    assert settings.zone and settings.at
    edition, zone, at = settings.edition, settings.zone, settings.at
    try:
        record = load_bundle(read(arguments.bundle), observables=observables(), codes=codes(), zone=zone)
    except BadBundle as error:
        raise Refused(f"{arguments.bundle}: {error}") from None
    facts = gather(record, fold(record, edition.regimen, at, zone), edition, at, zone)
    line = f"{record.patient.id} · {at:%Y-%m-%d %H:%M} {zone} · edition {edition.id.upper()}"
    return Look(record, Told(facts, edition.facts, zone), _heading(settings, record.patient.id), line)


def _heading(settings: Settings, patient: str | None) -> dict[str, Any]:
    from posology.version import VERSION

    at = settings.at.isoformat() if settings.at else None
    zone = str(settings.zone) if settings.zone else None
    return {"version": VERSION, "knowledge": settings.edition.knowledge, "edition": settings.edition.id, "zone": zone,
            "at": at, "patient": patient}  # fmt: skip


def grade(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.grading import grades
    from posology.knowledge import observables
    from posology.knowledge.grades import VERSIONS
    from posology.say import shape
    from posology.say.panels import graded

    if (arguments.bundle is None) == (arguments.facts is None):
        raise Refused("grade: name a bundle, or facts with --facts FILE, and not both")
    look = _stated(arguments, settle_) if arguments.facts else _look(arguments, settle_(arguments))
    versions = VERSIONS if arguments.version_ == "all" else (arguments.version_,)
    found = grades(look.told.facts, observables(), versions)
    if arguments.json:
        return shape.written(graded.grades(found, look.told, look.heading)), False
    return graded.words(found, look.told, look.line), False


def _stated(arguments: Namespace, settle_: Settle) -> Look:
    """Facts as somebody states them need no zone and no moment."""
    from posology.facts import stated
    from posology.fhir import BadBundle, parse
    from posology.say.panels.graded import Told
    from posology.say.stated import BadFact, facts

    given = {name: value for name, value in vars(arguments).items() if name not in ("at", "zone")}
    settings = settle_(Namespace(**given))
    try:
        known = facts(parse(read(arguments.facts)), settings.edition.facts)
    except (BadBundle, BadFact) as error:
        raise Refused(f"{arguments.facts}: {error}") from None
    told = Told(stated(known, settings.edition), settings.edition.facts)
    return Look(None, told, _heading(settings, None), f"Stated facts · edition {settings.edition.id.upper()}")


def _checked(look: Look, settings: Settings) -> Any:
    from posology.medicines import checked

    days = int(settings.edition.policy.rows["medicines"]["recent_days"])
    return checked(look.record, look.told.facts, settings.at, days)  # type: ignore[arg-type]


def medicines(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.say import shape
    from posology.say.panels import medicines as say

    settings = settle_(arguments)
    look = _look(arguments, settings)
    found = _checked(look, settings)
    if arguments.json:
        return shape.written(say.medicines(found, look.told, look.heading)), False
    return say.medicines_in_words(found, look.told, look.line), False


def qt(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.knowledge import observables
    from posology.medicines import heart
    from posology.say import shape
    from posology.say.panels import medicines as say

    settings = settle_(arguments)
    look = _look(arguments, settings)
    found, listed = heart(look.record, look.told.facts, observables(), settings.at), _checked(look, settings)  # type: ignore[arg-type]
    if arguments.json:
        return shape.written(say.qt(found, listed, look.told, look.heading)), False
    return say.qt_in_words(found, listed, look.told, look.line), False
