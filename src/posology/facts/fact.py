"""One fact at a decision point: its value with its evidence, or the word for why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from posology.language import Value
from posology.quickly import quickly

ABSENCE = ("missing", "stale", "implausible", "wrong_unit", "conflicting", "not_asked", "not_applicable")


@dataclass(frozen=True, slots=True)
class Fact:
    """A value with its evidence (`when`, `origin`: the resource, `reported`: as it was written), or `why` there is none.

    `stale` keeps a value that is too old to reassure: it may still prove a danger. `ask` replaces the dictionary's
    request where the course knows better what to ask for.
    """

    value: Value | None = None
    why: str | None = None
    when: datetime | None = None
    origin: str = ""
    reported: str = ""
    stale: Value | None = None
    ask: str = ""


fact_of = quickly(Fact)
MISSING = Fact(why="missing")
NOT_ASKED = Fact(why="not_asked")
NOT_APPLICABLE = Fact(why="not_applicable")
