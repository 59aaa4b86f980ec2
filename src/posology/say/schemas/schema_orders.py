"""The shapes of `order --json`, `verify --json` and `print --json`. Knows no other command."""

from __future__ import annotations

from posology.knowledge import SCALE
from posology.knowledge.orders import SEVERITIES, orders
from posology.say.ordering.orders import written_elements
from posology.say.schemas.schema_parts import (
    DATE,
    DECIMAL,
    FLAG,
    HEADING,
    MOMENT,
    TEXT,
    WHOLE,
    Json,
    keyed,
    listed,
    maybe,
    one_of,
    shared,
)

VERDICT = {"verdict": one_of(*SCALE, "ask"), "could_be": one_of(*SCALE)}
WRITTEN: Json = {"type": ["string", "array", "boolean", "null"], "items": TEXT}
"""One element: text (decimals, dates and words), a list of texts, a yes or no, or null where it is not there."""

CRITERION = keyed({
    "question": TEXT, "asks": TEXT, "action": TEXT, "findings": listed(shared("finding")),
    "missing": listed(shared("missing")), "because": listed(shared("evidence")),
    "limits": listed(keyed({"row": TEXT, "says": TEXT, "cites": shared("cites"), "seen": TEXT})),
})  # fmt: skip
LINE = keyed({
    "id": TEXT, "says": TEXT, "basis": one_of("label", "practice", "policy"), "cites": shared("cites"), "seen": TEXT,
})  # fmt: skip
OVERRIDE = keyed({
    "finding": TEXT, "reason": one_of(*orders().reasons), "by": TEXT, "at": MOMENT, "text": maybe(TEXT), "from": TEXT,
})  # fmt: skip
DIFFERENCE = keyed({
    "id": TEXT, "error": one_of(*orders().classes), "severity": one_of(*SEVERITIES), "element": TEXT, "written": WRITTEN,
    "derived": WRITTEN, "reason": TEXT, "do": TEXT, "cites": shared("cites"), "overridable": FLAG,
    "overridden": maybe(OVERRIDE),
})  # fmt: skip


def shapes() -> dict[str, Json]:
    """The shapes, by the name of the command."""
    return {"order": _order(), "print": _print()}


def _order() -> Json:
    order = keyed({
        "order_id": TEXT, "status": one_of("draft"), "text": TEXT, "drug": TEXT, "brand": TEXT,
        "codes": keyed({"rxnorm": TEXT, "atc": TEXT}), "written_at": MOMENT, "not_before": maybe(DATE),
        "elements": keyed(dict.fromkeys(written_elements(), WRITTEN)), "dose": shared("dose"), "remeasure": TEXT,
        "earlier": keyed({"on": maybe(DATE), "mg": maybe(DECIMAL), "cycle": maybe(WHOLE), "dose": maybe(WHOLE),
                          "weight_kg": maybe(DECIMAL), "weight_on": maybe(DATE)}),
        "reaction_grade": maybe(DECIMAL), "review": listed(shared("finding")), "criteria": listed(CRITERION),
        "premedication": listed(LINE), "supportive": listed(LINE), "handling": listed(LINE), "due": listed(shared("due")),
        "regimen_cites": shared("cites"), "product_cites": shared("cites"),
    })  # fmt: skip
    warnings = {"warnings": listed(shared("warning"))}
    return keyed({**HEADING, **VERDICT, "order": maybe(order), "reasons": listed(CRITERION), **warnings})


def _print() -> Json:
    return keyed({
        "document": one_of("order", "preparation", "run-sheet", "certificate", "regimen", "pocket"),
        "verdict": maybe(one_of(*SCALE, "ask")), "order_id": maybe(TEXT), "file": maybe(TEXT), "sha256": maybe(TEXT),
        "stops": listed(TEXT), "whole": maybe(FLAG), "reasons": listed(CRITERION),
    })  # fmt: skip


def verify() -> Json:
    """`verify --json` of written orders."""
    checked = keyed({
        "element": one_of(*orders().elements), "written": WRITTEN, "derived": WRITTEN,
        "state": one_of("same", "differs", "not_written", "not_derived"),
    })  # fmt: skip
    order = keyed({
        "id": TEXT, "status": TEXT, "state": one_of("clean", *SEVERITIES), "findings": listed(DIFFERENCE),
        "checked": listed(checked), "overrides": listed(OVERRIDE), "to_do_later": WHOLE,
    })  # fmt: skip
    blind = keyed({"error": one_of(*orders().classes), "what": TEXT, "why": TEXT})
    warnings = {"warnings": listed(shared("warning"))}
    return keyed({**HEADING, **VERDICT, "stops": FLAG, "orders": listed(order), "not_detectable": listed(blind), **warnings})
