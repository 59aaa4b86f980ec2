"""Fenced blocks of the documentation: what they are, what they type, what they promise. Runs nothing."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOP = ("README", "DEVELOPING", "GLOSSARY", "SAFETY", "CHANGELOG", "CONTRIBUTING", "SECURITY")
FENCE = re.compile(r"^(?P<indent> *)```(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)
EXITS = re.compile(r"#.*\bexits with (\d)")
ENTRANCES = (("python3", "run.py", "posology"), ("posology",))
CUT = "…"


def pages() -> list[Path]:
    """Every page that people write or read, the generated ones included."""
    return [*(ROOT / f"{name}.md" for name in TOP), *sorted((ROOT / "docs").rglob("*.md"))]


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block, its indent taken off."""

    page: Path
    info: str
    text: str

    @property
    def language(self) -> str:
        return self.info.split()[0] if self.info else ""

    @property
    def file(self) -> str | None:
        """The name under which the reader is told to keep it."""
        return next((word.removeprefix("file=") for word in self.info.split() if word.startswith("file=")), None)


@dataclass(frozen=True, slots=True)
class Command:
    """One command as typed: its arguments, what stands on its input, how it must end, what it must print."""

    page: Path
    typed: str
    arguments: list[str]
    given: str | Path | list[str] | None
    exits: int
    shown: list[str]


def blocks(page: Path) -> Iterator[Block]:
    for found in FENCE.finditer(page.read_text(encoding="utf-8")):
        lines = [line.removeprefix(found["indent"]) for line in found["body"].splitlines()]
        yield Block(page, found["info"].strip(), "\n".join(lines))


def commands(block: Block) -> Iterator[Command]:
    """The commands of a console block (after `$`) or of a shell block (every line) that call posology."""
    if block.language not in ("console", "sh"):
        return
    lines = block.text.splitlines()
    for number, line in enumerate(lines):
        typed = line.removeprefix("$ ") if block.language == "console" and line.startswith("$ ") else line
        if block.language == "console" and not line.startswith("$ "):
            continue
        shown = _until_prompt(lines[number + 1 :]) if block.language == "console" else []
        called = _called(typed)
        if called:
            exits = EXITS.search(typed)
            yield Command(block.page, typed, *called, int(exits[1]) if exits else 0, shown)


def _until_prompt(lines: list[str]) -> list[str]:
    found: list[str] = []
    for line in lines:
        if line.startswith("$ "):
            break
        found.append(line.rstrip())
    return found


def _called(typed: str) -> tuple[list[str], str | Path | list[str] | None] | None:
    """Arguments and input of a call of posology, or None.

    `echo '…' | command`, `command < file` and one call piped into another are understood.
    """
    words: list[str] = shlex.split(typed, comments=True)
    given: str | Path | list[str] | None = None
    if "|" in words:
        bar = words.index("|")
        before, words = words[:bar], words[bar + 1 :]
        given = " ".join(before[1:]) if before[0] == "echo" else _arguments(before)
    if "<" in words:
        less = words.index("<")
        given, words = Path(words[less + 1]), words[:less]
    arguments = _arguments(words)
    return None if arguments is None else (arguments, given)


def _arguments(words: list[str]) -> list[str] | None:
    """What posology is called with, where it is."""
    for entrance in ENTRANCES:
        if tuple(words[: len(entrance)]) == entrance:
            return words[len(entrance) :]
    return None


def absent(shown: list[str], printed: list[str]) -> str | None:
    """The first promised line that is not printed where it should be; `…` stands for any lines."""
    at, free = 0, False
    for line in shown:
        if line.strip() == CUT:
            free = True
            continue
        rest = printed[at:] if free else printed[at : at + 1]
        if line not in rest:
            return line
        at, free = at + rest.index(line) + 1, False
    return None
