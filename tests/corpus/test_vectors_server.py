# SPDX-License-Identifier: EUPL-1.2
"""A real Chroma server keeps the contract, is told gone, and is taken up again once back."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from assistant.cli import explain
from assistant.settings import Settings
from assistant.texts import Texts
from assistant.wiring import open_parts
from corpus.errors import VectorsUnreachable
from corpus.ingest import Ingestion
from corpus.passages import PassageStore
from corpus.seams import VectorIndex
from corpus.search import Search
from corpus.vectors_server import ChromaServerIndex
from guardrails.findings import Screened
from tests.contracts.vectors import EAST, EVERYTHING, NORTH, VectorIndexContract, fields, rows
from tests.fakes import HashEmbedder, WordGuard
from tests.servers.chroma import chroma_server
from tests.servers.process import Started

pytestmark = pytest.mark.real
NUMBERS = count()
TEXT = "Le repas de la cantine coûte 4,20 euros pour un enfant de la commune.\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    server = chroma_server(tmp_path_factory.mktemp("chroma") / "data")
    server.start()
    yield server
    server.kill()


def address(server: Started) -> str:
    return f"http://127.0.0.1:{server.port}"


@pytest.fixture
def name() -> str:
    return f"greffier-{next(NUMBERS)}"


@pytest.fixture
def index(server: Started, name: str) -> Iterator[ChromaServerIndex]:
    index = ChromaServerIndex(address(server), name=name)
    yield index
    index.close()


class TestChromaServerIndex(VectorIndexContract):
    @pytest.fixture
    def index(self, server: Started, name: str) -> Iterator[VectorIndex]:
        index = ChromaServerIndex(address(server), name=name)
        yield index
        index.close()


def test_towns_that_share_a_server_do_not_see_each_other(
    server: Started, index: ChromaServerIndex
) -> None:
    other = ChromaServerIndex(address(server), name="greffier-another-town")
    other.add(["n"], rows(NORTH), [fields()])
    assert index.search(NORTH, 5, EVERYTHING) == []
    other.close()


def test_what_another_process_changes_and_rebuilds_is_seen(
    server: Started, index: ChromaServerIndex, name: str
) -> None:
    other = ChromaServerIndex(address(server), name=name)
    index.add(["n", "e"], rows(NORTH, EAST), [fields()] * 2)
    other.remove(["n"])
    other.rebuild()
    assert [i for i, _ in index.search(NORTH, 5, EVERYTHING)] == ["e"]
    assert index.vectors(["e", "n"]).keys() == {"e"}
    np.testing.assert_allclose(index.vectors(["e"])["e"], EAST)
    other.close()


def test_a_rebuild_that_died_leaves_nothing_behind(index: ChromaServerIndex, name: str) -> None:
    index._collection(f"{name}-deadbeef")
    index.add(["n"], rows(NORTH), [fields()])
    index.rebuild()
    assert index._drafts() == []
    assert index.ids() == {"n"}


def test_a_server_that_is_gone_is_told_and_taken_up_again(
    server: Started, index: ChromaServerIndex
) -> None:
    index.add(["n"], rows(NORTH), [fields()])
    server.kill()
    for ask in (
        lambda: index.search(NORTH, 1, EVERYTHING),
        lambda: index.add(["e"], rows(EAST), [fields()]),
        index.ids,
        index.rebuild,
    ):
        with pytest.raises(VectorsUnreachable):
            ask()
    assert "index.chroma" in explain(VectorsUnreachable(), Texts("fr"))
    server.start()
    assert index.search(NORTH, 1, EVERYTHING)[0][0] == "n"


def test_a_proxy_of_the_environment_is_not_followed(
    index: ChromaServerIndex, monkeypatch: pytest.MonkeyPatch, server: Started
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    direct = ChromaServerIndex(address(server), name="greffier-direct")
    assert direct.ids() == set()
    direct.close()


def test_documents_are_found_and_a_server_that_forgot_is_filled_again(
    server: Started, index: ChromaServerIndex, tmp_path: Path
) -> None:
    town = tmp_path / "town"
    town.mkdir()
    (town / "cantine.txt").write_text(TEXT, "utf-8")
    store, embedder = PassageStore(tmp_path / "passages.db"), HashEmbedder()

    def add() -> None:
        Ingestion(store, index, embedder, WordGuard(), key=b"k" * 32).add([town])

    add()
    search = Search(store, index, embedder)
    (found,) = search(Screened("prix de la cantine"))
    assert found.cosine > 0
    index._server.delete_collection(index._name)
    assert index.ids() == set()
    add()
    (found,) = search(Screened("prix de la cantine"))
    assert found.cosine > 0
    store.close()


def test_no_text_reaches_the_server(
    server: Started, index: ChromaServerIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[bytes] = []
    real = index._server._session.request

    def request(method: str, url: str, **told: bytes) -> object:
        sent.append(told.get("content") or b"")
        return real(method, url, **told)  # type: ignore[arg-type]

    monkeypatch.setattr(index._server._session, "request", request)
    town = tmp_path / "town"
    town.mkdir()
    (town / "cantine.txt").write_text(TEXT, "utf-8")
    store = PassageStore(tmp_path / "passages.db")
    Ingestion(store, index, HashEmbedder(), WordGuard(), key=b"k" * 32).add([town])
    Search(store, index, HashEmbedder())(Screened("prix de la cantine"))
    store.close()
    assert len(sent) > 2 and b"embedding" in b"".join(sent)
    assert not [word for word in ("cantine", "repas", "4,20") if word.encode() in b"".join(sent)]


def test_the_settings_name_the_server(server: Started, tmp_path: Path) -> None:
    settings = Settings.model_validate({"index": {"chroma": address(server)}})
    with open_parts(tmp_path / "data", tmp_path / "keys", settings) as parts:
        assert isinstance(parts.index, ChromaServerIndex)
        assert not parts.holds_vectors(["a"])
        assert not (parts.folder.path / "vectors").exists()
