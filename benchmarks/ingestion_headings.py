# SPDX-License-Identifier: EUPL-1.2
"""What the headings of passages bring to search: the same passages, with and without them.

Each set's documents go through the whole of the product once; a second index then holds the
same passages, cut at the same places, their headings left out of words and vectors alike.
"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.answers_sets import SETS
from benchmarks.ingestion_run import KEY
from corpus.documents import Passage
from corpus.embedder import OnnxEmbedder
from corpus.ingest import Ingestion
from corpus.passages import PassageStore, SeenFile
from corpus.screening import ScreeningPool
from corpus.search import Search
from corpus.split import Piece
from corpus.vectors import ChromaIndex
from guardrails.findings import Screened

TUNABLE = ("samples", "samples_dev_2", "pierrefonds_dev", "corte_dev", "montpellier_dev")
DEPTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How often the right page comes first, and in ten, of the questions that have one."""

    set: str
    questions: int
    first_with: int
    first_without: int
    ten_with: int
    ten_without: int


def compared(name: str, work: Path, embedder: OnnxEmbedder) -> Found:
    """Index a set twice, and look for the right page of each question in both."""
    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as laid:
        SETS[name].lay(Path(laid))
        store, index = PassageStore(work / "with.db"), ChromaIndex(work / "with")
        Ingestion(store, index, embedder, ScreeningPool(), key=KEY).add([Path(laid)])
    bare, bare_index = PassageStore(work / "without.db"), ChromaIndex(work / "without")
    _copy_bare(store, bare, bare_index, embedder)
    asked = [q for q in tomllib.loads(SETS[name].questions.read_text("utf-8"))["question"]
             if q["answers"]]  # fmt: skip
    ranks = [
        [_rank(search, q["question"], q["file"], q.get("page", 1)) for q in asked]
        for search in (Search(store, index, embedder), Search(bare, bare_index, embedder))
    ]
    for opened in (store, bare, index, bare_index):
        opened.close()
    first = [sum(rank == 1 for rank in some) for some in ranks]
    ten = [sum(rank > 0 for rank in some) for some in ranks]
    return Found(
        set=name,
        questions=len(asked),
        first_with=first[0],
        first_without=first[1],
        ten_with=ten[0],
        ten_without=ten[1],
    )


def _copy_bare(
    store: PassageStore, bare: PassageStore, index: ChromaIndex, embedder: OnnxEmbedder
) -> None:
    known = {document.id for document in bare.documents()}
    for document in store.documents():
        passages = store.passages_of(document.id)
        if document.id in known or not passages:
            continue
        vectors = embedder.embed_passages([p.text.text for p in passages])
        fields = [{"collection": p.collection, "document": p.document} for p in passages]
        index.add([p.id for p in passages], vectors, fields)
        seen = SeenFile(path=document.id, root="", collection=document.collection,
                        name=document.file, stamp="", recipe="")  # fmt: skip
        bare.put(document, store.pages(document.id), _bare(passages), seen=seen)


def _bare(passages: Sequence[Passage]) -> list[tuple[str, Piece]]:
    return [
        (p.id, Piece(page=p.page, start=p.start, end=p.end, heading="", item=p.item))
        for p in passages
    ]


def _rank(search: Search, question: str, file: str, page: int) -> int:
    found = search(Screened(question), limit=DEPTH)
    pages = [(r.passage.file, r.passage.page) for r in found]
    return pages.index((file, page)) + 1 if (file, page) in pages else 0
