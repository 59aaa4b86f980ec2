"""The command line: arguments in, words or JSON out, and the exit codes of the contract. Imports what a command needs."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from posology.commands import flags

if TYPE_CHECKING:
    from posology.commands.settings import Settings

ANSWERED, BAD_INPUT, ASKED, STOPPED = 0, 2, 1 + 2, 2 + 2
CODES: dict[bool | str, int] = {False: ANSWERED, True: ASKED, "stopped": STOPPED}
MOMENT = "2026-03-02T08:30"
GILBERT = "2026-03-09T08:30"


class OneLine(argparse.ArgumentParser):
    """A wrong command line gets one line: what, and what to type instead."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"posology: {' '.join(message.split())}; see {self.prog} --help\n")


def parser(only: str | None = None) -> argparse.ArgumentParser:
    """The command line's grammar; with `only`, that of one command and no other: the whole takes longer than an answer."""
    top = OneLine(prog="posology", description="A drug label, executable: a patient's record in, one cited answer out.")
    top.add_argument("--version", action="store_true", help="print the version and stop")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", prog=top.prog)
    for name in (only,) if only else COMMANDS:
        command = COMMANDS[name]
        says, epilog = command.says, f"example: posology {command.example}"
        made = commands.add_parser(name, help=says, description=says.capitalize(), epilog=epilog)
        made.add_argument("--json", action="store_true", help="print JSON as the contract fixes it")
        command.arguments(made)
    return top


class Command(NamedTuple):
    """One command: its line of help, an example, its arguments, and the module of `commands` whose function it is."""

    says: str
    example: str
    arguments: Callable[[argparse.ArgumentParser], None]
    home: str


COMMANDS: dict[str, Command] = {
    "decide": Command(
        "may the next dose be given? the whole answer",
        f"decide examples/first_dose.json --at {MOMENT}",
        flags.bundle,
        "bedside",
    ),
    "plan": Command(
        "the next dose and the rest of the course", f"plan examples/first_dose.json --at {MOMENT}", flags.bundle, "bedside"
    ),
    "explain": Command(
        "one question of a decision, with every reason",
        f"explain liver examples/gilbert.json --at {GILBERT}",
        flags.explain,
        "bedside",
    ),
    "answer": Command(
        "one question on stated facts (absent is unknown)", "answer liver --facts facts.json", flags.answer, "bedside"
    ),
    "vod": Command(
        "published criteria of veno-occlusive disease, side by side and day by day",
        "vod examples/vod_after_transplant.json --at 2026-05-19T08:30",
        flags.bundle,
        "panels",
    ),
    "lysis": Command(
        "published criteria of tumour lysis, and the potassium alert",
        f"lysis examples/first_dose.json --at {MOMENT}",
        flags.bundle,
        "panels",
    ),
    "grade": Command(
        "grades by CTCAE, all versions side by side", f"grade examples/gilbert.json --at {GILBERT}", flags.grade, "checks"
    ),
    "qt": Command(
        "the QT interval: formulas, limits by source, drugs",
        f"qt examples/gilbert.json --at {GILBERT}",
        flags.bundle,
        "checks",
    ),
    "medicines": Command(
        "the list of medicines: QT, interactions, review",
        f"medicines examples/gilbert.json --at {GILBERT}",
        flags.bundle,
        "checks",
    ),
    "sources": Command(
        "the documents every answer cites, and where they differ", "sources conflicts K01", flags.sources, "library"
    ),
    "label": Command("the knowledge: rules, facts, policy, readings", "label show liver", flags.label, "library"),
    "find": Command("search the knowledge: cancer, treatment, symptom, test, word", "find leukemia", flags.find, "library"),
    "advice": Command(
        "what to do around the doses", f"advice examples/first_dose.json --at {MOMENT}", flags.advice, "bedside"
    ),
    "clocks": Command(
        "how long the prepared drug may be used",
        "clocks --reconstituted 2025-03-03T08:00 --diluted 2025-03-03T09:00 --held room",
        flags.clocks,
        "chair",
    ),
    "storage": Command(
        "how the product is kept and mixed; was this vial kept so?", "storage --highest 12", flags.storage, "chair"
    ),
    "reactions": Command(
        "adverse reactions: every published figure, and why they differ", "reactions vod", flags.figures, "evidence"
    ),
    "efficacy": Command("how well it works: every published figure", "efficacy cr_or_cri", flags.figures, "evidence"),
    "order": Command(
        "the order that the record supports, as a draft to sign",
        f"order examples/first_dose.json --at {MOMENT}",
        flags.order,
        "ordering",
    ),
    "verify": Command(
        "written orders against the order that the record supports",
        f"verify bundle.json --at {MOMENT}",
        flags.verify,
        "certifying",
    ),
    "certificate": Command(
        "what an answer rests on and came to, sealed; verify --certificate checks it",
        f"certificate examples/first_dose.json --at {MOMENT} --json",
        flags.certificate,
        "certifying",
    ),
    "prepare": Command(
        "how the order is prepared: vials, volumes, clocks",
        f"prepare examples/first_dose.json --at {MOMENT} --lot A1 --expires 2027-06",
        flags.hood,
        "pharmacy",
    ),
    "checks": Command(
        "the four verifications of an order: which are open, and signing one",
        f"checks examples/first_dose.json --at {MOMENT}",
        flags.checks,
        "pharmacy",
    ),
    "chair": Command(
        "the run sheet of the infusion, and what to do at a reaction",
        f"chair examples/first_dose.json --at {MOMENT} --start 2026-03-02T11:00",
        flags.chair,
        "infusing",
    ),
    "print": Command(
        "an order, its preparation, its run sheet, its certificate, the regimen or a pocket card as PDF",
        f"print order examples/first_dose.json --at {MOMENT}",
        flags.print,
        "printing",
    ),
    "stories": Command("example patients: list them, or write their bundles", "stories list", flags.stories, "examples"),
    "sql": Command("the same rules as SQL", "sql", flags.sql, "library"),
    "exposure": Command(
        "research: exposure under a published model, no advice",
        "exposure --bsa 1.84 --late 1.2=7",
        flags.exposure,
        "research",
    ),
    "demo": Command("three example patients, in the terminal", "demo", flags.demo, "examples"),
}


