"""Writes docs/reference/language.md from the very tables that the tests run: `python -m tests.spec.publish --write`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.spec import test_conditions, test_decisions, test_reading

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "language.md"
HEAD = """\
# What a rule may say, and what it means

Generated from the tables in `tests/spec` by `python -m tests.spec.publish --write`; every line is a test. Do not edit here.

A row of a rule file has a condition, `when`. For a patient the condition is *yes* (the row holds), *no* (it does not)
or *unknown* (it is open). Facts and their units are listed in `label/facts.toml`. Numbers are exact decimals.
"""


def page() -> str:
    """The whole reference as Markdown."""
    tables = [sheet.markdown(code=True) for sheet in test_conditions.SHEETS]
    tables += [sheet.markdown(code=False) for sheet in (*test_reading.SHEETS, *test_decisions.SHEETS)]
    return "\n\n".join([HEAD.strip(), *tables]) + "\n"


def main(arguments: list[str]) -> int:
    if arguments == ["--write"]:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(page(), encoding="utf-8")
    elif not arguments:
        sys.stdout.write(page())
    else:
        sys.stderr.write("usage: python -m tests.spec.publish [--write]\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
