"""What `print --json` says about a document: where it was written and its hash, or why there is none."""

from __future__ import annotations

import hashlib

from posology.say.ordering.orders import reasons
from posology.say.shape import Json
from posology.verify import Drawn, OrderSheet


def shape(
    what: str,
    drawn: Drawn | None,
    file: str | None,
    made: bytes | None,
    stops: tuple[str, ...] = (),
    whole: bool | None = None,
) -> Json:
    """The document in short; `drawn` is None where it is about no patient, `file` where there is no document.

    `stops`: why there is an order and still no document; `whole`: all letters could be printed.
    """
    order = drawn.sheet if drawn else None
    return {
        "document": what,
        "verdict": drawn.report.verdict if drawn else None,
        "order_id": order.order_id if isinstance(order, OrderSheet) else None,
        "file": file,
        "sha256": hashlib.sha256(made).hexdigest() if made is not None else None,
        "stops": list(stops),
        "whole": whole,
        "reasons": reasons(order) if order else [],
    }
