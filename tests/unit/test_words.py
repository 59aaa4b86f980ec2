"""How a value reads in words: cut off where it is long, never rounded onto a limit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from posology.answer import cut


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("5", "5"), ("1.6969", "1.6969"), ("5.15625", "5.1562…"), ("5.0000003", "5…"), ("0.43101", "0.431…"),
        ("4.99999", "4.9999…"), ("9.967320262", "9.9673…"), ("-0.00001", "-0…"),
    ],
)  # fmt: skip
def test_a_long_number_is_cut_off_and_says_so(value: str, text: str) -> None:
    assert cut(Decimal(value)) == text


def test_a_word_and_a_yes_stay_as_they_are() -> None:
    assert [cut(True), cut("ruled_out"), cut("a.bcdefgh")] == ["yes", "ruled out", "a.bcdefgh"]
