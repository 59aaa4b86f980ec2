"""What a written order says it is: the products of its codes, and the names that people read beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from posology.fhir import unplaced
from posology.fhir.intake import Intake, Json, rows_of

if TYPE_CHECKING:
    from posology.knowledge.orders import Orders

STRANGER, UNCODED = "another product", "no code"
DRUG = "drug"
QUIET = frozenset({STRANGER, UNCODED})
"""What an ingredient that does nothing, such as a diluent, need not settle."""

DEEPEST = 2
"""An ingredient that is itself made of ingredients is followed no further."""


class Part(NamedTuple):
    """One concept of the medication, and what it is not asked to settle: a diluent needs no code that is known here."""

    concept: Json
    ignored: frozenset[str] = frozenset()


def products(intake: Intake, resource: Json, asked: Orders) -> tuple[str, ...]:
    """What the medication is by its codes, each product once; a look-alike in its words counts as one.

    Beside the drug itself every other medicine in the words does, and a part that nothing codes.
    """
    coded: list[str] = []
    told: list[str] = []
    for concept, ignored in parts(intake, resource):
        found = [name for name in _of(intake, concept) if name not in ignored]
        coded += found or [UNCODED] * (UNCODED not in ignored and bool(concept) and not _known(intake, concept))
        told += spoken(intake, words(concept), asked)
    names = [*coded, *told]
    if DRUG not in names:
        names = [name for name in names if name in asked.look_alikes or (name in coded and name != UNCODED)]
    return tuple(dict.fromkeys(names)) or (UNCODED,)


def _of(intake: Intake, concept: Json) -> list[str]:
    """The products of the codes of one concept."""
    telling = unplaced.telling(intake)
    rows = [row for row in rows_of(intake.codes, concept, every=True) if row.system in telling]
    names = [DRUG] * any(row.observable == DRUG for row in rows)
    names += sorted({row.value for row in rows if row.observable == "medicine"})
    known = {(row.system, row.code) for row in rows}
    coded = [(one.get("system"), one.get("code")) for one in concept.get("coding") or ()]
    return names + [STRANGER] * any(one[0] in telling and one[1] and one not in known for one in coded)


def _known(intake: Intake, concept: Json) -> bool:
    """Does a code say what it is, whether or not it is a medicine that has a name here?"""
    return any(row.system in unplaced.telling(intake) for row in rows_of(intake.codes, concept, every=True))


def spoken(intake: Intake, text: str, asked: Orders) -> Iterator[str]:
    """Other medicines that a text names. Text never makes a drug; here it can only raise an alarm."""
    from posology.knowledge.phrases import named

    for name, alike in asked.look_alikes.items():
        if named([f"{word}*" for word in alike], text):
            yield name
    others = {
        row.value.replace("_", " ") for known in intake.codes.values() for row in known if row.observable == "medicine"
    }
    for name in named(sorted({*others, *asked.words["medicines"]}), text):
        yield name.lower().replace(" ", "_")


def parts(intake: Intake, resource: Json) -> Iterator[Part]:
    """Every concept that names the medication; one that is referred to and not there says nothing that can be read."""
    if "medicationCodeableConcept" in resource:
        yield Part(resource["medicationCodeableConcept"])
    if "medicationReference" in resource:
        yield from _referred(intake, resource, resource["medicationReference"] or {}, frozenset(), 0)


def _referred(intake: Intake, resource: Json, link: Json, ignored: frozenset[str], depth: int) -> Iterator[Part]:
    medication = intake.find(link.get("reference"), resource) if depth < DEEPEST else None
    if medication is None:
        yield Part({"text": str(link.get("display") or link.get("reference") or "")}, ignored)
        return
    ingredients = medication.get("ingredient") or ()
    if medication.get("code"):
        yield Part(medication["code"], ignored | {UNCODED} if ingredients else ignored)
    for one in ingredients:
        still = QUIET if one.get("isActive") is False else ignored
        if "itemReference" in one:
            yield from _referred(intake, resource, one["itemReference"] or {}, still, depth + 1)
        else:
            yield Part(one.get("itemCodeableConcept") or {}, still)


def words(concept: Json) -> str:
    """Text and displays of a concept, as a person reads them."""
    texts = [concept.get("text"), *(one.get("display") for one in concept.get("coding") or ())]
    return "; ".join(str(text) for text in texts if text)
