"""Sentences known only by their hash: whoever holds the document can check them, nobody can read them here.

A text is put into Unicode NFKC and split at whitespace (line breaks and no-break spaces included); case and punctuation
stay. A sentence is a run of those words. Its hash is the SHA-256, in hex, of the words joined by one space each, in UTF-8.
It is kept with the number of its words, so that it is found however the document breaks its lines.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Sentence:
    """The hash of a sentence and the number of its words."""

    sha256: str
    words: int


def words_of(text: str) -> list[str]:
    """The words of a text as they are hashed."""
    return unicodedata.normalize("NFKC", text).split()


def hashed(words: Sequence[str]) -> Sentence:
    """One sentence, hashed."""
    return Sentence(sha256(" ".join(words).encode()).hexdigest(), len(words))


def found(text: str, sentences: Iterable[Sentence]) -> set[Sentence]:
    """Those of the sentences that stand in this text."""
    words, sought = words_of(text), set(sentences)
    return {
        sentence
        for length in {sentence.words for sentence in sought}
        for start in range(len(words) - length + 1)
        if (sentence := hashed(words[start : start + length])) in sought
    }
