# SPDX-License-Identifier: EUPL-1.2
"""A file that somebody drops for a moment: read, hidden, and nothing of it kept.

    path, or bytes in memory ─readers, a process of their own▶ pages ─guard▶ hidden pages
                             ─▶ Prepared(document, pages, lines)   in memory, never on the disk

Its ids are of a key that is thrown away, and begin with `DROPPED`: whoever meets one in the
register knows that it is no document of the town. Somebody's own file (a letter about health, a
case) is refused as the index would; sentences that tell of somebody's private life are taken out.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

from corpus.acts import read_act
from corpus.errors import NotTaken, NotYetReadable, UnreadableFile
from corpus.opaque import Opaque
from corpus.passages import SeenFile
from corpus.prepare import DocumentGuard, Item, Prepared, described, named
from corpus.quarantine import Decision, rule
from corpus.readers.pool import FileReading
from corpus.walk import FoundFile
from guardrails.errors import GuardrailError
from guardrails.special import concerns, is_somebodys

DROPPED = "depot-"
"""How the ids of a dropped document and its passages begin."""

COLLECTION = "fichier-depose"
"""Its collection: none of the town's, so that no rights on those let it out."""

MOST_CHARS = 600_000
OpenReading = Callable[[], AbstractContextManager[FileReading]]


def read_dropped(
    path: Path, *, name: str, guard: DocumentGuard, open_reading: OpenReading
) -> Prepared:
    """Read a file and hide what it holds of persons; raise NotTaken. No passage is cut yet."""
    found = FoundFile(path=path, root=path, name=name)
    try:
        with open_reading() as reading:
            source = reading.submit(path, (), name).result()
    except UnreadableFile as error:
        raise NotTaken(error.reason) from None
    except NotYetReadable as error:
        raise NotTaken(f"needs_{error.needs}") from None
    if not any(page.text.strip() for page in source.pages):
        raise NotTaken("nothing")
    if sum(len(page.text) for page in source.pages) > MOST_CHARS:
        raise NotTaken("too_long")
    opaque = Opaque(secrets.token_bytes(32), COLLECTION)
    seen = SeenFile(
        path="",
        root="",
        collection=COLLECTION,
        name="",
        stamp="",
        recipe="",
        document=DROPPED + opaque.document(source.id),
    )
    item = Item(found=found, seen=seen, source=source)
    try:
        [screened] = guard.screen_documents([item.texts])
    except GuardrailError:
        raise NotTaken("guard_closed") from None
    item, shown = item.after(screened)
    if concerns(shown) and is_somebodys(shown):
        raise NotTaken("somebodys")
    item = named(item, shown, "")
    assert item.source is not None
    ready = described(item.source, item.seen, rule(shown, Decision.HIDE).pages, opaque)
    act = read_act(ready.pages, ready.document.file)
    return replace(ready, document=replace(ready.document, act=act))


@contextmanager
def fleeting(data: bytes) -> Iterator[Path]:
    """Lend bytes as a file in memory that has no name: it ends with the process, however."""
    file = os.memfd_create("document")
    try:
        with os.fdopen(os.dup(file), "wb") as copy:
            copy.write(data)
        yield Path(f"/proc/self/fd/{file}")
    finally:
        os.close(file)
