# SPDX-License-Identifier: EUPL-1.2
"""What one machine of a cluster does for a reading: the pools that a single machine would use.

    read(path)         ─▶ ReadingPool   ─▶ SourceDocument │ ("reason", …) │ ("needs", …)
    members, digests, take(archive)  ─▶ the same  ─▶ ("found", …) │ ("reason", …)
    screen(documents)  ─▶ ScreeningPool ─▶ what `corpus.screening.heard` reads │ None: closed
    embed(texts)       ─▶ the embedder  ─▶ vectors

What kept a file out is an answer, not an error: nothing that is said of a document goes to a log of
the cluster's. Nothing here knows of Ray.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from corpus.cores import to_background
from corpus.documents import SourceDocument
from corpus.embedder import OnnxEmbedder
from corpus.errors import NotYetReadable, UnreadableFile
from corpus.readers import READERS_VERSION
from corpus.readers.archive import Budget
from corpus.readers.pool import ReadingPool
from corpus.screening import ScreeningPool, told
from corpus.seams import Vectors
from corpus.split import SPLIT_VERSION
from guardrails.errors import GuardrailError
from guardrails.rules import rules_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What every machine is told at the start. `policies`: the bytes of the town's own file."""

    roster: tuple[str, ...]
    policies: bytes | None
    embedder: str
    embedder_sha256: str
    known: tuple[str, ...] = ()


def version() -> str:
    """Name what must be the same on every machine: readers, cut and rules as they are shipped."""
    return ";".join((READERS_VERSION, SPLIT_VERSION, rules_hash()))


def sha256_of(path: Path) -> str:
    """Return the hash of a model's file, "" where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


class Hand:
    """One machine at work; its methods may be called from several threads at once."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._cores = len(os.sched_getaffinity(0))
        self._closing = ExitStack()
        self._lock = threading.Lock()

    def ready(self) -> tuple[str, int]:
        """Return what this machine runs and how many cores it has; `version` as it is here."""
        same = sha256_of(Path(self._order.embedder)) == self._order.embedder_sha256
        return version() if same else "", self._cores

    def read(self, path: str, inside: Sequence[str], name: str) -> SourceDocument | tuple[str, str]:
        """Read a file that lies at the same path on every machine."""
        try:
            return self._pool().submit(Path(path), tuple(inside), name).result()
        except UnreadableFile as error:
            return "reason", error.reason
        except NotYetReadable as error:
            return "needs", error.needs

    def members(self, path: str, budget: Budget) -> tuple[str, object]:
        """Return what an archive holds, with what is left of the budget."""
        try:
            return "found", ([*self._pool().members(Path(path), budget)], budget)
        except UnreadableFile as error:
            return "reason", error.reason

    def digests(self, path: str, members: Sequence[tuple[str, ...]]) -> tuple[str, object]:
        """Return the SHA-256 of these members, or why there is none."""
        try:
            told = self._pool().digests(Path(path), members)
        except UnreadableFile as error:
            return "reason", error.reason
        return "found", [
            ("reason", one.reason) if isinstance(one, UnreadableFile) else ("content", one)
            for one in told
        ]

    def take(self, path: str, inside: tuple[str, ...]) -> tuple[str, object]:
        """Return the bytes of a member."""
        try:
            return "found", self._pool().take(Path(path), inside)
        except UnreadableFile as error:
            return "reason", error.reason

    def screen(self, documents: Sequence[Sequence[str]], policy: str | None) -> bytes | None:
        """Return what `corpus.screening.heard` reads, or None: the guard could not look."""
        with self._lock:
            pool = self._screening
        try:
            return told(pool.screen_documents(documents, policy=policy))
        except GuardrailError:
            return None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of screened passages."""
        to_background()
        with self._lock:
            embedder = self._embedder
        return embedder.embed_passages(texts)

    def close(self) -> None:
        """End the processes of this machine."""
        self._closing.close()

    def _pool(self) -> ReadingPool:
        with self._lock:
            return self._reading

    @cached_property
    def _reading(self) -> ReadingPool:
        return self._closing.enter_context(ReadingPool(self._cores))

    @cached_property
    def _screening(self) -> ScreeningPool:
        policies = None
        if self._order.policies is not None:
            folder = self._closing.enter_context(tempfile.TemporaryDirectory())
            policies = Path(folder) / "policy.toml"
            policies.write_bytes(self._order.policies)
        order = self._order
        pool = ScreeningPool(
            roster=order.roster, known=order.known, policies=policies, lanes=self._cores
        )
        return self._closing.enter_context(pool)

    @cached_property
    def _embedder(self) -> OnnxEmbedder:
        return OnnxEmbedder(Path(self._order.embedder), threads=self._cores)
