"""Who may import whom, and what the lower floors may touch. Read from the syntax trees; nothing is imported to find out."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.house.sources import Module, below, called, imports, modules

FLOORS = {
    **{"units": 0, "quickly": 0, "language": 1, "record": 1, "knowledge": 2, "measures": 2, "course": 3, "dose": 3},
    **{"facts": 4, "decide": 4, "columns": 4, "plan": 5, "criteria": 5, "answer": 6, "exposure": 6, "verify": 7},
    **{"grading": 5, "medicines": 6},
    **{"say": 8, "fhir": 8, "runners": 8, "audit": 9, "ledger": 9, "access": 9, "stories": 9, "cds": 10, "web": 10},
    **{"cli": 11, "commands": 11, "api": 11, "tour": 11, "reference": 11, "__main__": 11},
}
ANYWHERE = ("version", "")
TOP = 11
FIRST_IMPURE = 8
THIRD_PARTY = {
    "sqlglot": ("columns",),
    "duckdb": ("runners",),
    "segno": ("say",),
    "polars": ("runners",),
    "pyspark": ("runners",),
    "psycopg": ("runners",),
    "sqlalchemy": ("ledger", "access"),
    "fastapi": ("web", "cds"),
    "starlette": ("web", "cds"),
    "jinja2": ("web", "cds"),
    "typst": ("say",),
    "icalendar": ("say",),
    "argon2": ("access", "cds"),
    "authlib": ("access", "cds"),
    "joserfc": ("access", "cds"),
    "scipy": ("exposure",),
}
LABEL_READER = "posology.knowledge.files"
OUTSIDE = (
    *("os", "sys", "io", "pathlib", "shutil", "tempfile", "glob", "fileinput", "subprocess", "multiprocessing", "threading"),
    *("socket", "ssl", "http", "urllib", "ftplib", "smtplib", "asyncio", "time", "random", "secrets", "uuid", "locale"),
    *("platform", "getpass", "logging", "importlib", "ctypes", "signal", "sqlite3", "webbrowser"),
)
BUILT_IN = ("open", "input", "print", "exec", "eval")
READERS = ("now", "utcnow", "today", "getenv", "read_text", "read_bytes", "urlopen")
NETWORK = ("socket", "ssl", "http", "urllib", "ftplib", "smtplib", "requests", "httpx", "aiohttp")


def ours(module: Module) -> list[tuple[int, str]]:
    """The places of the house that a module imports from."""
    found = [(line, name.split(".")) for line, name in imports(module)]
    return [(line, parts[1] if len(parts) > 1 else "") for line, parts in found if parts[0] == "posology"]


def test_every_place_in_the_house_has_a_floor() -> None:
    places = {module.place for module in modules()}
    assert places - set(FLOORS) - set(ANYWHERE) == set(), "give it a floor in design and here"


@pytest.mark.parametrize("module", [m for m in modules() if m.place not in ANYWHERE], ids=str)
def test_a_module_imports_only_from_lower_floors_and_never_from_a_sibling(module: Module) -> None:
    floor = FLOORS[module.place]
    upward = [
        f"{module}:{line} (floor {floor}) imports {place} (floor {FLOORS[place]})"
        for line, place in ours(module)
        if place not in (*ANYWHERE, module.place) and (FLOORS[place] > floor or (FLOORS[place] == floor and floor != TOP))
    ]
    assert upward == []


def test_nothing_below_the_top_imports_the_public_package_itself() -> None:
    for module in below(TOP, FLOORS):
        assert not [line for line, name in imports(module) if name == "posology"], module


def test_the_package_itself_and_its_version_import_nothing_at_the_start() -> None:
    for module in modules():
        if module.place in ANYWHERE:
            top = [node for node in module.tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
            names = {node.module for node in top if isinstance(node, ast.ImportFrom)}
            assert names <= {"__future__", "importlib", "types", "typing", "posology.version"}, module


def test_modules_form_no_circle() -> None:
    names = {module.name for module in modules()}
    graph: dict[str, set[str]] = defaultdict(set)
    for module in modules():
        if module.name == "posology":
            continue
        for _, name in imports(module):
            target = name if name in names else name.rpartition(".")[0]
            if target in names and target not in (module.name, "posology"):
                graph[module.name].add(target)
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as circle:
        pytest.fail(f"a circle: {' → '.join(circle.args[1])}")
    assert len(order) > 50


@pytest.mark.parametrize("module", modules(), ids=str)
def test_what_is_not_ours_is_imported_only_where_the_design_says(module: Module) -> None:
    strangers = []
    for line, name in imports(module):
        first = name.split(".")[0]
        if first in sys.stdlib_module_names or first in ("posology", "__future__"):
            continue
        if module.place not in THIRD_PARTY.get(first.lower(), ()):
            strangers.append(f"{module}:{line} imports {first}")
    assert strangers == []


@pytest.mark.parametrize("module", below(FIRST_IMPURE, FLOORS), ids=str)
def test_below_floor_8_nothing_reads_clock_network_environment_or_files(module: Module) -> None:
    if module.name == LABEL_READER:
        return
    outside = [f"{module}:{line} imports {name}" for line, name in imports(module) if name.split(".")[0] in OUTSIDE]
    outside += [
        f"{module}:{node.lineno} calls {called(node)}"
        for node in module.nodes
        if isinstance(node, ast.Call) and called(node) in (BUILT_IN if isinstance(node.func, ast.Name) else READERS)
    ]
    assert outside == []


def test_the_one_reader_of_label_opens_nothing_but_label() -> None:
    (reader,) = [module for module in modules() if module.name == LABEL_READER]
    opened = [node for node in reader.nodes if isinstance(node, ast.Call) and called(node) in ("open", "read_bytes")]
    assert opened
    for node in opened:
        assert isinstance(node.func, ast.Attribute), f"line {node.lineno}: bare open"
        assert ast.unparse(node.func.value) in ("path",), ast.unparse(node)


@pytest.mark.parametrize("module", modules(), ids=str)
def test_nothing_fetches_from_the_network(module: Module) -> None:
    assert [name for _, name in imports(module) if name.split(".")[0] in NETWORK] == []


def test_the_clock_is_read_in_one_module() -> None:
    clocks = {
        str(module)
        for module in modules()
        for node in module.nodes
        if isinstance(node, ast.Call) and called(node) in ("now", "utcnow", "today") and isinstance(node.func, ast.Attribute)
    }
    assert clocks == {"cli.py"}
