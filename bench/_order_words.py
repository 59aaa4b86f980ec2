"""Slips in the words of an order whose codes and numbers are right: what a reader at the chair would follow."""

from __future__ import annotations

from random import Random

from _order_moments import Moment
from _order_slips import Book, Spoilt, clean, one, says

book = Book()


def _text(at: Moment) -> str | None:
    text = clean(at).said.get("text")
    return text if isinstance(text, str) else None


def _instead(error: str, form: str, old: str, *new: str, also: str = "") -> None:
    """A slip that writes another word for one of the words."""

    def make(at: Moment, luck: Random) -> Spoilt | None:
        text = _text(at)
        if text is None or old not in text:
            return None
        return one(says(clean(at), text=text.replace(old, luck.choice(new))), error, also=also)

    book.slip(error, form)(make)


def _then(error: str, form: str, *more: str, also: str = "") -> None:
    """A slip that adds a sentence to the words."""

    def make(at: Moment, luck: Random) -> Spoilt | None:
        text = _text(at)
        return None if text is None else one(says(clean(at), text=f"{text} {luck.choice(more)}"), error, also=also)

    book.slip(error, form)(make)


_instead("E16", "the spinal route in the words, the right one in the code", "by intravenous infusion", "intrathecally",
         "by intrathecal injection", "IT", "into the spinal canal")  # fmt: skip
_instead("E16", "another route in the words", "by intravenous infusion", "subcutaneously", "by intramuscular injection",
         "under the skin", "by mouth")  # fmt: skip
_then("E16", "another diluent in the words", "Dilute in glucose 5 %.", "Dilute in dextrose.", "Dilute in Ringer's lactate.")
_instead("E02", "the look-alike in the words", "INOtuzumab ozogamicin", "gemtuzumab ozogamicin", "Mylotarg")
_then("E08", "more than one dose in the words", "Repeat weekly for 3 doses.", "Give on days 1, 8 and 15.", "Twice a week.")
_then("E15", "no premedication in the words", "No premedication.", "Without premedication.", "Omit premedication.")
_instead(
    "E23", "micrograms in the words, milligrams in the code", " mg (", " micrograms (", " mcg (", " µg (", also="E05 E20"
)
