"""What a package offers is what its `__all__` says, sorted, each name used or public; and no two tests share a name."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from importlib import import_module

import pytest

import posology
from tests.house.sources import ROOT, SRC, Module, functions, modules, python_files

PACKAGES = [module for module in modules() if module.path.name == "__init__.py"]
OPTIONAL = ("runners",)


@pytest.mark.parametrize("package", [p for p in PACKAGES if p.place not in OPTIONAL], ids=lambda package: package.name)
def test_a_package_offers_exactly_what_all_says(package: Module) -> None:
    offered = import_module(package.name)
    listed = getattr(offered, "__all__", ())
    assert list(listed) == sorted(listed, key=_order) and len(set(listed)) == len(listed)
    assert all(getattr(offered, name, None) is not None for name in listed)
    late = [node for one in package.tree.body if isinstance(one, ast.If) for node in one.body]  # imported when asked for
    top = [node for node in (*package.tree.body, *late) if isinstance(node, ast.ImportFrom)]
    imported = {
        alias.asname or alias.name for node in top for alias in node.names if str(node.module).startswith("posology.")
    }
    if package.name != "posology":
        assert imported == set(listed)


def _order(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions, as the linter sorts them."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def test_every_folder_of_modules_is_a_package() -> None:
    assert {path.parent for path in SRC.rglob("*.py")} == {package.path.parent for package in PACKAGES}


def test_the_public_interface_is_the_contracts() -> None:
    assert {"Edition", "Site", "answer_question", "decide", "load_bundle", "plan"} <= set(posology.__all__)


@pytest.mark.parametrize(
    "first", ["", "import posology.answer", "import posology.decide, posology.plan", "import posology.api"]
)
def test_a_public_name_is_the_public_object_whatever_was_imported_before(first: str) -> None:
    """`decide` and `plan` are also packages of that name: importing those must not take the functions' place."""
    names = [name for name in posology.__all__ if not name.startswith("__")]
    code = f"{first}\nfrom posology import {', '.join(names)}\nimport posology.api as api\n" + "".join(
        f"assert {name} is api.{name}, {name}\n" for name in names
    )
    ran = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr.splitlines()[-1]


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'decied'"):
        posology.decied  # noqa: B018


def test_the_package_says_that_it_is_typed() -> None:
    assert (SRC / "py.typed").exists()


def named_in(module: ast.Module) -> list[str]:
    return [function.name for function in functions(module) if function.name.startswith("test_")]


TEST_FILES = [path for path in python_files() if ROOT / "tests" in path.parents and path.name.startswith("test_")]


@pytest.mark.parametrize("path", TEST_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_test_hides_another_of_the_same_name(path: object) -> None:
    names = Counter(named_in(ast.parse(path.read_text(encoding="utf-8"))))  # type: ignore[attr-defined]
    assert [name for name, times in names.items() if times > 1] == []


def test_a_test_name_is_a_sentence() -> None:
    short = [
        f"{path.name}: {name}"
        for path in TEST_FILES
        for name in named_in(ast.parse(path.read_text(encoding="utf-8")))
        if name.count("_") < 3
    ]
    assert short == []


def test_no_test_is_skipped_or_expected_to_fail_without_a_reason() -> None:
    for path in TEST_FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("mark.skip", "mark.skipif", "mark.xfail")):
                assert "reason" in {keyword.arg for keyword in node.keywords}, f"{path.name}:{node.lineno}"
