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

ANSWERED, BAD_INPUT, ASKED, STOPPED = 0, 2, 1 + 2, 2 + 2
CODES: dict[bool | str, int] = {False: ANSWERED, True: ASKED, "stopped": STOPPED}
MOMENT = "2026-03-02T08:30"
GILBERT = "2026-03-09T08:30"


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


def _grade(made: argparse.ArgumentParser) -> None:
    made.add_argument("bundle", nargs="?", metavar="BUNDLE", help="a FHIR R4 bundle; - for standard input")
    made.add_argument("--facts", metavar="FILE", help="JSON object of facts instead of a bundle; - for standard input")
    versions = ["v3", "v5", "v6", "all"]
    made.add_argument("--version", dest="version_", choices=versions, default="all", help="of CTCAE (default: all)")
    _settings(made)


def _sources(made: argparse.ArgumentParser) -> None:
    made.add_argument("what", nargs="?", choices=["list", "conflicts", "trace", "check", "hash"], default="list")
    made.add_argument("name", nargs="*", metavar="NAME", help="conflicts: K01 or a word; trace: Q06; check, hash: files")


def _find(made: argparse.ArgumentParser) -> None:
    made.add_argument("words", nargs="+", metavar="WORD", help="a cancer, a treatment, a symptom, a test, a word of a rule")


def _label(made: argparse.ArgumentParser) -> None:
    made.add_argument("what", nargs="?", choices=["show", "readings", "unverified", "coverage", "diff"], default="show")
    made.add_argument("name", nargs="*", metavar="NAME", help="a question, a fact, policy, criteria, a set of criteria; a")
    _settings(made, at=False)


def _stories(made: argparse.ArgumentParser) -> None:
    made.add_argument("what", nargs="?", choices=["list", "write"], default="list")
    made.add_argument("folder", nargs="?", default="examples", help="where to write the bundles")


def _order(made: argparse.ArgumentParser) -> None:
    made.add_argument("--fhir", action="store_true", help="print the draft as a FHIR MedicationRequest")
    _bundle(made)


def _print(made: argparse.ArgumentParser) -> None:
    documents = ["order", "preparation", "run-sheet", "regimen", "pocket"]
    made.add_argument("what", choices=documents, metavar="DOCUMENT", help=", ".join(documents))
    made.add_argument("bundle", nargs="?", metavar="BUNDLE", help="a FHIR R4 bundle, or -; none for the last two")
    made.add_argument("--out", metavar="FILE.pdf", help="where to write it (default: ORDER-DOCUMENT.pdf in this folder)")
    made.add_argument("--paper", choices=["a4", "letter"], default="a4", help="size of the page (default: a4)")
    made.add_argument("--large-print", action="store_true", help="larger letters")
    _settings(made)


def _certificate(made: argparse.ArgumentParser) -> None:
    made.add_argument("--by", metavar="WHO", help="who asks, as a reference such as Practitioner/ph1")
    _bundle(made)


def _verify(made: argparse.ArgumentParser) -> None:
    made.add_argument("bundle", nargs="?", metavar="BUNDLE", help="a FHIR R4 bundle with the order; - for standard input")
    made.add_argument("--certificate", metavar="FILE", help="check a certificate instead: derived again from its own facts")
    made.add_argument("--bundle", dest="also", metavar="BUNDLE", help="with --certificate: derive it from this record too")
    _settings(made)


def _sql(made: argparse.ArgumentParser) -> None:
    _settings(made, at=False)


def _clocks(made: argparse.ArgumentParser) -> None:
    made.add_argument("--reconstituted", metavar="T", required=True, help="when the first vial was reconstituted")
    made.add_argument("--diluted", metavar="T", help="when it was diluted")
    made.add_argument("--held", choices=["room", "refrigerated"], help="how the diluted drug is kept; unknown reads as room")
    made.add_argument("--out-of-fridge", metavar="T", help="when the diluted drug left the refrigerator")
    made.add_argument("--start", metavar="T", help="when the infusion began")
    made.add_argument("--end", metavar="T", help="when it ended")
    made.add_argument("--minutes", metavar="N", help="length of the infusion, if not the label's")
    made.add_argument("--diluent", metavar="WORDS", help="what it was diluted in, to check")
    made.add_argument("--stopped", metavar="T", help="a stopped infusion: when it was stopped")
    made.add_argument("--resume", metavar="T", help="when it might go on")
    for name in ("dose-mg", "volume-ml", "rate-ml-h"):
        made.add_argument(f"--{name}", metavar="N", help="of the stopped infusion")
    made.add_argument("--zone", metavar="Z", help="the clinic's time zone, such as America/New_York")
    _settings(made, at=False)


