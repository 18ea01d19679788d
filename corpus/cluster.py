# SPDX-License-Identifier: EUPL-1.2
"""A reading spread over the machines of a Ray cluster: the only import of Ray.

    Ingestion ─▶ ClusterReading   ─┐              ┌─▶ machine 1: Hand
             ├─▶ ClusterGuard     ─┼─▶ Cluster ───┼─▶ machine 2: Hand
             └─▶ ClusterEmbedder  ─┘              └─▶ …

Each machine does what a single one does, with its own pools (`cluster_hand.py`); one process, here,
keeps the corpus, so that a reading that was cut goes on as it always does. A machine that dies
gives its work to the others; with none left the run ends, and the next one goes on. All machines
see the documents and the embedder's file under the same paths, and run the same version.

Ray is told to send nothing home, to show no page of its own, and to write no object to a disk.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np
import ray
from ray.exceptions import RayActorError, RayError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from corpus.cluster_hand import Hand, Order, version
from corpus.documents import SourceDocument
from corpus.errors import ClusterUnusable, NotYetReadable, UnreadableFile
from corpus.processes import surroundings, without_secrets
from corpus.readers.archive import Budget, Member
from corpus.screening import NAME, heard
from corpus.seams import Embedder, Vectors
from guardrails.errors import DetectorFailed
from guardrails.findings import Screened

LOCAL = "local"
"""The address that starts a cluster of one machine: this one."""

logging.getLogger("ray").setLevel(logging.ERROR)  # advice to programmers

_RAY: Any = ray
"""Its stubs know neither what an actor's decorator takes nor who the machines are."""

CONNECT_SECONDS = 5.0
READY_SECONDS = 300.0
OBJECTS_BYTES = 256 * 1024**2


class Cluster:
    """The machines of a cluster; it is joined at the first piece of work, and left at the end."""

    def __init__(self, address: str, order: Order) -> None:
        self._address = address
        self._order = order
        self._lock = threading.Lock()
        self._hands: dict[str, Any] | None = None
        self._busy: Counter[str] = Counter()
        self.lanes = len(os.sched_getaffinity(0))

    def reading(self) -> ClusterReading:
        """Return what reads files on these machines."""
        return ClusterReading(self)

    def guard(self) -> ClusterGuard:
        """Return the guard of these machines; the cluster is left with it."""
        return ClusterGuard(self)

    def embedder(self, here: Embedder) -> ClusterEmbedder:
        """Return what embeds passages on these machines, and questions `here`."""
        return ClusterEmbedder(self, here)

    def ask(self, method: str, *given: object) -> object:
        """Let the least busy machine do a piece of work; another one where it dies."""
        while True:
            machine, hand = self._taken()
            try:
                return ray.get(getattr(hand, method).remote(*given))
            except RayActorError:
                self._lost(machine)
            except RayError as error:
                raise ClusterUnusable("lost") from error
            finally:
                with self._lock:
                    self._busy[machine] -= 1

    @property
    def machines(self) -> int:
        """How many machines there are, this one until the cluster is joined."""
        return len(self._hands or ()) or 1

    def close(self) -> None:
        """Leave the cluster; its machines end what we started."""
        with self._lock:
            hands, self._hands = self._hands, None
        if hands is None:
            return
        for hand in hands.values():
            ray.kill(hand)
        ray.shutdown()

    def _taken(self) -> tuple[str, Any]:
        with self._lock:
            if self._hands is None:
                self._hands = self._joined()
            if not self._hands:
                raise ClusterUnusable("lost")
            machine = min(self._hands, key=lambda one: self._busy[one])
            self._busy[machine] += 1
            return machine, self._hands[machine]

    def _lost(self, machine: str) -> None:
        with self._lock:
            if self._hands is not None:
                self._hands.pop(machine, None)

    def _joined(self) -> dict[str, Any]:
        """Join the cluster and let one hand start on each machine."""
        try:
            self._join()
            # No core is booked: a hand runs the pools that are made for its machine's cores.
            started = _RAY.remote(num_cpus=0, max_concurrency=256)(Hand)
            hands = {
                node["NodeID"]: started.options(
                    scheduling_strategy=NodeAffinitySchedulingStrategy(node["NodeID"], soft=False),
                    runtime_env={"env_vars": _ours()},
                ).remote(self._order)
                for node in _RAY.nodes()
                if node["Alive"]
            }
            told = _answers(hands)
        except (RayError, ConnectionError, RuntimeError, ValueError, OSError) as error:
            ray.shutdown()
            raise ClusterUnusable("unreachable") from error
        if not told or any(found != version() for found, _ in told.values()):
            ray.shutdown()
            raise ClusterUnusable("unlike" if told else "unreachable")
        self.lanes = sum(cores for _, cores in told.values())
        return {machine: hands[machine] for machine in told}

    def _join(self) -> None:
        own: dict[str, Any] = {"log_to_driver": False, "configure_logging": False}
        if self._address == LOCAL:
            own |= {
                "include_dashboard": False,
                "object_store_memory": OBJECTS_BYTES,
                "_system_config": {"automatic_object_spilling_enabled": False},
            }
        else:
            # Ray itself knocks for many minutes where nobody is.
            host, _, port = self._address.rpartition(":")
            socket.create_connection((host.strip("[]"), int(port)), CONNECT_SECONDS).close()
        with _without_secrets():
            ray.init(self._address, **own)


