"""Two editions side by side: rows and figures that differ, and example patients decided by both. Decides nothing itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from textwrap import wrap
from typing import Any

from posology.answer import Report
from posology.knowledge import RANK, Cites, Edition, Row
from posology.say.words import VERDICTS, WIDTH
from posology.units import normalise

Json = dict[str, Any]
WORDS = ("cites", "seen", "confidence", "reading", "settles", "says", "states", "what", "why", "figures", "id", "means")
"""Keys of a part that hold words or grounds; what remains are its figures."""
PARTS = ("product", "regimen", "preparation", "reproductive", "monitoring", "advice")


def difference(one: Edition, other: Edition, decided: Sequence[tuple[str, str, Report, Report]]) -> Json:
    """Everything in which two editions part. `decided`: name and title of a patient, and the answer of either edition."""
    return {
        "editions": [one.id, other.id],
        "rules": list(_rules(one, other)),
        "alike": sum(_logic(row) == _logic(_named(other).get(name)) for name, row in _named(one).items()),
        "figures": list(_figures(one, other)),
        "examples": [_example(*patient) for patient in decided],
    }


def _named(edition: Edition) -> Mapping[str, Row]:
    return edition.once(_by_name)


def _by_name(edition: Edition) -> dict[str, Row]:
    return {f"{row.question}.{row.id}": row for row in edition.rows()}


def _logic(row: Row | None) -> tuple[Any, ...] | None:
    """What a row decides, whatever its words and grounds."""
    return (row.when, row.then, dict(row.sets)) if row else None


def _rules(one: Edition, other: Edition) -> Iterator[Json]:
    """Rows that stand in one edition alone, or decide differently under one name, question by question."""
    mine, theirs = _named(one), _named(other)
    names = [name for name in {**mine, **theirs} if _logic(mine.get(name)) != _logic(theirs.get(name))]
    for name in sorted(names, key=lambda name: list(one.tables).index(name.partition(".")[0])):
        yield {"id": name, "one": _rule(mine.get(name)), "other": _rule(theirs.get(name))}


def _rule(row: Row | None) -> Json | None:
    if row is None:
        return None
    return {"states": row.states, "when": row.text, "then": row.then, **_grounds(row.cites, row.seen)}


def _grounds(cites: Cites, seen: str) -> Json:
    return {"cites": {"source": cites.source, "section": cites.section, "row": cites.row or None}, "seen": seen}


def _figures(one: Edition, other: Edition) -> Iterator[Json]:
    """Figures of the other files that differ, and parts that one edition lacks."""
    mine, theirs = _parts(one), _parts(other)
    for name in {**mine, **theirs}:
        ours, its = mine.get(name), theirs.get(name)
        if ours is None or its is None:
            yield {"id": name, "one": _part(ours, None), "other": _part(its, None)}
        else:
            keys = [key for key in {**ours, **its} if key not in WORDS and ours.get(key) != its.get(key)]
            yield from ({"id": f"{name}.{key}", "one": _part(ours, key), "other": _part(its, key)} for key in keys)


def _parts(edition: Edition) -> dict[str, Mapping[str, Any]]:
    """Every part by name with grounds: a part without its own stands on those of its file."""
    found: dict[str, Mapping[str, Any]] = {}
    for name, part in edition.parts():
        file = name.partition(".")[0]
        if file in PARTS and not name.endswith(".cites") and "title" not in part:
            found[name] = {**_of_file(edition.documents[file]), **part}
    return found


def _of_file(document: Mapping[str, Any]) -> dict[str, Any]:
    return {key: document[key] for key in ("cites", "seen") if key in document}


def _part(part: Mapping[str, Any] | None, key: str | None) -> Json | None:
    """One figure, or what a part that stands alone says."""
    if part is None or (key and key not in part):
        return None
    own = {name: value for name, value in part.items() if name not in WORDS}
    said = part[key] if key else next((part[name] for name in ("says", "what") if name in part), own)
    grounds = _grounds(Cites(**part["cites"]), part["seen"]) if "cites" in part else {"cites": None, "seen": None}
    return {"value": _plain(said), **grounds}


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_plain(part)}" for key, part in value.items())
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return normalise(value) if isinstance(value, Decimal) else str(value)


def _example(name: str, title: str, one: Report, other: Report) -> Json:
    answers = [_answered(one), _answered(other)]
    return {"id": name, "title": title, "differs": answers[0] != answers[1], "one": _shown(one), "other": _shown(other)}


def _answered(report: Report) -> tuple[Any, ...]:
    dose = report.dose.amounts if report.dose else None
    return report.verdict, report.could_be, dose and (dose.mg_per_m2, dose.rounded.mg), _deciding(report)


def _deciding(report: Report) -> list[str]:
    return [f"{reply.question}.{finding.row}" for reply, finding in _decisive(report)]


def _decisive(report: Report) -> Iterator[tuple[Any, Any]]:
    """The rows that hold as strictly as the verdict; where it asks, the open ones that could be worst."""
    asks = report.verdict not in RANK
    state, then = ("open", report.could_be) if asks else ("holds", report.verdict)
    for reply in report.answers:
        yield from ((reply, one) for one in reply.findings if one.state == state and one.then == then)


def _shown(report: Report) -> Json:
    dose = report.dose.amounts if report.dose else None
    return {
        "verdict": report.verdict,
        "could_be": report.could_be,
        "mg_per_m2": normalise(dose.mg_per_m2) if dose else None,
        "mg": normalise(dose.rounded.mg) if dose else None,
        "decides": [
            {"row": f"{reply.question}.{one.row}", **_grounds(one.cites, one.seen)} for reply, one in _decisive(report)
        ],
    }


def told(found: Json) -> str:
    """The differences in words."""
    return "\n".join(_told(found))


def _told(found: Json) -> Iterator[str]:
    one, other = (name.upper() for name in found["editions"])
    yield f"Rules: {found['alike']} decide alike, {len(found['rules'])} differ"
    for row in found["rules"]:
        yield f"\n{row['id']}"
        yield from _side(one, row["one"], stated)
        yield from _side(other, row["other"], stated)
    yield f"\nFigures and parts that differ: {len(found['figures'])}"
    for row in found["figures"]:
        yield f"\n{row['id']}"
        yield from _side(one, row["one"], valued)
        yield from _side(other, row["other"], valued)
    apart = [row for row in found["examples"] if row["differs"]]
    yield f"\nExample patients: {len(found['examples']) - len(apart)} answered alike, {len(apart)} differ"
    for row in apart:
        yield f"\n{row['id']}: {row['title']}"
        yield from (line for name, key in ((one, "one"), (other, "other")) for line in _answer(name, row[key]))


def stated(rule: Json) -> str:
    """What a row says and what follows."""
    return f"{rule['states']} → {rule['then'].replace('_', ' ')}"


def valued(part: Json) -> str:
    """A figure as it stands."""
    return str(part["value"])


def _side(name: str, part: Json | None, words: Any) -> Iterator[str]:
    """One edition's part, wrapped under its name, with its citation."""
    text = f"{words(part)}   {cited(part)}" if part else "nothing of this kind"
    yield from wrap(text, WIDTH, initial_indent=f"  {name}: ", subsequent_indent="      ", break_on_hyphens=False)


def cited(part: Json) -> str:
    """Where a row or figure stands, and how it was seen."""
    cites = part["cites"]
    row = cites and (f", {cites['row']}" if cites["row"] else "")
    return f"[{cites['source']} {cites['section']}{row}; {part['seen']}]" if cites else ""


def _answer(name: str, answer: Json) -> Iterator[str]:
    dose = f", {answer['mg']} mg = {answer['mg_per_m2']} mg/m²" if answer["mg"] else ""
    worse = "" if answer["could_be"] == answer["verdict"] else f" (could be: {answer['could_be'].replace('_', ' ')})"
    yield f"  {name}: {VERDICTS[answer['verdict']]}{worse}{dose}"
    yield from (f"      {one['row'].replace('_', ' ')} {cited(one)}" for one in answer["decides"])
