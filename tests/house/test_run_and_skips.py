"""Pieces of run.py and the rule that CI allows no unexplained skip. Nothing is installed here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import run
from tests import conftest
from tests.house.sources import ROOT


def ran(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(ROOT / "run.py"), *words], capture_output=True, text=True, cwd=cwd)


def test_run_py_needs_nothing_but_the_standard_library() -> None:
    code = "import sys; sys.path.insert(0, '.'); import run; print(run.HELP)"
    done = subprocess.run([sys.executable, "-S", "-I", "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0 or "No module named 'run'" not in done.stderr
    alone = subprocess.run([sys.executable, "-S", str(ROOT / "run.py"), "help"], capture_output=True, text=True)
    assert alone.returncode == 0 and alone.stdout.startswith("python3 run.py COMMAND")


@pytest.mark.parametrize("word", ["help", "--help", "-h"])
def test_help_is_printed_from_any_folder_without_an_environment(word: str, tmp_path: Path) -> None:
    done = ran(word, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "") and "demo" in done.stdout and "--long" in done.stdout


def test_an_unknown_command_is_one_line_that_lists_the_commands() -> None:
    done = ran("dmeo")
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.strip() == "run.py: no command 'dmeo'; there is: help, test, bench, lint, demo, posology, docs"


def test_every_command_of_the_help_is_known_and_every_known_one_is_in_the_help() -> None:
    told = ran("nothing-like-it").stderr.partition("there is: ")[2].strip().split(", ")
    assert all(any(line.startswith(f"  {word} ") for line in run.HELP.splitlines()) for word in told)


def test_a_layer_is_installed_again_once_its_pins_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "pyproject.toml").write_text("a")
    for layer in ("core", "test"):
        (tmp_path / "requirements" / f"{layer}.txt").write_text("one")
    monkeypatch.setattr(run, "ROOT", tmp_path)
    core, test = run.fingerprint("core"), run.fingerprint("test")
    assert core == run.fingerprint("core") != test
    (tmp_path / "requirements" / "test.txt").write_text("two")
    assert run.fingerprint("test") != test and run.fingerprint("core") == core
    (tmp_path / "pyproject.toml").write_text("b")
    assert run.fingerprint("core") != core


def test_a_layer_without_its_stamp_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "VENV", tmp_path)
    monkeypatch.setattr(run, "PYTHON", Path(sys.executable))
    assert not run.is_installed("core")
    (tmp_path / "installed-core").write_text(run.fingerprint("core"))
    assert run.is_installed("core")
    (tmp_path / "installed-core").write_text("an older one")
    assert not run.is_installed("core")


def test_pip_variables_that_would_spoil_an_environment_are_not_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIP_TARGET", "PIP_USER", "PYTHONPATH", "PYTHONHOME"):
        monkeypatch.setenv(name, "/somewhere")
    monkeypatch.setattr(run, "pip_settings", lambda: {"index-url": "https://index.example/simple", "cert": "/c.pem"})
    monkeypatch.delenv("UV_INDEX_URL", raising=False)
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    found = run.download_environment()
    assert not {"PIP_TARGET", "PYTHONPATH", "PYTHONHOME"} & set(found) and found["PIP_USER"] == "0"
    assert found["UV_DEFAULT_INDEX"] == "https://index.example/simple" and found["SSL_CERT_FILE"] == "/c.pem"


def test_what_is_set_for_uv_already_wins_over_pips_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://mine.example/simple")
    monkeypatch.setattr(run, "pip_settings", lambda: {"index-url": "https://pips.example/simple"})
    assert run.download_environment()["UV_DEFAULT_INDEX"] == "https://mine.example/simple"


def test_a_slow_step_that_fails_tells_its_most_telling_line() -> None:
    code = "import sys; print('working'); print('error: no such package', file=sys.stderr); print('later'); sys.exit(3)"
    with pytest.raises(run.Trouble, match="error: no such package"):
        run.slow("trying", [sys.executable, "-c", code], dict(os.environ))


def test_a_quick_command_that_cannot_run_says_nothing() -> None:
    assert run.quick("/no/such/program") == ""
    assert run.quick(sys.executable, "-c", "print(41); raise SystemExit(1)") == ""
    assert run.quick(sys.executable, "-c", "print(42)").strip() == "42"


def test_every_pinned_requirement_has_its_hash_and_no_address() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith((" ", "#"))]
        assert lines and all("==" in line for line in lines), path.name
        assert path.read_text(encoding="utf-8").count("--hash=sha256:") >= len(lines), path.name
        assert "://" not in path.read_text(encoding="utf-8"), path.name


# --- the skip gate ---------------------------------------------------------------------------------------------------


def listed(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "allowed.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_skip_is_allowed_by_its_name_or_by_its_start_only() -> None:
    allowed = {"tests/a.py::test_one": "why", "tests/browser/*": "why"}
    assert conftest.is_allowed("tests/a.py::test_one", allowed)
    assert conftest.is_allowed("tests/browser/test_page.py::test_it", allowed)
    assert not conftest.is_allowed("tests/a.py::test_one_more", allowed)
    assert not conftest.is_allowed("tests/b.py::test_one", allowed)


def test_a_skip_listed_without_a_reason_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(pytest.UsageError, match=r"allowed.toml: no reason given for tests/a.py"):
        conftest.allowed_skips(listed(tmp_path, '[[skip]]\ntest = "tests/a.py"\nreason = " "\n'))


def test_a_list_that_is_not_there_allows_nothing(tmp_path: Path) -> None:
    assert conftest.allowed_skips(tmp_path / "none.toml") == {}
    assert conftest.allowed_skips(listed(tmp_path, '[[skip]]\ntest = "x"\nreason = "why"\n')) == {"x": "why"}


SKIPS = "import pytest\n\n\ndef test_it():\n    pytest.skip('no browser')\n"


@pytest.mark.parametrize(("ci", "allowed", "code"), [("true", "", 1), ("true", "test_it*", 0), ("", "", 0)])
def test_on_ci_a_skip_fails_the_run_unless_it_is_listed(tmp_path: Path, ci: str, allowed: str, code: int) -> None:
    gate = (ROOT / "tests" / "conftest.py").read_text(encoding="utf-8")
    (tmp_path / "conftest.py").write_text(gate, encoding="utf-8")
    (tmp_path / "test_it.py").write_text(SKIPS, encoding="utf-8")
    if allowed:
        (tmp_path / "allowed_skips.toml").write_text(f'[[skip]]\ntest = "{allowed}"\nreason = "no browser here"\n')
    env = {**os.environ, "CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=tmp_path)
    assert done.returncode == code, done.stdout
    assert ("SKIPPED test_it.py::test_it: " in done.stdout) is not bool(allowed)
