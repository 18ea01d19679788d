# SPDX-License-Identifier: EUPL-1.2
"""What is changed besides the register, entered before it begins and again once it is done.

    begin ─▶ a note beside the register, then the entry that says what begins
      … the change …
    complete ─▶ the entry that says what came of it, then the note goes

Whoever dies in between leaves the note: the next opening finds it, and finishes what it names or
says that it was interrupted. The note holds the exchange and the writer; what was begun stands
in the sealed entry, which nobody can slip in. `Register.changing` enters
both.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from guardrails.errors import RegisterUnavailable
from guardrails.register.files import write_whole
from guardrails.register.leaves import EXCHANGE
from guardrails.register.locks import WriterLock


class Operations:
    """The notes of what is under way, in a folder beside the register."""

    def __init__(self, folder: Path, writer: str) -> None:
        self._folder, self._writer = folder, writer
        self._notes = folder / "operations"

    def note(self, exchange: str) -> None:
        """Remember that this process owes an outcome."""
        try:
            self._notes.mkdir(mode=0o700, exist_ok=True)
            write_whole(self._notes / f"{exchange}.txt", self._writer.encode())
        except OSError as error:
            raise RegisterUnavailable(
                f"the register cannot be written: {error.strerror}"
            ) from error

    def forget(self, exchange: str) -> None:
        """Forget it again."""
        (self._notes / f"{exchange}.txt").unlink(missing_ok=True)

    def orphans(self) -> Iterator[str]:
        """Yield the exchanges whose process is gone."""
        for path in sorted(self._notes.glob("*.txt")) if self._notes.is_dir() else ():
            if not EXCHANGE.fullmatch(path.stem):
                continue
            lock = WriterLock.of(self._folder, path.read_text("utf-8", errors="replace"))
            if lock is None:
                yield path.stem
            elif lock.acquire():
                lock.release()
                yield path.stem
