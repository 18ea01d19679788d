# SPDX-License-Identifier: EUPL-1.2
"""Eight processes that write to one register while they are killed, one after the other.

    python -m tests.register.writers FOLDER KILLS SEED ─▶ FOLDER/shown-<pid>.txt, a JSON line

A writer notes what it shows only once `append` has returned: whatever is noted must be in
the register afterwards.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from guardrails.register import AuditRecord, Kind, open_register

WRITERS = 8
MOST_SHOWN = 30  # between two kills
LINE_BYTES = 75
PATIENCE_SECONDS = 60.0


def write(folder: Path) -> None:
    """Ask and answer for ever; note each thing shown after it was committed."""
    shown = os.open(folder / f"shown-{os.getpid()}.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with open_register(folder / "data", folder / "keys") as register:
        while True:
            exchange = register.new_exchange()
            for kind in (Kind.INTENT, Kind.SENTENCE, Kind.SENTENCE, Kind.OUTCOME):
                sealed = register.append(
                    AuditRecord(kind=kind, exchange=exchange, payload={"a": 1})
                )
                os.write(shown, f"{sealed.index} {sealed.leaf.hex()} {kind.value}\n".encode())


def start(folder: Path) -> int:
    """Fork a writer and return its number."""
    child = os.fork()
    if child == 0:
        try:
            write(folder)
        finally:
            os._exit(1)
    return child


def main(folder: Path, kills: int, seed: int) -> None:
    """Keep eight writers busy, killing one at a time; at last kill them all."""
    chance = random.Random(seed)
    open_register(folder / "data", folder / "keys").close()
    writers = [start(folder) for _ in range(WRITERS)]
    failed = 0
    for _ in range(kills):
        time.sleep(chance.uniform(0.0, 0.15))
        # Half of the kills wait until something more was shown: a busy machine then sees
        # them come in the midst of work as well, not only while writers open the register.
        wait_for(folder, chance.choice((0, chance.randrange(MOST_SHOWN))))
        place = chance.randrange(WRITERS)
        failed += not _killed(writers[place])
        writers[place] = start(folder)
    time.sleep(0.3)
    failed += sum(not _killed(writer) for writer in writers)
    sys.stdout.write(json.dumps({"kills": kills + WRITERS, "failed": failed}) + "\n")


def wait_for(folder: Path, lines: int) -> None:
    """Wait until so many more things were shown, whoever shows them."""
    wanted = _shown_bytes(folder) + lines * LINE_BYTES
    end = time.monotonic() + PATIENCE_SECONDS
    while _shown_bytes(folder) < wanted and time.monotonic() < end:
        time.sleep(0.005)


def _shown_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("shown-*.txt"))


def _killed(writer: int) -> bool:
    """Kill a writer; False if it had ended by itself, which it never should."""
    os.kill(writer, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(writer, 0)[1])


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
