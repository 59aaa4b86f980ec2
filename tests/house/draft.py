"""Drafts pins for rows that have none: `python -m tests.house.draft [--eu] [question.row …]` prints TOML to be checked.

A draft repeats what the rule says today; it becomes a test only when somebody has read it against the source.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from decimal import Decimal

from posology.knowledge import Edition, FactEntry, Row, load_edition
from posology.language import Claim, Compare, Leaf, OneOf, Test, Value, compiled, leaves
from tests.house.mutation import mutants
from tests.unit.pins import CHANGES, Facts, pins_of

LIMITS = {"bilirubin_uln": "1.2", "bilirubin_direct_uln": "0.3", "anc_prior_cycle": "0.6", "platelets_prior_cycle": "30",
          "bilirubin_before_transplant_uln": "1.2", "creatinine_baseline": "1", "creatinine_uln": "1.2",
          "uric_acid_baseline": "6", "uric_acid_uln": "6.5", "potassium_baseline": "4", "phosphate_baseline": "3",
          "calcium_baseline": "9"}  # fmt: skip
FINE = {"10*9/L": "0.01", "mg/dL": "0.01", "%": "0.1", "a": "0.1", "mmol/L": "0.1"}
WHOLE = ("platelets", "platelets_before_treatment", "cd22_percent")


def limit(name: str) -> Decimal:
    """A likely value of a fact that others are compared with."""
    return Decimal(LIMITS.get(name, "2" if "grade" in name else "40"))


def edges(leaf: Leaf, fact: FactEntry) -> Iterator[Value]:
    """The values on both sides of what the leaf asks."""
    match leaf:
        case Compare(name, _, bound):
            centre = plain(bound.number * (limit(bound.of) if bound.of else 1))
            step = Decimal("1" if name in WHOLE else FINE.get(fact.unit or "", "1"))
            yield from (centre, centre + step)
            if centre > 0:
                yield centre - step
        case OneOf():
            yield from fact.words
        case Claim():
            yield from (True, False)


def plain(number: Decimal) -> Decimal:
    return number.quantize(Decimal(1)) if number == number.to_integral() else number.normalize()


def domain(row: Row, edition: Edition) -> dict[str, list[Value | None]]:
    """For each fact of a row, the values worth trying, unknown among them."""
    found: dict[str, dict[Value | None, None]] = {name: {} for name in row.facts}
    for leaf in leaves(row.when):
        found[leaf.fact].update(dict.fromkeys(edges(leaf, edition.facts[leaf.fact])))
        if isinstance(leaf, Compare) and leaf.limit.of:
            found[leaf.limit.of][limit(leaf.limit.of)] = None
    for name, values in found.items():
        if not values:
            values.update(dict.fromkeys([Decimal(1)] if edition.facts[name].kind == "number" else [True]))
    return {name: [*values, None] for name, values in found.items()}


def drafted(row: Row, edition: Edition) -> Iterator[tuple[str, Facts, dict[str, list[Facts]]]]:
    """Patients on the edge of a row, until every slip in it would be noticed or nothing more is found."""
    values, chance = domain(row, edition), random.Random(row.id)
    alive = [compiled(other) for _, other in mutants(row.when, dict(edition.facts))]
    while alive:
        best = max((_gain(row, base, values, alive) for base in _bases(row, values, chance)), key=lambda gain: gain[0][0])
        if not best[0][0]:
            return
        _, base, changes, alive = best
        state = {True: "holds", None: "open", False: "not"}[row.test(base)]
        yield state, base, {key: [c for c in changes if row.test({**base, **c}) is to] for key, to in CHANGES.items()}


def _bases(row: Row, values: dict[str, list[Value | None]], chance: random.Random) -> list[Facts]:
    tried = [{name: chance.choice(options) for name, options in values.items()} for _ in range(4000)]
    for wanted in (True, None, False):
        found = [facts for facts in tried if row.test(facts) is wanted]
        if found:
            return found[:60]
    return []


def _gain(
    row: Row, base: Facts, values: dict[str, list[Value | None]], alive: list[Test]
) -> tuple[tuple[int, int], Facts, list[Facts], list[Test]]:
    left = [test for test in alive if test(base) is row.test(base)]
    changes: list[Facts] = []
    singles: list[Facts] = [{name: value} for name, options in values.items() for value in options if value != base[name]]
    for change in sorted(singles, key=lambda one: (row.test({**base, **one}) is None, None in one.values())):
        facts = {**base, **change}
        survivors = [test for test in left if test(facts) is row.test(facts)]
        if len(survivors) < len(left):
            changes.append(change)
            left = survivors
    return (len(alive) - len(left), -len(changes)), _without_idle(row, base, changes, alive, left), changes, left


def _without_idle(row: Row, base: Facts, changes: list[Facts], alive: list[Test], left: list[Test]) -> Facts:
    """The patient without facts that play no part, so that the pin is short."""

    def same(shorter: Facts) -> bool:
        points = [(base, shorter)] + [({**base, **change}, {**shorter, **change}) for change in changes]
        return all(row.test(a) is row.test(b) for a, b in points) and not any(
            all(test(b) is row.test(b) for _, b in points) for test in alive if test not in left
        )

    kept = dict(base)
    for name in base:
        shorter = {other: value for other, value in kept.items() if other != name}
        if same(shorter):
            kept = shorter
    return kept


def shown(facts: Facts) -> str:
    return f"{{ {', '.join(f'{name} = {written(value)}' for name, value in facts.items())} }}"


def written(value: Value | None) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{plain(value):f}" if isinstance(value, Decimal) else f'"{value or "unknown"}"'


def toml(row: Row, edition: Edition) -> Iterator[str]:
    for number, (state, base, changes) in enumerate(drafted(row, edition)):
        yield f"\n[[{row.question}.{row.id}]]"
        if number == 0:
            yield f'then = "{row.then}"'
            yield from [f"sets = {shown(dict(row.sets))}"] if row.sets else []
        yield f"{state} = {shown(base)}"
        for key, several in changes.items():
            if several:
                yield f"{key} = [{', '.join(map(shown, several))}]"


def main(wanted: list[str]) -> int:
    edition = load_edition("eu" if "--eu" in wanted else "us")
    wanted = [name for name in wanted if name != "--eu"]
    have = {pin.row for pin in pins_of(edition)} if not wanted else set()
    for table in [*edition.tables.values(), *edition.criteria.values()]:
        for row in table.rows:
            name = f"{row.question}.{row.id}"
            if name in wanted or (not wanted and name not in have):
                print("\n".join(toml(row, edition)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
