"""Every picker by the name that the dictionary gives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from posology.facts import ages, pick, reports
from posology.facts.fact import Fact
from posology.facts.pick import Moment
from posology.knowledge import Pick

Picker = Callable[[Pick, Moment], Fact]
BY_NAME: Mapping[str, Picker] = {
    "latest_before": pick.latest_before,
    "baseline_before": pick.baseline_before,
    "prior_cycle_before": pick.prior_cycle_before,
    "since_last_dose": pick.since_last_dose,
    "since_anti_cd22": pick.since_anti_cd22,
    "highest_ever": pick.highest_ever,
    "ever_signed": pick.ever_signed,
    "reported": reports.reported,
    "same_sample": pick.same_sample,
    "upper_limit": pick.upper_limit,
    "lower_limit": pick.lower_limit,
    "baseline_upper_limit": pick.baseline_upper_limit,
    "same_sample_upper_limit": pick.same_sample_upper_limit,
    "signed_for_sample": pick.signed_for_sample,
    "given_today": pick.given_today,
    "hours_since": ages.hours_since,
    "days_since": ages.days_since,
    "days_since_any": ages.days_since,
    "days_since_all": ages.days_since_all,
}
