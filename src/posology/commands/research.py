"""What is asked for research, away from any patient's decision: the exposure preview."""

from __future__ import annotations

import re
from argparse import Namespace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from posology.commands.settings import Refused, Settle, Text

if TYPE_CHECKING:
    from posology.exposure import Scenario
    from posology.knowledge import Regimen

PLACE = re.compile(r"(?P<cycle>\d{1,2})\.(?P<dose>\d)(?:=(?P<days>\d{1,3}))?")
COVARIATES = {"bsa": "bsa_m2", "blasts": "blasts_percent", "lean": "lean_kg", "age": "age_years"}


def exposure(arguments: Namespace, settle_: Settle, colour: bool) -> Text:
    from posology.exposure import SolverMissing, preview
    from posology.say.panels import exposed

    edition = settle_(arguments).edition
    changed = _scenario(arguments, edition.regimen)
    given = {long: _number(short, getattr(arguments, short)) for short, long in COVARIATES.items()}
    known = {name: value for name, value in given.items() if value is not None}
    try:
        view = preview(arguments.model, known, changed, edition)
    except (ValueError, SolverMissing) as error:
        raise Refused(str(error)) from None
    return (exposed.written(view) if arguments.json else exposed.words(view)), False


def _scenario(arguments: Namespace, regimen: Regimen) -> Scenario:
    from posology.exposure import Scenario

    cycles = arguments.cycles or regimen.max_cycles
    if not 1 <= cycles <= regimen.max_cycles:
        raise Refused(f"--cycles {cycles}: the label knows 1 to {regimen.max_cycles}")
    late = [(place, int(days or 0)) for place, days in _places(arguments.late, "late", regimen, cycles)]
    omitted = [place for place, _ in _places(arguments.omit, "omit", regimen, cycles)]
    return Scenario(cycles, arguments.remission, arguments.level, dict(late), frozenset(omitted))


def _places(texts: list[str], flag: str, regimen: Regimen, cycles: int) -> list[tuple[tuple[int, int], str | None]]:
    """The doses that a flag names. Raises Refused with the form to write."""
    form = "CYCLE.DOSE=DAYS, such as 1.2=7" if flag == "late" else "CYCLE.DOSE, such as 1.2"
    found = []
    for text in texts:
        said = PLACE.fullmatch(text)
        if said is None or (said["days"] is None) == (flag == "late"):
            raise Refused(f"--{flag} {text}: write {form}")
        place = int(said["cycle"]), int(said["dose"])
        if not (1 <= place[0] <= cycles and 1 <= place[1] <= len(regimen.days)):
            raise Refused(f"--{flag} {text}: there is no such dose in {cycles} cycles of {len(regimen.days)} doses")
        found.append((place, said["days"]))
    return found


def _number(flag: str, text: str | None) -> Decimal | None:
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation:
        raise Refused(f"--{flag} {text}: not a number; write one such as 1.84") from None
