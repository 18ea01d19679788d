# SPDX-License-Identifier: EUPL-1.2
"""A real Ray cluster of two machines, both this one: each has its own scheduler and workers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

OBJECTS_BYTES = 128 * 1024**2


class TwoMachines:
    """The cluster; `second` may be taken away, and comes back with `add`."""

    def __init__(self, cluster: Any) -> None:
        self._cluster = cluster
        self.address: str = cluster.address
        self.second: Any = None

    def add(self) -> None:
        """Start the second machine, if it is not there."""
        if self.second is None:
            self.second = self._cluster.add_node(num_cpus=1, object_store_memory=OBJECTS_BYTES)
            self._cluster.wait_for_nodes()

    def take_second(self) -> None:
        """Let it die, without a word to anybody."""
        self._cluster.remove_node(self.second, allow_graceful=False)
        self.second = None


@contextmanager
def two_machines() -> Iterator[TwoMachines]:
    """Start it; all of it is gone in the end."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    from ray.cluster_utils import Cluster

    cluster = Cluster(
        initialize_head=True,
        head_node_args={
            "num_cpus": 1,
            "include_dashboard": False,
            "object_store_memory": OBJECTS_BYTES,
            "_system_config": {"automatic_object_spilling_enabled": False},
        },
    )
    session = cluster.head_node.get_session_dir_path()
    try:
        machines = TwoMachines(cluster)
        machines.add()
        yield machines
    finally:
        cluster.shutdown()
        shutil.rmtree(session, ignore_errors=True)
