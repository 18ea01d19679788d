# SPDX-License-Identifier: EUPL-1.2
"""Looking for byte strings in files, all of them at once, however many there are.

    strings, files ─stdin─▶ `python -m corpus.traces PARENT` ─stdout─▶ how many files hold any

Every place of a file is compared by its first eight bytes with those of all the strings; the
few that agree are then compared whole.

In a process of its own: to close any handle of a file drops every lock that the process holds
on it (POSIX), those of SQLite's connections too. A page that still reads would be without the
lock that keeps others from taking its write-ahead log away.
"""

from __future__ import annotations

import json
import mmap
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from corpus.containment import end_with_parent
from corpus.processes import surroundings

COMMAND = (sys.executable, "-m", "corpus.traces")
KEY_BYTES = 8
CHUNK_BYTES = 1 << 22


def count_files_that_hold(strings: Iterable[bytes], files: Sequence[Path]) -> int:
    """Count the files that hold any of the strings: all of them, if they could not be read."""
    asked = {"strings": [s.hex() for s in strings], "files": [os.fsdecode(f) for f in files]}
    ran = subprocess.run(
        (*COMMAND, str(os.getpid())),
        input=json.dumps(asked).encode("ascii"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=surroundings(),
        check=False,
    )
    return int(ran.stdout) if ran.returncode == 0 else len(files)


class Traces:
    """Byte strings to look for; each has at least KEY_BYTES bytes."""

    def __init__(self, strings: Iterable[bytes]) -> None:
        self._by_key: dict[int, list[bytes]] = defaultdict(list)
        for string in set(strings):
            if len(string) < KEY_BYTES:
                raise ValueError("too short to be a trace")
            self._by_key[_key(string)].append(string)
        self._keys = np.sort(np.fromiter(self._by_key, np.uint64, len(self._by_key)))

    def __len__(self) -> int:
        return sum(map(len, self._by_key.values()))

    def are_in(self, path: Path) -> bool:
        """Say whether a file holds any of the strings; one that is gone holds none."""
        try:
            if not len(self._keys) or path.stat().st_size < KEY_BYTES:
                return False
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as m:
                return any(self._at(m, start) for start in range(0, len(m), CHUNK_BYTES))
        except FileNotFoundError:
            return False

    def _at(self, data: mmap.mmap, start: int) -> bool:
        """Look at the places of one chunk; a string may go on after it."""
        chunk = data[start : start + CHUNK_BYTES + KEY_BYTES - 1]
        for shift in range(KEY_BYTES):
            count = (len(chunk) - shift) // KEY_BYTES
            keys = np.frombuffer(chunk, "<u8", count, shift) if count > 0 else np.empty(0, "<u8")
            places = np.searchsorted(self._keys, keys)
            places[places == len(self._keys)] = 0
            for found in np.flatnonzero(self._keys[places] == keys):
                place = start + shift + int(found) * KEY_BYTES
                strings = self._by_key[int(keys[found])]
                if any(data[place : place + len(s)] == s for s in strings):
                    return True
        return False


def _key(string: bytes) -> int:
    return int.from_bytes(string[:KEY_BYTES], "little")


def main() -> None:
    """Answer what the standard input asks: words that are erased, which outlive no service."""
    end_with_parent(int(sys.argv[1]))
    asked = json.load(sys.stdin)
    traces = Traces(bytes.fromhex(string) for string in asked["strings"])
    sys.stdout.write(str(sum(traces.are_in(Path(file)) for file in asked["files"])))


if __name__ == "__main__":
    main()
