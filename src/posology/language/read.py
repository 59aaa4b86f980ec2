"""Text → condition. A small reader of our own; what it refuses, it refuses with the phrase to write instead."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import cast

from posology.language.nodes import And, Claim, Compare, Condition, Known, Limit, Not, OneOf, Operator, Or

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?![\w.]))|(?P<word>'[^']*')|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<op><=|>=|<>|!=|==|<|>|=)|(?P<mark>[()*,])|(?P<other>\S))"
)
KEYWORDS = ("AND", "OR", "NOT", "IN", "IS", "KNOWN")
INSTEAD = {
    "==": "write a single =",
    "!=": "write NOT x = 'word', or the opposite comparison",
    "<>": "write NOT x = 'word', or the opposite comparison",
    "/": "there is no division: write value > 1.5 * limit",
    "+": "there is no arithmetic: make the sum a fact of its own",
    "-": "there is no subtraction and no negative number: make the difference a fact of its own",
    '"': "write words in single quotes",
    "BETWEEN": "write x >= 1 AND x <= 2",
    "CASE": "write one row for each case",
    "NULL": "write x IS KNOWN or NOT x IS KNOWN",
    "TRUE": "write the fact alone: vod",
    "FALSE": "write NOT in front of the fact: NOT vod",
    "LIKE": "write x IN ('word', 'word')",
    ".": "write 0.5, with the zero",
    "≥": "write >=",
    "≤": "write <=",
    "×": "write *",
    "EXISTS": "there are no subqueries: make it a fact of its own",
}


class CannotRead(ValueError):
    """A condition outside the language; the message says where and what to write instead."""


def read(text: str) -> Condition:
    """Read one condition. Raises CannotRead."""
    reader = _Reader(text)
    condition = reader.any_of()
    if reader.kind:
        raise reader.refuse(f"unexpected {reader.token!r}")
    return condition


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at, self.kind, self.token = text, 0, "", ""
        self.step()

    def step(self) -> str:
        """Move to the next token; give the one just passed."""
        passed = self.token
        found = TOKEN.match(self.text, self.at)
        if not found or not self.text[self.at :].strip():
            self.kind, self.token = "", ""
            return passed
        self.kind, self.token = str(found.lastgroup), found[str(found.lastgroup)]
        self.start, self.at = found.start(str(found.lastgroup)), found.end()
        if self.kind == "other" or self.token.upper() in INSTEAD or self.token in INSTEAD:
            raise self.refuse(f"{self.token!r} is not in the language")
        if self.kind == "name" and self.token.upper() in KEYWORDS:
            if self.token not in KEYWORDS:
                raise self.refuse(f"{self.token!r}: write {self.token.upper()}")
            self.kind = self.token
        return passed

    def refuse(self, why: str) -> CannotRead:
        hint = INSTEAD.get(self.token) or INSTEAD.get(self.token.upper())
        place = f"at character {self.at - len(self.token) + 1}" if self.token else "at the end"
        return CannotRead(f"{why} {place} of: {self.text.strip()}" + (f" ({hint})" if hint else ""))

    def expect(self, kind: str, token: str | None = None) -> str:
        if self.kind != kind or (token and self.token != token):
            raise self.refuse(f"expected {token or kind}, found {self.token or 'nothing'!r}")
        return self.step()

    def any_of(self) -> Condition:
        parts = [self.all_of()]
        while self.kind == "OR":
            self.step()
            parts.append(self.all_of())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def all_of(self) -> Condition:
        parts = [self.negated()]
        while self.kind == "AND":
            self.step()
            parts.append(self.negated())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def negated(self) -> Condition:
        if self.kind == "NOT":
            self.step()
            return Not(self.negated())
        if self.token == "(":
            self.step()
            inner = self.any_of()
            self.expect("mark", ")")
            return inner
        return self.about(self.fact())

    def fact(self) -> str:
        if self.kind == "number":
            raise self.refuse("write the fact first: x > 1, not 1 < x; found a number")
        if self.kind != "name":
            raise self.refuse("expected a fact" if self.token else "the condition ends too early")
        name = self.step()
        if self.token == "(":
            raise self.refuse(f"{name}(…): there are no functions; make it a fact of its own")
        return name

    def about(self, fact: str) -> Condition:
        if self.kind == "IS":
            self.step()
            if self.kind == "NOT":
                raise self.refuse(f"write NOT {fact} IS KNOWN")
            self.expect("KNOWN")
            return Known(fact)
        if self.kind == "IN":
            self.step()
            return OneOf(fact, self.words())
        if self.kind == "op":
            return self.compared(fact)
        return Claim(fact)

    def words(self) -> tuple[str, ...]:
        self.expect("mark", "(")
        words = [self.expect("word")[1:-1]]
        while self.token == ",":
            self.step()
            words.append(self.expect("word")[1:-1])
        self.expect("mark", ")")
        return tuple(words)

    def compared(self, fact: str) -> Condition:
        operator = cast(Operator, self.step())
        if self.kind == "word":
            if operator != "=":
                raise self.refuse("words are compared with = or IN only")
            return OneOf(fact, (self.step()[1:-1],))
        limit = self.limit()
        if self.kind == "op":
            raise self.refuse("comparisons are not chained; write x > 1 AND x < 2:")
        return Compare(fact, operator, limit)

    def limit(self) -> Limit:
        if self.kind == "name":
            fact = self.fact()
            if self.token == "*":
                raise self.refuse(f"write the number first: 1.5 * {fact};")
            return Limit(Decimal(1), fact)
        if self.kind != "number":
            raise self.refuse("expected a number, or a number * a fact")
        number = Decimal(self.step())
        if self.kind == "name" or self.token == ",":
            raise self.refuse("write 1.5 * x with its star and 1.5 with its point;")
        if self.token != "*":
            return Limit(number)
        self.step()
        return Limit(number, self.fact())
