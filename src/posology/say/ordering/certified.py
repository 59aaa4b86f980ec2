"""A certificate as canonical JSON and in words: sorted, decimals as text, sealed by the digest of everything else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from textwrap import wrap
from typing import Any

from posology.facts import Fact
from posology.knowledge import Edition
from posology.language import Value
from posology.say.ordering import verified
from posology.say.shape import POINT, Json, dose, reply, scalar
from posology.say.words import COLOURS, STOP, WIDTH, figures, paint, row, verdict_line
from posology.verify.certificate import Certificate

FORMAT = "posology-certificate-1"
SEAL = "seal"
DIGEST = "sha256:"
TAKEN = ("patient", "at", "by", "record", "decision_point", "facts", "measures", "orders")
"""What a certificate alone cannot show: the inputs, and the findings on written orders."""


def canonical(document: Any) -> bytes:
    """The one spelling of a JSON document: keys sorted, no spaces, UTF-8."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def seal(document: Json) -> str:
    """The digest of everything in a certificate but its seal."""
    return DIGEST + hashlib.sha256(canonical({key: part for key, part in document.items() if key != SEAL})).hexdigest()


def written(document: Json) -> str:
    """A certificate as its file holds it."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, indent=2) + "\n"


def document(one: Certificate, edition: Edition) -> Json:
    """The certificate as JSON, sealed."""
    found: Json = {
        "format": FORMAT,
        "version": one.version,
        "knowledge": one.knowledge,
        "edition": one.edition,
        "zone": one.zone,
        "at": one.at.isoformat(),
        "patient": one.patient,
        "by": one.by,
        "record": one.record,
        "decision_point": {name: scalar(getattr(one.point, name)) for name in POINT},
        "facts": [_fact(name, fact, edition, one) for name, fact in sorted(one.facts.items())],
        "measures": _measures(one),
        "verdict": one.verdict,
        "could_be": one.could_be,
        "answers": {item.question: reply(item) for item in one.answers},
        "dose": dose(one.dose),
        "order_id": one.order_id,
        "orders": [
            {"id": order.order.id, "status": order.order.status,
             "findings": [verified.finding(part) for part in order.findings]}
            for order in one.orders
        ],
    }  # fmt: skip
    return {**found, SEAL: seal(found)}


def exact(value: Value | None) -> Any:
    """A value with every digit it came with: an input must not lose one."""
    return f"{value:f}" if isinstance(value, Decimal) else value


def _fact(name: str, fact: Fact, edition: Edition, one: Certificate) -> Json:
    return {
        "fact": name,
        "value": exact(fact.value),
        "stale": exact(fact.stale),
        "unit": edition.facts[name].unit,
        "why": fact.why,
        "when": _local(fact.when, one),
        "from": fact.origin or None,
        "reported": fact.reported or None,
        "ask": fact.ask or None,
    }


def _local(when: datetime | None, one: Certificate) -> str | None:
    return when.astimezone(one.at.tzinfo).isoformat() if when else None


def _measures(one: Certificate) -> Json | None:
    if one.size is None:
        return None
    size = one.size
    return {"weight_kg": exact(size.weight_kg), "height_cm": exact(size.height_cm), "weight_on": scalar(size.weight_on),
            "bsa_formula": size.bsa_formula}  # fmt: skip


def words(one: Certificate, sealed: Json, colour: bool = False) -> str:
    """The certificate for a person; its JSON is what can be checked."""
    return "\n".join(_words(one, sealed, colour)) + "\n"


def _words(one: Certificate, sealed: Json, colour: bool) -> Iterator[str]:
    place = f"cycle {one.point.cycle}, dose {one.point.dose}" if one.point.cycle else "treatment not yet recorded"
    yield f"CERTIFICATE · {one.patient} · {place} · {one.at:%Y-%m-%d %H:%M} {one.zone} · edition {one.edition.upper()}"
    yield verdict_line(one.verdict, one.could_be, colour)
    yield from figures(one.dose) if one.dose else ("No dose.",)
    yield f"asked for by {one.by or 'nobody named'}; order {one.order_id or 'none'}"
    yield ""
    yield "Rule rows"
    for item in one.answers:
        for found in item.findings:
            yield from row(item, found, colour)
    yield ""
    known = sum(fact.value is not None for fact in one.facts.values())
    yield f"{len(one.facts)} facts, {known} of them known"
    for order in one.orders:
        yield f"{order.order.id}: {', '.join(part.id for part in order.findings) or 'nothing differs'}"
    yield from (line for text in verified.overridden(one.orders) for line in wrap(f"OVERRIDDEN  {text}", WIDTH))
    for name in ("knowledge", "version", "record", SEAL):
        yield from wrap(f"{name:10}{sealed[name]}", WIDTH, subsequent_indent=" " * 10)
    yield "Keep it with --json; check it anywhere with posology verify --certificate FILE. Check against the current label."


def checked(said: Json, derived: Json, differ: list[str], derived_from: list[str]) -> Json:
    """`verify --certificate --json`."""
    return {
        "identical": not differ,
        "taken_as_said": [] if "bundle" in derived_from else list(TAKEN),
        "derived_from": derived_from,
        "compared": sum(len(part) if isinstance(part, (list, dict)) else 1 for part in said.values()),
        **{name: {"certificate": said[name], "here": derived[name]} for name in ("version", "knowledge")},
        "differences": differ,
    }


def check_words(said: Json, seen: Json, colour: bool) -> str:
    """What the check found, for a person."""
    return "\n".join(_check_words(said, seen, colour)) + "\n"


def _check_words(said: Json, seen: Json, colour: bool) -> Iterator[str]:
    yield f"CERTIFICATE · {said['patient']} · {said['at']} · order {said['order_id'] or 'none'}"
    for name in ("version", "knowledge"):
        if seen[name]["certificate"] != seen[name]["here"]:
            yield f"OTHER {name.upper()}: made by {seen[name]['certificate']}, derived again by {seen[name]['here']}"
    basis = " and from ".join(f"the {one}" for one in seen["derived_from"])
    if seen["identical"]:
        yield f"{paint('IDENTICAL', COLOURS['give'], colour)}: derived again from {basis}, all that follows is as it says."
    else:
        yield f"{paint('DIFFERS', STOP, colour)}: derived again from {basis}, {len(seen['differences'])} place(s) differ."
    yield from (f"  {line}" for line in seen["differences"])
    if seen["taken_as_said"]:
        taken = ", ".join(one.replace("_", " ") for one in seen["taken_as_said"])
        yield from wrap(f"Taken as it says and not derived: {taken}. --bundle BUNDLE holds them against the record.",
                        WIDTH, subsequent_indent="  ")  # fmt: skip
    yield verdict_line(said["verdict"], said["could_be"], colour) + "   (as the certificate says)"
