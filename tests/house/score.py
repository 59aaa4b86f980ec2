"""What share of the figures of label/ is held: moved by one step, a test must fail. `python -m tests.house.score`

Conditions are moved by tests/unit and test_rule_mutants; here are the figures that stand by themselves. Each mutant runs in
a child process that sees the moved figure and runs only the tests of its area, until the first one fails.
"""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from tests.house.sources import LABEL, ROOT

UNIT, CASES = "tests/unit/test_", "tests/cases/test_"
AREAS: dict[str, list[str]] = {
    "criteria/vod/items": [f"{UNIT}criteria.py"],
    "criteria/vod/trends": [f"{UNIT}criteria.py"],
    "criteria/vod/sets_ebmt": [f"{UNIT}criteria.py", f"{UNIT}criteria_pins.py"],
    "criteria/tumour_lysis/": [f"{UNIT}criteria_lysis.py", f"{UNIT}criteria_pins.py"],
    "criteria/medicines/": [f"{UNIT}medicines.py"],
    "facts.toml": [f"{UNIT}policy.py", f"{CASES}usable_checks.py", f"{CASES}signatures.py"],
    "orders.toml": [f"{UNIT}verify.py", f"{UNIT}verify_course.py"],
    "policy.toml": [f"{UNIT}policy.py"],
    "us/monitoring.toml": [f"{UNIT}plan_due.py"],
    "us/preparation.toml": [f"{UNIT}dose_clocks.py"],
    "us/product.toml": [f"{UNIT}product.py"],
    "us/regimen.toml": [f"{UNIT}regimen.py"],
    "us/reproductive.toml": [f"{UNIT}plan_due.py"],
    "us/rules/regimen.toml": [f"{UNIT}boundaries.py"],
}  # fmt: skip
ELSEWHERE = {
    "claims/": "counts of words", "efficacy/": "counts of people", "reactions/": "counts of people",
    "requirements.toml": "numbers of issues", "search.toml": "how alike words look",
    "sources.toml": "ranks", "exposure.toml": "a model that no rule reads",
    "observables.toml": "tests/unit/test_observables.py pins every limit",
    "eu/": "tests/unit/test_editions_alike.py holds each to that of the United States, or names it",
    "criteria/vod/s": "tests/unit/test_criteria_pins.py moves windows and counts in the process",
}  # fmt: skip
"""Figures that are not moved here, and why."""
PASSED, FAILED, REFUSED, BROKEN = 0, 1, 2, 9
"""How a child ends: all tests passed, one failed, the knowledge would not load, or none of these."""


@dataclass(frozen=True, slots=True)
class Slip:
    """One figure of one file, moved by one step."""

    file: str
    path: tuple[str | int, ...]
    old: Decimal
    new: Decimal

    def __str__(self) -> str:
        return f"{self.file} {'.'.join(map(str, self.path))}: {self.old} becomes {self.new}"


def figures(part: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Decimal]]:
    """Every number below a part, with the way to it."""
    pairs = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in pairs:
        yield from figures(value, (*path, key))
    if isinstance(part, int | Decimal) and not isinstance(part, bool):
        yield path, Decimal(part)


def own(path: tuple[str | int, ...], document: Any) -> bool:
    """Not the figure of one source for a clock, where it is the one that rules: both are moved together."""
    if "figures" not in path or path[0] != "clock":
        return True
    clock = document["clock"][path[1]]
    return bool(clock["figures"][path[3]]["minutes"] != clock["minutes"])


def files() -> list[str]:
    """Every file of label/, by its name."""
    return sorted(path.relative_to(LABEL).as_posix() for path in LABEL.rglob("*.toml"))


def slips() -> Iterator[Slip]:
    """Every figure that stands by itself, one step down and one step up."""
    from posology.knowledge.files import toml

    for file in files():
        for path, old in figures(toml(file)) if file.startswith(tuple(AREAS)) else ():
            if not own(path, toml(file)):
                continue
            step = Decimal(1).scaleb(min(int(old.as_tuple().exponent), 0))
            yield from (Slip(file, path, old, old + move) for move in (-step, step))


