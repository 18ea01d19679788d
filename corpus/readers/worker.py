# SPDX-License-Identifier: EUPL-1.2
"""A process that reads files for another one: `python -m corpus.readers.worker`.

    stdin   a socket: length (4 bytes) with the open file, then one of
            {"do": "read", "inside", "name"}            what it says
            {"do": "letter", "name"}                    the same, what came with a mail unopened
            {"do": "members", "name", "budget"}         what an archive holds
            {"do": "digests", "name", "members"}        the SHA-256 of some of it
            {"do": "take", "name", "inside"}            the bytes of one of it
    stdout  {}                                          a sign of life: ready, a page is read
            {"document"} | {"members", "left"} | {"digests"} | {"taken"} | {"needs"}
            {"reason"}, of members with "left"

JSON and not pickle: a file that takes over its reader still cannot make the parent run a thing.
Each file is read in a child of its own (`fresh.py`), which is closed in (`containment.py`): it
opens no file but the one that it is handed, dials nobody, and sees no other file.
What libraries print goes nowhere (it may quote the document). A file that wants more memory than
`MEMORY_BYTES` is too large, one that works for too long is too slow, in seconds of the processor:
a busy machine makes no file unreadable. The programs that a reader starts have the same limits.
"""

from __future__ import annotations

import gc
import io
import json
import math
import os
import resource
import signal
import socket
import struct
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import TextIO

from corpus.containment import contain, dies_first, end_with_parent
from corpus.documents import Box, Page, Scan, SourceDocument
from corpus.errors import NotYetReadable, UnreadableFile
from corpus.readers import MAX_BYTES, pulse, read_bytes_of, read_data, read_letter
from corpus.readers.archive import Budget, Member, OpenArchive
from corpus.readers.fresh import Steward
from corpus.readers.programs import PROGRAMS
from corpus.structure import decoded, encoded

MEMORY_BYTES = 1024**3
PAGE_SECONDS = 120
"""What may pass between two signs of life: of the processor's time, in this process."""

FILE_SECONDS = 4 * 3600
"""What a file may take in all, programs included: some thousand scanned pages."""

CHUNK_BYTES = 1 << 20
_LENGTH = struct.Struct(">I")


def main() -> None:
    """Answer until the parent closes our input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    dies_first()
    end_with_parent()
    with socket.socket(fileno=0) as asked:
        answers, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        steward = Steward(asked, answers, serve)
        gc.freeze()  # children share what was imported
        os.write(answers, b"{}\n")  # ready: what was imported until now is nobody's time
        while (heard := _heard(asked)) is not None:
            task, file = heard
            steward.do(json.loads(task), _LENGTH.pack(len(task)) + task, file)


def serve(asked: socket.socket, said: int) -> None:
    """Read one file, closed in, until nothing more is asked of it."""
    contain(PROGRAMS)
    effort = Effort()
    with os.fdopen(said, "w", encoding="ascii") as answers:

        def alive() -> None:
            effort.renew()
            _say(answers, {})

        pulse.listen(alive)
        reader = _Reader(asked)
        while (heard := _heard(asked)) is not None:
            task, file = heard
            effort.begin()
            _say(answers, reader.answer(json.loads(task), file))


class Effort:
    """The processor's time that a file takes; too much of it ends this process with SIGXCPU."""

    def __init__(self) -> None:
        self._began = 0.0

    def begin(self) -> None:
        self._began = self._spent()
        self.renew()

    def renew(self) -> None:
        """Grant the time of another page."""
        if self._spent() - self._began > FILE_SECONDS:
            signal.raise_signal(signal.SIGXCPU)
        usage = resource.getrusage(resource.RUSAGE_SELF)
        own = math.ceil(usage.ru_utime + usage.ru_stime) + PAGE_SECONDS
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        limited = own if hard == resource.RLIM_INFINITY else min(own, hard)
        resource.setrlimit(resource.RLIMIT_CPU, (limited, hard))

    @staticmethod
    def _spent() -> float:
        spent = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return sum(usage.ru_utime + usage.ru_stime for usage in spent)


def _heard(asked: socket.socket) -> tuple[bytes, int] | None:
    """Return a task and the file that came with it, None at the end."""
    head, files, _, _ = socket.recv_fds(asked, _LENGTH.size, 1)
    if len(head) < _LENGTH.size or len(files) != 1:
        return None
    os.set_inheritable(files[0], False)
    (left,) = _LENGTH.unpack(head)
    parts = []
    while left:
        part = asked.recv(min(left, CHUNK_BYTES))
        if not part:
            return None
        parts.append(part)
        left -= len(part)
    return b"".join(parts), files[0]