def _hood(made: argparse.ArgumentParser) -> None:
    made.add_argument("--fill", choices=["exact", "overfilled"], help="how the bag is filled (default: exact final volume)")
    made.add_argument("--overfill", metavar="ML", help="what the maker put into the bag beyond its nominal volume")
    made.add_argument("--final", metavar="ML", help="syringe path: the final volume that the pharmacist confirmed")
    made.add_argument("--syringe", metavar="ML", help="size of the syringe in hand (default: the smallest that fits)")
    made.add_argument("--graduation", metavar="ML", help="distance of its marks, if not the usual one")
    made.add_argument("--diluent", metavar="WORDS", help="what it is diluted in, to check")
    made.add_argument("--reconstituted", metavar="T", help="when the first vial was reconstituted")
    made.add_argument("--diluted", metavar="T", help="when it was diluted")
    made.add_argument("--held", choices=["room", "refrigerated"], help="how the diluted drug is kept; unknown reads as room")
    made.add_argument("--out-of-fridge", metavar="T", help="when the diluted drug left the refrigerator")
    made.add_argument("--lot", metavar="L", action="append", help="lot of a vial; once for each vial, with --expires")
    made.add_argument("--expires", metavar="D", action="append", help="its last day, such as 2027-06-30 or 2027-06")
    _bundle(made)


def _checks(made: argparse.ArgumentParser) -> None:
    steps = ["order-review", "before-compounding", "finished-product", "at-the-chair"]
    made.add_argument("--sign", choices=steps, metavar="STEP", help=f"print the signature of one: {', '.join(steps)}")
    made.add_argument("--by", metavar="PRACTITIONER", help="who signs, as a reference such as Practitioner/ph1")
    made.add_argument("--outcome", choices=["passed", "failed", "interrupted"], help="how it ended")
    made.add_argument("--seen", metavar="ITEM=VALUE", nargs="+", action="extend", help="what was seen, such as dose=1.36")
    _hood(made)


def _chair(made: argparse.ArgumentParser) -> None:
    made.add_argument("--start", metavar="T", help="when the infusion starts or started")
    made.add_argument("--reaction", metavar="GRADE", choices=list("12345"), help="a reaction to it, CTCAE grade")
    made.add_argument("--stopped", metavar="T", help="when the infusion was stopped for it")
    made.add_argument("--volume", metavar="ML", help="what the pump says ran in (default: by rate and time)")
    made.add_argument("--by", metavar="PRACTITIONER", help="who grades it, as a reference such as Practitioner/rn1")
    made.add_argument("--fhir", action="store_true", help="print the reaction as FHIR resources to add to the record")
    _hood(made)


def _storage(made: argparse.ArgumentParser) -> None:
    made.add_argument("--lowest", metavar="C", help="lowest temperature of the vial in °C")
    made.add_argument("--highest", metavar="C", help="highest temperature of the vial in °C")
    made.add_argument("--frozen", action="store_true", help="it was seen frozen")
    _settings(made, at=False)


def _advice(made: argparse.ArgumentParser) -> None:
    made.add_argument("--section", metavar="NAME", help="one section only, such as transplant or handover")
    _bundle(made)


def _figures(made: argparse.ArgumentParser) -> None:
    made.add_argument("term", nargs="*", metavar="TERM", help="one of them, such as vod (default: all)")


def _demo(made: argparse.ArgumentParser) -> None:
    made.add_argument("story", nargs="*", metavar="STORY", help="which stories (default: three of them)")


