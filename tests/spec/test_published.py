"""The page that people read is the one that the tables make."""

from __future__ import annotations

import pytest

from tests.spec import publish


def test_the_published_reference_is_what_the_tables_make_today() -> None:
    assert publish.PAGE.read_text(encoding="utf-8") == publish.page(), "run: python -m tests.spec.publish --write"


def test_the_reference_stays_short_enough_to_read() -> None:
    assert len(publish.page().splitlines()) < 250


def test_without_write_the_page_goes_to_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    assert publish.main([]) == 0
    assert capsys.readouterr().out == publish.page()


def test_an_unknown_argument_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert publish.main(["--rewrite"]) == 2
    assert "usage" in capsys.readouterr().err
