"""The pharmacy: how an order is prepared."""

from __future__ import annotations

from argparse import Namespace

from posology.commands.hood import drawn_from, prepared
from posology.commands.settings import Settle


def prepare(arguments: Namespace, settle_: Settle, colour: bool) -> tuple[str, bool | str]:
    from posology.say import orders
    from posology.say import preparation as saying
    from posology.say.shape import written
    from posology.verify import NoOrder

    settings = settle_(arguments)
    drawn, _, identity = drawn_from(arguments, settings)
    prep = prepared(drawn, arguments, settings)
    asks = drawn.report.verdict == "ask"
    if arguments.json:
        text = written(saying.document(drawn, prep))
    elif isinstance(prep, NoOrder):
        text = orders.words(prep, identity, orders.line(drawn), colour)
    else:
        text = saying.words(drawn, prep, identity, orders.line(drawn), colour)
    if isinstance(prep, NoOrder):
        return text, asks
    return text, "stopped" if prep.stops else asks or prep.mixture.path is None
