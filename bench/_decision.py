"""One decision point: our verdict with its reasons against the generated function that gives none."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from _interleaved import Pair, in_turn
from _plain import generated

from posology import stories
from posology.course import fold
from posology.decide import decide_facts
from posology.facts import gather, values
from posology.fhir import load_bundle
from posology.knowledge import Edition, codes, load_edition, observables
from posology.language import Facts, Value


def gathered(name: str) -> tuple[Edition, Facts, dict[str, Value]]:
    """The edition, the facts and the stale values of one story at its moment of decision."""
    tale = stories.tale(name)
    zone, edition = ZoneInfo(tale.zone), load_edition(tale.edition)
    record = load_bundle(stories.bundle(name), observables=observables(), codes=codes(), zone=zone)
    facts = gather(record, fold(record, edition.regimen, tale.at, zone), edition, tale.at, zone)
    return edition, values(facts), {name: fact.stale for name, fact in facts.items() if fact.stale is not None}


def measured(name: str, samples: int, calls: int) -> Pair:
    """Both on the facts of one story. Raises AssertionError where they disagree: then no time means anything."""
    edition, known, stale = gathered(name)
    plain = generated(edition.tables)
    decision = decide_facts(edition.tables, known, stale)
    assert plain(known, stale) == (decision.verdict, decision.could_be), name
    return in_turn(lambda: decide_facts(edition.tables, known, stale), lambda: plain(known, stale), samples, calls)