def tests_of(file: str) -> list[str]:
    """The tests that must notice a moved figure of this file. Raises KeyError where nobody has said."""
    return next(tests for start, tests in AREAS.items() if file.startswith(start))


def move(slip: Slip) -> None:
    """Put the moved figure into what label/ is read as (kept once for each way of asking); forget what was made of it."""
    from posology.knowledge.files import toml

    for part in (toml(slip.file), toml(slip.file, None)):
        _move_in(part, slip)
    _forget()


def _move_in(part: Any, slip: Slip) -> None:
    for key in slip.path[:-1]:
        _say(part, slip)
        part = part[key]
    _say(part, slip)
    part[slip.path[-1]] = type(part[slip.path[-1]])(slip.new)


def _say(part: Any, slip: Slip) -> None:
    """A row that states its figure states the moved one, and a clock all figures that are its own."""
    if isinstance(part, dict) and "states" in part:
        part["states"] = re.sub(rf"(?<![\d.]){re.escape(str(slip.old))}(?![\d.]*\d)", str(slip.new), part["states"])
    if isinstance(part, dict) and "figures" in part and "minutes" in part:
        for one in [part, *part["figures"]]:
            if one.get("minutes") == slip.old == part["minutes"]:
                one["minutes"] = int(slip.new)


def _forget() -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith("posology"):
            for made in list(vars(module).values()):
                if getattr(made, "__name__", "") != "toml":
                    getattr(made, "cache_clear", lambda: None)()


def begun(slip: Slip) -> int:
    """A child process that runs the tests of the area with the figure moved; its exit code is pytest's."""
    child = os.fork()
    if child == 0:
        status = BROKEN
        try:
            status = _run(slip)
        finally:
            os._exit(status)
    return child


def _run(slip: Slip) -> int:
    import pytest

    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    os.dup2(sink, 2)
    os.chdir(ROOT)
    move(slip)
    return int(pytest.main(["-x", "-q", "-W", "ignore::pytest.PytestAssertRewriteWarning", *tests_of(slip.file)]))


def unmoved(start: str) -> Slip:
    """A slip of an area that moves nothing: its tests must all pass, else they would notice anything."""
    slip = next(one for one in slips() if one.file.startswith(start))
    return replace(slip, new=slip.old)


def unnoticed(asked: Iterable[Slip]) -> list[Slip]:
    """Those that no test notices. Raises RuntimeError where a child ends in another way than by its tests."""
    for name in ("pytest", "hypothesis", "jsonschema", "posology.cli", "posology.api"):
        importlib.import_module(name)
    waiting, running, found = list(asked), dict[int, Slip](), list[Slip]()
    while waiting or running:
        while waiting and len(running) < (os.cpu_count() or 1):
            slip = waiting.pop(0)
            running[begun(slip)] = slip
        child, ended = os.wait()
        slip, code = running.pop(child), os.waitstatus_to_exitcode(ended)
        if code not in (PASSED, FAILED, REFUSED):
            raise RuntimeError(f"{slip}: pytest ended with {code}")
        found += [slip] * (code == PASSED)
    return found


def main(starts: list[str]) -> int:
    """Print the score, and every figure that may be moved unnoticed; of the files that start so, or of all."""
    asked = [slip for slip in slips() if not starts or slip.file.startswith(tuple(starts))]
    areas = [start for start in AREAS if any(slip.file.startswith(start) for slip in asked)]
    broken = [slip.file for slip in set(map(unmoved, areas)) - set(unnoticed(map(unmoved, areas)))]
    alive = unnoticed(asked)
    for start in areas:
        here = [slip for slip in asked if slip.file.startswith(start)]
        fails = " BUT ITS TESTS FAIL UNMOVED" if any(file.startswith(start) for file in broken) else ""
        print(f"{start}: {len(set(here) - set(alive))} of {len(here)} noticed{fails}")
    for slip in alive:
        print(f"  unnoticed: {slip}")
    print(f"score: {len(asked) - len(alive)} of {len(asked)} figures moved by one step are noticed")
    return bool(alive or broken)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
