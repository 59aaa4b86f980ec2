"""A certificate read back from its file, strictly, and held against what is derived here. What is none is refused."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from posology.answer import DecisionPoint
from posology.answer.dosing import Measured
from posology.facts import ABSENCE, Fact
from posology.knowledge import Edition, FactEntry
from posology.language import Value
from posology.say.ordering.certified import FORMAT, SEAL, seal
from posology.say.schemas.conform import fault
from posology.say.schemas.schema import schemas
from posology.say.shape import Json
from posology.verify.certificate import Certificate

KEYS = ("fact", "row", "id", "question")
NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")
"""What a fact can be in a certificate: plain digits, and no more than a laboratory or a computation has."""


class BadCertificate(ValueError):
    """No certificate, or one that was changed: one line."""


def document(source: bytes) -> Json:
    """The certificate that a file holds, unchanged since it was sealed. Raises BadCertificate."""
    try:
        text = source.decode("utf-8")
        found = json.loads(text, parse_float=_no_float, parse_constant=_no_float, object_pairs_hook=_unrepeated)
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise BadCertificate("not a certificate: broken or cut off; take the file as it was written") from None
    except RecursionError:
        raise BadCertificate("not a certificate: nested too deeply") from None
    except BadCertificate:
        raise
    except ValueError:
        raise BadCertificate("not a certificate: a number has too many digits") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise BadCertificate(f"not a certificate of this kind: format is not {FORMAT}")
    wrong = fault(found, _published())
    if wrong:
        raise BadCertificate(f"not a certificate: {wrong}")
    if any(
        unicodedata.category(letter) in HIDDEN for _, text in _flat(found, "") if isinstance(text, str) for letter in text
    ):
        raise BadCertificate("not a certificate: marks that hide or turn the text stand in it")
    if found[SEAL] != seal(found):
        raise BadCertificate("changed since it was sealed: its seal does not fit its content; trust nothing in it")
    return found


@cache
def _published() -> Json:
    return schemas()["certificate"]


def _no_float(word: str) -> NoReturn:
    raise BadCertificate(f"not a certificate: {word[:10]} is no text; decimals are written as text")


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadCertificate("not a certificate: a key stands twice in one object")
    return found


def inputs(found: Json, edition: Edition) -> Certificate:
    """What the certificate says it was derived from, without what it concluded. Raises BadCertificate."""
    try:
        zone, point, size = ZoneInfo(found["zone"]), found["decision_point"], found["measures"]
        days = {name: point[name] and date.fromisoformat(point[name]) for name in ("planned_on", "earliest_on")}
        return Certificate(
            **{name: found[name] for name in ("version", "knowledge", "edition", "zone", "patient", "by", "record")},
            at=datetime.fromisoformat(found["at"]).astimezone(zone),
            point=DecisionPoint(**{**point, **days}),
            facts=_facts(found["facts"], edition),
            size=_size(size) if size else None,
            verdict="ask",
            could_be="ask",
            answers=(),
            dose=None,
            order_id=None,
            orders=(),
        )
    except (ValueError, InvalidOperation, OverflowError, OSError) as error:
        raise BadCertificate(f"not a certificate: {error}") from None


def _facts(listed: list[Json], edition: Edition) -> dict[str, Fact]:
    found: dict[str, Fact] = {}
    for one in listed:
        if one["fact"] in found:
            raise BadCertificate(f"not a certificate: the fact {one['fact']} stands twice")
        entry = edition.facts.get(one["fact"])
        if entry is not None:
            found[one["fact"]] = _fact(one, entry)
    return found


def _fact(one: Json, entry: FactEntry) -> Fact:
    if one["why"] is not None and one["why"] not in ABSENCE:
        raise BadCertificate(f"not a certificate: {entry.name} is absent for no known reason")
    return Fact(
        _value(one["value"], entry),
        one["why"],
        datetime.fromisoformat(one["when"]) if one["when"] else None,
        one["from"] or "",
        one["reported"] or "",
        _value(one["stale"], entry),
        one["ask"] or "",
    )


def _value(said: Any, entry: FactEntry) -> Value | None:
    """A value of the fact's kind; raises BadCertificate for any other."""
    if said is None or (entry.kind == "yes_no") == isinstance(said, bool):
        if entry.kind == "number" and said is not None:
            if not isinstance(said, str) or not NUMBER.fullmatch(said):
                raise BadCertificate(f"not a certificate: {entry.name} cannot be {said!r:.40}")
            return Decimal(said)
        if entry.kind != "word" or said is None or said in entry.words:
            return said  # type: ignore[no-any-return]
    raise BadCertificate(f"not a certificate: {entry.name} cannot be {said!r}")


def _size(found: Json) -> Measured:
    day = found["weight_on"]
    weight, height = Decimal(found["weight_kg"]), Decimal(found["height_cm"])
    return Measured(weight, height, date.fromisoformat(day) if day else None, found["bsa_formula"])


def differences(said: Json, derived: Json) -> list[str]:
    """Every place where the certificate and what is derived differ, a line each. The seal says nothing of its own."""
    one, other = dict(_flat(said, "")), dict(_flat(derived, ""))
    places = [place for place in dict.fromkeys([*one, *other]) if one.get(place, ABSENT) != other.get(place, ABSENT)]
    return [f"{place}: the certificate says {_shown(one, place)}, derived {_shown(other, place)}" for place in places
            if place != SEAL]  # fmt: skip


ABSENT = object()
HIDDEN = ("Cc", "Cf", "Zl", "Zp")


def _shown(found: Mapping[str, Any], place: str) -> str:
    return json.dumps(found[place], ensure_ascii=False) if place in found else "nothing"


def _flat(node: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Every value with its place; parts of a list by their name where they have one."""
    if isinstance(node, dict) and node:
        for key, part in node.items():
            yield from _flat(part, f"{place}.{key}" if place else key)
    elif isinstance(node, list) and node:
        for name, part in zip(_names(node), node, strict=True):
            yield from _flat(part, f"{place}[{name}]")
    else:
        yield place, node


def _names(parts: list[Any]) -> list[str]:
    for key in KEYS:
        names = [str(part[key]) for part in parts if isinstance(part, dict) and key in part]
        if len(set(names)) == len(parts):
            return names
    return [str(number) for number in range(len(parts))]
