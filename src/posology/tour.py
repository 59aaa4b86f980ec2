"""The demo: a few example patients walked through in the terminal."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from posology import answer, fhir, stories
from posology.knowledge import codes, load_edition, observables
from posology.say import words
from posology.stories import Tale

THREE = ("first_dose", "gilbert", "missed_day_8")
RULE = "─" * words.WIDTH


def walked(names: list[str] | tuple[str, ...], colour: bool) -> str:
    """Each story: who, what was expected, what the answer is."""
    return "\n".join(_story(stories.tale(name), colour) for name in names)


def _story(tale: Tale, colour: bool) -> str:
    zone = ZoneInfo(tale.zone)
    record = fhir.load_bundle(stories.bundle(tale.name), observables=observables(), codes=codes(), zone=zone)
    found = answer.decide(record, at=tale.at, edition=load_edition(tale.edition), zone=zone)
    title = words.paint(tale.title, "1", colour)
    typed = f"posology decide examples/{tale.name}.json --at {tale.at:%Y-%m-%dT%H:%M}"
    return f"{RULE}\n{title}\n{tale.about}\n$ {typed}\n\n{words.decision(found, colour)}"
