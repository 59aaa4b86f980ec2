"""On CI a skipped test is a failure unless allowed_skips.toml lists it with its reason; elsewhere it is counted."""

import os
import tomllib
from pathlib import Path

import pytest

ALLOWED = Path(__file__).parent / "allowed_skips.toml"
skipped: dict[str, str] = {}


def allowed_skips(path: Path = ALLOWED) -> dict[str, str]:
    """Test id (or the start of one, ending in `*`) to the reason why CI may skip it."""
    rows = tomllib.loads(path.read_text(encoding="utf-8")).get("skip", []) if path.exists() else []
    without = [row["test"] for row in rows if not row.get("reason", "").strip()]
    if without:
        raise pytest.UsageError(f"{path.name}: no reason given for {', '.join(without)}")
    return {row["test"]: row["reason"] for row in rows}


def is_allowed(test: str, allowed: dict[str, str]) -> bool:
    return any(test == row or (row.endswith("*") and test.startswith(row[:-1])) for row in allowed)


def note_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        where = report.longrepr
        skipped[report.nodeid] = str(where[2] if isinstance(where, tuple) else where)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    note_skip(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    note_skip(report)


def unexplained() -> dict[str, str]:
    allowed = allowed_skips()
    return {test: why for test, why in skipped.items() if not is_allowed(test, allowed)}


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Only where the session is judged: an xdist worker forwards its reports instead."""
    on_ci = os.environ.get("CI", "").lower() in ("1", "true", "yes")
    if on_ci and exitstatus == pytest.ExitCode.OK and not hasattr(session.config, "workerinput") and unexplained():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for test, why in sorted(unexplained().items()):
        terminalreporter.write_line(f"SKIPPED {test}: {why} (a failure on CI; see tests/allowed_skips.toml)")
