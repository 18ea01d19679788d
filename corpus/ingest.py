# SPDX-License-Identifier: EUPL-1.2
"""Keeping the corpus in step with folders: what is new is read, screened, split and indexed.

    files ─▶ unchanged? ─▶ read ─▶ guard ─▶ split ─▶ embed ─▶ 1. new vectors in
                                                              2. new text in, old text out
                                                              3. old vectors out

The text is the truth: a vector without its passage is never found, and the next run sweeps
it away. So a run may die at any point; a document is in whole, in its old or its new form.
Only what came out of the guard is kept: texts and file names alike.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from corpus.batches import embedded_ahead, kept_open
from corpus.documents import UNFILED
from corpus.ledger import Ledger
from corpus.opaque import Opaque
from corpus.passages import PassageStore
from corpus.prepare import DocumentGuard
from corpus.readers import READERS_VERSION
from corpus.readers.pool import ReadingPool
from corpus.reading import OpenReading
from corpus.repair import repair
from corpus.report import Begin, IngestReport, Progress
from corpus.run import Means, Run
from corpus.seams import Embedder, VectorIndex
from corpus.sensitive import SensitiveHead
from corpus.sorting import sort_what_was_kept
from corpus.split import SPLIT_VERSION
from guardrails.policy import DEFAULT_POLICY, Policy

__all__ = ["DocumentGuard", "IngestReport", "Ingestion", "Progress"]


class Ingestion:
    """Adds files and folders to the corpus, and takes out what is gone.

    `key` makes paths and ids opaque; `rules` names the version of the guard's rules: what
    was kept under other rules is read and screened again. `policy`: what collections may show.
    """

    def __init__(
        self,
        store: PassageStore,
        index: VectorIndex,
        embedder: Embedder,
        guard: DocumentGuard,
        *,
        key: bytes,
        rules: str = "",
        policy: Policy = DEFAULT_POLICY,
        open_reading: OpenReading = ReadingPool,
    ) -> None:
        head = SensitiveHead.of(embedder.name)
        ruled = f"{rules}+{head.mark}" if head else rules
        recipe = ";".join((READERS_VERSION, ruled, SPLIT_VERSION, embedder.name))
        self._means = Means(
            store=store,
            index=index,
            embedder=embedder,
            guard=guard,
            recipe=recipe,
            open_reading=open_reading,
            policy=policy,
        )
        self._key = key

    def add(
        self,
        paths: Sequence[Path],
        *,
        collection: str = UNFILED,
        prune: bool = False,
        progress: Progress | None = None,
        begin: Begin | None = None,
    ) -> IngestReport:
        """Bring the corpus in step with the paths; with `prune`, drop what they no longer hold.

        `begin` is called once, before the first change, if there is one.
        """
        started = time.monotonic()
        means = self._means
        with (
            means.store.sole_writer(),
            kept_open(means.guard),
            means.open_reading() as reading,
        ):
            repair(means.store, means.index, means.embedder)
            sort_what_was_kept(means.store, means.index)
            run = Run(means, Opaque(self._key, collection), paths, reading, begin)
            for batches in run.rounds():
                for embedded in embedded_ahead(means.embedder, map(run.prepare, batches)):
                    run.keep(*embedded)
                    if progress:
                        progress(run.done, len(run.files))
            if prune:
                run.prune()
            if collection != UNFILED:
                run.file_away(Ledger(means.store, Opaque(self._key, UNFILED), paths, run.files))
            run.end()
        report = run.tally.report(time.monotonic() - started)
        return replace(report, collection=collection)

    def missing(self, paths: Sequence[Path], *, collection: str = UNFILED) -> list[str]:
        """Return the hidden names of files that the paths no longer hold: `prune` drops them."""
        with self._means.open_reading() as reading:
            run = Run(self._means, Opaque(self._key, collection), paths, reading)
        return sorted(seen.name for seen in run.ledger.gone())
