"""Documents that the user holds, against the sentences known here by hash only. Never prints what a sentence says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from posology.knowledge import Contested, Voice
from posology.knowledge.sentences import Sentence, found, hashed, words_of

Row = dict[str, Any]


def checked(file: str, text: str, points: Iterable[Contested]) -> Row:
    """Which source a document is, and which of that source's sentences stand in it."""
    voices = [(point, voice, voice.sentence) for point in points for voice in point.voices if voice.sentence]
    there = found(text, (sentence for _, _, sentence in voices))
    votes = Counter(voice.source for _, voice, sentence in voices if sentence in there)
    source = max(sorted(votes), key=lambda name: votes[name], default=None)
    own = [_sentence(point, voice, sentence in there) for point, voice, sentence in voices if voice.source == source]
    return {"file": file, "source": source, "found": sum(row["found"] for row in own), "of": len(own), "sentences": own}


def _sentence(point: Contested, voice: Voice, there: bool) -> Row:
    return {"claim": point.id, "figure": voice.figure, "where": voice.where, "found": there}


def told(rows: list[Row]) -> str:
    """Each document: what it is, and each claim read from it, found or not found."""
    return "\n\n".join("\n".join(_told(row)) for row in rows)


def _told(row: Row) -> Iterator[str]:
    if row["source"] is None:
        yield f"{row['file']}: no source known here; none of the hashed sentences stands in it"
        return
    yield f"{row['file']}: {row['source']}, {row['found']} of {row['of']} sentences found"
    for one in row["sentences"]:
        yield f"  {one['claim']}  {'found' if one['found'] else 'NOT FOUND'}: {one['figure']} ({one['where']})"
    if row["found"] < row["of"]:
        yield "  not found: the document was changed, or is another edition of this source"


def hash_of(text: str) -> Sentence:
    """The hash of one sentence, as label/claims/ keeps it."""
    return hashed(words_of(text))
