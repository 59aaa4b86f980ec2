"""The figures that stand by themselves are those of the United States edition, but for the few that are named here.

The mutator moves the figures of the United States edition (tests/house/score.py); a slip in the other one is found here.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from posology.knowledge.files import toml

FILES = ("product", "regimen", "monitoring", "preparation", "reproductive", "rules/regimen")
OWN = {
    ("product", "syringe", "min_mg_per_ml"): None,
    ("product", "syringe", "max_mg_per_ml"): None,
    ("product", "vial", "printed_mg"): Decimal(1),
}
"""No syringe is described in Europe, and the European carton prints what the powder holds."""


def figures(part: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Decimal]]:
    """Every number with the way to it; a row of a list goes by its id or its source, wherever it stands."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield from figures(value, (*path, key))
    elif isinstance(part, list):
        for place, value in enumerate(part):
            name = value.get("id", value.get("source", place)) if isinstance(value, dict) else place
            yield from figures(value, (*path, str(name)))
    elif isinstance(part, int | Decimal) and not isinstance(part, bool):
        yield path, Decimal(part)


@pytest.mark.parametrize("file", FILES)
def test_a_figure_of_the_european_edition_is_that_of_the_united_states_or_named_here(file: str) -> None:
    here, there = (dict(figures(toml(f"{edition}/{file}.toml"), (file,))) for edition in ("eu", "us"))
    parted = {path: here.get(path) for path in here | there if here.get(path) != there.get(path)}
    assert parted == {path: value for path, value in OWN.items() if path[0] == file}
    assert there
