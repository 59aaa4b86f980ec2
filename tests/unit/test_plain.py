"""The quick reader of plain TOML: it reads as tomllib does, or leaves the document to it."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from posology.knowledge.files import LABEL
from posology.knowledge.plain import loads, plain

FILES = sorted(LABEL.rglob("*.toml"))
PIECES = (
    *("a", "b", "a.b", "b.a", '"a"', '"a.b"', "7", "-1", "[a]", "[b]", "[a.b]", "[[a]]", "[[b]]", "[[a.b]]", "[a.b.c]"),
    *(" = ", "=", " ", "\n", "\n\n", "# note", '"', '"""', '"""\n', "'", "\\", "\\n", "\t", "\r\n", "\x7f", "é"),
    *("1", "01", "1.5", "1.", ".5", "1e5", "1_000", "+1", "-0", "inf", "nan", "true", "false", "True", "null"),
    *("2024-02-29", "2023-02-29", "2024-02-29T08:00:00", "08:00:00", '"x"', '""', "{", "}", "[", "]", ",", ", "),
    *("a = 1\n", "b = [1, 2]\n", "a.b = 2\n", 'b = { a = "x" }\n', "a = {}\n", "b.a = []\n"),
    *('a = """x\ny"""\n', "[a]\n", "[[a]]\n"),
)


def _by_tomllib(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=Decimal)


def _is_read_alike(text: str) -> bool:
    """Is a plain document what tomllib reads, types and order included? True too for what is not plain."""
    found = plain(text)
    return found is None or repr(found) == repr(_by_tomllib(text))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(LABEL).as_posix())
def test_every_file_of_the_label_is_plain_and_read_as_tomllib_reads_it(path: Path) -> None:
    text = path.read_bytes().decode()
    assert repr(plain(text)) == repr(_by_tomllib(text))


@pytest.mark.parametrize(
    "text",
    [
        "a = 1\na = 2",
        "a = 1\n[a]",
        "a = []\n[[a]]",
        "a = {}\na.b = 1",
        "a.b = 1\n[a]",
        "a = { b = 1 }\n[a.c]",
        "[a]\n[a]",
        "[a]\n[[a]]",
        "[[a]]\n[a]",
        "[a.b]\n[[a]]",
        "[a]\nb.c = 1\n[a.b]",
        "a = 01",
        "a = 1.",
        "a = null",
        "a = True",
        "a = 2023-02-29",
        "a = { b = 1, }",
        "a = { b = 1\n}",
        "a = { b = 1, b = 2 }",
        "a = [1, 2",
        "a = [1 2]",
        "a = [,]",
        'a = "x\ny"',
        'a = "x" b = 1',
        'a = "\x00"',
        'a = "x""',
        "a = 1 # \x00",
        "a =\n1",
        "a",
        "= 1",
        "[a",
        "[a] b = 1",
        "[]",
        "[[a]",
        "\ufeffa = 1",
    ],
)
def test_a_mistake_is_never_plain_and_tomllib_names_it(text: str) -> None:
    assert plain(text) is None
    with pytest.raises(tomllib.TOMLDecodeError):
        loads(text)


@pytest.mark.parametrize(
    "text",
    [
        r'a = "x\n"',
        "a = 'x'",
        "a = '''x'''",
        'a = """x"y"""',
        "a = 1_000",
        "a = +1",
        "a = 1e5",
        "a = 0x1f",
        "a = inf",
        "a = 08:00:00",
        "a = 2024-02-29T08:00:00Z",
        "a = 1\r\nb = 2\r\n",
        "  a = 1",
        "a . b = 1",
        'a."b.c" = 1',
        "[a.b]\n[a]\nc = 1",
        "a = { b.c = 1 }",
    ],
)
def test_what_is_right_but_not_plain_is_left_to_tomllib(text: str) -> None:
    assert plain(text) is None
    assert repr(loads(text)) == repr(_by_tomllib(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a remark",
        "\n\n \na = 1 # with a remark\n",
        'a = ""\nb = """"""\nc = """\n\nx\n"""',
        "a.b = 1\na.c = 2\n[d]\ne.f = 1\n[d.g]",
        "[[a]]\nb = 1\n[[a]]\n[a.c]\nd = 1\n[[a.e]]\n[[a.e]]",
        '"a.b" = 1\n"" = 2\n[c]\nd = { "e f" = 1 }',
        "a = [\n  1, # one\n  # two\n  2,\n]\nb = [ ]\nc = [[1], [{ d = [] }]]",
        "a = -0\nb = -0.0\nc = 1.50\nd = 2024-02-29\ne = [true, false]",
    ],
)
def test_plain_forms_are_read_without_tomllib_and_alike(text: str) -> None:
    assert repr(plain(text)) == repr(_by_tomllib(text))


def test_brackets_deeper_than_python_goes_are_left_to_tomllib() -> None:
    text = f"a = {'[' * 100_000}"
    assert plain(text) is None
    with pytest.raises(RecursionError):
        loads(text)


def test_no_pile_of_pieces_is_read_otherwise_than_by_tomllib() -> None:
    luck = Random(1)
    piles = ("".join(luck.choices(PIECES, k=luck.randint(1, 12))) for _ in range(40_000))
    read = [text for text in piles if plain(text)]
    assert len(read) > 1_000
    assert [text for text in read if not _is_read_alike(text)] == []


def test_no_slip_in_a_label_file_is_read_otherwise_than_by_tomllib() -> None:
    luck = Random(2)
    for path in FILES:
        text = path.read_bytes().decode()[:2_000]
        for _ in range(10):
            at = luck.randrange(len(text))
            slipped = text[:at] + luck.choice(PIECES) + text[at + luck.randint(0, 2) :]
            assert _is_read_alike(slipped), (path, at)
