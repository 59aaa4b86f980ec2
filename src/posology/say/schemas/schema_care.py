"""JSON Schemas of the commands around a dose: clocks, storage, advice, reactions, efficacy."""

from __future__ import annotations

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

SCALAR: Json = {"type": ["string", "boolean", "null"]}
SEEN = one_of("verbatim", "secondary", "recalled", "ours")
CITED: dict[str, Json] = {"cites": shared("cites"), "seen": SEEN, "confidence": TEXT}
LINE = keyed({"id": TEXT, "says": TEXT, **CITED})
GIVES = keyed({"source": TEXT, "minutes": maybe(WHOLE), "says": maybe(TEXT), "seen": SEEN})
LIMIT = keyed({
    "clock": TEXT, "means": TEXT, "minutes": WHOLE, "by": MOMENT, "broken": FLAG, "binding": FLAG, **CITED,
    "reading": maybe(TEXT), "figures": listed(GIVES),
})  # fmt: skip
RESUMED = keyed({
    "delivered_ml": DECIMAL, "delivered_mg": DECIMAL, "recomputed_end": MOMENT, "latest_end": maybe(MOMENT),
    "may_resume": FLAG, "observe_until": MOMENT, "says": TEXT,
})  # fmt: skip

FIGURE = keyed({
    "source": TEXT, "section": TEXT, "population": TEXT, "cut_off": TEXT, "window": maybe(TEXT),
    "arm": one_of("drug", "control"), "grade": maybe(TEXT), "timing": maybe(TEXT), "grouping": maybe(TEXT),
    "n": maybe(WHOLE), "of": maybe(WHOLE), "percent_of_counts": maybe(DECIMAL), "printed": maybe(DECIMAL),
    "bound": maybe(TEXT), "unit": TEXT, "interval": maybe(listed(maybe(DECIMAL))), "printed_differs": FLAG,
    "differs": listed(TEXT), "note": maybe(TEXT), "seen": SEEN, "confidence": TEXT,
})  # fmt: skip

GROUNDS: dict[str, Json] = {"cites": maybe(shared("cites")), "seen": maybe(SEEN)}
DECIDED = keyed({
    "verdict": TEXT, "could_be": TEXT, "mg_per_m2": maybe(DECIMAL), "mg": maybe(DECIMAL),
    "decides": listed(keyed({"row": TEXT, **GROUNDS})),
})  # fmt: skip


def _sides(part: Json) -> dict[str, Json]:
    return {"id": TEXT, "one": part, "other": part}


DIFFERENCE = keyed({
    "editions": listed(TEXT), "alike": WHOLE,
    "rules": listed(keyed(_sides(maybe(keyed({"states": TEXT, "when": TEXT, "then": TEXT, **GROUNDS}))))),
    "figures": listed(keyed(_sides(maybe(keyed({"value": TEXT, **GROUNDS}))))),
    "examples": listed(keyed({**_sides(DECIDED), "title": TEXT, "differs": FLAG})),
})  # fmt: skip
"""Two editions side by side; `one` and `other` in the order of `editions`."""

RESULT = keyed({
    "what": TEXT, "on": DATE, "value": SCALAR, "unit": maybe(TEXT), "upper_limit": maybe(DECIMAL),
})  # fmt: skip
HANDOVER = keyed({
    "doses": listed(keyed({
        "cycle": WHOLE, "dose": WHOLE, "on": DATE, "mg": maybe(DECIMAL), "mg_per_m2": maybe(DECIMAL), "partial": FLAG,
    })),
    "cycles": listed(keyed({
        "cycle": WHOLE, "day1": maybe(DATE), "doses": WHOLE, "planned": WHOLE, "running": FLAG, "truncated": FLAG,
    })),
    "interruptions": listed(keyed({
        "start": DATE, "end": maybe(DATE), "days": WHOLE, "kind": TEXT, "cycle": WHOLE, "dose": WHOLE,
    })),
    "values": listed(keyed({
        "fact": TEXT, "means": TEXT, "value": SCALAR, "unit": maybe(TEXT), "when": maybe(MOMENT), "why": maybe(TEXT),
    })),
    "trend": listed(RESULT), "said": listed(RESULT), "not_read": listed(TEXT),
})  # fmt: skip
ADVISED = keyed({
    "id": TEXT, "says": TEXT, "reading": maybe(TEXT), "state": one_of("standing", "applies", "open"), "when": maybe(TEXT),
    "because": listed(shared("evidence")), "ask": listed(shared("missing")),
    "basis": one_of("label", "practice", "policy"), **CITED,
})  # fmt: skip
COUNTDOWN = keyed({
    "intent": maybe(TEXT), "cycles_counted": maybe(WHOLE), "last_dose_on": maybe(DATE),
    "days_since_last_dose": maybe(WHOLE), "transplant_on": maybe(DATE), "days_since_transplant": maybe(WHOLE),
    "follow_up": listed(shared("due")),
})  # fmt: skip
PREMEDICATION = keyed({
    "complete": FLAG, "missing": listed(TEXT),
    "classes": listed(keyed({
        "what": TEXT, "state": one_of("given", "after_start", "not_on_record"), "at": listed(MOMENT),
    })),
})  # fmt: skip
ADVICE = keyed({
    **HEADING, "sections": listed(keyed({"id": TEXT, "title": TEXT, "lines": listed(ADVISED)})),
    "premedication": PREMEDICATION, "transplant": COUNTDOWN, "reproductive": listed(shared("window")),
    "handover": HANDOVER,
})  # fmt: skip


def shapes() -> dict[str, Json]:
    """Every schema of this kind by the name of its command."""
    edition: dict[str, Json] = {"edition": TEXT}
    clocks = keyed({
        **edition, "zone": TEXT, "valid": FLAG, "says": TEXT, "dilute_by": MOMENT, "out_of_fridge_by": maybe(MOMENT),
        "latest_start": maybe(MOMENT), "latest_end": maybe(MOMENT), "held": maybe(TEXT), "infusion_minutes": WHOLE,
        "observe_minutes": WHOLE, "chair_minutes": WHOLE, "limits": listed(LIMIT), "asks": listed(TEXT),
        "diluent": maybe(keyed({"given": TEXT, "valid": FLAG, "allowed": TEXT})), "resumed": maybe(RESUMED),
    })  # fmt: skip
    storage = keyed({
        **edition, "low_c": DECIMAL, "high_c": DECIMAL, "verdict": maybe(one_of("use", "ask", "discard")),
        "says": maybe(TEXT), "cites": shared("cites"), "steps": listed(LINE),
    })  # fmt: skip
    term = keyed({
        "id": TEXT, "name": TEXT, "why": maybe(TEXT), "claims": listed(TEXT),
        "figures": listed(FIGURE),
    })  # fmt: skip
    index = listed(keyed({"id": TEXT, "name": TEXT, "also": listed(TEXT), "figures": WHOLE}))
    figures: Json = {"anyOf": [term, index]}
    return {"advice": ADVICE, "clocks": clocks, "storage": storage, "reactions": figures, "efficacy": figures}
