"""Coded, boolean and fixed values as the words of an observable. Matched on code, never on text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from posology.fhir.intake import OWN, Codes, Json
from posology.record import Value

if TYPE_CHECKING:
    from posology.knowledge import CodeRow, Observable

YES_NO = {"true": True, "false": False}


def fixed(row: CodeRow) -> Value | None:
    """What the code itself says, where it says something: C91.02 is a relapse, K76.5 is confirmed disease."""
    return YES_NO.get(row.value, row.value) if row.value else None


def said(codes: Codes, row: CodeRow, observable: Observable, spoken: Iterable[tuple[str | None, str]]) -> list[Value]:
    """Every word of this observable that the spoken (system, code) pairs say, each once; more than one contradict."""
    found = (_word(codes, row, observable, system, code) for system, code in spoken)
    return list(dict.fromkeys(one for one in found if one is not None))


def _word(codes: Codes, row: CodeRow, observable: Observable, system: str | None, code: str) -> Value | None:
    ours = system is None or system == OWN
    if ours and observable.kind == "word":
        word = code.lower().replace("-", "_")
        return word if word in observable.words else None
    if ours:
        spoken = code.lower()
        of_this_code = codes.get((OWN, f"{row.code}={spoken}"), ())
        for one in of_this_code:
            if one.observable == observable.name:
                return YES_NO.get(one.value)
        return _yes_no(codes.get((OWN, spoken), ()), observable)
    return _yes_no(codes.get((str(system), code), ()), observable)


def _yes_no(rows: tuple[CodeRow, ...], observable: Observable) -> Value | None:
    for row in rows:
        if row.observable == observable.name or (row.observable == "yes_no" and observable.kind == "yes_no"):
            value = fixed(row)
            return value if isinstance(value, bool) or value in observable.words else None
    return None


def spoken_in(concept: Json) -> Iterator[tuple[str | None, str]]:
    """(system, code) of every coding of a CodeableConcept."""
    for coding in concept.get("coding") or ():
        code = coding.get("code")
        if type(code) is str:
            yield coding.get("system"), code


def spoken_value(resource: Json) -> Iterator[tuple[str | None, str]]:
    """(system, code) of every coding of the resource's value; a boolean speaks as `true` or `false`."""
    if "valueCodeableConcept" in resource:
        yield from spoken_in(resource["valueCodeableConcept"])
    if type(resource.get("valueBoolean")) is bool:
        yield None, "true" if resource["valueBoolean"] else "false"


def implied(codes: Codes, row: CodeRow, value: bool) -> Iterator[tuple[str, Value]]:
    """Other observables that a yes or no under this code settles too (a signed "never" is also that day's look)."""
    for one in codes.get((OWN, f"{row.code}={'yes' if value else 'no'}"), ()):
        settled = fixed(one)
        if one.observable != row.observable and settled is not None:
            yield one.observable, settled
