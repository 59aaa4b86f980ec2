"""Every measurement of bars.toml in one run and one table; `--write` keeps the figures in last.json. Fails on a missed bar.

Both sides of a ratio run in turn, in one run, in CPU time; what is shown is the median of each.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import _bundle
import _decision
import _start
from _interleaved import Pair

HERE = Path(__file__).parent
BARS: dict[str, Any] = tomllib.loads((HERE / "bars.toml").read_text("utf-8"))
HEAD = ("measured", "ours µs", "theirs µs", "ratio", "bar", "")


def pairs(size: str) -> dict[str, Pair]:
    """Every pair of medians by the name of its bar; `size` is a key of bars.toml's sizes."""
    n, told = BARS["sizes"][size], BARS["stories"]
    decisions = {
        f"decision_{kind}": _decision.measured(told[kind], n["samples"], n["calls"])
        for kind in ("green", "interrupt", "ask")
    }
    bundles = _bundle.measured(told["bundle"], told["observations"], n["samples"], n["bundles"])
    return {**decisions, **bundles, **_start.measured(told["bundle"], n["starts"])}


def judged(name: str, pair: Pair) -> dict[str, Any]:
    """One line of the table: medians, ratio, bar, met or not."""
    row = BARS[name]
    most = row["at"] == "most"
    ratio = pair.ours / pair.theirs if most else pair.theirs / pair.ours
    met = ratio <= row["bar"] if most else ratio >= row["bar"]
    bar = f"{'≤' if most else '≥'} {row['bar']} ×"
    figures = {"ours_us": round(pair.ours, 1), "theirs_us": round(pair.theirs, 1), "ratio": round(ratio, 1)}
    return {"name": name, "says": row["says"], **figures, "bar": bar, "met": met}


def table(rows: list[dict[str, Any]]) -> str:
    """The rows as text, columns aligned."""
    cells = [HEAD]
    for row in rows:
        shown = (f"{row['ours_us']:,}", f"{row['theirs_us']:,}", f"{row['ratio']} ×")
        cells.append((row["says"], *shown, row["bar"], "met" if row["met"] else "NOT MET"))
    widths = [max(len(line[place]) for line in cells) for place in range(len(HEAD))]
    return "\n".join(_aligned(line, widths) for line in cells)


def _aligned(line: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (f"{cell:{width}}" for cell, width in zip(line, widths, strict=True))
    return "  ".join([first, *(cell.strip().rjust(len(cell)) for cell in rest)])


def machine() -> str:
    """The machine in one line, with how busy it is: figures from a busy one are worth less."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if "model name" in line]
    cpu = named[0] if named else platform.processor() or platform.machine()
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "?"
    return f"{cpu}, {os.cpu_count()} cores, load {load}, {platform.system()}, Python {platform.python_version()}"


def written(rows: list[dict[str, Any]], where: str) -> Mapping[str, Any]:
    return {"date": datetime.now(UTC).date().isoformat(), "machine": where, "time": "CPU, medians", "rows": rows}


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--write", action="store_true", help="keep the figures in bench/last.json")
    arguments.add_argument("--size", choices=list(BARS["sizes"]), default="full", help="tiny only shows that it runs")
    asked = arguments.parse_args()
    where = machine()
    rows = [judged(name, pair) for name, pair in pairs(asked.size).items()]
    print(f"{table(rows)}\n\n{where}")
    if asked.write:
        text = json.dumps(written(rows, where), ensure_ascii=False, indent=2)
        (HERE / "last.json").write_text(text + "\n", "utf-8")
    return int(asked.size == "full" and not all(row["met"] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
