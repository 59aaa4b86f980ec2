"""The named stories: what each tells, at which moment, and what a careful pharmacist would expect there."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from posology.stories.charting import resources
from posology.stories.clinic import read_toml
from posology.stories.dates import moment, on, starts
from posology.stories.resources import Product
from posology.stories.script import BadTale, Script, script
from posology.stories.writing import as_text, bundle_of


@dataclass(frozen=True, slots=True)
class Expect:
    """What a careful pharmacist would expect: the verdict, mg/m2 where a dose may be shown, and why."""

    verdict: str
    dose_mg_per_m2: Decimal | None
    because: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Tale:
    """One story as people read it. `at` is the moment of decision, aware of its zone."""

    name: str
    title: str
    about: str
    at: datetime
    edition: str
    zone: str
    expect: Expect


@cache
def names() -> tuple[str, ...]:
    """The names of all stories, in alphabetical order."""
    found = files("posology.stories").joinpath("tales").iterdir()
    return tuple(sorted(each.name.removesuffix(".toml") for each in found if each.name.endswith(".toml")))


@cache
def _table(name: str) -> Mapping[str, Any]:
    if name not in names():
        raise BadTale(f"no story is called {name!r}; `posology stories list` names them all")
    return read_toml("tales", f"{name}.toml")


@cache
def _script(name: str) -> Script:
    return script(name, _table(name))


def tale(name: str) -> Tale:
    """One story. Raises `BadTale` where there is none of that name."""
    table, told = _table(name), _script(name)
    expected = table["expect"]
    dose = expected.get("dose_mg_per_m2")
    return Tale(
        name=name,
        title=table["title"],
        about=table["about"],
        at=decision(told),
        edition=table["edition"],
        zone=table["zone"],
        expect=Expect(
            verdict=expected["verdict"],
            dose_mg_per_m2=None if dose is None else Decimal(dose),
            because=tuple(expected["because"]),
            sentence=expected["sentence"],
        ),
    )


def decision(story: Script) -> datetime:
    """The moment of decision of a course: the clinic's morning of its last day."""
    return moment(on(starts(story), story.at), "decision", story.zone)


@cache
def product(edition: str) -> Product:
    """The drug of an edition, by the codes of its label."""
    text = files("posology").joinpath("label", edition, "product.toml").read_text("utf-8")
    table = tomllib.loads(text, parse_float=Decimal)
    return Product(rxnorm=table["rxnorm"], atc=table["atc"], name=table["name"])


def bundle(name: str, seed: int = 0) -> dict[str, Any]:
    """The FHIR bundle of a story; equal seeds give equal bundles. Numbers are `Decimal`. Raises `BadTale`."""
    drug = product(_table(name)["edition"])
    return bundle_of(resources(_script(name), seed, drug))


def write(folder: Path | str) -> tuple[Path, ...]:
    """Writes every story as `<name>.json` into the folder, which is made if need be; returns the paths."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for name in names():
        path = target / f"{name}.json"
        path.write_text(as_text(bundle(name)), "utf-8")
        written.append(path)
    return tuple(written)
