# SPDX-License-Identifier: EUPL-1.2
"""Nearest neighbours in a Chroma server of the town's own, which other machines may share.

    ADDRESS ─▶ collection greffier-ID   ids, vectors and filter fields; no text ever

The collection is asked for at each use: a server that was started again, or another process that
rebuilt it, needs no more. A server that is gone is an error in one line; what it lost is made again
from the passages by the next `add`.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx

from corpus.chroma import ChromaError, Collection, FastAPI, NotFoundError, Settings, System
from corpus.errors import VectorsUnreachable
from corpus.vectors import CONFIGURATION, CollectionIndex, copy_all

SECONDS = 60.0
CONNECT_SECONDS = 5.0


class ChromaServerIndex(CollectionIndex):
    """A collection of a Chroma server; opened without dialling."""

    def __init__(self, address: str, *, name: str) -> None:
        place = urlsplit(address)
        self._name = name
        self._lock = threading.RLock()
        self._server = FastAPI(
            System(
                Settings(
                    anonymized_telemetry=False,
                    chroma_api_impl="chromadb.api.fastapi.FastAPI",
                    chroma_server_host=place.hostname,
                    chroma_server_http_port=place.port or (443 if place.scheme == "https" else 80),
                    chroma_server_ssl_enabled=place.scheme == "https",
                )
            )
        )
        before = self._server._session
        # The library's own follows the proxies of the environment, and waits for ever.
        self._server._session = httpx.Client(
            timeout=httpx.Timeout(SECONDS, connect=CONNECT_SECONDS),
            trust_env=False,
            follow_redirects=False,
            headers=before.headers,
        )
        before.close()

    def rebuild(self) -> None:
        """Copy what is kept into a new collection, which then takes the old one's place."""
        with self._changing() as passages:
            for name in self._drafts():
                self._server.delete_collection(name)
            fresh = self._collection(f"{self._name}-{uuid.uuid4().hex[:8]}")
            copy_all(passages, fresh)
            self._server.delete_collection(self._name)
            fresh.modify(name=self._name)

    def close(self) -> None:
        with self._lock:
            self._server._session.close()

    @contextmanager
    def _reading(self) -> Iterator[Collection]:
        with _server_errors():  # no lock: who searches does not wait for who searches
            yield self._collection(self._name)

    @contextmanager
    def _changing(self) -> Iterator[Collection]:
        with self._lock, self._reading() as passages:
            yield passages

    def _collection(self, name: str) -> Collection:
        model = self._server.get_or_create_collection(name=name, configuration=CONFIGURATION)
        return Collection(client=self._server, model=model, embedding_function=None)

    def _drafts(self) -> list[str]:
        """Name what a run that died left of a rebuild."""
        names = (found.name for found in self._server.list_collections())
        return [name for name in names if name.startswith(f"{self._name}-")]


@contextmanager
def _server_errors() -> Iterator[None]:
    """Say in our words that the server is gone, or answers as none does."""
    try:
        yield
    except (httpx.HTTPError, json.JSONDecodeError, KeyError, NotFoundError) as error:
        raise VectorsUnreachable from error
    except ChromaError as error:
        if error.code() < 500:  # asked wrongly: a fault of ours, not of the server
            raise
        raise VectorsUnreachable from error
