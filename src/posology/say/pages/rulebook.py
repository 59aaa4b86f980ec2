"""One page a question: every rule as a pharmacist reads and checks it, with each threshold tried on both sides."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from posology.knowledge import Edition, Row, Table
from posology.language import Compare, holds, leaves
from posology.say.pages.markdown import block, code, page, plain, table
from posology.say.phrase import Dictionary, listed
from posology.say.words import SEEN
from posology.units import normalise

POLICY = {
    "strictest": "Every row is read and the strictest one that holds decides. Where none holds and one is open, the answer"
    " is *ask*. Only where every row certainly does not hold, the answer is *{otherwise}*.",
    "exactly one": "Exactly one row must hold. While more than one is possible the answer is *undetermined* and no dose is"
    " printed; with everything known, no row or two rows would be an error of this table.",
}

CARRIED = {"mg_per_m2": "{} mg/m²", "level": "level {}"}


def pages(edition: Edition) -> Iterator[tuple[str, str]]:
    """File name and text of every question's page, and of the criteria that a question uses."""
    for found in [*edition.tables.values(), *edition.criteria.values()]:
        yield f"rules/{found.id}.md", rules(found, edition)


def rules(found: Table, edition: Edition) -> str:
    """The page of one question."""
    heads = [f"[{plain(row.id)}](#{row.id})" for row in found.rows]
    overview = table(
        ["Row", "Then", "Stands in", "Seen"],
        [[head, _then(row), _stands(row), row.seen] for head, row in zip(heads, found.rows, strict=True)],
    )
    intro = POLICY[found.policy].format(otherwise=plain(found.otherwise))
    sections = [rule(row, edition) for row in found.rows]
    return page(f"{plain(found.id).capitalize()} ({edition.id.upper()})", found.asks, intro, overview, *sections)


def rule(row: Row, edition: Edition) -> str:
    """One rule: statement, reading, condition in words and as written, source, thresholds."""
    parts = [f'<a id="{row.id}"></a>\n\n## {plain(row.id).capitalize()}: {_then(row)}', row.states]
    if row.reading:
        parts.append(f"*Our reading.* {row.reading}")
    parts += ["Holds when", "\n".join(listed(row.when, edition.facts)), "As written:", block(row.text)]
    parts.append(table(["", ""], _particulars(row, edition)))
    tried = list(_tried(row, edition.facts))
    if tried:
        parts += ["Thresholds, one step of the last digit to either side:"]
        parts.append(table(["Threshold", "below", "", "at", "", "above", ""], tried))
    return "\n\n".join(parts)


def _then(row: Row) -> str:
    carried = ", ".join(CARRIED.get(key, "{}").format(plain(str(value))) for key, value in row.sets.items())
    return plain(row.then) + (f" ({carried})" if carried else "")


def _stands(row: Row) -> str:
    return f"{row.cites.source} {row.cites.section}" + (f", {row.cites.row}" if row.cites.row else "")


def _particulars(row: Row, edition: Edition) -> Iterator[list[str]]:
    title = edition.sources[row.cites.source].title
    yield ["Source", f"{title} ({code(row.cites.source)}), section {row.cites.section}" + _of(row.cites.row)]
    yield ["Seen", f"{row.seen}: {SEEN[row.seen]}; confidence {row.confidence}"]
    yield ["Settles", ", ".join(row.settles) or "nothing contested"]
    yield ["Looks at", ", ".join(f"[{name}](../facts.md#{name})" for name in row.facts)]


def _of(row: str) -> str:
    return f"; {row}" if row else ""


def _tried(row: Row, facts: Dictionary) -> Iterator[list[str]]:
    """Every number of the condition, with the value below, at and above it, and whether that part then holds."""
    for leaf in dict.fromkeys(leaves(row.when)):
        if isinstance(leaf, Compare) and not (leaf.limit.of and leaf.limit.number == 1):
            yield [code(_shown(leaf)), *_sides(leaf, facts)]


def _shown(leaf: Compare) -> str:
    number = normalise(leaf.limit.number)
    return f"{leaf.fact} {leaf.operator} {number}" + (f" * {leaf.limit.of}" if leaf.limit.of else "")


def _sides(leaf: Compare, facts: Dictionary) -> Iterator[str]:
    """With an upper limit of 1, a value is its own multiple of that limit."""
    number = leaf.limit.number
    step = Decimal(1).scaleb(min(int(str(number.as_tuple().exponent)), 0))
    unit = "× ULN" if leaf.limit.of else facts[leaf.fact].unit or ""
    for value in (number - step, number, number + step):
        state = holds(leaf, {leaf.fact: value, leaf.limit.of or "": Decimal(1)})
        yield f"{normalise(value)}{'' if unit == '1' else f' {unit}'}"
        yield "yes" if state else "no"
