"""Random records: ties, conflicts, faults, unsigned judgements, missing limits, times on the edge of every span."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from posology.knowledge import Edition, Observable, load_edition
from posology.record import Dose, Given, Order, Patient, Quality, Reading, Record

ZONES = tuple(ZoneInfo(name) for name in ("America/New_York", "Europe/Berlin", "Pacific/Auckland", "UTC"))
NOW = datetime(2026, 3, 29, 11, 0, tzinfo=UTC)
"""A day on which some clocks have just been put forward."""
BIRTHS = (None, date(1980, 2, 29), date(2024, 12, 1), date(2030, 1, 1))
SECOND = timedelta(seconds=1)
Dated = tuple[Record, datetime, ZoneInfo]


def record(seed: int, edition: Edition) -> Dated:
    """One record, the moment it is looked at, and the zone of its clinic."""
    choose = Random(seed)
    zone, at = choose.choice(ZONES), NOW + timedelta(days=choose.randint(-3, 3), seconds=choose.randint(-9000, 9000))
    doses = _doses(choose, at)
    anchors = [at, at, at, *(dose.start for dose in doses), *(dose.end for dose in doses)]
    edges = [fresh for pair in edition.policy.freshness.values() for fresh in (pair.normal, pair.abnormal)]
    readings = [
        reading
        for name, observable in edition.observables.items()
        if choose.random() < 0.8
        for reading in _readings(choose, observable, anchors, edges)
    ]
    patient = Patient(f"p{seed}", choose.choice(("female", "male", None)), choose.choice(BIRTHS))
    orders = choose.choice(((), (Order("o1", "active", "order", route=choose.choice((None, "intrathecal"))),)))
    ordered = tuple(sorted(_linked(choose, readings), key=lambda reading: reading.at))
    return Record(patient, ordered, tuple(doses), orders), at.astimezone(choose.choice((UTC, zone))), zone


def _doses(choose: Random, at: datetime) -> list[Dose]:
    start = at - timedelta(days=choose.choice((0, 1, 6, 8, 21, 28, 50, 90)))
    found = []
    for n in range(choose.choice((0, 0, 1, 2, 3, 4, 7, 10))):
        given = choose.choice((*[Given.GIVEN] * 8, Given.OMITTED, Given.DEFERRED, Given.UNKNOWN))
        reason = None if given is Given.GIVEN else choose.choice((None, "toxicity", "counts", "other"))
        found.append(Dose(f"d{n}", start, start + timedelta(hours=1), given, reason=reason))
        start += timedelta(days=choose.choice((7, 7, 7, 8, 14)))
    return found


def _readings(choose: Random, observable: Observable, anchors: list[datetime], edges: list[timedelta]) -> list[Reading]:
    found: list[Reading] = []
    for n in range(choose.randint(1, 4)):
        when = found[-1].at if found and choose.random() < 0.25 else _moment(choose, anchors, edges)
        same = found and found[-1].at == when and choose.random() < 0.4
        found.append(_reading(choose, observable, f"{observable.name}-{n}", when, found[-1].value if same else None))
    return found


FAULTS = tuple(quality for quality in Quality if quality is not Quality.OK)


def _moment(choose: Random, anchors: list[datetime], edges: list[timedelta]) -> datetime:
    """On an anchor, on a freshness edge before one, or a second beside; or any time at all."""
    anchor, beside = choose.choice(anchors), choose.choice((-SECOND, timedelta(0), timedelta(0), SECOND, SECOND / 4))
    kind = choose.randrange(4)
    if kind == 0:
        return anchor + beside
    if kind < 3:
        return anchor - choose.choice(edges) + beside
    return anchor - timedelta(seconds=choose.randint(-86400, 40 * 86400))


def _reading(choose: Random, observable: Observable, key: str, at: datetime, value: Any) -> Reading:
    quality = choose.choice(FAULTS) if choose.random() < 0.1 else Quality.OK
    if quality is Quality.BOUNDED and observable.kind != "number" and observable.adverse is None:
        quality = Quality.MISSING
    value = _value(choose, observable) if value is None else value
    value = value if quality in (Quality.OK, Quality.BOUNDED) else None
    low, high = _limits(choose, value)
    reported = f"{value} {choose.choice(UNITS)}" if observable.name in NEAR else "as written"
    return Reading(key, observable.name, at, value, low, high, quality, choose.random() < 0.85, reported)


NEAR = {"bilirubin": tuple(Decimal(text) for text in ("1.98", "1.987850327", "1.987850328", "1.99", "2", "2.01"))}
"""Where a number becomes a sign, depending on the unit it was reported in."""
UNITS = ("mg/dL", "umol/L", "mmol/L")


def _value(choose: Random, observable: Observable) -> Any:
    if observable.kind == "yes_no":
        return choose.random() < 0.5
    if observable.kind == "word":
        return choose.choice(observable.words)
    if observable.name in NEAR and choose.random() < 0.5:
        return choose.choice(NEAR[observable.name])
    if observable.name == "weight":
        return Decimal(choose.choice((70, 73, "73.5", "73.501", 80)))
    if observable.name == "second_dose_day":
        return Decimal(choose.choice((8, 15)))
    least, most = observable.plausible or (Decimal(0), Decimal(100))
    most = min(most, least + 200)
    if most - least <= 10:
        return Decimal(choose.randint(int(least), int(most))) if choose.random() < 0.5 else least + Decimal("0.125")
    places = choose.choice((0, 1, 3, 10))
    return least + (most - least) * Decimal(choose.randint(0, 10**places)) / 10**places


def _limits(choose: Random, value: Any) -> tuple[Decimal | None, Decimal | None]:
    around = value if isinstance(value, Decimal) else Decimal(10)
    sides = (None, around, around - Decimal("0.001"), around + Decimal("0.001"), around / 2)
    return choose.choice(sides), choose.choice(sides)


def _linked(choose: Random, readings: list[Reading]) -> list[Reading]:
    """Some judgements name the sample they judge, some take their moment from it."""
    samples = [reading for reading in readings if reading.observable in ("bilirubin", "qt")]
    beside = ("bilirubin_direct", "bilirubin_cause", "heart_rate")
    return [_joined(choose, one, samples) if samples and one.observable in beside else one for one in readings]


def _joined(choose: Random, reading: Reading, samples: list[Reading]) -> Reading:
    sample = choose.choice(samples)
    at = choose.choice((reading.at, sample.at, sample.at + timedelta(hours=5)))
    named = choose.choice((None, None, sample.id, "another-sample"))
    return replace(reading, at=at, sample=named)


@cache
def seeded(seed: int, size: int) -> list[Dated]:
    """`size` records, each with its own patient."""
    edition = load_edition("us")
    return [record(seed * 100_000 + n, edition) for n in range(size)]
