"""Grades by CTCAE on stated facts, asked through the command line. Knows no case but by its term, and expects nothing."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from posology.cli import main
from tests.cases.words import Case, Shown, number

ULN = Decimal(40)
NORMAL = {f"{test}_baseline": Decimal(20) for test in ("alt", "ast", "bilirubin")} | {
    f"{test}_baseline_uln": ULN for test in ("alt", "ast", "bilirubin")
}
"""Otherwise all is well: liver tests before the first dose within limits, where a case says nothing else."""

TERMS = {
    "ANC x10^9/L": "anc",
    "platelets x10^9/L": "platelets",
    "ALT x ULN, normal baseline": "alt",
    "ALT": "alt",
    "bilirubin x ULN, normal baseline": "bilirubin",
    "lipase": "lipase",
}


def grades(term: str, **stated: Any) -> dict[str, int | None]:
    """The settled grade of one term by version; None where it is not settled."""
    return _grades(term, json.dumps({name: _plain(value) for name, value in stated.items()}, sort_keys=True))


@cache
def _grades(term: str, stated: str) -> dict[str, int | None]:
    with TemporaryDirectory() as folder, redirect_stdout(io.StringIO()) as out:
        path = Path(folder) / "facts.json"
        path.write_text(stated, "utf-8")
        assert main(["grade", "--facts", str(path), "--json", "--edition", "us"]) == 0
    found = next(one for one in json.loads(out.getvalue())["terms"] if one["term"] == term)
    return {one["version"]: one["grade"] for one in found["grades"]}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def times_uln(test: str, times: Any, **more: Any) -> dict[str, int | None]:
    """A multiple of the upper limit, on a normal baseline unless said otherwise."""
    return grades(test, **{test: number(times) * ULN, f"{test}_uln": ULN, **NORMAL, **more})


def graded(case: Case) -> Shown:
    """The cases of the area ctcae: a value, a multiple of the limit, or a multiple with a baseline."""
    given = case["given"]
    term = TERMS[given["term"]]
    if "x10^9/L" in given["term"]:
        found = grades(term, **{term: given["value"], f"{term}_lln": Decimal(2) if term == "anc" else Decimal(150)})
    elif "baseline_x_uln" in given:
        return _above_baseline(case, term)
    elif "symptoms" in given:
        found = times_uln(term, given["x_uln"], pancreas_symptoms=given["symptoms"])
    else:
        found = times_uln(term, given["value"])
    return {f"ctcae_{version}": found[version] for version in found} | {"ctcae_v3_grade": found["v3"]}


def _above_baseline(case: Case, term: str) -> Shown:
    """The label's rule beside the grade: it counts from the limit, whatever the baseline."""
    from tests.cases.asking import ask

    given = case["given"]
    base, now = number(given["baseline_x_uln"]), number(given["current_x_uln"])
    found = times_uln(term, now, **{f"{term}_baseline": base * ULN})
    held = ask("day_8", **{term: now * ULN, f"{term}_uln": ULN}).replies["liver"]
    rule = held.action == "interrupt" and any(finding.row == "liver_chemistry" for finding in held.findings)
    said = case["expect"]["label_rule"] if rule else held.action
    return {"ctcae_v5": found["v5"], "ratio_to_baseline": now / base, "label_rule": said}


def qtc(case: Case) -> Shown:
    given = case["given"]
    found = grades("qtc", qtcf=given["current_qtcf"], qtcf_baseline=given["baseline_qtcf"])
    return {"ctcae_v3_grade": found["v3"], "ctcae_v5_grade": found["v5"]}


def transaminases(case: Case) -> Shown:
    given = case["given"]
    ast, alt = times_uln("ast", given["ast_x_uln"]), times_uln("alt", given["alt_x_uln"])
    worst = max(filter(None, (ast["v3"], alt["v3"])), default=0)
    return {"ctcae_v5_ast_grade": ast["v5"], "ctcae_v3_ast_grade": ast["v3"], "ctcae_v3_grade": worst}
