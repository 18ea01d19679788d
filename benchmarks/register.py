# SPDX-License-Identifier: EUPL-1.2
"""How fast the register is: append one by one and in batches, verify, prove.

    python -m benchmarks.register [--entries 10000 1000000] [--folder DIR] [--json FILE]
        [--database postgresql://…]        in an empty database instead of a file

Every append waits for the disk (WAL, synchronous=FULL). Payloads are of the size of an
intent with ten passages. Prints a table and one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.addresses import database_place
from guardrails.register import AuditRecord, Kind, Register, open_register
from guardrails.register.store import AuditStore
from guardrails.register.store_postgresql import PostgresqlStore

HEADING = "  entries  one by one/s  batches/s  verify s  inclusion ms  consistency ms  open ms  MB"
BATCH = 1_000
SINGLES = 500
PROOFS = 200
SYNCS = 200
RECORD = AuditRecord(
    kind=Kind.INTENT,
    actor="2026-03.0123456789abcdef0123",
    role="agent",
    payload={
        "question": "Quels sont les horaires de la salle des fêtes pendant les vacances ?",
        "hidden": {"PERSON": 1},
        "collections": ["actes"],
        "language": "fr",
        "passages": [
            {"id": f"{n:032x}", "file": f"actes/2026/{n}.pdf", "page": n, "score": 0.9}
            for n in range(10)
        ],
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was measured at one length of the register."""

    entries: int
    singles_per_second: float
    batched_per_second: float
    verify_seconds: float
    inclusion_ms: float
    consistency_ms: float
    open_ms: float
    file_mb: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--folder", type=Path, help="on the disk to be measured")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--database", default="", help="its password stands in $PGPASSWORD")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as place:
        folder = Path(place)
        syncs = sync_rate(folder / "sync")
        print(f"{machine()}; {disk(folder)}, {syncs} syncs/s of 4 KiB")
        print(HEADING)
        store = in_database(options.database) if options.database else None
        measured = [measure(folder, entries, store) for entries in sorted(options.entries)]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    report = {
        "machine": machine(),
        "disk": disk(Path(options.folder or tempfile.gettempdir())),
        "syncs_per_second": syncs,
        "payload_bytes": len(json.dumps(RECORD.payload)),
        "peak_memory_mb": memory,
        "figures": [asdict(figures) for figures in measured],
    }
    print(json.dumps(report))
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", "utf-8")


def in_database(address: str) -> Callable[[], AuditStore]:
    """Return what opens a database, with the password of the environment."""
    place = {**database_place(address), "password": os.environ.get("PGPASSWORD", "")}
    return lambda: PostgresqlStore(place)


def measure(folder: Path, entries: int, store: Callable[[], AuditStore] | None) -> Figures:
    """Bring the register to a length, then time each thing there."""
    data, keys = folder / "data", folder / "keys"
    with open_register(data, keys, store=store) as register:
        missing = entries - SINGLES - register.size()
        batched = rate(missing, lambda: fill(register, missing))
        singles = rate(SINGLES, lambda: [register.append(RECORD) for _ in range(SINGLES)])
        size = register.size()
        inclusion = median_ms(lambda n: register.inclusion(n * (size - 1) // PROOFS, size))
        consistency = median_ms(lambda n: register.consistency(1 + n * (size - 1) // PROOFS, size))
        start = time.perf_counter()
        verdict = register.verify()
        verify = time.perf_counter() - start
    if not verdict.holds:
        raise AssertionError(verdict.sentence("en"))
    start = time.perf_counter()
    open_register(data, keys, store=store).close()
    opening = (time.perf_counter() - start) * 1000
    figures = Figures(
        entries=size,
        singles_per_second=round(singles),
        batched_per_second=round(batched),
        verify_seconds=round(verify, 2),
        inclusion_ms=round(inclusion, 2),
        consistency_ms=round(consistency, 2),
        open_ms=round(opening),
        file_mb=0 if store else round((data / "register.sqlite3").stat().st_size / 1e6),
    )
    print(
        f"{figures.entries:>9}  {figures.singles_per_second:>12}  {figures.batched_per_second:>9}"
        f"  {figures.verify_seconds:>8}  {figures.inclusion_ms:>12}  {figures.consistency_ms:>14}"
        f"  {figures.open_ms:>7}  {figures.file_mb}"
    )
    return figures


def fill(register: Register, count: int) -> None:
    """Append in batches."""
    for start in range(0, count, BATCH):
        register.append_many([RECORD] * min(BATCH, count - start))


def rate(count: int, work: Callable[[], object]) -> float:
    """Return how many a second."""
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


def sync_rate(path: Path) -> int:
    """Return how many times a second the disk takes 4 KiB for good: the bound of one by one."""
    with path.open("wb", buffering=0) as file:

        def write() -> None:
            for _ in range(SYNCS):
                file.write(bytes(4096))
                os.fsync(file.fileno())

        return round(rate(SYNCS, write))


def median_ms(work: Callable[[int], object]) -> float:
    """Return the median time of one proof, in milliseconds."""
    times = []
    for number in range(PROOFS):
        start = time.perf_counter()
        work(number)
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def machine() -> str:
    """Name the processor, its cores and the system."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    cores = len(os.sched_getaffinity(0))
    model = models[0] if models else platform.machine()
    return f"{model}, {cores} cores, Python {platform.python_version()}"


def disk(folder: Path) -> str:
    """Name the file system and the kind of disk that a folder is on."""
    mounts = [line.split()[:3] for line in Path("/proc/mounts").read_text("utf-8").splitlines()]
    inside = [m for m in mounts if folder.resolve().is_relative_to(m[1])]
    device, _, system = max(inside, key=lambda m: len(m[1]))
    spins = Path(f"/sys/block/{Path(device).name}/queue/rotational")
    kind = {"0": "no spinning disk", "1": "declared as spinning"}
    told = kind.get(spins.read_text("utf-8").strip(), "") if spins.exists() else "no block device"
    return f"{system} on {Path(device).name} ({told})"


if __name__ == "__main__":
    main()
