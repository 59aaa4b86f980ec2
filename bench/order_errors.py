"""Thousands of orders made wrong on purpose, and as many right ones: what verify finds, beside two checks without a record.

`--write` keeps the figures in order_errors.json and in docs/explanation/order-errors.md. Fails on a missed bar.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from random import Random
from typing import Any

import _order_page
from _order_moments import TOLD, Moment, moments
from _order_request import agrees
from _order_score import CLASSES, SLIPS, Score, Tally, count_clean, count_errors, count_pairs, injections, wilson

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "explanation" / "order-errors.md"
SEED = 20261125


def scored(size: str) -> tuple[Score, dict[str, int]]:
    """Everything counted at one size, and how many of a sample agree with the whole way through FHIR."""
    asked, score = TOLD["sizes"][size], Score()
    told = moments(asked["seeds"])
    count_errors(score, told, asked["each"], SEED)
    count_clean(score, told, asked["clean"], SEED)
    count_pairs(score, told, asked["pairs"], SEED)
    return score, through_fhir(told, asked["through_fhir"])


def through_fhir(told: tuple[Moment, ...], many: int) -> dict[str, int]:
    """A sample of the errors as resources in a bundle, every form in turn."""
    luck, agreed, tried = Random(SEED), 0, 0
    each = -(-many // len(SLIPS))
    for slip in luck.sample(SLIPS, min(many, len(SLIPS))):
        for at, case in injections(slip, told, each, SEED + 1):
            tried += 1
            agreed += agrees(at, case)
    return {"tried": tried, "agreed": agreed}


def share(found: int, of: int) -> dict[str, Any]:
    low, high = wilson(found, of)
    return {
        "found": found,
        "of": of,
        "share": round(found / of, 5) if of else None,
        "from": round(low, 5),
        "to": round(high, 5),
    }


def summed(score: Score, error: str) -> Tally:
    forms = [tally for (name, _), tally in score.forms.items() if name == error]
    return Tally(*(sum(getattr(one, name) for one in forms) for name in Tally.__dataclass_fields__))


def figures(score: Score, fhir: dict[str, int]) -> dict[str, Any]:
    """All that is published. The same on every machine."""
    classes = {}
    for error in CLASSES:
        one, right = summed(score, error), score.true[error]
        classes[error] = {
            "recall": share(one.named, one.injected),
            "caught": share(one.caught, one.injected),
            "precision": share(right, right + score.false[error]),
            "range": share(one.by_range, one.injected),
            "template": share(one.by_template, one.injected),
        }
    forms = [
        {"class": error, "form": form, **{key: getattr(tally, key) for key in Tally.__dataclass_fields__}}
        for (error, form), tally in sorted(score.forms.items())
    ]
    total = Tally(*(sum(getattr(one, key) for one in score.forms.values()) for key in Tally.__dataclass_fields__))
    clean = {
        "false_stops": share(score.false_stops, score.clean),
        "false_alarms": share(score.false_alarms, score.clean),
        "range": share(score.range_stops, score.clean),
        "template": share(score.template_stops, score.clean),
    }
    pairs = {"caught": share(score.pairs_caught, score.pairs), "both_named": share(score.pairs_named, score.pairs)}
    astray = [{"on": on, "named": named, "times": times} for (on, named), times in sorted(score.astray.items())]
    return {
        "seed": SEED, "classes": classes, "forms": forms, "total": vars(total), "clean": clean, "pairs": pairs,
        "through_fhir": fhir, "false_alarms": astray,
    }  # fmt: skip


def missed(found: dict[str, Any]) -> list[str]:
    """The bars that are not met, in words."""
    bars, clean = TOLD["bars"], found["clean"]["false_stops"]
    low = [f"recall of {name}" for name, row in found["classes"].items() if row["recall"]["share"] < float(bars["recall"])]
    late = ["false stops on clean orders"] if clean["share"] > float(bars["false_stops"]) else []
    apart = ["the way through FHIR"] if found["through_fhir"]["tried"] != found["through_fhir"]["agreed"] else []
    return [*low, *late, *apart]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--write", action="store_true", help="keep the figures in order_errors.json and on the page")
    arguments.add_argument("--size", choices=list(TOLD["sizes"]), default="full", help="tiny only shows that it runs")
    asked = arguments.parse_args()
    found = figures(*scored(asked.size))
    print(_order_page.summary(found))
    failed = missed(found)
    print(f"\nnot met: {', '.join(failed)}" if failed else "\nevery bar is met")
    if asked.write:
        (HERE / "order_errors.json").write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
        PAGE.write_text(_order_page.page(found), "utf-8")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
