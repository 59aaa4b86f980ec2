"""The public answer in plain words for a terminal: verdict first, then why, what is missing, the dose, what follows."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from posology.answer import DoseFigures, Evidence, Found, Reply, Report, cut
from posology.knowledge import RANK, Cites
from posology.units import normalise

VERDICTS = {
    "give": "GIVE",
    "give_with_review": "GIVE WITH REVIEW",
    "wait": "WAIT",
    "omit": "OMIT THIS DOSE",
    "interrupt": "INTERRUPT: do not give",
    "discontinue": "DISCONTINUE for good",
    "not_eligible": "NOT ELIGIBLE",
    "ask": "ASK: not decided",
}
COLOURS = {"give": "32", "give_with_review": "33", "wait": "33", "ask": "35"}
STOP = "31"
WIDTH = 100
SEEN = {
    "verbatim": "wording seen in a label copy",
    "secondary": "wording reported by another source",
    "recalled": "label wording not verified",
    "ours": "our own policy",
}


def paint(text: str, code: str, colour: bool) -> str:
    """Text in one ANSI colour, or plain."""
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text


def verdict_line(verdict: str, could_be: str, colour: bool) -> str:
    """The verdict, and how bad it could be where that is worse."""
    line = paint(VERDICTS[verdict], "1;" + COLOURS.get(verdict, STOP), colour)
    worse = RANK[could_be] > RANK.get(verdict, -1)
    return f"{line}   (could be: {VERDICTS[could_be].lower()})" if worse else line


def decision(answer: Report, colour: bool = False) -> str:
    """The whole answer."""
    return "\n".join(_decision(answer, colour)) + "\n"


def _decision(answer: Report, colour: bool) -> Iterator[str]:
    yield _heading(answer)
    yield ""
    yield verdict_line(answer.verdict, answer.could_be, colour)
    yield from _dose(answer)
    yield from _reasons(answer, colour)
    yield from _missing(answer)
    yield from _listed("Would change it", [f"{c.condition} → {c.verdict_then.replace('_', ' ')}" for c in answer.changes])
    soonest = answer.earliest
    yield from _listed("Earliest", [f"{soonest.date or 'no date'}: {soonest.because}"])
    open_ = [item for item in answer.due if item.state == "overdue" or (item.phase == "before" and item.state != "done")]
    left = [f"{item.state:8} {item.what} (by {item.by})" for item in open_]
    yield from _listed("Due", left)
    kept = [f"{item.what} until {item.until} ({item.because})" for item in answer.reproductive if not item.over]
    yield from _listed("After the last dose", kept)
    after = [f"if given: {answer.next.if_given}"] if answer.next.if_given else []
    yield from _listed("Next", [*after, f"if not: {answer.next.if_not}"])
    yield from _listed("Disputed", [f"{item.claim}: {item.text}" for item in answer.disputed])
    yield from _listed("Notes", [f"{item.text}{_of(item.resource)}" for item in answer.warnings])
    yield ""
    yield _footer(answer)


def _heading(answer: Report) -> str:
    point = answer.decision_point
    dose = f"cycle {point.cycle}, dose {point.dose} (Day {point.day})" if point.cycle else "treatment not yet recorded"
    return f"{answer.patient} · {dose} · {answer.at:%Y-%m-%d %H:%M} {answer.zone} · edition {answer.edition.upper()}"


def _footer(answer: Report) -> str:
    return f"posology {answer.version}, knowledge {answer.knowledge}. For professionals; check against the current label."


def _of(resource: str | None) -> str:
    return f" [{resource}]" if resource else ""


def _listed(title: str, lines: list[str]) -> Iterator[str]:
    if not lines:
        return
    yield ""
    yield title
    for line in lines:
        yield from wrap(line, WIDTH, initial_indent="  ", subsequent_indent="    ")


def _dose(answer: Report) -> Iterator[str]:
    if answer.dose:
        yield from figures(answer.dose)
    elif answer.not_releasable_estimate:
        made = answer.not_releasable_estimate.amounts
        yield f"No dose. For discussion only, not releasable: {normalise(made.rounded.mg)} mg would be calculated."
    else:
        yield "No dose."


def figures(dose: DoseFigures) -> Iterator[str]:
    """The dose in words, with its arithmetic."""
    made = dose.amounts
    low, high = dose.spread_m2
    yield (
        f"{normalise(made.rounded.mg)} mg = {normalise(made.mg_per_m2)} mg/m² × {normalise(made.bsa_m2)} m²"
        f" = {normalise(made.exact_mg)} mg, rounded {normalise(made.rounded.percent)} % ({made.rounded.policy})"
        f"   [{source(dose.cites)}]"
    )
    yield (
        f"  {dose.bsa_formula.capitalize()} from {normalise(dose.weight_kg)} kg and {normalise(dose.height_cm)} cm"
        f" (other formulas: {normalise(low)}-{normalise(high)} m²); level {dose.level.replace('_', ' ')}"
    )
    yield f"  {made.vials} vial(s), {normalise(made.volume_ml)} mL to draw; {mixture(dose)}"


def mixture(dose: DoseFigures) -> str:
    """Bag or syringe, with the pharmacist's alert where there is one."""
    made = dose.amounts.mixture
    if made.alert:
        return f"ALERT: {made.alert}"
    strength = made.concentration_mg_per_ml
    shown = f" at {normalise(strength)} mg/mL" if strength is not None else ""
    return f"{made.path.value if made.path else 'no path'} of {normalise(made.final_volume_ml)} mL{shown}"


