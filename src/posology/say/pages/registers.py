"""The registers as pages: where sources differ, what the documents ask for, each label's sections, what is not verified."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from posology.knowledge import Edition
from posology.say.pages import court, trace, unverified
from posology.say.pages.coverage import coverage
from posology.say.pages.markdown import code, page, table
from posology.say.words import SEEN

Row = dict[str, object]
SIGNED = ["First signature, date", "Second signature, date"]
BESIDE = (
    "See also: [what the documents ask for](trace.md), [the sections of the label](coverage.md),"
    " [what is not verified](unverified.md), [the documents](sources.md)."
)


def conflicts(edition: Edition) -> str:
    """The page of contested points: a list, and each with who says what, the ruling, why, the harm."""
    rows = court.conflicts()
    heads = [[f"[{row['id']}](#{row['id']})", row["point"], row["ruling"]["figure"]] for row in rows]
    return page(
        "Where the sources differ",
        "Each point: who says what, in our words; what rules and why; the harm of the wrong value; and when a decision says"
        " so in a line. Where a sentence is hashed, anybody holding the document can check it with"
        " `posology sources check FILE`: the text in Unicode NFKC, split at whitespace and joined by single spaces, case"
        " kept, SHA-256 over the run of words.",
        BESIDE,
        table(["Point", "About", "Ruling"], heads),
        *(_point(row, edition) for row in rows),
    )


def _point(row: court.Row, edition: Edition) -> str:
    voices = [
        [f"{code(voice['source'])} {voice['who'] or ''}", voice["says"], voice["figure"], voice["where"], _seen(voice)]
        for voice in row["says"]
    ]
    ruling = row["ruling"]
    by = f"by {', '.join(map(code, ruling['rules']))} ({SEEN[row['seen']]})"
    said = court.in_words(row, edition)
    parts = [
        f'<a id="{row["id"]}"></a>\n\n## {row["id"]}: {row["point"]}',
        row["text"],
        table(["Source", "Says", "Figure", "Where", "Seen"], voices),
        f"Ruling: **{ruling['figure']}**, {by}. {ruling['reason']}",
        f"Harm of the wrong value: {row['harm']}",
        "A decision says so when" if said else f"A decision says so: {court.when(row)}.",
        "\n".join(said),
    ]
    return "\n\n".join(filter(None, parts))


def _seen(voice: court.Row) -> str:
    return f"{voice['seen']}, hashed" if voice["sentence"] else str(voice["seen"])


def requests() -> str:
    """The page of what the source documents ask for."""
    rows = trace.requirements()
    return page(
        "What the source documents ask for",
        "Four documents were the start of this product. Each row is one thing they say, with its state, where it lives and"
        f" the test that shows it. {trace.counted(rows)}.",
        table(["Row", "Says", "From", "State", "Lacks", "Lives in", "Shown by"], map(_request, rows)),
    )


def _request(row: trace.Row) -> list[str]:
    state = f"{row['state']}: {row['waits_for']}" if row["waits_for"] else str(row["state"])
    shown = (name.rpartition("::")[2] for name in row["shown"])
    return [row["id"], row["says"], _codes(row["from"]), state, row["lacks"] or "", _codes(row["lives"]), _codes(shown)]


def _codes(names: Iterable[str]) -> str:
    return ", ".join(map(code, names))


def sections(edition: Edition) -> str:
    """The page of a label's sections."""
    rows = [
        [
            row["id"],
            row["title"],
            row["state"],
            _codes(row["by"]),
            row["why"] or "",
            "recalled" if row["seen"] == "recalled" else "",
        ]
        for row in coverage(edition)
    ]
    return page(
        f"Sections of the label ({edition.id.upper()})",
        "Every section of the label under its number, with a title of our own: coded and by what, not coded and why, or out"
        " of scope and why. A number marked recalled has not been checked against the label.",
        table(["Section", "About", "State", "Coded by", "Why not", "Number"], rows),
    )


def not_verified(edition: Edition, *, shared: bool = True) -> str:
    """The page of wording that nobody here has read in the document itself, for two people to check.

    With `shared`: also what every edition rests on, which stands on one page only.
    """
    own = unverified.unverified(edition)
    return page(
        f"Not verified ({edition.id.upper()})",
        "Everything whose wording or figure is recalled or comes at second hand. Two people read each against the document"
        " it names before anybody relies on it; a name and a date in each column.",
        f"## This label\n\n{len(own)} statements.",
        table(UNSEEN, [_unseen(row) for row in own]),
        *(_shared(edition) if shared else ()),
    )


def _shared(edition: Edition) -> list[str]:
    found = unverified.published(edition)
    codes = [[code(row["id"]), row["source"], row["says"], row["figure"] or "", *["", ""]] for row in unverified.codes()]
    return [
        f"## Published criteria, grades, medicines, rates\n\n{len(found)} statements, shared by every edition.",
        table(UNSEEN, [_unseen(row) for row in found]),
        f"## Codes\n\n{len(codes)} codes were recalled. A wrong code is worse than none.",
        table(["Code", "System", "Stands for", "Read as", *SIGNED], codes),
    ]


UNSEEN = ["What", "Seen", "Says", "Figures", "Look in", *SIGNED]


def _unseen(row: dict[str, Any]) -> list[str]:
    where = ", ".join(filter(None, (f"{row['source']} {row['section']}".strip(), row["row"])))
    return [f"{row['kind']} {code(row['id'])}", row["seen"], row["says"], row["figure"] or "", where, *["", ""]]
