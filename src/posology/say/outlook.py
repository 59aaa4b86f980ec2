"""The plan in plain words for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from posology.answer import Report
from posology.plan import Due, Visit
from posology.say.words import WIDTH, source, verdict_line
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
    for phase, title in PHASES.items():
        items = [item for item in answer.due if item.phase == phase]
        if items:
            yield f"\n{title}"
        for item in items:
            yield from monitored(item)
    if answer.reproductive:
        yield "\nAfter the last dose"
    for window in answer.reproductive:
        over = "over since" if window.over else "until"
        yield f"  {window.what}: {over} {window.until}  [{source(window.cites)}]"
        yield from _hung(HANGING, window.because)


PHASES = {"before": "Before the dose", "after": "After a dose", "follow_up": "Follow-up"}


def monitored(item: Due) -> Iterator[str]:
    """One item of monitoring: its state, by when, what, whose word it is; and why, where it is open."""
    yield from _hung(f"  {item.state:9} {item.by}  ", f"{item.what}  [{item.basis}: {source(item.cites)}]")
    if item.state != "done":
        yield from _hung(HANGING, item.because + (f". {item.why}" if item.why else ""))


HANGING = " " * len("  overdue   2026-03-02  ")


def _hung(head: str, text: str) -> list[str]:
    """Text that hangs from its head, at the width of a page."""
    return wrap(text, WIDTH, initial_indent=head, subsequent_indent=HANGING)


def amount(visit: Visit) -> str:
    """mg/m² where settled, otherwise both branches."""
    if visit.mg_per_m2 is not None:
        return normalise(visit.mg_per_m2)
    if visit.in_remission is None or visit.without_remission is None:
        return "not determined"
    return f"{normalise(visit.in_remission)} in CR/CRi, {normalise(visit.without_remission)} without"
