"""The files of the project as the house tests see them: modules, syntax trees, imports. Judges nothing."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "posology"
LABEL = SRC / "label"
MADE = (".venv", ".tools", ".git", "__pycache__", ".mypy_cache", ".ruff_cache", ".hypothesis", ".pytest_cache")


@dataclass(frozen=True, eq=False)
class Module:
    """One Python file below src/posology: its dotted name, its place on the floors, its syntax tree."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def place(self) -> str:
        """The package or top-level module it belongs to; empty for `posology` itself."""
        return self.name.split(".")[1] if "." in self.name else ""

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the tree: walked once, looked through by many tests."""
        return tuple(ast.walk(self.tree))

    def __str__(self) -> str:
        return str(self.path.relative_to(SRC))


@cache
def modules() -> tuple[Module, ...]:
    return tuple(_module(path) for path in sorted(SRC.rglob("*.py")))


def _module(path: Path) -> Module:
    parts = path.relative_to(SRC.parent).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(name, path, ast.parse(path.read_text(encoding="utf-8")))


def below(floor: int, floors: dict[str, int]) -> list[Module]:
    """The modules of every floor under this one, in order."""
    return [module for module in modules() if floors.get(module.place, floor) < floor]


@cache
def imports(module: Module) -> tuple[tuple[int, str], ...]:
    """Every import, wherever it stands, as line and dotted name; `import_module("…")` counts too."""
    return tuple(_imports(module))


def _imports(module: Module) -> Iterator[tuple[int, str]]:
    for node in module.nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and called(node) in ("import_module", "__import__"):
            named = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            yield from ((node.lineno, name) for name in named)


def called(node: ast.Call) -> str:
    """The bare name of what is called: `b` for a.b(…)."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def tracked() -> list[Path]:
    """Every file that git would hold; without git, every file that no tool made."""
    git = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(git, capture_output=True, check=True).stdout.decode().split("\0")
    except (OSError, subprocess.CalledProcessError):
        found = [path for path in ROOT.rglob("*") if not set(path.relative_to(ROOT).parts) & set(MADE)]
    else:
        found = [ROOT / name for name in listed if name]
    return sorted(path for path in found if path.is_file())


def python_files() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py"]
