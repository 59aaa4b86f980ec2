"""Whatever a bundle holds, it is read or refused in one line; the fast reader reads as the long one does."""

import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posology.fhir import BadBundle, observations
from tests.fixtures.fhir.build import load, one_patient

JUNK = st.sampled_from(
    [None, True, 0, -1, 5, "", "x", "2026-13-45", [], {}, [[]], [None], {"reference": 7}, {"coding": 5}, {"coding": [7]},
     [{}], {"value": "9"}, {"value": Decimal("1E+999")}, {"start": []}, "Patient/p1", "\ud800", "not-done", "refuted"]
)  # fmt: skip
GOOD = one_patient()


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path to everything in a JSON tree."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(one for key, value in inner for one in places(value, (*path, key)))]


PLACES = [path for path in places(GOOD) if path]


def changed(path: tuple[Any, ...], junk: Any, drop: bool, tree: Any) -> None:
    node = tree
    for key in path[:-1]:
        try:
            node = node[key]
        except (KeyError, IndexError, TypeError):
            return
    try:
        if drop:
            del node[path[-1]]
        else:
            node[path[-1]] = copy.deepcopy(junk)
    except (KeyError, IndexError, TypeError):
        return


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.sampled_from(PLACES), JUNK, st.booleans()), min_size=1, max_size=6))
def test_a_mutated_bundle_is_read_or_refused_and_never_crashes(changes: list[Any]) -> None:
    tree = copy.deepcopy(GOOD)
    for path, junk, drop in changes:
        changed(path, junk, drop, tree)
    try:
        record = load(tree)
    except BadBundle as refusal:
        assert "\n" not in str(refusal)
        return
    assert all(note.text and "\n" not in note.text for note in record.notes)
    assert all(reading.id.isascii() for reading in record.readings)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.sampled_from(PLACES), JUNK, st.booleans()), max_size=4))
def test_the_fast_reader_reads_as_the_long_one_does(changes: list[Any]) -> None:
    tree = copy.deepcopy(GOOD)
    for path, junk, drop in changes:
        changed(path, junk, drop, tree)
    assert outcome(tree) == slowly(tree)


def outcome(tree: Any) -> Any:
    try:
        return load(tree)
    except BadBundle as refusal:
        return str(refusal)


def slowly(tree: Any) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(observations, "read_result", lambda *_: False)
        return outcome(tree)


def test_the_fast_reader_is_used_for_a_plain_laboratory_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observations, "rows_of", lambda *_: ())
    read = {reading.observable for reading in load(GOOD).readings}
    assert {"anc", "platelets", "bilirubin", "alt", "ast"} <= read
