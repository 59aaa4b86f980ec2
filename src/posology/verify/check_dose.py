"""The dose: E05, E06, E07, E10, E11, E18, E22. Every number derived again; what explains a difference gives its class."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal

from posology.answer import never_up, rounding
from posology.dose import RoundingRefused, exact_mg, judge_target, round_dose
from posology.verify import cause
from posology.verify.alike import same
from posology.verify.findings import NOTE, Finding, Look
from posology.verify.portions import fits

MILLIGRAM = "mg"
TRAILING = re.compile(r"(?<![\d.])\d+\.0+(?!\d)|(?<![\d.])\d+\.\d*?[1-9]0+(?!\d)")
LEADING = re.compile(r"(?<![\d.])\.\d")
BY_HAND = "Compute the dose again and correct it."


def dose(look: Look) -> Iterator[Finding]:
    """The mg are the derived ones, or within the rounding policy."""
    written, due = look.number("dose"), look.due("dose")
    if written is None or due is None or written == due:
        return
    why = cause.of_dose(look)
    unexplained = why == cause.Cause("E05", why.says) or why.id == cause.COPIED
    if unexplained and (rounds := list(_within(look, written))):
        yield from rounds
    elif why.id:
        yield look.found(why.id, "dose", why.says, look.book.elements["dose"].do)
    else:
        yield look.element("dose", why.says, why.error)


def _within(look: Look, written: Decimal) -> Iterator[Finding]:
    """Another amount that the rounding policy would still allow."""
    sheet = look.sheet
    if sheet is None or written <= 0:
        return
    case, exact = look.drawn.case, sheet.figures.amounts.exact_mg
    policy = case.edition.once(rounding)
    target = judge_target(exact, written, policy, never_up=never_up(case.decision.answers, case.facts, case.edition))
    if target.within_limit:
        text = f"rounded otherwise: {target.percent} percent off the calculated dose, within {policy.limit_percent} percent"
        if target.allowed:
            yield look.found("E05:rounding", "dose", text, "Nothing, if the site rounds so.", NOTE)
        else:
            yield look.found("E05:rounding-up", "dose", f"{text}; {target.because}", BY_HAND)


def share(look: Look) -> Iterator[Finding]:
    """The mg/m² are those of this cycle, day, response and level."""
    written, due = look.number("mg-per-m2"), look.due("mg-per-m2")
    if written is not None and due is not None and written != due:
        why = cause.of_share(look, written)
        yield look.element("mg-per-m2", why.says, why.error)


def reference(look: Look) -> Iterator[Finding]:
    """The reference dose is a figure of the regimen, and the one of this dose."""
    written, due = look.number("reference-mg-per-m2"), look.due("reference-mg-per-m2")
    figures = cause.table(look.drawn.case.edition).values()
    if written is not None and written not in figures:
        yield look.element("reference-mg-per-m2", "the regimen has no such dose: the library it came from is wrong")
    elif written is not None and due is not None and written != due:
        why = cause.of_share(look, written)
        yield look.element("reference-mg-per-m2", "the reference dose is that of another day or branch", why.error)


def level(look: Look) -> Iterator[Finding]:
    """The level and the change are those in force."""
    regimen, sheet = look.drawn.case.edition.regimen, look.sheet
    written, due = look.said("level"), look.derived.get("level")
    if written is not None and due is not None and written != due and sheet is not None:
        factor = regimen.factors.get(str(written))
        raised = factor is not None and factor > regimen.factors[str(due)]
        error = cause.raised(look).error if raised else "E05"
        yield look.element("level", "the level is higher than the one in force" if raised else "the level is another", error)
    change, right = look.number("change-percent"), look.due("change-percent")
    if change is not None and right is not None and not same(look.book.elements["change-percent"], change, right):
        error = cause.raised(look).error if change > right else "E05"
        yield look.element("change-percent", "the change is not the one in force", error)


def copied(look: Look) -> Iterator[Finding]:
    """Where no dose is due, an order of an amount given before was copied."""
    written = look.number("dose")
    if look.sheet is None and written is not None and cause.earlier(look, written):
        text = "the dose is the one given before, and no dose is due now"
        yield look.found("E10:copied", "dose", text, "Do not give; read why below.")


def arithmetic(look: Look) -> Iterator[Finding]:
    """The order's own numbers fit each other, whatever the record says; said where the record cannot say more."""
    written, area, per = look.number("dose"), look.number("bsa"), look.number("mg-per-m2")
    if look.sheet is not None or written is None or area is None or per is None:
        return
    try:
        policy = look.drawn.case.edition.once(rounding)
        exact = exact_mg(per, area)
        fits = written > 0 and judge_target(exact, written, policy).within_limit
        round_dose(exact, policy)
    except (RoundingRefused, ValueError):
        fits = False
    if not fits:
        text = f"{per} mg/m² times {area} m² is not {written} mg"
        yield look.found("E05:arithmetic", "dose", text, BY_HAND)


def unit(look: Look) -> Iterator[Finding]:
    """The dose is a number, in milligrams."""
    stated = look.said("dose-unit")
    if stated is not None and stated != MILLIGRAM:
        text = f"the dose is written in {stated or 'no unit'}; a factor of a thousand lies that way"
        yield look.found("E05:unit", "dose", text, "Write it in milligrams.")
    elif "dose" in look.order.unread:
        text = f"the dose cannot be read as a number: {look.order.unread['dose']}"
        yield look.found("E05:unreadable", "dose", text, "Write one number in milligrams.")


def numerals(look: Look) -> Iterator[Finding]:
    """No trailing zero, no naked point in the words of the order."""
    text = str(look.said("text") or "")
    slips = [*TRAILING.findall(text), *LEADING.findall(text)]
    if slips:
        shown = f"a number that is misread tenfold stands in the words: {', '.join(slips)}"
        yield look.found("E05:numeral", "text", shown, "Write a zero before the point and none after the last digit.")


def vials(look: Look) -> Iterator[Finding]:
    """Vials and volume are those of the dose, counted on what can be withdrawn."""
    for name in ("vials", "volume"):
        given, due = look.number(name), look.due(name)
        if given is not None and due is not None and not fits(look, name, given, due):
            yield look.element(
                name, _miscounted(look, given) if name == "vials" else "the volume is not the one of the dose"
            )


def _miscounted(look: Look, written: Decimal) -> str:
    mg = look.due("dose")
    if mg is not None and written == mg.to_integral_value(ROUND_CEILING):
        return "counted on one mg a vial, which is not what can be withdrawn"
    return "the vials are not those of the dose"
