"""What is asked of the published figures: reactions and efficacy, each by source, people and cut-off."""

from __future__ import annotations

import json
from argparse import Namespace

from posology.commands.settings import Refused, Settle, Text
from posology.knowledge import UnknownName


def reactions(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    return _figures("reactions", arguments), False


def efficacy(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    return _figures("efficacy", arguments), False


def _figures(kind: str, arguments: Namespace) -> str:
    from posology.answer.rates import figures
    from posology.say.pages import rates

    words = " ".join(arguments.term)
    if not words:
        return json.dumps(rates.index(kind), ensure_ascii=False, indent=2) if arguments.json else rates.listed(kind)
    try:
        found = figures(kind, words)
    except UnknownName as error:
        raise Refused(str(error)) from None
    return json.dumps(rates.shape(found), ensure_ascii=False, indent=2) if arguments.json else rates.words(found)
