"""Readings → the readings of the latest moment in each span a picker looks at. Settles no value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from posology.columns.names import text, words
from posology.knowledge import Edition, FactEntry, Pick

LATEST, BEFORE_TREATMENT, PRIOR_CYCLE = "latest", "before_treatment", "prior_cycle"
SINCE_DOSE, SINCE_ANTI_CD22, TODAY = "since_last_dose", "since_anti_cd22", "today"
SINCE_FIRST, SINCE_GIVEN = "since_first_dose", "since_a_dose"
AGES = ("hours_since", "days_since", "days_since_any", "days_since_all")
"""Pickers that look for the latest usable reading, wherever it stands: they need no span."""


def _latest(pick: Pick) -> str:
    return LATEST


def _reported(pick: Pick) -> str:
    return {None: LATEST, "first_dose": SINCE_FIRST, "last_dose": SINCE_GIVEN}[pick.since]


def _with_sample(pick: Pick) -> str:
    return f"with_{pick.same_as}"


def _baseline(pick: Pick) -> str:
    return f"{BEFORE_TREATMENT}_with_{pick.same_as}" if pick.same_as else BEFORE_TREATMENT


SPANS: Mapping[str, Callable[[Pick], str]] = {
    "latest_before": _latest,
    "upper_limit": _latest,
    "lower_limit": _latest,
    "baseline_upper_limit": _baseline,
    "reported": _reported,
    "baseline_before": _baseline,
    "prior_cycle_before": lambda pick: PRIOR_CYCLE,
    "since_last_dose": lambda pick: SINCE_DOSE,
    "since_anti_cd22": lambda pick: SINCE_ANTI_CD22,
    "given_today": lambda pick: TODAY,
    "same_sample": _with_sample,
    "same_sample_upper_limit": _with_sample,
    "signed_for_sample": lambda pick: f"judging_{pick.same_as}",
}
"""The span each picker looks at; those that look at everything, or for ages, need none."""


def steps(edition: Edition) -> list[tuple[str, str]]:
    """Named queries from `points` and `readings` to `newest`: the readings of the latest moment of each span."""
    picked = [fact for fact in edition.facts.values() if fact.pick.how in SPANS]
    return [
        ("seen", _seen(edition)),
        ("anti_cd22", _anti_cd22()),
        ("spans", "\nUNION ALL\n".join(_plain(picked))),
        ("newest_plain", _newest("spans")),
        ("samples", _samples(picked)),
        ("sample_spans", "\nUNION ALL\n".join(_of_samples(picked))),
        ("newest", f"SELECT * FROM newest_plain\nUNION ALL\n{_newest('sample_spans')}"),
    ]


def _seen(edition: Edition) -> str:
    """Nothing after the decision point; nothing unsigned that must be signed."""
    must = [name for name, observable in edition.observables.items() if observable.signed]
    return (
        "SELECT r.*, p.point, p.at AS now, p.on_date AS today, p.first_dose_at, p.last_dose_at, p.prior_day1_at\n"
        "FROM points AS p JOIN readings AS r ON r.patient = p.patient AND r.at <= p.at\n"
        f"WHERE r.signed OR r.observable NOT IN {words(must)}"
    )


AFTER_DOSE = "(s.last_dose_at IS NULL OR s.at > s.last_dose_at)"


def _anti_cd22() -> str:
    return """SELECT s.point, MAX(s.at) AS "at" FROM seen AS s
