"""Makes posology's environment in .venv, then hands over to it. Standard library only; it decides nothing clinical."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

HELP = """\
python3 run.py COMMAND

  demo                   three example patients, walked through in this terminal
  posology ARGS...       the command line, for example: posology decide examples/gilbert.json
  test [--long] [ARGS]   the tests; ARGS go to pytest, --long adds the slow ones
  lint                   ruff and mypy --strict
  bench [NAME]           measure; without NAME, everything in bench/
  docs                   write docs/reference again from the code
  help                   this text

The first run makes an environment in .venv (its installer, uv, in .tools).
It needs Python 3.11 or newer, and pip, uv or the venv module."""

ROOT = Path(__file__).resolve().parent
VENV, TOOLS = ROOT / ".venv", ROOT / ".tools"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OWN_UV = TOOLS / "bin" / "uv"
VERSION = repr(sys.version_info[:2])


class Trouble(Exception):
    """Something the reader can act on, in one line."""


def tell(words: str, end: str = "\n") -> None:
    print(words, end=end, file=sys.stderr, flush=True)


def quick(*command: str | Path) -> str:
    """What a quick command prints; empty where it cannot be run or fails."""
    silence = subprocess.DEVNULL
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        return subprocess.check_output([*map(str, command)], stdin=silence, stderr=silence, text=True)
    return ""


def slow(doing: str, command: Sequence[str | Path], env: dict[str, str]) -> None:
    """Run a long command quietly while the seconds count; raise Trouble with its most telling line if it fails."""
    live, began, said = sys.stderr.isatty(), time.monotonic(), 0
    tell(f"  {doing} ...", end="" if live else "\n")
    with tempfile.TemporaryFile() as log:
        with subprocess.Popen([*map(str, command)], env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log) as child:
            while child.poll() is None:
                time.sleep(0.05)
                seconds = int(time.monotonic() - began)
                if seconds >= said + (1 if live else 5):
                    said = seconds
                    tell(f"\r  {doing} ... {seconds} s", end="" if live else "\n")
        if live:
            tell(f"\r  {doing} ... {'failed' if child.returncode else 'done'}, {time.monotonic() - began:.1f} s")
        if child.returncode:
            log.seek(0)
            lines = [line.strip() for line in log.read().decode("utf-8", "replace").splitlines() if line.strip()]
            marked = [line for line in lines if line.lower().startswith(("error", "cause"))]
            raise Trouble((marked or lines or [f"exit code {child.returncode}"])[-1][:300])


def pip_settings() -> dict[str, str]:
    """pip's settings on this machine, from its files and PIP_ variables (these win), by name."""
    found: dict[str, dict[str, str]] = {}
    for line in quick(sys.executable, "-m", "pip", "config", "list").splitlines():
        key, _, value = line.partition("=")
        scope, _, name = key.rpartition(".")
        with contextlib.suppress(ValueError, SyntaxError):
            found.setdefault(scope, {})[name] = " ".join(str(ast.literal_eval(value)).split())
    return {**found.get("global", {}), **found.get("install", {}), **found.get(":env:", {})}


def download_environment() -> dict[str, str]:
    """Variables for uv and pip. uv does not read pip's settings, so they are handed to it; what is set already wins."""
    pip = pip_settings()
    ignored = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_REQUIRE_VIRTUALENV", "PYTHONHOME", "PYTHONPATH")
    env = {name: value for name, value in os.environ.items() if name not in ignored}
    # Hospitals inspect TLS: the system's certificates know the proxy's, the bundled ones do not.
    certificates = pip.get("cert") or env.get("SSL_CERT_FILE") or "/etc/ssl/certs/ca-certificates.crt"
    wanted = {
        **{"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"},  # one wish, by its new and its old name
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_DEFAULT_INDEX": "" if "UV_INDEX_URL" in env else pip.get("index-url", ""),
        "UV_INDEX": pip.get("extra-index-url", ""),
        # Like pip, take a pinned version from whichever index has it: the hashes say that it is the right file.
        "UV_INDEX_STRATEGY": "unsafe-best-match" if "extra-index-url" in pip else "",
        "UV_FIND_LINKS": ",".join(pip.get("find-links", "").split()),
        "UV_NO_INDEX": "1" if pip.get("no-index", "").lower() in ("1", "true", "yes", "on") else "",
        "UV_INSECURE_HOST": pip.get("trusted-host", ""),
        "SSL_CERT_FILE": pip.get("cert", ""),
        "PIP_CERT": certificates if Path(certificates).is_file() else "",
        **{"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"},  # they make no sense inside an environment
    }
    return {**{name: value for name, value in wanted.items() if value}, **env}


def pins(layer: str) -> Path:
    return ROOT / "requirements" / f"{layer}.txt"


def fingerprint(layer: str) -> str:
    """Differs once a layer must be installed again: its pins, the project file, Python or the folder changed."""
    project = (ROOT / "pyproject.toml").read_bytes() if layer == "core" else b""
    return hashlib.sha256(b"\0".join((VERSION.encode(), bytes(ROOT), pins(layer).read_bytes(), project))).hexdigest()


def is_installed(layer: str) -> bool:
    stamp = VENV / f"installed-{layer}"
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == fingerprint(layer)


def install(installer: Sequence[str | Path], layers: list[str], env: dict[str, str]) -> None:
    """Install the pinned, hashed packages of these layers and, with the core, posology itself."""
    pinned = [part for layer in layers for part in ("-r", pins(layer))]
    slow(f"downloading and checking packages ({', '.join(layers)})", [*installer, "--require-hashes", *pinned], env)
    if "core" in layers:  # built by the pinned hatchling that was just installed, not by one fetched unseen
        slow("adding posology itself", [*installer, "--no-deps", "--no-build-isolation", "-e", ROOT], env)


