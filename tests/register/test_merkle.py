# SPDX-License-Identifier: EUPL-1.2
"""The tree against the published vectors of certificate transparency, and against itself."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrails.register.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency,
    extends,
    includes,
    inclusion,
    leaf_hash,
    node_hash,
    root,
)
from tests.table import each

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
N01 = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
N1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
N23 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
N4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
N45 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
N67 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
N0123 = ROOTS[3]
N4567 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"

datas = st.lists(st.binary(max_size=8), min_size=1, max_size=80)


class Grown:
    """A tree with all its complete nodes, and the root at each size."""

    def __init__(self, datas: list[bytes]) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.leaves = [leaf_hash(data) for data in datas]
        self.roots = [EMPTY_ROOT]
        frontier = Frontier()
        for index, leaf in enumerate(self.leaves):
            for level, node in enumerate(frontier.append(leaf)):
                self.nodes[level, index >> level] = node
            self.roots.append(frontier.root())

    def node(self, level: int, position: int) -> bytes:
        return self.nodes[level, position]


def plain_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 9162, 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(plain_root(leaves[:k]), plain_root(leaves[k:]))


def test_the_empty_tree_is_the_hash_of_nothing() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert Frontier().root().hex() == EMPTY_ROOT.hex() == empty


@each("size", range(1, 9))
def test_published_roots(size: int) -> None:
    assert Grown(LEAVES[:size]).roots[size].hex() == ROOTS[size - 1]


@each(
    "index, size, path",
    [
        (0, 1, []),
        (0, 8, [N1, N23, N4567]),
        (5, 8, [N4, N67, N0123]),
        (2, 3, [N01]),
        (1, 5, [ROOTS[0], N23, N4]),
    ],
)
def test_published_inclusion_proofs(index: int, size: int, path: list[str]) -> None:
    tree = Grown(LEAVES)
    assert [hash_.hex() for hash_ in inclusion(index, size, tree.node)] == path


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        (1, 1, []),
        (1, 8, [N1, N23, N4567]),
        (6, 8, [N45, N67, N0123]),
        (2, 5, [N23, N4]),
    ],
)
def test_published_consistency_proofs(old: int, new: int, path: list[str]) -> None:
    tree = Grown(LEAVES)
    assert [hash_.hex() for hash_ in consistency(old, new, tree.node)] == path


@settings(deadline=None)
@given(datas)
def test_the_root_is_that_of_the_definition(datas: list[bytes]) -> None:
    tree = Grown(datas)
    assert tree.roots[-1] == plain_root(tree.leaves) == root(len(datas), tree.node)
    assert Frontier.read(len(datas), tree.node).root() == tree.roots[-1]


@settings(deadline=None)
@given(datas, st.data())
def test_an_inclusion_proof_shows_its_leaf_and_no_other(
    datas: list[bytes], data: st.DataObject
) -> None:
    tree = Grown(datas)
    size = data.draw(st.integers(1, len(datas)))
    index = data.draw(st.integers(0, size - 1))
    path = inclusion(index, size, tree.node)
    assert includes(tree.leaves[index], index, size, path, tree.roots[size])
    assert not includes(leaf_hash(b"another"), index, size, path, tree.roots[size])
    assert not includes(tree.leaves[index], index, size, [*path, EMPTY_ROOT], tree.roots[size])
    assert not includes(tree.leaves[index], size, size, path, tree.roots[size])
    if path:
        assert not includes(tree.leaves[index], index, size, path[:-1], tree.roots[size])
        broken = data.draw(st.integers(0, len(path) - 1))
        path[broken] = bytes(32)
        assert not includes(tree.leaves[index], index, size, path, tree.roots[size])


@settings(deadline=None)
@given(datas, st.data())
def test_a_consistency_proof_shows_a_beginning_and_nothing_else(
    datas: list[bytes], data: st.DataObject
) -> None:
    tree = Grown(datas)
    new = data.draw(st.integers(1, len(datas)))
    old = data.draw(st.integers(1, new))
    path = consistency(old, new, tree.node)
    assert extends(old, new, tree.roots[old], tree.roots[new], path)
    assert not extends(old, new, bytes(32), tree.roots[new], path)
    assert not extends(old, new, tree.roots[old], bytes(32), path)
    assert not extends(old, new, tree.roots[old], tree.roots[new], [*path, EMPTY_ROOT])


@settings(deadline=None)
@given(datas, st.data())
def test_no_proof_leads_from_another_history(datas: list[bytes], data: st.DataObject) -> None:
    forked_at = data.draw(st.integers(0, len(datas) - 1))
    other = [*datas[:forked_at], datas[forked_at] + b"!", *datas[forked_at + 1 :]]
    tree, fork = Grown(datas), Grown(other)
    old = data.draw(st.integers(forked_at + 1, len(datas)))
    path = consistency(old, len(datas), fork.node)
    assert not extends(old, len(datas), tree.roots[old], fork.roots[-1], path)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_no_inclusion_proof_outside_the_tree(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no entry"):
        inclusion(index, size, Grown(LEAVES).node)


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3)])
def test_no_consistency_proof_backwards_or_from_nothing(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="no proof"):
        consistency(old, new, Grown(LEAVES).node)
    assert not extends(old, new, EMPTY_ROOT, EMPTY_ROOT, [])
