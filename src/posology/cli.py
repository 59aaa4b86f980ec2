"""The command line: arguments in, words or JSON out, and the exit codes of the contract. Imports what a command needs."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

if TYPE_CHECKING:
    from posology.commands.settings import Settings

ANSWERED, BAD_INPUT, ASKED = 0, 2, 1 + 2
MOMENT = "2026-03-02T08:30"


class OneLine(argparse.ArgumentParser):
    """A wrong command line gets one line: what, and what to type instead."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"posology: {' '.join(message.split())}; see {self.prog} --help\n")


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    top = OneLine(prog="posology", description="A drug label, executable: a patient's record in, one cited answer out.")
    top.add_argument("--version", action="store_true", help="print the version and stop")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    for name, command in COMMANDS.items():
        says, epilog = command.says, f"example: posology {command.example}"
        made = commands.add_parser(name, help=says, description=says.capitalize(), epilog=epilog)
        made.add_argument("--json", action="store_true", help="print JSON as the contract fixes it")
        command.arguments(made)
    return top


def _settings(made: argparse.ArgumentParser, *, at: bool = True) -> None:
    if at:
        made.add_argument("--at", metavar="T", help="the moment of the decision, ISO 8601 (default: now)")
        made.add_argument("--zone", metavar="Z", help="the clinic's time zone, such as America/New_York")
    made.add_argument("--edition", metavar="us|eu", help="which label")
    made.add_argument("--site", metavar="FILE", help="site file (default: posology.toml in this folder)")


def _bundle(made: argparse.ArgumentParser) -> None:
    made.add_argument("bundle", metavar="BUNDLE", help="a FHIR R4 bundle; - for standard input")
    _settings(made)


def _answer(made: argparse.ArgumentParser) -> None:
    made.add_argument("question", metavar="QUESTION", help="which question, such as liver")
    made.add_argument("--facts", metavar="FILE", required=True, help="JSON object of facts; - for standard input")
    _settings(made, at=False)


def _explain(made: argparse.ArgumentParser) -> None:
    made.add_argument("question", metavar="QUESTION", help="which question, such as liver")
    _bundle(made)


def _sources(made: argparse.ArgumentParser) -> None:
    made.add_argument("what", nargs="?", choices=["list", "conflicts", "trace", "check", "hash"], default="list")
    made.add_argument("name", nargs="*", metavar="NAME", help="conflicts: K01 or a word; trace: Q06; check, hash: files")


def _find(made: argparse.ArgumentParser) -> None:
    made.add_argument("words", nargs="+", metavar="WORD", help="a cancer, a treatment, a symptom, a test, a word of a rule")


def _label(made: argparse.ArgumentParser) -> None:
    made.add_argument("what", nargs="?", choices=["show", "readings", "unverified", "coverage"], default="show")
    made.add_argument("name", nargs="?", metavar="NAME", help="a question, a fact, policy; a kind of unverified")
    _settings(made, at=False)


def _stories(made: argparse.ArgumentParser) -> None:
    made.add_argument("what", nargs="?", choices=["list", "write"], default="list")
    made.add_argument("folder", nargs="?", default="examples", help="where to write the bundles")


def _sql(made: argparse.ArgumentParser) -> None:
    _settings(made, at=False)


def _demo(made: argparse.ArgumentParser) -> None:
    made.add_argument("story", nargs="*", metavar="STORY", help="which stories (default: three of them)")


class Command(NamedTuple):
    """One command: its line of help, an example, its arguments, and the module of `commands` whose function it is."""

    says: str
    example: str
    arguments: Callable[[argparse.ArgumentParser], None]
    home: str


COMMANDS: dict[str, Command] = {
    "decide": Command(
        "may the next dose be given? the whole answer", f"decide examples/first_dose.json --at {MOMENT}", _bundle, "bedside"
    ),
    "plan": Command(
        "the next dose and the rest of the course", f"plan examples/first_dose.json --at {MOMENT}", _bundle, "bedside"
    ),
    "explain": Command(
        "one question of a decision, with every reason",
        "explain liver examples/gilbert.json --at 2026-03-09T08:30",
        _explain,
        "bedside",
    ),
    "answer": Command(
        "one question on stated facts (absent is unknown)", "answer liver --facts facts.json", _answer, "bedside"
    ),
    "sources": Command(
        "the documents every answer cites, where they differ, what they ask for",
        "sources conflicts K01",
        _sources,
        "library",
    ),
    "label": Command("the knowledge: rules, facts, policy, readings", "label show liver", _label, "library"),
    "find": Command("search the knowledge: cancer, treatment, symptom, test, word", "find leukemia", _find, "library"),
    "stories": Command("example patients: list them, or write their bundles", "stories list", _stories, "examples"),
    "sql": Command("the same rules as SQL", "sql", _sql, "library"),
    "demo": Command("three example patients, in the terminal", "demo", _demo, "examples"),
}


def settings(arguments: argparse.Namespace) -> Settings:
    """Edition, zone and moment: from the flag, else the site file; else one line that says what to type."""
    from posology.commands.settings import settle

    return settle(vars(arguments), Path.cwd(), _now)


def _now() -> Any:
    from datetime import UTC, datetime

    return datetime.now(UTC)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. 0 answered, 2 bad input or usage, 3 answered with `ask`."""
    arguments = parser().parse_args(argv)
    if arguments.version:
        from posology.version import VERSION

        print(f"posology {VERSION}")
        return ANSWERED
    if not arguments.command:
        return _refused("name a command; see posology --help")
    return _run(arguments)


def _run(arguments: argparse.Namespace) -> int:
    from importlib import import_module

    from posology.commands.settings import Refused

    try:
        home = import_module(f"posology.commands.{COMMANDS[arguments.command].home}")
        text, asked = getattr(home, arguments.command)(arguments, settings, _colour(arguments))
        return _printed(text) or (ASKED if asked else ANSWERED)
    except Refused as refusal:
        return _refused(str(refusal))
    except KeyboardInterrupt:
        return _refused("stopped")


def _printed(text: str) -> int:
    """Write the answer. A reader that stops early is no fault; a full disk is, and says so."""
    if sys.stdout is None:
        return _refused("standard output is closed; nothing was written")
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        print(text, end="" if text.endswith("\n") else "\n", flush=True)
    except BrokenPipeError:
        _drop_output()
    except OSError as error:
        _drop_output()
        return _refused(f"standard output: {error.strerror}; the answer was not written whole")
    return ANSWERED


def _drop_output() -> None:
    """So that the interpreter does not try to flush again on its way out."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _refused(line: str) -> int:
    if sys.stderr is not None:
        print(f"posology: {' '.join(line.split())}", file=sys.stderr)
    return BAD_INPUT


def _colour(arguments: argparse.Namespace) -> bool:
    return sys.stdout is not None and sys.stdout.isatty() and not arguments.json and "NO_COLOR" not in os.environ
