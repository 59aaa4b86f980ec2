"""No clinical number in code: but for 0, 1, 2, 10, 100 they live in label/, units/ and measures/. No float anywhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest

from tests.house.sources import Module, called, modules

ALLOWED = (0, 1, 2, 10, 100)
EXEMPT = ("units", "measures")
FLOATING = "exposure"
"""The one room with floats: a simulation, behind a door that takes and gives decimals; no decision imports it."""
WRITTEN = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
CONVERTERS = ("Decimal", "Fraction", "int", "timedelta", "quantize", "scaleb")
TECHNICAL = {
    "answer/explain.py 2 + 1": "ways shown to a reader",
    "cli.py 1 + 2": "exit code of an answer that asks",
    "cli.py 2 + 2": "exit code of an order that must not go out",
    "columns/names.py 10 - 2": "digits after the point in a database",
    "fhir/document.py 2 * 10 * 100 * 100 * 100": "bytes a bundle may have",
    "fhir/quantity.py 10 * 100": "conversions kept at hand",
    "fhir/results.py 2 * 10": "longest text kept",
    "verify/findings.py 10 * 100": "characters of a reason",
    "knowledge/files.py 2 * (2 + 2 + 2 + 2)": "digits of the hash",
    "runners/duckdb.py 100 * 100": "rows sent at once",
}
"""Numbers of the machine, not of medicine, spelt out of small ones. Each is here with what it is; a new one is refused."""
CODE = [module for module in modules() if module.place not in EXEMPT and module.name != "posology.version"]


def numbers(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Each number that is not allowed, with its line: as a literal, as text, or added up from allowed ones."""
    folded: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and id(node) not in folded:
            folded.update(id(inner) for inner in ast.walk(node))
            total = _folded(node)
            if total is not None and abs(total) not in ALLOWED:
                yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, int | float | complex) and node.value not in ALLOWED:
            yield node.lineno, repr(node.value)
        elif isinstance(node, ast.Call) and called(node) in CONVERTERS:
            yield from ((node.lineno, text) for text in _texts(node))


def _texts(node: ast.Call) -> Iterator[str]:
    """Numbers handed over as text: Decimal("1.5")."""
    texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    if any(WRITTEN.fullmatch(text) and abs(Decimal(text)) not in ALLOWED for text in texts):
        yield ast.unparse(node)


def _folded(node: ast.AST) -> int | None:
    """The value of arithmetic on literals alone, which only spells a number."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return int(node.value)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Pow):
        left, right = _folded(node.left), _folded(node.right)
        if left is not None and right is not None:
            if isinstance(node.op, ast.Pow):
                return int(left**right)
            return {ast.Add: left + right, ast.Sub: left - right, ast.Mult: left * right}[type(node.op)]
    return None


@pytest.mark.parametrize("module", CODE, ids=str)
def test_no_number_stands_in_code_that_a_pharmacist_would_have_to_find_there(module: Module) -> None:
    found = [(line, text) for line, text in numbers(module.tree) if f"{module} {text}" not in TECHNICAL]
    assert [f"{module}:{line} {text}" for line, text in found] == []


def test_every_number_excused_as_technical_still_stands_where_it_says() -> None:
    assert set(TECHNICAL) <= {f"{module} {text}" for module in CODE for _, text in numbers(module.tree)}


@pytest.mark.parametrize("module", [module for module in modules() if module.place != FLOATING], ids=str)
def test_no_float_is_made_anywhere(module: Module) -> None:
    floats = [
        f"{module}:{node.lineno}"
        for node in module.nodes
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and _folded_sides(node))
    ]
    assert floats == []


def _folded_sides(node: ast.BinOp) -> bool:
    return _folded(node.left) is not None and _folded(node.right) is not None


@pytest.mark.parametrize("module", modules(), ids=str)
def test_numbers_are_never_read_from_text_as_binary(module: Module) -> None:
    """`json.loads` and `tomllib.load` make floats unless told otherwise."""
    readers = [node for node in module.nodes if isinstance(node, ast.Call) and called(node) in ("loads", "load")]
    for node in readers:
        if isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) in ("json", "tomllib"):
            assert "parse_float" in {keyword.arg for keyword in node.keywords}, f"{module}:{node.lineno}"


@pytest.mark.parametrize(
    "text", ["x = 3", "x = -3", "x = 0.5", "x = Decimal('1.5')", "x = 2 + 1", "x = 2 * (2 + 2)", "y[:16]"]
)
def test_the_search_finds_a_number_however_it_is_spelt(text: str) -> None:
    assert list(numbers(ast.parse(text)))


@pytest.mark.parametrize("text", ["x = -1", "x = 100", "x = True", "x = y * 2 + 1", "x = '31'", "int('10')", "f('3')"])
def test_the_search_leaves_the_harmless_alone(text: str) -> None:
    assert list(numbers(ast.parse(text))) == []
