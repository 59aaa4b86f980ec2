"""The dose: E05, E06, E07, E10, E11, E18, E22. Every number derived again; what explains a difference gives its class."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal

from posology.answer import never_up, rounding
from posology.dose import RoundingRefused, exact_mg, judge_target, round_dose
from posology.verify.against import cause
from posology.verify.against.alike import same
from posology.verify.against.portions import fits, follows
from posology.verify.findings import CONFIRM, NOTE, Finding, Look

MILLIGRAM = "mg"
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
        text = f"the dose is written in {stated or 'no unit'}, not in milligrams{_thousand(look)}"
        yield look.found("E05:unit", "dose", text, "Write it in milligrams.")
    elif "dose" in look.order.unread:
        text = f"the dose cannot be read as a number: {look.order.unread['dose']}"
        yield look.found("E05:unreadable", "dose", text, "Write one number in milligrams.")


def _thousand(look: Look) -> str:
    """A unit of mass that is not mg: what lies between."""
    return "; a factor of a thousand or more lies between" if look.number("dose") is not None else ""


def maximum(look: Look) -> Iterator[Finding]:
    """A greatest amount that is written beside the dose is the dose."""
    written = look.said("maximum")
    if written is not None:
        text = f"a greatest amount of {written} stands beside the dose"
        yield look.found("E05:maximum", "dose", text, "Ask which of the two is meant, and write the dose alone.")


def vials(look: Look) -> Iterator[Finding]:
    """Vials and volume are those of the dose, counted on what can be withdrawn; of an unknown dose they are asked about."""
    for name in ("vials", "volume"):
        given, due = look.number(name), look.due(name)
        if given is None or due is None or fits(look, name, given, due):
            continue
        if look.number("dose") is None:
            text = (
                f"the dose cannot be read, and the {look.book.elements[name].means} are not those of the dose of the record"
            )
            yield look.element(name, text, severity=CONFIRM)
        else:
            yield look.element(name, _miscounted(look, given) if name == "vials" else _volume(look, given))


def portions_of_another(look: Look) -> Iterator[Finding]:
    """Where another amount is let stand, what is prepared is that amount, and not the one of the record."""
    written, due = look.number("dose"), look.due("dose")
    if written is None or due is None or written == due or not any(_within(look, written)):
        return
    names = [name for name in ("vials", "volume", "concentration") if _of_the_record(look, name)]
    if names:
        told = ", ".join(look.book.elements[name].means for name in names)
        text = f"{told} stand there for {due} mg, and {written} mg is written"
        yield look.found(
            "E18:another-dose", "dose", text, "Write the dose that is prepared, or prepare the one that is written."
        )


def _of_the_record(look: Look, name: str) -> bool:
    """Is it that of the dose of the record alone?"""
    given, right = look.number(name), look.due(name)
    return given is not None and right is not None and fits(look, name, given, right) and not follows(look, name, given)


def _miscounted(look: Look, written: Decimal) -> str:
    mg = look.number("dose")
    if mg is not None and written == mg.to_integral_value(ROUND_CEILING):
        return "counted on one mg a vial, which is not what can be withdrawn"
    return f"the vials are not those of the dose{_of(look)}"


def _volume(look: Look, written: Decimal) -> str:
    return f"the volume is not the one of the dose{_of(look)}"


def _of(look: Look) -> str:
    """The dose as written, where it is not the one of the record."""
    mg = look.number("dose")
    return "" if mg is None or mg == look.due("dose") else f" as written ({mg} mg)"


def dispensed(look: Look) -> Iterator[Finding]:
    """What is to be handed out is the dose, or the vials that it takes."""
    amount, sheet = look.said("dispensed"), look.sheet
    if amount is None or sheet is None:
        return
    known = {look.number("dose"), look.due("dose")}
    vial, count = look.drawn.case.edition.product["vial"], sheet.figures.amounts.vials
    known |= {count * Decimal(vial["printed_mg"]), count * Decimal(vial["withdrawable_mg"])}
    if amount not in known:
        unit = MILLIGRAM if isinstance(amount, Decimal) else ""
        text = f"{f'{amount} {unit}'.strip()} is to be handed out, which is neither the dose nor the vials that it takes"
        yield look.found("E18:dispensed", "vials", text, "Write what is handed out as the vials of this dose.")
