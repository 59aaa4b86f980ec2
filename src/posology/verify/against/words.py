"""The words of an order beside its codes and numbers: E02, E05, E08, E13, E16, E20, E23. What words deny is not named."""

from __future__ import annotations

import re
from collections.abc import Iterator

from posology.knowledge.phrases import legible, named
from posology.verify.against.order import names_of
from posology.verify.against.spoken_numbers import MISREAD, disagreeing, small_units, unsaid
from posology.verify.findings import NOTE, Finding, Look

TRAILING = re.compile(r"(?<![\d.])\d+\.0+(?!\d)|(?<![\d.])\d+\.\d*?[1-9]0+(?!\d)")
LEADING = re.compile(r"(?<![\d.])\.\d")
FRACTION = re.compile(r"(?<![\d/])\d/\d+(?![\d/])")
LOOSE_DAY = re.compile(r"(?<![\d/.-])\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})(?![\d/.-])")
DAYS = re.compile(r"\bd(?:ays?)?\s?\d+(?:\s*(?:,|and|&|/|\+)\s*(?:d(?:ay)?\s?)?\d+(?![\d.]*\s*(?:m|h|%|kg|cm)))+", re.I)
ODD = re.compile(r"[\u202a-\u202e\u2066-\u2069]|[a-z][\u0370-\u03bb\u03bd-\u04ff]|[\u0370-\u03bb\u03bd-\u04ff][a-z]", re.I)
"""Marks that turn the line round; a Greek or Cyrillic letter within a Latin word, but for the `μ` of micrograms."""
MILLIGRAMS = re.compile(r"(?<![\d.,])[\d.,]+\s*mg", re.I)
SENTENCE = re.compile(r"(?<=[.;])\s+|\n")
ALONE = ("drug",)
OTHER = "other"
ONE_ROUTE = "Write the route once, as intravenous infusion, and take every other route out of the words."


def text_of(look: Look, name: str) -> str:
    """Words of the order as a person sees them; nothing where there are none."""
    return legible(str(look.said(name) or ""))


def routes(look: Look) -> Iterator[Finding]:
    """The words name no other route than the code: those of the instruction stop, those beside it are asked about.

    In a text of capital letters alone abbreviations cannot be told from words (`GIVE IT`) and are left to the shorthand.
    """
    told = f"{text_of(look, 'text')}\n{text_of(look, 'route-words')}"
    spinal, _ = routes_in(look, told)
    _, others = routes_in(look, of_the_drug(look, told))
    wrong = any(by not in (None, OTHER, look.derived.get("route")) for by in look.routes)
    if spinal and not wrong:
        text = f"the words name the spinal route ({', '.join(spinal)}), and by it this drug can kill"
        yield look.found("E16:spinal-words", "route", text, ONE_ROUTE)
    elif others and not wrong:
        text = f"the words name another route ({', '.join(others)})"
        yield look.found("E16:route-words", "route", text, ONE_ROUTE)
    spinal, others = routes_in(look, text_of(look, "beside"))
    if spinal:
        text = f"a note or advice on the order names the spinal route ({', '.join(spinal)})"
        yield look.found("E16:spinal-beside", "route", text, "Ask what is meant; this drug is never given by it.")
    elif others:
        text = f"a note or advice on the order names another route ({', '.join(others)})"
        yield look.found("E16:route-beside", "route", text, "Nothing, if it is about another medicine.", NOTE)


def of_the_drug(look: Look, text: str) -> str:
    """The text without the sentences that are about the premedication alone."""
    return "\n".join(one for one in SENTENCE.split(text) if not _aside(look, one))


def _aside(look: Look, sentence: str) -> bool:
    names, words = names_of(look.drawn.case.edition.product), look.book.words
    return bool(named((*words["aside"], *words["premedication"]), sentence)) and not named(names, sentence)


def _ordered_aside(look: Look, text: str) -> tuple[str, ...]:
    """What the sentences about the premedication order: its medicines, or an amount of whatever it is."""
    aside = "\n".join(one for one in SENTENCE.split(text) if _aside(look, one))
    return named(look.book.words["premedication"], aside) or tuple(dict.fromkeys(MILLIGRAMS.findall(aside)))


