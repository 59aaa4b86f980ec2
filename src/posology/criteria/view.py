"""A whole panel at one moment: sets side by side, severity, timeline, signals, risk factors. It decides nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from posology.criteria.items import shown
from posology.criteria.replay import Film, film, signs, timeline
from posology.criteria.scales import graded
from posology.criteria.scene import Scene
from posology.criteria.sets import counts, judged
from posology.criteria.standing import Day, ItemState, Shown, Standing, State, View
from posology.facts import Missing
from posology.knowledge import Edition
from posology.knowledge.criteria import panels
from posology.knowledge.panel import Panel
from posology.record import Note, Record

ORDER: tuple[State, ...] = ("met", "could_be_met", "not_met", "not_applicable")


def view(name: str, record: Record, *, at: datetime, edition: Edition, zone: ZoneInfo) -> View:
    """The panel of this name for this record. Events after `at` are not seen. Raises KeyError for a panel there is not."""
    panel = panels()[name]
    tape = film(record, panel, edition, zone, at.astimezone(UTC))
    scene, days = tape.scene(at.astimezone(UTC)), timeline(tape)
    sets = tuple(_dated(judged(one, panel, tape.chart(at.astimezone(UTC))), days) for one in panel.sets.values())
    risks = tuple(shown(item, scene) for item in panel.risks.values())
    signed = signs(panel, scene)
    could_be = panel.could_be if signed and counts(panel, scene) else None
    state = min((one.state for one in sets), key=ORDER.index)
    return View(
        id=panel.id,
        title=panel.title,
        edition=edition.id,
        knowledge=edition.knowledge,
        at=at,
        zone=str(zone),
        patient=record.patient.id,
        state=state,
        could_be=could_be,
        sets=sets,
        severity=tuple(graded(scale, scene) for scale in panel.scales.values()),
        timeline=days,
        signals=tuple(shown(item, scene) for item in panel.signals.values()),
        figures=tuple(_figure(fact, scene) for fact in panel.shown),
        risk_factors=risks,
        alerts=tuple(shown(item, scene) for item in panel.alerts.values()),
        advice=tuple(_advice(panel, sets, could_be, bool(signed), risks)),
        next=_next(sets),
        warnings=_warnings(record, tape, at),
    )


def _dated(one: Standing, days: Sequence[Day]) -> Standing:
    return replace(one, met_on=next((day.on for day in days if day.states[one.id] == "met"), None))


def _figure(fact: str, scene: Scene) -> Shown:
    entry, found = scene.dictionary[fact], scene.facts[fact]
    when = found.when.astimezone(scene.zone) if found.when and scene.zone else None
    return Shown(fact, entry.means, found.value, entry.unit, when, found.why)


def _advice(
    panel: Panel, sets: Sequence[Standing], could_be: str | None, signed: bool, risks: Sequence[ItemState]
) -> Iterator[str]:
    """The sentences of the panel that this picture calls for."""
    states = {one.state for one in sets}
    called = {
        "met": "met" in states and (could_be is not None or panel.could_be is None),
        "sign": could_be is not None,
        "released": signed and could_be is None,
        "not_met": "not_met" in states,
        "not_applicable": "not_applicable" in states,
        "pattern": any(one.pattern for one in sets),
        "unknown_risk": any(risk.state == "open" for risk in risks),
        "left_out": True,
    }
    yield from (panel.texts[key] for key, wanted in called.items() if wanted and key in panel.texts)


def _next(sets: Sequence[Standing]) -> tuple[Missing, ...]:
    """What to find out, first what bears on most open sets; what would complete one by itself weighs double."""
    weight: Counter[str] = Counter()
    asked: dict[str, Missing] = {}
    for one in sets:
        alone = {lack.fact for item in one.items if item.id in one.decides for lack in item.missing}
        for lack in one.missing:
            asked.setdefault(lack.fact, lack)
            weight[lack.fact] += 2 if lack.fact in alone else 1
    return tuple(sorted(asked.values(), key=lambda lack: (-weight[lack.fact], list(asked).index(lack.fact))))


def _warnings(record: Record, tape: Film, at: datetime) -> tuple[Note, ...]:
    later = sum(reading.at > at for reading in record.readings) + sum(dose.start > at for dose in record.doses)
    notes = list(record.notes)
    if later:
        notes.append(Note("after_at", f"{later} events after the moment of decision were ignored"))
    recalled = [one.title for one in tape.panel.sets.values() if one.said.seen == "recalled"]
    if recalled:
        notes.append(Note("recalled", f"wording not verified, recalled only: {', '.join(recalled)}"))
    return tuple(notes)
