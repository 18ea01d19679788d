# SPDX-License-Identifier: EUPL-1.2
"""Whether the vectors' folder still holds what it should, without loading Chroma.

To import Chroma is most of a run in which nothing changed; its database is SQLite, and one
question to it tells whether the vectors of a few passages are there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

CURRENT = "current"
DATABASE = "chroma.sqlite3"


def holds(folder: Path, ids: Sequence[str]) -> bool:
    """Say whether the folder's current generation knows all these passages.

    A folder that is gone or cannot be read does not: whoever asks then opens the index itself,
    which says what is wrong or begins again.

    >>> holds(Path("no-such-folder"), []), holds(Path("no-such-folder"), ["a"])
    (True, False)
    """
    if not ids:
        return True
    try:
        generation = (folder / CURRENT).read_text("utf-8", "replace").strip()
        place = (folder / generation / DATABASE).absolute().as_uri()
        with closing(sqlite3.connect(f"{place}?mode=ro", uri=True)) as database:
            marks = ",".join("?" * len(ids))
            found = database.execute(
                "SELECT count(DISTINCT embedding_id) FROM embeddings"
                f" WHERE embedding_id IN ({marks})",
                list(ids),
            ).fetchone()[0]
    except (OSError, ValueError, sqlite3.Error):
        return False
    return bool(found == len(set(ids)))