def routes_in(look: Look, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The spinal route and other routes that a text names. Looked for together: what denies one of a list denies all."""
    book, whole = look.book.words, any(one.islower() for one in text) or len(text.split()) == 1
    spinal = (*book["spinal"], *(book["spinal_short"] if whole else ()))
    found = named((*spinal, *book["other_routes"], *(book["other_short"] if whole else ())), text)
    of_the_spine = tuple(one for one in found if named(spinal, one))
    return of_the_spine, tuple(one for one in found if one not in of_the_spine)


def diluent(look: Look) -> Iterator[Finding]:
    """The instruction names no diluent that is not the label's."""
    others = named(look.book.words["diluents"], text_of(look, "text"))
    if others:
        text = f"the words name a diluent that is not the label's: {', '.join(others)}"
        yield look.found("E16:diluent-words", "diluent", text, look.book.elements["diluent"].do)


def around(look: Look) -> Iterator[Finding]:
    """The instruction leaves out no premedication, takes no wrong material, and is no order by word of mouth."""
    text = text_of(look, "text")
    if told := named(look.book.words["lacking"], text):
        do = look.book.elements["premedication"].do
        yield look.found("E15:words", "premedication", f"the words leave it out: {', '.join(told)}", do)
    if told := named(look.book.words["materials"], text):
        says = f"the words name a material that is not the label's: {', '.join(told)}"
        yield look.found("E16:material-words", "handling", says, "Take a filter and a line of the label's materials.")
    if told := named(look.book.words["verbal"], text):
        says = f"the words speak of an order that was not written: {', '.join(told)}"
        yield look.found("E20:verbal", "prescriber", says, "The prescriber writes and signs it.")
    odd = ODD.findall(str(look.said("text") or ""))
    if odd:
        says = f"letters that look like others, or turn the line round, stand in the words ({len(odd)} place(s))"
        yield look.found("E20:letters", "text", says, "Type the words again.")


def medicines(look: Look) -> Iterator[Finding]:
    """The words name the drug, no look-alike, and no other medicine."""
    alike = [f"{word}*" for words in look.book.look_alikes.values() for word in words]
    if told := named(alike, text_of(look, "text")):
        text = f"the instruction names {', '.join(told)}, which is another drug"
        yield look.found("E02:words", "drug", text, "Write the name of the drug that is meant.")
    elif told := named(alike, text_of(look, "beside")):
        text = f"a note or advice on the order names {', '.join(told)}, which is another drug"
        yield look.found("E02:beside", "drug", text, "Ask which drug is meant.")
    spoken, text = look.said("others-in-words"), text_of(look, "text")
    coded = spoken if isinstance(spoken, tuple) else ()
    others = [name.replace("_", " ") for name in coded if name not in look.book.look_alikes]
    others = others or list(_ordered_aside(look, text))
    if others:
        text = f"the instruction also names {', '.join(others)}"
        yield look.found("E02:others-in-words", "drug", text, "Write one order for each medicine.")


def name(look: Look) -> Iterator[Finding]:
    """What people read as the name of the medicine is a name of the drug."""
    spoken, product = text_of(look, "drug-words"), look.drawn.case.edition.product
    if spoken and look.said("drug") in (ALONE, None) and not named(names_of(product), spoken):
        text = f"the code says {product['tall_man']}, the words say {' '.join(spoken.split())}"
        yield look.found("E02:unnamed", "drug", text, "Ask which is meant, and write the name of the drug.")


def more(look: Look) -> Iterator[Finding]:
    """The words speak of one dose, and of giving it."""
    text = text_of(look, "text")
    if repeats := (*named(look.book.words["repeats"], text), *DAYS.findall(text)):
        says = f"the words may mean more than one dose: {', '.join(repeats)}"
        yield look.found("E08:repeat-words", "on", says, "Say one dose on one day; write one order for each dose.")
    if told := named(look.book.words["against"], text):
        says = f"the words speak against giving it: {', '.join(told)}"
        yield look.found("E13:against-words", "text", says, "Ask the prescriber whether the dose is to be given.")


def numbers(look: Look) -> Iterator[Finding]:
    """The words of the order say the numbers of the order, both as written."""
    text = of_the_drug(look, text_of(look, "text"))
    slips = list(disagreeing(look, text))
    if slips:
        yield look.found(
            "E23:text", "text", f"the words and the numbers disagree: {'; '.join(slips)}", "Make both say the same."
        )
    elif unsaid(look, text):
        says = f"the words speak of an amount, and {look.number('dose')} mg is not among them"
        yield look.found("E23:unsaid", "text", says, "Write the dose in the words as it is coded, or leave it out of them.")
    elif small := small_units(look, text):
        says = f"the words use another unit: {', '.join(small)}"
        yield look.found("E05:unit-words", "text", says, "Write mg, kg and cm, in the words too.")


def beside(look: Look) -> Iterator[Finding]:
    """A note or an advice names no other amount than the dose."""
    slips = [slip for slip in disagreeing(look, text_of(look, "beside"), only="dose")]
    if slips:
        says = f"a note or advice on the order names another amount: {'; '.join(slips)}"
        yield look.found("E23:beside", "dose", says, "Ask which amount is meant; write another medicine on its own order.")


def numerals(look: Look) -> Iterator[Finding]:
    """No trailing zero, no naked point, no comma and no other script in the numbers of the words."""
    text = text_of(look, "text")
    slips = [*TRAILING.findall(text), *LEADING.findall(text), *MISREAD.findall(str(look.said("text") or ""))]
    if slips:
        shown = f"a number that can be misread stands in the words: {', '.join(dict.fromkeys(slips))}"
        do = "Write digits with a point, a zero before it, and none after the last digit."
        yield look.found("E05:numeral", "text", shown, do)


def shorthand(look: Look) -> Iterator[Finding]:
    """No abbreviation that has been misread, and no day that can be read two ways, stands in the words of the order."""
    text = text_of(look, "text")
    found = [word for word in look.book.shorthand if re.search(rf"(?<![\w.]){re.escape(word)}(?![\w./])", text)]
    found += [*FRACTION.findall(text), *LOOSE_DAY.findall(text)]
    if found:
        says = f"shorthand in the words: {', '.join(found)}"
        yield look.found("E20:shorthand", "text", says, "Write the words out, and a day as 2026-12-31.")
