"""The figures as text: a table for the terminal, and the page of the documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from posology.knowledge.orders import orders

TEXT = Path(__file__).parent / "_order_page.md"
HEAD = ("class", "error", "orders", "recall % (95 % interval)", "precision % (95 % interval)", "range %", "template %")


def percent(row: dict[str, Any]) -> str:
    return "-" if row["share"] is None else f"{row['share'] * 100:.1f}"


def between(row: dict[str, Any]) -> str:
    """A share with its interval, in percent."""
    return f"{percent(row)} ({row['from'] * 100:.1f} to {row['to'] * 100:.1f})"


def rows(found: dict[str, Any]) -> list[tuple[str, ...]]:
    """The table, one line a class."""
    made: list[tuple[str, ...]] = []
    for name, row in found["classes"].items():
        share = between(row["recall"]), between(row["precision"]), percent(row["range"]), percent(row["template"])
        made.append((name, orders().classes[name].what, str(row["recall"]["of"]), *share))
    return made


def overall(found: dict[str, Any]) -> list[str]:
    """Everything but the table, in sentences."""
    total, clean, pairs, fhir = found["total"], found["clean"], found["pairs"], found["through_fhir"]
    many = total["injected"]
    lines = [
        f"{many} wrong orders: {_of(total['caught'], many)} raised an alarm here, {_of(total['by_range'], many)} by the"
        f" dose range, {_of(total['by_template'], many)} by the template"
        f" ({_times(total, 'by_range')} and {_times(total, 'by_template')} as many found).",
        _of_the_dose(found),
        f"Missed: {many - total['caught']} here, {many - total['by_range']} by the range,"
        f" {many - total['by_template']} by the template.",
        f"{clean['false_stops']['of']} clean orders: {_share(clean['false_stops'])} stopped,"
        f" {_share(clean['false_alarms'])} asked about; an alarm by the range on {_share(clean['range'])},"
        f" by the template on {_share(clean['template'])}.",
        f"{pairs['caught']['of']} orders with two errors: {_share(pairs['caught'])} raised an alarm,"
        f" both classes were named in {_share(pairs['both_named'])}.",
        f"{fhir['tried']} of the wrong orders went the whole way as resources: {fhir['agreed']} with the same findings.",
    ]
    return lines


OF_THE_DOSE = ("E03", "E04", "E05", "E06", "E07", "E10", "E11")


def _of_the_dose(found: dict[str, Any]) -> str:
    """The classes that a check of mg could hope to see."""
    rows = [found["classes"][name] for name in OF_THE_DOSE]
    ours, least, most = (sum(row[key]["found"] for row in rows) for key in ("caught", "range", "template"))
    many = sum(row["recall"]["of"] for row in rows)
    return (
        f"Of the {many} in the classes about size and dose alone ({', '.join(OF_THE_DOSE)}): {_of(ours, many)} here,"
        f" {_of(least, many)} by the range, {_of(most, many)} by the template."
    )


def _of(some: int, many: int) -> str:
    return f"{some} ({some / many * 100:.1f} %)"


def _times(total: dict[str, int], other: str) -> str:
    return f"{total['caught'] / total[other]:.1f} times" if total[other] else "infinitely"


def _share(row: dict[str, Any]) -> str:
    return f"{row['found']} ({row['share'] * 100:.2f} %, interval {row['from'] * 100:.2f} to {row['to'] * 100:.2f})"


def summary(found: dict[str, Any]) -> str:
    """For the terminal."""
    lines = [HEAD, *rows(found)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEAD))]
    table = ["  ".join(f"{cell:{width}}" for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([*table, "", *overall(found)])


def page(found: dict[str, Any]) -> str:
    """For the documentation."""
    table = ["| " + " | ".join(line) + " |" for line in (HEAD, ("---",) * len(HEAD), *rows(found))]
    forms: dict[str, list[str]] = {}
    for row in found["forms"]:
        low = "" if row["named"] == row["injected"] else f" (named in {row['named']} of {row['injected']})"
        forms.setdefault(row["class"], []).append(f"{row['form']}{low}")
    told = [f"- **{name}**: {'; '.join(some)}" for name, some in forms.items()]
    unseen = [f"- **{one.id}** {one.what}: {one.not_detectable}" for one in orders().classes.values() if one.not_detectable]
    astray: dict[str, int] = {}
    for row in found["false_alarms"]:
        astray[row["on"]] = astray.get(row["on"], 0) + row["times"]
    false = [f"- {on}: {times}" for on, times in astray.items()] or ["- none"]
    parts = {"FIGURES": overall(found), "TABLE": table, "FORMS": told, "UNSEEN": unseen, "FALSE": false}
    text = TEXT.read_text("utf-8")
    for name, lines in parts.items():
        glue = "\n\n" if name == "FIGURES" else "\n"
        text = text.replace(f"@{name}@", glue.join(lines))
    return text
