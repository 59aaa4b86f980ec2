"""The command line as its own process, with warnings as errors: pipes, colour, encodings, and what it imports."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from posology import stories

ROOT = Path(__file__).parents[2]
MODULE = [sys.executable, "-W", "error", "-m", "posology"]
AT = ["--at", stories.tale("first_dose").at.isoformat(), "--edition", "us", "--zone", "America/New_York"]
CLEAN = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "PYTHONWARNINGS")}
ONE_GIB = 1024**3


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("bundle") / "first_dose.json"
    path.write_text(stories.as_text(stories.bundle("first_dose")), "utf-8")
    return str(path)


def run(*arguments: str, **how: object) -> subprocess.CompletedProcess[bytes]:
    kept = {"capture_output": True, "timeout": 60, "env": CLEAN, "cwd": ROOT, **how}
    return subprocess.run([*MODULE, *arguments], **kept)  # type: ignore[call-overload,no-any-return]


def shell(line: str, **how: object) -> subprocess.CompletedProcess[bytes]:
    kept = {"capture_output": True, "timeout": 60, "env": CLEAN, "cwd": ROOT, **how}
    return subprocess.run(["bash", "-c", line, *MODULE], **kept)  # type: ignore[call-overload,no-any-return]


def test_the_process_answers_from_a_file_and_from_a_pipe_alike(bundle: str) -> None:
    of_file = run("decide", bundle, "--json", *AT)
    of_pipe = run("decide", "-", "--json", *AT, input=Path(bundle).read_bytes())
    assert of_file.returncode == of_pipe.returncode == 0 and of_file.stderr == of_pipe.stderr == b""
    assert of_file.stdout == of_pipe.stdout and json.loads(of_file.stdout)["verdict"] == "give"


@pytest.mark.parametrize("command", ["label readings --edition us", "sql --edition us", "stories list", "decide --help"])
def test_a_pipe_closed_by_its_reader_is_no_error(command: str) -> None:
    found = shell(f'"$0" "$@" {command} | head -1; echo "${{PIPESTATUS[0]}}"')
    assert found.stderr == b"" and found.stdout.splitlines()[-1] == b"0"


@pytest.mark.parametrize("to", [">&-", ">/dev/full"])
def test_where_nothing_can_be_printed_there_is_one_line_and_no_traceback(to: str, bundle: str) -> None:
    found = shell(f'"$0" "$@" decide {bundle} {" ".join(AT)} {to}')
    assert found.returncode == 2 and found.stderr.count(b"\n") == 1 and b"Traceback" not in found.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_terminal_that_cannot_print_every_letter_still_gets_the_answer(encoding: str, bundle: str) -> None:
    found = run("decide", bundle, *AT, env={**CLEAN, "PYTHONIOENCODING": encoding})
    assert (found.returncode, found.stderr) == (0, b"")
    assert b"0.8 mg/m" in found.stdout


def test_nothing_but_json_is_printed_with_json_and_never_colour(bundle: str) -> None:
    found = run("decide", bundle, "--json", *AT, env={**CLEAN, "FORCE_COLOR": "1"})
    assert b"\x1b" not in found.stdout and json.loads(found.stdout)


def printed_on_a_terminal(*arguments: str, env: dict[str, str]) -> bytes:
    """What a terminal receives."""
    leader, follower = os.openpty()
    try:
        subprocess.run([*MODULE, *arguments], stdout=follower, stderr=follower, env=env, cwd=ROOT, timeout=60, check=True)
        os.close(follower)
        found = b""
        try:
            while chunk := os.read(leader, 65536):
                found += chunk
        except OSError:  # the end of a terminal
            pass
        return found
    finally:
        os.close(leader)


def test_a_terminal_gets_colour_and_NO_COLOR_takes_it_away(bundle: str) -> None:
    arguments = ("explain", "regimen", bundle, *AT)
    assert b"\x1b[" in printed_on_a_terminal("decide", bundle, *AT, env=CLEAN)
    assert b"\x1b" not in printed_on_a_terminal("decide", bundle, *AT, env={**CLEAN, "NO_COLOR": "1"})
    assert b"\x1b" not in printed_on_a_terminal(*arguments, "--json", env=CLEAN)
    assert b"\x1b" not in run("decide", bundle, *AT).stdout


def test_a_file_without_end_is_refused_within_a_gibibyte_of_memory() -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (ONE_GIB, ONE_GIB))

    found = run("decide", "/dev/zero", *AT, preexec_fn=limited)
    assert found.returncode == 2 and found.stderr.count(b"\n") == 1 and b"bytes" in found.stderr


def test_a_refusal_in_a_process_of_its_own_is_one_line_and_exit_2() -> None:
    found = run("decide", "none.json", *AT)
    assert (found.returncode, found.stdout, found.stderr.count(b"\n")) == (2, b"", 1)


def test_the_version_costs_nothing_but_the_grammar() -> None:
    code = "import sys; from posology.cli import main; main(['--version'])\n"
    code += "print(sorted(name for name in sys.modules if name.startswith('posology')))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    version, loaded = found.stdout.splitlines()
    assert version.startswith("posology ")
    assert loaded == "['posology', 'posology.cli', 'posology.commands', 'posology.commands.flags', 'posology.version']"


def test_a_decision_imports_nothing_that_only_mistakes_advice_or_preparation_need(bundle: str) -> None:
    code = f"import sys; from posology.cli import main; main(['decide', {bundle!r}, *{AT!r}])\n"
    code += "print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(found.stdout.splitlines()[-1].split())
    ours = {f"posology.{name}" for name in ("knowledge.advice", "knowledge.preparation", "answer.advice")}
    assert "posology.answer" in loaded and not loaded & {"difflib", *ours}


@pytest.mark.parametrize(
    "before", ["", "import posology.answer", "import posology.decide, posology.plan", "from posology import stories"]
)
def test_the_public_names_are_the_functions_whatever_was_imported_before(before: str) -> None:
    code = f"{before}\nfrom posology import decide, plan, answer_question, load_bundle, Edition, Site\n"
    code += "import posology\nassert all(map(callable, (decide, plan, posology.decide, posology.plan))), (decide, plan)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert found.returncode == 0, found.stderr.splitlines()[-1]
