"""Findings of the decision → public findings: the facts behind them, and what would change them, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal

from posology.answer.report import Found, Reply
from posology.answer.suppose import supposed, ways_out
from posology.decide import Answer, Finding, outcome
from posology.facts import Evidence, Gathered, Missing, missing
from posology.facts import evidence as evidence_of
from posology.knowledge import RANK, FactEntry, Table
from posology.language import Claim, Compare, Facts, Known, Leaf, OneOf, amount, facts_of
from posology.quickly import quickly
from posology.units import normalise

reply_of = quickly(Reply)
MEANS = {"<": "below", "<=": "at most", ">": "above", ">=": "at least", "=": "equal to"}
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "="}
WAYS_SHOWN = 2 + 1
DECIMALS = len("6969")


@dataclass(frozen=True, slots=True)
class Scene:
    """What explanations look at: the facts with their evidence, their bare values (stale ones too), the dictionary.

    `zone` is the clinic's: every time shown is its local time.
    """

    facts: Gathered
    known: Facts
    dictionary: Mapping[str, FactEntry]
    zone: tzinfo | None = None


def reply(answer: Answer, table: Table, scene: Scene) -> Reply:
    """The public answer to one question."""
    findings = tuple([_found(finding, table, scene) for finding in answer.findings])
    lacks = tuple([lacking(name, scene) for name in answer.missing])
    return reply_of(answer.question, table.asks, answer.action, answer.could_be, findings, lacks)


def lacking(name: str, scene: Scene) -> Missing:
    """Why a fact is absent and what to ask for."""
    return missing(scene.dictionary[name], scene.facts[name])


def _found(finding: Finding, table: Table, scene: Scene) -> Found:
    row = finding.row
    names = dict.fromkeys(name for leaf in finding.because for name in facts_of(leaf))
    return Found(
        row=row.id,
        state=finding.state,
        then=row.then,
        cites=row.cites,
        seen=row.seen,
        confidence=row.confidence,
        states=row.states,
        reading=row.reading,
        because=tuple(evidence(name, scene) for name in names),
        would_change=tuple(would_change(finding, table, scene)),
        settles=row.settles,
    )


def evidence(name: str, scene: Scene) -> Evidence:
    """One fact as a finding shows it."""
    return evidence_of(scene.dictionary[name], scene.facts[name], scene.known.get(name), scene.zone)


def would_change(finding: Finding, table: Table, scene: Scene) -> list[str]:
    """The shortest ways to a milder answer of this table, each a line: what would follow, and if what."""
    lines: list[str] = []
    if not RANK.get(finding.row.then, 0):
        return lines  # nothing is milder
    for way in ways_out(finding, scene.known):
        changed = supposed(way, scene.known, scene.dictionary)
        then, _ = outcome(table, {**scene.known, **changed}) if changed else ("", "")
        if RANK.get(then, len(RANK)) < RANK.get(finding.row.then, 0):
            said = " and ".join(condition(leaf, to, scene.dictionary, scene.known) for leaf, to in way)
            lines.append(f"{then.replace('_', ' ')} if {said}")
    return lines[:WAYS_SHOWN]


def condition(leaf: Leaf, to: bool, dictionary: Mapping[str, FactEntry], known: Facts) -> str:
    """One leaf as a condition with its limit worked out: `total bilirubin at most 1.8 mg/dL`."""
    means = dictionary[leaf.fact].means
    match leaf:
        case Claim():
            return f"{means}: {'yes' if to else 'no'}"
        case Known():
            return f"{means} is known" if to else f"{means} is not known"
        case OneOf(_, words):
            listed = " or ".join(word.replace("_", " ") for word in words)
            return f"{means} is {listed}" if to else f"{means} is not {listed}"
        case Compare(_, operator, _):
            sign = operator if to else OPPOSITE[operator]
            negated = "not " if operator == "=" and not to else ""
            return f"{means} {negated}{MEANS[sign]} {_limit(leaf, known)}{_unit(dictionary[leaf.fact])}"


def _limit(leaf: Compare, known: Facts) -> str:
    number = amount(leaf.limit, known)
    if number is None:
        return f"{normalise(leaf.limit.number)} × {leaf.limit.of}"
    return normalise(number)


def _unit(entry: FactEntry) -> str:
    unit = {"1": "", "a": " years", "d": " days", "10*9/L": " ×10⁹/L"}.get(entry.unit or "")
    return unit if unit is not None else f" {entry.unit}"


def plain(value: object) -> str:
    """A value as a reader expects it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return normalise(value) if isinstance(value, Decimal) else str(value).replace("_", " ")


def cut(value: object) -> str:
    """A value with as many decimals as a reader takes in. Cut off, never rounded: it must not land on its own limit."""
    text = plain(value)
    whole, point, rest = text.partition(".") if isinstance(value, Decimal) else (text, "", "")
    kept = rest[:DECIMALS].rstrip("0")
    return f"{whole}{point if kept else ''}{kept}…" if len(rest) > DECIMALS else text
