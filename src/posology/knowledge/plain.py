"""The plain part of TOML, which label/ is written in, read several times faster than tomllib reads it.

Plain are: bare, dotted and quoted keys, headers of tables and of lists of tables, strings without a backslash, whole
and decimal numbers, dates, true and false, arrays and inline tables. Whatever is not plain, every mistake included, is
given back as None: tomllib then reads it, or says what is wrong.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

Toml = dict[str, Any]
_NAME = "[A-Za-z0-9_-]+"
_PATH = rf"{_NAME}(?:\.{_NAME})*"
_LINE = r'"([^"\\\x00-\x1f\x7f]*)"'
_KEY = rf"(?:({{}})|{_LINE})[ ]*=[ ]*"
_LINES = r'"""\n?([^"\\\x00-\x09\x0b-\x1f\x7f]*)"""'
_BARE = "([0-9a-z.-]+)"
_REMARK = r"\#[^\x00-\x1f\x7f]*"
_END = rf"[ ]*(?:{_REMARK})?(?:\n|\Z)"
_GAP = rf"(?:[ \n]|{_REMARK}\n)*"
_NESTED = r"(?=[\[{])"

STATEMENT = re.compile(
    rf"\n*(?:{_KEY.format(_PATH)}(?:(?:{_LINE}|{_LINES}|{_BARE}){_END}|{_NESTED})"
    rf"|\[\[({_PATH})\]\]{_END}|\[({_PATH})\]{_END}|{_END})"
)
KEY, QUOTED, LINE, LINES, BARE, LIST, TABLE = range(1, STATEMENT.groups + 1)
PAIR = re.compile(rf"[ ]*{_KEY.format(_NAME)}(?:{_LINE}|{_BARE}|{_NESTED})")
ITEM = re.compile(rf"{_GAP}(?:{_LINE}|{_BARE}|{_NESTED}|(\]))")
ITEM_LINE, _, ITEM_END = range(1, ITEM.groups + 1)
AFTER_PAIR, AFTER_ITEM, END = re.compile("[ ]*([,}])"), re.compile(rf"{_GAP}([,\]])"), re.compile(_END)
WHOLE, POINT, DAY = (
    re.compile(form) for form in ("-?(?:0|[1-9][0-9]*)", r"-?(?:0|[1-9][0-9]*)\.[0-9]+", "[0-9]{4}-[0-9]{2}-[0-9]{2}")
)


class NotPlain(ValueError):
    """What only tomllib reads, or refuses."""


def loads(text: str) -> Toml:
    """A TOML document, each number with a point as a Decimal. Raises tomllib.TOMLDecodeError."""
    found = plain(text)
    if found is None:
        import tomllib  # here, because what is plain never needs it

        return tomllib.loads(text, parse_float=Decimal)
    return found


def plain(text: str) -> Toml | None:
    """The document if it is plain, else None."""
    try:
        return _document(text)
    except (ValueError, RecursionError):
        return None


def _document(text: str) -> Toml:
    root: Toml = {}
    here, headed, at = root, {id(root)}, 0
    dotted: set[int] = set()
    while at < len(text):
        found = STATEMENT.match(text, at)
        if found is None:
            raise NotPlain
        at, what = found.end(), found.lastindex
        if what in (LIST, TABLE):
            here = _headed(root, found[what], headed, what == LIST)
        elif what is not None:
            if what in (KEY, QUOTED):
                value, at = _nested(text, at)
                at = _matched(END, text, at).end()
            else:
                value = _bare(found[BARE]) if what == BARE else found[what]
            table, name = (here, found[QUOTED]) if found[KEY] is None else _reached(here, found[KEY], dotted)
            _put(table, name, value)
    return root


def _headed(root: Toml, path: str, headed: set[int], listed: bool) -> Toml:
    """The new table that a header begins. `headed`: the ids of what headers made; nothing else may be added to."""
    table: Any = root
    *above, name = path.split(".")
    for part in above:
        table = _inner(table, part, headed)
        table = table[-1] if isinstance(table, list) else table
    new: Toml = {}
    headed.add(id(new))
    if listed:
        if name not in table:
            table[name] = []
            headed.add(id(table[name]))
        if not isinstance(table[name], list) or id(table[name]) not in headed:
            raise NotPlain
        table[name].append(new)
    else:
        _put(table, name, new)
    return new


def _reached(table: Toml, path: str, dotted: set[int]) -> tuple[Toml, str]:
    """The table and the name a key stands for. `dotted`: the ids of what dotted keys made."""
    if "." not in path:
        return table, path
    *above, name = path.split(".")
    for part in above:
        table = _inner(table, part, dotted)
    return table, name


def _inner(table: Toml, name: str, ours: set[int]) -> Any:
    if name not in table:
        table[name] = {}
        ours.add(id(table[name]))
    if id(table[name]) not in ours:
        raise NotPlain
    return table[name]


def _put(table: Toml, name: str, value: object) -> None:
    if name in table:
        raise NotPlain
    table[name] = value


def _nested(text: str, at: int) -> tuple[Any, int]:
    """The array or inline table that begins here, and where it ends."""
    return (_inline if text[at] == "{" else _array)(text, at + 1)


def _array(text: str, at: int) -> tuple[list[Any], int]:
    values: list[Any] = []
    while True:
        found = _matched(ITEM, text, at)
        if found[ITEM_END]:
            return values, found.end()
        value, at = _value(found, ITEM_LINE, text)
        values.append(value)
        after = _matched(AFTER_ITEM, text, at)
        at = after.end()
        if after[1] == "]":
            return values, at


def _inline(text: str, at: int) -> tuple[Toml, int]:
    table: Toml = {}
    while True:
        found = _matched(PAIR, text, at)
        value, at = _value(found, LINE, text)
        _put(table, found[QUOTED] if found[KEY] is None else found[KEY], value)
        after = _matched(AFTER_PAIR, text, at)
        at = after.end()
        if after[1] == "}":
            return table, at


def _value(found: re.Match[str], line: int, text: str) -> tuple[Any, int]:
    """What a match of an item or of a pair holds, and where it ends. Its group after `line` is a bare word."""
    if found[line] is not None:
        return found[line], found.end()
    if found[line + 1] is not None:
        return _bare(found[line + 1]), found.end()
    return _nested(text, found.end())


def _matched(form: re.Pattern[str], text: str, at: int) -> re.Match[str]:
    found = form.match(text, at)
    if found is None:
        raise NotPlain
    return found


def _bare(word: str) -> bool | int | Decimal | date:
    if word in ("true", "false"):
        return word == "true"
    if WHOLE.fullmatch(word):
        return int(word)
    if POINT.fullmatch(word):
        return Decimal(word)
    if DAY.fullmatch(word):
        return date.fromisoformat(word)
    raise NotPlain
