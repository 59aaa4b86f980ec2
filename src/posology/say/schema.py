"""JSON Schemas (draft 2020-12) of every `--json`, built from one description of the shapes. Validates nothing itself."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from posology.facts import ABSENCE
from posology.knowledge import SCALE
from posology.knowledge.files import toml

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
FLAG: Json = {"type": "boolean"}
WHOLE: Json = {"type": "integer"}
DECIMAL: Json = {"type": "string", "pattern": "^-?[0-9]+([.][0-9]+)?$"}
DATE: Json = {"type": "string", "format": "date"}
MOMENT: Json = {"type": "string", "format": "date-time"}


def maybe(shape: Json) -> Json:
    """The shape, or null where it is not computable or does not apply."""
    if isinstance(shape.get("type"), str) and "enum" not in shape:
        return {**shape, "type": [shape["type"], "null"]}
    return {"anyOf": [shape, {"type": "null"}]}


def listed(shape: Json) -> Json:
    return {"type": "array", "items": shape}


def one_of(*words: str) -> Json:
    return {"type": "string", "enum": list(words)}


def keyed(keys: Mapping[str, Json]) -> Json:
    """An object with exactly these keys, every one of them present."""
    return {"type": "object", "additionalProperties": False, "required": list(keys), "properties": dict(keys)}


def shared(name: str) -> Json:
    return {"$ref": f"#/$defs/{name}"}


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
    "what": TEXT, "by": DATE, "state": one_of("done", "due", "overdue", "upcoming"), "because": TEXT,
    "cites": shared("cites"),
})  # fmt: skip
WARNING = keyed({"code": TEXT, "text": TEXT, "resource": maybe(TEXT)})
VISIT = keyed({
    "cycle": WHOLE, "dose": WHOLE, "day": WHOLE, "planned_on": DATE, "window": listed(maybe(DATE)), "state": TEXT,
    "mg_per_m2": maybe(DECIMAL), "mg_per_m2_in_remission": maybe(DECIMAL), "mg_per_m2_without_remission": maybe(DECIMAL),
    "level": TEXT,
})  # fmt: skip
PARTS = {
    "cites": CITES, "evidence": EVIDENCE, "finding": FINDING, "missing": MISSING, "reply": REPLY, "dose": DOSE, "due": DUE,
    "warning": WARNING, "visit": VISIT,
}  # fmt: skip

HEADING = {"version": TEXT, "knowledge": TEXT, "edition": TEXT, "zone": TEXT, "at": MOMENT, "patient": TEXT}
OUTLOOK = {
    "earliest": keyed({"date": maybe(DATE), "because": TEXT}),
    "due": listed(shared("due")),
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
    "confidence": TEXT,
}  # fmt: skip
FOUND = {"kind": TEXT, "id": TEXT, "title": TEXT, "where": TEXT, "next": maybe(TEXT), "score": WHOLE}


def _decide() -> Json:
    answers = keyed({question: shared("reply") for question in toml("questions.toml")["order"]})
    change = keyed({"fact": TEXT, "condition": TEXT, "verdict_then": VERDICT})
    return keyed({
        **HEADING, "decision_point": keyed(POINT), "verdict": VERDICT, "could_be": COULD_BE, "answers": answers,
        "dose": maybe(shared("dose")), "not_releasable_estimate": maybe(shared("dose")), **OUTLOOK,
        "changes": listed(change), "disputed": listed(keyed({"claim": TEXT, "text": TEXT})),
    })  # fmt: skip


def _plan() -> Json:
    ahead = {"visits": listed(shared("visit")), "would_be_omitted": listed(TEXT)}
    return keyed({**HEADING, "verdict": VERDICT, "could_be": COULD_BE, **OUTLOOK, **ahead})


def _rows(*kinds: Mapping[str, Json]) -> Json:
    """A list of rows, all of one of these kinds."""
    lists = [listed(keyed(kind)) for kind in kinds]
    return lists[0] if len(lists) == 1 else {"anyOf": lists}


def schemas() -> dict[str, Json]:
    """Every schema by the name of its command."""
    summary = {"id": TEXT, "asks": TEXT, "rows": WHOLE}
    reading = {"id": TEXT, "reading": TEXT, "settles": listed(TEXT)}
    return {
        "decide": _named("decide", _decide()),
        "plan": _named("plan", _plan()),
        "answer": _named("answer", shared("reply")),
        "explain": _named("explain", shared("reply")),
        "stories": _named("stories", _rows({"name": TEXT, "title": TEXT, "at": MOMENT, "expect": VERDICT})),
        "label": _named("label", _rows(summary, RULE, FACT, POLICY, reading, SECTION, UNVERIFIED)),
        "sources": _named("sources", {"anyOf": [_rows(SOURCE, POINT_AT_ISSUE, REQUEST, DOCUMENT), keyed(HASH)]}),
        "find": _named("find", _rows(FOUND)),
        "sql": _named("sql", keyed({"dialect": TEXT, "sql": TEXT})),
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
