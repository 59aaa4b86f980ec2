"""Published criteria of one patient: the panels of veno-occlusive disease and tumour lysis, and one set on stated facts."""

from __future__ import annotations

from argparse import Namespace

from posology.commands.settings import Refused, Settle, Text, read
from posology.criteria import Graded, Standing, View, view


def vod(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    return _panel("vod", arguments, settle_, colour)


def lysis(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    return _panel("tumour_lysis", arguments, settle_, colour)


def _panel(name: str, arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.say.panels import panel, panel_shape
    from posology.say.shape import written

    found = _view(name, arguments, settle_)
    text = written(panel_shape.view(found)) if arguments.json else panel.view(found, colour)
    return text, found.state == "could_be_met"


def _view(name: str, arguments: Namespace, settle_: Settle) -> View:
    from posology.fhir import BadBundle, load_bundle
    from posology.knowledge import codes, observables

    settings = settle_(arguments)
    assert settings.zone and settings.at
    try:
        record = load_bundle(read(arguments.bundle), observables=observables(), codes=codes(), zone=settings.zone)
    except BadBundle as error:
        raise Refused(f"{arguments.bundle}: {error}") from None
    return view(name, record, at=settings.at, edition=settings.edition, zone=settings.zone)


def standing(found: Standing | Graded, arguments: Namespace, colour: bool) -> Text:
    """One set or one scale, as `answer` prints it; what is not settled asks."""
    from posology.say.panels import panel, panel_shape
    from posology.say.shape import written

    if isinstance(found, Standing):
        text = written(panel_shape.standing(found)) if arguments.json else panel.one_set(found, colour)
        return text, found.state == "could_be_met"
    return written(panel_shape.graded(found)) if arguments.json else panel.one_scale(found), not found.settled
