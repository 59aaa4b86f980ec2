"""JSON Schemas (draft 2020-12) of every `--json`, built from one description of the shapes. Validates nothing itself."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from posology.facts import ABSENCE
from posology.knowledge import SCALE
from posology.knowledge.criteria import panels
from posology.knowledge.files import toml
from posology.say.panels.medicines import ECG
from posology.say.schemas import schema_care, schema_certificate, schema_chair, schema_orders
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

VERDICT = one_of(*SCALE, "ask")
COULD_BE = one_of(*SCALE)
ACTION = one_of(*SCALE, "ask", "undetermined")
SEEN = one_of("verbatim", "secondary", "recalled", "ours")
CITES = keyed({"source": TEXT, "section": TEXT, "row": maybe(TEXT)})
EVIDENCE = keyed({
    "fact": TEXT, "value": {"type": ["string", "boolean", "null"]}, "unit": maybe(TEXT), "when": maybe(MOMENT),
    "from": maybe(TEXT), "reported": maybe(TEXT), "stale": FLAG,
})  # fmt: skip
FINDING = keyed({
    "row": TEXT, "state": one_of("holds", "open"), "then": ACTION, "cites": shared("cites"), "seen": SEEN,
    "confidence": TEXT, "states": TEXT, "reading": maybe(TEXT), "because": listed(shared("evidence")),
    "would_change": listed(TEXT),
})  # fmt: skip
MISSING = keyed({"fact": TEXT, "why": one_of(*ABSENCE), "ask": TEXT})
REPLY = keyed({
    "action": ACTION, "could_be": COULD_BE, "findings": listed(shared("finding")), "missing": listed(shared("missing")),
})  # fmt: skip
DOSE = keyed({
    "mg_per_m2": DECIMAL, "level": TEXT, "bsa_m2": DECIMAL, "bsa_formula": TEXT, "bsa_spread_m2": listed(DECIMAL),
    "weight_kg": DECIMAL, "weight_on": maybe(DATE), "height_cm": DECIMAL, "exact_mg": DECIMAL, "rounded_mg": DECIMAL,
    "rounding": keyed({"policy": TEXT, "percent": DECIMAL}), "vials": WHOLE, "volume_ml": DECIMAL, "wasted_mg": DECIMAL,
    "path": maybe(one_of("bag", "syringe")), "concentration_mg_per_ml": maybe(DECIMAL), "final_volume_ml": DECIMAL,
    "alert": maybe(TEXT), "cites": shared("cites"),
})  # fmt: skip
DUE = keyed({
    "id": TEXT, "what": TEXT, "why": maybe(TEXT), "phase": one_of("before", "after", "follow_up"), "by": DATE,
    "state": one_of("done", "due", "overdue", "upcoming"), "because": TEXT, "missing": listed(TEXT),
    "since_days": maybe(WHOLE), "day": maybe(WHOLE), "until": maybe(DATE), "panel": maybe(TEXT),
    "basis": one_of("label", "practice", "policy"), "cites": shared("cites"), "seen": SEEN, "confidence": TEXT,
})  # fmt: skip
WINDOW = keyed({
    "id": TEXT, "what": TEXT, "until": DATE, "over": FLAG, "because": TEXT, "says": TEXT, "cites": shared("cites"),
    "seen": SEEN, "confidence": TEXT,
})  # fmt: skip
WARNING = keyed({"code": TEXT, "text": TEXT, "resource": maybe(TEXT)})
VISIT = keyed({
    "cycle": WHOLE, "dose": WHOLE, "day": WHOLE, "planned_on": DATE, "window": listed(maybe(DATE)), "state": TEXT,
    "mg_per_m2": maybe(DECIMAL), "mg_per_m2_in_remission": maybe(DECIMAL), "mg_per_m2_without_remission": maybe(DECIMAL),
    "level": TEXT,
})  # fmt: skip
SAID = {"cites": shared("cites"), "seen": SEEN, "confidence": TEXT, "states": TEXT, "reading": maybe(TEXT)}
STANDING_STATE = one_of("met", "could_be_met", "not_met", "not_applicable")
GROUNDS = {"because": listed(shared("evidence")), "missing": listed(shared("missing"))}
ITEM = keyed({"id": TEXT, "title": TEXT, "state": one_of("holds", "open", "fails"), **GROUNDS, **SAID})
RISK = keyed({"id": TEXT, "title": TEXT, "state": one_of("present", "unknown", "absent"), **GROUNDS, **SAID})
STANDING = keyed({
    "set": TEXT, "title": TEXT, "state": STANDING_STATE, "pattern": FLAG, "onset": maybe(one_of("classical", "late")),
    "holds": WHOLE, "short": maybe(WHOLE), "items": listed(shared("item")), "missing": listed(shared("missing")),
    "decides": listed(TEXT), "met_on": maybe(DATE), "could_be": maybe(COULD_BE),
    "outside": listed(shared("evidence")), **SAID,
})  # fmt: skip
PLACED = keyed({
    "id": TEXT, "title": TEXT, "at_least": maybe(TEXT), "could_be": maybe(TEXT), "starred": FLAG, **GROUNDS, **SAID,
})  # fmt: skip
GRADED = keyed({
    "scale": TEXT, "title": TEXT, "applies": maybe(FLAG), "grade": maybe(TEXT), "at_least": maybe(TEXT),
    "could_be": maybe(TEXT), "lifted": maybe(FLAG), "outright": maybe(FLAG), "criteria": listed(shared("placed")),
    "starred_met": listed(TEXT), **SAID,
})  # fmt: skip
FIGURE = keyed({
    "fact": TEXT, "means": TEXT, "value": {"type": ["string", "boolean", "null"]}, "unit": maybe(TEXT),
    "when": maybe(MOMENT), "why": maybe(one_of(*ABSENCE)),
})  # fmt: skip
GRADE = keyed({
    "version": TEXT, "state": one_of("graded", "range", "unknown", "no_figure"), "grade": maybe(WHOLE),
    "at_least": maybe(WHOLE), "at_most": maybe(WHOLE), "could_be": maybe(WHOLE), "stale": FLAG,
    "rests_on": listed(keyed({
        "if": maybe(TEXT), "at_least": WHOLE, "at_most": WHOLE, "states": TEXT, "reading": maybe(TEXT),
        "cites": shared("cites"), "seen": SEEN, "confidence": TEXT,
    })),
    "because": listed(shared("evidence")), "missing": listed(shared("missing")), "asks": listed(shared("missing")),
})  # fmt: skip
PARTS = {
    "item": ITEM, "risk": RISK, "standing": STANDING, "placed": PLACED, "graded": GRADED, "figure": FIGURE,
    "cites": CITES, "evidence": EVIDENCE, "finding": FINDING, "missing": MISSING, "reply": REPLY, "dose": DOSE, "due": DUE,
    "warning": WARNING, "visit": VISIT, "window": WINDOW,
    "grade": GRADE,
}  # fmt: skip

OUTLOOK = {
    "earliest": keyed({"date": maybe(DATE), "because": TEXT}),
    "due": listed(shared("due")),
    "reproductive": listed(shared("window")),
    "next": keyed({"if_given": TEXT, "if_not": TEXT}),
    "warnings": listed(shared("warning")),
}
POINT = {"cycle": maybe(WHOLE), "dose": maybe(WHOLE), "day": maybe(WHOLE), "planned_on": maybe(DATE),
         "earliest_on": maybe(DATE)}  # fmt: skip
RULE = {
    "id": TEXT, "question": TEXT, "states": TEXT, "reading": maybe(TEXT), "when": TEXT, "then": ACTION, "source": TEXT,
    "seen": SEEN, "confidence": TEXT, "settles": listed(TEXT),
}  # fmt: skip
FACT = {
    "id": TEXT, "means": TEXT, "kind": one_of("number", "yes_no", "word"), "unit": maybe(TEXT), "words": listed(TEXT),
    "picked": TEXT, "fresh_for": maybe(TEXT), "fresh_for_if_abnormal": maybe(TEXT), "ask": TEXT,
}  # fmt: skip
POLICY = {
    "id": TEXT, "says": {"type": "object", "additionalProperties": TEXT}, "reason": maybe(TEXT), "hard": FLAG,
    "settles": listed(TEXT),
}  # fmt: skip
PANEL = {
    "id": TEXT, "means": TEXT, "explains": TEXT, "tests": listed(TEXT), "leaves_out": TEXT, "source": TEXT, "seen": SEEN,
}  # fmt: skip
PUBLISHED = {
    "id": TEXT, "title": TEXT, "states": maybe(TEXT), "reading": maybe(TEXT), "when": maybe(TEXT), "of": listed(TEXT),
    "source": TEXT, "seen": SEEN,
}  # fmt: skip
SOURCE = {
    "id": TEXT, "title": TEXT, "kind": TEXT, "jurisdiction": TEXT, "edition": TEXT, "date": TEXT, "rank": WHOLE,
    "good_for": TEXT,
}  # fmt: skip
HASH = {"sha256": TEXT, "words": WHOLE}
VOICE = {
    "source": TEXT, "who": maybe(TEXT), "says": TEXT, "figure": TEXT, "where": TEXT, "seen": SEEN,
    "sentence": maybe(keyed(HASH)),
}  # fmt: skip
POINT_AT_ISSUE = {
    "id": TEXT, "point": TEXT, "text": TEXT, "says": listed(keyed(VOICE)),
    "ruling": keyed({"rules": listed(TEXT), "figure": TEXT, "reason": TEXT}), "harm": TEXT, "seen": SEEN,
    "confidence": TEXT, "touches": maybe(TEXT), "with_dose": FLAG, "settled_by": listed(TEXT),
}  # fmt: skip
REQUEST = {
    "id": TEXT, "says": TEXT, "from": listed(TEXT), "state": one_of("done", "partly", "later"), "waits_for": maybe(TEXT),
    "lacks": maybe(TEXT), "lives": listed(TEXT), "shown": listed(TEXT),
}  # fmt: skip
DOCUMENT = {
    "file": TEXT, "source": maybe(TEXT), "found": WHOLE, "of": WHOLE,
    "sentences": listed(keyed({"claim": TEXT, "figure": TEXT, "where": TEXT, "found": FLAG})),
}  # fmt: skip
SECTION = {
    "id": TEXT, "title": TEXT, "state": one_of("coded", "not coded", "out of scope"), "by": listed(TEXT), "why": maybe(TEXT),
    "seen": SEEN,
}  # fmt: skip
UNVERIFIED = {
    "kind": TEXT, "id": TEXT, "says": TEXT, "figure": maybe(TEXT), "source": TEXT, "section": TEXT, "row": maybe(TEXT),
    "seen": SEEN, "confidence": TEXT,
}  # fmt: skip
FOUND = {"kind": TEXT, "id": TEXT, "title": TEXT, "where": TEXT, "next": maybe(TEXT), "score": WHOLE}


def answers() -> Json:
    """The answer to every question."""
    return keyed({question: shared("reply") for question in toml("questions.toml")["order"]})


def _decide() -> Json:
    change = keyed({"fact": TEXT, "condition": TEXT, "verdict_then": VERDICT})
    return keyed({
        **HEADING, "decision_point": keyed(POINT), "verdict": VERDICT, "could_be": COULD_BE, "answers": answers(),
        "dose": maybe(shared("dose")), "not_releasable_estimate": maybe(shared("dose")), **OUTLOOK,
        "changes": listed(change), "disputed": listed(keyed({"claim": TEXT, "text": TEXT})),
    })  # fmt: skip


def _plan() -> Json:
    ahead = {"visits": listed(shared("visit")), "would_be_omitted": listed(TEXT)}
    return keyed({**HEADING, "verdict": VERDICT, "could_be": COULD_BE, **OUTLOOK, **ahead})


def _exposure() -> Json:
    person = dict.fromkeys(
        ("cl1_l_per_h", "cl2_l_per_h", "kdes_per_h", "v1_l", "q_l_per_h", "v2_l", "half_life_days"), DECIMAL
    )
    plain = ("auc_ng_h_per_ml", "cmax_ng_per_ml", "changed_auc_ng_h_per_ml", "changed_cmax_ng_per_ml")
    cycle = {"cycle": WHOLE, **dict.fromkeys(plain, DECIMAL), "changed_auc_percent": maybe(DECIMAL)}
    return keyed({
        "notice": TEXT, "model": TEXT, "population": TEXT, "reading": TEXT, "cites": shared("cites"), "seen": SEEN,
        "confidence": TEXT, "bsa_m2": DECIMAL, "parameters": keyed(person), "cycles": listed(keyed(cycle)),
    })  # fmt: skip


def _panel(name: str) -> Json:
    """One panel of published criteria: a key for each of its sets and scales."""
    panel = panels()[name]
    day = {"on": DATE, "states": keyed(dict.fromkeys(panel.sets, STANDING_STATE)), "turned": listed(TEXT)}
    return keyed({
        **HEADING, "panel": one_of(name), "title": TEXT, "state": STANDING_STATE, "could_be": maybe(COULD_BE),
        "sets": keyed(dict.fromkeys(panel.sets, shared("standing"))),
        "severity": keyed(dict.fromkeys(panel.scales, shared("graded"))), "timeline": listed(keyed(day)),
        "signals": listed(shared("item")), "figures": listed(shared("figure")), "risk_factors": listed(shared("risk")),
        "alerts": listed(shared("item")), "advice": listed(TEXT), "next": listed(shared("missing")),
        "warnings": listed(shared("warning")),
    })  # fmt: skip


BESIDE = {"version": TEXT, "knowledge": TEXT, "edition": TEXT, "zone": maybe(TEXT), "at": maybe(MOMENT),
          "patient": maybe(TEXT)}  # fmt: skip
"""What an answer beside the decision begins with; stated facts have no patient and no moment."""

MEDICINES = {
    "medicines": listed(keyed({
        "name": maybe(TEXT), "state": one_of("active", "recent", "unclear", "past"), "since": maybe(MOMENT),
        "last": maybe(MOMENT), "from": listed(TEXT),
    })),
    "qt_list": keyed({
        "name": TEXT, "recalled_on": DATE, "copy_of": maybe(DATE), "reading": TEXT, "cites": shared("cites"),
    }),
    "qt": listed(keyed({
        "name": TEXT, "state": TEXT, "category": TEXT, "says": TEXT, "note": maybe(TEXT), "confidence": maybe(TEXT),
        "as_of": maybe(DATE),
    })),
    "interactions": listed(keyed({
        "id": TEXT, "state": one_of("holds", "open", "ask"), "medicines": listed(TEXT), "concern": TEXT,
        "reading": maybe(TEXT), "ask": maybe(TEXT), "missing": listed(shared("missing")), "cites": shared("cites"),
        "seen": SEEN,
    })),
    "not_checked": listed(TEXT),
    "review": keyed({
        "state": one_of("signed", "outdated", "none"), "when": maybe(MOMENT), "from": maybe(TEXT),
        "recorded_since": listed(TEXT),
    }),
}  # fmt: skip


def _grade() -> Json:
    term = keyed({
        "term": TEXT, "means": TEXT, "group": TEXT, "for_the_dose": TEXT, "value": shared("evidence"), "part": FLAG,
        "grades": listed(shared("grade")),
    })  # fmt: skip
    clinical = keyed({
        "term": TEXT, "version": TEXT, "ask": TEXT, "grades": {"type": "object", "additionalProperties": TEXT},
        "recorded": maybe(TEXT), "cites": shared("cites"), "seen": SEEN,
    })  # fmt: skip
    return keyed({**BESIDE, "versions": listed(TEXT), "terms": listed(term), "clinical": listed(clinical)})


def _qt() -> Json:
    limit = keyed({
        "id": TEXT, "says": TEXT, "states": TEXT, "decides": FLAG, "state": one_of("met", "not met", "unknown", "no number"),
        "missing": listed(shared("missing")), "cites": shared("cites"), "seen": SEEN,
    })  # fmt: skip
    electrolyte = keyed({**EVIDENCE["properties"], "why": maybe(one_of(*ABSENCE)), "age_days": maybe(WHOLE)})
    return keyed({
        **BESIDE, "ecg": keyed({name: shared("evidence") for name in ECG}),
        "formulas": listed(keyed({"formula": TEXT, "ms": DECIMAL, "decides": FLAG})),
        "unnamed": maybe(keyed({"ms": maybe(DECIMAL), "when": maybe(MOMENT), "from": TEXT})), "limits": listed(limit),
        "grades": listed(shared("grade")), "electrolytes": listed(electrolyte),
        **MEDICINES,
    })  # fmt: skip


def _rows(*kinds: Mapping[str, Json]) -> Json:
    """A list of rows, all of one of these kinds."""
    lists = [listed(keyed(kind)) for kind in kinds]
    return lists[0] if len(lists) == 1 else {"anyOf": lists}


def schemas() -> dict[str, Json]:
    """Every schema by the name of its command."""
    summary = {"id": TEXT, "asks": TEXT, "rows": WHOLE}
    reading = {"id": TEXT, "reading": TEXT, "settles": listed(TEXT)}
    shown = _rows(summary, RULE, FACT, POLICY, reading, PANEL, PUBLISHED, SECTION, UNVERIFIED)
    return {
        "decide": _named("decide", _decide()),
        "plan": _named("plan", _plan()),
        "answer": _named("answer", {"anyOf": [shared("reply"), shared("standing"), shared("graded")]}),
        "explain": _named("explain", shared("reply")),
        "vod": _named("vod", _panel("vod")),
        "lysis": _named("lysis", _panel("tumour_lysis")),
        "stories": _named("stories", _rows({"name": TEXT, "title": TEXT, "at": MOMENT, "expect": VERDICT})),
        "label": _named("label", {"anyOf": [shown, schema_care.DIFFERENCE]}),
        "sources": _named("sources", {"anyOf": [_rows(SOURCE, POINT_AT_ISSUE, REQUEST, DOCUMENT), keyed(HASH)]}),
        "find": _named("find", _rows(FOUND)),
        "grade": _named("grade", _grade()),
        "qt": _named("qt", _qt()),
        "medicines": _named("medicines", keyed({**BESIDE, **MEDICINES})),
        "sql": _named("sql", keyed({"dialect": TEXT, "sql": TEXT})),
        "exposure": _named("exposure", _exposure()),
        **{
            name: _named(name, shape)
            for part in (schema_care, schema_orders, schema_chair)
            for name, shape in part.shapes().items()
        },
        "certificate": _named("certificate", schema_certificate.certificate(answers(), POINT)),
        "verify": _named("verify", {"anyOf": [schema_orders.verify(), schema_certificate.checked()]}),
    }


def _named(command: str, shape: Json) -> Json:
    """The shape under its own name, with the parts that it speaks of."""
    parts = _spoken_of(shape)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:posology:schema:{command}"}
    title = {"title": f"posology {command} --json"}
    return {**head, **title, **shape, **({"$defs": {name: PARTS[name] for name in sorted(parts)}} if parts else {})}


def _spoken_of(shape: Json) -> set[str]:
    """The shared parts that a shape refers to, and those that these refer to."""
    text = json.dumps(shape)
    named = {name for name in PARTS if f'"#/$defs/{name}"' in text}
    return named.union(*(_spoken_of(PARTS[name]) for name in named))


def written(schema: Json) -> str:
    """One schema as its file holds it."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write(folder: Path) -> None:
    """Write every schema as `<command>.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    for command, schema in schemas().items():
        (folder / f"{command}.json").write_text(written(schema), "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
