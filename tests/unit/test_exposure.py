"""The research view: the published models reproduced, and what a late, left-out or smaller dose does. No decision."""

from __future__ import annotations

import json
import sys

import pytest

from posology.cli import main
from posology.exposure import Scenario, exposed, infusions, model, person
from posology.knowledge import load_edition
from tests.house.sources import imports, modules

US = load_edition("us")


def cycles(scenario: Scenario, bsa: float = 1.84) -> list[float]:
    return [one.auc for one in exposed(person(model("garrett_2019"), {"bsa_m2": bsa}), *infusions(scenario, bsa, US))]


def test_the_area_of_everything_given_is_dose_over_clearance_once_clearance_is_constant() -> None:
    """With the falling part of the clearance switched off, mass balance gives the area by hand: dose / CL."""
    from dataclasses import replace

    still = replace(person(model("garrett_2019"), {}), cl2=1e-12)
    given, starts = infusions(Scenario(1), 1.84, US)
    (only,) = exposed(still, given, [starts[0], 24.0 * 2000])
    assert only.auc == pytest.approx(1.8 * 1.84 / still.cl1 * 1000, rel=1e-3)


def test_a_smaller_dose_scales_the_area_exactly_because_the_model_is_linear_in_the_dose() -> None:
    full, reduced = cycles(Scenario(4)), cycles(Scenario(4, level="reduced_25"))
    assert reduced == pytest.approx([one * 0.75 for one in full], rel=1e-5)


def test_a_left_out_dose_lowers_its_own_cycle_and_never_raises_a_later_one() -> None:
    full, less = cycles(Scenario(3)), cycles(Scenario(3, omitted=frozenset({(1, 2)})))
    assert less[0] < full[0] and all(one <= other * (1 + 1e-6) for one, other in zip(less, full, strict=True))


def test_a_late_dose_keeps_the_minimum_to_the_next_one_and_moves_it_no_further() -> None:
    given, _ = infusions(Scenario(1, late={(1, 2): 4}), 1.84, US)
    assert [one.start_h / 24 for one in given] == [0, 11, 17]
    assert [one.start_h / 24 for one in infusions(Scenario(1, late={(1, 2): 1}), 1.84, US)[0]] == [0, 8, 14]


def test_a_late_day_1_moves_its_whole_cycle_and_all_later_ones() -> None:
    given, starts = infusions(Scenario(2, late={(2, 1): 5}), 1.84, US)
    assert [one.start_h / 24 for one in given][3:] == [26, 33, 40] and starts[-1] / 24 == 26 + 28


def test_remission_gives_the_smaller_first_dose_from_cycle_2_on() -> None:
    given, _ = infusions(Scenario(2, remission=True), 2.0, US)
    assert [round(one.mg, 6) for one in given] == [1.6, 1.0, 1.0, 1.0, 1.0, 1.0]


def test_the_volume_follows_body_surface_linearly_and_the_clearance_as_a_power() -> None:
    large = person(model("garrett_2019"), {"bsa_m2": 2.2})
    assert large.v1 == pytest.approx(6.70 * (1 + 0.774 * 0.36)) and large.cl1 == pytest.approx(
        0.0332813 * (2.2 / 1.84) ** 1.54
    )


def test_a_covariate_that_has_no_default_is_asked_for_and_never_guessed() -> None:
    with pytest.raises(ValueError, match="wu_2024 needs lean_kg and age_years, which is never guessed"):
        person(model("wu_2024"), {})
    child = person(model("wu_2024"), {"lean_kg": 20.0, "age_years": 6.0})
    assert child.cl1 == pytest.approx(0.130 * 0.233 * (20 / 52.7) ** 1.05)


@pytest.mark.parametrize("given", [{"bsa_m2": 0.0}, {"bsa_m2": float("nan")}, {"bsa_m2": 0.5}, {"lean_kg": 50.0}])
def test_a_covariate_without_meaning_for_the_model_is_refused(given: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"above zero|no meaning|does not use"):
        person(model("garrett_2019"), given)


def test_no_decision_imports_the_research_view() -> None:
    readers = {module.place for module in modules() for _, name in imports(module) if name.startswith("posology.exposure")}
    assert readers == {"exposure", "say", "commands"}
    assert not [module for module in modules() if module.place == "say" and module.name != "posology.say.panels.exposed"
                for _, name in imports(module) if name.startswith("posology.exposure")]  # fmt: skip


def test_the_command_says_that_it_is_research_and_shows_the_label_beside_the_change(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["exposure", "--bsa", "1.84", "--omit", "1.2", "--edition", "us", "--json"]) == 0
    view = json.loads(capsys.readouterr().out)
    assert "no advice" in view["notice"] and float(view["cycles"][0]["changed_auc_percent"]) < 0
    assert main(["exposure", "--bsa", "1.84", "--omit", "1.2", "--edition", "us"]) == 0
    assert "feeds no decision" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [["--bsa", "-1"], ["--bsa", "1.84", "--cycles", "9"], ["--bsa", "1.84", "--late", "1.2"],
     ["--bsa", "1.84", "--omit", "1.4"], ["--bsa", "1.84", "--late", "x"],
     ["--bsa", "1.84", "--model", "wu_2024"], ["--bsa", "nan"], ["--bsa", "x"], ["--bsa", "1.84", "--late", "1.2=9999"]],
)  # fmt: skip
def test_what_cannot_be_simulated_gets_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exposure", *arguments, "--edition", "us"]) == 2
    out, err = capsys.readouterr()
    assert not out and err.count("\n") == 1 and err.startswith("posology: ")


def test_without_the_numerical_library_one_line_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "scipy.integrate", None)
    assert main(["exposure", "--bsa", "1.84", "--edition", "us"]) == 2
    assert "python3 run.py posology exposure" in capsys.readouterr().err
