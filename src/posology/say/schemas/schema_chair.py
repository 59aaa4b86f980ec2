"""The shapes of `prepare --json`, `checks --json` and `chair --json`. Knows no other command."""

from __future__ import annotations

from posology.knowledge import SCALE
from posology.knowledge.checks import KINDS, verifications
from posology.say.schemas import schema_care
from posology.say.schemas.schema_care import SEEN
from posology.say.schemas.schema_orders import CRITERION
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
from posology.verify.care.chair import GIVEN
from posology.verify.care.checks import OUTCOMES

TOP = {**HEADING, "verdict": one_of(*SCALE, "ask"), "could_be": one_of(*SCALE)}
END = {"reasons": listed(CRITERION), "warnings": listed(shared("warning"))}
GROUND: dict[str, Json] = {"cites": shared("cites"), "seen": SEEN, "confidence": TEXT}
STEP = keyed({"id": TEXT, "says": TEXT, **GROUND})


def shapes() -> dict[str, Json]:
    """Every schema of this kind by the name of its command."""
    return {"prepare": _prepare(), "checks": _checks(), "chair": _chair()}


def _prepare() -> Json:
    draw = keyed({
        **dict.fromkeys(("calculated_ml", "drawn_ml", "gives_mg", "ordered_mg", "percent", "syringe_ml",
                         "graduation_ml"), DECIMAL),
        "syringes": WHOLE,
    })  # fmt: skip
    vial = ("vial_prints_mg", "vial_gives_mg", "vial_gives_ml", "reconstitute_ml")
    preparation = keyed({
        "order_id": TEXT, "drug": TEXT, "stops": listed(TEXT), "alerts": listed(TEXT), "asks": listed(TEXT), "vials": WHOLE,
        **dict.fromkeys(vial, DECIMAL), "reconstitute_with": TEXT, "mg_per_ml": DECIMAL, "draw": draw,
        "path": maybe(one_of("bag", "syringe")), "fill": TEXT, "overfill_ml": DECIMAL, "diluent": maybe(TEXT),
        "diluent_ml": maybe(DECIMAL), "final_volume_ml": maybe(DECIMAL), "syringe_window_ml": listed(DECIMAL),
        "concentration_mg_per_ml": maybe(DECIMAL), "allowed_mg_per_ml": listed(DECIMAL), "rate_ml_per_h": maybe(DECIMAL),
        "allowed_cites": shared("cites"), "allowed_seen": SEEN,
        "infusion_minutes": WHOLE, "clocks": maybe(schema_care.shapes()["clocks"]),
        "left_over": keyed({"mg": DECIMAL, "ml": DECIMAL, "says": TEXT}),
        "lots": listed(keyed({"lot": TEXT, "expires": DATE})), "steps": listed(STEP), "cites": shared("cites"),
    })  # fmt: skip
    return keyed({**TOP, "preparation": maybe(preparation), **END})


def _checks() -> Json:
    signed = {
        "id": TEXT, "step": maybe(TEXT), "outcome": maybe(TEXT), "by": maybe(TEXT), "at": maybe(MOMENT),
        "saw": listed(keyed({"item": TEXT, "value": TEXT})),
    }  # fmt: skip
    item = keyed({
        "id": TEXT, "says": TEXT, "kind": one_of(*KINDS), "unit": maybe(TEXT), "expects": maybe(TEXT),
    })  # fmt: skip
    step = keyed({
        "id": one_of(*(one.id for one in verifications())), "title": TEXT, "when": TEXT,
        "state": one_of("open", *OUTCOMES), "turn": FLAG, "signed": maybe(keyed(signed)), "items": listed(item),
        "cites": shared("cites"), "seen": SEEN, "confidence": TEXT,
    })  # fmt: skip
    checks = keyed({
        "order_id": TEXT, "based_on": TEXT, "stops": listed(TEXT), "complete": FLAG, "steps": listed(step),
        "discounted": listed(keyed({**signed, "why": TEXT})), "voided": listed(keyed(signed)),
    })  # fmt: skip
    return keyed({**TOP, "checks": maybe(checks), **END})


def _chair() -> Json:
    given = keyed({
        "medicine": TEXT, "earliest": maybe(MOMENT), "latest": maybe(MOMENT), "earliest_minutes": WHOLE,
        "latest_minutes": WHOLE, "given": listed(MOMENT), "state": one_of(*GIVEN), **GROUND,
    })  # fmt: skip
    entry = keyed({"minutes": WHOLE, "at": maybe(MOMENT), "does": listed(TEXT)})
    run = keyed({
        "order_id": TEXT, "stops": listed(TEXT), "holds": listed(TEXT), "notes": listed(TEXT),
        "ordered_mg": DECIMAL, "mg": DECIMAL, "final_volume_ml": maybe(DECIMAL),
        "rate_ml_per_h": maybe(DECIMAL), "minutes": WHOLE, "observe_minutes": WHOLE, "start": maybe(MOMENT),
        "end": maybe(MOMENT), "observe_until": maybe(MOMENT), "start_by": maybe(MOMENT), "end_by": maybe(MOMENT),
        "premedication": listed(given), "timeline": listed(entry), "vitals": keyed({"says": TEXT, **GROUND}),
        "steps": listed(STEP),
    })  # fmt: skip
    reaction = keyed({
        "grade": WHOLE, "means": maybe(TEXT), "resume": FLAG, "barred": listed(TEXT), "steps": listed(STEP),
        "delivered": maybe(keyed({
            "started": MOMENT, "stopped": MOMENT, "ml": DECIMAL, "mg": DECIMAL, "by_rate_ml": DECIMAL, "left_ml": DECIMAL,
            "whole": FLAG, "resume_by": maybe(MOMENT), "observe_until": MOMENT, "asks": listed(TEXT),
        })),
    })  # fmt: skip
    return keyed({**TOP, "run": maybe(run), "reaction": maybe(reaction), **END})