@contextmanager
def _without_secrets() -> Iterator[None]:
    """Let what Ray starts on this machine inherit what a process of ours is given, and Ray's own
    settings: its processes hand their whole environment on to all workers."""
    given = {*surroundings()}
    ours = without_secrets(os.environ)
    apart = {
        name: value
        for name, value in os.environ.items()
        if name not in given and not (name.startswith("RAY_") and name in ours)
    }
    for name in apart:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(apart)


def _answers(hands: dict[str, Any]) -> dict[str, tuple[str, int]]:
    """Return what each machine says at the start; one that has just died is still on the list."""
    asked = {machine: hand.ready.remote() for machine, hand in hands.items()}
    told: dict[str, tuple[str, int]] = {}
    for machine, answer in asked.items():
        with suppress(RayActorError):
            told[machine] = ray.get(answer, timeout=READY_SECONDS)
    return told


def _ours() -> dict[str, str]:
    """Return what a machine's process needs to find this software, which lies as it does here."""
    return {name: surroundings()[name] for name in ("PYTHONPATH", "OPENBLAS_NUM_THREADS")}


class ClusterReading(AbstractContextManager["ClusterReading"]):
    """A FileReading whose files are read elsewhere; as many at once as there are cores."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._threads: ThreadPoolExecutor | None = None

    @property
    def lanes(self) -> int:
        return self._cluster.lanes

    def __exit__(self, *failure: object) -> None:
        if self._threads:
            self._threads.shutdown(cancel_futures=True)

    def submit(self, path: Path, inside: tuple[str, ...], name: str) -> Future[SourceDocument]:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(256, thread_name_prefix="reading")
        return self._threads.submit(self._read, str(path.absolute()), inside, name)

    def members(self, archive: Path, budget: Budget) -> Sequence[Member]:
        found, left = cast("tuple[list[Member], Budget]", self._archive("members", archive, budget))
        budget.members, budget.unfolded_bytes = left.members, left.unfolded_bytes
        return found

    def digests(
        self, archive: Path, members: Sequence[tuple[str, ...]]
    ) -> Sequence[str | UnreadableFile]:
        told = cast("list[tuple[str, str]]", self._archive("digests", archive, [*members]))
        return [value if kind == "content" else UnreadableFile(value) for kind, value in told]

    def take(self, archive: Path, inside: tuple[str, ...]) -> bytes:
        return cast(bytes, self._archive("take", archive, inside))

    def _archive(self, method: str, archive: Path, asked: object) -> object:
        """Let a machine look into an archive; raise UnreadableFile."""
        kind, value = cast(
            "tuple[str, object]", self._cluster.ask(method, str(archive.absolute()), asked)
        )
        if kind == "reason":
            raise UnreadableFile(str(value))
        return value

    def _read(self, path: str, inside: tuple[str, ...], name: str) -> SourceDocument:
        match self._cluster.ask("read", path, inside, name):
            case SourceDocument() as source:
                return source
            case "needs", str(needs):
                raise NotYetReadable(needs)
            case "reason", str(reason):
                raise UnreadableFile(reason)
            case _:
                raise ClusterUnusable("lost")


class ClusterGuard(AbstractContextManager["ClusterGuard"]):
    """A DocumentGuard that looks elsewhere; leave its `with` block and the cluster is left."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    @property
    def lanes(self) -> int:
        return self._cluster.lanes

    def __exit__(self, *failure: object) -> None:
        self._cluster.close()

    def screen_documents(
        self, documents: Sequence[Sequence[str]], *, policy: str | None = None
    ) -> list[list[Screened]]:
        """Screen many documents in one batch, or raise DetectorFailed."""
        line = self._cluster.ask("screen", [[*pages] for pages in documents], policy)
        try:  # None, where the guard there is closed, is no answer either
            return heard(cast(bytes, line), documents)
        except (ValueError, TypeError, KeyError) as error:
            raise DetectorFailed(NAME) from error


class ClusterEmbedder:
    """An Embedder whose passages are embedded elsewhere, in as many parts as there are machines."""

    def __init__(self, cluster: Cluster, here: Embedder) -> None:
        self._cluster = cluster
        self._here = here
        self.name = here.name

    @property
    def dimension(self) -> int:
        return self._here.dimension

    @property
    def max_tokens(self) -> int:
        return self._here.max_tokens

    def count_tokens(self, text: str) -> int:
        return self._here.count_tokens(text)

    def embed_query(self, text: str) -> Vectors:
        return self._here.embed_query(text)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return self._here.embed_passages(texts)
        size = -(-len(texts) // self._cluster.machines)
        parts = [[*texts[at : at + size]] for at in range(0, len(texts), size)]
        ask: Callable[[list[str]], object] = partial(self._cluster.ask, "embed")
        with ThreadPoolExecutor(len(parts)) as threads:
            return np.concatenate([cast(Vectors, rows) for rows in threads.map(ask, parts)])
