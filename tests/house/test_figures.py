"""The figures of label/ that stand by themselves: each, moved by one step, is noticed by a test of its area."""

from __future__ import annotations

import subprocess
import sys

import pytest

from posology.knowledge.files import toml
from tests.house.score import AREAS, ELSEWHERE, figures, files, slips
from tests.house.sources import ROOT


def scored(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.house.score", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_every_file_with_a_figure_is_moved_or_says_where_else_it_is_held() -> None:
    held = (*AREAS, *ELSEWHERE)
    assert [name for name in files() if any(figures(toml(name))) and not name.startswith(held)] == []
    assert [start for start in held if not any(name.startswith(start) for name in files())] == []


def test_a_figure_is_moved_one_step_of_its_last_digit_both_ways() -> None:
    moved = [(str(slip.old), str(slip.new)) for slip in slips() if slip.path == ("vial", "withdrawable_mg")]
    assert moved == [("0.9", "0.8"), ("0.9", "1.0")]
    assert len(list(slips())) > 200


def test_every_figure_of_the_lists_of_medicines_moved_by_one_step_is_noticed() -> None:
    ran = scored("criteria/medicines/")
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.long
def test_every_figure_moved_by_one_step_is_noticed() -> None:
    ran = scored()
    assert ran.returncode == 0, ran.stdout + ran.stderr
