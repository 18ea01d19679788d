# SPDX-License-Identifier: EUPL-1.2
"""Keys from one seed: forgotten ones are gone, all others stay what they were."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrails.register.puncture import DEPTH, KeyForgotten, SeedTree

SECRET = bytes(range(32))
spans = st.lists(
    st.tuples(st.integers(0, 200), st.integers(0, 60)).map(lambda s: (s[0], s[0] + s[1])),
    max_size=8,
)


def computable(tree: SeedTree, number: int) -> bool:
    try:
        tree.key(number)
    except KeyForgotten:
        return False
    return True


@settings(deadline=None)
@given(spans)
def test_exactly_the_forgotten_keys_are_gone(spans: list[tuple[int, int]]) -> None:
    whole = tree = SeedTree.planted(SECRET)
    for start, stop in spans:
        tree = tree.forget(start, stop)
    gone = {number for start, stop in spans for number in range(start, stop)}
    for number in range(280):
        assert computable(tree, number) == (number not in gone)
        if number not in gone:
            assert tree.key(number) == whole.key(number)


@settings(deadline=None)
@given(spans)
def test_no_seed_that_is_left_leads_to_a_forgotten_key(spans: list[tuple[int, int]]) -> None:
    tree = SeedTree.planted(SECRET)
    for start, stop in spans:
        tree = tree.forget(start, stop)
    for seed in tree.seeds:
        for start, stop in spans:
            assert start == stop or seed.stop <= start or stop <= seed.start


def test_forgetting_a_past_leaves_few_seeds() -> None:
    tree = SeedTree.planted(SECRET).forget(0, 1_000_003)
    assert len(tree.seeds) <= DEPTH


def test_keys_differ_and_the_end_is_an_end() -> None:
    tree = SeedTree.planted(SECRET)
    assert len({tree.key(number) for number in range(2000)}) == 2000
    with pytest.raises(KeyForgotten):
        tree.key(1 << DEPTH)
