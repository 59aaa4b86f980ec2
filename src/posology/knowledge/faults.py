"""What is wrong with the knowledge, in one line each. No loading."""

from __future__ import annotations


class KnowledgeError(ValueError):
    """Knowledge that must not be used: uncited, misspelt, or stating a number it does not explain."""

    def __init__(self, where: str, faults: list[str]) -> None:
        super().__init__("\n".join(f"{where}: {fault}" for fault in faults))


class UnknownName(LookupError):
    """Somebody asked for a name that the knowledge does not have: the line to print. Never a KeyError, which is a bug."""


def entry(table: dict[str, object], key: str, where: str) -> object:
    """A required entry of a TOML table. Raises KnowledgeError naming the place."""
    if key not in table:
        raise KnowledgeError(where, [f"{key!r} is missing"])
    return table[key]


def only(table: dict[str, object], allowed: set[str], where: str) -> None:
    """Refuse a key nobody reads: it is a misspelling."""
    strangers = sorted(set(table) - allowed)
    if strangers:
        raise KnowledgeError(
            where, [f"{name!r} is not a key here; the keys are {', '.join(sorted(allowed))}" for name in strangers]
        )
