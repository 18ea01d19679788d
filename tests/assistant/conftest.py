# SPDX-License-Identifier: EUPL-1.2
"""A small town hall: two documents, the real pipeline, stand-ins for what is heavy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from assistant.evidence import Weigher
from assistant.listing import Lister
from assistant.pipeline import Assistant, Limits
from assistant.seams import LanguageModel
from corpus.ingest import Ingestion
from corpus.passages import PassageStore
from corpus.query import Wording
from corpus.search import Search
from guardrails.register import Register, open_register
from tests.fakes import HashEmbedder, MemoryIndex, ScriptedModel, WordGuard, plain_reader
from tests.servers.fixtures import database, postgresql

__all__ = ["database", "postgresql"]

CANTEEN = """Règlement de la cantine

Article 1 - Tarif
Le repas de la cantine coûte 4,20 euros pour un enfant de la commune.

Article 2 - Annulation
Un repas peut être annulé jusqu'à la veille à 10 heures.

Article 3 - Signalement
Le dossier a été déposé par Zoé Quillebec le 3 mai 2024 à la mairie.
"""
LIBRARY = """Bibliothèque

La bibliothèque ouvre le mercredi de 10 h à 18 h.
Le prêt de livres n'est pas payant.
"""
RESIDENT = "Zoé Quillebec"

Opener = Callable[..., Assistant]


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with open_register(tmp_path / "register", tmp_path / "keys") as register:
        yield register


@pytest.fixture
def open_assistant(tmp_path: Path, register: Register) -> Iterator[Opener]:
    """Return a function that opens an assistant over the small town with a given model."""
    folder = tmp_path / "documents"
    folder.mkdir(exist_ok=True)
    (folder / "cantine.txt").write_text(CANTEEN, "utf-8")
    (folder / "bibliotheque.txt").write_text(LIBRARY, "utf-8")
    with ExitStack() as closing:
        store = PassageStore(tmp_path / "passages.db")
        closing.callback(store.close)
        index, embedder, guard = MemoryIndex(), HashEmbedder(), WordGuard(RESIDENT, trap="PIÈGE")
        Ingestion(store, index, embedder, guard, key=b"k" * 32).add([folder])
        wording = Wording(store)

        def open_(model: LanguageModel | None = None, **limits: Any) -> Assistant:
            return Assistant(
                guard=guard,
                read=plain_reader,
                search=Search(store, index, embedder, wording=wording),
                weigher=Weigher(embedder, wording),
                lister=Lister(store, wording),
                model=model or ScriptedModel(),
                register=register,
                limits=Limits(**limits),
            )

        yield open_