WHERE (s.observable = 'earlier_anti_cd22' AND s.flag) OR (s.observable = 'disease_status' AND s.word = 'first_line')
GROUP BY s.point"""


def _of(picked: Iterable[FactEntry], span: str) -> str:
    """The observables looked at in a span."""
    looked = {name for fact in picked if SPANS[fact.pick.how](fact.pick) == span for name in fact.pick.of}
    for fact in picked:
        looked |= {name for name, where in _beside(fact.pick) if where == span}
    return words(sorted(looked) or [""])


def _beside(pick: Pick) -> Iterable[tuple[str, str]]:
    """What else a picker looks at, and in which span: the sample it shares, the look that clears, the first review."""
    if pick.same_as:
        yield pick.same_as, BEFORE_TREATMENT if pick.how == "baseline_before" else LATEST
    if pick.cleared_by:
        yield from ((look, SPANS[pick.how](pick)) for look in pick.cleared_by)
    if pick.first:
        yield pick.first, LATEST


COLUMNS = (
    "s.point, s.observable, s.at, s.on_date, s.number, s.word, s.flag, s.low, s.high, s.quality, s.id, s.sample, s.reported"
)


def _plain(picked: list[FactEntry]) -> Iterable[str]:
    """Each span with the moment `until` which its values are aged to."""
    for span, until, within in (
        (LATEST, "s.now", "TRUE"),
        (BEFORE_TREATMENT, "COALESCE(s.first_dose_at, s.now)", "s.at <= COALESCE(s.first_dose_at, s.now)"),
        (PRIOR_CYCLE, "s.prior_day1_at", "s.at <= s.prior_day1_at"),
        (SINCE_DOSE, "s.now", AFTER_DOSE),
        (SINCE_FIRST, "s.now", "s.at > s.first_dose_at"),
        (SINCE_GIVEN, "s.now", "s.at > s.last_dose_at"),
        (TODAY, "s.now", "s.on_date = s.today"),
    ):
        chosen = f"SELECT {text(span)} AS span, {until} AS until, {COLUMNS} FROM seen AS s"
        yield f"{chosen}\nWHERE s.observable IN {_of(picked, span)} AND {within}"
    yield (
        f"SELECT {text(SINCE_ANTI_CD22)} AS span, s.now AS until, {COLUMNS} FROM seen AS s\n"
        "LEFT JOIN anti_cd22 AS a ON a.point = s.point\n"
        f"WHERE s.observable IN {_of(picked, SINCE_ANTI_CD22)} AND (a.at IS NULL OR s.at > a.at)"
    )


def _newest(source: str) -> str:
    """Of each span and observable, the readings of the latest moment: several may share it."""
    return (
        f"SELECT n.* FROM {source} AS n JOIN (\n"
        f'  SELECT point, span, observable, MAX("at") AS "at" FROM {source} GROUP BY point, span, observable\n'
        ") AS m ON m.point = n.point AND m.span = n.span AND m.observable = n.observable AND m.at = n.at"
    )


def _samples(picked: Iterable[FactEntry]) -> str:
    """The latest samples that other facts refer to, now and before treatment."""
    named = words(sorted({str(fact.pick.same_as) for fact in picked if fact.pick.same_as}) or [""])
    return (
        "SELECT DISTINCT n.point, n.span, n.observable, n.at, n.until, n.on_date FROM newest_plain AS n\n"
        f"WHERE n.span IN {words((LATEST, BEFORE_TREATMENT))} AND n.observable IN {named}"
    )


def _of_samples(picked: list[FactEntry]) -> Iterable[str]:
    """Readings taken with a sample, and signed judgements about one."""
    for span, pick in {SPANS[fact.pick.how](fact.pick): fact.pick for fact in picked if fact.pick.same_as}.items():
        other, of = text(str(pick.same_as)), text(BEFORE_TREATMENT if pick.how == "baseline_before" else LATEST)
        within = "s.at = o.at"
        if pick.how == "signed_for_sample":
            named = f"SELECT 1 FROM newest_plain AS n WHERE n.point = s.point AND n.span = {of}"
            named += f" AND n.observable = {other} AND n.id = s.sample"
            within = f"(s.sample IS NULL AND s.at >= o.at OR s.on_date >= o.on_date AND EXISTS ({named}))"
        yield (
            f"SELECT {text(span)} AS span, o.until AS until, {COLUMNS}\nFROM seen AS s JOIN samples AS o\n"
            f"ON o.point = s.point AND o.span = {of} AND o.observable = {other}\n"
            f"WHERE s.observable IN {_of(picked, span)} AND {within}"
        )
