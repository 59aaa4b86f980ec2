"""The shape of a certificate, and of what its check says. Knows no other command."""

from __future__ import annotations

from collections.abc import Mapping

from posology.facts import ABSENCE
from posology.knowledge import SCALE
from posology.say.schemas.schema_orders import DIFFERENCE
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

VALUE: Json = {"type": ["string", "boolean", "null"]}


def certificate(answers: Json, point: Mapping[str, Json]) -> Json:
    """One certificate. `answers` and `point` are the shapes of `decide`."""
    fact = keyed({
        "fact": TEXT, "value": VALUE, "stale": VALUE, "unit": maybe(TEXT), "why": maybe(one_of(*ABSENCE)),
        "when": maybe(MOMENT), "from": maybe(TEXT), "reported": maybe(TEXT), "ask": maybe(TEXT),
    })  # fmt: skip
    measures = keyed({"weight_kg": DECIMAL, "height_cm": DECIMAL, "weight_on": maybe(DATE), "bsa_formula": TEXT})
    order = keyed({"id": TEXT, "status": TEXT, "findings": listed(DIFFERENCE)})
    return keyed({
        "format": TEXT, **HEADING, "by": maybe(TEXT), "record": TEXT, "decision_point": keyed(point),
        "facts": listed(fact), "measures": maybe(measures), "verdict": one_of(*SCALE, "ask"), "could_be": one_of(*SCALE),
        "answers": answers, "dose": maybe(shared("dose")), "order_id": maybe(TEXT), "orders": listed(order), "seal": TEXT,
    })  # fmt: skip


def checked() -> Json:
    """`verify --certificate --json`."""
    return keyed({
        "identical": FLAG, "derived_from": listed(one_of("certificate", "bundle")), "compared": WHOLE,
        "taken_as_said": listed(TEXT),
        "version": keyed({"certificate": TEXT, "here": TEXT}), "knowledge": keyed({"certificate": TEXT, "here": TEXT}),
        "differences": listed(TEXT),
    })  # fmt: skip