def with_uv(layers: list[str], env: dict[str, str]) -> None:
    uv = next((tool for tool in (shutil.which("uv") or "", str(OWN_UV)) if quick(tool, "--version")), "")
    if not uv:
        fetch = [sys.executable, "-m", "pip", "install", "--upgrade", "--target", str(TOOLS), "--only-binary", ":all:"]
        slow("fetching the installer, uv, into .tools", [*fetch, "--require-hashes", "-r", pins("uv")], env)
        uv = str(OWN_UV)
    if not PYTHON.exists():
        slow("making .venv", [uv, "venv", "--allow-existing", "--python", sys.executable, VENV], env)
    install([uv, "pip", "install", "--python", PYTHON], layers, env)


def with_pip(layers: list[str], env: dict[str, str]) -> None:
    """Debian without python3-venv can still make a bare environment, and fill it with the system's pip."""
    inside, outside = [str(PYTHON), "-m", "pip"], [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    if not PYTHON.exists():
        bare = [] if quick(sys.executable, "-c", "import ensurepip; print(True)") else ["--without-pip"]
        slow("making .venv", [sys.executable, "-m", "venv", "--clear", *bare, VENV], env)
    install([*(inside if quick(*inside, "--version") else outside), "install"], layers, env)


def make_environment(layers: list[str]) -> None:
    """Try each way in turn; the stamps come last, so that a set-up cut short is done again."""
    tell(f"Setting up posology in {VENV} (first run, or what it needs has changed)")
    env, problems = download_environment(), list[str]()
    for way in (with_uv, with_pip):
        try:
            way(layers, env)
        except (Trouble, OSError) as problem:
            problems.append(str(problem))
            tell(f"  that did not work: {problem}")
            continue
        for layer in layers:
            (VENV / f"installed-{layer}").write_text(fingerprint(layer))
        return tell("Ready.")
    raise Trouble(
        f"no environment could be made ({'; '.join(problems)}). Check that this machine reaches its Python package"
        " index (python3 -m pip config list), install python3-pip or python3-venv, then run the same command again."
    )


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two run.py at once must not both fill .venv: the second waits for the first (except on Windows)."""
    TOOLS.mkdir(exist_ok=True)
    with open(TOOLS / "lock", "w") as lock:
        with contextlib.suppress(ImportError):
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def ensure(*layers: str) -> None:
    """Instant where everything is installed as pinned; otherwise installs what is missing."""
    if not all(is_installed(layer) for layer in layers):
        with one_at_a_time():
            if VENV.exists() and quick(PYTHON, "-c", "import sys; print(sys.version_info[:2])").strip() != VERSION:
                tell(f"{VENV} is not of this Python: making it again")
                shutil.rmtree(VENV)
            missing = [layer for layer in layers if not is_installed(layer)]
            if missing:
                make_environment(missing)


def python(*arguments: str) -> int:
    return subprocess.call([str(PYTHON), *arguments])


def become(*arguments: str) -> int:
    """Hand over for good: exit code, signals and pipes are then the command's own."""
    if os.name == "nt":
        return python(*arguments)
    os.execv(PYTHON, [str(PYTHON), *arguments])


def run_tests(arguments: list[str]) -> int:
    chosen = [] if "--long" in arguments else ["-m", "not long"]
    return become("-m", "pytest", "-q", "-n", "2", *chosen, *(word for word in arguments if word != "--long"))


def run_benches(names: list[str]) -> int:
    scripts = {path.stem: str(path) for path in sorted((ROOT / "bench").glob("[!_]*.py"))}
    if not scripts or set(names) - set(scripts):
        raise Trouble(f"no such benchmark in bench/; there is: {', '.join(scripts) or 'none'}")
    return max((python(scripts[name]) for name in names or scripts), key=abs)


def main(command: str = "help", *rest: str) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036  said by whatever Python the reader happens to have
        raise Trouble(f"posology needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.")
    if command in ("help", "--help", "-h"):
        print(HELP)
        return 0
    layers = {"test": ["test"], "bench": ["test"], "lint": ["test", "lint"], "demo": [], "posology": [], "docs": []}
    if command not in layers:
        raise Trouble(f"no command {command!r}; there is: help, {', '.join(layers)}")
    if command == "posology" and rest[:1] == ("exposure",):  # the one view that needs a numerical library
        layers["posology"] = ["research"]
    if command == "posology" and rest[:1] == ("print",):  # the one that needs a typesetter
        layers["posology"] = ["print"]
    ensure("build", "core", *layers[command])
    if command in ("posology", "demo"):
        return become("-m", "posology", *sys.argv[1 + (command == "posology") :])
    os.chdir(ROOT)
    if command == "docs":
        return become("-m", "posology.reference", *(rest or ["--write"]))
    if command == "lint":
        return max(python("-m", "ruff", "check", "."), python("-m", "mypy"), key=abs)
    return (run_tests if command == "test" else run_benches)(list(rest))


if __name__ == "__main__":
    try:
        code = main(*sys.argv[1:])
        sys.exit(code if code >= 0 else 128 - code)  # ended by a signal: say so as a shell does
    except KeyboardInterrupt:
        tell("\nStopped.")
        sys.exit(130)
    except (Trouble, OSError) as problem:
        tell(f"run.py: {problem}")
        sys.exit(2)
