"""The agreement checks have teeth: every mistake of mutants.py makes one of them differ."""

import pytest

from tests.agree import check
from tests.agree.mutants import MUTANTS, Mutant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_seeded_mistake_is_caught(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    check.prepare()
    monkeypatch.setattr(mutant.module, mutant.function, mutant.instead)
    caught = next(mutant.caught_by(), None)
    assert caught is not None, f"nothing differs although {mutant.name}"


@pytest.mark.parametrize("compare", list(dict.fromkeys(mutant.caught_by for mutant in MUTANTS)))
def test_without_a_mistake_the_same_checks_find_nothing(compare: check.Check) -> None:
    assert next(compare(), None) is None
