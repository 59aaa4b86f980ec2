"""Whether a text names something: whole words, without what it denies (`never push or bolus`). Decides nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

BREAK = re.compile(r"[.;:!?()\n]")
"""A denial reaches no further than this."""

DENIAL = re.compile(
    r"(?:\b(?:not|never|no|nor|avoid|without|fatal if)|n['’]t)(?:\s+(?!(?:but|only|except)\b)[\w'/-]+){0,4}\s+$", re.I
)
CHAIN = re.compile(r"[\s,/]*(?:(?:or|and|nor|by|as|an?|the|via)\b[\s,/]*)*", re.I)
OR = re.compile(r"\bn?or\b", re.I)
REACH = 100


def legible(text: str) -> str:
    """The text as a person sees it: one form of each character, none that is invisible."""
    return "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != "Cf")


def one_line(text: str) -> str:
    """Text of a record fit for a line of ours: nothing in it that ends a line, or hides or turns what follows."""
    return " ".join("".join(one if one.isprintable() else " " for one in unicodedata.normalize("NFC", text)).split())


def named(words: Iterable[str], text: str) -> tuple[str, ...]:
    """What of the text is one of these words and is not denied, each once.

    A word ends anywhere where it ends in `*`; one with a capital letter stands for that spelling alone.
    """
    spoken = legible(text)
    return tuple(dict.fromkeys(spoken[start:end] for start, end in _undenied(tuple(words), spoken)))


def _undenied(words: tuple[str, ...], text: str) -> Iterator[tuple[int, int]]:
    denied_to = -1
    for start, end in sorted({found.span() for pattern in _patterns(words) for found in pattern.finditer(text)}):
        if _denied(text, start) or (denied_to >= 0 and _chained(text, denied_to, start)):
            denied_to = end
        else:
            denied_to = -1
            yield start, end


def _denied(text: str, start: int) -> bool:
    before = BREAK.split(text[max(0, start - REACH) : start].replace(",", ";"))[-1]
    return bool(DENIAL.search(before))


def _chained(text: str, denied_to: int, start: int) -> bool:
    """Does the list of what is denied go on? Over a comma only where an `or` still comes."""
    between = text[denied_to:start]
    goes_on = "," not in between or OR.search(BREAK.split(text[denied_to : start + REACH])[0])
    return bool(CHAIN.fullmatch(between) and goes_on)


@cache
def _patterns(words: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    def joined(chosen: list[str]) -> str:
        each = (re.escape(word.removesuffix("*")) + (r"\w*" if word.endswith("*") else "") for word in chosen)
        return rf"(?<!\w)(?:{'|'.join(each)})(?!\w)"

    exact = [word for word in words if word != word.lower()]
    other = [word for word in words if word == word.lower()]
    return tuple(re.compile(joined(chosen), flags) for chosen, flags in ((exact, re.NOFLAG), (other, re.I)) if chosen)
