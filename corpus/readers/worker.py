# SPDX-License-Identifier: EUPL-1.2
"""A process that reads files for another one: `python -m corpus.readers.worker`.

    stdin   {"path", "inside", "name"}                 one line a file
    stdout  {}                                         a sign of life: ready, a page is read
            {"document": {…}} | {"reason"} | {"needs"} one line a file

JSON and not pickle: a file that takes over its reader still cannot make the parent run a thing.
What libraries print goes nowhere (it may quote the document). A file that wants more memory
than `MEMORY_BYTES` is too large; the programs that a reader starts have the same limit.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from corpus.documents import Box, Page, Scan, SourceDocument
from corpus.errors import NotYetReadable, UnreadableFile
from corpus.readers import pulse, read

MEMORY_BYTES = 1024**3


def main() -> None:
    """Answer until the parent closes our input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold the document
    with os.fdopen(os.dup(1), "w", encoding="ascii") as answers:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        pulse.listen(lambda: _say(answers, {}))
        _say(answers, {})  # ready: what was imported until now is not the first file's time
        for line in sys.stdin:
            _say(answers, _answer(json.loads(line)))


def _answer(task: Mapping[str, object]) -> dict[str, object]:
    inside = task["inside"]
    try:
        source = read(
            Path(str(task["path"])),
            name=str(task["name"]),
            inside=tuple(map(str, inside)) if isinstance(inside, list) else (),
        )
    except UnreadableFile as error:
        return {"reason": error.reason}
    except NotYetReadable as error:
        return {"needs": error.needs}
    except MemoryError:
        return {"reason": "too_large"}
    return {"document": asdict(source)}


def _say(answers: TextIO, answer: Mapping[str, object]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


def document_of(answer: Mapping[str, object]) -> SourceDocument:
    """Return the document of an answer; raise what kept it from being read."""
    if "reason" in answer:
        raise UnreadableFile(str(answer["reason"]))
    if "needs" in answer:
        raise NotYetReadable(str(answer["needs"]))
    told = dict(_mapping(answer["document"]))
    pages = tuple(_page(_mapping(page)) for page in _list(told.pop("pages")))
    lists = {name: tuple(_list(told.pop(name))) for name in ("waiting_pages", "flags", "unseen")}
    return SourceDocument(pages=pages, **lists, **told)  # type: ignore[arg-type]


def _page(told: Mapping[str, object]) -> Page:
    scan = told["scan"]
    if scan is not None:
        known = _mapping(scan)
        boxes = tuple(Box(**_mapping(box)) for box in _list(known["boxes"]))  # type: ignore[arg-type]
        scan = Scan(float(str(known["confidence"])), boxes)
    return Page(number=int(str(told["number"])), text=str(told["text"]), scan=scan)


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
