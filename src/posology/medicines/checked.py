"""The medicines of a record beside our lists: QT category, what else matters, and whether a pharmacist signed. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from posology.facts import Fact, Gathered
from posology.knowledge.medicines import Interaction, QtDrug, QtList, When, interactions, qt_list
from posology.language import why
from posology.medicines.used import Used, used
from posology.record import Record

REVIEW = "medicines_reviewed"


@dataclass(frozen=True, slots=True)
class Concern:
    """One interaction that the record shows (`holds`), may show (`open`), or that only a person can say (`ask`)."""

    interaction: Interaction
    state: str
    names: tuple[str, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """The signed review of the list since the last dose: `signed`, `outdated` by medicines begun since, or `none`."""

    state: str
    fact: Fact
    since: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """What one record's medicines come to at one moment.

    `qt` has each medicine that the list knows or that we have no category for; `unlisted` are resources whose medicine no
    list of ours has: nobody checked them. An empty list says that none is recorded, never that none is taken.
    """

    at: datetime
    recent_days: int
    used: tuple[Used, ...]
    qt: tuple[tuple[Used, QtDrug | None], ...]
    concerns: tuple[Concern, ...]
    review: Review
    list: QtList

    @property
    def unlisted(self) -> tuple[Used, ...]:
        return tuple(one for one in self.used if one.name is None and one.now)


def checked(record: Record, facts: Gathered, at: datetime, recent_days: int) -> Checked:
    """Everything that our lists say of the medicines of this record."""
    found = used(record, at, recent_days)
    known = qt_list()
    listed = [one for one in found if one.name is not None and one.now]
    return Checked(
        at=at,
        recent_days=recent_days,
        used=found,
        qt=tuple((one, known.drugs.get(str(one.name))) for one in listed),
        concerns=tuple(_concerns(found, facts)),
        review=_review(found, facts[REVIEW]),
        list=known,
    )


def _concerns(found: Sequence[Used], facts: Gathered) -> Iterator[Concern]:
    for interaction in interactions():
        if interaction.ask:
            yield Concern(interaction, "ask", ())
            continue
        there = {str(one.name) for one in found if one.name is not None and (one.now or interaction.ever)}
        groups = [[name for name in names if name in there] for names in interaction.each]
        if any(len(group) < interaction.least for group in groups):
            continue
        state, missing = _state(interaction.when, facts)
        if state is not False:
            names = tuple(name for group in groups for name in group)
            yield Concern(interaction, "holds" if state else "open", names, missing)


def _state(when: When | None, facts: Gathered) -> tuple[bool | None, tuple[str, ...]]:
    if when is None:
        return True, ()
    reason = why(when.condition, {name: facts[name].value for name in when.facts})
    return reason.holds, reason.missing


def _review(found: Sequence[Used], fact: Fact) -> Review:
    """A medicine first recorded after the review was not in the list that was reviewed."""
    if fact.value is not True or fact.when is None:
        return Review("none", fact)
    newer = [one for one in found if one.now and (one.since is None or one.since > fact.when)]
    names = tuple(dict.fromkeys(one.name or one.origins[0] for one in newer))
    return Review("outdated" if names else "signed", fact, names)
