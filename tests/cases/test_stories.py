"""Every story gets the answer of a careful pharmacist with the label open, and for the reasons they would name."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo

import pytest

from posology import stories
from posology.answer import Report
from posology.api import decide, load_bundle, load_edition
from posology.course import fold
from posology.decide import decide_facts
from posology.facts import gather, values
from posology.say import shape

NAMES = stories.names()
UNDECIDED = ("ask", "undetermined")


@cache
def answer(name: str) -> Report:
    tale = stories.tale(name)
    return decide(stories.bundle(name), at=tale.at, edition=tale.edition, zone=tale.zone)


def seen(report: Report) -> set[str]:
    """What the answer names: rows and facts of its findings, what is missing, questions that say more, figures."""
    names = {figure.removesuffix("_m2") for figure in shape.dose(report.dose) or ()}
    for reply in report.answers:
        names |= {finding.row for finding in reply.findings} | {lack.fact for lack in reply.missing}
        names |= {part.fact for finding in reply.findings for part in finding.because}
        names |= {reply.question} if reply.action != "give" or reply.findings else set()
    return names


def decisive(name: str, fact: str) -> bool:
    """Would the answer be another if nobody knew this fact? Then it is a reason, though no finding shows it."""
    tale, edition = stories.tale(name), load_edition(stories.tale(name).edition)
    if fact not in edition.facts:
        return False
    zone = ZoneInfo(tale.zone)
    record = load_bundle(stories.bundle(name), zone=tale.zone)
    facts = gather(record, fold(record, edition.regimen, tale.at, zone), edition, tale.at, zone)
    known, report = values(facts), answer(name)
    without = decide_facts(edition.tables, {**known, fact: None})
    return known[fact] is not None and (without.verdict, without.could_be) != (report.verdict, report.could_be)


def quiet(report: Report, question: str) -> bool:
    """In a green answer a question is a reason by having nothing against it."""
    return report.green and any(reply.question == question for reply in report.answers)


@pytest.mark.parametrize("name", NAMES)
def test_a_story_gets_the_verdict_that_its_reader_expects(name: str) -> None:
    assert answer(name).verdict == stories.tale(name).expect.verdict


@pytest.mark.parametrize("name", NAMES)
def test_a_story_gets_the_dose_that_its_reader_expects_and_otherwise_none(name: str) -> None:
    dose = answer(name).dose
    assert (dose.amounts.mg_per_m2 if dose else None) == stories.tale(name).expect.dose_mg_per_m2


@pytest.mark.parametrize("name", [name for name in NAMES if name != "blank"])
def test_a_story_is_answered_for_the_reasons_that_its_reader_names(name: str) -> None:
    report = answer(name)
    shown = seen(report)
    unseen = [
        reason
        for reason in stories.tale(name).expect.because
        if reason not in shown and not decisive(name, reason) and not quiet(report, reason)
    ]
    assert not unseen, f"nothing in the answer speaks of {', '.join(unseen)}"


def test_of_a_blank_patient_every_question_asks() -> None:
    assert stories.tale("blank").expect.because == ("everything",)
    undecided = {reply.question for reply in answer("blank").answers if reply.action in UNDECIDED}
    patient_asked = {reply.question for reply in answer("blank").answers}
    assert undecided == patient_asked
    assert all(reply.missing for reply in answer("blank").answers)


@pytest.mark.parametrize("name", NAMES)
def test_a_story_shows_a_dose_only_where_the_verdict_lets_one_through(name: str) -> None:
    report = answer(name)
    assert (report.dose is not None) == (report.verdict in ("give", "give_with_review"))
    assert report.dose is None or report.not_releasable_estimate is None


@pytest.mark.parametrize("name", NAMES)
def test_no_story_says_give_beside_an_open_row_that_is_stricter(name: str) -> None:
    for reply in answer(name).answers:
        if any(finding.state == "open" and finding.then != "give" for finding in reply.findings):
            assert reply.action != "give"
