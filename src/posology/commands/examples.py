"""Made-up patients: listed, written as bundles, walked through."""

from __future__ import annotations

import json
from argparse import Namespace

from posology.commands.settings import Refused, Settle, Text


def stories(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology import stories as told

    if arguments.what == "write":
        try:
            told.write(arguments.folder)
        except OSError as error:
            raise Refused(f"{arguments.folder}: {error.strerror}; name a folder that can be written") from None
        return f"{len(told.names())} bundles written to {arguments.folder}", False
    tales = [told.tale(name) for name in told.names()]
    if arguments.json:
        rows = [{"name": t.name, "title": t.title, "at": t.at.isoformat(), "expect": t.expect.verdict} for t in tales]
        return json.dumps(rows, ensure_ascii=False, indent=2), False
    return "\n".join(f"{t.name:34} {t.at:%Y-%m-%dT%H:%M}  {t.title}" for t in tales), False


def demo(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology import stories as told
    from posology import tour

    strangers = sorted(set(arguments.story) - set(told.names()))
    if strangers:
        raise Refused(f"no story is called {strangers[0]!r}; posology stories lists them")
    return tour.walked(arguments.story or tour.THREE, colour), False
