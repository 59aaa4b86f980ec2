"""The plan in plain words for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from posology.answer import Report
from posology.plan import Visit
from posology.say.words import verdict_line
from posology.units import normalise


def plan(answer: Report, colour: bool = False) -> str:
    """The course ahead."""
    return "\n".join(_plan(answer, colour)) + "\n"


def _plan(answer: Report, colour: bool) -> Iterator[str]:
    yield f"{answer.patient} · {answer.at:%Y-%m-%d} {answer.zone} · edition {answer.edition.upper()}"
    yield verdict_line(answer.verdict, answer.could_be, colour)
    yield f"Earliest safe date: {answer.earliest.date or 'none'} ({answer.earliest.because})"
    yield ""
    yield "Cycle  Dose  Day  Planned     Window                  mg/m²"
    for visit in answer.visits:
        until = f" to {visit.to_on}" if visit.to_on else " or later"
        yield (
            f"{visit.cycle:>5}  {visit.dose:>4}  {visit.day:>3}  {visit.planned_on}  {visit.from_on}{until:<14}"
            f"  {amount(visit)}{'' if visit.state == 'planned' else f'  ({visit.state})'}"
        )
    for line in answer.omitted:
        yield f"Omitted: {line}"
    yield ""
    for item in answer.due:
        yield f"  {item.state:9} {item.by}  {item.what}  [{item.cites.source} {item.cites.section}]"


def amount(visit: Visit) -> str:
    """mg/m² where settled, otherwise both branches."""
    if visit.mg_per_m2 is not None:
        return normalise(visit.mg_per_m2)
    if visit.in_remission is None or visit.without_remission is None:
        return "not determined"
    return f"{normalise(visit.in_remission)} in CR/CRi, {normalise(visit.without_remission)} without"
