"""One question in words: every row of its table, whether it holds, and why."""

from __future__ import annotations

from collections.abc import Iterator

from posology.answer import Reply
from posology.knowledge import Table
from posology.say.words import row


def explained(reply: Reply, table: Table, colour: bool = False) -> str:
    """The question, its answer, the rows that hold or are open, what is missing, and the rows that do not hold."""
    return "\n".join(_explained(reply, table, colour)) + "\n"


def _explained(reply: Reply, table: Table, colour: bool) -> Iterator[str]:
    yield reply.asks
    yield f"{reply.action.replace('_', ' ').upper()} (could be: {reply.could_be.replace('_', ' ')})"
    for finding in reply.findings:
        yield ""
        yield f"{finding.state}:"
        yield from row(reply, finding, colour)
    for lack in reply.missing:
        yield f"  missing: {lack.fact} ({lack.why.replace('_', ' ')}): {lack.ask}"
    touched = {finding.row for finding in reply.findings}
    quiet = [item.id.replace("_", " ") for item in table.rows if item.id not in touched]
    if quiet:
        yield ""
        yield f"does not hold: {', '.join(quiet)}"
