# SPDX-License-Identifier: EUPL-1.2
"""Whole invented papers, hidden, cut and embedded as ingestion does: who waits, who does not."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from corpus.audience import AudienceHead, Kind
from corpus.documents import Page, SourceDocument
from corpus.embedder import OnnxEmbedder
from corpus.opaque import Opaque
from corpus.passages import SeenFile
from corpus.prepare import prepared
from corpus.sensitive import SensitiveHead, concerns_of
from corpus.sorting import classified
from corpus.weights import DEFAULT_EMBEDDER, Weights
from guardrails.guard import Guard, open_guard

PAPERS = [
    paper
    for path in sorted(Path(__file__).with_name("files").glob("special_*.toml"))
    for paper in tomllib.loads(path.read_text("utf-8"))["paper"]
]


@pytest.fixture(scope="module")
def guard() -> Guard:
    return open_guard()


@pytest.fixture(scope="module")
def embedder() -> OnnxEmbedder:
    return OnnxEmbedder(Weights().path(DEFAULT_EMBEDDER))


HELD_WRONGLY = frozenset({"public-plan"})
"""Read as public and held all the same: whoever mends it takes it out of here."""


@pytest.mark.real
@pytest.mark.parametrize("paper", PAPERS, ids=[str(paper["id"]) for paper in PAPERS])
def test_a_private_paper_waits_and_a_public_one_does_not(
    guard: Guard, embedder: OnnxEmbedder, paper: dict[str, object]
) -> None:
    text = str(paper["text"])
    source = SourceDocument(
        id="0" * 64, name="papier.txt", media_type="text/plain",
        pages=(Page(number=1, text=text),),
    )  # fmt: skip
    seen = SeenFile(
        path="0", root="", collection="", name="papier.txt", stamp="", recipe="", document="0" * 32
    )
    screened = guard.screen_pages([text, source.name])
    ready = prepared(source, seen, screened, embedder, Opaque(bytes(32), ""))
    rows = embedder.embed_passages(list(ready.indexed_texts))
    ready = classified(ready, AudienceHead.of(embedder.name), rows, {})
    head = SensitiveHead.of(embedder.name)
    assert head is not None
    waits = bool(concerns_of(ready, rows, head))
    if paper["waits"]:
        assert waits
    else:  # a notice of two lines that is taken for a letter may wait: in doubt it does
        is_held = waits and ready.document.audience != Kind.PRIVATE
        assert is_held is (paper["id"] in HELD_WRONGLY)