def settings(arguments: argparse.Namespace) -> Settings:
    """Edition, zone and moment: from the flag, else the site file; else one line that says what to type."""
    from posology.commands.settings import settle

    return settle(vars(arguments), Path.cwd(), _now)


def _now() -> Any:
    from datetime import UTC, datetime

    return datetime.now(UTC)


def alone() -> int:
    """`main` as a process of its own. Nobody looks for garbage: what one command makes is soon gone with its process."""
    gc.disable()
    try:
        return main()
    finally:
        gc.freeze()


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. 0 answered, 2 bad input or usage, 3 answered with `ask`, 4 an order that must not go out."""
    given = sys.argv[1:] if argv is None else argv
    arguments = _parsed(parser(next((one for one in given[:1] if one in COMMANDS), None)), given)
    if arguments.version:
        from posology.version import VERSION

        print(f"posology {VERSION}")
        return ANSWERED
    if not arguments.command:
        return _refused("name a command; see posology --help")
    return _run(arguments)


def _parsed(grammar: argparse.ArgumentParser, given: Sequence[str]) -> argparse.Namespace:
    """As parsed. A bundle that may be left out is also found behind a flag, where argparse has stopped looking for it."""
    arguments, rest = grammar.parse_known_args(given)
    if rest and getattr(arguments, "bundle", "") is None and not rest[0].startswith("--"):
        arguments.bundle = rest.pop(0)
    if rest:
        grammar.error(f"{' '.join(rest)}: not an argument of {arguments.command or 'posology'}")
    return arguments


def _run(arguments: argparse.Namespace) -> int:
    from importlib import import_module

    from posology.commands.settings import Refused
    from posology.knowledge import KnowledgeError

    try:
        home = import_module(f"posology.commands.{COMMANDS[arguments.command].home}")
        text, said = getattr(home, arguments.command)(arguments, settings, _colour(arguments))
        return _printed(text) or CODES[said]
    except Refused as refusal:
        return _refused(str(refusal))
    except KnowledgeError as error:  # of a part of label/ that was read only now
        return _refused(" · ".join(str(error).splitlines()))
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
        shown = "".join(one if one.isprintable() else "?" for one in " ".join(line.split()))
        print(f"posology: {shown}", file=sys.stderr)
    return BAD_INPUT


def _colour(arguments: argparse.Namespace) -> bool:
    return sys.stdout is not None and sys.stdout.isatty() and not arguments.json and "NO_COLOR" not in os.environ
