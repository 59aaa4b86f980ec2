"""Every check of an order is carried out, and every severity of the table is that of a finding somewhere."""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path

import pytest

from posology.knowledge.orders import orders
from posology.verify import CHECKS, against
from posology.verify.compare import FIRST

MODULES = sorted(path.stem for path in Path(against.__path__[0]).glob("*.py") if path.stem != "__init__")
ELSEWHERE = {"forbids"}
"""Asked of an order not to give, in place of all others."""


def checks(module: str) -> dict[str, object]:
    """The functions of one module that take a Look and give findings."""
    home = import_module(f"posology.verify.against.{module}")
    return {
        name: made
        for name, made in inspect.getmembers(home, inspect.isfunction)
        if made.__module__ == home.__name__ and not name.startswith("_")
        and list(inspect.signature(made).parameters) == ["look"] and "Finding" in str(made.__annotations__["return"])
    }  # fmt: skip


@pytest.mark.parametrize("module", MODULES)
def test_every_check_is_carried_out(module: str) -> None:
    assert {name for name, made in checks(module).items() if made not in (*CHECKS, *FIRST)} <= ELSEWHERE


def test_checks_are_found_at_all() -> None:
    assert sum(len(checks(module)) for module in MODULES) > 30


def test_every_severity_is_that_of_a_finding_somewhere() -> None:
    told = "".join(path.read_text("utf-8") for path in Path(against.__path__[0]).glob("*.py"))
    known = {f"{one.error}:{one.id}" for one in orders().elements.values()}
    assert [id for id in orders().severity if f'"{id}"' not in told and id not in known] == []
