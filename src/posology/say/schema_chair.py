"""The shapes of `prepare --json`, `checks --json` and `chair --json`. Knows no other command."""

from __future__ import annotations

from posology.knowledge import SCALE
from posology.say import schema_care
from posology.say.schema_care import SEEN
from posology.say.schema_orders import CRITERION
from posology.say.schema_parts import (
    DATE,
    DECIMAL,
    HEADING,
    TEXT,
    WHOLE,
    Json,
    keyed,
    listed,
    maybe,
    one_of,
    shared,
)

TOP = {**HEADING, "verdict": one_of(*SCALE, "ask"), "could_be": one_of(*SCALE)}
END = {"reasons": listed(CRITERION), "warnings": listed(shared("warning"))}
STEP = keyed({"id": TEXT, "says": TEXT, "cites": shared("cites"), "seen": SEEN, "confidence": TEXT})


def shapes() -> dict[str, Json]:
    """Every schema of this kind by the name of its command."""
    return {"prepare": _prepare()}


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
        "infusion_minutes": WHOLE, "clocks": maybe(schema_care.shapes()["clocks"]),
        "left_over": keyed({"mg": DECIMAL, "ml": DECIMAL, "says": TEXT}),
        "lots": listed(keyed({"lot": TEXT, "expires": DATE})), "steps": listed(STEP), "cites": shared("cites"),
    })  # fmt: skip
    return keyed({**TOP, "preparation": maybe(preparation), **END})
