# SPDX-License-Identifier: EUPL-1.2
"""Archives of a reading over several machines: looked into there, with one budget for the walk."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from corpus.cluster import Cluster, ClusterReading
from corpus.cluster_hand import Hand, Order
from corpus.errors import UnreadableFile
from corpus.readers.archive import Budget
from corpus.walk import walk
from tests.corpus.readers.files import archive

pytestmark = pytest.mark.real  # Ray is imported
TEXT = b"La halle ouvre le mardi."


class OneMachine:
    """A machine whose hand is called as Ray calls it: what goes there and comes back is a copy."""

    lanes = 1

    def __init__(self) -> None:
        order = Order(roster=(), policies=None, embedder="", embedder_sha256="")
        self.hand = Hand(order)

    def ask(self, method: str, *given: object) -> object:
        copied = pickle.loads(pickle.dumps(given))
        return pickle.loads(pickle.dumps(getattr(self.hand, method)(*copied)))


@pytest.fixture
def reading() -> Iterator[ClusterReading]:
    machine: Any = OneMachine()
    with ClusterReading(cast(Cluster, machine)) as reading:
        yield reading
    machine.hand.close()


def test_another_machine_looks_into_archives(reading: ClusterReading, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(archive({"b.txt": TEXT, "vide.txt": b" ", "c.txt": b"Autre texte."}))
    (tmp_path / "faux.zip").write_bytes(b"no archive")
    budget = Budget(members=10)
    assert [m.name for m in reading.members(path, budget)] == ["b.txt", "vide.txt", "c.txt"]
    assert budget.members == 7
    told = reading.digests(path, [("b.txt",), ("vide.txt",)])
    assert [isinstance(one, UnreadableFile) for one in told] == [False, True]
    assert reading.take(path, ("b.txt",)) == TEXT
    for asked in (
        lambda: reading.members(tmp_path / "faux.zip", Budget()),
        lambda: reading.members(path, Budget(members=2)),
        lambda: reading.take(path, ("nowhere.txt",)),
    ):
        with pytest.raises(UnreadableFile):
            asked()
    found = [(f.name, f.reason) for f in walk([tmp_path], reading)]
    assert found[-1] == ("faux.zip", "broken")
    assert reading.submit(path, ("b.txt",), "a.zip/b.txt").result().pages[0].text == TEXT.decode()
