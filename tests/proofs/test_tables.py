"""Proofs over the rule tables of every edition, for all facts at once. Each harness is shown to convict a broken table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
import z3

from posology.decide import combined, outcome
from posology.knowledge import RANK, SCALE, Edition, Row, Table, editions, load_edition
from posology.language import holds, read
from tests.agree import database
from tests.proofs.logic import World, impossible, rows

EDITIONS = {name: load_edition(name) for name in editions()}
EVERY = [(edition, table) for edition in EDITIONS.values() for table in edition.tables.values()]


def logic(edition: Edition, table: Table) -> tuple[Any, ...]:
    """What a proof looks at: two tables alike in it are proved together, whatever edition they stand in."""
    return table.id, table.policy, table.otherwise, tuple((row.when, row.then) for row in table.rows), edition.regimen.days


def shared(edition: Edition, table: Table) -> bool:
    """Is this the second table of its question, most of whose rows the first one has word for word?"""
    first = max(EDITIONS)
    known = {(row.when, row.then) for row in EDITIONS[first].tables[table.id].rows}
    return edition.id != first and sum((row.when, row.then) in known for row in table.rows) * 2 > len(table.rows)


TABLES = list({logic(*one): one for one in EVERY}.values())
STRICTEST = [(edition, table) for edition, table in TABLES if table.policy == "strictest"]
SLOW = [pytest.param(*one, marks=pytest.mark.long) if shared(*one) else one for one in STRICTEST]
"""For the proofs that take seconds: what is new in an edition at once, what it mostly shares in the long run."""
EXACTLY_ONE = [(edition, table) for edition, table in TABLES if table.policy == "exactly one"]
POSITIONS = {"cycle": 1, "dose_number": 1}


def named(value: object) -> str | None:
    return getattr(value, "id", None)


def complete(table: Table, world: World, edition: Edition) -> list[Any]:
    """Every fact of the table known, words in the dictionary, cycles and doses counted from 1 as far as there are any."""
    claims = [*world.possible(table.facts), *(world.known(fact) for fact in table.facts)]
    for fact in table.facts & set(POSITIONS):
        claims += [z3.IsInt(world.value(fact)), world.value(fact) >= POSITIONS[fact]]
    if "dose_number" in table.facts:
        claims.append(world.value("dose_number") <= len(edition.regimen.days))
    for fact in table.facts:
        if edition.facts[fact].kind == "word":
            claims.append(world.value(fact) < len(edition.facts[fact].words))
    return claims


def gap(table: Table, edition: Edition) -> Any | None:
    world = World(edition.facts)
    return impossible(*complete(table, world, edition), *(z3.Not(true) for true, _ in rows(table, world)))


def overlap(table: Table, edition: Edition) -> Any | None:
    world = World(edition.facts)
    found = [true for true, _ in rows(table, world)]
    pairs = [z3.And(one, other) for place, one in enumerate(found) for other in found[place + 1 :]]
    return impossible(*complete(table, world, edition), z3.Or(pairs))


@pytest.mark.parametrize(("edition", "table"), EXACTLY_ONE, ids=named)
def test_with_everything_known_exactly_one_row_applies(edition: Edition, table: Table) -> None:
    assert gap(table, edition) is None
    assert overlap(table, edition) is None


@pytest.mark.parametrize(("edition", "table"), EXACTLY_ONE, ids=named)
def test_whatever_is_unknown_some_row_stays_possible(edition: Edition, table: Table) -> None:
    """A partial assignment that completes lawfully never excludes every row."""
    part, whole = World(edition.facts), World(edition.facts, " whole")
    lawful = [
        *complete(table, whole, edition),
        *(z3.Implies(part.known(fact), part.value(fact) == whole.value(fact)) for fact in table.facts),
    ]
    assert impossible(*lawful, *(false for _, false in rows(table, part))) is None


@pytest.mark.parametrize(("edition", "table"), EXACTLY_ONE, ids=named)
def test_the_proof_convicts_a_table_with_a_row_left_out_or_said_twice(edition: Edition, table: Table) -> None:
    assert gap(replace(table, rows=table.rows[1:]), edition) is not None
    assert overlap(replace(table, rows=(*table.rows, table.rows[0])), edition) is not None


def outcomes(table: Table, world: World) -> tuple[Any, Any, Any]:
    """(rank of the strictest row that holds or -1, rank of the strictest that holds or is open or -1, is any open)."""
    held, could, opened = z3.IntVal(-1), z3.IntVal(-1), z3.BoolVal(False)
    for row, (true, false) in zip(table.rows, rows(table, world), strict=True):
        rank = RANK[row.then]
        held = z3.If(z3.And(true, held < rank), rank, held)
        could = z3.If(z3.And(z3.Not(false), could < rank), rank, could)
        opened = z3.Or(opened, z3.And(z3.Not(true), z3.Not(false)))
    return held, could, opened


def shown(table: Table, world: World) -> tuple[Any, Any]:
    """(action, could_be) as ranks; -1 is `ask`."""
    held, could, opened = outcomes(table, world)
    otherwise = z3.IntVal(RANK[table.otherwise])
    action = z3.If(held >= 0, held, z3.If(opened, z3.IntVal(-1), otherwise))
    return action, z3.If(could >= 0, could, otherwise)


GIVE, REVIEW, ASK = RANK["give"], RANK["give_with_review"], -1


@pytest.mark.parametrize(("edition", "table"), STRICTEST, ids=named)
def test_no_strictest_table_shows_give_beside_an_open_stricter_row(edition: Edition, table: Table) -> None:
    world = World(edition.facts)
    action, could = shown(table, world)
    assert impossible(*world.possible(table.facts), action == GIVE, could > GIVE) is None


def test_the_verdict_lets_through_only_what_no_answer_could_outrank() -> None:
    """Exhaustive over every pair of answers, which is enough: the verdict looks at the strictest of each alone."""
    pairs = [(action, could) for action in (*SCALE, "ask", "undetermined") for could in SCALE]
    lawful = [(a, c) for a, c in pairs if (RANK[c] >= RANK[a] if a in RANK else a == "undetermined" or c != "give")]
    for one in lawful:
        for other in lawful:
            action, could_be = combined([one, other])
            assert RANK[could_be] == max(RANK[one[1]], RANK[other[1]])
            if action in ("give", "give_with_review"):
                assert could_be == action and "undetermined" not in (one[0], other[0])


def test_every_edition_is_proved_and_what_two_share_only_once() -> None:
    assert {edition.id for edition, _ in TABLES} == set(EDITIONS)
    assert {logic(*one) for one in TABLES} == {logic(*one) for one in EVERY} and len(TABLES) < len(EVERY)


def every_row() -> Iterator[tuple[Edition, Row]]:
    for edition, table in EVERY:
        yield from ((edition, row) for row in table.rows)


def witnesses(edition: Edition, row: Row) -> Mapping[bool | None, dict[str, Any]]:
    """Facts for which the solver says that the row holds, fails, and is open."""
    world = World(edition.facts)
    true, false = world.meaning(row.when)
    names = frozenset(row.facts)
    wanted = {True: true, False: false, None: z3.And(z3.Not(true), z3.Not(false))}
    models = {state: impossible(*world.possible(names), claim) for state, claim in wanted.items()}
    return {state: world.facts(model, names) for state, model in models.items() if model is not None}


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=named)
def test_every_row_can_hold_and_fail_and_its_solver_python_and_sql_meanings_agree(edition: Edition) -> None:
    found = [
        (row, state, facts)
        for owner, row in every_row()
        if owner is edition
        for state, facts in witnesses(owner, row).items()
    ]
    dead = {row.id for row in edition.rows()} - {row.id for row, state, _ in found if state is True}
    assert dead == set(), "these rows can never hold"
    wrong = [f"{row.question}.{row.id} {state}" for row, state, facts in found if holds(row.when, facts) is not state]
    assert wrong == []
    answers = database.of_facts(edition, [(facts, {}) for _, _, facts in found])
    differing = [
        f"{row.question}.{row.id}: solver {state}, SQL {answer[f'rule_{row.question}_{row.id}']}"
        for (row, state, _), answer in zip(found, answers, strict=True)
        if answer[f"rule_{row.question}_{row.id}"] is not state
    ]
    assert differing == []


@pytest.mark.parametrize(("edition", "table"), SLOW, ids=named)
def test_the_solver_and_the_engine_give_one_outcome_for_the_same_facts(edition: Edition, table: Table) -> None:
    """For every action and every could_be that the solver finds reachable, the engine says the same."""
    for place in range(2):
        for rank in (ASK, *RANK.values()):
            world = World(edition.facts)
            pair = shown(table, world)
            model = impossible(*world.possible(table.facts), pair[place] == rank)
            if model is None:
                continue
            ours = outcome(table, {**dict.fromkeys(table.facts), **world.facts(model, table.facts)})
            theirs = tuple(model.eval(one, True).as_long() for one in pair)
            assert tuple(RANK.get(word, ASK) for word in ours) == theirs


# --- the monotone laws, table by table, for every assignment -----------------------------------------------------------
def leaks(table: Table, edition: Edition, *facts: str) -> dict[str, Any]:
    """By fact, what is known where forgetting it turns a table that was not green into a green one, or lowers could_be."""
    before, after = World(edition.facts), World(edition.facts, " after")
    (action, could), (action_after, could_after) = shown(table, before), shown(table, after)
    green = z3.And(action_after == GIVE, could_after == GIVE)
    broken = z3.Or(z3.And(green, z3.Or(action != GIVE, could != GIVE)), could_after < could)
    claims = [*before.possible(table.facts), *after.possible(table.facts), broken]
    found, solver = {}, z3.Solver()
    solver.add(*claims)
    for fact in facts or sorted(table.facts):
        solver.push()
        solver.add(*before.same_but(after, fact, table.facts), before.known(fact), z3.Not(after.known(fact)))
        answer = solver.check()
        assert answer != z3.unknown, "the solver gave up"
        if answer == z3.sat:
            found[fact] = solver.model()
        solver.pop()
    return found


@pytest.mark.parametrize(("edition", "table"), STRICTEST, ids=named)
def test_forgetting_one_fact_never_makes_a_table_green_nor_lowers_how_bad_it_could_be(
    edition: Edition, table: Table
) -> None:
    assert leaks(table, edition) == {}


def test_the_proof_convicts_a_row_that_reads_unknown_as_no() -> None:
    edition, table = next((edition, table) for edition, table in STRICTEST if "vod_status" in table.facts)
    careless = read("vod_status IS KNOWN AND vod_status = 'suspected'")
    row = replace(table.rows[0], when=careless, then="interrupt", facts=("vod_status",))
    assert leaks(replace(table, rows=(row,)), edition, "vod_status") != {}
    assert leaks(replace(table, rows=(replace(row, when=read("vod_status = 'suspected'")),)), edition, "vod_status") == {}


WORSE = {
    **{"bilirubin": 1, "ast": 1, "alt": 1, "anc": -1, "platelets": -1, "peripheral_blasts": 1},
    **{"creatinine_last": 1, "lipase_last": 1, "amylase_last": 1, "glucose_last": 1, "inr_last": 1, "uric_acid_last": 1},
    **{"magnesium_last": -1, "calcium_last": -1, "calcium_corrected_last": -1, "albumin_last": -1},
}


def milder(table: Table, edition: Edition, fact: str) -> Any | None:
    """Facts with which a worse value of this one alone gives a milder action, or lowers how bad it could be."""
    before, after = World(edition.facts), World(edition.facts, " after")
    (action, could), (action_after, could_after) = shown(table, before), shown(table, after)
    worse = (after.value(fact) - before.value(fact)) * WORSE[fact] > 0
    claims = [*before.possible(table.facts), *after.possible(table.facts), *before.same_but(after, fact, table.facts)]
    strictness = z3.And(action >= 0, z3.If(action_after == ASK, could_after, action_after) < action)
    return impossible(*claims, before.known(fact), after.known(fact), worse, z3.Or(strictness, could_after < could))


@pytest.mark.parametrize(("edition", "table"), STRICTEST, ids=named)
def test_a_worse_value_never_gives_a_milder_answer(edition: Edition, table: Table) -> None:
    found = {fact for fact in table.facts & set(WORSE) if milder(table, edition, fact) is not None}
    assert found == set()


@pytest.mark.parametrize(("edition", "table"), STRICTEST, ids=named)
def test_the_proof_convicts_a_table_that_turns_mild_as_a_value_worsens(edition: Edition, table: Table) -> None:
    for fact in table.facts & {"bilirubin", "ast", "alt", "creatinine_last", "lipase_last"}:
        upside_down = replace(table.rows[0], when=read(f"{fact} < 1"), then="interrupt", facts=(fact,))
        assert milder(replace(table, rows=(upside_down,)), edition, fact) is not None