def _exposure(made: argparse.ArgumentParser) -> None:
    made.add_argument("--bsa", required=True, metavar="M2", help="body surface area in m²")
    made.add_argument("--model", choices=["garrett_2019", "wu_2024"], default="garrett_2019", help="published model")
    made.add_argument("--blasts", metavar="PERCENT", help="blasts in blood (default: the model's reference)")
    made.add_argument("--lean", metavar="KG", help="lean body mass, which wu_2024 needs")
    made.add_argument("--age", metavar="YEARS", help="age, which wu_2024 needs")
    made.add_argument("--cycles", type=int, metavar="N", help="how many cycles (default: all the label knows)")
    made.add_argument("--remission", action="store_true", help="later cycles as in CR or CRi")
    made.add_argument("--level", choices=["full", "reduced_25", "two_doses"], default="full", help="dose level throughout")
    made.add_argument("--late", action="append", default=[], metavar="C.D=DAYS", help="a dose given later, such as 1.2=7")
    made.add_argument("--omit", action="append", default=[], metavar="C.D", help="a dose left out, such as 1.3")
    _settings(made, at=False)


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
        f"explain liver examples/gilbert.json --at {GILBERT}",
        _explain,
        "bedside",
    ),
    "answer": Command(
        "one question on stated facts (absent is unknown)", "answer liver --facts facts.json", _answer, "bedside"
    ),
    "vod": Command(
        "published criteria of veno-occlusive disease, side by side and day by day",
        "vod examples/vod_after_transplant.json --at 2026-05-19T08:30",
        _bundle,
        "panels",
    ),
    "lysis": Command(
        "published criteria of tumour lysis, and the potassium alert",
        f"lysis examples/first_dose.json --at {MOMENT}",
        _bundle,
        "panels",
    ),
    "grade": Command(
        "grades by CTCAE, all versions side by side", f"grade examples/gilbert.json --at {GILBERT}", _grade, "checks"
    ),
    "qt": Command(
        "the QT interval: formulas, limits by source, drugs", f"qt examples/gilbert.json --at {GILBERT}", _bundle, "checks"
    ),
    "medicines": Command(
        "the list of medicines: QT, interactions, review",
        f"medicines examples/gilbert.json --at {GILBERT}",
        _bundle,
        "checks",
    ),
    "sources": Command(
        "the documents every answer cites, and where they differ", "sources conflicts K01", _sources, "library"
    ),
    "label": Command("the knowledge: rules, facts, policy, readings", "label show liver", _label, "library"),
    "find": Command("search the knowledge: cancer, treatment, symptom, test, word", "find leukemia", _find, "library"),
    "advice": Command("what to do around the doses", f"advice examples/first_dose.json --at {MOMENT}", _advice, "bedside"),
    "clocks": Command(
        "how long the prepared drug may be used",
        "clocks --reconstituted 2025-03-03T08:00 --diluted 2025-03-03T09:00 --held room",
        _clocks,
        "chair",
    ),
    "storage": Command(
        "how the product is kept and mixed; was this vial kept so?", "storage --highest 12", _storage, "chair"
    ),
    "reactions": Command(
        "adverse reactions: every published figure, and why they differ", "reactions vod", _figures, "evidence"
    ),
    "efficacy": Command("how well it works: every published figure", "efficacy cr_or_cri", _figures, "evidence"),
    "order": Command(
        "the order that the record supports, as a draft to sign",
        f"order examples/first_dose.json --at {MOMENT}",
        _order,
        "ordering",
    ),
    "verify": Command(
        "written orders against the order that the record supports",
        f"verify bundle.json --at {MOMENT}",
        _verify,
        "certifying",
    ),
    "certificate": Command(
        "what an answer rests on and came to, sealed; verify --certificate checks it",
        f"certificate examples/first_dose.json --at {MOMENT} --json",
        _certificate,
        "certifying",
    ),
    "prepare": Command(
        "how the order is prepared: vials, volumes, clocks",
        f"prepare examples/first_dose.json --at {MOMENT} --lot A1 --expires 2027-06",
        _hood,
        "pharmacy",
    ),
    "checks": Command(
        "the four verifications of an order: which are open, and signing one",
        f"checks examples/first_dose.json --at {MOMENT}",
        _checks,
        "pharmacy",
    ),
    "chair": Command(
        "the run sheet of the infusion, and what to do at a reaction",
        f"chair examples/first_dose.json --at {MOMENT} --start 2026-03-02T11:00",
        _chair,
        "infusing",
    ),
    "print": Command(
        "an order, its preparation, its run sheet, the regimen or a pocket card as PDF",
        "print regimen --edition us --out regimen.pdf",
        _print,
        "printing",
    ),
    "stories": Command("example patients: list them, or write their bundles", "stories list", _stories, "examples"),
    "sql": Command("the same rules as SQL", "sql", _sql, "library"),
    "exposure": Command(
        "research: exposure under a published model, no advice", "exposure --bsa 1.84 --late 1.2=7", _exposure, "research"
    ),
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
    """Run one command. 0 answered, 2 bad input or usage, 3 answered with `ask`, 4 an order that must not go out."""
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
        text, said = getattr(home, arguments.command)(arguments, settings, _colour(arguments))
        return _printed(text) or CODES[said]
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
