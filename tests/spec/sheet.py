"""Tables as text: what is given left of `||`, what must follow right of it. Reads and prints them; checks nothing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from posology.language import Value

STATES = {"yes": True, "no": False, "unknown": None}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet: given and expected cells by their column heads, as written."""

    given: dict[str, str]
    expected: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of the reference: a title, a word of explanation, and the table itself."""

    title: str
    words: str
    text: str

    def cells(self) -> list[tuple[list[str], list[str]]]:
        rows = [line.partition("||") for line in self.text.strip().splitlines()]
        return [(_split(left), _split(right)) for left, _, right in rows]

    def lines(self) -> list[Line]:
        (left, right), *rows = self.cells()
        return [
            Line(dict(zip(left, given, strict=True)), dict(zip(right, expected, strict=True))) for given, expected in rows
        ]

    def markdown(self, code: bool) -> str:
        """The table in Markdown; `code` sets the heads right of the bar as conditions."""
        (left, right), *rows = self.cells()
        heads = left + [f"`{head}`" if code else head for head in right]
        body = [f"| {' | '.join(_escaped(cells))} |" for cells in (heads, ["---"] * len(heads), *(a + b for a, b in rows))]
        return "\n".join([f"## {self.title}", "", self.words, "", *body])


def _split(cells: str) -> list[str]:
    return [cell.strip() for cell in cells.split(" | ")]


def _escaped(cells: list[str]) -> list[str]:
    return [cell.replace("|", "\\|") for cell in cells]


def value(cell: str) -> Value | None:
    """A cell as a fact's value: yes, no, unknown, a number, or a word in single quotes."""
    if cell in STATES:
        return STATES[cell]
    return cell[1:-1] if cell.startswith("'") else Decimal(cell)


def values(cells: dict[str, str]) -> dict[str, Value | None]:
    return {name: value(cell) for name, cell in cells.items()}
