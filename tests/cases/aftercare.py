"""Cases after a dose: monitoring without a transplant, and the months of protection. Bundles, decided whole."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from posology.stories import resources as fhir
from posology.stories.clinic import clinic
from tests.cases.charts import Bundle, course, decided, stamp, with_
from tests.cases.words import Case, Shown

NORMAL = {"weight": Decimal(72)}
LIVER = ("alt", "ast", "bilirubin")
NAMES = {"liver_tests_weekly": "liver tests", "weight_weekly": "weight"}


def ended(last: str) -> Bundle:
    """A course whose Day 15 of cycle 1 was given on `last`, seen on the day after."""
    return course((date.fromisoformat(last) - timedelta(days=14)).isoformat(), "C1D16")


def results(bundle: Bundle, keys: tuple[str, ...], on: str) -> Bundle:
    """Normal results of one day."""
    house, at = clinic(), stamp(f"{on}T08:00")
    made = [
        fhir.measured(
            f"case-{key}-{on}", "Patient/case", one, NORMAL.get(key, one.draw[0]), at, unit=one.unit, with_limits=True
        )
        for key, one in ((key, house.analytes[key]) for key in keys)
    ]
    return with_(bundle, *made)


def weekly(case: Case) -> Shown:
    given = case["given"]
    assert not given["hsct"]
    bundle = results(results(ended(given["last_dose"]), LIVER, given["last_lft"]), ("weight",), given["last_weight"])
    report = decided(bundle, f"{given['today']}T12:00")
    items = {item.id: item for item in report.due if item.phase == "follow_up"}
    liver = items["liver_tests_weekly"]
    return {
        "day_after_last_dose": liver.day,
        "days_since_lft": liver.since_days,
        "overdue": [name for id, name in NAMES.items() if items[id].state == "overdue"],
        "until": str(liver.until),
    }


def protected(case: Case) -> Shown:
    last = case["given"]["last_dose"]
    bundle = ended(last)
    found = {}
    for sex in ("female", "male"):
        person = {**bundle["entry"][0]["resource"], "gender": sex}
        assert person["resourceType"] == "Patient"
        report = decided({**bundle, "entry": [{"resource": person}, *bundle["entry"][1:]]}, f"{last}T20:00")
        found |= {window.id: str(window.until) for window in report.reproductive}
    return {
        "female_contraception_until": found["contraception_female"],
        "male_contraception_until": found["contraception_male"],
        "no_breastfeeding_until": found["no_breastfeeding"],
    }