def source(cites: Cites) -> str:
    """Where it stands, in one breath."""
    return f"{cites.source} {cites.section}" + (f", {cites.row}" if cites.row else "")


def _reasons(answer: Report, colour: bool) -> Iterator[str]:
    holding = [(item, finding) for item in answer.answers for finding in item.findings if finding.state == "holds"]
    reasons = [pair for pair in holding if pair[1].then not in ("give", "undetermined") or pair[0].question == "regimen"]
    reasons.sort(key=lambda pair: -RANK.get(pair[1].then, 0))
    if reasons:
        yield ""
        yield "Why"
    for item, finding in reasons:
        yield from row(item, finding, colour)


def row(item: Reply, finding: Found, colour: bool) -> Iterator[str]:
    """One finding: what follows, its statement, our reading, the data, the source."""
    head = paint(f"{finding.then.replace('_', ' ')}", COLOURS.get(finding.then, STOP), colour)
    yield f"  {head} · {item.question.replace('_', ' ')} · {finding.row.replace('_', ' ')}"
    for line in filter(None, (finding.states, finding.reading and f"Read as: {finding.reading}")):
        yield from wrap(line, WIDTH, initial_indent="    ", subsequent_indent="    ")
    if finding.because:
        yield from wrap(
            "Data: " + "; ".join(map(datum, finding.because)), WIDTH, initial_indent="    ", subsequent_indent="      "
        )
    for change in finding.would_change:
        yield f"    Instead: {change}"
    yield f"    [{source(finding.cites)}; {SEEN[finding.seen]}]"


def datum(item: Evidence) -> str:
    """One fact with its value, unit and time."""
    if item.value is None:
        return f"{item.fact} unknown"
    unit = f" {item.unit}" if item.unit and item.unit != "1" else ""
    when = f" ({item.when:%Y-%m-%d %H:%M})" if item.when and item.origin else ""
    return f"{item.fact} {cut(item.value)}{unit}{when}{' stale' if item.stale else ''}"


def _missing(answer: Report) -> Iterator[str]:
    lacking = {lack.fact: lack for item in answer.answers for lack in item.missing}
    questions: dict[str, list[str]] = {}
    for item in answer.answers:
        for lack in item.missing:
            questions.setdefault(lack.fact, []).append(item.question.replace("_", " "))
    asks: dict[str, tuple[str, list[str]]] = {}
    for name, lack in lacking.items():
        asks.setdefault(lack.ask, (lack.why, []))[1].append(name)
    lines = [
        f"{ask} ({', '.join(names)}: {why.replace('_', ' ')}; for {', '.join(dict.fromkeys(questions[names[0]]))})"
        for ask, (why, names) in asks.items()
    ]
    yield from _listed("Missing", lines)
