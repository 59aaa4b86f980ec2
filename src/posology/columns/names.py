"""How facts, rules and words are spelt in SQL, and the column types. Writes no query."""

from __future__ import annotations

from collections.abc import Iterable

from posology.knowledge import FactEntry, Row, observables

NUMBER = "DECIMAL(30, 18)"
"""Holds every plausible FHIR decimal and every converted unit exactly; never a binary number."""

LONGEST_LITERAL = 10 - 2
"""Digits of a literal: its product with a number then fits the 38 digits of a decimal, so no database rounds it."""

TYPES = {"number": NUMBER, "word": "VARCHAR", "yes_no": "BOOLEAN"}
OF_READING = {"number": "number", "word": "word", "yes_no": "flag"}
"""The column of `readings` that holds the value of an observable of this kind."""

TABLE_MADE = ("bsa", "qtcf")
"""Derived facts that need roots: worked out by Python and handed in, as no database promises every digit."""


def quoted(name: str) -> str:
    """An identifier."""
    return '"' + name.replace('"', '""') + '"'


def text(word: str) -> str:
    """A literal word."""
    return "'" + word.replace("'", "''") + "'"


def words(several: Iterable[str]) -> str:
    """Literal words in brackets, for IN."""
    return "(" + ", ".join(text(word) for word in several) + ")"


def of_sql(kind: str) -> str:
    """The column type of a fact of this kind."""
    return TYPES[kind]


def stale(fact: str) -> str:
    return quoted(f"stale_{fact}")


def why(fact: str) -> str:
    return quoted(f"why_{fact}")


def worst(fact: str) -> str:
    """The worst usable value ever of what this fact looks at."""
    return quoted(f"worst_{fact}")


def looked(fact: str) -> str:
    """Did the look that clears this fact find nothing?"""
    return quoted(f"looked_{fact}")


def first(fact: str) -> str:
    """What stands for this fact before the first dose."""
    return quoted(f"first_{fact}")


def rule(row: Row) -> str:
    return quoted(f"rule_{row.question}_{row.id}")


def action(question: str) -> str:
    return quoted(f"action_{question}")


def could_be(question: str) -> str:
    return quoted(f"could_be_{question}")


def is_given(fact: FactEntry) -> bool:
    """Is it a column of `points`, made by the course fold, rather than picked by SQL?"""
    return fact.pick.how in ("course", "patient", "record") or (fact.pick.how == "derived" and fact.pick.of[0] in TABLE_MADE)


PICKED = (
    "latest_before",
    "baseline_before",
    "prior_cycle_before",
    "since_last_dose",
    "since_anti_cd22",
    "same_sample",
)
"""Pickers that give the value of one reading."""


def can_be_stale(fact: FactEntry) -> bool:
    """A picked value that ages, that a later sign overtakes, or that may be a bound can be kept as stale.

    A bound is a number such as `> 80`, or an adverse finding that nobody signed.
    """
    if fact.pick.how not in PICKED or fact.pick.how == "reported":
        return False
    seen = observables().get(fact.pick.of[0])
    bounded = fact.kind == "number" or (seen is not None and seen.adverse is not None)
    return bool(fact.pick.fresh_for or fact.pick.not_before or fact.pick.judges or bounded)


def listed(columns: Iterable[str], indent: str = "  ") -> str:
    """One column a line."""
    return f",\n{indent}".join(columns)


def remark(line: str) -> str:
    """A comment on one line."""
    return "-- " + " ".join(line.split())
