"""The command line from nothing to exit, against the interpreter that does nothing. Bytecode is there, as once installed."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from _interleaved import Pair, starts_in_turn

from posology import stories
from posology.stories.writing import as_text


def measured(story: str, samples: int) -> dict[str, Pair]:
    """`--help` and `decide` on one bundle, each against `-c pass` of the same interpreter."""
    tale = stories.tale(story)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "patient.json"
        path.write_text(as_text(stories.bundle(story)), "utf-8")
        env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        env["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "bytecode")
        ours = [sys.executable, "-m", "posology"]
        nothing = [sys.executable, "-c", "pass"]
        where = ["--at", tale.at.isoformat(), "--edition", tale.edition, "--zone", tale.zone]
        return {
            "start_help": starts_in_turn([*ours, "--help"], nothing, env, samples),
            "start_decide": starts_in_turn([*ours, "decide", str(path), *where], nothing, env, samples),
        }