class _Reader:
    """Does what is asked; the last archive stays open, as its files are read one after another."""

    def __init__(self, asked: socket.socket) -> None:
        self._asked = asked
        self._archive: tuple[object, io.BufferedReader, OpenArchive] | None = None

    def answer(self, task: Mapping[str, object], file: int) -> dict[str, object]:
        """Return the answer to a task; the file is closed with it."""
        try:
            with os.fdopen(file, "rb") as opened:
                return self._done(task, opened)
        except UnreadableFile as error:
            return {"reason": error.reason}
        except NotYetReadable as error:
            return {"needs": error.needs}
        except MemoryError:
            self._archive = None
            return {"reason": "too_large"}
        except OSError:
            return {"reason": "broken"}

    def _done(self, task: Mapping[str, object], file: io.BufferedReader) -> dict[str, object]:
        file.seek(0)  # another worker may have read of it and died
        name, inside = str(task["name"]), _names(task.get("inside"))
        if task["do"] == "read":
            data = (
                self._opened(file, str(task["file"])).read(inside)
                if inside
                else read_bytes_of(file)
            )
            return {"document": _told(read_data(data, name=name))}
        if task["do"] == "letter":
            return {"document": _told(read_letter(read_bytes_of(file), name=name))}
        archive = self._opened(file, name)
        if task["do"] == "members":
            budget = Budget(*(int(str(left)) for left in _list(task["budget"])))
            told: dict[str, object] = {}
            try:
                found = archive.members(budget)
                told["members"] = [(m.inside, m.stamp, m.reason) for m in found]
            except UnreadableFile as error:
                told["reason"] = error.reason
            return told | {"left": [budget.members, budget.unfolded_bytes]}
        if task["do"] == "digests":
            return {"digests": [_digest(archive, _names(m)) for m in _list(task["members"])]}
        data = archive.read(inside)
        taken = os.memfd_create("taken")
        with os.fdopen(taken, "wb") as out:
            out.write(data)
            out.flush()
            socket.send_fds(self._asked, [b"\0"], [taken])
        return {"taken": len(data)}

    def _opened(self, file: io.BufferedReader, name: str) -> OpenArchive:
        seen = os.fstat(file.fileno())
        which = (seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns, name)
        if self._archive is None or self._archive[0] != which:
            self._archive = None
            own = os.fdopen(os.dup(file.fileno()), "rb")
            self._archive = (which, own, OpenArchive(own, name))
        return self._archive[2]


def _told(document: SourceDocument) -> dict[str, object]:
    """Return a document as it is answered, the lines of its pages in their short form."""
    bare = replace(document, pages=tuple(replace(page, lines=()) for page in document.pages))
    told: dict[str, object] = asdict(bare)
    told["lines"] = [encoded(page.lines) for page in document.pages]
    return told


def _digest(archive: OpenArchive, inside: tuple[str, ...]) -> dict[str, str]:
    try:
        digest = archive.digest(inside)
    except UnreadableFile as error:
        return {"reason": error.reason}
    pulse.beat()
    return {"content": digest}


def _names(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _say(answers: TextIO, answer: Mapping[str, object]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


def document_of(answer: Mapping[str, object]) -> SourceDocument:
    """Return the document of an answer; raise what kept it from being read."""
    told = dict(_mapping(_given(answer, "document")))
    lines = map(str, _list(told.pop("lines")))
    pages = tuple(
        _page(_mapping(page), known)
        for page, known in zip(_list(told.pop("pages")), lines, strict=True)
    )
    lists = {name: tuple(_list(told.pop(name))) for name in ("waiting_pages", "flags", "unseen")}
    return SourceDocument(pages=pages, **lists, **told)  # type: ignore[arg-type]


def members_of(answer: Mapping[str, object], budget: Budget) -> list[Member]:
    """Return what an archive holds, and take it from the budget; raise UnreadableFile, having taken
    what it held so far."""
    if "reason" in answer and "left" in answer:
        _, unfolded = (int(str(left)) for left in _list(answer["left"]))
        budget.unfolded_bytes = min(unfolded, budget.unfolded_bytes)
    found = [
        Member(_names(inside), str(stamp), str(reason))
        for inside, stamp, reason in map(_list, _list(_given(answer, "members")))
    ]
    if not all(member.inside for member in found):
        raise ValueError("a member without a name")
    members, unfolded = (int(str(left)) for left in _list(answer["left"]))
    # An answer cannot give the walk more than it had.
    budget.members = min(members, budget.members - len(found))
    budget.unfolded_bytes = min(unfolded, budget.unfolded_bytes)
    return found


def digests_of(answer: Mapping[str, object], count: int) -> list[str | UnreadableFile]:
    """Return the SHA-256 of each member that was asked for, or why there is none."""
    told = [_mapping(one) for one in _list(_given(answer, "digests"))]
    if len(told) != count:
        raise ValueError("an answer for other members")
    return [
        UnreadableFile(str(one["reason"])) if "reason" in one else str(one["content"])
        for one in told
    ]


def _given(answer: Mapping[str, object], name: str) -> object:
    if "reason" in answer:
        raise UnreadableFile(str(answer["reason"]))
    if "needs" in answer:
        raise NotYetReadable(str(answer["needs"]))
    return answer[name]


def taken_of(answer: Mapping[str, object], file: int) -> bytes:
    """Return the bytes of a member, which lie in a file in memory."""
    length = int(str(_given(answer, "taken")))
    if length > MAX_BYTES:
        raise UnreadableFile("too_large")
    return os.pread(file, length, 0)


def _page(told: Mapping[str, object], lines: str) -> Page:
    scan = told["scan"]
    if scan is not None:
        known = _mapping(scan)
        boxes = tuple(Box(**_mapping(box)) for box in _list(known["boxes"]))  # type: ignore[arg-type]
        scan = Scan(float(str(known["confidence"])), boxes)
    text = str(told["text"])
    return Page(number=int(str(told["number"])), text=text, scan=scan, lines=decoded(lines, text))


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise TypeError("an answer of the worker is malformed")
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError("an answer of the worker is malformed")
    return value


if __name__ == "__main__":
    main()
