"""docs/reference/ from the knowledge and the code itself: `python -m posology.reference --write` or `--check`."""

from __future__ import annotations

import argparse
import posixpath
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from posology import cli, stories
from posology.knowledge import Edition, editions, load_edition
from posology.say.pages import dictionary, difference, registers, rulebook, signoff
from posology.say.pages.markdown import block, code, page, plain, table

FOLDER = Path("docs") / "reference"
EDITION = "us"
"""The edition whose pages stand at the top; every other one has a folder of its own."""
WIDTH = 100
LINK = re.compile(r"\]\(([^)#:]+)(#[^)]*)?\)")


def pages() -> dict[str, str]:
    """Every generated page, by its path below docs/reference/."""
    edition = load_edition(EDITION)
    made = {
        **_of(edition),
        "facts.md": dictionary.facts(edition),
        "observables.md": dictionary.observables(edition),
        "policy.md": signoff.policy(edition),
        "conflicts.md": registers.conflicts(edition),
        "editions.md": apart(),
        "trace.md": registers.requests(),
        "sources.md": signoff.sources(),
        "cli.md": commands(),
        "stories.md": told(),
    }
    for name in _others():
        made |= _below(name, _of(load_edition(name)))
    return made


def _others() -> list[str]:
    return [name for name in editions() if name != EDITION]


def _of(edition: Edition) -> dict[str, str]:
    """The pages that each edition has of its own."""
    return {
        **dict(rulebook.pages(edition)),
        "rules.md": questions(edition),
        "readings.md": signoff.readings(edition),
        "coverage.md": registers.sections(edition),
        "unverified.md": registers.not_verified(edition, shared=edition.id == EDITION),
    }


def _below(folder: str, made: dict[str, str]) -> dict[str, str]:
    """The pages of another edition in its folder, without the criteria that all share; links to shared pages lead up."""
    own = {name for name in made if name.removeprefix("rules/").removesuffix(".md") not in load_edition(EDITION).criteria}

    def moved(page: str, link: re.Match[str]) -> str:
        target, anchor = link[1], link[2] or ""
        stays = posixpath.normpath(posixpath.join(posixpath.dirname(page), target)) in own
        return f"]({'' if stays else '../'}{target}{anchor})"

    return {f"{folder}/{name}": LINK.sub(partial(moved, name), text) for name, text in made.items() if name in own}


def apart() -> str:
    """Where the other editions part from the first, by row and by figure."""
    parts: list[str] = []
    for name in _others():
        found = difference.difference(load_edition(EDITION), load_edition(name), [])
        heads = ["Where", EDITION.upper(), name.upper()]
        parts += [f"## {EDITION.upper()} and {name.upper()}: rules", f"{found['alike']} rows decide alike."]
        parts.append(table(heads, [_sides(row, difference.stated) for row in found["rules"]]))
        parts += ["## Figures and parts", table(heads, [_sides(row, difference.valued) for row in found["figures"]])]
    return page(
        "Where the editions differ",
        "An edition is complete in itself and never merged with another. `posology label diff us eu` says the same, and"
        " which of the example patients the two answer differently.",
        *parts,
    )


def _sides(row: dict[str, Any], words: Callable[[dict[str, Any]], str]) -> list[str]:
    sides = (row["one"], row["other"])
    return [code(row["id"]), *(f"{words(side)} {difference.cited(side)}" if side else "" for side in sides)]


def questions(edition: Edition) -> str:
    """The list of questions, each with its page, and the way to the other editions."""
    others = [f"[{name.upper()}]({name}/rules.md)" for name in _others()] if edition.id == EDITION else []
    rows = [
        [f"[{plain(one.id)}](rules/{one.id}.md)", one.asks, one.policy, str(len(one.rows))]
        for one in [*edition.tables.values(), *edition.criteria.values()]
    ]
    return page(
        f"Questions ({edition.id.upper()})",
        "A decision answers all of these; the verdict is the strictest answer. The last one is a published criterion that"
        " the others rest on, not a question of its own.",
        table(["Question", "Asks", "Policy", "Rows"], rows),
        "This edition: [readings for sign-off](readings.md), [sections of the label](coverage.md),"
        " [what is not verified](unverified.md). [Where the editions differ](editions.md)." + _other(others),
    )


def _other(links: list[str]) -> str:
    return f" Other editions: {', '.join(links)}." if links else ""


def commands() -> str:
    """The help of every command, as the command line prints it."""
    top = cli.parser()
    parts = [block(_help(top))]
    for name, made in _subcommands(top):
        parts += [f"## {name}", block(_help(made))]
    codes = [["0", "answered"], ["2", "bad input or usage: one line on stderr says what, where, what to do"]]
    codes.append([str(cli.ASKED), "answered, and the verdict is `ask`"])
    codes.append([str(cli.STOPPED), "what was asked for must not go out: order, preparation, infusion, certificate"])
    return page("Command line", table(["Exit code", "Means"], codes), *parts)


def _subcommands(top: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def _help(made: argparse.ArgumentParser) -> str:
    """Always as wide, whatever the terminal; never coloured."""
    made.formatter_class = _Formatter
    made.color = False  # type: ignore[attr-defined,unused-ignore]
    return made.format_help()


class _Formatter(argparse.HelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=WIDTH)


def told() -> str:
    """The stories that ship as examples."""
    rows = []
    for name in stories.names():
        tale = stories.tale(name)
        dose = tale.expect.dose_mg_per_m2
        rows.append([
            code(name),
            tale.title,
            f"{tale.at:%Y-%m-%dT%H:%M}",
            plain(tale.expect.verdict),
            f"{dose} mg/m²" if dose is not None else "none",
            tale.expect.sentence,
        ])  # fmt: skip
    return page(
        "Stories",
        "Made-up patients, told in a few lines of TOML and written as FHIR bundles in `examples/`. Decide one with"
        " `posology decide examples/NAME.json --at MOMENT`.",
        table(["Name", "Title", "Moment", "Expected verdict", "Dose", "What a careful pharmacist would say"], rows),
    )


def outdated(folder: Path) -> list[str]:
    """Generated files that are missing, differ, or that nothing generates any more."""
    made = pages()
    found = [
        name
        for name, text in made.items()
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text
    ]
    stray = {path.relative_to(folder).as_posix() for path in folder.glob("**/rules/*.md")} - set(made)
    return sorted({*found, *stray})


def write(folder: Path) -> None:
    """Write every page; remove rule pages of questions that are gone."""
    made = pages()
    for path in folder.glob("**/rules/*.md"):
        if path.relative_to(folder).as_posix() not in made:
            path.unlink()
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """Write the pages, or say which are not current (exit 1)."""
    made = argparse.ArgumentParser(prog="posology.reference", description="Writes or checks docs/reference/.")
    what = made.add_mutually_exclusive_group(required=True)
    what.add_argument("--write", action="store_true", help="write every page")
    what.add_argument("--check", action="store_true", help="exit 1 where a page is not current")
    if made.parse_args(argv).write:
        write(FOLDER)
        return 0
    stale = outdated(FOLDER)
    for name in stale:
        print(f"{FOLDER / name} is not current: python3 run.py docs", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
