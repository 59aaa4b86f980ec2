"""Cases asked on the command line: what `--json` prints. Returns it in the case's words."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from decimal import Decimal
from typing import Any

from posology.cli import main
from posology.dose import duration_min
from tests.cases.words import Case, Shown, number, said

HELD = {"20-25 C": ["--held", "room"], "2-8 C": ["--held", "refrigerated"], None: []}
UTC = ["--zone", "UTC", "--edition", "us"]


def printed(*arguments: str) -> Any:
    """What one command prints as JSON. Raises AssertionError with the line that refused it."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([*arguments, "--json"])
    assert code in (0, 3), err.getvalue()
    return json.loads(out.getvalue(), parse_float=Decimal)


def _minute(text: str | None) -> str | None:
    """A moment of Greenwich as the cases write it."""
    return text[: len("2025-03-03T08:00")] if text else None


def clocks(case: Case) -> Shown:
    given = case["given"]
    flags = {"--diluted": "diluted", "--start": "infusion_start", "--end": "infusion_end"}
    told = [part for flag, key in flags.items() if key in given for part in (flag, given[key])]
    made = printed("clocks", "--reconstituted", given["reconstituted"], *told, *HELD[given.get("diluted_held_at")], *UTC)
    broken = {limit["clock"] for limit in made["limits"] if limit["broken"]}
    meant = {"dilute_in_time"} if "reconstitution to dilution" in case["expect"].get("reason", "") else {
        "end_after_reconstitution", "diluted_at_room"}  # fmt: skip
    return {
        "valid": made["valid"],
        "latest_dilution": _minute(made["dilute_by"]),
        "latest_out_of_fridge": _minute(made["out_of_fridge_by"]),
        "latest_start": _minute(made["latest_start"]),
        "latest_end": _minute(made["latest_end"]),
        "ask": said(case, "ask", made["asks"] == ["diluted_held_at"], made["asks"]),
        "reason": said(case, "reason", broken == meant and made["says"].startswith("DISCARD"), made["says"]),
    }


def diluent(case: Case) -> Shown:
    made = printed("clocks", "--reconstituted", "2025-03-03T08:00", "--diluent", case["given"]["diluent"], *UTC)["diluent"]
    allowed = made["allowed"].replace(" %", "%")
    return {"valid": made["valid"], "allowed": allowed}


def resumed(case: Case) -> Shown:
    given = case["given"]
    times = {"--reconstituted": "reconstituted", "--diluted": "diluted", "--start": "infusion_start",
             "--stopped": "stopped_at", "--resume": "resume_at", "--dose-mg": "dose_mg", "--volume-ml": "volume_ml",
             "--rate-ml-h": "rate_ml_h"}  # fmt: skip
    told = [part for flag, key in times.items() for part in (flag, str(given[key]))]
    made = printed("clocks", *told, *HELD[given["diluted_held_at"]], *UTC)
    rest = made["resumed"]
    return {
        "delivered_ml": number(rest["delivered_ml"]),
        "delivered_mg": number(rest["delivered_mg"]),
        "recomputed_end": _minute(rest["recomputed_end"]),
        "latest_end": _minute(rest["latest_end"]),
        "may_resume": rest["may_resume"] and made["valid"],
        "observe_until": _minute(rest["observe_until"]),
    }


def infusion(case: Case) -> Shown:
    made = printed("clocks", "--reconstituted", "2025-03-03T08:00", *UTC)
    length = duration_min(number(case["given"]["volume_ml"]), number(case["given"]["rate_ml_h"]))
    assert length == made["infusion_minutes"], "the label's own length"
    return {"duration_min": length, "observe_min_after": made["observe_minutes"], "chair_time_min": made["chair_minutes"]}
