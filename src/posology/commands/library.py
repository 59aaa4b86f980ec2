"""What is asked of the knowledge: its documents, rules, readings, and the rules as SQL."""

from __future__ import annotations

import json
from argparse import Namespace

from posology.commands.settings import Refused, Settle, Text


def sources(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.say import library

    shape = library.conflicts() if arguments.what == "conflicts" else library.documents()
    return (json.dumps(shape, ensure_ascii=False, indent=2) if arguments.json else library.listed(shape)), False


def label(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.say import library

    try:
        shape = library.shown(arguments.what, arguments.name, settle_(arguments).edition)
    except KeyError as error:
        raise Refused(str(error.args[0])) from None
    return (json.dumps(shape, ensure_ascii=False, indent=2) if arguments.json else library.listed(shape)), False


def sql(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.columns import sql as written

    text = written(settle_(arguments).edition)
    return (json.dumps({"dialect": "duckdb", "sql": text}, indent=2) if arguments.json else text), False
