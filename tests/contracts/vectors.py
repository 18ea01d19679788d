# SPDX-License-Identifier: EUPL-1.2
"""What any VectorIndex must do. Subclass it and give an `index` fixture."""

from __future__ import annotations

import numpy as np
import pytest

from corpus.documents import Filters
from corpus.repair import ErasableIndex
from corpus.seams import VectorIndex, Vectors

NORTH, NORTH_EAST, EAST, SOUTH = np.array([[1, 0], [0.8, 0.6], [0, 1], [-1, 0]], dtype=np.float32)
EVERYTHING = Filters()


def rows(*vectors: Vectors) -> Vectors:
    return np.stack(vectors)


def fields(collection: str = "public", document: str = "d1") -> dict[str, str]:
    return {"collection": collection, "document": document}


class VectorIndexContract:
    """Nearest first, filtered before ranking, the same id once."""

    def test_an_empty_index_finds_nothing(self, index: VectorIndex) -> None:
        assert index.search(NORTH, 5, EVERYTHING) == []
        assert index.ids() == set()

    def test_a_vector_that_is_labelled_otherwise_is_found_there_alone(
        self, index: VectorIndex
    ) -> None:
        assert isinstance(index, ErasableIndex)
        index.add(["a", "b"], rows(NORTH, EAST), [fields(collection="public")] * 2)
        index.relabel(["a"], [fields(collection="letters")])
        public, letters = (Filters(collections=frozenset({name})) for name in ("public", "letters"))
        assert [i for i, _ in index.search(NORTH, 5, public)] == ["b"]
        assert [i for i, _ in index.search(NORTH, 5, letters)] == ["a"]
        assert set(index.vectors(["a"])) == {"a"}

    def test_the_nearest_comes_first_with_its_cosine(self, index: VectorIndex) -> None:
        index.add(["s", "e", "ne"], rows(SOUTH, EAST, NORTH_EAST), [fields()] * 3)
        found = index.search(NORTH, 3, EVERYTHING)
        assert [i for i, _ in found] == ["ne", "e", "s"]
        assert [c for _, c in found] == pytest.approx([0.8, 0.0, -1.0], abs=1e-5)

    def test_no_more_than_the_limit(self, index: VectorIndex) -> None:
        index.add(["n", "ne", "e"], rows(NORTH, NORTH_EAST, EAST), [fields()] * 3)
        assert [i for i, _ in index.search(NORTH, 2, EVERYTHING)] == ["n", "ne"]

    def test_adding_twice_keeps_the_last(self, index: VectorIndex) -> None:
        index.add(["a"], rows(SOUTH), [fields()])
        index.add(["a"], rows(NORTH), [fields()])
        assert index.ids() == {"a"}
        assert index.search(NORTH, 5, EVERYTHING)[0][1] == pytest.approx(1.0, abs=1e-5)

    def test_filters_choose_before_the_ranking(self, index: VectorIndex) -> None:
        index.add(
            ["near1", "near2", "far"],
            rows(NORTH, NORTH_EAST, SOUTH),
            [fields("agents"), fields("agents", "d2"), fields("public", "d3")],
        )
        public = Filters(collections=frozenset({"public"}))
        second = Filters(documents=frozenset({"d2"}), collections=frozenset({"agents", "public"}))
        assert [i for i, _ in index.search(NORTH, 1, public)] == ["far"]
        assert [i for i, _ in index.search(NORTH, 5, second)] == ["near2"]

    def test_kinds_and_days_choose_before_the_ranking(self, index: VectorIndex) -> None:
        act = {"collection": "public", "document": "d"}
        index.add(
            ["near", "item", "far"],
            rows(NORTH, NORTH_EAST, SOUTH),
            [
                act | {"kind": "arrêté", "decided": "", "day": 20190611},
                act | {"kind": "procès-verbal", "decided": "délibération", "day": 20240612},
                act | {"kind": "tarifs", "decided": "", "day": 0},
            ],
        )

        def found(filters: Filters) -> list[str]:
            return [i for i, _ in index.search(NORTH, 1, filters)]

        assert found(Filters(kinds=frozenset({"délibération"}))) == ["item"]
        assert found(Filters(kinds=frozenset({"tarifs", "convention"}))) == ["far"]
        assert found(Filters(since="2019-06-12")) == ["item"]
        assert found(Filters(until="2019-06-11")) == ["near"]
        assert found(Filters(since="2019-06-12", until="2024-06-11")) == []
        public = frozenset({"public"})
        assert found(Filters(collections=public, kinds=frozenset({"tarifs"}))) == ["far"]

    def test_an_empty_filter_lets_nothing_through(self, index: VectorIndex) -> None:
        index.add(["n"], rows(NORTH), [fields()])
        for closed in (
            Filters(collections=frozenset()),
            Filters(documents=frozenset()),
            Filters(kinds=frozenset()),
        ):
            assert index.search(NORTH, 5, closed) == []

    def test_what_is_removed_is_not_found(self, index: VectorIndex) -> None:
        index.add(["n", "e"], rows(NORTH, EAST), [fields()] * 2)
        index.remove(["n", "never there"])
        assert index.ids() == {"e"}
        assert [i for i, _ in index.search(NORTH, 5, EVERYTHING)] == ["e"]

    def test_nothing_to_add_or_remove_is_fine(self, index: VectorIndex) -> None:
        index.add([], np.zeros((0, 2), np.float32), [])
        index.remove([])
        assert index.ids() == set()
