"""Small files, small functions, plain names. Numbers as design.md gives them."""

from __future__ import annotations

import ast
from statistics import median

from tests.house.sources import LABEL, ROOT, SRC, functions, modules, python_files

FILE, USUAL_FILE, FUNCTION, USUAL_FUNCTION, RULE_FILE = 400, 150, 40, 8, 80
WORKING = ("Slot", "Cycle", "Layout", "Contents", "Statement", "Intake")
"""Filled in while a fold or an intake runs, inside one package; everything handed on is frozen. A new one is refused."""
NAMELESS = (
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "base",
    "manager",
    "service",
    "handler",
    "engine",
    "data",
    "info",
)


def lines(node: ast.AST) -> int:
    return node.end_lineno - node.lineno + 1  # type: ignore[attr-defined,no-any-return]


def test_no_file_is_longer_than_400_lines() -> None:
    sizes = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    assert {name: size for name, size in sizes.items() if size > FILE} == {}


def test_half_of_the_modules_have_at_most_150_lines() -> None:
    sizes = [len(module.path.read_text(encoding="utf-8").splitlines()) for module in modules()]
    assert median(sizes) <= USUAL_FILE


def test_no_function_is_longer_than_40_lines() -> None:
    long = [f"{m}:{f.lineno} {f.name} {lines(f)} lines" for m in modules() for f in functions(m.tree) if lines(f) > FUNCTION]
    assert long == []


def test_half_of_the_functions_have_at_most_8_lines() -> None:
    sizes = [lines(function) for module in modules() for function in functions(module.tree)]
    assert median(sizes) <= USUAL_FUNCTION


def test_no_rule_file_is_longer_than_80_lines() -> None:
    files = [*LABEL.glob("*/rules/*.toml"), *LABEL.glob("criteria/**/*.toml")]
    assert len(files) > 10
    sizes = {str(path.relative_to(LABEL)): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert {name: size for name, size in sizes.items() if size > RULE_FILE} == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    names = [path for path in python_files() if SRC in path.parents or ROOT / "tests" in path.parents]
    assert [str(path) for path in names if set(path.with_suffix("").relative_to(ROOT).parts) & set(NAMELESS)] == []


def test_every_module_says_in_its_first_line_what_it_is() -> None:
    without = [str(module) for module in modules() if not ast.get_docstring(module.tree)]
    assert without == []


def test_every_public_class_has_a_docstring() -> None:
    bare = [
        f"{module}:{node.lineno} {node.name}"
        for module in modules()
        for node in module.tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)
        if len(node.body) > 1  # Not, And, Or: one field, and the name says it
    ]
    assert bare == []


def test_every_dataclass_is_frozen() -> None:
    thawed = []
    for module in modules():
        for node in module.nodes:
            if isinstance(node, ast.ClassDef) and node.name not in WORKING:
                made = [ast.unparse(decorator) for decorator in node.decorator_list]
                thawed += [f"{module}:{node.lineno}" for one in made if "dataclass" in one and "frozen=True" not in one]
    assert thawed == []
